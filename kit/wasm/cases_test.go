package wasm

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/dinghai/dinghai/kit/cwtqr"
	"github.com/dinghai/dinghai/kit/draw"
	"github.com/dinghai/dinghai/kit/ids"
	"github.com/dinghai/dinghai/kit/sdjwt/jws"
	"github.com/dinghai/dinghai/kit/statuslist"
)

// A testCase is a call and what the answer must be.
type testCase struct {
	Group, Label string
	Name         string          // of the function
	Request      json.RawMessage // for it
	ok           bool
	result       any         // when not nil, the result, as JSON
	step         string      // of a draw that fails
	state        cwtqr.State // of a licence that is shown
}

type cases struct {
	t    testing.TB
	list []testCase
}

func (c *cases) add(group, label, name string, request any, ok bool, result any, step string) {
	c.t.Helper()
	b, err := json.Marshal(request)
	if err != nil {
		c.t.Fatal(err)
	}
	c.list = append(c.list, testCase{group, label, name, b, ok, result, step, ""})
}

func (c *cases) read(path string, into any) {
	c.t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		c.t.Fatal(err)
	}
	if err := json.Unmarshal(b, into); err != nil {
		c.t.Fatal(path, err)
	}
}

func allCases(t testing.TB) []testCase {
	c := &cases{t: t}
	c.merkle()
	c.checkpoints()
	c.vrf()
	c.rounds()
	c.listOrder()
	c.draw()
	c.licences()
	return c.list
}

// node reads a root or leaf of a Merkle vector. Some vectors have a text there
// ("don't care 1"); its SHA-256 stands for it, equal where the texts are equal.
func node(s string) []byte {
	b, err := base64.StdEncoding.DecodeString(s)
	if err != nil || len(b) == 0 || len(b) == 32 {
		return b
	}
	sum := sha256.Sum256(b)
	return sum[:]
}

// u64 reads a number of a vector, 0 where there is none.
func u64(n json.Number) number {
	if n == "" {
		return 0
	}
	return number(must(strconv.ParseUint(string(n), 10, 64)))
}

func (c *cases) merkle() {
	type vector struct {
		File                                              string
		LeafIdx, TreeSize, Size1, Size2, Size, Start, End json.Number
		Root, LeafHash, Root1, Root2                      string
		Proof                                             [][]byte
		WantErr                                           bool
	}
	for _, f := range []struct{ file, name string }{
		{"merkle-inclusion", "verifyInclusion"}, {"merkle-consistency", "verifyConsistency"},
		{"merkle-subtreeinclusion", "verifySubtree"}, {"merkle-subtreeconsistency", "verifySubtreeRoots"},
	} {
		var in struct{ Cases []vector }
		c.read("../tlog/testdata/"+f.file+".json", &in)
		for _, v := range in.Cases {
			var request any = InclusionRequest{v.Proof, u64(v.LeafIdx), u64(v.Start), u64(v.End), u64(v.TreeSize), node(v.LeafHash), node(v.Root)}
			if strings.Contains(f.file, "consistency") {
				request = ConsistencyRequest{v.Proof, u64(v.Start), u64(v.End), u64(v.Size1), max(u64(v.Size2), u64(v.Size)), node(v.Root1), node(v.Root2)}
			}
			c.add(f.file, v.File, f.name, request, !v.WantErr, nil, "")
		}
	}
}

func (c *cases) checkpoints() {
	var in struct {
		VKey        string
		Origin      string
		Checkpoints []struct{ Checkpoint string }
	}
	c.read("../tlog/testdata/tiles-log.json", &in)
	for i, v := range in.Checkpoints {
		c.add("tiles-log checkpoints", fmt.Sprint(i), "verifyCheckpoint", CheckpointRequest{Checkpoint: v.Checkpoint, Key: in.VKey}, true, nil, "")
	}
	bad := strings.Replace(in.Checkpoints[3].Checkpoint, "\n3\n", "\n4\n", 1)
	c.add("checkpoints, changed", "size", "verifyCheckpoint", CheckpointRequest{Checkpoint: bad, Key: in.VKey}, false, nil, "")
}

func (c *cases) vrf() {
	var in struct {
		Cases []struct{ Suite, PK, Alpha, Pi, Beta string }
	}
	c.read("../vrf/testdata/ecvrf.json", &in)
	for i, v := range in.Cases {
		if v.Suite != "ECVRF-EDWARDS25519-SHA512-TAI" {
			continue // kit/vrf has no other
		}
		request := map[string]string{"key": v.PK, "alpha": v.Alpha, "pi": v.Pi}
		c.add("ecvrf, suite 3", fmt.Sprint(i), "verifyVRF", request, true, v.Beta, "")
		request = map[string]string{"key": v.PK, "alpha": v.Alpha + "00", "pi": v.Pi}
		c.add("ecvrf, changed", fmt.Sprint(i), "verifyVRF", request, false, nil, "")
	}
}

func (c *cases) rounds() {
	var in struct {
		Cases []struct {
			Name, Scheme, PubKey, Sig, PrevSig, Randomness string
			Round                                          uint64
			OK                                             bool
		}
	}
	c.read("../beacon/testdata/drand-beacons.json", &in)
	for i, v := range in.Cases {
		round := map[string]any{"round": v.Round, "randomness": v.Randomness, "signature": v.Sig, "previous_signature": v.PrevSig}
		request := map[string]any{"scheme": v.Scheme, "public_key": v.PubKey, "round": round}
		c.add("drand-beacons", fmt.Sprint(i, " ", v.Scheme), "verifyRound", request, v.OK, nil, "")
	}
}

func (c *cases) listOrder() {
	var in struct {
		Cases []struct {
			Name, Key string
			Pool      []string
			PoolSize  int   `json:"pool_size"`
			All       []int `json:"order_all_25"`
			First     []int `json:"order_first_20"`
		}
	}
	c.read("../beacon/testdata/rfc3797.json", &in)
	for _, v := range in.Cases {
		want := append(v.All, v.First...)
		c.add("rfc3797", v.Name, "orderByList", ListRequest{v.Key, max(v.PoolSize, len(v.Pool)), len(want)}, true, want, "")
	}
}

func (c *cases) draw() {
	good := publish(c.t)
	c.add("draw", "as published", "verifyDraw", good, true, nil, "")
	for label, v := range map[string]struct {
		change func(*DrawRequest)
		step   string
	}{
		"plan":        {func(r *DrawRequest) { r.Plan.Entry = strings.Replace(r.Plan.Entry, "2023-001", "2023-002", 1) }, draw.StepLog},
		"reveal":      {func(r *DrawRequest) { r.Reveal.Entry = strings.Replace(r.Reveal.Entry, "2023-12-01", "2023-12-02", 1) }, draw.StepLog},
		"policy":      {func(r *DrawRequest) { r.Policy = policyOfOthers(r.Policy) }, draw.StepLog},
		"no key":      {func(r *DrawRequest) { r.Keys = nil }, draw.StepKey},
		"objects":     {func(r *DrawRequest) { r.Objects = strings.Replace(r.Objects, "0000000001", "0000000041", 1) }, draw.StepObjects},
		"inspectors":  {func(r *DrawRequest) { r.Inspectors = strings.Replace(r.Inspectors, "9", "8", 1) }, draw.StepInspectors},
		"replacement": {func(r *DrawRequest) { r.Replacements = nil }, draw.StepReplacements},
	} {
		bad := good
		v.change(&bad)
		c.add("draw, changed", label, "verifyDraw", bad, false, nil, v.step)
	}
	c.add("proof file", "plan", "verifyProof", ProofRequest{good.Plan.Entry, good.Plan.Proof, good.Policy}, true, nil, "")
	c.add("proof file, changed", "entry", "verifyProof", ProofRequest{good.Plan.Entry + " ", good.Plan.Proof, good.Policy}, false, nil, "")
	c.add("proof file, changed", "other entry", "verifyProof", ProofRequest{good.Plan.Entry, good.Result.Proof, good.Policy}, false, nil, "")
}

// policyOfOthers trusts another log.
func policyOfOthers(policy string) string {
	var in struct{ VKey string }
	must(0, json.Unmarshal(must(os.ReadFile("../tlog/testdata/tiles-log.json")), &in))
	_, rest, _ := strings.Cut(policy, "\n")
	return "log " + in.VKey + "\n" + rest
}

func (c *cases) licences() {
	key := must(ecdsa.GenerateKey(elliptic.P256(), rand.Reader))
	keys := func(k crypto.Signer) json.RawMessage {
		return must(json.Marshal(map[string]any{"keys": []jws.Key{must(jws.NewKey(k.Public(), ""))}}))
	}
	now := time.Date(2026, 11, 27, 8, 0, 0, 0, time.UTC)
	list := must(statuslist.New(1, 1<<20))
	must(0, list.Set(159, statuslist.Invalid))
	kid := must(cwtqr.KeyID(key.Public()))
	status := must((&statuslist.Token{Subject: "https://licence.example/s/1", IssuedAt: now, Expires: now.Add(24 * time.Hour), List: list}).SignCWT(key, kid))
	code := func(index uint64) string {
		return must(cwtqr.Encode(&cwtqr.Claims{
			Issuer: "https://licence.example", IssuedAt: now, Expires: now.AddDate(1, 0, 0),
			Status: statuslist.Reference{Index: index, URI: "https://licence.example/s/1"},
			Licence: cwtqr.Licence{
				USCC: ids.NewUSCC("9", "1", "330902", index), Name: "舟山海丰水产有限公司", Type: "有限责任公司(自然人独资)",
				Representative: "王*明", Established: "2015-06-18", Address: "浙江省舟山市定海区解放路1号", Area: 330902,
			},
		}, key))
	}
	good := LicenceRequest{code(158), keys(key), status, now.Unix()}
	for label, v := range map[string]struct {
		change func(*LicenceRequest)
		ok     bool
		state  cwtqr.State // when there is a result
	}{
		"in force":        {func(*LicenceRequest) {}, true, cwtqr.InForce},
		"revoked":         {func(r *LicenceRequest) { r.Text = code(159) }, true, cwtqr.Revoked},
		"no list":         {func(r *LicenceRequest) { r.List = nil }, true, cwtqr.Unknown},
		"old list":        {func(r *LicenceRequest) { r.At += 2 * 86400 }, true, cwtqr.Unknown},
		"broken list":     {func(r *LicenceRequest) { r.List = r.List[:50] }, true, cwtqr.Unknown},
		"expired":         {func(r *LicenceRequest) { r.At += 400 * 86400 }, false, cwtqr.Unknown},
		"another key":     {func(r *LicenceRequest) { r.Keys = keys(must(ecdsa.GenerateKey(elliptic.P256(), rand.Reader))) }, false, ""},
		"changed":         {func(r *LicenceRequest) { r.Text = r.Text[:100] + "0" + r.Text[101:] }, false, ""},
		"not ours":        {func(r *LicenceRequest) { r.Text = "https://example.com" }, false, ""},
		"no keys":         {func(r *LicenceRequest) { r.Keys = nil }, false, ""},
		"bomb":            {func(r *LicenceRequest) { r.Text = "DH1:" + strings.Repeat("0", 5000) }, false, ""},
		"invalid UTF-8":   {func(r *LicenceRequest) { r.Text = "DH1:\xff" }, false, ""},
		"printed earlier": {printed, true, cwtqr.Unknown},
	} {
		r := good
		v.change(&r)
		c.add("licence codes", label, "verifyLicence", r, v.ok, nil, "")
		c.list[len(c.list)-1].state = v.state
	}
}

// printed is a code of the first edition.
func printed(r *LicenceRequest) {
	var in struct{ Key, Text string }
	must(0, json.Unmarshal(must(os.ReadFile("../cwtqr/testdata/printed.json")), &in))
	pub := must(ecdsa.ParseUncompressedPublicKey(elliptic.P256(), must(hex.DecodeString(in.Key))))
	r.Text, r.List = in.Text, nil
	r.Keys = must(json.Marshal(map[string]any{"keys": []jws.Key{must(jws.NewKey(pub, ""))}}))
}
