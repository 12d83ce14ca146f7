package storetest

import (
	"errors"
	"testing"

	"github.com/dinghai/dinghai/domain"
)

// events: what was written comes back exactly, in order, without a gap.
func events(t *testing.T, m Maker) {
	t.Run("RoundTrip", func(t *testing.T) {
		s, c := m.New(t), NewCity(1)
		ws := c.Group(330902, 5)
		ws.Events[2].Changes = domain.Changes{State: "x", Set: map[string]any{"n": int64(3), "f": 1.5, "gone": nil, "list": []any{"a", int64(1)}, "引号": "\"\\\n"},
			Correct: []domain.Correction{{Field: "a", Old: int64(1), New: "b"}}, Quiet: true}
		ws.Events[3].Late, ws.Events[3].Opening, ws.Events[3].Approver, ws.Events[3].Reason, ws.Events[3].Batch, ws.Events[3].Cause = true, true, "a", "r", "b", "c"
		write(t, s, ws)
		for i := range ws.Events {
			want := ws.Events[i]
			same(t, "EventAt", &want, must[*domain.Event](t)(s.Reader().EventAt(ctx, want.Home, want.Pos)))
			same(t, "Events", []domain.Event{want}, must[[]domain.Event](t)(s.Reader().Events(ctx, domain.Ref{Home: want.Home, ID: want.Record})))
		}
		if e := must[*domain.Event](t)(s.Reader().EventAt(ctx, 330902, 6)); e != nil {
			t.Errorf("an event behind the head: %+v", e)
		}
	})
	t.Run("Stream", func(t *testing.T) {
		s, c := m.New(t), NewCity(2)
		settle(t, s, c, 3*s.GroupSize())
		from := map[int]int64{330900: 10, 330902: 1 << 30}
		var got []domain.Event
		check(t, s.Events(ctx, from, func(e domain.Event) error { got = append(got, e); return nil }))
		want := 0
		for home, head := range must[map[int]int64](t)(s.Reader().Heads(ctx)) {
			want += int(max(0, head-from[home]))
		}
		if len(got) != want {
			t.Fatalf("%d events, want %d", len(got), want)
		}
		for i := 1; i < len(got); i++ {
			if a, b := got[i-1], got[i]; a.Home > b.Home || a.Home == b.Home && a.Pos+1 != b.Pos {
				t.Fatalf("%d/%d is followed by %d/%d", a.Home, a.Pos, b.Home, b.Pos)
			}
		}
		stop := errors.New("enough")
		if err := s.Events(ctx, nil, func(domain.Event) error { return stop }); !errors.Is(err, stop) {
			t.Errorf("got %v, want the callback's error", err)
		}
	})
	t.Run("GapRefused", func(t *testing.T) {
		s, c := m.New(t), NewCity(3)
		ws := c.Group(330902, 3)
		ws.Events[1].Pos = 7
		wantCode(t, tryWrite(s, ws), domain.Internal)
		ws = NewCity(3).Group(330902, 3)
		ws.Heads[330902] = 4
		wantCode(t, tryWrite(s, ws), domain.Internal)
		write(t, s, NewCity(3).Group(330902, 3))
		wantCode(t, tryWrite(s, NewCity(4).Group(330902, 3)), domain.Internal) // begins at 1 again
		same(t, "heads", map[int]int64{330902: 3}, must[map[int]int64](t)(s.Reader().Heads(ctx)))
	})
	t.Run("CountEvents", func(t *testing.T) { countEvents(t, m) })
}

func countEvents(t *testing.T, m Maker) {
	s, c := m.New(t), NewCity(5)
	subject := c.named(t, s, 330902, "海味园")
	for i, day := range []domain.Date{"2023-01-31", "2023-02-01", "2023-02-28", "2023-03-01"} {
		r := c.Entity(330900)
		r.Kind, r.Class, r.Of, r.Opened = "complaint.complaint", domain.Case, subject.Ref, day
		ws := c.one(r, true, "complaint.accepted", domain.Changes{})
		ws.Links = []domain.LinkRow{{Home: r.Home, Record: r.ID, Role: "of", To: r.Of}}
		write(t, s, ws)
		if i == 2 {
			r.Voided = true
			write(t, s, c.one(r, false, "complaint.voided", domain.Changes{Void: true}))
		}
	}
	count := func(typ string, from, to domain.Date) int {
		return must[int](t)(s.Reader().CountEvents(ctx, typ, subject.Ref, from, to))
	}
	same(t, "February without the voided one", 1, count("complaint.accepted", "2023-02-01", "2023-02-28"))
	same(t, "since February", 2, count("complaint.accepted", "2023-02-01", ""))
	same(t, "other type", 0, count("complaint.closed", "", ""))
	same(t, "about itself", 1, count("registered", "", ""))
}
