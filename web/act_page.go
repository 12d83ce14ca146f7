package web

import (
	"errors"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/dinghai/dinghai/catalogue"
	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/engine"
	"github.com/dinghai/dinghai/web/form"
	"github.com/dinghai/dinghai/web/view"
)

// actPage fills the page of an action: values, what is wrong, what it is about.
func (s *server) actPage(r *request, a acting, v form.Values, err error) view.Act {
	p := view.Act{Title: a.act.Label.In(r.lang), Help: a.act.Help.In(r.lang), To: a.to, Today: string(s.Engine.Today()), Key: v.First("_key"),
		Draft: s.draftName(a), Button: a.act.Label.In(r.lang), Needs: needs(r, a.act), Danger: dangerous(a)}
	if p.Key == "" || domain.ErrorCode(err) == domain.Conflict {
		p.Key = newKey()
	}
	p.Inputs = view.Inputs{Form: a.form, Values: v, Names: s.chosenNames(r, a, v), Problems: map[string][]string{}}
	if a.rec != nil {
		p.Seq, p.Back = a.rec.Seq, address(a.rec.Class, a.rec.Ref)
		p.About, p.Rec = s.aboutRecord(r, a.rec), namedFields(a)
	} else {
		p.Back, p.AreaPick, p.SubjectKind, p.SubjectNeeded = "/catalogue/"+a.kind.Name, true, a.kind.Subject, a.kind.Subject != ""
		if a.kind.Subject != "" {
			p.SubjectLabel = r.kind(a.kind.Subject)
		}
		p.Title = a.kind.Label.In(r.lang) + " · " + p.Title
	}
	p.Late = v.First("_on") != "" && v.First("_on") != p.Today
	s.problems(r, a, &p, err)
	r.Nav, r.Title = "inbox", p.Title
	r.Crumbs = []view.Link{{Text: a.kind.Label.In(r.lang), Href: "/list/" + a.kind.Name}}
	if a.rec != nil {
		r.Crumbs = append(r.Crumbs, view.Link{Text: first(a.rec.Number, r.title(a.rec)), Href: p.Back})
	}
	r.Crumbs = append(r.Crumbs, view.Link{Text: a.act.Label.In(r.lang)})
	return p
}

func (s *server) aboutRecord(r *request, rec *domain.Record) []view.Fact {
	out := []view.Fact{{Label: r.T("act.record"), Link: view.Link{Text: r.title(rec), Href: address(rec.Class, rec.Ref)}}}
	if rec.Number != "" {
		out = append(out, view.Fact{Label: r.T("fact.number"), Link: view.Link{Text: rec.Number}})
	}
	out = append(out, view.Fact{Label: r.T("fact.state"), Link: view.Link{Text: r.state(rec.Kind, rec.State)}})
	if !rec.Of.Zero() {
		out = append(out, view.Fact{Label: r.T("fact.subject"), Link: s.linkTo(r.Context(), r.words, rec.Of.String())})
	}
	return out
}

// namedFields are the fields of the record that conditions of the form name.
func namedFields(a acting) map[string]any {
	out := map[string]any{}
	for _, f := range a.kind.Fields {
		if f.Sealed() || a.rec.Fields[f.Field] == nil {
			continue
		}
		if slices.ContainsFunc(a.act.Form, func(x *catalogue.Form) bool { return strings.Contains(x.Show, "rec."+f.Field) }) {
			out[f.Field] = a.rec.Fields[f.Field]
		}
	}
	return out
}

// needs are the named conditions of the law, to know before one begins.
func needs(r *request, a *catalogue.Action) []view.Pair {
	out := make([]view.Pair, len(a.Guards))
	for i, g := range a.Guards {
		out[i] = view.Pair{Label: g.Text.In(r.lang), Text: r.law(g.Law)}
	}
	return out
}

// dangerous actions are those that cannot be taken back by another step.
func dangerous(a acting) bool {
	return slices.Contains([]string{engine.ActVoid, engine.ActMerge, engine.ActErase}, a.act.Action)
}

var inIndex = regexp.MustCompile(`\[(\d+)\]`)

// problems puts what is wrong at its input and lists it on top with links.
func (s *server) problems(r *request, a acting, p *view.Act, err error) {
	var d *domain.Error
	if err == nil || !errors.As(err, &d) {
		return
	}
	for _, x := range d.Problems {
		name := strings.TrimSuffix(inIndex.ReplaceAllString(x.Field, ".$1"), ".")
		text := sentence(x.Reason, r.lang)
		if x.Law != "" {
			text += " — " + r.law(x.Law)
		}
		link := view.Link{Text: text}
		if at := inputOf(a, name); at != "" {
			p.Inputs.Problems[name] = append(p.Inputs.Problems[name], text)
			link.Href = "#f-" + at
			link.Text = text
			if l := labelOf(a, at); l != "" {
				link.Text = r.T("labelled", l, text)
			}
		}
		p.Top = append(p.Top, link)
	}
}

// inputOf is the input a problem belongs to, "" when it belongs to the whole.
func inputOf(a acting, name string) string {
	root, _, _ := strings.Cut(name, ".")
	if slices.Contains([]string{"reason", "on", "approver", "of", "area"}, root) || slices.ContainsFunc(a.form.Fields, func(f form.Field) bool { return f.Name == root }) {
		return root
	}
	return ""
}

func labelOf(a acting, name string) string {
	for i := range a.form.Fields {
		if a.form.Fields[i].Name == name {
			return a.form.Fields[i].Label
		}
	}
	return ""
}

// chosenNames gives the wording of every value that was chosen by a search.
func (s *server) chosenNames(r *request, a acting, v form.Values) map[string]string {
	out := map[string]string{}
	put := func(f *form.Field, name string) {
		if f.Pick == "" {
			return
		}
		for _, x := range v[name] {
			out[x] = s.pickedName(r, f.Pick, x)
		}
	}
	for i := range a.form.Fields {
		f := &a.form.Fields[i]
		put(f, f.Name)
		for c := range f.Columns {
			for n := range v.Rows(f.Name) {
				put(&f.Columns[c], f.Name+"."+strconv.Itoa(n)+"."+f.Columns[c].Name)
			}
		}
	}
	put(&form.Field{Pick: "/pick/ref/"}, "_of")
	put(&form.Field{Pick: "/pick/area"}, "_area")
	put(&form.Field{Pick: "/pick/person"}, "_approver")
	return out
}
