package storetest

import (
	"testing"
	"time"
)

// lease: one active process per database.
func lease(t *testing.T, m Maker) {
	s := m.New(t)
	standby := m.Again(t, s)
	same(t, "taken", true, must[bool](t)(s.Acquire(ctx, "one")))
	same(t, "again by its owner", true, must[bool](t)(s.Acquire(ctx, "one")))
	same(t, "held", false, must[bool](t)(standby.Acquire(ctx, "two")))
	owner, until, err := standby.Holder(ctx)
	check(t, err)
	if owner != "one" || time.Until(until) <= 0 {
		t.Errorf("holder %q until %v", owner, until)
	}
	same(t, "renewed", true, must[bool](t)(s.Renew(ctx, "one")))
	same(t, "renewed by a stranger", false, must[bool](t)(standby.Renew(ctx, "two")))
	check(t, s.Release(ctx, "one"))
	same(t, "taken over", true, must[bool](t)(standby.Acquire(ctx, "two")))
	same(t, "lost", false, must[bool](t)(s.Renew(ctx, "one")))
	check(t, standby.Release(ctx, "two"))
	owner, _, err = s.Holder(ctx)
	check(t, err)
	same(t, "nobody", "", owner)
}
