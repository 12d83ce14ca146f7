package draw

import (
	"cmp"
	"encoding/binary"
	"slices"
	"strings"
)

// staffing gives out inspectors and keeps count of their loads.
type staffing struct {
	key     Hash
	people  []Inspector
	index   map[string]int // by number
	load    []int
	barred  map[string][]int32 // by object: who has a conflict
	suited  map[suit][]int32   // who is available, serves the area and holds what is needed
	used    map[Conflict]bool  // conflicts but for which somebody would have been picked
	tickets *ticketer
	buf     []byte
}

// suit is what a visit asks of an inspector.
type suit struct{ area, need string }

func newStaffing(key Hash, people []Inspector, conflicts map[Conflict]bool) *staffing {
	s := &staffing{key: key, people: people, index: make(map[string]int, len(people)), load: make([]int, len(people)),
		barred: map[string][]int32{}, suited: map[suit][]int32{}, used: map[Conflict]bool{}, tickets: newTicketer(key)}
	for i, p := range people {
		s.index[p.No] = i
	}
	for c, on := range conflicts {
		if i, ok := s.index[c.Inspector]; ok && on {
			s.barred[c.Object] = append(s.barred[c.Object], int32(i))
		}
	}
	return s
}

// suitable lists who may visit, conflicts and loads aside.
func (s *staffing) suitable(v *Visit) []int32 {
	k := suit{v.Area, strings.Join(v.Qualification, "+")}
	list, ok := s.suited[k]
	if ok {
		return list
	}
	list = []int32{}
	for i := range s.people {
		if s.people[i].suits(v) {
			list = append(list, int32(i))
		}
	}
	s.suited[k] = list
	return list
}

func (p *Inspector) suits(v *Visit) bool {
	if !p.Available || p.Area != "" && v.Area != "" && p.Area != v.Area {
		return false
	}
	return !slices.ContainsFunc(v.Qualification, func(q string) bool { return !slices.Contains(p.Qualifications, q) })
}

// block is how many visits have their tickets computed before teams are picked,
// which has to go in order because of the loads.
const block = 4096

func (s *staffing) assign(visits []Visit, size int) []Team {
	teams := make([]Team, len(visits))
	members := make([]string, 0, len(visits)*min(size, 2))
	lists := make([][]int32, 0, min(block, len(visits)))
	offsets := make([]int, 0, min(block, len(visits)))
	var heads []uint64
	for lo := 0; lo < len(visits); lo += block {
		part := visits[lo:min(lo+block, len(visits))]
		lists, offsets = lists[:0], offsets[:0]
		n := 0
		for i := range part {
			lists, offsets = append(lists, s.suitable(&part[i])), append(offsets, n)
			n += len(lists[i])
		}
		if cap(heads) < n {
			heads = make([]uint64, n)
		}
		heads = heads[:n]
		s.heads(part, lists, offsets, heads)
		for i := range part {
			team := s.pick(part[i].Object, lists[i], heads[offsets[i]:offsets[i]+len(lists[i])], size, nil)
			from := len(members)
			for _, p := range team {
				members = append(members, s.people[p].No)
			}
			teams[lo+i] = Team{Object: part[i].Object, Unstaffed: team == nil}
			if team != nil {
				teams[lo+i].Members = members[from:len(members):len(members)]
			}
		}
	}
	return teams
}

// heads computes the first 64 bits of the ticket of each pair.
func (s *staffing) heads(part []Visit, lists [][]int32, offsets []int, out []uint64) {
	inParallel(len(part), 64, func(lo, hi int) {
		t, h := newTicketer(s.key), Hash{}
		var msg []byte
		for i := lo; i < hi; i++ {
			msg = append(append(msg[:0], part[i].Object...), 0)
			n := len(msg)
			for j, p := range lists[i] {
				msg = append(msg[:n], s.people[p].No...)
				t.sum(&h, msg)
				out[offsets[i]+j] = binary.BigEndian.Uint64(h[:])
			}
		}
	})
}

// pick takes the size smallest tickets of those who may and adds to their loads.
// It returns nil and takes nobody if they are too few. skip names those who may
// not besides.
func (s *staffing) pick(object string, list []int32, heads []uint64, size int, skip func(int32) bool) []int32 {
	best := make([]int, 0, 16) // indices into list, by ticket
	var out []int              // of those with a conflict
	barred := s.barred[object]
	for j, p := range list {
		if len(best) == size && heads[j] > heads[best[size-1]] || s.load[p] >= s.people[p].MaxLoad {
			continue
		}
		if slices.Contains(barred, p) {
			out = append(out, j)
			continue
		}
		if skip != nil && skip(p) {
			continue
		}
		if len(best) == size && !s.before(object, list, heads, j, best[size-1]) {
			continue
		}
		if len(best) < size {
			best = append(best, j)
		}
		k := len(best) - 1
		for ; k > 0 && s.before(object, list, heads, j, best[k-1]); k-- {
			best[k] = best[k-1]
		}
		best[k] = j
	}
	if short := size - 1 - len(best); short > 0 {
		out = out[:max(0, len(out)-short)] // with so many more they would still be too few
	}
	for _, j := range out {
		if len(best) < size || s.before(object, list, heads, j, best[size-1]) {
			s.used[Conflict{s.people[list[j]].No, object}] = true
		}
	}
	if len(best) < size {
		return nil
	}
	team := make([]int32, size)
	for i, j := range best {
		team[i] = list[j]
		s.load[list[j]]++
	}
	return team
}

// before orders two candidates by ticket. The heads almost always decide.
func (s *staffing) before(object string, list []int32, heads []uint64, i, j int) bool {
	if heads[i] != heads[j] {
		return heads[i] < heads[j]
	}
	a, b := s.ticket(object, list[i]), s.ticket(object, list[j])
	return cmp.Or(a.Compare(b), cmp.Compare(s.people[list[i]].No, s.people[list[j]].No)) < 0
}

func (s *staffing) ticket(object string, p int32) (h Hash) {
	s.buf = append(append(append(s.buf[:0], object...), 0), s.people[p].No...)
	s.tickets.sum(&h, s.buf)
	return h
}

// one picks for a single visit.
func (s *staffing) one(v Visit, size int, skip func(int32) bool) []int32 {
	list := s.suitable(&v)
	heads := make([]uint64, len(list))
	s.heads([]Visit{v}, [][]int32{list}, []int{0}, heads)
	return s.pick(v.Object, list, heads, size, skip)
}
