package web

import (
	"github.com/dinghai/dinghai/catalogue"
	"github.com/dinghai/dinghai/web/view"
)

// actionView shows a step with roles, form, guards and what follows from it.
func (s *server) actionView(w words, k *catalogue.Kind, a *catalogue.Action) view.Action {
	v := view.Action{ID: a.Action, Label: a.Label.In(w.lang), Help: a.Help.In(w.lang), Emits: a.Emits, Arrow: s.arrow(w, k, a), Platform: len(a.Roles) == 0}
	for _, r := range a.Roles {
		v.Roles = append(v.Roles, w.role(r))
	}
	for _, f := range a.Form {
		def := f.Def
		if def == nil {
			def = first2(f.Own, k.FieldOf(f.Field))
		}
		if def != nil {
			v.Inputs = append(v.Inputs, s.fieldLine(w, def, !f.Optional))
		}
	}
	for _, g := range a.Guards {
		v.Guards = append(v.Guards, view.Guard{Text: g.Text.In(w.lang), Law: w.law(g.Law)})
	}
	v.Does = append(s.clockSteps(w, a), s.follows(w, k, a)...)
	return v
}

func first2(a, b *catalogue.Field) *catalogue.Field {
	if a != nil {
		return a
	}
	return b
}

func (s *server) clockSteps(w words, a *catalogue.Action) []view.Link {
	var out []view.Link
	if a.Clocks == nil {
		return nil
	}
	add := func(key, code string) {
		out = append(out, view.Link{Text: w.l.T(key, w.clock(code)), Href: "/catalogue/clocks/" + code})
	}
	for _, c := range a.Clocks.Start {
		add("does.start", c.Clock)
	}
	for _, c := range sorted(a.Clocks.Stop) {
		add("does.stop", c)
	}
	for _, c := range sorted(a.Clocks.Pause) {
		add("does.pause", c)
	}
	for _, c := range a.Clocks.Resume {
		add("does.resume", c)
	}
	if a.Clocks.Extend != nil {
		add("does.extend", a.Clocks.Extend.Clock)
	}
	return out
}

// follows is papers, numbers, marks and actions on other records.
func (s *server) follows(w words, k *catalogue.Kind, a *catalogue.Action) []view.Link {
	var out []view.Link
	add := func(text, href string) { out = append(out, view.Link{Text: text, Href: href}) }
	if a.Number != nil {
		add(w.l.T("does.number", a.Number.Format), "")
	}
	for _, p := range a.Papers {
		add(w.l.T("does.paper", w.paper(p.Paper)), "")
	}
	for _, f := range a.Flags {
		key := "does.flag"
		if f.Clear {
			key = "does.unflag"
		}
		add(w.l.T(key, s.flag(w, k.Name, f.Flag)), "")
	}
	for _, e := range a.Effects {
		if e.Out != "" {
			add(w.l.T("does."+e.Out), "")
			continue
		}
		if k, act := s.cat.ActionNamed(e.Do); k != nil && act != nil {
			add(w.l.T("does.do", k.Label.In(w.lang), act.Label.In(w.lang)), "/catalogue/"+k.Name+"#action-"+act.Action)
		}
	}
	return out
}

// fieldLine shows one datum or input.
func (s *server) fieldLine(w words, f *catalogue.Field, required bool) view.FieldLine {
	v := view.FieldLine{Label: f.Label.In(w.lang), Type: w.l.T("type." + f.Type), Class: w.l.T("fclass." + first(f.Class, "public")), Required: required, Note: f.Help.In(w.lang)}
	if f.Many {
		v.Type += w.l.T("type.many")
	}
	if l := s.cat.Lists[f.List]; l != nil {
		v.Link = view.Link{Text: l.Label.In(w.lang), Href: "/catalogue/lists/" + f.List}
	}
	if f.Kind != "" {
		v.Link = view.Link{Text: w.kind(f.Kind), Href: "/catalogue/" + f.Kind}
	}
	if u := f.Unit.In(w.lang); u != "" {
		v.Note = join(v.Note, w.l.T("field.unit", u))
	}
	return v
}
