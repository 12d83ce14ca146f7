package draw

import (
	"bufio"
	"encoding/hex"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/dinghai/dinghai/kit/tlog"
	"github.com/dinghai/dinghai/kit/tlog/entry"
	"github.com/dinghai/dinghai/kit/vrf"
)

// Steps at which a draw can fail to verify, in their order.
const (
	StepLog          = "log"          // an entry is not in the log, or entries do not belong together
	StepPlan         = "plan"         // the plan breaks a rule
	StepKey          = "key"          // the key is not the office's
	StepBeacon       = "beacon"       // the public value is not what the plan asks for
	StepNotice       = "notice"       // witnesses did not see the plan in time
	StepVRF          = "vrf"          // the seed does not follow from plan and value
	StepInspectors   = "inspectors"   // not the list that was frozen
	StepConflicts    = "conflicts"    // not the list that was frozen, or opened what is not in it
	StepObjects      = "objects"      // not the list that was frozen, or other objects have the smallest tickets
	StepTeams        = "teams"        // other inspectors have the smallest tickets
	StepResult       = "result"       // the office bound itself to another result
	StepReplacements = "replacements" // not by rule, or not logged
	StepReveal       = "reveal"       // thresholds or counts do not fit
)

// A StepError tells at which step a draw failed to verify.
type StepError struct {
	Step string
	Err  error
}

func (e *StepError) Error() string { return fmt.Sprintf("draw: step %s: %v", e.Step, e.Err) }

// Unwrap returns the cause.
func (e *StepError) Unwrap() error { return e.Err }

// step names the step of an error, if there is one.
func step(name string, err error) error {
	if err == nil {
		return nil
	}
	return &StepError{name, err}
}

// LoggedReplacement is a replacement with its log entry.
type LoggedReplacement struct {
	Line string
	Logged
}

// Bundle is everything that is published about a draw.
type Bundle struct {
	Keys   []Logged // all of the office's, first to last; none in mode Open
	Plan   Logged
	Result Logged
	Reveal Logged
	Files  Files
	// Lines is the published result, a line each, or nil. It is recomputed anyway;
	// where it differs, the error says how.
	Lines        io.Reader
	Replacements []LoggedReplacement
}

// Trust is what a verifier has to know beforehand.
type Trust struct {
	Policy  *tlog.Policy // the log, and witnesses of which two at least are needed
	Beacons Beacons
}

// Report is what verifying found out.
type Report struct {
	Office, Matter string
	Plan           *Plan
	Result         *Result // with replacements
	Outcome        Outcome // numbers of a list have to be looked up, unless Trust does
	// When witnesses had seen the entries, and when the public value can have
	// existed at the earliest.
	PlanSeen, ResultSeen, RevealSeen, Beacon time.Time
	// Late tells that the reveal came after the plan's deadline.
	Late bool
}

// Verify recomputes a draw from published files. It returns a StepError that
// names the first step that does not fit.
func Verify(b Bundle, t Trust) (*Report, error) {
	v := verifier{b: b, t: t, report: &Report{}}
	for _, s := range []struct {
		name string
		run  func() error
	}{
		{StepLog, v.log}, {StepKey, v.key}, {StepBeacon, v.beacon}, {StepNotice, v.notice}, {StepVRF, v.seed}, {StepResult, v.run},
		{StepReplacements, v.replacements}, {StepReveal, v.thresholds},
	} {
		if err := s.run(); err != nil {
			if _, named := err.(*StepError); !named {
				err = step(s.name, err)
			}
			return nil, err
		}
	}
	return v.report, nil
}

type verifier struct {
	b       Bundle
	t       Trust
	report  *Report
	result  ResultDetail
	reveal  RevealDetail
	value   [32]byte
	derived Hash
}

// log checks that the entries are in one log, belong together and came in order.
func (v *verifier) log() error {
	r := v.report
	var origins [3]string
	for i, l := range []struct {
		Logged
		seen *time.Time
	}{{v.b.Plan, &r.PlanSeen}, {v.b.Result, &r.ResultSeen}, {v.b.Reveal, &r.RevealSeen}} {
		evidence, err := l.verify(v.t.Policy)
		if err != nil {
			return err
		}
		*l.seen, origins[i] = evidence.By, evidence.Checkpoint.Origin
	}
	plan, e, err := ParsePlan(v.b.Plan.Entry)
	if err != nil {
		return step(StepPlan, err)
	}
	r.Plan, r.Office, r.Matter = plan, e.Office, e.Matter
	result, err1 := parseEntry(v.b.Result.Entry, entry.DrawResult, &v.result)
	reveal, err2 := parseEntry(v.b.Reveal.Entry, entry.DrawReveal, &v.reveal)
	if err := firstError(err1, err2, v.belongs(result, v.result.DrawNo), v.belongs(reveal, v.reveal.DrawNo)); err != nil {
		return err
	}
	if origins[0] != origins[1] || origins[1] != origins[2] || v.b.Plan.Proof.Index >= v.b.Result.Proof.Index || v.b.Result.Proof.Index >= v.b.Reveal.Proof.Index {
		return refuse("index", "", "order")
	}
	deadline, _ := utc(plan.Deadline)
	r.Late = r.RevealSeen.After(deadline)
	return nil
}

// belongs checks that an entry is about this plan.
func (v *verifier) belongs(e *entry.Entry, drawNo string) error {
	if e == nil {
		return nil // its error comes first
	}
	if *e.Target != v.b.Plan.Proof.Index || e.Office != v.report.Office || drawNo != v.report.Plan.DrawNo {
		return refuse("target", drawNo, "mismatch")
	}
	return nil
}

func (v *verifier) key() error {
	if v.report.Plan.Mode == Open {
		return nil
	}
	key, err := keyAt(v.b.Keys, v.t.Policy, v.report.Office, v.report.PlanSeen)
	if err == nil && key != *v.report.Plan.Key {
		err = refuse("key", v.report.Plan.Key.String(), "mismatch")
	}
	return err
}

func (v *verifier) beacon() (err error) {
	v.report.Outcome = v.reveal.Outcome
	v.value, v.report.Beacon, err = v.t.Beacons.randomness(v.report.Plan.Beacon, v.reveal.Outcome)
	return err
}

func (v *verifier) notice() error { return checkNotice(v.t.Policy, v.report.PlanSeen, v.report.Beacon) }

func (v *verifier) seed() error {
	v.derived = Alpha(v.b.Plan.Entry, v.value)
	pi, err := hex.DecodeString(v.reveal.Pi)
	if err != nil {
		return refuse("pi", v.reveal.Pi, "syntax")
	}
	switch {
	case v.report.Plan.Mode == VRF:
		beta, err := vrf.Verify(v.report.Plan.Key[:], v.derived[:], pi)
		if err != nil {
			return err
		}
		v.derived = Hash(beta[:32])
	case len(pi) > 0:
		return refuse("pi", v.reveal.Pi, "unknown")
	}
	if v.derived != v.reveal.Seed {
		return refuse("seed", v.reveal.Seed.String(), "mismatch")
	}
	return nil
}

// run recomputes the draw and compares it with what the office bound itself to.
func (v *verifier) run() error {
	r, err := Run(v.report.Plan, v.derived, v.b.Files, len(v.b.Replacements))
	if err != nil {
		return err
	}
	v.report.Result = r
	if r.opened != v.reveal.Openings {
		return step(StepConflicts, refuse("openings", "", "mismatch"))
	}
	if v.b.Lines != nil {
		if err := v.compare(); err != nil {
			return err
		}
	}
	if r.detail() != v.result || v.reveal.Root != r.Root {
		return refuse("root", v.result.Root.String(), "mismatch")
	}
	return nil
}

// compare finds where the published lines differ from the recomputed ones.
func (v *verifier) compare() error {
	s := bufio.NewScanner(v.b.Lines)
	no := 0
	for ; s.Scan(); no++ {
		if no >= len(v.report.Result.Lines) {
			return step(StepObjects, &Error{"line", clip(s.Bytes()), "unknown", no + 1})
		}
		want := v.report.Result.Lines[no].String()
		if s.Text() == want {
			continue
		}
		at := StepObjects
		if i := strings.LastIndexByte(want, ','); strings.HasPrefix(s.Text(), want[:i+1]) {
			at = StepTeams
		}
		return step(at, &Error{"line", clip(s.Bytes()), "mismatch", no + 1})
	}
	if s.Err() == nil && no < len(v.report.Result.Lines) {
		return step(StepObjects, &Error{"line", "", "unknown", no + 1})
	}
	return s.Err()
}

// replacements replays what was replaced.
func (v *verifier) replacements() error {
	after := v.b.Result.Proof.Index
	for i, rep := range v.b.Replacements {
		if _, err := rep.verify(v.t.Policy); err != nil {
			return err
		}
		var d ReplacementDetail
		e, err := parseEntry(rep.Entry, entry.DrawReplacement, &d)
		if err := firstError(err, v.belongs(e, d.DrawNo)); err != nil {
			return err
		}
		if d.Serial != i+1 || d.Hash != leafHash([]byte(rep.Line)) || !strings.HasSuffix(rep.Line, ","+e.Ground) {
			return refuse("replacement", fmt.Sprint(i+1), "mismatch")
		}
		if rep.Proof.Index <= after || rep.Proof.Index >= v.b.Reveal.Proof.Index {
			return refuse("replacement", fmt.Sprint(i+1), "order")
		}
		after = rep.Proof.Index
		if err := v.report.Result.replay(rep.Line); err != nil {
			return err
		}
	}
	if v.reveal.Replacements != len(v.b.Replacements) {
		return refuse("replacements", fmt.Sprint(v.reveal.Replacements), "mismatch")
	}
	return nil
}

func (v *verifier) thresholds() error {
	if len(v.reveal.Strata) != len(v.report.Result.Strata) {
		return refuse("strata", "", "mismatch")
	}
	for i, want := range v.report.Result.Strata {
		got := v.reveal.Strata[i]
		same := got.Threshold == nil && want.Threshold == nil || got.Threshold != nil && want.Threshold != nil && *got.Threshold == *want.Threshold
		if got.Code != want.Code || got.Quota != want.Quota || !same {
			return refuse("stratum", got.Code, "mismatch")
		}
	}
	return nil
}
