package storetest

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/dinghai/dinghai/domain"
)

var ctx = context.Background()

// must gives the value or ends the test.
func must[T any](t testing.TB) func(T, error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func same(t testing.TB, what string, want, got any) {
	t.Helper()
	if d := cmp.Diff(want, got, cmpopts.EquateEmpty()); d != "" {
		t.Errorf("%s (-want +got):\n%s", what, d)
	}
}

func wantCode(t testing.TB, err error, code domain.Code) {
	t.Helper()
	if got := domain.ErrorCode(err); got != code {
		t.Errorf("error %v has code %q, want %q", err, got, code)
	}
}

// inTx runs fn in a transaction of the home and fails the test on an error.
func inTx(t testing.TB, s Store, home int, fn func(domain.Tx)) {
	t.Helper()
	check(t, s.Update(ctx, home, func(tx domain.Tx) error { fn(tx); return nil }))
}

// one makes the write set of a single record with one event.
func (c *City) one(r *domain.Record, isNew bool, typ string, ch domain.Changes) *domain.WriteSet {
	e := c.Event(r, typ, ch)
	e.Key = "" // no receipt
	return &domain.WriteSet{Events: []domain.Event{e}, Records: []domain.RecordRow{Row(r, isNew)}, Heads: map[int]int64{r.Home: e.Pos}}
}

// named registers an entity with a given name.
func (c *City) named(t testing.TB, s Store, home int, name string) *domain.Record {
	t.Helper()
	r := c.Entity(home)
	r.Fields["name"] = name
	write(t, s, c.one(r, true, "registered", domain.Changes{}))
	return r
}
