package draw

import (
	"cmp"
	"iter"
	"maps"
	"slices"
	"time"

	"github.com/dinghai/dinghai/kit/tlog/entry"
)

// A Finding is something that a log shows about draws without any of their
// files.
type Finding struct {
	Index  uint64 // of the entry that shows it; of the plan for what is missing
	Office string
	DrawNo string
	// Reason is "malformed", "twice" (a second plan, result or reveal), "gap" (a
	// draw number was left out), "no_plan", "no_reveal" (the deadline has passed)
	// or "unexplained_change" (the sizes of strata changed since the draw before
	// in the same matter, and no log of changes is committed to).
	Reason string
}

// Audit reads a log's entries in order, with their indices, and finds draws that
// were hidden, repeated or never revealed. now is when it is asked.
func Audit(entries iter.Seq2[uint64, []byte], now time.Time) []Finding {
	a := audit{plans: map[uint64]*audited{}, last: map[string]*Plan{}, serials: map[series]map[int]uint64{}}
	for index, b := range entries {
		e, err := entry.Parse(b)
		if err != nil {
			continue // not an entry of this kind of log; other monitors complain
		}
		switch e.Type {
		case entry.DrawPlan:
			a.plan(index, b)
		case entry.DrawResult:
			a.follow(index, e, func(p *audited) *bool { return &p.result })
		case entry.DrawReveal:
			a.follow(index, e, func(p *audited) *bool { return &p.reveal })
		}
	}
	a.finish(now)
	slices.SortStableFunc(a.found, func(x, y Finding) int { return cmp.Compare(x.Index, y.Index) })
	return a.found
}

type series struct {
	office string
	year   int
}

type audited struct {
	office, drawNo string
	deadline       time.Time
	result, reveal bool
}

type audit struct {
	plans   map[uint64]*audited
	last    map[string]*Plan // by office and matter
	serials map[series]map[int]uint64
	found   []Finding
}

func (a *audit) report(index uint64, office, drawNo, reason string) {
	a.found = append(a.found, Finding{index, office, drawNo, reason})
}

func (a *audit) plan(index uint64, b []byte) {
	p, e, err := ParsePlan(b)
	if err != nil {
		a.report(index, "", "", "malformed")
		return
	}
	deadline, _ := utc(p.Deadline)
	a.plans[index] = &audited{office: e.Office, drawNo: p.DrawNo, deadline: deadline}
	year, serial, _ := SplitDrawNo(p.DrawNo)
	s := series{e.Office, year}
	if a.serials[s] == nil {
		a.serials[s] = map[int]uint64{}
	}
	if _, twice := a.serials[s][serial]; twice {
		a.report(index, e.Office, p.DrawNo, "twice")
		return
	}
	if _, before := a.serials[s][serial-1]; !before && serial > 1 {
		a.report(index, e.Office, p.DrawNo, "gap")
	}
	a.serials[s][serial] = index
	key := e.Office + "\x00" + e.Matter
	if prev := a.last[key]; prev != nil && p.Changes == nil && !maps.Equal(sizesOf(prev), sizesOf(p)) {
		a.report(index, e.Office, p.DrawNo, "unexplained_change")
	}
	a.last[key] = p
}

func sizesOf(p *Plan) map[string][2]int {
	out := map[string][2]int{}
	for _, s := range p.Strata {
		out[s.Code] = [2]int{s.Eligible, s.Excluded}
	}
	return out
}

// follow notes that a plan has its result or reveal.
func (a *audit) follow(index uint64, e *entry.Entry, what func(*audited) *bool) {
	p := a.plans[*e.Target]
	if p == nil || p.office != e.Office {
		a.report(index, e.Office, "", "no_plan")
		return
	}
	if *what(p) {
		a.report(index, e.Office, p.drawNo, "twice")
	}
	*what(p) = true
}

func (a *audit) finish(now time.Time) {
	for index, p := range a.plans {
		if !p.reveal && now.After(p.deadline) {
			a.report(index, p.office, p.drawNo, "no_reveal")
		}
	}
}
