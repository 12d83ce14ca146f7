package draw

import (
	"crypto/sha256"
	"encoding/json"
	"time"

	"github.com/dinghai/dinghai/kit/beacon"
	"github.com/dinghai/dinghai/kit/tlog"
	"github.com/dinghai/dinghai/kit/vrf"
)

// Alpha is what the seed is made of: a plan that was fixed before the randomness
// existed, and the randomness. planEntry is the plan's log entry.
func Alpha(planEntry []byte, randomness [32]byte) Hash {
	leaf := leafHash(planEntry)
	return sha256.Sum256([]byte(Algorithm + string(leaf[:]) + string(randomness[:])))
}

// Outcome is the beacon's value as it is published: a drand round, or the numbers
// of each source of a list.
type Outcome struct {
	Round     uint64     `json:"round,omitempty"`
	Signature string     `json:"signature,omitempty"`          // hexadecimal
	Previous  string     `json:"previous_signature,omitempty"` // hexadecimal; chained schemes
	Values    [][]string `json:"values,omitempty"`
}

// Beacons says how outcomes are checked.
type Beacons struct {
	Chains []beacon.Chain  // chains that plans may name
	Verify beacon.Verifier // bls.Verify; nil refuses every drand round
	// Missing reports whether a round was never made, so that a later one counts.
	// nil accepts the planned round only.
	Missing func(chain beacon.Chain, round uint64) bool
	// Published checks the numbers of a list against what its sources published.
	// nil takes them as given; the report shows them.
	Published func(sources []string, values [][]string) error
}

// randomness checks an outcome against a plan's rule. notBefore is the time at
// which the value came into being at the earliest.
func (b Beacons) randomness(rule BeaconRule, o Outcome) (value [32]byte, notBefore time.Time, err error) {
	if rule.Kind == "list" {
		return b.list(rule, o)
	}
	chain, err := b.chain(rule)
	if err != nil {
		return value, notBefore, err
	}
	if err := b.isTurnOf(chain, rule, o.Round); err != nil {
		return value, notBefore, err
	}
	if len(o.Values) > 0 || b.Verify == nil {
		return value, notBefore, refuse("beacon", rule.Kind, "mismatch")
	}
	text, err := json.Marshal(map[string]any{"round": o.Round, "signature": o.Signature, "previous_signature": o.Previous})
	if err != nil {
		return value, notBefore, err
	}
	r, err := beacon.ParseRound(text)
	if err != nil {
		return value, notBefore, err
	}
	if err := b.Verify(chain, r); err != nil {
		return value, notBefore, err
	}
	notBefore, err = chain.Time(rule.Round)
	return r.Randomness(), notBefore, err
}

func (b Beacons) chain(rule BeaconRule) (beacon.Chain, error) {
	for _, c := range b.Chains {
		if Hash(c.Hash) == *rule.Chain {
			return c, c.Check()
		}
	}
	return beacon.Chain{}, refuse("chain", rule.Chain.String(), "unknown")
}

// isTurnOf checks that a round is the planned one, or that all from the planned
// one up to it are missing.
func (b Beacons) isTurnOf(c beacon.Chain, rule BeaconRule, round uint64) error {
	if round < rule.Round || round-rule.Round > rule.Fallback {
		return refuse("round", "", "mismatch")
	}
	for r := rule.Round; r < round; r++ {
		if b.Missing == nil || !b.Missing(c, r) {
			return refuse("round", "", "mismatch")
		}
	}
	return nil
}

func (b Beacons) list(rule BeaconRule, o Outcome) (value [32]byte, notBefore time.Time, err error) {
	if len(o.Values) != len(rule.Sources) || o.Round != 0 || o.Signature != "" || o.Previous != "" {
		return value, notBefore, refuse("values", "", "mismatch")
	}
	sources := make([]beacon.Source, len(o.Values))
	for i, v := range o.Values {
		sources[i] = v
	}
	key, err := beacon.Key(sources)
	if err != nil {
		return value, notBefore, err
	}
	if b.Published != nil {
		if err := b.Published(rule.Sources, o.Values); err != nil {
			return value, notBefore, err
		}
	}
	notBefore, _ = utc(rule.At)
	return beacon.KeyRandomness(key), notBefore, nil
}

// Logged is a log entry with its proof file.
type Logged struct {
	Entry []byte
	Proof tlog.Proof
}

// verify checks that the entry is in the log.
func (l Logged) verify(policy *tlog.Policy) (*tlog.Evidence, error) {
	return l.Proof.Verify(tlog.LeafHash(l.Entry), policy)
}

// Notice is the least time between the moment at which witnesses had seen a plan
// and the moment at which its randomness can exist.
const Notice = 10 * time.Minute

// leastWitnesses is how many outside witnesses a plan needs.
const leastWitnesses = 2

// checkNotice reports whether witnesses saw the plan long enough before.
func checkNotice(policy *tlog.Policy, seen, beacon time.Time) error {
	if policy.Least() < leastWitnesses {
		return refuse("witnesses", "", "range")
	}
	if beacon.Sub(seen) < Notice {
		return refuse("notice", seen.Format(time.RFC3339), "range")
	}
	return nil
}

// Prove makes the proof from which the seed follows. It proves nothing but the
// alpha of a plan that is in the log, that witnesses saw in time, and that names
// this key: whoever could have other values proved could look for one he likes.
func Prove(key vrf.Prover, plan Logged, policy *tlog.Policy, b Beacons, o Outcome) (pi [vrf.ProofSize]byte, err error) {
	evidence, err := plan.verify(policy)
	if err != nil {
		return pi, err
	}
	p, _, err := ParsePlan(plan.Entry)
	if err != nil {
		return pi, err
	}
	if p.Mode != VRF || *p.Key != Hash(key.PublicKey()) {
		return pi, refuse("key", "", "mismatch")
	}
	value, notBefore, err := b.randomness(p.Beacon, o)
	if err != nil {
		return pi, err
	}
	if err := checkNotice(policy, evidence.By, notBefore); err != nil {
		return pi, err
	}
	alpha := Alpha(plan.Entry, value)
	return key.Prove(alpha[:])
}

// SeedOf returns the seed of a proof, without verifying it, for the office that
// made it.
func SeedOf(pi []byte) (Hash, error) {
	beta, err := vrf.OutputOf(pi)
	return Hash(beta[:32]), err
}

// OpenSeed returns the seed of a plan in mode Open.
func OpenSeed(planEntry []byte, b Beacons, o Outcome) (Hash, error) {
	p, _, err := ParsePlan(planEntry)
	if err != nil {
		return Hash{}, err
	}
	if p.Mode != Open {
		return Hash{}, refuse("mode", p.Mode, "mismatch")
	}
	value, _, err := b.randomness(p.Beacon, o)
	return Alpha(planEntry, value), err
}
