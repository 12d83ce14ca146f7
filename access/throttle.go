package access

import (
	"net/netip"
	"strings"
	"sync"
	"time"
)

// throttle slows guessing down without letting anybody lock others out.
//
// Failures are counted per account and network: after a few each further one
// doubles the wait, for that account from that network only. A budget per
// network bounds trying many accounts from one place. A browser that signed in
// to an account before (its device cookie says so) is counted by itself and
// owes nothing to the budget, so that a guesser next door, behind the same
// address, does not stand in its way.
//
// All is in memory and bounded: a restart forgives.
type throttle struct {
	now     func() time.Time
	mu      sync.Mutex
	tries   map[try]*tally
	budgets map[string]*budget
}

// try is what failures are counted by.
type try struct{ account, from string }

type tally struct {
	n     int       // failures in a row, attempts under way included
	last  time.Time // of the last attempt
	until time.Time // no attempt before
}

type budget struct {
	left float64
	at   time.Time
}

const (
	freeTries  = 5 // failures without a wait
	firstWait  = 2 * time.Second
	longest    = 15 * time.Minute
	forgiven   = 24 * time.Hour // a tally this old begins anew
	budgetSize = 60             // failures a network may make at once
	budgetFill = 6 * time.Second
	maxEntries = 50_000 // of each map
)

func newThrottle(now func() time.Time) *throttle {
	return &throttle{now: now, tries: map[try]*tally{}, budgets: map[string]*budget{}}
}

// begin asks for one attempt on an account. It gives the time to wait, 0 to go
// ahead. The attempt counts as failed until succeed says otherwise, so that many
// at once are no way around. known names the browser's device, "" = unknown.
func (t *throttle) begin(account, network, known string) (try, time.Duration) {
	t.mu.Lock()
	defer t.mu.Unlock()
	now, net := t.now(), placeOf(network)
	k := try{account, net}
	if known != "" {
		k.from = "device " + known
	}
	y := t.tries[k]
	if y == nil || now.Sub(y.last) > forgiven {
		y = &tally{}
		t.room(now)
		t.tries[k] = y
	}
	if wait := y.until.Sub(now); wait > 0 {
		return k, wait
	}
	if known == "" {
		if wait := t.spend(net, now); wait > 0 {
			return k, wait
		}
	}
	y.n, y.last = y.n+1, now
	if y.n >= freeTries {
		y.until = now.Add(waitAfter(y.n))
	}
	return k, 0
}

func waitAfter(n int) time.Duration {
	w := firstWait
	for range n - freeTries {
		if w *= 2; w >= longest {
			return longest
		}
	}
	return w
}

// succeed forgets the failures of a try and gives its cost back.
func (t *throttle) succeed(k try) {
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.tries, k)
	if b := t.budgets[k.from]; b != nil {
		b.left = min(b.left+1, budgetSize)
	}
}

// spend takes one failure from a network's budget, or tells when there is one
// to take.
func (t *throttle) spend(net string, now time.Time) time.Duration {
	b := t.budgets[net]
	if b == nil {
		b = &budget{left: budgetSize, at: now}
		t.budgets[net] = b
	}
	b.left = min(b.left+float64(now.Sub(b.at))/float64(budgetFill), budgetSize)
	b.at = now
	if b.left < 1 {
		return time.Duration((1 - b.left) * float64(budgetFill))
	}
	b.left--
	return 0
}

// room drops what no longer matters when a map is full; should everything
// matter, it drops some: memory is bounded whatever happens.
func (t *throttle) room(now time.Time) {
	if len(t.tries) >= maxEntries {
		prune(t.tries, func(y *tally) bool { return now.Sub(y.last) > longest && y.until.Before(now) })
	}
	if len(t.budgets) >= maxEntries {
		prune(t.budgets, func(b *budget) bool { return now.Sub(b.at) > budgetSize*budgetFill })
	}
}

func prune[K comparable, V any](m map[K]V, old func(V) bool) {
	for k, v := range m {
		if old(v) {
			delete(m, k)
		}
	}
	for k := range m {
		if len(m) <= maxEntries*9/10 {
			return
		}
		delete(m, k)
	}
}

// placeOf is the network an address stands for: IPv6 users have a /64 each.
func placeOf(network string) string {
	a, err := netip.ParseAddr(network)
	if err != nil {
		return strings.ToLower(plain(network, 64))
	}
	if a = a.Unmap(); a.Is6() {
		p, _ := a.WithZone("").Prefix(64)
		return p.String()
	}
	return a.String()
}
