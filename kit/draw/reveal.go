package draw

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"time"

	"github.com/dinghai/dinghai/kit/jcs"
	"github.com/dinghai/dinghai/kit/tlog"
	"github.com/dinghai/dinghai/kit/tlog/entry"
	"github.com/dinghai/dinghai/kit/vrf"
)

// ResultDetail is the detail of a log entry of type draw-result. It binds the
// office to the result before anybody is told.
type ResultDetail struct {
	DrawNo    string `json:"draw_no"`
	Count     int    `json:"count"`
	Unstaffed int    `json:"unstaffed"`
	Root      Hash   `json:"root"`
}

// ReplacementDetail is the detail of a log entry of type draw-replacement.
type ReplacementDetail struct {
	DrawNo string `json:"draw_no"`
	Serial int    `json:"serial"`
	Hash   Hash   `json:"hash"` // Replacement.Hash
}

// RevealDetail is the detail of a log entry of type draw-reveal: with it and the
// files anybody can recompute the draw.
type RevealDetail struct {
	DrawNo       string          `json:"draw_no"`
	Outcome      Outcome         `json:"outcome"`
	Pi           string          `json:"pi,omitempty"` // VRF proof in hexadecimal; absent in mode Open
	Seed         Hash            `json:"seed"`
	Root         Hash            `json:"root"` // as in the result's entry
	Strata       []StratumResult `json:"strata"`
	Openings     Root            `json:"openings"` // of the file of openings used
	Replacements int             `json:"replacements"`
}

// belongs makes an entry that belongs to a plan's.
func (p *Plan) belongs(t entry.Type, office, date string, plan uint64, detail any) (*entry.Entry, error) {
	b, err := jcs.Marshal(detail)
	return &entry.Entry{Type: t, Office: office, Date: date, Target: &plan, Detail: json.RawMessage(b)}, err
}

// ResultEntry returns the entry that binds the office to a result. plan is the
// index of the plan's entry in the log.
func (r *Result) ResultEntry(office, date string, plan uint64) (*entry.Entry, error) {
	return r.Plan.belongs(entry.DrawResult, office, date, plan, r.detail())
}

func (r *Result) detail() ResultDetail {
	return ResultDetail{r.Plan.DrawNo, r.drawn, r.short, r.Root}
}

// ReplacementEntry returns the entry for a replacement.
func (r *Result) ReplacementEntry(office, date string, plan uint64, rep Replacement) (*entry.Entry, error) {
	e, err := r.Plan.belongs(entry.DrawReplacement, office, date, plan, ReplacementDetail{r.Plan.DrawNo, rep.Serial, rep.Hash()})
	if err == nil {
		e.Ground = rep.Ground
	}
	return e, err
}

// RevealEntry returns the entry that opens a draw, after the last visit. pi is
// nil in mode Open.
func (r *Result) RevealEntry(office, date string, plan uint64, o Outcome, pi []byte) (*entry.Entry, error) {
	var b bytes.Buffer
	if err := WriteOpenings(&b, r.Used()); err != nil {
		return nil, err
	}
	used, root, err := ReadOpenings(&b)
	if err != nil {
		return nil, err
	}
	return r.Plan.belongs(entry.DrawReveal, office, date, plan, RevealDetail{DrawNo: r.Plan.DrawNo, Outcome: o, Pi: hex.EncodeToString(pi),
		Seed: r.Seed, Root: r.Root, Strata: r.Strata, Openings: Root{len(used), root}, Replacements: len(r.log)})
}

// KeyDetail is the detail of a log entry of type draw-key: the key that proofs
// are made with, the document that describes the algorithm and the beacon.
type KeyDetail struct {
	Algorithm string `json:"algorithm"`
	Document  Hash   `json:"document"`
	Beacon    string `json:"beacon"` // chain hash, or a word for a list of sources
	Key       Hash   `json:"key"`
	Effective string `json:"effective"` // RFC 3339 in UTC
	// Of the key before, and its proof over this entry. The first key has none.
	Previous *Hash  `json:"previous,omitempty"`
	Pi       string `json:"pi,omitempty"`
}

// RotationNotice is the least time from logging a new key to using it.
const RotationNotice = 7 * 24 * time.Hour

// alpha is what the old key proves. Its prefix keeps it apart from every draw.
func (k KeyDetail) alpha() (Hash, error) {
	k.Pi = ""
	b, err := jcs.Marshal(k)
	return sha256.Sum256(append([]byte("dinghai-draw-key-v1"), b...)), err
}

// KeyEntry returns the entry of a key. old signs its successor; it is nil for the
// first key.
func KeyEntry(office, date string, k KeyDetail, old vrf.Prover) (*entry.Entry, error) {
	if old != nil {
		public := Hash(old.PublicKey())
		k.Previous = &public
		alpha, err := k.alpha()
		if err != nil {
			return nil, err
		}
		pi, err := old.Prove(alpha[:])
		if err != nil {
			return nil, err
		}
		k.Pi = hex.EncodeToString(pi[:])
	}
	if err := k.check(); err != nil {
		return nil, err
	}
	b, err := jcs.Marshal(k)
	return &entry.Entry{Type: entry.DrawKey, Office: office, Date: date, Detail: json.RawMessage(b)}, err
}

func (k KeyDetail) check() error {
	if k.Algorithm != Algorithm {
		return refuse("algorithm", k.Algorithm, "unknown")
	}
	if _, ok := utc(k.Effective); !ok {
		return refuse("effective", k.Effective, "syntax")
	}
	return vrf.CheckPublicKey(k.Key[:])
}

// checkSuccession checks a key against the one before: signed by it and logged
// long enough before it takes effect.
func (k KeyDetail) checkSuccession(before *KeyDetail, logged time.Time) error {
	if before == nil {
		if k.Previous != nil || k.Pi != "" {
			return refuse("previous", "", "unknown")
		}
		return nil
	}
	effective, _ := utc(k.Effective)
	if k.Previous == nil || *k.Previous != before.Key {
		return refuse("previous", "", "mismatch")
	}
	if effective.Sub(logged) < RotationNotice {
		return refuse("effective", k.Effective, "range")
	}
	pi, err := hex.DecodeString(k.Pi)
	if err != nil {
		return refuse("pi", k.Pi, "syntax")
	}
	alpha, err := k.alpha()
	if err != nil {
		return err
	}
	_, err = vrf.Verify(before.Key[:], alpha[:], pi)
	return err
}

// keyAt checks the keys an office logged, first to last, and returns the one in
// force when a plan was seen.
func keyAt(keys []Logged, policy *tlog.Policy, office string, seen time.Time) (Hash, error) {
	var before *KeyDetail
	var inForce *Hash
	for i, l := range keys {
		evidence, err := l.verify(policy)
		if err != nil {
			return Hash{}, err
		}
		var k KeyDetail
		e, err := parseEntry(l.Entry, entry.DrawKey, &k)
		if err := firstError(err, k.check(), k.checkSuccession(before, evidence.By)); err != nil {
			return Hash{}, err
		}
		if e.Office != office || i > 0 && l.Proof.Index <= keys[i-1].Proof.Index {
			return Hash{}, refuse("key", e.Office, "mismatch")
		}
		if effective, _ := utc(k.Effective); !effective.After(seen) {
			inForce = &k.Key
		}
		before = &k
	}
	if inForce == nil {
		return Hash{}, refuse("key", office, "unknown")
	}
	return *inForce, nil
}
