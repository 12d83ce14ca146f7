package draw_test

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/note"

	"github.com/dinghai/dinghai/kit/beacon"
	"github.com/dinghai/dinghai/kit/beacon/bls"
	"github.com/dinghai/dinghai/kit/draw"
	"github.com/dinghai/dinghai/kit/tlog"
	"github.com/dinghai/dinghai/kit/tlog/entry"
	"github.com/dinghai/dinghai/kit/vrf"
)

const (
	office = "330900"
	matter = "food-hygiene"
)

// Round 1000 of quicknet is the randomness of every test draw: a real signature,
// checked with the real pairing.
var (
	quicknet = draw.Outcome{Round: 1000, Signature: "b44679b9a59af2ec876b1a6b1ad52ea9b1615fc3982b19576350f93447cb1125e342b73a8dd2bacbe47e4b6b63ed5e39"}
	beaconAt = time.Date(2023, 8, 23, 15, 59, 24, 0, time.UTC)
	beacons  = draw.Beacons{Chains: []beacon.Chain{beacon.Quicknet}, Verify: bls.Verify}
)

var officeKey = must(vrf.NewPrivateKey(bytes.Repeat([]byte{3}, 32)))

// world is a log with two witnesses and an office that draws.
type world struct {
	t       testing.TB
	log     *tlog.Log
	policy  *tlog.Policy
	now     time.Time
	cosign  []*tlog.Cosigner
	key     *vrf.PrivateKey
	objects []draw.Object
	people  []draw.Inspector
	pairs   []draw.Opening
	plan    *draw.Plan
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

func newWorld(t testing.TB) *world {
	w := &world{t: t, now: beaconAt.Add(-time.Hour)}
	skey, vkey, err := note.GenerateKey(bytes.NewReader(bytes.Repeat([]byte{1}, 64)), "log.example/disclosure/2023")
	if err != nil {
		t.Fatal(err)
	}
	w.log = must(tlog.Open(context.Background(), tlog.Config{Store: &tlog.Memory{}, Signer: must(note.NewSigner(skey)), Key: must(note.NewVerifier(vkey))}))
	var keys []string
	for i := range 2 {
		key := ed25519.NewKeyFromSeed(bytes.Repeat([]byte{byte(10 + i)}, 32))
		w.cosign = append(w.cosign, must(tlog.NewCosigner(fmt.Sprintf("witness%d.example", i), key, func() time.Time { return w.now })))
		keys = append(keys, w.cosign[i].String())
	}
	w.policy = must(tlog.NewPolicy(vkey, 2, keys...))
	w.key = officeKey
	w.lists()
	return w
}

// lists makes three strata in two areas, some excluded, and some conflicts.
func (w *world) lists() {
	for i := range 90 {
		o := draw.Object{ID: fmt.Sprintf("91330900%010d", i*37%90), Stratum: "food/" + string("ABC"[i%3]), Area: []string{"E", "W"}[i/3%2]}
		if i%11 == 0 {
			o.Excluded = "closed"
		}
		w.objects = append(w.objects, o)
	}
	for i := range 9 {
		p := draw.Inspector{No: fmt.Sprintf("Z%02d", i), Area: []string{"E", "W", ""}[i%3], Qualifications: []string{"food"}, Available: i != 5, MaxLoad: 9}
		if i%2 == 0 {
			p.Qualifications = append(p.Qualifications, "drug")
		}
		w.people = append(w.people, p)
	}
	for i := range 60 {
		pair := draw.Opening{Inspector: w.people[i%9].No, Object: w.objects[i*7%90].ID}
		pair.Salt = sha256.Sum256([]byte{byte(i)})
		w.pairs = append(w.pairs, pair)
	}
}

func file(write func(io.Writer) error) []byte {
	var b bytes.Buffer
	if err := write(&b); err != nil {
		panic(err)
	}
	return b.Bytes()
}

// texts are the files of a draw as bytes.
type texts struct{ objects, inspectors, conflicts, openings []byte }

func (w *world) files() texts {
	return texts{
		file(func(b io.Writer) error { return draw.WriteObjects(b, w.objects) }),
		file(func(b io.Writer) error { return draw.WriteInspectors(b, w.people) }),
		file(func(b io.Writer) error { return draw.WriteConflicts(b, w.pairs) }),
		file(func(b io.Writer) error { return draw.WriteOpenings(b, w.pairs) }),
	}
}

func (x texts) readers() draw.Files {
	return draw.Files{Objects: bytes.NewReader(x.objects), Inspectors: bytes.NewReader(x.inspectors),
		Conflicts: bytes.NewReader(x.conflicts), Openings: bytes.NewReader(x.openings)}
}

// planFor makes a plan of files: one in five of each stratum.
func (w *world) planFor(x texts) *draw.Plan {
	pool := must(draw.FreezeObjects(bytes.NewReader(x.objects)))
	people, peopleRoot, err1 := draw.ReadInspectors(bytes.NewReader(x.inspectors))
	conflicts, conflictRoot, err2 := draw.ReadConflicts(bytes.NewReader(x.conflicts))
	if err := errors.Join(err1, err2); err != nil {
		w.t.Fatal(err)
	}
	key, chain := draw.Hash(w.key.PublicKey()), draw.Hash(beacon.Quicknet.Hash)
	p := &draw.Plan{Algorithm: draw.Algorithm, DrawNo: "2023-001", Mode: draw.VRF, Key: &key,
		Beacon:  draw.BeaconRule{Kind: "drand", Chain: &chain, Round: 1000, Fallback: 2},
		Objects: draw.Root{Count: pool.Objects, Root: pool.Root}, Inspectors: draw.Root{Count: len(people), Root: peopleRoot},
		Conflicts: draw.Root{Count: len(conflicts), Root: conflictRoot}, Team: 2, AreaRule: draw.SameArea, Deadline: "2023-12-31T16:00:00Z"}
	for _, s := range pool.Strata {
		p.Strata = append(p.Strata, draw.StratumPlan{Code: s.Code, Eligible: s.Eligible, Excluded: s.ExcludedAll(), P: 1, Q: 5, Need: []string{"food"}})
	}
	return p
}

// record appends an entry, has it cosigned now and proves it.
func (w *world) record(e *entry.Entry) draw.Logged {
	w.t.Helper()
	b, err := e.Bytes()
	if err != nil {
		w.t.Fatal(err)
	}
	return w.recordBytes(b)
}

func (w *world) recordBytes(b []byte) draw.Logged {
	w.t.Helper()
	ctx := context.Background()
	index := must(w.log.Append(ctx, b))
	signed := must(w.log.Sign(ctx))
	text, _, _ := strings.Cut(string(signed), "\n\n")
	var known []*tlog.Witness
	for _, c := range w.cosign {
		_, lines, _ := strings.Cut(string(must(note.Sign(&note.Note{Text: text + "\n"}, c))), "\n\n")
		signed = append(signed, lines...)
		known = append(known, &c.Witness)
	}
	_, lines, _ := strings.Cut(string(signed), "\n\n")
	must(w.log.Cosign(ctx, []byte(lines), known...))
	return draw.Logged{Entry: b, Proof: must(w.log.Prove(ctx, index))}
}

func (w *world) keyEntry() draw.Logged {
	k := draw.KeyDetail{Algorithm: draw.Algorithm, Document: draw.Document(), Beacon: hex.EncodeToString(beacon.Quicknet.Hash[:]), Key: w.key.PublicKey(), Effective: "2023-01-01T00:00:00Z"}
	return w.record(must(draw.KeyEntry(office, "2023-01-01", k, nil)))
}
