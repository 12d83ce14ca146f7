package draw_test

import (
	"bytes"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/note"

	"github.com/dinghai/dinghai/kit/beacon"
	"github.com/dinghai/dinghai/kit/draw"
	"github.com/dinghai/dinghai/kit/tlog"
)

// published is a finished draw, with what makes it again under a lie.
type published struct {
	texts
	bundle draw.Bundle
	lines  []byte
}

// lies change what an office publishes before it is logged.
type lies struct {
	plan   func(*draw.Plan)
	files  func(*texts) // after the plan
	result func(*draw.ResultDetail)
	reveal func(*draw.RevealDetail)
	line   func(string) string // of a replacement
	pairs  func([]draw.Opening) []draw.Opening
	before time.Duration // before the beacon, when witnesses see the plan
}

// run goes through the steps of a draw as an office does, and once aside of them
// where it lies.
func (w *world) run(l lies) published {
	w.t.Helper()
	x := w.files()
	w.plan = w.planFor(x)
	if l.plan != nil {
		l.plan(w.plan)
	}
	if l.before == 0 {
		l.before = 20 * time.Minute
	}
	p := published{bundle: draw.Bundle{Keys: []draw.Logged{w.keyEntry()}}}
	w.now = beaconAt.Add(-l.before)
	p.bundle.Plan = w.record(must(w.plan.Entry(office, matter, "2023-08-23")))
	w.now = beaconAt.Add(time.Minute)
	pi, seed := w.seed(p.bundle.Plan)
	if l.files != nil {
		l.files(&x)
	}
	r, err := draw.Run(w.plan, seed, x.readers(), 5)
	if err != nil {
		w.t.Fatal(err)
	}
	var b bytes.Buffer
	for _, line := range r.Lines {
		fmt.Fprintln(&b, line)
	}
	p.lines = b.Bytes()
	plan := p.bundle.Plan.Proof.Index
	p.bundle.Result = w.record(tampered(must(r.ResultEntry(office, "2023-08-23", plan)), l.result))
	for _, rep := range w.replace(r) {
		if l.line != nil {
			rep = l.line(rep)
		}
		p.bundle.Replacements = append(p.bundle.Replacements, w.recordLine(r, plan, rep))
	}
	used := r.Used()
	if l.pairs != nil {
		used = l.pairs(slices.Clone(used))
	}
	x.openings = file(func(b io.Writer) error { return draw.WriteOpenings(b, used) })
	w.now = time.Date(2023, 12, 1, 0, 0, 0, 0, time.UTC)
	reveal := tampered(must(r.RevealEntry(office, "2023-12-01", plan, quicknet, pi)), func(d *draw.RevealDetail) {
		_, d.Openings.Root, _ = draw.ReadOpenings(bytes.NewReader(x.openings))
		d.Openings.Count = len(used)
		if l.reveal != nil {
			l.reveal(d)
		}
	})
	p.bundle.Reveal = w.record(reveal)
	p.texts = x
	return p
}

// seed proves when the plan is honest; a lie that Prove itself refuses is proved
// with the bare key.
func (w *world) seed(plan draw.Logged) (pi []byte, seed draw.Hash) {
	proof, err := draw.Prove(w.key, plan, w.policy, beacons, quicknet)
	if err != nil {
		round := beacon.Round{Number: 1000, Signature: must(hex.DecodeString(quicknet.Signature))}
		alpha := draw.Alpha(plan.Entry, round.Randomness())
		proof = must(w.key.Prove(alpha[:]))
	}
	return proof[:], must(draw.SeedOf(proof[:]))
}

// replace replaces one object and, twice, a member of one team.
func (w *world) replace(r *draw.Result) []string {
	a := must(r.ReplaceObject(r.Lines[1].Object, "closed-down"))
	b := must(r.ReplaceMember(r.Lines[2].Object, r.Lines[2].Members[0], "recused"))
	c := must(r.ReplaceMember(r.Lines[2].Object, r.Lines[2].Members[1], "recused"))
	return []string{a.String(), b.String(), c.String()}
}

func (w *world) recordLine(r *draw.Result, plan uint64, line string) draw.LoggedReplacement {
	all := r.Replacements()
	i := slices.IndexFunc(all, func(rep draw.Replacement) bool { return strings.HasPrefix(line, fmt.Sprintf("%d,", rep.Serial)) })
	e := tampered(must(r.ReplacementEntry(office, "2023-09-01", plan, all[i])), func(d *draw.ReplacementDetail) {
		d.Hash = draw.Hash(tlog.LeafHash([]byte(line)))
	})
	return draw.LoggedReplacement{Line: line, Logged: w.record(e)}
}

// again makes the bundle for one more verification.
func (p published) again() draw.Bundle {
	b := p.bundle
	b.Files, b.Lines = p.readers(), bytes.NewReader(p.lines)
	return b
}

func (w *world) trust() draw.Trust { return draw.Trust{Policy: w.policy, Beacons: beacons} }

// wantStep checks that verifying fails at one of the steps.
func wantStep(t testing.TB, what string, err error, steps ...string) {
	t.Helper()
	var e *draw.StepError
	if !errors.As(err, &e) || !slices.Contains(steps, e.Step) {
		t.Errorf("%s: %v, want a failure at step %v", what, err, steps)
	}
}

func file2(list []draw.Opening) []byte {
	return file(func(b io.Writer) error { return draw.WriteOpenings(b, list) })
}

// onePolicy trusts the log with one of its witnesses.
func onePolicy(t testing.TB, w *world) *tlog.Policy {
	t.Helper()
	_, vkey, err := note.GenerateKey(bytes.NewReader(bytes.Repeat([]byte{1}, 64)), "log.example/disclosure/2023")
	if err != nil {
		t.Fatal(err)
	}
	return must(tlog.NewPolicy(vkey, 1, w.cosign[0].String(), w.cosign[1].String()))
}
