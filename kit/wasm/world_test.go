package wasm

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"encoding/hex"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/note"

	"github.com/dinghai/dinghai/kit/beacon"
	"github.com/dinghai/dinghai/kit/draw"
	"github.com/dinghai/dinghai/kit/tlog"
	"github.com/dinghai/dinghai/kit/tlog/entry"
	"github.com/dinghai/dinghai/kit/vrf"
)

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// Round 1000 of quicknet, a real one.
var (
	quicknet = draw.Outcome{Round: 1000, Signature: "b44679b9a59af2ec876b1a6b1ad52ea9b1615fc3982b19576350f93447cb1125e342b73a8dd2bacbe47e4b6b63ed5e39"}
	beaconAt = time.Date(2023, 8, 23, 15, 59, 24, 0, time.UTC)
)

// bureau is an office with a log and two witnesses.
type bureau struct {
	log    *tlog.Log
	cosign []*tlog.Cosigner
	policy string
	now    time.Time
}

func newBureau(t testing.TB) *bureau {
	t.Helper()
	b := &bureau{}
	skey, vkey, err := note.GenerateKey(bytes.NewReader(bytes.Repeat([]byte{1}, 64)), "log.example/disclosure/2023")
	if err != nil {
		t.Fatal(err)
	}
	b.log = must(tlog.Open(context.Background(), tlog.Config{
		Store: &tlog.Memory{}, Signer: must(note.NewSigner(skey)), Key: must(note.NewVerifier(vkey)),
	}))
	policy := "log " + vkey + "\n"
	for i := range 2 {
		key := ed25519.NewKeyFromSeed(bytes.Repeat([]byte{byte(10 + i)}, 32))
		c := must(tlog.NewCosigner(fmt.Sprintf("witness%d.example", i), key, func() time.Time { return b.now }))
		b.cosign = append(b.cosign, c)
		policy += fmt.Sprintf("witness w%d %s\n", i, c)
	}
	b.policy = policy + "group both all w0 w1\nquorum both\n"
	return b
}

// record logs an entry, has it cosigned and proves it.
func (b *bureau) record(e *entry.Entry) (LoggedEntry, draw.Logged) {
	ctx := context.Background()
	text := must(e.Bytes())
	index := must(b.log.Append(ctx, text))
	signed := must(b.log.Sign(ctx))
	head, _, _ := strings.Cut(string(signed), "\n\n")
	var known []*tlog.Witness
	for _, c := range b.cosign {
		_, lines, _ := strings.Cut(string(must(note.Sign(&note.Note{Text: head + "\n"}, c))), "\n\n")
		signed = append(signed, lines...)
		known = append(known, &c.Witness)
	}
	_, lines, _ := strings.Cut(string(signed), "\n\n")
	must(b.log.Cosign(ctx, []byte(lines), known...))
	proof := must(b.log.Prove(ctx, index))
	return LoggedEntry{Entry: string(text), Proof: string(proof.Bytes())}, draw.Logged{Entry: text, Proof: proof}
}

func file(write func(io.Writer) error) string {
	var b strings.Builder
	if err := write(&b); err != nil {
		panic(err)
	}
	return b.String()
}

// lists are 40 objects of two strata, six inspectors and some conflicts.
func lists(r *DrawRequest) (pairs []draw.Opening) {
	var objects []draw.Object
	var people []draw.Inspector
	for i := range 40 {
		objects = append(objects, draw.Object{ID: fmt.Sprintf("91330900%010d", i), Stratum: "food/" + string("AB"[i%2]), Area: "E"})
	}
	for i := range 6 {
		people = append(people, draw.Inspector{No: fmt.Sprintf("Z%02d", i), Area: "E", Qualifications: []string{"food"}, Available: true, MaxLoad: 9})
	}
	for i := range 20 {
		pairs = append(pairs, draw.Opening{Inspector: people[i%6].No, Object: objects[i*2].ID, Salt: [32]byte{byte(i)}})
	}
	r.Objects = file(func(w io.Writer) error { return draw.WriteObjects(w, objects) })
	r.Inspectors = file(func(w io.Writer) error { return draw.WriteInspectors(w, people) })
	r.Conflicts = file(func(w io.Writer) error { return draw.WriteConflicts(w, pairs) })
	r.Openings = file(func(w io.Writer) error { return draw.WriteOpenings(w, pairs) })
	return pairs
}

func (r *DrawRequest) files() draw.Files {
	return draw.Files{
		Objects: strings.NewReader(r.Objects), Inspectors: strings.NewReader(r.Inspectors),
		Conflicts: strings.NewReader(r.Conflicts), Openings: strings.NewReader(r.Openings),
	}
}

func (r *DrawRequest) plan(key draw.Hash) *draw.Plan {
	pool := must(draw.FreezeObjects(strings.NewReader(r.Objects)))
	people, peopleRoot, err := draw.ReadInspectors(strings.NewReader(r.Inspectors))
	must(0, err)
	conflicts, conflictRoot, err := draw.ReadConflicts(strings.NewReader(r.Conflicts))
	must(0, err)
	chain := draw.Hash(beacon.Quicknet.Hash)
	p := &draw.Plan{
		Algorithm: draw.Algorithm, DrawNo: "2023-001", Mode: draw.VRF, Key: &key,
		Beacon:  draw.BeaconRule{Kind: "drand", Chain: &chain, Round: 1000, Fallback: 2},
		Objects: draw.Root{Count: pool.Objects, Root: pool.Root}, Inspectors: draw.Root{Count: len(people), Root: peopleRoot},
		Conflicts: draw.Root{Count: len(conflicts), Root: conflictRoot}, Team: 2, AreaRule: draw.SameArea, Deadline: "2023-12-31T16:00:00Z",
	}
	for _, s := range pool.Strata {
		p.Strata = append(p.Strata, draw.StratumPlan{Code: s.Code, Eligible: s.Eligible, Excluded: s.ExcludedAll(), P: 1, Q: 5, Need: []string{"food"}})
	}
	return p
}

// publish goes through a draw and returns all that is published about it.
func publish(t testing.TB) DrawRequest {
	const office, matter = "330900", "food-hygiene"
	b := newBureau(t)
	r := DrawRequest{Policy: b.policy}
	lists(&r)
	key := must(vrf.NewPrivateKey(bytes.Repeat([]byte{3}, 32)))
	b.now = beaconAt.Add(-time.Hour)
	k := draw.KeyDetail{Algorithm: draw.Algorithm, Beacon: hex.EncodeToString(beacon.Quicknet.Hash[:]), Key: key.PublicKey(), Effective: "2023-01-01T00:00:00Z"}
	keyEntry, _ := b.record(must(draw.KeyEntry(office, "2023-01-01", k, nil)))
	r.Keys = []LoggedEntry{keyEntry}
	plan := r.plan(draw.Hash(key.PublicKey()))
	b.now = beaconAt.Add(-20 * time.Minute)
	var logged draw.Logged
	r.Plan, logged = b.record(must(plan.Entry(office, matter, "2023-08-23")))

	b.now = beaconAt.Add(time.Minute)
	policy := must(tlog.ParsePolicy([]byte(b.policy)))
	pi := must(draw.Prove(key, logged, policy, trusted, quicknet))
	result := must(draw.Run(plan, must(draw.SeedOf(pi[:])), r.files(), 3))
	for _, line := range result.Lines {
		r.Lines += line.String() + "\n"
	}
	index := logged.Proof.Index
	r.Result, _ = b.record(must(result.ResultEntry(office, "2023-08-23", index)))
	rep := must(result.ReplaceObject(result.Lines[1].Object, "closed-down"))
	replaced, _ := b.record(must(result.ReplacementEntry(office, "2023-09-01", index, rep)))
	replaced.Line = rep.String()
	r.Replacements = []LoggedEntry{replaced}

	r.Openings = file(func(w io.Writer) error { return draw.WriteOpenings(w, result.Used()) })
	b.now = time.Date(2023, 12, 1, 0, 0, 0, 0, time.UTC)
	r.Reveal, _ = b.record(must(result.RevealEntry(office, "2023-12-01", index, quicknet, pi[:])))
	return r
}
