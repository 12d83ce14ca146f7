package epcis

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"testing"
	"time"
)

var day0 = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

func at(n int) time.Time { return day0.Add(time.Duration(n) * time.Hour) }

func lots(ids ...string) (out []Quantity) {
	for _, id := range ids {
		out = append(out, Quantity{Class: "urn:lot:" + id})
	}
	return out
}

func pack(n int, action Action, parent string, children ...string) Event {
	return Event{Type: AggregationEvent, Time: at(n), Action: action, ParentID: "urn:box:" + parent, ChildQuantities: lots(children...)}
}

func cook(n int, in, out []Quantity) Event {
	return Event{Type: TransformationEvent, Time: at(n), InputQuantities: in, OutputQuantities: out}
}

func index(events ...Event) *Index {
	x := new(Index)
	for i := range events {
		x.Add(&events[i])
	}
	return x
}

func found(r Result, relations ...Relation) (out []string) {
	for _, i := range r.Items {
		if slices.Contains(relations, i.Relation) {
			out = append(out, i.ID)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func same(t *testing.T, what string, got []string, want ...string) {
	t.Helper()
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("%s: %v, want %v", what, got, want)
	}
}

func TestTrace(t *testing.T) {
	x := index(
		cook(1, lots("milk"), lots("cheese")),
		pack(2, Add, "pallet", "cheese", "ham"),
		Event{Type: AggregationEvent, Time: at(3), Action: Add, ParentID: "urn:box:truck", ChildEPCs: []string{"urn:box:pallet"}},
		Event{Type: AggregationEvent, Time: at(4), Action: Delete, ParentID: "urn:box:truck"}, // emptied
		pack(5, Delete, "pallet", "cheese"),
		cook(6, lots("cheese", "flour"), lots("pizza")),
		Event{Type: AggregationEvent, Time: at(7), Action: Add, ParentID: "urn:box:ship", ChildEPCs: []string{"urn:box:pallet"}}, // without cheese
		cook(8, lots("milk"), lots("butter")),
	)
	forward := x.Forward("urn:lot:milk", Trace{})
	same(t, "made of milk", found(forward, Made), "urn:lot:butter", "urn:lot:cheese", "urn:lot:pizza")
	same(t, "carriers", found(forward, Carrier), "urn:box:pallet", "urn:box:truck")
	same(t, "since 7", found(x.Forward("urn:lot:milk", Trace{Since: at(7)}), Made), "urn:lot:butter")

	back := x.Back("urn:lot:pizza", Trace{})
	same(t, "pizza is of", found(back, UsedFor), "urn:lot:cheese", "urn:lot:flour", "urn:lot:milk")
	same(t, "in the pallet", found(x.Back("urn:box:pallet", Trace{}), Content), "urn:lot:cheese", "urn:lot:ham")
	same(t, "pallet recalled after the cheese left", found(x.Forward("urn:box:pallet", Trace{Since: at(6)}), Content), "urn:lot:ham")
	if got := x.Events("urn:lot:cheese"); !slices.Equal(got, []int{0, 1, 4, 5}) {
		t.Errorf("events of the cheese: %v", got)
	}
	for _, i := range forward.Items {
		if i.ID == "urn:lot:pizza" && (i.Event != 5 || forward.Items[i.From].ID != "urn:lot:cheese" || !i.Time.Equal(at(6)) || i.Depth != 2) {
			t.Errorf("%+v", i)
		}
	}
}

// A container that goes into a pot brings what is in it.
func TestTraceContainerAsInput(t *testing.T) {
	x := index(
		pack(1, Add, "crate", "carrot"),
		pack(2, Add, "crate", "leek"),
		pack(3, Delete, "crate", "leek"),
		Event{Type: TransformationEvent, Time: at(4), InputEPCs: []string{"urn:box:crate"}, OutputQuantities: lots("soup")},
		pack(5, Add, "crate", "apple"),
	)
	same(t, "forward", found(x.Forward("urn:lot:carrot", Trace{}), Made), "urn:lot:soup")
	same(t, "left before", found(x.Forward("urn:lot:leek", Trace{}), Made))
	back := x.Back("urn:lot:soup", Trace{})
	same(t, "back", found(back, UsedFor, Content), "urn:box:crate", "urn:lot:carrot")
}

// Two lots of one pallet: the truck that came after the first had left is found
// for the second.
func TestTraceLaterLeaving(t *testing.T) {
	x := index(
		cook(0, lots("seed"), lots("a", "b")),
		pack(1, Add, "pallet", "a", "b"),
		pack(2, Delete, "pallet", "a"),
		Event{Type: AggregationEvent, Time: at(3), Action: Add, ParentID: "urn:box:truck", ChildEPCs: []string{"urn:box:pallet"}},
	)
	same(t, "carriers", found(x.Forward("urn:lot:seed", Trace{}), Carrier), "urn:box:pallet", "urn:box:truck")
	same(t, "of a", found(x.Forward("urn:lot:a", Trace{}), Carrier), "urn:box:pallet")
}

func TestTraceSpanning(t *testing.T) {
	in, out := cook(1, lots("grape"), nil), cook(9, nil, lots("wine"))
	in.TransformationID, out.TransformationID = "urn:tank:7", "urn:tank:7"
	early := cook(0, nil, lots("old"))
	early.TransformationID = "urn:tank:7"
	x := index(early, in, out)
	same(t, "forward", found(x.Forward("urn:lot:grape", Trace{}), Made), "urn:lot:wine")
	same(t, "back", found(x.Back("urn:lot:wine", Trace{}), UsedFor), "urn:lot:grape")
}

func TestTraceBounds(t *testing.T) {
	// Rework: the remains of every day go into the next, in a circle of names.
	var events []Event
	for i := range 200 {
		events = append(events, cook(i, lots(fmt.Sprint(i%5)), lots(fmt.Sprint((i+1)%5))))
	}
	x := index(events...)
	if r := x.Forward("urn:lot:0", Trace{}); len(r.Items) != 5 || r.Truncated {
		t.Errorf("cycle: %+v", r)
	}
	if r := x.Back("urn:lot:0", Trace{}); len(r.Items) != 5 || r.Truncated {
		t.Errorf("cycle back: %+v", r)
	}
	if r := x.Forward("urn:lot:0", Trace{MaxItems: 3}); len(r.Items) != 3 || !r.Truncated {
		t.Errorf("MaxItems: %+v", r)
	}
	if r := x.Forward("urn:lot:0", Trace{MaxDepth: 2}); len(r.Items) != 3 || !r.Truncated {
		t.Errorf("MaxDepth: %+v", r)
	}
	if r := x.Forward("urn:lot:unknown", Trace{}); len(r.Items) != 0 {
		t.Errorf("unknown: %+v", r)
	}
}

// rounds is a tenth, but all under REQUIRE=all.
func rounds(n int) int {
	if os.Getenv("REQUIRE") == "all" {
		return n
	}
	return n / 10
}

// randomEvents makes a small world with much repacking and rework.
func randomEvents(r *rand.Rand) (events []Event) {
	lot := func() string { return fmt.Sprint(r.IntN(8)) }
	box := func() string { return fmt.Sprint(r.IntN(3)) }
	for i := range 5 + r.IntN(25) {
		switch r.IntN(6) {
		case 0, 1:
			events = append(events, cook(i, lots(lot(), lot()), lots(lot())))
		case 2:
			e := cook(i, nil, lots(lot()))
			e.InputEPCs = []string{"urn:box:" + box()}
			events = append(events, e)
		case 3:
			events = append(events, pack(i, Add, box(), lot(), lot()))
		case 4:
			events = append(events, Event{Type: AggregationEvent, Time: at(i), Action: Add, ParentID: "urn:box:big" + box(), ChildEPCs: []string{"urn:box:" + box()}})
		case 5:
			e := pack(i, Delete, box(), lot())
			if r.IntN(3) == 0 {
				e.ChildQuantities = nil
			}
			events = append(events, e)
		}
	}
	return events
}

// naive finds what is concerned by going over all events until nothing changes.
type naive struct {
	events  []Event
	since   map[string]int64 // things
	windows map[naiveWindow]bool
	changed bool
}

type naiveWindow struct {
	id         string
	start, end int64
}

func (n *naive) thing(id string, t int64) {
	if old, ok := n.since[id]; !ok || t < old {
		n.since[id], n.changed = t, true
	}
}

// stays are all the stays of all things.
func (n *naive) stays(yield func(child, parent string, start, end int64)) {
	for i, e := range n.events {
		if e.Type != AggregationEvent || e.Action != Add {
			continue
		}
		for _, child := range append(classes(e.ChildQuantities), e.ChildEPCs...) {
			end := int64(forever)
			for _, f := range n.events[i+1:] {
				all := append(classes(f.ChildQuantities), f.ChildEPCs...)
				if f.Type == AggregationEvent && f.Action == Delete && f.ParentID == e.ParentID && (len(all) == 0 || slices.Contains(all, child)) {
					end = f.Time.UnixNano()
					break
				}
			}
			yield(child, e.ParentID, e.Time.UnixNano(), end)
		}
	}
}

func (n *naive) run(id string) {
	n.thing(id, -1<<62)
	for n.changed {
		n.changed = false
		n.stays(func(child, parent string, start, end int64) {
			add := func(s, e int64) {
				if w := (naiveWindow{parent, s, e}); !n.windows[w] {
					n.windows[w], n.changed = true, true
				}
			}
			if t, ok := n.since[child]; ok && end > t {
				add(max(start, t), end)
			}
			for w := range maps.Clone(n.windows) {
				if w.id == child && end > w.start && start <= w.end {
					add(max(start, w.start), min(end, w.end))
				}
			}
			if t, ok := n.since[parent]; ok && end > t {
				n.thing(child, max(start, t))
			}
		})
		for _, e := range n.events {
			if e.Type != TransformationEvent {
				continue
			}
			t, concerned := e.Time.UnixNano(), false
			for _, in := range append(classes(e.InputQuantities), e.InputEPCs...) {
				s, ok := n.since[in]
				concerned = concerned || ok && s <= t
				for w := range n.windows {
					concerned = concerned || w.id == in && w.start <= t && t <= w.end
				}
			}
			for _, out := range classes(e.OutputQuantities) {
				if concerned {
					n.thing(out, t)
				}
			}
		}
	}
}

func TestForwardEqualsBruteForce(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for round := range rounds(3000) {
		events := randomEvents(r)
		x := index(events...)
		for _, id := range []string{"urn:lot:0", "urn:lot:1", "urn:box:0", "urn:box:big0"} {
			if x.Events(id) == nil {
				continue
			}
			n := naive{events: events, since: map[string]int64{}, windows: map[naiveWindow]bool{}}
			n.run(id)
			got := x.Forward(id, Trace{})
			things := found(got, Asked, Made, Content)
			if want := slices.Sorted(maps.Keys(n.since)); !slices.Equal(things, want) {
				t.Fatalf("round %d, %s: %v, want %v\n%+v", round, id, things, want, events)
			}
			boxes := map[string]bool{}
			for w := range n.windows {
				boxes[w.id] = true
			}
			if want := slices.Sorted(maps.Keys(boxes)); !slices.Equal(found(got, Carrier), want) {
				t.Fatalf("round %d, %s: carriers %v, want %v\n%+v", round, id, found(got, Carrier), want, events)
			}
			for _, i := range got.Items {
				if i.Relation != Carrier && i.Relation != Asked && i.Time.UnixNano() != n.since[i.ID] {
					t.Fatalf("round %d, %s: %s since %v, want %v", round, id, i.ID, i.Time, when(n.since[i.ID]))
				}
			}
		}
	}
}

// What a lot became, forward, has the lot among its origins, backward.
func TestBackIsTheReverse(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	pairs := 0
	for round := range rounds(2000) {
		events := randomEvents(r)
		x := index(events...)
		reaches := func(r Result, id string) bool {
			return slices.ContainsFunc(r.Items, func(i Item) bool { return i.ID == id && i.Relation != Carrier && i.Relation != Asked })
		}
		for a := range 8 {
			for b := range 8 {
				from, to := fmt.Sprintf("urn:lot:%d", a), fmt.Sprintf("urn:lot:%d", b)
				if a == b {
					continue
				}
				f, k := reaches(x.Forward(from, Trace{}), to), reaches(x.Back(to, Trace{}), from)
				if f != k {
					t.Fatalf("round %d: %s to %s: forward %t, back %t\n%+v", round, from, to, f, k, events)
				}
				if f {
					pairs++
				}
			}
		}
	}
	t.Logf("%d pairs agree", pairs)
}
