package draw

import (
	"fmt"
	"io"
	"strings"

	"golang.org/x/mod/sumdb/tlog"

	ours "github.com/dinghai/dinghai/kit/tlog"
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
func (l Line) String() string {
	return strings.Join([]string{l.Object, l.Stratum, l.Ticket.String(), strings.Join(l.Members, "+")}, ",")
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
	proofs   []tlog.Hash
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
	for _, l := range r.Lines {
		m.addString(l.String())
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

// Used returns the openings that mattered: those of objects drawn or drawn later.
// They are what the reveal publishes; the others stay closed.
func (r *Result) Used() []Opening {
	drawn := make(map[string]bool, len(r.Lines))
	for _, l := range r.Lines {
		drawn[l.Object] = true
	}
	var out []Opening
	for _, o := range r.openings {
		if _, known := r.staff.index[o.Inspector]; known && drawn[o.Object] {
			out = append(out, o)
		}
	}
	return out
}

// ProveLine makes the inclusion proof of a line as drawn, from 0. With it an
// inspector shows that his visit was in the result before anybody was told. It
// may not be called concurrently.
func (r *Result) ProveLine(i int) (line string, proof []ours.Hash, err error) {
	if i < 0 || i >= r.drawn {
		return "", nil, refuse("line", fmt.Sprint(i), "range")
	}
	stored := tlog.HashReaderFunc(func(at []int64) ([]tlog.Hash, error) {
		out := make([]tlog.Hash, len(at))
		for k, p := range at {
			out[k] = r.proofs[p]
		}
		return out, nil
	})
	if r.proofs == nil {
		for k := range r.drawn {
			h, err := tlog.StoredHashes(int64(k), []byte(r.asDrawn(k)), stored)
			if err != nil {
				return "", nil, err
			}
			r.proofs = append(r.proofs, h...)
		}
	}
	proof, err = tlog.ProveRecord(int64(r.drawn), int64(i), stored)
	return r.asDrawn(i), proof, err
}

// asDrawn is a line as it was before replacements of members.
func (r *Result) asDrawn(i int) string {
	l := r.Lines[i]
	for _, rep := range r.log {
		if rep.Kind == MemberReplaced && rep.line == i {
			l.Members = rep.before
			break
		}
	}
	return l.String()
}

// VerifyLine checks that a line is one of count under a result's root.
func VerifyLine(root Hash, count, i int, line string, proof []ours.Hash) error {
	if count < 0 || i < 0 {
		return refuse("line", fmt.Sprint(i), "range")
	}
	return ours.VerifyInclusion(proof, uint64(i), uint64(count), ours.LeafHash([]byte(line)), ours.Hash(root))
}

// WasDrawn checks one object alone, without any list: whether its ticket is not
// above the published threshold of its stratum.
func WasDrawn(seed Hash, drawNo, stratum, object string, threshold Hash) bool {
	return Ticket(StratumKey(seed, drawNo, stratum), object).Compare(threshold) <= 0
}
