package draw

import (
	"cmp"
	"encoding/binary"
	"io"
	"maps"
	"math"
	"slices"
	"strings"
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
	// Only tickets whose first 64 bits are not above the limit are kept: of size
	// objects, want and a good many more will be. That fewer are has a chance below
	// 2^-80, and is refused rather than answered wrongly.
	limit uint64
	// More than room are kept only if the stratum is larger than planned, which is
	// refused anyway.
	room int
}

func newGoal(key Hash, want, size int) *goal {
	expect := float64(want) + 12*math.Sqrt(float64(want)+16) + 64
	g := &goal{key: key, want: want, limit: math.MaxUint64, room: 2 * int(expect)}
	if expect < float64(size) {
		g.limit = uint64(expect / float64(size) * (1 << 63) * 2)
	}
	return g
}

// picked is an object with a small ticket.
type picked struct {
	ticket   Hash
	id, area string
}

func (a *picked) compare(b *picked) int {
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

// picker keeps the objects with small tickets of a stratum.
type picker struct {
	goal    *goal
	tickets *ticketer
	found   []picked
	ticket  Hash
}

func newPicker(g *goal) *picker {
	if g == nil || g.want == 0 {
		return nil
	}
	return &picker{goal: g, tickets: newTicketer(g.key), found: make([]picked, 0, min(g.room/2, 1<<16))}
}

func (p *picker) offer(o *objectTaker) {
	p.tickets.sum(&p.ticket, o.id())
	if binary.BigEndian.Uint64(p.ticket[:]) > p.goal.limit || len(p.found) > p.goal.room {
		return
	}
	p.found = append(p.found, picked{p.ticket, string(o.id()), o.intern(o.area())})
}

// smallest returns the objects with the smallest tickets in their order. Places
// are sorted rather than objects, by the first bits, which almost always decide.
func (p *picker) smallest() []picked {
	type place struct {
		head uint64
		i    int
	}
	places := make([]place, len(p.found))
	for i := range places {
		places[i] = place{binary.BigEndian.Uint64(p.found[i].ticket[:]), i}
	}
	slices.SortFunc(places, func(a, b place) int {
		if a.head != b.head {
			return cmp.Compare(a.head, b.head)
		}
		return p.found[a.i].compare(&p.found[b.i])
	})
	out := make([]picked, min(len(places), p.goal.want))
	for i := range out {
		out[i] = p.found[places[i].i]
	}
	return out
}

// scanObjects counts a pool and, for strata with a goal, returns the objects with
// the smallest tickets in their order.
func scanObjects(r io.Reader, goals map[string]*goal) (*Pool, map[string][]picked, error) {
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
			found[code] = s.picker.smallest()
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
