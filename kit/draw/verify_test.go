package draw_test

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/dinghai/dinghai/kit/draw"
	"github.com/dinghai/dinghai/kit/jcs"
	"github.com/dinghai/dinghai/kit/tlog/entry"
)

// tampered changes the detail of an entry.
func tampered[T any](e *entry.Entry, change func(*T)) *entry.Entry {
	if change == nil {
		return e
	}
	var d T
	if err := json.Unmarshal(e.Detail, &d); err != nil {
		panic(err)
	}
	change(&d)
	e.Detail = must(jcs.Marshal(d))
	return e
}

func TestVerify(t *testing.T) {
	w := newWorld(t)
	p := w.run(lies{})
	report, err := draw.Verify(p.again(), w.trust())
	if err != nil {
		t.Fatal(err)
	}
	r := report.Result
	if report.Late || report.Office != office || report.Matter != matter || !report.Beacon.Equal(beaconAt) || report.PlanSeen != beaconAt.Add(-20*time.Minute) {
		t.Errorf("%+v", report)
	}
	if len(r.Lines) != 19 || len(r.Replacements()) != 3 || len(r.Used()) == 0 {
		t.Errorf("%d lines, %d replacements, %d openings used", len(r.Lines), len(r.Replacements()), len(r.Used()))
	}
	// With nothing but what the reveal says, one business checks itself.
	for _, s := range r.Strata {
		n := 0
		for _, o := range w.objects {
			if o.Stratum == s.Code && o.Excluded == "" && draw.WasDrawn(r.Seed, w.plan.DrawNo, s.Code, o.ID, *s.Threshold) {
				n++
			}
		}
		if n != s.Quota {
			t.Errorf("%s: %d objects are below the threshold, want %d", s.Code, n, s.Quota)
		}
	}
}

// Any changed byte of what is published makes verifying fail, and the failure
// names the step.
func TestEveryByteCounts(t *testing.T) {
	w := newWorld(t)
	p := w.run(lies{})
	total := 0
	for _, part := range []struct {
		name  string
		bytes func(*published) *[]byte
		every int // verifying is slow enough to look at some bytes only where Run below looks at all
		steps []string
	}{
		{"plan", func(p *published) *[]byte { return &p.bundle.Plan.Entry }, 7, []string{draw.StepLog}},
		{"result", func(p *published) *[]byte { return &p.bundle.Result.Entry }, 7, []string{draw.StepLog}},
		{"reveal with pi and round", func(p *published) *[]byte { return &p.bundle.Reveal.Entry }, 7, []string{draw.StepLog}},
		{"key", func(p *published) *[]byte { return &p.bundle.Keys[0].Entry }, 17, []string{draw.StepKey}},
		{"pool", func(p *published) *[]byte { return &p.objects }, 41, []string{draw.StepObjects}},
		{"inspectors", func(p *published) *[]byte { return &p.inspectors }, 7, []string{draw.StepInspectors}},
		{"conflicts", func(p *published) *[]byte { return &p.conflicts }, 97, []string{draw.StepConflicts}},
		{"openings", func(p *published) *[]byte { return &p.openings }, 47, []string{draw.StepConflicts}},
		{"lines", func(p *published) *[]byte { return &p.lines }, 29, []string{draw.StepObjects, draw.StepTeams}},
	} {
		n := 0
		for i := 0; i < len(*part.bytes(&p)); i += part.every {
			q := p
			q.bundle.Keys = slices.Clone(p.bundle.Keys)
			b := part.bytes(&q)
			*b = bytes.Clone(*b)
			(*b)[i] ^= 1
			_, err := draw.Verify(q.again(), w.trust())
			wantStep(t, fmt.Sprintf("%s, byte %d", part.name, i), err, part.steps...)
			n++
		}
		total += n
		t.Logf("%s: %d changed bytes, all refused at step %v", part.name, n, part.steps)
	}
	t.Logf("%d changed bytes refused by Verify", total)
}

// Every single byte of the lists, through the part of Verify that reads them.
func TestEveryByteOfListsCounts(t *testing.T) {
	w := newWorld(t)
	p := w.run(lies{})
	plan, _, err := draw.ParsePlan(p.bundle.Plan.Entry)
	if err != nil {
		t.Fatal(err)
	}
	run := func() error {
		_, err := draw.Run(plan, draw.Hash{1}, p.readers(), 0)
		return err
	}
	if err := run(); err != nil {
		t.Fatal(err)
	}
	total := 0
	for step, b := range map[string][]byte{draw.StepObjects: p.objects, draw.StepInspectors: p.inspectors, draw.StepConflicts: p.conflicts} {
		for i := range b {
			b[i] ^= 1
			wantStep(t, fmt.Sprintf("byte %d", i), run(), step)
			b[i] ^= 1
		}
		total += len(b)
	}
	for i := range p.openings { // a changed opening is not in the frozen list
		p.openings[i] ^= 1
		wantStep(t, fmt.Sprintf("opening byte %d", i), run(), draw.StepConflicts)
		p.openings[i] ^= 1
	}
	t.Logf("%d of %d changed bytes refused", total+len(p.openings), total+len(p.openings))
}

// An office that logs a lie is found out at the step where it lies.
func TestLies(t *testing.T) {
	flip := func(hexText string, i int) string {
		b := must(hex.DecodeString(hexText))
		b[i] ^= 1
		return hex.EncodeToString(b)
	}
	other := draw.Hash{9}
	tests := []struct {
		name  string
		lies  lies
		steps []string
	}{
		{"pi, gamma", lies{reveal: func(d *draw.RevealDetail) { d.Pi = flip(d.Pi, 0) }}, []string{draw.StepVRF}},
		{"pi, c", lies{reveal: func(d *draw.RevealDetail) { d.Pi = flip(d.Pi, 40) }}, []string{draw.StepVRF}},
		{"pi, s", lies{reveal: func(d *draw.RevealDetail) { d.Pi = flip(d.Pi, 79) }}, []string{draw.StepVRF}},
		{"pi missing", lies{reveal: func(d *draw.RevealDetail) { d.Pi = "" }}, []string{draw.StepVRF}},
		{"seed", lies{reveal: func(d *draw.RevealDetail) { d.Seed = other }}, []string{draw.StepVRF}},
		{"round before", lies{reveal: func(d *draw.RevealDetail) { d.Outcome.Round = 999 }}, []string{draw.StepBeacon}},
		{"round after, though the planned one is there", lies{reveal: func(d *draw.RevealDetail) { d.Outcome.Round = 1001 }}, []string{draw.StepBeacon}},
		{"signature", lies{reveal: func(d *draw.RevealDetail) { d.Outcome.Signature = flip(d.Outcome.Signature, 20) }}, []string{draw.StepBeacon}},
		{"list instead of round", lies{reveal: func(d *draw.RevealDetail) { d.Outcome = draw.Outcome{Values: [][]string{{"1"}}} }}, []string{draw.StepBeacon}},
		{"plan seen too late", lies{before: 9 * time.Minute}, []string{draw.StepNotice}},
		{"plan with another key", lies{plan: func(p *draw.Plan) { p.Key = &other }}, []string{draw.StepKey}},
		{"unknown chain", lies{plan: func(p *draw.Plan) { p.Beacon.Chain = &other }}, []string{draw.StepBeacon}},
		{"result of another root", lies{result: func(d *draw.ResultDetail) { d.Root = other }}, []string{draw.StepResult}},
		{"result of another count", lies{result: func(d *draw.ResultDetail) { d.Count++ }}, []string{draw.StepResult}},
		{"result hides the unstaffed", lies{result: func(d *draw.ResultDetail) { d.Unstaffed++ }}, []string{draw.StepResult}},
		{"reveal of another root", lies{reveal: func(d *draw.RevealDetail) { d.Root = other }}, []string{draw.StepResult}},
		{"threshold", lies{reveal: func(d *draw.RevealDetail) { d.Strata[0].Threshold = &other }}, []string{draw.StepReveal}},
		{"quota", lies{reveal: func(d *draw.RevealDetail) { d.Strata[0].Quota++ }}, []string{draw.StepReveal}},
		{"stratum left out", lies{reveal: func(d *draw.RevealDetail) { d.Strata = d.Strata[1:] }}, []string{draw.StepReveal}},
		{"a used conflict stays closed", lies{pairs: func(o []draw.Opening) []draw.Opening { return nil }}, []string{draw.StepTeams, draw.StepReplacements}},
		{"a conflict that was not frozen", lies{pairs: func(o []draw.Opening) []draw.Opening { o[0].Salt[0] ^= 1; return o }}, []string{draw.StepConflicts}},
		{"openings other than revealed", lies{reveal: func(d *draw.RevealDetail) { d.Openings.Root = other }}, []string{draw.StepConflicts}},
		{"replacement by choice", lies{line: func(s string) string { return strings.Replace(s, ",91330900", ",91330901", 2) }}, []string{draw.StepReplacements}},
		{"replacement of unknown kind", lies{line: func(s string) string { return strings.Replace(s, "member", "friend", 1) }}, []string{draw.StepReplacements}},
		{"replacement with another ground", lies{line: func(s string) string { return strings.Replace(s, "recused", "on-leave", 1) }}, []string{draw.StepReplacements}},
		{"replacement kept back", lies{reveal: func(d *draw.RevealDetail) { d.Replacements++ }}, []string{draw.StepReplacements}},
		{"another draw's reveal", lies{reveal: func(d *draw.RevealDetail) { d.DrawNo = "2023-002" }}, []string{draw.StepLog}},
		{"another draw's result", lies{result: func(d *draw.ResultDetail) { d.DrawNo = "2023-002" }}, []string{draw.StepLog}},
	}
	for _, tt := range tests {
		w := newWorld(t)
		p := w.run(tt.lies)
		_, err := draw.Verify(p.again(), w.trust())
		wantStep(t, tt.name, err, tt.steps...)
	}
	t.Logf("%d lies, all found out", len(tests))
}

// Without the published lines the root alone convicts.
func TestLinesAreOptional(t *testing.T) {
	w := newWorld(t)
	p := w.run(lies{})
	b := p.again()
	b.Lines = nil
	if _, err := draw.Verify(b, w.trust()); err != nil {
		t.Fatal(err)
	}
	p = newWorld(t).run(lies{result: func(d *draw.ResultDetail) { d.Root = draw.Hash{1} }})
	b = p.again()
	b.Lines = nil
	_, err := draw.Verify(b, w.trust())
	wantStep(t, "other root", err, draw.StepResult)
}

func TestReportTellsLate(t *testing.T) {
	w := newWorld(t)
	p := w.run(lies{plan: func(p *draw.Plan) { p.Deadline = "2023-11-30T16:00:00Z" }})
	report, err := draw.Verify(p.again(), w.trust())
	if err != nil || !report.Late {
		t.Error(report, err)
	}
}

// Entries out of order, of other plans or of other logs are no draw.
func TestEntriesBelongTogether(t *testing.T) {
	w := newWorld(t)
	p := w.run(lies{})
	early := w.record(must(entry.Parse(p.bundle.Reveal.Entry)))
	for name, change := range map[string]func(*draw.Bundle){
		"result and reveal swapped":      func(b *draw.Bundle) { b.Result, b.Reveal = b.Reveal, b.Result },
		"plan as result":                 func(b *draw.Bundle) { b.Result = b.Plan },
		"result after the reveal":        func(b *draw.Bundle) { b.Result = w.recordBytes(b.Result.Entry) },
		"plan logged again":              func(b *draw.Bundle) { b.Plan = w.recordBytes(b.Plan.Entry) },
		"proof of another entry":         func(b *draw.Bundle) { b.Plan.Proof = early.Proof },
		"entry that is not in the log":   func(b *draw.Bundle) { b.Plan.Entry = append(bytes.Clone(b.Plan.Entry), ' ') },
		"replacement after the reveal":   func(b *draw.Bundle) { b.Replacements[2].Logged = w.recordBytes(b.Replacements[2].Entry) },
		"replacements in another order":  func(b *draw.Bundle) { slices.Reverse(b.Replacements) },
		"replacement without its entry":  func(b *draw.Bundle) { b.Replacements[0].Logged = draw.Logged{} },
		"no replacements where revealed": func(b *draw.Bundle) { b.Replacements = nil },
	} {
		b := p.again()
		b.Replacements = slices.Clone(b.Replacements)
		change(&b)
		_, err := draw.Verify(b, w.trust())
		wantStep(t, name, err, draw.StepLog, draw.StepReplacements)
	}
}
