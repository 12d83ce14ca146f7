package engine

import (
	"fmt"
	"slices"

	"github.com/dinghai/dinghai/catalogue"
	"github.com/dinghai/dinghai/catalogue/expr"
	"github.com/dinghai/dinghai/domain"
)

// fillForm checks the whole input at once: unknown names, missing values,
// types, lengths, lists, check digits. Good values become fields of the record.
func (s *step) fillForm() error {
	s.in = make(map[string]any, len(s.cmd.Input))
	var bad []domain.Problem
	for _, name := range keysOf(s.cmd.Input) {
		if !slices.ContainsFunc(s.act.Form, func(f *catalogue.Form) bool { return f.Field == name }) {
			bad = append(bad, domain.Problem{Field: name, Rule: "unknown",
				Reason: domain.Text{ZH: "此办理没有这一项，请删去", EN: "this action takes no such value; remove it"}})
		}
	}
	raw := s.cmd.Input
	s.vars.In = &expr.Facts{Fields: raw, On: s.cmd.On}
	for _, f := range s.act.Form {
		v, problems := s.one(f, raw[f.Field])
		bad = append(bad, problems...)
		if v != nil {
			s.in[f.Field] = v
		}
	}
	if len(bad) > 0 {
		return &domain.Error{Code: domain.Invalid, Problems: bad}
	}
	return s.accept()
}

// one checks a single input.
func (s *step) one(f *catalogue.Form, raw any) (any, []domain.Problem) {
	if f.ShowX != nil {
		if shown, err := f.ShowX.Bool(s.vars); err != nil || !shown {
			return nil, nil // not asked, so whatever was sent does not count
		}
	}
	if blank(raw) && f.DefaultX != nil {
		if v, err := f.DefaultX.Eval(s.vars); err == nil {
			raw = v
		}
	}
	if blank(raw) {
		if f.Optional || f.Def.Type == "bool" {
			return nil, nil
		}
		return nil, []domain.Problem{{Field: f.Field, Rule: "required",
			Reason: domain.Text{ZH: fmt.Sprintf("请填写「%s」", f.Def.Label.ZH), EN: fmt.Sprintf("%s is required", f.Def.Label.EN)}}}
	}
	c := checker{cat: s.e.cat, today: s.today}
	v := c.value(f.Field, f.Def, raw)
	return v, c.bad
}

// accept moves checked values to the record, sealing personal data, and lets
// expressions see the rest.
func (s *step) accept() error {
	open := make(map[string]any, len(s.in))
	for _, f := range s.act.Form {
		v, ok := s.in[f.Field]
		if !ok {
			continue
		}
		if f.Def.Type == "ref" {
			if err := s.mustExist(f, v); err != nil {
				return err
			}
		}
		if f.Def.Sealed() {
			sealed, err := s.seal(f.Def, v)
			if err != nil {
				return err
			}
			v = sealed
		} else {
			open[f.Field] = v
		}
		if f.Own == nil {
			s.pending = append(s.pending, fieldValue{f.Field, v})
		}
	}
	s.vars.In = &expr.Facts{Fields: open, On: s.cmd.On, World: s.vars.Rec.World}
	return s.carry()
}

type fieldValue struct {
	name  string
	value any
}

// mustExist demands that a reference in the same home leads somewhere and to
// the right kind.
func (s *step) mustExist(f *catalogue.Form, v any) error {
	list, ok := v.([]any)
	if !ok {
		list = []any{v}
	}
	for _, x := range list {
		t, _ := x.(string)
		ref, err := domain.ParseRef(t)
		if err != nil {
			return err
		}
		if ref.Home != s.rec.Home {
			continue // another home's lane owns it; the outbox finds out
		}
		r, err := s.d.load(ref)
		if err != nil {
			return err
		}
		if r == nil || (f.Def.Kind != "" && r.Kind != f.Def.Kind) {
			return domain.Failf(domain.Invalid, f.Field, "ref", "「%s」指向的记录不存在或类别不符", "%s points to no record of the right kind", f.Def.Label.ZH)
		}
	}
	return nil
}
