package draw_test

import (
	"bytes"
	"errors"
	"testing"
	"time"

	"github.com/dinghai/dinghai/kit/beacon"
	"github.com/dinghai/dinghai/kit/draw"
	"github.com/dinghai/dinghai/kit/vrf"
)

func TestKeyRotation(t *testing.T) {
	next := must(vrf.NewPrivateKey(bytes.Repeat([]byte{4}, 32)))
	detail := func(effective string) draw.KeyDetail {
		return draw.KeyDetail{Algorithm: draw.Algorithm, Beacon: "x", Key: next.PublicKey(), Effective: effective}
	}
	run := func(keys func(w *world) []draw.Logged) error {
		w := newWorld(t)
		w.now = beaconAt.Add(-30 * 24 * time.Hour)
		first := w.keyEntry()
		more := append([]draw.Logged{first}, keys(w)...)
		w.key = next
		p := w.run(lies{})
		p.bundle.Keys = more
		_, err := draw.Verify(p.again(), w.trust())
		return err
	}
	good := func(w *world) []draw.Logged {
		return []draw.Logged{w.record(must(draw.KeyEntry(office, "2023-07-24", detail("2023-08-01T15:59:24Z"), w.key)))}
	}
	if err := run(good); err != nil {
		t.Error(err)
	}
	for name, keys := range map[string]func(w *world) []draw.Logged{
		"not rotated": func(w *world) []draw.Logged { return nil },
		"effective too soon": func(w *world) []draw.Logged {
			return []draw.Logged{w.record(must(draw.KeyEntry(office, "2023-07-24", detail("2023-07-30T15:59:23Z"), w.key)))}
		},
		"effective too late": func(w *world) []draw.Logged {
			return []draw.Logged{w.record(must(draw.KeyEntry(office, "2023-07-24", detail("2023-08-24T00:00:00Z"), w.key)))}
		},
		"signed by itself": func(w *world) []draw.Logged {
			e := must(draw.KeyEntry(office, "2023-07-24", detail("2023-08-01T15:59:24Z"), next))
			return []draw.Logged{w.record(tampered(e, func(k *draw.KeyDetail) { old := draw.Hash(w.key.PublicKey()); k.Previous = &old }))}
		},
		"changed after signing": func(w *world) []draw.Logged {
			e := must(draw.KeyEntry(office, "2023-07-24", detail("2023-08-01T15:59:24Z"), w.key))
			return []draw.Logged{w.record(tampered(e, func(k *draw.KeyDetail) { k.Document = draw.Hash{1} }))}
		},
		"a second first key": func(w *world) []draw.Logged {
			return []draw.Logged{w.record(must(draw.KeyEntry(office, "2023-07-24", detail("2023-08-01T15:59:24Z"), nil)))}
		},
		"of another office": func(w *world) []draw.Logged {
			return []draw.Logged{w.record(must(draw.KeyEntry("330800", "2023-07-24", detail("2023-08-01T15:59:24Z"), w.key)))}
		},
	} {
		wantStep(t, name, run(keys), draw.StepKey)
	}
}

// The key proves the alpha of a plan that was logged and seen in time, and no
// other.
func TestProveRefuses(t *testing.T) {
	w := newWorld(t)
	plan := w.planFor(w.files())
	w.now = beaconAt.Add(-11 * time.Minute)
	logged := w.record(must(plan.Entry(office, matter, "2023-08-23")))
	if _, err := draw.Prove(w.key, logged, w.policy, beacons, quicknet); err != nil {
		t.Fatal(err)
	}
	w.now = beaconAt.Add(-9 * time.Minute)
	late := w.record(must(plan.Entry(office, matter, "2023-08-23")))
	unlogged := draw.Logged{Entry: must(must(plan.Entry(office, "other", "2023-08-23")).Bytes()), Proof: logged.Proof}
	another := must(vrf.NewPrivateKey(bytes.Repeat([]byte{5}, 32)))
	wrong := quicknet
	wrong.Round = 1001
	for name, err := range map[string]error{
		"seen too late": second(draw.Prove(w.key, late, w.policy, beacons, quicknet)),
		"not logged":    second(draw.Prove(w.key, unlogged, w.policy, beacons, quicknet)),
		"another key":   second(draw.Prove(another, logged, w.policy, beacons, quicknet)),
		"another round": second(draw.Prove(w.key, logged, w.policy, beacons, wrong)),
		"no beacon":     second(draw.Prove(w.key, logged, w.policy, draw.Beacons{Chains: beacons.Chains}, quicknet)),
	} {
		if err == nil {
			t.Errorf("%s: proved", name)
		}
	}
}

func second[T any](_ T, err error) error { return err }

// One witness is not enough, however the policy reads.
func TestTwoWitnesses(t *testing.T) {
	w := newWorld(t)
	p := w.run(lies{})
	trust := w.trust()
	trust.Policy = onePolicy(t, w)
	_, err := draw.Verify(p.again(), trust)
	wantStep(t, "one witness", err, draw.StepNotice)
}

// A lottery list, open mode: no network, no key.
func TestListAndOpenMode(t *testing.T) {
	w := newWorld(t)
	x := w.files()
	plan := w.planFor(x)
	plan.Mode, plan.Key = draw.Open, nil
	plan.Beacon = draw.BeaconRule{Kind: "list", Sources: []string{"双色球 2023-098", "上证指数 2023-08-24"}, At: "2023-08-24T07:00:00Z"}
	w.now = time.Date(2023, 8, 24, 6, 0, 0, 0, time.UTC)
	logged := w.record(must(plan.Entry(office, matter, "2023-08-23")))
	outcome := draw.Outcome{Values: [][]string{{"5", "14", "08", "21", "29", "33", "16"}, {"3082.240"}}}
	seed := must(draw.OpenSeed(logged.Entry, beacons, outcome))
	if want := draw.Alpha(logged.Entry, beacon.KeyRandomness("5.8.14.16.21.29.33./3082.24/")); seed != want {
		t.Fatal(seed, want)
	}
	r := must(draw.Run(plan, seed, x.readers(), 0))
	bundle := func(o draw.Outcome) draw.Bundle {
		x.openings = file2(r.Used())
		return draw.Bundle{Plan: logged, Result: w.record(must(r.ResultEntry(office, "2023-08-25", logged.Proof.Index))),
			Reveal: w.record(must(r.RevealEntry(office, "2023-09-01", logged.Proof.Index, o, nil))), Files: x.readers()}
	}
	report, err := draw.Verify(bundle(outcome), w.trust())
	if err != nil || report.Outcome.Values[1][0] != "3082.240" {
		t.Fatal(report, err)
	}
	changed := draw.Outcome{Values: [][]string{outcome.Values[0], {"3082.25"}}}
	_, err = draw.Verify(bundle(changed), w.trust())
	wantStep(t, "other numbers", err, draw.StepVRF)
	trust := w.trust()
	trust.Beacons.Published = func(sources []string, values [][]string) error {
		if sources[1] == "上证指数 2023-08-24" && values[1][0] == "3082.240" {
			return errors.New("the exchange says otherwise")
		}
		return nil
	}
	_, err = draw.Verify(bundle(outcome), trust)
	wantStep(t, "numbers that were not published", err, draw.StepBeacon)
	for name, o := range map[string]draw.Outcome{"a source left out": {Values: outcome.Values[:1]}, "a round": quicknet, "no number": {Values: [][]string{{"x"}, {"1"}}}} {
		_, err := draw.Verify(bundle(o), w.trust())
		wantStep(t, name, err, draw.StepBeacon)
	}
}

// A round that was never made lets the next one count, if the verifier agrees
// that it is missing.
func TestFallback(t *testing.T) {
	w := newWorld(t)
	p := w.run(lies{plan: func(p *draw.Plan) { p.Beacon.Round = 998 }})
	trust := w.trust()
	_, err := draw.Verify(p.again(), trust)
	wantStep(t, "rounds that are there", err, draw.StepBeacon)
	trust.Beacons.Missing = func(c beacon.Chain, round uint64) bool { return c.ID == "quicknet" && (round == 998 || round == 999) }
	if _, err := draw.Verify(p.again(), trust); err != nil {
		t.Error(err)
	}
	p = newWorld(t).run(lies{plan: func(p *draw.Plan) { p.Beacon.Round = 997 }})
	trust.Beacons.Missing = func(beacon.Chain, uint64) bool { return true }
	_, err = draw.Verify(p.again(), trust)
	wantStep(t, "further than the plan allows", err, draw.StepBeacon)
}
