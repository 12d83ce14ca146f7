package storetest

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/dinghai/dinghai/domain"
)

// lists: filters, order, pages and true totals, each against a plain count of
// the same records in memory.
func lists(t *testing.T, m Maker) {
	s, c := m.New(t), NewCity(1)
	var all []*domain.Record
	for i := range 400 {
		r := c.Entity(Homes[i%len(Homes)])
		r.Voided = i%17 == 0
		r.Number, r.Fields["founded"] = fmt.Sprintf("舟~%d号", i%90), string(c.Day(2016, 2022))
		if i%3 != 0 {
			r.Clocks = []domain.Clock{{ID: "K", Code: "K", Due: c.Day(2018, 2023), Start: r.Opened, N: 7, Unit: "wd"}}
		}
		if i%3 == 1 {
			r.Kind, r.Class, r.Of = "complaint.complaint", domain.Case, all[i/2].Ref
		}
		ws := c.one(r, true, "opened", domain.Changes{})
		if !r.Of.Zero() {
			ws.Links = []domain.LinkRow{{Home: r.Home, Record: r.ID, Role: "of", To: r.Of}}
		}
		write(t, s, ws)
		all = append(all, r)
	}
	for _, q := range []domain.ListQuery{
		{}, {Voided: true}, {Kind: "registration.entity"}, {Class: domain.Case}, {States: []string{"suspended"}}, {Kind: "complaint.complaint", States: []string{"active", "suspended"}},
		{Area: "330900"}, {Area: "330902"}, {Kind: "registration.entity", Area: "330902003"}, {Area: all[7].Area}, {Area: "33", Voided: true},
		{From: "2018-01-01", To: "2019-12-31"}, {Kind: "registration.entity", To: "2016-06-30"}, {Of: all[1].Of}, {Of: all[20].Ref},
		{Fields: map[string]string{"industry": "F5211"}}, {Fields: map[string]string{"small": "true", "industry": "H6210"}}, {Fields: map[string]string{"capital": fmt.Sprint(all[4].Fields["capital"])}},
		{Fields: map[string]string{"ratio": "0.25"}, Kind: "registration.entity"}, {Fields: map[string]string{"no such": "x"}}, {Fields: map[string]string{"absent": "x"}},
		{Sort: "number", Asc: true}, {Kind: "registration.entity", Sort: "number"}, {Asc: true, Area: "330902"}, {Sort: "due"}, {Sort: "due", DueTo: "2019-06-30", Kind: "registration.entity"}, {DueTo: "2020-12-31"},
		{Spans: []domain.Span{{Field: "founded", From: "2018-02-01", To: "2020-06-30"}}}, {Spans: []domain.Span{{Field: "founded", To: "2017-06-30"}}, Kind: "registration.entity"},
		{Text: "定海"}, {Text: "舟山", Kind: "registration.entity", States: []string{"active"}}, {Text: "海", Area: "330921"},
	} {
		t.Run(strings.ReplaceAll(fmt.Sprintf("%+v", q), "/", "|"), func(t *testing.T) { listed(t, s, q, all) })
	}
	t.Run("FilterableIndex", func(t *testing.T) {
		check(t, s.Filterable(ctx, "registration.entity", []string{"industry", "small"}))
		check(t, s.Filterable(ctx, "registration.entity", []string{"industry"})) // again is fine
		listed(t, s, domain.ListQuery{Kind: "registration.entity", Fields: map[string]string{"industry": "F5211"}}, all)
		wantCode(t, s.Filterable(ctx, "a'b", []string{"x"}), domain.Invalid)
		wantCode(t, s.Filterable(ctx, "a", []string{"x y"}), domain.Invalid)
	})
	t.Run("TotalsFollowChanges", func(t *testing.T) { totalsFollow(t, s, c, all) })
	t.Run("Sight", func(t *testing.T) { sight(t, m) })
	t.Run("Tasks", func(t *testing.T) { tasks(t, m) })
	t.Run("Several", func(t *testing.T) { several(t, m) })
	t.Run("DueClocks", func(t *testing.T) { dueClocks(t, m) })
}

func listed(t *testing.T, s Store, q domain.ListQuery, all []*domain.Record) {
	t.Helper()
	var want []string
	for _, r := range slices.SortedFunc(slices.Values(all), ordered(&q)) {
		if fits(r, &q) {
			want = append(want, r.ID)
		}
	}
	q.Limit = 37
	var got []string
	for {
		page := must[domain.ListPage](t)(s.Reader().List(ctx, q))
		if page.Total != len(want) {
			t.Fatalf("total %d, want %d", page.Total, len(want))
		}
		for _, row := range page.Rows {
			got = append(got, row.ID)
		}
		if q.After = page.Next; q.After == "" {
			break
		}
		if len(page.Rows) != q.Limit {
			t.Fatalf("a page of %d before the last", len(page.Rows))
		}
	}
	same(t, "rows", want, got)
	q.After = ""
	same(t, "Count", len(want), must[int](t)(s.Reader().Count(ctx, q)))
}

func fits(r *domain.Record, q *domain.ListQuery) bool {
	for name, v := range q.Fields {
		if f, ok := r.Fields[name]; !ok || fmt.Sprint(f) != v {
			return false
		}
	}
	for _, s := range q.Spans {
		if v, _ := r.Fields[s.Field].(string); s.From != "" && v < string(s.From) || s.To != "" && v > string(s.To) {
			return false
		}
	}
	if due := dueOf(r); (q.Sort == "due" || q.DueTo != "") && (due == "" || q.DueTo != "" && due > q.DueTo) {
		return false
	}
	name, _ := r.Fields["name"].(string)
	return (q.Kind == "" || r.Kind == q.Kind) && (q.Class == "" || r.Class == q.Class) && (q.States == nil || slices.Contains(q.States, r.State)) &&
		domain.Within(r.Area, q.Area) && (q.Of.Zero() || r.Of == q.Of) && (q.From == "" || r.Opened >= q.From) && (q.To == "" || r.Opened <= q.To) &&
		(q.Voided || !r.Voided) && strings.Contains(name, q.Text)
}

func dueOf(r *domain.Record) domain.Date {
	if len(r.Clocks) == 0 {
		return ""
	}
	return r.Clocks[0].Due
}

// ordered compares as the query sorts.
func ordered(q *domain.ListQuery) func(a, b *domain.Record) int {
	key := func(r *domain.Record) string { return string(r.Opened) }
	switch q.Sort {
	case "due":
		key = func(r *domain.Record) string { return string(dueOf(r)) }
	case "number":
		key = func(r *domain.Record) string { return r.Number }
	}
	sign := -1
	if q.Asc || q.Sort == "due" {
		sign = 1
	}
	return func(a, b *domain.Record) int {
		return sign * cmp.Or(strings.Compare(key(a), key(b)), strings.Compare(a.ID, b.ID))
	}
}

func totalsFollow(t *testing.T, s Store, c *City, all []*domain.Record) {
	r := all[1]
	q := domain.ListQuery{Kind: r.Kind, Area: "330902", States: []string{"gone"}}
	same(t, "before", 0, must[int](t)(s.Reader().Count(ctx, q)))
	r.State, r.Area = "gone", "330902001001"
	write(t, s, c.one(r, false, "moved", domain.Changes{}))
	same(t, "after", 1, must[int](t)(s.Reader().Count(ctx, q)))
	listed(t, s, q, all)
	r.Voided = true
	write(t, s, c.one(r, false, "voided", domain.Changes{}))
	same(t, "voided", 0, must[int](t)(s.Reader().Count(ctx, q)))
	listed(t, s, domain.ListQuery{}, all)
	same(t, "totals agree with rows", []string(nil), must[[]string](t)(s.CheckRollups(ctx, 5)))
}

func tasks(t *testing.T, m Maker) {
	s, c := m.New(t), NewCity(2)
	ws := &domain.WriteSet{Heads: map[int]int64{}}
	var open []domain.TaskRow
	for i := range 120 {
		r := c.Entity(330902)
		e := c.Event(r, "opened", domain.Changes{})
		row := domain.TaskRow{Home: r.Home, Record: r.ID, Kind: Pick(c, "a.a", "b.b"), Area: r.Area, Organ: r.Organ, Voided: i%20 == 0,
			Task: domain.Task{ID: "t", Todo: "accept", Role: Pick(c, "clerk", "head"), Due: c.Day(2023, 2023), Assignee: Pick(c, "", "li"), Opened: "2023-01-01"}}
		if i%7 == 0 {
			row.Due = ""
		}
		if i%5 == 0 {
			row.Done = "2023-02-01"
		}
		ws.Events, ws.Records, ws.Tasks = append(ws.Events, e), append(ws.Records, Row(r, true)), append(ws.Tasks, row)
		ws.Heads[r.Home] = e.Pos
		if row.Done == "" && !row.Voided {
			open = append(open, row)
		}
	}
	write(t, s, ws)
	slices.SortFunc(open, func(a, b domain.TaskRow) int { return strings.Compare(a.Cursor(), b.Cursor()) })
	for _, q := range []domain.TaskQuery{{}, {Roles: []string{"clerk"}}, {Roles: []string{"clerk", "head"}, Kind: "a.a"}, {Assignees: []string{"li"}}, {Free: true}, {May: []domain.Grant{{Role: "clerk", Area: "330902"}, {Role: "head", Area: "330902003"}}}, {DueTo: "2023-06-30"}, {Area: "330902003"}} {
		var want, got []domain.TaskRow
		for _, r := range open {
			if (len(q.Roles) == 0 || slices.Contains(q.Roles, r.Role)) && (q.Kind == "" || q.Kind == r.Kind) && (q.Assignees == nil || slices.Contains(q.Assignees, r.Assignee)) && (!q.Free || r.Assignee == "") && mayTake(q.May, &r) &&
				(q.DueTo == "" || r.Due != "" && r.Due <= q.DueTo) && domain.Within(r.Area, q.Area) {
				want = append(want, r)
			}
		}
		for q.Limit = 11; ; {
			page, total, err := s.Reader().Tasks(ctx, q)
			check(t, err)
			same(t, "total", len(want), total)
			if got = append(got, page...); len(page) < q.Limit {
				break
			}
			q.After = page[len(page)-1].Cursor()
		}
		same(t, fmt.Sprintf("%+v", q), want, got)
	}
}

func mayTake(grants []domain.Grant, t *domain.TaskRow) bool {
	return grants == nil || slices.ContainsFunc(grants, func(g domain.Grant) bool { return g.Role == t.Role && domain.Within(t.Area, g.Area) })
}

func dueClocks(t *testing.T, m Maker) {
	s, c := m.New(t), NewCity(3)
	r := c.Entity(330902)
	ws := c.one(r, true, "opened", domain.Changes{})
	row := func(id string, due domain.Date, change func(*domain.ClockRow)) {
		k := domain.ClockRow{Home: r.Home, Record: r.ID, Kind: r.Kind, Area: r.Area, Organ: r.Organ, Clock: domain.Clock{ID: id, Code: id[:1], Due: due, Start: "2023-01-01", N: 7, Unit: "wd"}}
		if change != nil {
			change(&k)
		}
		ws.Clocks = append(ws.Clocks, k)
	}
	row("b", "2023-03-01", nil)
	row("a", "2023-02-01", nil)
	row("a#2", "2023-05-01", nil)
	row("met", "2023-01-01", func(k *domain.ClockRow) { k.Outcome = domain.Met })
	row("paused", "2023-01-01", func(k *domain.ClockRow) { k.Pauses = []domain.Pause{{From: "2022-12-01"}} })
	row("void", "2023-01-01", func(k *domain.ClockRow) { k.Voided = true })
	write(t, s, ws)
	due := func(before domain.Date, code string, limit int) (ids []string) {
		for _, k := range must[[]domain.ClockRow](t)(s.Reader().DueClocks(ctx, before, code, limit)) {
			ids = append(ids, k.ID)
		}
		return ids
	}
	same(t, "before March", []string{"a"}, due("2023-03-01", "", 10))
	same(t, "all", []string{"a", "b", "a#2"}, due("2024-01-01", "", 10))
	same(t, "limit", []string{"a", "b"}, due("2024-01-01", "", 2))
	same(t, "code", []string{"a", "a#2"}, due("2024-01-01", "a", 10))
	same(t, "codes", []string{"a", "b", "a#2"}, due("2024-01-01", "b,a", 10))
	ws = c.one(r, false, "resumed", domain.Changes{})
	row("paused", "2023-04-01", func(k *domain.ClockRow) { k.Pauses = []domain.Pause{{From: "2022-12-01", To: "2023-01-01"}} })
	write(t, s, ws)
	same(t, "resumed", []string{"a", "b", "paused", "a#2"}, due("2024-01-01", "", 10))
}
