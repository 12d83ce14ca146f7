package epcis

import (
	"math"
	"time"
)

// Trace bounds a search. The zero value has the usual bounds.
type Trace struct {
	// Since leaves out, forward, what happened before. Zero means no bound.
	Since time.Time
	// Until leaves out, backward, what happened after. Zero means no bound.
	Until time.Time
	// MaxDepth is the greatest number of steps, 0 for 64.
	MaxDepth int
	// MaxItems is the greatest number of items, 0 for 1,000,000.
	MaxItems int
}

// Relation says how an item of a trace relates to the one before.
type Relation string

const (
	Asked    Relation = "asked"    // where the trace begins
	Made     Relation = "made"     // forward: made of it
	UsedFor  Relation = "used"     // backward: it was made of this
	Content  Relation = "content"  // was in it
	Carrier  Relation = "carrier"  // it was in this; what else was in there is not concerned
	Spanning Relation = "spanning" // the transformation, recorded in several events
)

// Item is a thing that a trace reached.
type Item struct {
	ID       string // in normal form
	Relation Relation
	From     int       // index of the item before, -1 for the first
	Event    int       // number of the event between them, -1 for the first
	Time     time.Time // forward: concerned since; backward: concerned until; zero means always
	Depth    int
}

// Result is what a trace found. Every thing comes once as such and at most once
// as a carrier, so cycles of rework end.
type Result struct {
	Items     []Item
	Truncated bool // a bound was reached: there is more
}

// Forward tells what became of a thing: what was made of it, what was in it, and
// the containers that carried these. Time is respected: what was made before the
// thing came in is not concerned.
func (x *Index) Forward(id string, t Trace) Result {
	s := search{Index: x, forward: true, Trace: t}
	return s.run(id, stamp(t.Since, math.MinInt64+1))
}

// Back tells where a thing came from: what it was made of, what was in it, and
// the containers that carried these.
func (x *Index) Back(id string, t Trace) Result {
	s := search{Index: x, Trace: t}
	return s.run(id, stamp(t.Until, forever))
}

func stamp(t time.Time, none int64) int64 {
	if t.IsZero() {
		return none
	}
	return t.UnixNano()
}
