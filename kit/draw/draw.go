// Package draw computes a random draw that anyone can recompute: which objects
// are inspected and by whom (双随机). It is the design dinghai-draw-v1, steps 1
// to 9, as pure functions over streams.
//
//  1. Freeze the lists of objects, inspectors and conflicts: WriteObjects and
//     FreezeObjects, WriteInspectors and ReadInspectors, WriteConflicts and
//     ReadConflicts.
//  2. Log a Plan that names the roots, the quotas and a public random value that
//     does not exist yet.
//  3. Once it exists, and once witnesses had seen the plan, Prove turns it into
//     the seed with the office's VRF key. Outsiders cannot predict the seed, the
//     office cannot choose it.
//  4. Run gives every object a ticket, HMAC-SHA-256 of its identifier under a key
//     made of seed, draw number and stratum; the smallest tickets are drawn.
//  5. Run gives each drawn object the inspectors with the smallest tickets.
//  6. Log the root of the result before anyone is told; a line proves itself
//     (Result.ProveLine).
//  7. Replace only by the next ticket: Result.ReplaceObject, ReplaceMember.
//  8. Log what opens the draw (Result.RevealEntry) and publish the files.
//  9. Verify recomputes all of it from published files and names the step at
//     which something does not fit.
//
// No modulo, no floating point and no dependence on the order of input, so two
// programs in different languages agree on every byte, and one business can
// check its own ticket alone against the published threshold.
//
// Select, Staff, PoolRoot and ListRoot are the arithmetic of steps 4 to 6 for
// lists in memory, for callers with a protocol of their own.
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
		return refuse("hash", string(b), "range")
	}
	if _, err := hex.Decode(h[:], b); err != nil {
		return refuse("hash", string(b), "range")
	}
	return nil
}

// An Error tells which argument cannot be drawn from.
type Error struct {
	Field    string // JSON or column name: "draw_no", "stratum", "object", "quota", "inspector", "team", "line", "hash", …
	Value    string
	Reason   string // "nul", "empty", "twice", "range", "order", "syntax", "length", "unknown", "mismatch", "ambiguous", "exhausted"
	Position int    // line of a file, from 1; 0 where there is none
}

func (e *Error) Error() string {
	if e.Position > 0 {
		return fmt.Sprintf("draw: line %d: %s %q: %s", e.Position, e.Field, e.Value, e.Reason)
	}
	return fmt.Sprintf("draw: %s %q: %s", e.Field, e.Value, e.Reason)
}

func refuse(field, value, reason string) error {
	return &Error{Field: field, Value: value, Reason: reason}
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
	var err error
	wg.Go(func() { err = checkObjects(pools) })
	for i, code := range codes {
		out[i] = Stratum{Code: code, Quota: quotas[code]}
		wg.Go(func() { out[i].Order = order(StratumKey(seed, drawNo, code), pools[code]) })
	}
	wg.Wait()
	if err != nil {
		return nil, err
	}
	return out, nil
}

func checkPools(drawNo string, pools map[string][]string, quotas map[string]int) error {
	if strings.Contains(drawNo, "\x00") {
		return refuse("draw_no", drawNo, "nul")
	}
	for code, q := range quotas {
		if q < 0 || q > len(pools[code]) {
			return refuse("quota", code, "range")
		}
	}
	for code := range pools {
		if strings.Contains(code, "\x00") {
			return refuse("stratum", code, "nul")
		}
	}
	return nil
}

// checkObjects refuses an object without a name or with two chances.
func checkObjects(pools map[string][]string) error {
	total := 0
	for _, objects := range pools {
		total += len(objects)
	}
	seen := make(map[string]struct{}, total)
	for _, objects := range pools {
		for _, o := range objects {
			seen[o] = struct{}{}
		}
	}
	if _, empty := seen[""]; empty {
		return refuse("object", "", "empty")
	}
	if len(seen) < total {
		return refuse("object", repeated(pools), "twice")
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
	inParallel(len(objects), 4096, func(lo, hi int) {
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

// inParallel runs f over [0, n) in one piece per processor, of at least so many;
// tickets do not depend on each other.
func inParallel(n, least int, f func(lo, hi int)) {
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
	t.buf = append(t.buf[:0], s...)
	t.sum(out, t.buf)
}

func (t *ticketer) sum(out *Hash, b []byte) {
	t.mac.Reset()
	t.mac.Write(b)
	t.mac.Sum(out[:0])
}
