package epcis

import "math"

// state is a thing to look at. Carriers, and backward containers, matter only
// from start to end.
type state struct {
	at         int64 // forward: since; backward: until
	start, end int64
	id, event  uint32
	from       int32
	depth      int32
	relation   relation
}

// relation is a Relation in one byte.
type relation uint8

const (
	asked relation = iota
	made
	usedFor
	content
	carrier
	spanning
)

var relations = [...]Relation{Asked, Made, UsedFor, Content, Carrier, Spanning}

// span is the time for which a carrier or container was looked at.
type span struct {
	item       int32
	start, end int64
}

// search visits things in the order of time, forward the earliest first, so that
// each is visited once, at its widest.
type search struct {
	*Index
	Trace
	forward bool
	states  []state
	queue   []ticket
	visited []int32          // items of the things, counted from 1
	used    []uint64         // transformation events, a bit each
	carried map[uint64]*span // carriers by the event that packed
	opened  map[uint64]*span // backward: containers by the event that led there
	out     Result
}

func (s *search) run(id string, at int64) Result {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if s.MaxDepth == 0 {
		s.MaxDepth = 64
	}
	if s.MaxItems == 0 {
		s.MaxItems = 1_000_000
	}
	n, ok := s.byID[normal(id)]
	if !ok {
		return Result{}
	}
	s.visited = make([]int32, len(s.things))
	s.used = make([]uint64, len(s.events)/64+1)
	s.carried, s.opened = map[uint64]*span{}, map[uint64]*span{}
	s.push(state{id: n, at: at, start: math.MinInt64 + 1, end: at, from: -1})
	for len(s.queue) > 0 {
		if len(s.out.Items) >= s.MaxItems {
			s.out.Truncated = true
			break
		}
		s.visit(s.dequeue())
	}
	return s.out
}

func (s *search) push(st state) {
	if int(st.depth) > s.MaxDepth {
		s.out.Truncated = true
		return
	}
	if s.visited[st.id] > 0 && st.relation != carrier && (s.forward || !s.container(st.id)) {
		return
	}
	s.enqueue(st)
}

// container tells whether anything was ever packed into a thing.
func (s *search) container(id uint32) bool {
	for _, t := range s.things[id].touches {
		if t.role == asParent && !s.events[t.event].transformed {
			return true
		}
	}
	return false
}

func (s *search) visit(st state) {
	if st.relation == carrier {
		s.visitCarrier(st)
		return
	}
	again := s.visited[st.id] > 0
	if again && s.forward {
		return
	}
	if !again {
		s.visited[st.id] = s.found(&st) + 1
	}
	next := state{from: s.visited[st.id] - 1, depth: st.depth + 1}
	if !s.forward {
		s.open(st, next)
	} else {
		s.inside(&st, next)
	}
	if again {
		return
	}
	start, end := st.at, int64(forever)
	if !s.forward {
		start, end = math.MinInt64+1, st.at
	}
	s.transformations(&st, next, start, end)
	s.carriers(&st, next, start, end)
}

// open looks into a container for the time that matters. A crate that was used
// on many days is opened for each.
func (s *search) open(st, next state) {
	key := uint64(st.id)<<32 | uint64(st.event)
	seen := s.opened[key]
	switch {
	case seen == nil:
		s.opened[key] = &span{start: st.start, end: st.end}
	case st.start < seen.start:
		st.end = min(st.end, seen.start)
		seen.start = st.start
	default:
		return
	}
	s.inside(&st, next)
}

// visitCarrier looks at a carrier for the time that it was not yet looked at: of
// several concerned things in it, one may have left later than another.
func (s *search) visitCarrier(st state) {
	key := uint64(st.id)<<32 | uint64(st.event)
	seen := s.carried[key]
	switch {
	case seen == nil:
		seen = &span{s.found(&st), st.start, st.end}
		s.carried[key] = seen
	case s.forward && st.end > seen.end:
		st.start = max(st.start, seen.end)
		seen.end = st.end
	case !s.forward && st.start < seen.start:
		st.end = min(st.end, seen.start)
		seen.start = st.start
	default:
		return
	}
	next := state{from: seen.item, depth: st.depth + 1}
	s.transformations(&st, next, st.start, st.end)
	s.carriers(&st, next, st.start, st.end)
}

// found adds an item and returns its index.
func (s *search) found(st *state) int32 {
	item := Item{s.things[st.id].id, relations[st.relation], int(st.from), int(st.event), when(st.at), int(st.depth)}
	if st.from < 0 {
		item.Event = -1
	}
	s.out.Items = append(s.out.Items, item)
	return int32(len(s.out.Items) - 1)
}

// transformations follows the events from start to end that a thing went into
// or, backward, came out of.
func (s *search) transformations(st *state, next state, start, end int64) {
	entered, left := asInput, asOutput
	if !s.forward {
		entered, left = asOutput, asInput
	}
	for _, t := range s.things[st.id].touches {
		e := &s.events[t.event]
		if t.time < start || t.time > end || !e.transformed || t.role == left {
			continue
		}
		bit := uint64(1) << (t.event % 64)
		if t.role != entered && t.role != asParent || s.used[t.event/64]&bit != 0 && t.role == entered {
			continue
		}
		next.event, next.at, next.start, next.end = t.event, t.time, t.time, t.time
		if t.role == entered {
			s.used[t.event/64] |= bit
		}
		s.leave(e, next, t.role == asParent)
	}
}

// leave goes on with the other side of a transformation, and with the
// transformation itself where it spans several events.
func (s *search) leave(e *entry, next state, part bool) {
	side := s.outs(e)
	next.relation = made
	if !s.forward {
		side, next.relation = s.ins(e), usedFor
	}
	for _, id := range side {
		next.id = id
		s.push(next)
	}
	if e.hasParent && !part {
		next.id, next.relation = e.parent, spanning
		s.push(next)
	}
}

// carriers goes on with the containers that a thing was in between start and
// end.
func (s *search) carriers(st *state, next state, start, end int64) {
	for _, v := range s.staysOf(st.id) {
		if v.end <= start || v.start > end {
			continue
		}
		next.id, next.event, next.relation = v.other, v.event, carrier
		next.start, next.end = max(v.start, start), min(v.end, end)
		next.at = next.start
		if !s.forward {
			next.at = next.end
		}
		s.push(next)
	}
}

// inside goes on with what was in a container: forward from the time that it
// was concerned, backward what was in it from start to end.
func (s *search) inside(st *state, next state) {
	for _, v := range s.contents(st.id) {
		next.id, next.event, next.relation = v.other, v.event, content
		switch {
		case s.forward && v.end > st.at:
			next.at = max(v.start, st.at)
		case !s.forward && v.start <= st.end && v.end >= st.start:
			next.start, next.end = max(v.start, st.start), min(v.end, st.end)
			next.at = next.end
		default:
			continue
		}
		s.push(next)
	}
}
