package storetest

import (
	"testing"
	"time"

	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/store"
)

// kept: what stands beside the events and never changes.
func kept(t *testing.T, m Maker) {
	t.Run("Definitions", func(t *testing.T) {
		s := m.New(t)
		d := store.Definition{Kind: "process", Name: "complaint", Version: 3, Content: "states: []"}
		check(t, s.Pin(ctx, d))
		check(t, s.Pin(ctx, d)) // the same again
		other := d
		other.Content = "states: [x]"
		wantCode(t, s.Pin(ctx, other), domain.Refused)
		other.Version = 4
		check(t, s.Pin(ctx, other))
		same(t, "process", []store.Definition{d, other}, must[[]store.Definition](t)(s.Pinned(ctx, "process")))
		same(t, "all", 2, len(must[[]store.Definition](t)(s.Pinned(ctx, ""))))
		same(t, "none", 0, len(must[[]store.Definition](t)(s.Pinned(ctx, "form"))))
	})
	t.Run("Frozen", func(t *testing.T) {
		s := m.New(t)
		f := store.Frozen{Home: 330900, ID: "summary-2023", Name: "年度总结", At: time.Date(2024, 1, 5, 0, 0, 0, 0, time.UTC), Content: `{"a":1}`}
		check(t, s.Freeze(ctx, f))
		check(t, s.Freeze(ctx, f))
		same(t, "found", &f, must[*store.Frozen](t)(s.Frozen(ctx, f.Home, f.ID)))
		g := f
		g.Content = "{}"
		wantCode(t, s.Freeze(ctx, g), domain.Refused)
		same(t, "other", (*store.Frozen)(nil), must[*store.Frozen](t)(s.Frozen(ctx, f.Home, "x")))
	})
	t.Run("AccessLog", func(t *testing.T) {
		s := m.New(t)
		at := time.Date(2023, 1, 1, 0, 0, 0, 5, time.UTC)
		a := store.Access{At: at, Actor: "li", Role: "clerk", Action: "read", Target: "330902-x", Detail: "phone"}
		b := store.Access{At: at.Add(1), Actor: "wang", Target: "330902-y"}
		check(t, s.LogAccess(ctx, a, b))
		same(t, "newest first", []store.Access{b, a}, must[[]store.Access](t)(s.Accesses(ctx, "", 10)))
		same(t, "of one", []store.Access{a}, must[[]store.Access](t)(s.Accesses(ctx, "330902-x", 10)))
		for name, q := range map[string]store.AccessQuery{"actor": {Actor: "li"}, "target": {Target: a.Target}, "action": {Action: "read"}, "until": {To: b.At}} {
			got := must[[]store.AccessLine](t)(s.AccessLog(ctx, q))
			if len(got) != 1 || got[0].Access != a {
				t.Errorf("by %s: %v", name, got)
			}
		}
		all := must[[]store.AccessLine](t)(s.AccessLog(ctx, store.AccessQuery{From: a.At}))
		same(t, "all", 2, len(all))
		older := must[[]store.AccessLine](t)(s.AccessLog(ctx, store.AccessQuery{Before: all[0].N, Limit: 1}))
		same(t, "next page", all[1:], older)
	})
	t.Run("Erased", func(t *testing.T) {
		s, c := m.New(t), NewCity(1)
		r := c.named(t, s, 330902, "某人")
		r.Erased = true
		ws := c.one(r, false, "person.erased", domain.Changes{Erase: true})
		write(t, s, ws)
		same(t, "list", []store.Erasure{{Ref: r.Ref, Event: ws.Events[0].ID, On: r.Opened}}, must[[]store.Erasure](t)(s.Erased(ctx)))
	})
	t.Run("Meta", func(t *testing.T) {
		s := m.New(t)
		same(t, "unset", "", must[string](t)(s.Meta(ctx, "bureau")))
		check(t, s.SetMeta(ctx, "bureau", "a"))
		check(t, s.SetMeta(ctx, "bureau", "b"))
		same(t, "set", "b", must[string](t)(s.Meta(ctx, "bureau")))
	})
}
