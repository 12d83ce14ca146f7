package draw

import (
	"cmp"
	"encoding/binary"
	"io"
	"maps"
	"math"
	"slices"
	"strings"
	"sync/atomic"
)

// Pool is what freezing finds in the file of objects.
type Pool struct {
	Root    Hash
	Objects int // excluded ones included
	Strata  []StratumCount
}

// StratumCount counts the objects of a stratum.
type StratumCount struct {
	Code     string
	Eligible int
	Excluded map[string]int // by code of the reason
}

// ExcludedAll is the number of objects excluded for any reason.
func (s StratumCount) ExcludedAll() int {
	n := 0
	for _, k := range s.Excluded {
		n += k
	}
	return n
}

// FreezeObjects reads the file of objects, checks every line, its order and that
// no object occurs twice, and returns counts and root.
func FreezeObjects(r io.Reader) (*Pool, error) {
	p, _, err := scanObjects(r, nil)
	return p, err
}

// maxStrata bounds the strata of a pool: matters times risk classes.
const maxStrata = 4096

// goal is how many tickets a stratum is asked for.
type goal struct {
	key  Hash
	want int
	// limit is the first 64 bits of a ticket that is surely too large. All workers
	// lower it.
	limit atomic.Uint64
}

// picked is an object with a small ticket.
type picked struct {
	ticket   Hash
	id, area string
}

func (a picked) compare(b picked) int {
	return cmp.Or(a.ticket.Compare(b.ticket), strings.Compare(a.id, b.id))
}

// objectTaker counts objects and picks those with small tickets.
type objectTaker struct {
	objectColumns
	goals  map[string]*goal // nil to count only
	strata map[string]*tally
	areas  map[string]string
}

type tally struct {
	eligible int
	excluded map[string]int
	picker   *picker
}

func (t *objectTaker) take(line []byte) ([]byte, string) {
	if reason := t.read(line); reason != "" {
		return nil, reason
	}
	s := t.strata[string(t.stratum())]
	if s == nil {
		if len(t.strata) == maxStrata {
			return nil, "range"
		}
		s = &tally{excluded: map[string]int{}, picker: newPicker(t.goals[string(t.stratum())])}
		t.strata[string(t.stratum())] = s
	}
	if t.excluded() {
		if len(s.excluded) == maxStrata {
			return nil, "range"
		}
		s.excluded[string(t.columns[3])]++
		return t.id(), ""
	}
	s.eligible++
	if s.picker != nil {
		s.picker.offer(t)
	}
	return t.id(), ""
}

// intern keeps one copy of an area's code.
func (t *objectTaker) intern(b []byte) string {
	if a, ok := t.areas[string(b)]; ok {
		return a
	}
	a := string(b)
	t.areas[a] = a
	return a
}

// picker keeps the objects with the smallest tickets of a stratum.
type picker struct {
	goal    *goal
	tickets *ticketer
	found   []picked
	room    int
	ticket  Hash
}

func newPicker(g *goal) *picker {
	if g == nil || g.want == 0 {
		return nil
	}
	return &picker{goal: g, tickets: newTicketer(g.key), room: g.want + g.want/2 + 512}
}

func (p *picker) offer(o *objectTaker) {
	p.tickets.sum(&p.ticket, o.id())
	if binary.BigEndian.Uint64(p.ticket[:]) > p.goal.limit.Load() {
		return
	}
	if len(p.found) == p.room {
		p.found = smallest(p.found, p.goal.want)
		p.goal.lower(binary.BigEndian.Uint64(p.found[len(p.found)-1].ticket[:]))
	}
	p.found = append(p.found, picked{p.ticket, string(o.id()), o.intern(o.area())})
}

// lower sets the limit, unless it is lower already.
func (g *goal) lower(to uint64) {
	for now := g.limit.Load(); to < now; now = g.limit.Load() {
		if g.limit.CompareAndSwap(now, to) {
			return
		}
	}
}

// smallest sorts and cuts off what is not among the n smallest.
func smallest(list []picked, n int) []picked {
	slices.SortFunc(list, picked.compare)
	return list[:min(n, len(list))]
}

// scanObjects counts a pool and, for strata with a goal, returns the objects with
// the smallest tickets in their order.
func scanObjects(r io.Reader, goals map[string]*goal) (*Pool, map[string][]picked, error) {
	for _, g := range goals {
		g.limit.Store(math.MaxUint64)
	}
	var takers []*objectTaker
	root, n, err := scan(r, "object", func() taker {
		t := &objectTaker{goals: goals, strata: map[string]*tally{}, areas: map[string]string{}}
		takers = append(takers, t)
		return t
	})
	if err != nil {
		return nil, nil, err
	}
	all := map[string]*tally{}
	for _, t := range takers {
		for code, s := range t.strata {
			all[code] = s.merge(all[code])
		}
	}
	if len(all) > maxStrata {
		return nil, nil, refuse("stratum", "", "range")
	}
	p, found := &Pool{Root: root, Objects: n}, map[string][]picked{}
	for _, code := range slices.Sorted(maps.Keys(all)) {
		s := all[code]
		p.Strata = append(p.Strata, StratumCount{code, s.eligible, s.excluded})
		if s.picker != nil {
			found[code] = smallest(s.picker.found, s.picker.goal.want)
		}
	}
	return p, found, nil
}

// merge adds another worker's tally.
func (s *tally) merge(o *tally) *tally {
	if o == nil {
		return s
	}
	s.eligible += o.eligible
	for reason, n := range o.excluded {
		s.excluded[reason] += n
	}
	if s.picker != nil && o.picker != nil {
		s.picker.found = append(s.picker.found, o.picker.found...)
	}
	return s
}
