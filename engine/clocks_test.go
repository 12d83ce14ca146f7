package engine_test

import (
	"os"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/journey"
	"github.com/dinghai/dinghai/journey/journeytest"
)

// trial is a system whose limits changed on 1 July 2023: until then ten working
// days more could be given and tests stopped the count, since then neither.
var trial = fstest.MapFS{
	"trial/system.yaml": {Data: []byte("label: {zh: 试, en: Trial}\n")},
	"trial/clocks.yaml": {Data: []byte(`clocks:
  - clock: TRIAL-DECIDE
    label: {zh: 决定, en: Decide}
    rules:
      - {version: 1, to: "2023-06-30", n: 10, unit: workday, by: clock_start, law: {zh: 旧, en: Old}, confidence: A}
      - {version: 2, from: "2023-07-01", n: 10, unit: workday, by: clock_start, law: {zh: 新, en: New}, confidence: A, extend: {none: true}, pause: []}
    extend: {n: 10, unit: workday, times: 1, approver: bureau_head}
    pause: [test]
  - clock: TRIAL-NOTICE
    label: {zh: 通知, en: Notice}
    rules:
      - {version: 1, n: 7, unit: day, back: true, no_roll: true, by: clock_start, law: {zh: 法, en: Law}, confidence: A}
`)},
	"trial/matters/paper.yaml": {Data: []byte(`kind: paper
version: 1
label: {zh: 件, en: Paper}
title: '"A"'
fields:
  - {field: held_on, type: date, label: {zh: 日, en: Day}}
states:
  - {state: open, label: {zh: 开, en: Open}}
  - {state: done, label: {zh: 结, en: Done}, end: true}
clocks: [{clock: TRIAL-DECIDE}, {clock: TRIAL-NOTICE}]
actions:
  - {action: come, label: {zh: 来, en: Come}, opens: true, to: open, roles: [citizen], emits: trial.came, form: [{field: held_on}], clocks: {start: [{clock: TRIAL-DECIDE}, {clock: TRIAL-NOTICE, from: rec.held_on}]}}
  - {action: test, label: {zh: 检, en: Test}, from: [open], roles: [citizen], emits: trial.tested, clocks: {pause: {TRIAL-DECIDE: test}}}
  - {action: back, label: {zh: 回, en: Back}, from: [open], roles: [citizen], emits: trial.returned, clocks: {resume: [TRIAL-DECIDE]}}
  - {action: extend, label: {zh: 延, en: Extend}, from: [open], roles: [citizen], emits: trial.extended, clocks: {extend: {clock: TRIAL-DECIDE}}}
  - {action: tell, label: {zh: 告, en: Tell}, from: [open], roles: [citizen], emits: trial.told, clocks: {stop: {TRIAL-NOTICE: met}}}
  - {action: end, label: {zh: 结, en: End}, from: [open], to: done, roles: [citizen], emits: trial.ended, clocks: {stop: {TRIAL-DECIDE: met}}}
`)},
}

func trialOn(t *testing.T, day string) (*journey.Runner, func(action string, in ...any) (*domain.Record, error)) {
	r := journeytest.New(t, journeytest.Options{Catalogue: journeytest.Layer(t, os.DirFS("../systems"), trial)})
	set := func(d string) {
		at, err := time.Parse(time.RFC3339, d+"T01:00:00Z")
		if err != nil {
			t.Fatal(err)
		}
		r.Clock.Set(at)
	}
	set(day)
	var ref domain.Ref
	return r, func(action string, in ...any) (*domain.Record, error) {
		c := domain.Command{Kind: "trial.paper", Action: action, Actor: as("citizen"), Input: map[string]any{}}
		if action == "come" {
			c.Area, c.Input["held_on"] = town, in[0]
		} else {
			c.Record = ref
			if len(in) > 0 {
				set(in[0].(string))
			}
		}
		rec, err := r.Engine.Do(t.Context(), c)
		if action == "come" && err == nil {
			ref = rec.Record.Ref
		}
		return rec.Record, err
	}
}

// TestExtensionFollowsTheRuleVersion: what a version says of extensions holds
// for the clocks that run under it.
func TestExtensionFollowsTheRuleVersion(t *testing.T) {
	_, do := trialOn(t, "2023-05-08")
	if _, err := do("come", "2023-12-01"); err != nil {
		t.Fatal(err)
	}
	if rec, err := do("extend"); err != nil || rec.Clock("TRIAL-DECIDE").Due != "2023-06-05" {
		t.Errorf("under version 1: %v %v", rec, err)
	}
	_, do = trialOn(t, "2023-07-03")
	if _, err := do("come", "2023-12-01"); err != nil {
		t.Fatal(err)
	}
	if _, err := do("extend"); domain.ErrorCode(err) != domain.Refused || !strings.Contains(err.Error(), "version 2") {
		t.Errorf("under version 2: %v", err)
	}
}

// TestPauseGroundsAreTheRules: a ground the version does not know excludes no
// time.
func TestPauseGroundsAreTheRules(t *testing.T) {
	_, do := trialOn(t, "2023-05-08")
	do("come", "2023-12-01") //nolint:errcheck // looked at below
	if rec, err := do("test"); err != nil || !rec.Clock("TRIAL-DECIDE").Paused() {
		t.Errorf("version 1 does not pause: %v", err)
	}
	if rec, err := do("back", "2023-05-15"); err != nil || rec.Clock("TRIAL-DECIDE").Due != "2023-05-26" {
		t.Errorf("four working days were not excluded: %+v %v", rec.Clocks, err)
	}
	_, do = trialOn(t, "2023-07-03")
	do("come", "2023-12-01") //nolint:errcheck // looked at below
	rec, err := do("test")
	if err != nil || rec.Clock("TRIAL-DECIDE").Paused() || rec.Clock("TRIAL-DECIDE").Due != "2023-07-17" {
		t.Errorf("version 2 pauses: %v %v", rec, err)
	}
}

// TestBackwardClockIsMissed: a notice must be given some days before the day it
// is about; one given later is late.
func TestBackwardClockIsMissed(t *testing.T) {
	for told, want := range map[string]string{"2023-05-12": domain.Met, "2023-05-13": domain.Met, "2023-05-14": domain.Missed} {
		_, do := trialOn(t, "2023-05-08")
		do("come", "2023-05-20") //nolint:errcheck // looked at below
		rec, err := do("tell", told)
		if err != nil || rec.Clock("TRIAL-NOTICE").Due != "2023-05-13" || rec.Clock("TRIAL-NOTICE").Outcome != want {
			t.Errorf("told on %s: %+v %v", told, rec, err)
		}
	}
	_, do := trialOn(t, "2023-05-08")
	do("come", "2023-05-20") //nolint:errcheck // looked at below
	if rec, err := do("end", "2023-05-19"); err != nil || rec.Clock("TRIAL-NOTICE").Outcome != domain.Missed {
		t.Errorf("ended without a notice: %+v %v", rec, err)
	}
}
