package web

import (
	"slices"

	"github.com/dinghai/dinghai/catalogue"
	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/web/form"
	"github.com/dinghai/dinghai/web/view"
)

func (s *server) roleList(w words, roles []string) string {
	out := ""
	for i, r := range roles {
		if i > 0 {
			out += w.pick("、", ", ")
		}
		out += w.role(r)
	}
	return out
}

// listFilter is the form above a list.
func (s *server) listFilter(r *request, a askedList) view.Filter {
	v := view.Filter{Text: a.q.Text, Area: a.q.Area, From: string(a.q.From), To: string(a.q.To), Due: r.URL.Query().Get("due"), Voided: a.q.Voided, Columns: a.columns}
	if a.q.Area != "" {
		v.AreaName = r.area(a.q.Area)
	}
	for _, st := range a.kind.States {
		v.States = append(v.States, view.Option{Value: st.State, Text: st.Label.In(r.lang), Chosen: slices.Contains(a.q.States, st.State)})
	}
	b := s.builder(r)
	for _, f := range a.kind.Fields {
		if !f.Filter || f.Sealed() {
			continue
		}
		x := b.Field(f)
		ff := view.FilterField{Name: f.Field, Label: x.Label, Date: f.Type == "date", Value: a.q.Fields[f.Field], Pick: x.Pick}
		if ff.Pick != "" && ff.Value != "" {
			ff.Text = s.pickedName(r, x.Pick, ff.Value)
		}
		switch {
		case f.Type == "bool":
			ff.Options = []view.Option{{Value: "true", Text: r.T("yes"), Chosen: ff.Value == "true"}, {Value: "false", Text: r.T("no"), Chosen: ff.Value == "false"}}
		case len(x.Options) > 0:
			ff.Options = optionsOf(x.Options, ff.Value)
		}
		for _, sp := range a.q.Spans {
			if sp.Field == f.Field {
				ff.From, ff.To = string(sp.From), string(sp.To)
			}
		}
		v.Fields = append(v.Fields, ff)
		v.Open = v.Open || ff.Value != "" || ff.From != "" || ff.To != ""
	}
	v.Open = v.Open || v.From != "" || v.To != "" || v.Voided
	return v
}

func optionsOf(list []form.Option, chosen string) []view.Option {
	out := make([]view.Option, len(list))
	for i, o := range list {
		out[i] = view.Option{Value: o.Value, Text: o.Text, Chosen: o.Value == chosen}
	}
	return out
}

// listChips are the filters in force, each with the address without it.
func (s *server) listChips(r *request, a askedList) []view.Link {
	var out []view.Link
	chip := func(text string, names ...string) {
		out = append(out, view.Link{Text: text, Href: drop(r, append(names, "after", "at")...)})
	}
	if a.q.Text != "" {
		chip(r.T("chip.text", a.q.Text), "q")
	}
	if len(a.q.States) > 0 {
		text := ""
		for i, st := range a.q.States {
			if i > 0 {
				text += r.pick("、", ", ")
			}
			text += r.state(a.kind.Name, st)
		}
		chip(r.T("chip.state", text), "state")
	}
	if a.q.Area != "" {
		chip(r.T("chip.area", r.area(a.q.Area)), "area")
	}
	if d := r.URL.Query().Get("due"); d == "over" || d == "soon" {
		chip(r.T("chip.late."+d), "due")
	}
	if a.q.From != "" || a.q.To != "" {
		chip(r.T("chip.opened", string(a.q.From), string(a.q.To)), "from", "to")
	}
	if a.q.Voided {
		chip(r.T("chip.voided"), "voided")
	}
	for _, f := range a.kind.Fields {
		if v := a.q.Fields[f.Field]; v != "" {
			chip(f.Label.In(r.lang)+r.pick("：", ": ")+s.filterText(r, f, v), "f."+f.Field)
		}
	}
	for _, sp := range a.q.Spans {
		chip(a.kind.FieldOf(sp.Field).Label.In(r.lang)+r.pick("：", ": ")+string(sp.From)+" – "+string(sp.To), "from."+sp.Field, "to."+sp.Field)
	}
	return out
}

func (s *server) filterText(r *request, f *catalogue.Field, v string) string {
	var x any = v
	if f.Type == "bool" {
		x = v == "true"
	}
	return s.value(r.Context(), r.words, f, x).Text
}

// columnChoices are all columns one can choose.
func (s *server) columnChoices(r *request, a askedList) []view.Option {
	var out []view.Option
	add := func(c string) {
		out = append(out, view.Option{Value: c, Text: s.columnName(r, a.kind, c), Chosen: slices.Contains(a.columns, c)})
	}
	for _, c := range fixedColumns {
		if c == "title" || a.kind.Class == domain.Subject && slices.Contains([]string{"subject", "number", "due", "officer"}, c) {
			continue
		}
		add(c)
	}
	for _, f := range a.kind.Fields {
		if s.isColumn(a.kind, f.Field) {
			add(f.Field)
		}
	}
	return out
}

// listSorts are the orders a list can have.
func (s *server) listSorts(r *request, a askedList) []view.Tab {
	sorts := []struct{ key, sort, asc string }{{"new", "", ""}, {"old", "", "1"}}
	if a.kind.Class == domain.Case {
		sorts = append(sorts, struct{ key, sort, asc string }{"due", "due", ""}, struct{ key, sort, asc string }{"number", "number", "1"})
	}
	var out []view.Tab
	for _, x := range sorts {
		u := *r.URL
		q := u.Query()
		for _, n := range []string{"sort", "asc", "after", "at"} {
			q.Del(n)
		}
		if x.sort != "" {
			q.Set("sort", x.sort)
		}
		if x.asc != "" {
			q.Set("asc", x.asc)
		}
		u.RawQuery = q.Encode()
		out = append(out, view.Tab{Link: view.Link{Text: r.T("sort." + x.key), Href: u.RequestURI()}, Here: a.q.Sort == x.sort && a.q.Asc == (x.asc != "")})
	}
	return out
}
