package storetest

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/dinghai/dinghai/domain"
)

// sight: a row right finds the same records in lists, counts, search, tasks and
// calendars as domain.Scope.Covers does record by record.
func sight(t *testing.T, m Maker) {
	s, c := m.New(t), NewCity(4)
	var all []*domain.Record
	for i := range 200 {
		r := c.Entity(Homes[i%len(Homes)])
		if i%3 == 1 {
			r.Kind, r.Class, r.Of = Pick(c, "complaint.complaint", "complaint.report"), domain.Case, all[c.rand.IntN(len(all))].Ref
		}
		r.Tasks = []domain.Task{{ID: "1", Todo: "x", Role: "clerk", Due: r.Opened, Assignee: Pick(c, "", "li", "wang"), Opened: r.Opened}}
		r.Clocks = []domain.Clock{{ID: "K", Code: "K", Due: r.Opened, Start: r.Opened, N: 7, Unit: "wd"}}
		ws := c.one(r, true, "opened", domain.Changes{})
		ws.Tasks = []domain.TaskRow{{Home: r.Home, Record: r.ID, Kind: r.Kind, Area: r.Area, Organ: r.Organ, Task: r.Tasks[0]}}
		ws.Clocks = []domain.ClockRow{{Home: r.Home, Record: r.ID, Kind: r.Kind, Area: r.Area, Organ: r.Organ, Clock: r.Clocks[0]}}
		if !r.Of.Zero() {
			ws.Links = []domain.LinkRow{{Home: r.Home, Record: r.ID, Role: "of", To: r.Of}}
		}
		write(t, s, ws)
		all = append(all, r)
	}
	entity, kinds := []string{"registration.entity"}, []string{"registration.entity", "complaint.report"}
	for _, scope := range []*domain.Scope{
		nil, {}, {All: true}, {All: true, Not: []domain.Ref{all[1].Ref, all[2].Ref}}, {Any: []domain.Clause{{}}},
		{Any: []domain.Clause{{Area: "330902"}}}, {Any: []domain.Clause{{Kinds: entity, Area: "330900"}}}, {Any: []domain.Clause{{Kinds: entity, Area: "330902003"}}},
		{Any: []domain.Clause{{Kinds: kinds, Area: "330921"}, {Assignee: "li"}}}, {Any: []domain.Clause{{Organ: "330903-scjg"}, {Kinds: []string{"complaint.complaint"}, Assignee: "wang"}}},
		{Any: []domain.Clause{{Of: all[0].Ref}}, Not: []domain.Ref{all[0].Ref}}, {Any: []domain.Clause{{Kinds: []string{}}}},
		{Any: []domain.Clause{{Kinds: kinds, Area: "330902"}, {Kinds: kinds, Area: "330903"}}},
		{Any: []domain.Clause{{Kinds: kinds, Area: "330902"}, {Kinds: kinds, Area: "330902003"}, {Of: all[0].Ref}, {Assignee: "li"}, {Assignee: "wang"}}},
		{Any: []domain.Clause{{Area: "330921"}, {Of: all[0].Ref}, {Assignee: "li"}}, Not: []domain.Ref{all[0].Ref, all[2].Ref, all[3].Ref, all[4].Ref, all[5].Ref, all[6].Ref}},
		{Any: []domain.Clause{{Area: "330902"}}, Not: []domain.Ref{all[0].Ref, all[4].Ref, all[8].Ref}},
	} {
		for _, q := range []domain.ListQuery{{}, {Kind: "registration.entity"}, {Kind: "complaint.report", Area: "330902"}, {Area: "330902003"}, {Text: "海"}} {
			q.Scope = scope
			t.Run(strings.ReplaceAll(fmt.Sprintf("%+v/%s%s%s", scope, q.Kind, q.Area, q.Text), "/", "|"), func(t *testing.T) { sees(t, s, q, all) })
		}
	}
}

func sees(t *testing.T, s Store, q domain.ListQuery, all []*domain.Record) {
	var want []string
	for _, r := range all {
		if fits(r, &q) && q.Scope.Covers(r) {
			want = append(want, r.ID)
		}
	}
	slices.Sort(want)
	q.Limit = 500
	page := must[domain.ListPage](t)(s.Reader().List(ctx, q))
	same(t, "list", want, idsOf(page.Rows, func(r domain.ListRow) string { return r.ID }))
	same(t, "total", len(want), page.Total)
	same(t, "count", len(want), must[int](t)(s.Reader().Count(ctx, q)))
	if q.Text != "" {
		found := must[domain.ListPage](t)(s.Reader().Search(ctx, domain.SearchQuery{Text: q.Text, Kind: q.Kind, Area: q.Area, Scope: q.Scope, Limit: 500}))
		same(t, "search", want, idsOf(found.Rows, func(r domain.ListRow) string { return r.ID }))
		same(t, "search total", len(want), found.Total)
		return
	}
	tasks, n, err := s.Reader().Tasks(ctx, domain.TaskQuery{Kind: q.Kind, Area: q.Area, Scope: q.Scope, Limit: 500})
	check(t, err)
	same(t, "tasks", want, idsOf(tasks, func(r domain.TaskRow) string { return r.Record }))
	same(t, "tasks total", len(want), n)
	clocks, n, err := s.Reader().Clocks(ctx, domain.ClockQuery{Kind: q.Kind, Area: q.Area, Scope: q.Scope, Limit: 500})
	check(t, err)
	same(t, "clocks", want, idsOf(clocks, func(r domain.ClockRow) string { return r.Record }))
	days := 0
	for _, d := range must[[]domain.DayCount](t)(s.Reader().ClockDays(ctx, domain.ClockQuery{Kind: q.Kind, Area: q.Area, Scope: q.Scope})) {
		days += d.Count
	}
	same(t, "clock days", n, days)
}

func idsOf[T any](rows []T, id func(T) string) []string {
	var out []string
	for _, r := range rows {
		out = append(out, id(r))
	}
	slices.Sort(out)
	return out
}
