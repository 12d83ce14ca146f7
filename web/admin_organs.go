package web

import (
	"cmp"
	"context"
	"slices"

	"github.com/a-h/templ"

	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/engine/reduce"
	"github.com/dinghai/dinghai/web/view"
)

// organs is the chart of authorities as it was on a day.
func (s *server) organs(r *request) (templ.Component, error) {
	today := s.Engine.Today()
	day := domain.Date(first(r.URL.Query().Get("on"), string(today)))
	if !day.Valid() {
		return nil, badDate("on", string(day))
	}
	v := view.Organs{Admin: s.adminFrame(r, "organs"), Day: string(day), Today: day == today}
	list, err := s.organsOn(r.Context(), day)
	if err != nil {
		return nil, err
	}
	v.Count = len(list)
	if v.Tree, err = s.organTree(r, list, v.Today); err != nil {
		return nil, err
	}
	if v.Today && s.mayOpenKind(r, organKind, "found") {
		v.New = "/new/" + organKind + "/found"
	}
	return view.OrgansPage(r.Page, v), nil
}

// organsOn are the authorities that existed on a day, as they were.
func (s *server) organsOn(ctx context.Context, day domain.Date) ([]*domain.Record, error) {
	var out []*domain.Record
	q := domain.ListQuery{Kind: organKind, Limit: 500}
	for {
		page, err := s.read.List(ctx, q)
		if err != nil {
			return nil, err
		}
		for _, row := range page.Rows {
			rec, err := s.recordOn(ctx, row.Ref, day)
			if err != nil {
				return nil, err
			}
			if rec != nil && rec.State == "active" {
				out = append(out, rec)
			}
		}
		if q.After = page.Next; page.Next == "" {
			return out, nil
		}
	}
}

// recordOn is a record as its events up to a day left it; nil before its first.
func (s *server) recordOn(ctx context.Context, ref domain.Ref, day domain.Date) (*domain.Record, error) {
	if day >= s.Engine.Today() {
		return s.read.Record(ctx, ref)
	}
	events, err := s.read.Events(ctx, ref)
	if err != nil {
		return nil, err
	}
	var rec *domain.Record
	for i := range events {
		if events[i].On > day {
			break
		}
		if rec, err = reduce.Apply(rec, &events[i]); err != nil {
			return nil, err
		}
	}
	return rec, nil
}

// kindOrder is how authorities stand beside each other.
var kindOrder = []string{"city", "section", "county", "branch", "station", "institute"}

func (s *server) organTree(r *request, list []*domain.Record, acting bool) ([]view.OrganNode, error) {
	below := map[string][]*domain.Record{}
	here := map[string]bool{}
	for _, o := range list {
		here[o.Ref.String()] = true
	}
	for _, o := range list {
		up := text(o.Fields["parent"])
		if !here[up] {
			up = ""
		}
		below[up] = append(below[up], o)
	}
	heads, err := s.headcount(r.Context(), acting)
	if err != nil {
		return nil, err
	}
	var grow func(up string, depth int) []view.OrganNode
	grow = func(up string, depth int) []view.OrganNode {
		children := below[up]
		slices.SortFunc(children, func(a, b *domain.Record) int {
			return cmp.Or(cmp.Compare(slices.Index(kindOrder, text(a.Fields["kind"])), slices.Index(kindOrder, text(b.Fields["kind"]))), cmp.Compare(a.Area, b.Area), cmp.Compare(text(a.Fields["organ_code"]), text(b.Fields["organ_code"])))
		})
		var out []view.OrganNode
		for _, o := range children {
			n := s.organNode(r, o)
			n.People = heads[o.Ref.String()]
			if acting {
				n.Acts = s.actLinks(r, o)
			}
			if depth < 10 {
				n.Below = grow(o.Ref.String(), depth+1)
			}
			out = append(out, n)
		}
		return out
	}
	return grow("", 0), nil
}

func (s *server) organNode(r *request, o *domain.Record) view.OrganNode {
	f := o.Fields
	n := view.OrganNode{Link: view.Link{Text: r.pick(text(f["name"]), text(f["name_en"])), Href: address(o.Class, o.Ref)}, Short: text(f["short"]), Code: text(f["organ_code"]), Area: r.area(o.Area)}
	n.Kind = s.cat.Label("organ_kind", text(f["kind"]), r.lang)
	return n
}

// headcount is how many people work in each authority now.
func (s *server) headcount(ctx context.Context, now bool) (map[string]int, error) {
	out := map[string]int{}
	q := domain.ListQuery{Kind: personKind, States: []string{"active"}, Limit: 500}
	for now {
		page, err := s.read.List(ctx, q)
		if err != nil {
			return nil, err
		}
		for _, row := range page.Rows {
			rec, err := s.read.Record(ctx, row.Ref)
			if err != nil {
				return nil, err
			}
			if rec != nil {
				out[text(rec.Fields["organ"])]++
			}
		}
		if q.After = page.Next; page.Next == "" {
			break
		}
	}
	return out, nil
}
