package wasm

import (
	"encoding/hex"
	"encoding/json"
	"strings"
	"time"

	"github.com/dinghai/dinghai/kit/beacon"
	"github.com/dinghai/dinghai/kit/beacon/bls"
	"github.com/dinghai/dinghai/kit/beacon/bn254"
	"github.com/dinghai/dinghai/kit/draw"
	"github.com/dinghai/dinghai/kit/tlog"
	"github.com/dinghai/dinghai/kit/vrf"
)

// LoggedEntry is an entry as logged and its .tlog-proof file; Line is that of a
// replacement.
type LoggedEntry struct {
	Line  string `json:"line"`
	Entry string `json:"entry"`
	Proof string `json:"proof"`
}

func (l LoggedEntry) logged() (draw.Logged, error) {
	p, err := tlog.ParseProof([]byte(l.Proof))
	return draw.Logged{Entry: []byte(l.Entry), Proof: p}, err
}

// DrawRequest is everything published about a draw, files as their text, and
// the policy file that says which log and witnesses are trusted.
type DrawRequest struct {
	Policy       string        `json:"policy"`
	Keys         []LoggedEntry `json:"keys"`
	Plan         LoggedEntry   `json:"plan"`
	Result       LoggedEntry   `json:"result"`
	Reveal       LoggedEntry   `json:"reveal"`
	Replacements []LoggedEntry `json:"replacements"`
	Objects      string        `json:"objects"`
	Inspectors   string        `json:"inspectors"`
	Conflicts    string        `json:"conflicts"`
	Openings     string        `json:"openings"`
	Lines        string        `json:"lines"` // the published result
}

// DrawResult is what verifying found out.
type DrawResult struct {
	Office     string             `json:"office"`
	Matter     string             `json:"matter"`
	DrawNo     string             `json:"draw_no"`
	Seed       draw.Hash          `json:"seed"`
	Outcome    draw.Outcome       `json:"outcome"` // numbers of a list have to be looked up
	Lines      int                `json:"lines"`
	PlanSeen   time.Time          `json:"plan_seen"`
	ResultSeen time.Time          `json:"result_seen"`
	RevealSeen time.Time          `json:"reveal_seen"`
	Beacon     time.Time          `json:"beacon"`
	Late       bool               `json:"late"`
	Replaced   []draw.Replacement `json:"replaced,omitempty"`
}

// trusted are the chains whose values count; what else a plan names is refused.
var trusted = draw.Beacons{Chains: []beacon.Chain{beacon.Quicknet}, Verify: bls.Verify}

func verifyDraw(r DrawRequest) (any, error) {
	policy, err := tlog.ParsePolicy([]byte(r.Policy))
	if err != nil {
		return nil, err
	}
	b := draw.Bundle{
		Files: draw.Files{
			Objects: strings.NewReader(r.Objects), Inspectors: strings.NewReader(r.Inspectors),
			Conflicts: strings.NewReader(r.Conflicts), Openings: strings.NewReader(r.Openings),
		},
		Lines: strings.NewReader(r.Lines),
	}
	for _, part := range []struct {
		in LoggedEntry
		to *draw.Logged
	}{{r.Plan, &b.Plan}, {r.Result, &b.Result}, {r.Reveal, &b.Reveal}} {
		if *part.to, err = part.in.logged(); err != nil {
			return nil, err
		}
	}
	for _, k := range r.Keys {
		l, err := k.logged()
		if err != nil {
			return nil, err
		}
		b.Keys = append(b.Keys, l)
	}
	for _, rep := range r.Replacements {
		l, err := rep.logged()
		if err != nil {
			return nil, err
		}
		b.Replacements = append(b.Replacements, draw.LoggedReplacement{Line: rep.Line, Logged: l})
	}
	report, err := draw.Verify(b, draw.Trust{Policy: policy, Beacons: trusted})
	if err != nil {
		return nil, err
	}
	return DrawResult{
		report.Office, report.Matter, report.Plan.DrawNo, report.Result.Seed, report.Outcome, len(report.Result.Lines),
		report.PlanSeen, report.ResultSeen, report.RevealSeen, report.Beacon, report.Late, report.Result.Replacements(),
	}, nil
}

// DrawnRequest asks about one business of a revealed draw.
type DrawnRequest struct {
	Seed      draw.Hash `json:"seed"`
	DrawNo    string    `json:"draw_no"`
	Stratum   string    `json:"stratum"`
	Object    string    `json:"object"`
	Threshold draw.Hash `json:"threshold"`
}

func wasDrawn(r DrawnRequest) (any, error) {
	return draw.WasDrawn(r.Seed, r.DrawNo, r.Stratum, r.Object, r.Threshold), nil
}

// hexBytes are bytes in hexadecimal.
type hexBytes []byte

func (h *hexBytes) UnmarshalText(b []byte) (err error) {
	*h, err = hex.DecodeString(string(b))
	return err
}

// VRFRequest is RFC 9381 section 5.3 with ECVRF-EDWARDS25519-SHA512-TAI, in
// hexadecimal.
type VRFRequest struct {
	Key   hexBytes `json:"key"`
	Alpha hexBytes `json:"alpha"`
	Pi    hexBytes `json:"pi"`
}

func verifyVRF(r VRFRequest) (any, error) {
	beta, err := vrf.Verify(r.Key, r.Alpha, r.Pi)
	if err != nil {
		return nil, err
	}
	return hex.EncodeToString(beta[:]), nil
}

// RoundRequest asks about a drand round, as drand publishes it in JSON, of the
// chain with a scheme and a key in hexadecimal.
type RoundRequest struct {
	Scheme    beacon.Scheme   `json:"scheme"`
	PublicKey hexBytes        `json:"public_key"`
	Round     json.RawMessage `json:"round"`
}

func verifyRound(r RoundRequest) (any, error) {
	round, err := beacon.ParseRound(r.Round)
	if err != nil {
		return nil, err
	}
	verify := bls.Verify
	if r.Scheme == beacon.BN254OnG1 {
		verify = bn254.Verify
	}
	if err := verify(beacon.Chain{PublicKey: r.PublicKey, Scheme: r.Scheme}, round); err != nil {
		return nil, err
	}
	random := round.Randomness()
	return hex.EncodeToString(random[:]), nil
}

// ListRequest asks for the order of RFC 3797: the key, the number in the pool
// and how many to take.
type ListRequest struct {
	Key  string `json:"key"`
	Pool int    `json:"pool"`
	Take int    `json:"take"`
}

func orderByList(r ListRequest) (any, error) { return beacon.Order(r.Key, r.Pool, r.Take) }
