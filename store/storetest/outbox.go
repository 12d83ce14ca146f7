package storetest

import (
	"testing"
	"time"

	"github.com/dinghai/dinghai/domain"
)

// outbox: work is handed out in order, and what became of it stays.
func outbox(t *testing.T, m Maker) {
	s, c := m.New(t), NewCity(1)
	for _, home := range []int{330903, 330902} {
		ws := &domain.WriteSet{Heads: map[int]int64{}}
		for i := range 5 {
			r := c.Entity(home)
			e := c.Event(r, "registered", domain.Changes{})
			ws.Events, ws.Records, ws.Heads[home] = append(ws.Events, e), append(ws.Records, Row(r, true)), e.Pos
			for n := range 1 + i%2 {
				ws.Outbox = append(ws.Outbox, domain.OutboxRow{Home: home, Pos: e.Pos, N: n, State: domain.OutPending, Event: e.ID, Type: e.Type, Rec: r.ID, On: e.On,
					Out: domain.Out{Kind: "notify", To: r.Ref, Data: map[string]any{"n": int64(i)}}})
			}
		}
		write(t, s, ws)
	}
	now := time.Now().UTC().Truncate(time.Microsecond)
	list := func(state string, until time.Time, limit int) []domain.OutboxRow {
		return must[[]domain.OutboxRow](t)(s.Reader().Outbox(ctx, state, until, limit))
	}
	rows := list(domain.OutPending, now, 100)
	same(t, "all", 14, len(rows))
	for i := 1; i < len(rows); i++ {
		if a, b := rows[i-1], rows[i]; a.Home > b.Home || a.Home == b.Home && (a.Pos > b.Pos || a.Pos == b.Pos && a.N >= b.N) {
			t.Errorf("%d/%d/%d before %d/%d/%d", a.Home, a.Pos, a.N, b.Home, b.Pos, b.N)
		}
	}
	same(t, "data", map[string]any{"n": int64(0)}, rows[0].Data)
	same(t, "limit", rows[:3], list(domain.OutPending, now, 3))
	check(t, s.Outcome(ctx, outcome(rows[0], domain.OutDone, "", time.Time{})))
	check(t, s.Outcome(ctx, outcome(rows[1], domain.OutPending, "no answer", now.Add(time.Minute))))
	check(t, s.Outcome(ctx, outcome(rows[2], domain.OutDeferred, "not installed", time.Time{})))
	check(t, s.Outcome(ctx, outcome(rows[3], domain.OutFailed, "gave up", time.Time{})))
	same(t, "due now", rows[4:], list(domain.OutPending, now, 100))
	later := list(domain.OutPending, now.Add(time.Hour), 100)
	same(t, "due later", 11, len(later))
	want := rows[1]
	want.Tries, want.Error, want.Next = 1, "no answer", now.Add(time.Minute)
	same(t, "retry", want, later[0])
	same(t, "done", 1, len(list(domain.OutDone, now, 100)))
	same(t, "deferred", "not installed", list(domain.OutDeferred, now, 100)[0].Error)
	same(t, "failed", "gave up", list(domain.OutFailed, now, 100)[0].Error)
	same(t, "not given up", int64(0), must[int64](t)(s.RetryOutbox(ctx, rows[0].Home, rows[0].Pos, rows[0].N)))
	same(t, "tried anew", int64(1), must[int64](t)(s.RetryOutbox(ctx, rows[3].Home, rows[3].Pos, rows[3].N)))
	same(t, "pending again", 12, len(list(domain.OutPending, now.Add(time.Hour), 100)))
	same(t, "all anew", int64(0), must[int64](t)(s.RetryOutbox(ctx, 0, 0, 0)))
	wantCode(t, s.Outcome(ctx, outcome(domain.OutboxRow{Home: 1, Pos: 1}, domain.OutDone, "", now)), domain.NotFound)
}

func outcome(r domain.OutboxRow, state, text string, next time.Time) domain.Outcome {
	return domain.Outcome{Home: r.Home, Pos: r.Pos, N: r.N, State: state, Error: text, Next: next}
}
