package web

import (
	"cmp"
	"math"
	"slices"

	"github.com/a-h/templ"

	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/engine/report"
	"github.com/dinghai/dinghai/jobs/forms"
	"github.com/dinghai/dinghai/web/view"
)

// filledPage is one filling: each cell with its source and what it was the
// month before.
func (s *server) filledPage(r *request) (templ.Component, error) {
	book, err := s.formAt(r)
	if err != nil {
		return nil, err
	}
	ref, err := domain.ParseRef(r.PathValue("filling"))
	if err != nil {
		return nil, err
	}
	rec, err := r.sight.Record(r.Context(), ref)
	if err != nil {
		return nil, err
	}
	if rec == nil || rec.Kind != fillingKind || rec.Of != book.Ref {
		return nil, notThere()
	}
	list, _, err := s.fillings(r, book)
	if err != nil {
		return nil, err
	}
	v := view.FilledPage{Tabs: s.deskTabs(r, "forms"), Title: r.title(rec), To: text(rec.Fields["to"]), On: string(rec.Opened), File: address(rec.Class, rec.Ref) + "/files/file/0", Case: address(rec.Class, rec.Ref)}
	r.Title = v.Title
	r.Crumbs = []view.Link{{Text: r.T("desk.forms"), Href: "/desk/forms"}, {Text: r.title(book), Href: "/desk/forms/" + book.Ref.String()}, {Text: v.To}}
	was := map[string]any{}
	if i := slices.IndexFunc(list, func(x *domain.Record) bool { return x.Ref == rec.Ref }); i >= 0 && i+1 < len(list) {
		v.Before, was = text(list[i+1].Fields["to"]), cellValues(list[i+1])
	}
	if err := s.filledCells(r, rec, was, &v); err != nil {
		return nil, err
	}
	return view.FilledFormPage(r.Page, v), nil
}

// cellValues are the values of a filling by place.
func cellValues(rec *domain.Record) map[string]any {
	out := map[string]any{}
	list, _ := rec.Fields["cells"].([]any)
	for _, x := range list {
		row, _ := x.(map[string]any)
		out[text(row["sheet"])+"!"+text(row["cell"])] = row["value"]
	}
	return out
}

func (s *server) filledCells(r *request, rec *domain.Record, was map[string]any, v *view.FilledPage) error {
	to, list := domain.Date(v.To), forms.CellsOf(rec)
	again, err := s.answers(r.Context(), r, forms.Month(rec, to, report.ParsePositions(text(rec.Fields["read_at"]))), list)
	if err != nil {
		return err
	}
	now := cellValues(rec)
	for _, t := range list {
		a := again[t.Ask]
		c := view.FilledCell{Place: t.Place(), What: view.Link{Text: s.askLabel(r, t.Ask), Href: a.link}, Value: s.valueText(r, now[t.Place()]), Was: s.valueText(r, was[t.Place()])}
		if x, ok := number(now[t.Place()]); ok {
			if a.known && math.Abs(x-forms.In(a.value, t.Scale)) > 1e-6*math.Max(1, math.Abs(x)) {
				c.Differs = s.cellText(forms.In(a.value, t.Scale))
				v.Differs++
			}
			if y, ok := number(was[t.Place()]); ok && x != y {
				c.Change = signed(s.cellText(x-y), x-y)
				v.Changed++
			}
		}
		v.Cells = append(v.Cells, c)
	}
	return nil
}

func (s *server) valueText(r *request, v any) string {
	if n, ok := number(v); ok {
		return s.cellText(n)
	}
	return ""
}

func signed(t string, n float64) string {
	if n > 0 {
		return "+" + t
	}
	return t
}

func number(v any) (float64, bool) {
	switch n := v.(type) {
	case float64:
		return n, true
	case int64:
		return float64(n), true
	case int:
		return float64(n), true
	case uint64:
		return float64(n), true
	}
	return 0, false
}

func sortFillings(list []*domain.Record) {
	slices.SortStableFunc(list, func(a, b *domain.Record) int {
		return cmp.Or(cmp.Compare(text(b.Fields["to"]), text(a.Fields["to"])), cmp.Compare(b.Ref.ID, a.Ref.ID))
	})
}
