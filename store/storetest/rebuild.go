package storetest

import (
	"strings"
	"testing"

	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/store"
)

// rebuild: projections made a second time in the shadow equal the live ones,
// differences are named, and the swap loses nothing.
func rebuild(t *testing.T, m Maker) {
	s, c := m.New(t), NewCity(1)
	check(t, s.Filterable(ctx, "registration.entity", []string{"industry"}))
	var sets []*domain.WriteSet
	for i := range 6 {
		ws := c.Group(Homes[i%len(Homes)], 20)
		r := ws.Records[0].Record
		ws.Clocks = []domain.ClockRow{{Home: r.Home, Record: r.ID, Kind: r.Kind, Area: r.Area, Clock: domain.Clock{ID: "a", Code: "a", Due: "2023-01-01"}}}
		ws.Tasks = []domain.TaskRow{{Home: r.Home, Record: r.ID, Kind: r.Kind, Area: r.Area, Task: domain.Task{ID: "a", Role: "clerk"}}}
		ws.Counters = []domain.CounterRow{{Home: r.Home, Organ: "o", Kind: "k", Year: 2023, N: i + 1}}
		ws.Blind = []domain.BlindRow{{Home: r.Home, Record: r.ID, Field: "phone", Hash: "aa"}}
		ws.Outbox = []domain.OutboxRow{{Home: r.Home, Pos: r.Pos, Event: "e", Out: domain.Out{Kind: "notify"}}}
		write(t, s, ws)
		sets = append(sets, ws)
	}
	fix := c.one(sets[0].Records[0].Record, false, "corrected", domain.Changes{})
	point := sets[0].Contributions[0]
	fix.Closed = []domain.Contribution{{Indicator: point.Indicator, Version: 1, Home: point.Home, Record: point.Record, PosTo: fix.Events[0].Pos}}
	write(t, s, fix)
	sets = append(sets, fix)

	sh := must[store.Shadow](t)(s.Shadow(ctx))
	defer func() { check(t, sh.Discard(ctx)) }()
	replay(t, sh, sets[:3])
	wantCode(t, sh.Swap(ctx), domain.Conflict)
	diff := must[[]string](t)(s.Compare(ctx, sh, 5))
	if len(diff) != 5 || !strings.Contains(strings.Join(diff, "\n"), "only live") {
		t.Errorf("differences of half a rebuild: %q", diff)
	}
	replay(t, sh, sets[3:])
	same(t, "no difference", []string(nil), must[[]string](t)(s.Compare(ctx, sh, 5)))
	same(t, "heads", must[map[int]int64](t)(s.Reader().Heads(ctx)), must[map[int]int64](t)(sh.Heads(ctx)))

	before := must[domain.ListPage](t)(s.Reader().Search(ctx, domain.SearchQuery{Text: "舟山", Limit: 500}))
	check(t, sh.Swap(ctx))
	same(t, "search", before.Total, must[domain.ListPage](t)(s.Reader().Search(ctx, domain.SearchQuery{Text: "舟山", Limit: 500})).Total)
	same(t, "totals", []string(nil), must[[]string](t)(s.CheckRollups(ctx, 5)))
	same(t, "receipt kept", true, receiptThere(t, s, &sets[2].Receipts[3]))
	same(t, "outbox kept", 6, len(must[[]domain.OutboxRow](t)(s.Reader().Outbox(ctx, domain.OutPending, anyTime, 100))))
	write(t, s, c.Group(330902, 3)) // life goes on
	same(t, "list", 246, must[int](t)(s.Reader().Count(ctx, domain.ListQuery{})))

	t.Run("NamesDifferences", func(t *testing.T) {
		sh := must[store.Shadow](t)(s.Shadow(ctx))
		for _, ws := range sets[:6] {
			altered := *ws
			altered.Records = append([]domain.RecordRow(nil), ws.Records...)
			altered.Records[0].Title = "别的标题"
			replay(t, sh, []*domain.WriteSet{&altered})
		}
		diff := strings.Join(must[[]string](t)(s.Compare(ctx, sh, 100)), "\n")
		id := sets[0].Records[0].ID
		if !strings.Contains(diff, "record (330900, "+id) || !strings.Contains(diff, "title") {
			t.Errorf("no word of record %s in\n%s", id, diff)
		}
		check(t, sh.Discard(ctx))
	})
}

func replay(t *testing.T, sh store.Shadow, sets []*domain.WriteSet) {
	t.Helper()
	for _, ws := range sets {
		check(t, sh.Update(ctx, ws.Events[0].Home, func(tx domain.Tx) error { return tx.Write(ws) }))
	}
}

func receiptThere(t *testing.T, s Store, want *domain.ReceiptRow) (there bool) {
	inTx(t, s, want.Home, func(tx domain.Tx) {
		r := must[*domain.ReceiptRow](t)(tx.Receipt(want.Home, want.Key))
		there = r != nil && *r == *want
	})
	return there
}
