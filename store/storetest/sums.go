package storetest

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/dinghai/dinghai/domain"
)

// sums: every figure against a plain loop over the same rows, and the rows
// behind it against the figure.
func sums(t *testing.T, m Maker) {
	s, c := m.New(t), NewCity(1)
	rows := contribute(t, s, c)
	same(t, "rollups after closing", []string(nil), must[[]string](t)(s.CheckRollups(ctx, 5)))
	at := map[int]int64{330902: c.heads[330902] / 2, 330903: c.heads[330903]}
	periods := [][2]domain.Date{{"2023-01-01", "2023-12-31"}, {"2023-02-10", "2023-11-20"}, {"2023-03-05", "2023-03-25"}, {"2023-03-01", "2023-03-31"},
		{"", ""}, {"", "2023-06-30"}, {"2022-05-05", ""}, {"2023-01-15", "2023-02-15"}, {"2023-12-31", "2023-12-31"}, {"2024-02-01", "2024-01-01"}}
	for _, p := range periods {
		for _, area := range []string{"", "330900", "330902", "330902003", rows[0].Area, "33"} {
			for _, mode := range []domain.Mode{domain.ModeSum, domain.ModeStock, domain.ModeDistinct, domain.ModeFirst, domain.ModeLatest, domain.ModeEvery} {
				q := domain.Slice{Indicator: "point", Version: 1, Mode: mode, From: p[0], To: p[1], Area: area}
				if mode == domain.ModeStock {
					q.Indicator = "spell"
				}
				figure(t, s, q, rows)
			}
		}
		figure(t, s, domain.Slice{Indicator: "spell", Version: 1, Mode: domain.ModeSum, From: p[0], To: p[1]}, rows)
	}
	for _, mode := range []domain.Mode{domain.ModeSum, domain.ModeStock, domain.ModeLatest, domain.ModeEvery, domain.ModeDistinct, domain.ModeFirst} {
		for _, q := range []domain.Slice{{Zone: "port"}, {Zone: "p%t"}, {At: at}, {At: map[int]int64{}}, {Keys: []string{"k1", "k3"}}, {Keys: []string{}}, {Version: 2}, {At: at, Zone: "old", Area: "330902"}} {
			q.Indicator, q.Mode, q.To = "point", mode, "2023-10-10"
			if mode == domain.ModeStock {
				q.Indicator = "spell"
			}
			q.Version = max(1, q.Version)
			figure(t, s, q, rows)
		}
	}
	t.Run("FrozenStays", func(t *testing.T) { frozenStays(t, m) })
	t.Run("OddRows", func(t *testing.T) {
		ws := &domain.WriteSet{Events: []domain.Event{}, Heads: map[int]int64{}}
		ws.Contributions = []domain.Contribution{{Indicator: "point", Version: 1, Home: 330902, Record: "x", Day: "2023-01-01", Until: "2022-01-01", Area: "330902001001", Num: 1, PosFrom: 1}}
		ws.Closed = []domain.Contribution{{Indicator: "point", Version: 1, Home: 330902, Record: "never there", PosTo: 9}}
		check(t, tryWrite(s, ws)) // closing what is not there changes nothing; ending before the start is ending at once
		same(t, "rollups", []string(nil), must[[]string](t)(s.CheckRollups(ctx, 5)))
	})
}

// contribute writes rows and closes some of them again, as corrections do.
func contribute(t *testing.T, s Store, c *City) []domain.Contribution {
	var all []domain.Contribution
	var open []int
	for round := range 12 {
		home := []int{330902, 330903}[round%2]
		ws := &domain.WriteSet{Heads: map[int]int64{}}
		for i := range 40 {
			r := c.Entity(home)
			e := c.Event(r, "happened", domain.Changes{})
			ws.Events, ws.Records, ws.Heads[home] = append(ws.Events, e), append(ws.Records, Row(r, true)), e.Pos
			p := domain.Contribution{Indicator: "point", Version: 1, Home: home, Record: r.ID, N: i % 2, Key: fmt.Sprint("k", c.rand.IntN(60)), Area: r.Area, Day: c.Day(2022, 2023), Num: int64(c.rand.IntN(5)), Den: int64(c.rand.IntN(5)), PosFrom: e.Pos}
			if i%9 == 0 {
				p.Area = fmt.Sprint(home) // a county's own row
			}
			if i%4 == 0 {
				p.Zones = []string{"port", "old"}[:1+i%2]
			}
			sp := p
			sp.Indicator, sp.Until = "spell", domain.Forever
			if i%3 == 0 {
				sp.Until = max(sp.Day, c.Day(2022, 2024))
			}
			all = append(all, p, sp)
			ws.Contributions = append(ws.Contributions, p, sp)
			open = append(open, len(all)-2, len(all)-1)
			if i%5 == 0 { // corrected at once, in the same write set
				n := len(all) - 2
				r.Seq++
				e := c.Event(r, "corrected", domain.Changes{})
				ws.Events, ws.Heads[home] = append(ws.Events, e), e.Pos
				end(ws, all, n, e.Pos)
				open = slices.DeleteFunc(open, func(i int) bool { return i == n })
			}
		}
		for range 15 { // corrected later; only rows of this home
			at := c.rand.IntN(len(open))
			if n := open[at]; all[n].Home == home && all[n].PosFrom < ws.Events[0].Pos {
				open = slices.Delete(open, at, at+1)
				next := all[n]
				next.Num, next.Day, next.PosFrom = next.Num+1, c.Day(2022, 2023), ws.Heads[home]
				if next.Until != "" {
					next.Until = max(next.Until, next.Day)
				}
				end(ws, all, n, next.PosFrom)
				all, open = append(all, next), append(open, len(all))
				ws.Contributions = append(ws.Contributions, next)
			}
		}
		write(t, s, ws)
	}
	return all
}

// end closes row n at a position.
func end(ws *domain.WriteSet, all []domain.Contribution, n int, pos int64) {
	all[n].PosTo = pos
	c := all[n]
	ws.Closed = append(ws.Closed, domain.Contribution{Indicator: c.Indicator, Version: c.Version, Home: c.Home, Record: c.Record, N: c.N, PosTo: pos})
}

func figure(t *testing.T, s Store, q domain.Slice, all []domain.Contribution) {
	t.Helper()
	want, rows := reckon(q, all)
	got := must[domain.Total](t)(s.Reader().Sum(ctx, q))
	same(t, fmt.Sprintf("Sum %+v", q), want, got)
	var list []domain.Contribution
	for after := ""; ; {
		page, next, err := s.Reader().Rows(ctx, q, after, 29)
		check(t, err)
		for _, r := range page {
			list = append(list, r.Contribution)
		}
		if after = next; next == "" {
			break
		}
	}
	same(t, fmt.Sprintf("Rows %+v", q), rows, list)
	var keys []string
	for _, c := range list {
		keys = append(keys, c.Key)
	}
	slices.Sort(keys)
	same(t, fmt.Sprintf("Keys %+v", q), slices.Compact(keys), must[[]string](t)(s.Reader().Keys(ctx, q)))
	if want.Rows != len(list) {
		t.Errorf("Sum rests on %d rows, Rows lists %d", want.Rows, len(list))
	}
}

// reckon is the plain reading of the modes.
func reckon(q domain.Slice, all []domain.Contribution) (t domain.Total, rows []domain.Contribution) {
	var list []domain.Contribution
	for _, c := range all {
		inForce := c.PosTo == 0
		if q.At != nil {
			at := q.At[c.Home]
			inForce = c.PosFrom <= at && (c.PosTo == 0 || c.PosTo > at)
		}
		if c.Indicator == q.Indicator && c.Version == q.Version && inForce && (q.Keys == nil || slices.Contains(q.Keys, c.Key)) {
			list = append(list, c)
		}
	}
	slices.SortFunc(list, byPlace)
	within := func(c domain.Contribution) bool {
		return (q.From == "" || c.Day >= q.From) && (q.To == "" || c.Day <= q.To)
	}
	local := func(c domain.Contribution) bool {
		return domain.Within(c.Area, q.Area) && (q.Zone == "" || slices.Contains(c.Zones, q.Zone))
	}
	keep := func(ok func(domain.Contribution) bool) {
		list = slices.DeleteFunc(list, func(c domain.Contribution) bool { return !ok(c) })
	}
	switch q.Mode {
	case domain.ModeSum:
		keep(within)
		keep(local)
	case domain.ModeStock:
		keep(func(c domain.Contribution) bool {
			to := q.To
			if to == "" {
				to = "9999-12-30"
			}
			return c.Day <= to && (c.Until == "" || c.Until > to)
		})
		keep(local)
	case domain.ModeDistinct:
		keep(within)
		keep(local)
		list = perKey(list, byRank)
	case domain.ModeFirst:
		list = perKey(list, byRank)
		keep(within)
		keep(local)
	case domain.ModeLatest:
		keep(within)
		list = perKey(list, byLatest)
		keep(local)
	case domain.ModeEvery:
		keep(within)
		keep(local)
		num, den := map[string]int64{}, map[string]int64{}
		for _, c := range list {
			num[c.Key] += c.Num
			den[c.Key] += c.Den
		}
		list = perKey(list, byEvery)
		for i := range list {
			list[i].Num, list[i].Den = num[list[i].Key], den[list[i].Key]
		}
	}
	slices.SortFunc(list, byPlace)
	for _, c := range list {
		switch q.Mode {
		case domain.ModeDistinct, domain.ModeFirst:
			t.Num++
		case domain.ModeEvery:
			t.Den++
			if c.Num == c.Den {
				t.Num++
			}
		default:
			t.Num, t.Den = t.Num+c.Num, t.Den+c.Den
		}
	}
	t.Rows = len(list)
	return t, list
}

func byPlace(a, b domain.Contribution) int {
	return cmp.Or(strings.Compare(string(a.Day), string(b.Day)), strings.Compare(place(a), place(b)), cmp.Compare(a.PosFrom, b.PosFrom))
}

func rank(c domain.Contribution) string { return string(c.Day) }
func place(c domain.Contribution) string {
	return fmt.Sprintf("%s %06d %03d", c.Record, c.Home, c.N)
}

func byRank(a, b domain.Contribution) int {
	return strings.Compare(rank(a)+place(a), rank(b)+place(b))
}

func byLatest(a, b domain.Contribution) int {
	return cmp.Or(strings.Compare(rank(b), rank(a)), strings.Compare(b.Record, a.Record), cmp.Compare(a.Home, b.Home), cmp.Compare(b.N, a.N))
}

func byEvery(a, b domain.Contribution) int {
	if n := strings.Compare(rank(b), rank(a)); n != 0 {
		return n
	}
	return strings.Compare(place(a), place(b))
}

// perKey keeps the first of each key in an order.
func perKey(list []domain.Contribution, order func(a, b domain.Contribution) int) []domain.Contribution {
	seen := map[string]bool{}
	return slices.DeleteFunc(slices.SortedFunc(slices.Values(list), order), func(c domain.Contribution) bool {
		was := seen[c.Key]
		seen[c.Key] = true
		return was
	})
}

// frozenStays: a correction restates the figure of now, not the published one.
func frozenStays(t *testing.T, m Maker) {
	s, c := m.New(t), NewCity(2)
	ws := c.Register(330902)
	write(t, s, &ws)
	q := domain.Slice{Indicator: "registration.new_entities", Version: 1, Mode: domain.ModeSum}
	frozen := q
	frozen.At = map[int]int64{330902: 1}
	r := ws.Records[0].Record
	fix := c.one(r, false, "corrected", domain.Changes{})
	fix.Closed = []domain.Contribution{{Indicator: q.Indicator, Version: 1, Home: r.Home, Record: r.ID, PosTo: 2}}
	next := ws.Contributions[0]
	next.Num, next.PosFrom = 5, 2
	fix.Contributions = []domain.Contribution{next}
	write(t, s, fix)
	same(t, "now", domain.Total{Num: 5, Rows: 1}, must[domain.Total](t)(s.Reader().Sum(ctx, q)))
	same(t, "as published", domain.Total{Num: 1, Rows: 1}, must[domain.Total](t)(s.Reader().Sum(ctx, frozen)))
	rows, _, err := s.Reader().Rows(ctx, q, "", 5)
	check(t, err)
	same(t, "row", domain.SliceRow{Contribution: next, Kind: r.Kind, State: r.State, Title: r.Fields["name"].(string)}, rows[0])
}
