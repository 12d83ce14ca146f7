package access

import (
	"fmt"
	"testing"
	"time"
)

// hand is a time to set.
type hand struct{ t time.Time }

func (c *hand) now() time.Time { return c.t }

func (c *hand) pass(d time.Duration) { c.t = c.t.Add(d) }

func TestThrottleGrows(t *testing.T) {
	c := &hand{time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)}
	g := newThrottle(c.now)
	for i := range freeTries {
		if _, wait := g.begin("li", "10.0.0.1", ""); wait != 0 {
			t.Fatalf("attempt %d waits %s", i+1, wait)
		}
	}
	want := []time.Duration{2 * time.Second, 4 * time.Second, 8 * time.Second}
	for _, w := range want {
		if _, wait := g.begin("li", "10.0.0.1", ""); wait != w {
			t.Errorf("waits %s, want %s", wait, w)
		}
		c.pass(w - time.Millisecond)
		if _, wait := g.begin("li", "10.0.0.1", ""); wait != time.Millisecond {
			t.Errorf("waits %s, want 1ms", wait)
		}
		c.pass(time.Millisecond)
		if _, wait := g.begin("li", "10.0.0.1", ""); wait != 0 {
			t.Errorf("waits %s after its time", wait)
		}
	}
	for range 20 {
		c.pass(longest)
		if _, wait := g.begin("li", "10.0.0.1", ""); wait != 0 {
			t.Fatalf("waits %s: longer than the longest", wait)
		}
	}
	c.pass(longest)
	k, _ := g.begin("li", "10.0.0.1", "")
	g.succeed(k)
	for range freeTries {
		if _, wait := g.begin("li", "10.0.0.1", ""); wait != 0 {
			t.Fatal("a success does not clear the count")
		}
	}
}

// TestThrottleLocksNobodyOut: somebody who guesses at an account, from elsewhere
// or from behind the same address, does not keep its owner out.
func TestThrottleLocksNobodyOut(t *testing.T) {
	c := &hand{time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)}
	g := newThrottle(c.now)
	for range 1000 {
		g.begin("li", "203.0.113.9", "")
		c.pass(time.Second)
	}
	if _, wait := g.begin("li", "10.0.0.1", ""); wait != 0 {
		t.Errorf("the owner elsewhere waits %s", wait)
	}
	if _, wait := g.begin("li", "203.0.113.9", "phone"); wait != 0 {
		t.Errorf("the owner's known device next door waits %s", wait)
	}
	for i := range 1000 { // many accounts, no pause: the network's budget is gone
		g.begin(fmt.Sprint("a", i), "203.0.113.9", "")
	}
	if _, wait := g.begin("wang", "203.0.113.9", ""); wait <= 0 || wait > budgetFill {
		t.Errorf("a stranger behind a spent budget waits %s", wait)
	}
	if _, wait := g.begin("wang", "203.0.113.9", "desk"); wait != 0 {
		t.Errorf("a known device behind a spent budget waits %s", wait)
	}
}

// TestThrottleCountsAtOnce: attempts side by side are no way around.
func TestThrottleCountsAtOnce(t *testing.T) {
	c := &hand{time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)}
	g := newThrottle(c.now)
	let := 0
	for range 100 {
		if _, wait := g.begin("li", "10.0.0.1", ""); wait == 0 {
			let++
		}
	}
	if let != freeTries {
		t.Errorf("%d attempts at once", let)
	}
}

func TestThrottleIsBounded(t *testing.T) {
	c := &hand{time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)}
	g := newThrottle(c.now)
	for i := range 3 * maxEntries {
		g.begin(fmt.Sprint(i), fmt.Sprintf("2001:db8:%x:%x::1", i>>16, i&0xffff), "")
	}
	if len(g.tries) > maxEntries || len(g.budgets) > maxEntries+1 {
		t.Errorf("%d tries, %d budgets", len(g.tries), len(g.budgets))
	}
}

func TestPlaceOf(t *testing.T) {
	for in, want := range map[string]string{"10.0.0.1": "10.0.0.1", "::ffff:10.0.0.1": "10.0.0.1", "2001:db8:1:2:3::4": "2001:db8:1:2::/64", "fe80::1%eth0": "fe80::/64", "Unix": "unix", "": ""} {
		if got := placeOf(in); got != want {
			t.Errorf("%s: %s, want %s", in, got, want)
		}
	}
}
