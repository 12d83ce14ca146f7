package web

import (
	"slices"

	"github.com/a-h/templ"

	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/web/view"
)

// What one page before a visit holds of each.
const (
	visitCases = 8
	visitDue   = 20
)

// visit is the page to read on the way: who they are, what is open and due,
// what was found before, what they hold, and what is known already and need not
// be asked again. It prints on one A4 sheet.
func (s *server) visit(r *request) (templ.Component, error) {
	ref, err := domain.ParseRef(r.PathValue("ref"))
	if err != nil {
		return nil, err
	}
	if err := s.signedIn(r); err != nil {
		return nil, err
	}
	rec, err := r.sight.Record(r.Context(), ref)
	if err != nil {
		return nil, err
	}
	if rec == nil || rec.Class != domain.Subject {
		return nil, notThere()
	}
	see := s.see(r.Context(), r, rec)
	head := s.head(r, rec, see)
	v := view.Visit{Title: head.Title, Facts: head.Facts, Marks: head.Marks, Printed: string(s.Engine.Today())}
	k := s.cat.KindAt(rec.Kind, rec.Process)
	for _, f := range k.Fields {
		if x := rec.Fields[f.Field]; x != nil && !f.Sealed() && f.Type != "rows" {
			v.Known = append(v.Known, s.datum(r.Context(), r.words, f, x))
		}
	}
	if err := s.visitRecords(r, rec, &v); err != nil {
		return nil, err
	}
	r.Nav, r.Title = "lists", r.T("visit.title")+" · "+v.Title
	r.Crumbs = []view.Link{{Text: v.Title, Href: address(rec.Class, ref)}, {Text: r.T("visit.title")}}
	return view.VisitPage(r.Page, v), nil
}

// visitRecords sorts what is about the subject: what it holds, what is open, and
// what was done before.
func (s *server) visitRecords(r *request, rec *domain.Record, v *view.Visit) error {
	for _, role := range []string{"of", "owner", "user", "holder"} {
		list, total, err := r.sight.LinkedTo(r.Context(), rec.Ref, role, "")
		if err != nil {
			return err
		}
		v.Unseen += total - len(list)
		slices.SortFunc(list, func(a, b *domain.Record) int { return -compareDue(a.Opened, b.Opened) })
		for _, x := range list {
			if x.Voided {
				continue
			}
			row := view.VisitRow{Link: view.Link{Text: r.title(x), Href: address(x.Class, x.Ref)}, Kind: r.kind(x.Kind), Number: x.Number, State: r.state(x.Kind, x.State), Day: string(x.Opened)}
			switch {
			case x.Class == domain.Subject:
				v.Holds = append(v.Holds, row)
			case x.Closed == "":
				v.Open = append(v.Open, row)
			case len(v.Before) < visitCases:
				v.Before = append(v.Before, row)
			}
			s.visitDue(r, x, v)
		}
	}
	s.visitDue(r, rec, v)
	slices.SortStableFunc(v.Due, func(a, b view.DueRow) int { return compareDue(domain.Date(a.Day), domain.Date(b.Day)) })
	v.Due = v.Due[:min(len(v.Due), visitDue)]
	return nil
}

func (s *server) visitDue(r *request, x *domain.Record, v *view.Visit) {
	for _, c := range x.Clocks {
		if c.Open() && c.Due != "" {
			v.Due = append(v.Due, view.DueRow{Link: view.Link{Text: r.title(x), Href: address(x.Class, x.Ref)}, Kind: r.kind(x.Kind), Clock: r.clock(c.Code), Due: s.badge(r.words, c.Due), Day: string(c.Due)})
		}
	}
}
