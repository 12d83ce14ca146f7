package web

import (
	"strings"

	"github.com/a-h/templ"

	"github.com/dinghai/dinghai/catalogue"
	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/web/diagram"
	"github.com/dinghai/dinghai/web/view"
)

func laws(w words, cited []string) []string {
	out := make([]string, len(cited))
	for i, l := range cited {
		out[i] = w.law(l)
	}
	return out
}

// kind shows one kind of record: states, limits, actions, data, papers.
func (s *server) kindPage(r *request, k *catalogue.Kind) view.Kind {
	v := view.Kind{Label: k.Label.In(r.lang), Name: k.Name, Class: r.T("class." + k.Class), About: k.About.In(r.lang),
		System: view.Link{Text: s.system(r.words, k.System), Href: "/catalogue#" + k.System}, Laws: laws(r.words, k.Law), Drawing: s.draw(r.words, k)}
	v.Facts = append(v.Facts, view.Pair{Label: r.T("kind.version"), Text: r.T("kind.version.text", k.Version, short(k.Hash))})
	if k.Subject != "" {
		v.Facts = append(v.Facts, view.Pair{Label: r.T("fact.subject"), Text: r.kind(k.Subject)})
	}
	if a := k.Authority; a != nil && a.System != "" {
		v.Facts = append(v.Facts, view.Pair{Label: r.T("kind.authority"), Text: r.T("authority."+first(a.Default, "here"), r.law(a.System))})
	}
	if k.Retain != nil {
		v.Facts = append(v.Facts, view.Pair{Label: r.T("kind.retain"), Text: r.T("kind.retain.text", k.Retain.Years, r.law(k.Retain.Law))})
	}
	for _, st := range k.States {
		x := view.State{ID: st.State, Label: st.Label.In(r.lang), Plain: st.Plain.In(r.lang), End: st.End}
		if st.Todo != nil {
			x.Todo = r.T("state.todo", r.role(st.Todo.Role), st.Todo.Label.In(r.lang))
		}
		v.States = append(v.States, x)
	}
	for _, u := range k.Clocks {
		if c := s.cat.Clocks[u.Clock]; c != nil {
			card := s.ruleCard(r.words, c)
			card.UsedBy = nil
			v.Clocks = append(v.Clocks, card)
		}
	}
	for _, a := range k.Actions {
		v.Actions = append(v.Actions, s.actionView(r.words, k, a))
	}
	for _, f := range k.Fields {
		v.Fields = append(v.Fields, s.fieldLine(r.words, f, f.Required))
	}
	v.Papers = s.paperLines(r.words, k)
	v.Public = s.publicText(r.words, k)
	for _, x := range s.indicatorList() {
		if x.Of == k.Name {
			v.Indicators = append(v.Indicators, view.Link{Text: x.Label.In(r.lang), Href: "/figures/" + x.Indicator})
		}
	}
	return v
}

func (s *server) kind(r *request) (templ.Component, error) {
	k := s.cat.Kinds[r.PathValue("kind")]
	if k == nil {
		return nil, domain.Failf(domain.NotFound, "kind", "exists", "目录里没有「%s」", "the catalogue has no %q", r.PathValue("kind"))
	}
	v := s.kindPage(r, k)
	r.Nav, r.Title = "catalogue", v.Label
	r.Crumbs = []view.Link{{Text: r.T("nav.catalogue"), Href: "/catalogue"}, v.System, {Text: v.Label}}
	return view.KindPage(r.Page, v), nil
}

// loose is the box that stands for every open state, so that an action from
// anywhere is one arrow and not a dozen.
const loose = "*"

// draw turns states and actions into a drawing. An action that stays draws
// nothing; the list below names it.
func (s *server) draw(w words, k *catalogue.Kind) diagram.Drawing {
	var nodes []diagram.Node
	var edges []diagram.Edge
	anywhere := false
	for _, a := range k.Actions {
		for _, to := range targets(a) {
			for _, from := range sources(a) {
				anywhere = anywhere || from == loose
				edges = append(edges, diagram.Edge{From: from, To: to, Text: a.Label.In(w.lang), Href: "#action-" + a.Action})
			}
		}
	}
	for _, st := range k.States {
		nodes = append(nodes, diagram.Node{ID: st.State, Text: st.Label.In(w.lang), Href: "#state-" + st.State, End: st.End})
	}
	if anywhere {
		nodes = append(nodes, diagram.Node{ID: loose, Text: w.l.T("state.any"), Href: "#states", Loose: true})
	}
	return diagram.Draw(nodes, edges)
}

// targets are the states an action may lead to.
func targets(a *catalogue.Action) []string {
	var out []string
	if a.To != "" {
		out = append(out, a.To)
	}
	for _, b := range a.Branch {
		out = append(out, b.To)
	}
	return out
}

func sources(a *catalogue.Action) []string {
	if a.Opens {
		return nil
	}
	return a.From
}

func (s *server) stateNames(w words, k *catalogue.Kind, list []string) string {
	names := make([]string, len(list))
	for i, x := range list {
		names[i] = w.state(k.Name, x)
		if x == loose {
			names[i] = w.l.T("state.any")
		}
	}
	return strings.Join(names, w.l.T("comma"))
}

// arrow writes from → to.
func (s *server) arrow(w words, k *catalogue.Kind, a *catalogue.Action) string {
	to := s.stateNames(w, k, targets(a))
	switch {
	case a.Opens:
		return w.l.T("action.opens", to)
	case to == "":
		return w.l.T("action.stays", s.stateNames(w, k, a.From))
	}
	return s.stateNames(w, k, a.From) + " → " + to
}

// publicText says what a stranger may see.
func (s *server) publicText(w words, k *catalogue.Kind) []string {
	if k.Public == nil || k.Public.WhenX == nil {
		return []string{w.l.T("public.none")}
	}
	out := []string{w.l.T("public.always")}
	if k.Public.When != "true" {
		out[0] = w.l.T("public.when", k.Public.When)
	}
	var names []string
	for _, n := range k.Public.Fields {
		if f := k.FieldOf(n); f != nil {
			names = append(names, f.Label.In(w.lang))
		}
	}
	if len(names) > 0 {
		out = append(out, w.l.T("public.fields", strings.Join(names, w.l.T("comma"))))
	}
	return out
}

func (s *server) paperLines(w words, k *catalogue.Kind) []view.PaperLine {
	var out []view.PaperLine
	had := map[string]bool{}
	for _, a := range k.Actions {
		for _, p := range a.Papers {
			x := s.cat.Papers[p.Paper]
			if x == nil || had[p.Paper] {
				continue
			}
			had[p.Paper] = true
			var names []string
			for _, f := range x.Fields {
				names = append(names, f.Label.In(w.lang))
			}
			out = append(out, view.PaperLine{Label: x.Label.In(w.lang), Form: x.Form, Law: w.law(x.Law), Fields: strings.Join(names, w.l.T("comma"))})
		}
	}
	return out
}
