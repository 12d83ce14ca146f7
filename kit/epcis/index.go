package epcis

import (
	"math"
	"slices"
	"sync"
	"time"
)

// Index knows which things events turned into which, and what was packed into
// what when. It keeps identifiers and times, not the events themselves: those
// are told by the number under which they were added. It is safe for concurrent
// use.
type Index struct {
	mu     sync.RWMutex
	byID   map[string]uint32
	things []thing
	events []entry
	ends   []uint32           // things of the events, one after another
	clears map[uint32][]int64 // when containers were emptied as a whole
}

// thing is an instance, a batch, a container or a running transformation.
type thing struct {
	id      string
	touches []touch // by time
}

// role is what a thing was in an event.
type role uint8

const (
	asInput  role = iota // went into a transformation
	asOutput             // came out of one
	asChild              // was packed or unpacked
	asParent             // was the container
	asSeen               // was observed
)

type touch struct {
	time  int64 // nanoseconds since 1970
	event uint32
	role  role
}

// entry is an event: what went in and what came out, or what was packed into
// which parent.
type entry struct {
	time        int64
	parent      uint32 // or the transformation that spans several events
	first       uint32 // in ends
	ins, outs   uint32
	kind        EventType
	action      Action
	hasParent   bool
	transformed bool
}

// Add takes an event in and returns its number, from 0 on.
func (x *Index) Add(e *Event) int {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.byID == nil {
		x.byID, x.clears = map[string]uint32{}, map[uint32][]int64{}
	}
	n := entry{time: e.Time.UnixNano(), first: uint32(len(x.ends)), kind: e.Type, action: e.Action}
	ins, outs := asSeen, asSeen
	switch e.Type {
	case TransformationEvent:
		n.transformed, ins, outs = true, asInput, asOutput
		n.ins = x.end(e.InputEPCs, e.InputQuantities)
		n.outs = x.end(e.OutputEPCs, e.OutputQuantities)
	case AggregationEvent, AssociationEvent:
		ins = asChild
		n.ins = x.end(e.ChildEPCs, e.ChildQuantities)
	default:
		n.ins = x.end(e.EPCs, e.Quantities)
	}
	number := uint32(len(x.events))
	for i, id := range x.ends[n.first:] {
		r := ins
		if uint32(i) >= n.ins {
			r = outs
		}
		x.touch(id, touch{n.time, number, r})
	}
	parent := e.ParentID
	if n.transformed {
		parent = e.TransformationID
	}
	if parent != "" {
		n.parent, n.hasParent = x.thing(parent), true
		r := asParent
		switch {
		case ins == asSeen:
			r = asSeen
		case ins == asChild && e.Action == Delete && n.ins == 0:
			list := x.clears[n.parent]
			at, _ := slices.BinarySearch(list, n.time)
			x.clears[n.parent] = slices.Insert(list, at, n.time)
		}
		x.touch(n.parent, touch{n.time, number, r})
	}
	x.events = append(x.events, n)
	return int(number)
}

// end notes identifiers and classes and returns how many there are.
func (x *Index) end(ids []string, classes []Quantity) uint32 {
	for _, id := range ids {
		x.ends = append(x.ends, x.thing(id))
	}
	for _, q := range classes {
		x.ends = append(x.ends, x.thing(q.Class))
	}
	return uint32(len(ids) + len(classes))
}

// thing returns the number of an identifier. One that is known as it is needs no
// normal form.
func (x *Index) thing(id string) uint32 {
	n, ok := x.byID[id]
	if !ok {
		id = normal(id)
		n, ok = x.byID[id]
	}
	if !ok {
		n = uint32(len(x.things))
		x.byID[id] = n
		x.things = append(x.things, thing{id: id})
	}
	return n
}

// touch keeps the touches of a thing by time; events mostly come in that order.
func (x *Index) touch(id uint32, t touch) {
	list := x.things[id].touches
	at := len(list)
	for at > 0 && list[at-1].time > t.time {
		at--
	}
	x.things[id].touches = slices.Insert(list, at, t)
}

func (x *Index) ins(e *entry) []uint32  { return x.ends[e.first : e.first+e.ins] }
func (x *Index) outs(e *entry) []uint32 { return x.ends[e.first+e.ins : e.first+e.ins+e.outs] }

// Events returns the numbers of the events about an identifier, by time.
func (x *Index) Events(id string) []int {
	x.mu.RLock()
	defer x.mu.RUnlock()
	n, ok := x.byID[normal(id)]
	if !ok {
		return nil
	}
	out := make([]int, 0, len(x.things[n].touches))
	for _, t := range x.things[n].touches {
		out = append(out, int(t.event))
	}
	return out
}

// Len is how many events were added.
func (x *Index) Len() int {
	x.mu.RLock()
	defer x.mu.RUnlock()
	return len(x.events)
}

// stay is the time that a thing was in a container.
type stay struct {
	other      uint32 // the container, or the content
	event      uint32 // that packed it
	start, end int64  // end is that of unpacking
}

const forever = math.MaxInt64

// staysOf are the stays of a thing in containers, by time.
func (x *Index) staysOf(id uint32) (out []stay) {
	touches := x.things[id].touches
	for i, t := range touches {
		e := &x.events[t.event]
		if t.role != asChild || e.action != Add || !e.hasParent {
			continue
		}
		s := stay{e.parent, t.event, t.time, x.emptied(e.parent, t.time)}
		for _, u := range touches[i+1:] {
			f := &x.events[u.event]
			if u.role == asChild && f.action == Delete && f.hasParent && f.parent == e.parent {
				s.end = min(s.end, u.time)
				break
			}
		}
		out = append(out, s)
	}
	return out
}

// contents are the stays of things in a container.
func (x *Index) contents(id uint32) (out []stay) {
	for _, t := range x.things[id].touches {
		e := &x.events[t.event]
		if t.role != asParent || e.action != Add || e.transformed {
			continue
		}
		for _, child := range x.ins(e) {
			s := stay{child, t.event, t.time, x.emptied(id, t.time)}
			if end := x.unpacked(child, id, t.time); end < s.end {
				s.end = end
			}
			out = append(out, s)
		}
	}
	return out
}

// unpacked is when child left parent after a time.
func (x *Index) unpacked(child, parent uint32, after int64) int64 {
	for _, t := range x.after(child, after) {
		e := &x.events[t.event]
		if t.role == asChild && e.action == Delete && e.hasParent && e.parent == parent {
			return t.time
		}
	}
	return forever
}

// emptied is when a container was next emptied as a whole.
func (x *Index) emptied(parent uint32, after int64) int64 {
	list := x.clears[parent]
	if at, _ := slices.BinarySearch(list, after+1); at < len(list) {
		return list[at]
	}
	return forever
}

// after are the touches of a thing later than a time.
func (x *Index) after(id uint32, t int64) []touch {
	list := x.things[id].touches
	at, _ := slices.BinarySearchFunc(list, t, func(u touch, t int64) int {
		if u.time <= t {
			return -1
		}
		return 1
	})
	return list[at:]
}

func when(t int64) time.Time {
	if t == forever || t == math.MinInt64+1 {
		return time.Time{}
	}
	return time.Unix(0, t).UTC()
}
