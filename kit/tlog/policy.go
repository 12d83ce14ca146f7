package tlog

import (
	"bytes"
	"encoding/base64"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"
)

// Policy says which logs and which witnesses are trusted, and how many of the
// latter have to have cosigned a checkpoint. C2SP tlog-policy.
type Policy struct {
	logs      []note.Verifier
	witnesses []*Witness
	quorum    *group // nil: none needed
}

// group is a witness, or members of which some number must have cosigned.
type group struct {
	witness *Witness
	least   int
	members []*group
}

// Evidence is what a checkpoint that satisfies a policy proves.
type Evidence struct {
	Checkpoint Checkpoint
	// By is the time at which the quorum had cosigned: everything in the tree
	// existed by then. It is zero when the policy needs no witnesses.
	By time.Time
	// Cosigned tells when each of the policy's witnesses cosigned, by name.
	Cosigned map[string]time.Time
}

// Check verifies the signatures of a checkpoint and the quorum.
func (p *Policy) Check(signed []byte) (*Evidence, error) {
	keys := slices.Clone(p.logs)
	for _, w := range p.witnesses {
		keys = append(keys, w)
	}
	c, n, err := open(signed, keys...)
	if err != nil {
		return nil, err
	}
	if !slices.ContainsFunc(n.Sigs, func(s note.Signature) bool { return p.isLog(s, c.Origin) }) {
		return nil, fail("origin", "mismatch")
	}
	e := &Evidence{Checkpoint: c, Cosigned: map[string]time.Time{}}
	times := map[*Witness]int64{}
	for _, w := range p.witnesses {
		for _, s := range n.Sigs {
			if t, ok := signatureTime(s); ok && s.Name == w.name && s.Hash == w.id {
				times[w], e.Cosigned[w.name] = t, time.Unix(t, 0).UTC()
			}
		}
	}
	if p.quorum == nil {
		return e, nil
	}
	by, ok := p.quorum.by(times)
	if !ok {
		return nil, fail("quorum", "missing")
	}
	e.By = time.Unix(by, 0).UTC()
	return e, nil
}

func (p *Policy) isLog(s note.Signature, origin string) bool {
	return slices.ContainsFunc(p.logs, func(l note.Verifier) bool {
		return l.Name() == origin && s.Name == origin && s.Hash == l.KeyHash()
	})
}

func signatureTime(s note.Signature) (int64, bool) {
	b, err := base64.StdEncoding.DecodeString(s.Base64)
	if err != nil || len(b) < 4 {
		return 0, false
	}
	return cosignedAt(b[4:])
}

// by is the time at which enough members had cosigned: that of the last one
// needed.
func (g *group) by(times map[*Witness]int64) (int64, bool) {
	if g.witness != nil {
		t, ok := times[g.witness]
		return t, ok
	}
	var have []int64
	for _, m := range g.members {
		if t, ok := m.by(times); ok {
			have = append(have, t)
		}
	}
	if len(have) < g.least {
		return 0, false
	}
	slices.Sort(have)
	return have[g.least-1], true
}

// Least is the smallest number of witnesses that makes a quorum.
func (p *Policy) Least() int {
	if p.quorum == nil {
		return 0
	}
	return p.quorum.fewest()
}

func (g *group) fewest() int {
	if g.witness != nil {
		return 1
	}
	var each []int
	for _, m := range g.members {
		each = append(each, m.fewest())
	}
	slices.Sort(each)
	n := 0
	for _, e := range each[:g.least] {
		n += e
	}
	return n
}

// maxPolicy bounds a policy file, in bytes and in lines that count.
const (
	maxPolicy     = 64 << 10
	maxPolicyRows = 256
)

// ParsePolicy reads a policy file. Logs have keys of type 0x01, witnesses of
// type 0x04. Errors tell the line, from 0.
func ParsePolicy(b []byte) (*Policy, error) {
	if len(b) > maxPolicy {
		return nil, fail("policy", "length")
	}
	r := policyReader{names: map[string]*group{}, used: map[string]bool{}, keys: map[string]bool{}, p: &Policy{}}
	rows := 0
	for i, line := range bytes.Split(b, []byte("\n")) {
		if bytes.ContainsFunc(line, func(c rune) bool { return c < ' ' && c != '\t' || c == 0x7f }) {
			return nil, &Error{"policy", i, "syntax"}
		}
		f := strings.FieldsFunc(string(line), func(c rune) bool { return c == ' ' || c == '\t' })
		if len(f) == 0 || f[0][0] == '#' {
			continue
		}
		if rows++; rows > maxPolicyRows {
			return nil, &Error{"policy", i, "length"}
		}
		if reason := r.line(f); reason != "" {
			return nil, &Error{"policy", i, reason}
		}
	}
	if !r.done {
		return nil, fail("quorum", "missing")
	}
	return r.p, nil
}

type policyReader struct {
	p     *Policy
	names map[string]*group
	used  map[string]bool // as a member; each may count once
	keys  map[string]bool
	done  bool
}

// line reads one line and returns the reason to refuse it.
func (r *policyReader) line(f []string) string {
	switch {
	case f[0] == "log" && (len(f) == 2 || len(f) == 3):
		return r.log(f[1])
	case f[0] == "witness" && (len(f) == 3 || len(f) == 4):
		return r.witness(f[1], f[2])
	case f[0] == "group" && len(f) > 3:
		return r.group(f[1], f[2], f[3:])
	case f[0] == "quorum" && len(f) == 2:
		return r.quorum(f[1])
	}
	return "syntax"
}

func (r *policyReader) log(vkey string) string {
	kind, _, _, key, err := parseKey(vkey)
	if err != nil || kind != typeEd25519 {
		return "syntax"
	}
	v, err := note.NewVerifier(vkey)
	if err != nil {
		return "syntax"
	}
	r.p.logs = append(r.p.logs, v)
	return r.key("log " + string(key))
}

func (r *policyReader) key(k string) string {
	if r.keys[k] {
		return "duplicate"
	}
	r.keys[k] = true
	return ""
}

func (r *policyReader) witness(name, vkey string) string {
	w, err := ParseWitness(vkey)
	if err != nil {
		return "syntax"
	}
	r.p.witnesses = append(r.p.witnesses, w)
	if reason := r.key("witness " + string(w.key)); reason != "" {
		return reason
	}
	return r.name(name, &group{witness: w})
}

func (r *policyReader) name(name string, g *group) string {
	if r.names[name] != nil || name == "none" {
		return "duplicate"
	}
	r.names[name] = g
	return ""
}

func (r *policyReader) group(name, least string, members []string) string {
	g := &group{}
	for _, m := range members {
		if r.names[m] == nil {
			return "unknown"
		}
		if r.used[m] {
			return "duplicate"
		}
		r.used[m] = true
		g.members = append(g.members, r.names[m])
	}
	switch least {
	case "any":
		g.least = 1
	case "all":
		g.least = len(members)
	default:
		n, ok := parseNumber(least)
		if !ok || n < 1 || n > uint64(len(members)) {
			return "range"
		}
		g.least = int(n)
	}
	return r.name(name, g)
}

func (r *policyReader) quorum(name string) string {
	if r.done {
		return "duplicate"
	}
	r.done = true
	if name == "none" {
		return ""
	}
	if r.p.quorum = r.names[name]; r.p.quorum == nil {
		return "unknown"
	}
	return ""
}

// NewPolicy trusts one log and, of the witnesses, any least.
func NewPolicy(log string, least int, witnesses ...string) (*Policy, error) {
	lines := []string{"log " + log}
	names := make([]string, len(witnesses))
	for i, w := range witnesses {
		names[i] = "w" + strconv.Itoa(i)
		lines = append(lines, "witness "+names[i]+" "+w)
	}
	if least == 0 {
		lines = append(lines, "quorum none")
	} else {
		lines = append(lines, "group g "+strconv.Itoa(least)+" "+strings.Join(names, " "), "quorum g")
	}
	return ParsePolicy([]byte(strings.Join(lines, "\n")))
}
