// Package draw computes a random draw that anyone can recompute: which objects
// are inspected and by whom (双随机), from a seed and public lists. It is steps
// 4 and 5 of the design dinghai-draw-v1.
//
// Every object gets a ticket, HMAC-SHA-256 of its identifier under a key made of
// seed, draw number and stratum; the smallest tickets are drawn. No modulo, no
// floating point and no dependence on the order of lists, so two programs in
// different languages agree on every byte, and one business can check its own
// ticket alone against the published threshold.
//
// The package does no input or output and trusts its seed; where the seed
// comes from, and how lists are frozen before it is known, is the caller's
// protocol.
package draw

import (
	"bytes"
	"cmp"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"hash"
	"maps"
	"runtime"
	"slices"
	"strings"
	"sync"
)

// Hash is a SHA-256 value: a seed, key, ticket or root. Tickets compare as
// big-endian numbers.
type Hash [32]byte

// Compare orders hashes as big-endian numbers.
func (h Hash) Compare(o Hash) int { return bytes.Compare(h[:], o[:]) }

// String returns 64 hexadecimal digits.
func (h Hash) String() string { return hex.EncodeToString(h[:]) }

// MarshalText writes what String returns, so that JSON carries hexadecimal.
func (h Hash) MarshalText() ([]byte, error) { return hex.AppendEncode(nil, h[:]), nil }

// UnmarshalText reads 64 hexadecimal digits.
func (h *Hash) UnmarshalText(b []byte) error {
	if len(b) != 2*len(h) {
		return &Error{"hash", string(b), "range"}
	}
	if _, err := hex.Decode(h[:], b); err != nil {
		return &Error{"hash", string(b), "range"}
	}
	return nil
}

// An Error tells which argument cannot be drawn from.
type Error struct {
	Field  string // "draw_no", "stratum", "object", "quota", "inspector", "team", "line", "hash"
	Value  string
	Reason string // "nul", "empty", "twice", "range"
}

func (e *Error) Error() string {
	return fmt.Sprintf("draw: %s %q: %s", e.Field, e.Value, e.Reason)
}

func mac(key []byte, parts ...string) (out Hash) {
	m := hmac.New(sha256.New, key)
	m.Write([]byte(strings.Join(parts, "\x00")))
	m.Sum(out[:0])
	return out
}

// StratumKey is the key of all tickets of one stratum in one draw.
func StratumKey(seed Hash, drawNo, stratum string) Hash {
	return mac(seed[:], "obj", drawNo, stratum)
}

// Ticket is the ticket of one object under its stratum's key.
func Ticket(key Hash, object string) Hash { return mac(key[:], object) }

// Drawn is an object with its ticket.
type Drawn struct {
	Object string
	Ticket Hash
}

// Stratum is the result for one stratum. Order holds all its objects by
// ticket, ties by identifier: first the Quota that are drawn, in the order of
// visits, then the reserve.
type Stratum struct {
	Code  string
	Quota int
	Order []Drawn
}

// Selected returns the objects drawn.
func (s Stratum) Selected() []Drawn { return s.Order[:s.Quota] }

// Reserve returns the others, in the order in which they stand in.
func (s Stratum) Reserve() []Drawn { return s.Order[s.Quota:] }

// Threshold returns the largest ticket drawn; an object is drawn if its ticket
// is not above it. ok is false if nothing is.
func (s Stratum) Threshold() (t Hash, ok bool) {
	if s.Quota == 0 {
		return t, false
	}
	return s.Order[s.Quota-1].Ticket, true
}

// Select draws from each stratum as many objects as its quota says; a stratum
// without a quota draws none. Strata come in the order of their codes. An object
// that occurs twice, in one stratum or in two, would have two chances and is an
// error.
func Select(seed Hash, drawNo string, pools map[string][]string, quotas map[string]int) ([]Stratum, error) {
	if err := checkPools(drawNo, pools, quotas); err != nil {
		return nil, err
	}
	codes := slices.Sorted(maps.Keys(pools))
	out := make([]Stratum, len(codes))
	var wg sync.WaitGroup
	for i, code := range codes {
		out[i] = Stratum{Code: code, Quota: quotas[code]}
		wg.Go(func() { out[i].Order = order(StratumKey(seed, drawNo, code), pools[code]) })
	}
	wg.Wait()
	return out, nil
}

func checkPools(drawNo string, pools map[string][]string, quotas map[string]int) error {
	if strings.Contains(drawNo, "\x00") {
		return &Error{"draw_no", drawNo, "nul"}
	}
	for code, q := range quotas {
		if q < 0 || q > len(pools[code]) {
			return &Error{"quota", code, "range"}
		}
	}
	total := 0
	for code, objects := range pools {
		if strings.Contains(code, "\x00") {
			return &Error{"stratum", code, "nul"}
		}
		total += len(objects)
	}
	seen := make(map[string]struct{}, total)
	for _, objects := range pools {
		for _, o := range objects {
			seen[o] = struct{}{}
		}
	}
	if _, empty := seen[""]; empty {
		return &Error{"object", "", "empty"}
	}
	if len(seen) < total {
		return &Error{"object", repeated(pools), "twice"}
	}
	return nil
}

// repeated finds the smallest object that occurs twice.
func repeated(pools map[string][]string) string {
	var all []string
	for _, objects := range pools {
		all = append(all, objects...)
	}
	slices.Sort(all)
	for i := 1; i < len(all); i++ {
		if all[i] == all[i-1] {
			return all[i]
		}
	}
	return ""
}

// order sorts indices by the first 64 bits of the ticket, which almost always
// decide, and moves the tickets themselves once.
func order(key Hash, objects []string) []Drawn {
	type slot struct {
		head uint64
		i    int
	}
	tickets, slots := make([]Hash, len(objects)), make([]slot, len(objects))
	inParallel(len(objects), func(lo, hi int) {
		t := newTicketer(key)
		for i := lo; i < hi; i++ {
			t.ticket(&tickets[i], objects[i])
			slots[i] = slot{binary.BigEndian.Uint64(tickets[i][:]), i}
		}
	})
	slices.SortFunc(slots, func(a, b slot) int {
		if a.head != b.head {
			return cmp.Compare(a.head, b.head)
		}
		if c := tickets[a.i].Compare(tickets[b.i]); c != 0 {
			return c
		}
		return cmp.Compare(objects[a.i], objects[b.i])
	})
	out := make([]Drawn, len(objects))
	for i, s := range slots {
		out[i] = Drawn{objects[s.i], tickets[s.i]}
	}
	return out
}

// inParallel runs f over [0, n) in one piece per processor; tickets do not
// depend on each other.
func inParallel(n int, f func(lo, hi int)) {
	const least = 4096
	size := max(n/runtime.GOMAXPROCS(0)+1, least)
	var wg sync.WaitGroup
	for lo := size; lo < n; lo += size {
		wg.Go(func() { f(lo, min(lo+size, n)) })
	}
	f(0, min(size, n))
	wg.Wait()
}

// ticketer computes many HMACs under one key without allocating.
type ticketer struct {
	mac hash.Hash
	buf []byte
}

func newTicketer(key Hash) *ticketer { return &ticketer{mac: hmac.New(sha256.New, key[:])} }

func (t *ticketer) ticket(out *Hash, s string) {
	t.mac.Reset()
	t.buf = append(t.buf[:0], s...)
	t.mac.Write(t.buf)
	t.mac.Sum(out[:0])
}
