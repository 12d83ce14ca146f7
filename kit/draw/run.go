package draw

import (
	"encoding/hex"
	"fmt"
	"io"
)

// Files are the lists of a draw as published. Each is read once, from start to
// end.
type Files struct {
	Objects    io.Reader // WriteObjects
	Inspectors io.Reader // WriteInspectors
	Conflicts  io.Reader // WriteConflicts
	Openings   io.Reader // WriteOpenings; all of them when drawing, those used when verifying
}

// Line is an object drawn, with those who visit it.
type Line struct {
	Object, Stratum, Area string
	Ticket                Hash
	Members               []string // by ticket; empty if unstaffed
	Out                   string   // code of the ground for which it was replaced
}

// String is what the result's root commits to: object,stratum,ticket,members. An
// unstaffed object has no members; a higher office staffs it, nobody picks by
// hand.
func (l Line) String() string { return string(l.appendTo(nil)) }

func (l *Line) appendTo(b []byte) []byte {
	b = append(append(append(append(b, l.Object...), ','), l.Stratum...), ',')
	b = append(hex.AppendEncode(b, l.Ticket[:]), ',')
	for i, m := range l.Members {
		if i > 0 {
			b = append(b, '+')
		}
		b = append(b, m...)
	}
	return b
}

// StratumResult sums up a stratum. An object of it was drawn if its ticket is not
// above the threshold.
type StratumResult struct {
	Code      string `json:"code"`
	Quota     int    `json:"quota"`
	Threshold *Hash  `json:"threshold,omitempty"` // absent if none was drawn
}

// Result is a draw: its lines in the order of visits, by stratum and ticket.
type Result struct {
	Plan   *Plan
	Seed   Hash
	Pool   *Pool
	Strata []StratumResult
	Lines  []Line
	Root   Hash // of the lines as drawn; replacements do not change it

	drawn    int // lines before replacements
	short    int // of them unstaffed
	reserve  map[string][]picked
	staff    *staffing
	openings []Opening
	gone     map[Conflict]bool // who stepped back from what
	log      []Replacement
	at       map[string]int // line of each object, for replacements
	opened   Root           // of the file of openings
	leaves   []Hash         // of the lines as drawn, for proofs
}

// Run computes a draw from its files. They must be those of the plan. reserve is
// how many objects of each stratum stand by for replacements, besides those
// drawn. Errors are of type StepError.
func Run(p *Plan, seed Hash, f Files, reserve int) (*Result, error) {
	if err := p.Check(); err != nil {
		return nil, step("plan", err)
	}
	r := &Result{Plan: p, Seed: seed, gone: map[Conflict]bool{}}
	people, err := r.readPeople(f)
	if err != nil {
		return nil, err
	}
	if err := r.draw(f.Objects, reserve); err != nil {
		return nil, err
	}
	r.staff = newStaffing(InspectorKey(seed, p.DrawNo), people, conflictSet(r.openings))
	for i, t := range r.staff.assign(r.visits(), p.Team) {
		r.Lines[i].Members = t.Members
	}
	r.drawn, r.short = len(r.Lines), r.Unstaffed()
	var m merkle
	var b []byte
	for i := range r.Lines {
		b = r.Lines[i].appendTo(b[:0])
		m.add(b)
	}
	r.Root = m.root()
	return r, nil
}

// readPeople reads inspectors and conflicts.
func (r *Result) readPeople(f Files) ([]Inspector, error) {
	people, root, err := ReadInspectors(f.Inspectors)
	if err := matches("inspectors", r.Plan.Inspectors, Root{len(people), root}, err); err != nil {
		return nil, err
	}
	frozen, root, err := ReadConflicts(f.Conflicts)
	if err := matches("conflicts", r.Plan.Conflicts, Root{len(frozen), root}, err); err != nil {
		return nil, err
	}
	if r.openings, root, err = ReadOpenings(f.Openings); err != nil {
		return nil, step("conflicts", err)
	}
	r.opened = Root{len(r.openings), root}
	return people, step("conflicts", checkOpenings(r.openings, frozen))
}

// matches compares what was read with what was planned.
func matches(name string, want, got Root, err error) error {
	if err == nil && want != got {
		err = refuse(name, fmt.Sprintf("%d lines, root %s", got.Count, got.Root), "mismatch")
	}
	return step(name, err)
}

// draw picks the objects.
func (r *Result) draw(objects io.Reader, reserve int) error {
	quotas, err := r.Plan.Quotas()
	if err != nil {
		return step("plan", err)
	}
	goals := map[string]*goal{}
	for _, s := range r.Plan.Strata {
		goals[s.Code] = newGoal(StratumKey(r.Seed, r.Plan.DrawNo, s.Code), min(quotas[s.Code]+max(0, reserve), s.Eligible), s.Eligible)
	}
	pool, found, err := scanObjects(objects, goals)
	if err != nil {
		return step("objects", err)
	}
	if err := matches("objects", r.Plan.Objects, Root{pool.Objects, pool.Root}, nil); err != nil {
		return err
	}
	if err := pool.matches(r.Plan.Strata); err != nil {
		return step("objects", err)
	}
	r.Pool, r.reserve = pool, map[string][]picked{}
	for _, s := range r.Plan.Strata {
		n, list := quotas[s.Code], found[s.Code]
		if len(list) < goals[s.Code].want {
			return step("objects", refuse("stratum", s.Code, "exhausted"))
		}
		out := StratumResult{Code: s.Code, Quota: n}
		for _, o := range list[:n] {
			r.Lines = append(r.Lines, Line{Object: o.id, Stratum: s.Code, Area: o.area, Ticket: o.ticket})
			out.Threshold = &o.ticket
		}
		r.Strata = append(r.Strata, out)
		r.reserve[s.Code] = list[n:]
	}
	return nil
}

// matches compares the pool's strata with those of a plan.
func (p *Pool) matches(plan []StratumPlan) error {
	for i := range max(len(plan), len(p.Strata)) {
		if i >= len(plan) {
			return refuse("stratum", p.Strata[i].Code, "unknown")
		}
		want := plan[i]
		if i >= len(p.Strata) || p.Strata[i].Code != want.Code || p.Strata[i].Eligible != want.Eligible || p.Strata[i].ExcludedAll() != want.Excluded {
			return refuse("stratum", want.Code, "mismatch")
		}
	}
	return nil
}

// visits turns lines into what the staffing asks.
func (r *Result) visits() []Visit {
	out := make([]Visit, len(r.Lines))
	for i := range r.Lines {
		out[i] = r.visit(&r.Lines[i])
	}
	return out
}

func (r *Result) visit(l *Line) Visit {
	v := Visit{Object: l.Object, Area: l.Area}
	if r.Plan.AreaRule == AnyArea {
		v.Area = ""
	}
	for i := range r.Plan.Strata {
		if r.Plan.Strata[i].Code == l.Stratum {
			v.Qualification = r.Plan.Strata[i].Need
			break
		}
	}
	return v
}

// Unstaffed counts the lines without a team, replaced ones aside.
func (r *Result) Unstaffed() int {
	n := 0
	for _, l := range r.Lines {
		if len(l.Members) == 0 && l.Out == "" {
			n++
		}
	}
	return n
}

// Used returns the openings that mattered: without the conflict another team, or
// one at all, would have been picked. They are what the reveal publishes; the
// others stay closed.
func (r *Result) Used() []Opening {
	var out []Opening
	for _, o := range r.openings {
		if r.staff.used[Conflict{o.Inspector, o.Object}] {
			out = append(out, o)
		}
	}
	return out
}
