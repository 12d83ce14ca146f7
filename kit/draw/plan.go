package draw

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/dinghai/dinghai/kit/jcs"
	"github.com/dinghai/dinghai/kit/tlog"
	"github.com/dinghai/dinghai/kit/tlog/entry"
)

// Algorithm names the design.
const Algorithm = "dinghai-draw-v1"

// Modes of a draw.
const (
	// VRF keeps outsiders from knowing before the reveal who is drawn.
	VRF = "vrf"
	// Open lets anybody compute the draw as soon as the beacon is out.
	Open = "open"
)

// Area rules.
const (
	SameArea = "same" // inspector and object have the same area, or one of them has none
	AnyArea  = "any"
)

// Root commits to a file of Count lines.
type Root struct {
	Count int  `json:"count"`
	Root  Hash `json:"root"`
}

// Plan fixes everything about a draw before its randomness exists. It is the
// detail of a log entry of type draw-plan.
type Plan struct {
	Algorithm  string     `json:"algorithm"`
	DrawNo     string     `json:"draw_no"` // year and serial number without gaps, as 2026-001
	Mode       string     `json:"mode"`    // VRF or Open
	Key        *Hash      `json:"key,omitempty"`
	Beacon     BeaconRule `json:"beacon"`
	Objects    Root       `json:"objects"`
	Inspectors Root       `json:"inspectors"`
	Conflicts  Root       `json:"conflicts"`
	// Changes commits to the log of objects that changed their stratum since the
	// freeze before; a change just before a freeze has to be explained there.
	Changes  *Root         `json:"changes,omitempty"`
	Strata   []StratumPlan `json:"strata"`
	Total    int           `json:"total,omitempty"` // fixed number for all strata, by largest remainder
	Team     int           `json:"team"`
	AreaRule string        `json:"area_rule"`
	Deadline string        `json:"deadline"` // of the reveal, RFC 3339 in UTC
}

// StratumPlan is the quota of one stratum: ceil(Eligible*P/Q).
type StratumPlan struct {
	Code     string   `json:"code"`
	Eligible int      `json:"eligible"`
	Excluded int      `json:"excluded"`
	P        uint64   `json:"p,omitempty"` // absent when the plan has a total
	Q        uint64   `json:"q,omitempty"`
	Need     []string `json:"need,omitempty"` // qualifications of each inspector
}

// BeaconRule says which public random value decides.
type BeaconRule struct {
	Kind string `json:"kind"` // "drand" or "list"
	// A round of a drand chain. If it was never made, the next one counts, up to
	// Fallback rounds on.
	Chain    *Hash  `json:"chain,omitempty"`
	Round    uint64 `json:"round,omitempty"`
	Fallback uint64 `json:"fallback,omitempty"`
	// Sources in the order of RFC 3797 section 4, and the time before which none
	// of their values is known, RFC 3339 in UTC.
	Sources []string `json:"sources,omitempty"`
	At      string   `json:"at,omitempty"`
}

const (
	maxInteger  = 1<<53 - 1
	maxTeam     = 16
	maxFallback = 1000
	maxSources  = 16
)

// Entry returns the plan as an entry for the log.
func (p *Plan) Entry(office, matter, date string) (*entry.Entry, error) {
	if err := p.Check(); err != nil {
		return nil, err
	}
	detail, err := jcs.Marshal(p)
	return &entry.Entry{Type: entry.DrawPlan, Office: office, Matter: matter, Date: date, Detail: json.RawMessage(detail)}, err
}

// ParsePlan reads a plan from its log entry.
func ParsePlan(logged []byte) (*Plan, *entry.Entry, error) {
	var p Plan
	e, err := parseEntry(logged, entry.DrawPlan, &p)
	if err != nil {
		return nil, nil, err
	}
	return &p, e, p.Check()
}

// parseEntry reads an entry of a type with its detail.
func parseEntry(logged []byte, want entry.Type, detail any) (*entry.Entry, error) {
	e, err := entry.Parse(logged)
	if err != nil {
		return nil, err
	}
	if e.Type != want {
		return nil, refuse("type", string(e.Type), "mismatch")
	}
	return e, jcs.Unmarshal(e.Detail, detail)
}

// Check reports what is wrong with a plan.
func (p *Plan) Check() error {
	switch {
	case p.Algorithm != Algorithm:
		return refuse("algorithm", p.Algorithm, "unknown")
	case p.Mode != VRF && p.Mode != Open, (p.Mode == VRF) != (p.Key != nil):
		return refuse("mode", p.Mode, "syntax")
	case p.AreaRule != SameArea && p.AreaRule != AnyArea:
		return refuse("area_rule", p.AreaRule, "unknown")
	case p.Team < 2 || p.Team > maxTeam:
		return refuse("team", fmt.Sprint(p.Team), "range")
	}
	if _, _, err := SplitDrawNo(p.DrawNo); err != nil {
		return err
	}
	if _, ok := utc(p.Deadline); !ok {
		return refuse("deadline", p.Deadline, "syntax")
	}
	if err := p.Beacon.check(); err != nil {
		return err
	}
	_, err := p.Quotas()
	return firstError(p.checkRoots(), p.checkStrata(), err)
}

func (p *Plan) checkRoots() error {
	roots := map[string]Root{"objects": p.Objects, "inspectors": p.Inspectors, "conflicts": p.Conflicts}
	if p.Changes != nil {
		roots["changes"] = *p.Changes
	}
	for name, r := range roots {
		if r.Count < 0 || r.Count > maxInteger || r.Count == 0 && r.Root != (*merkle)(new(merkle)).root() {
			return refuse(name, fmt.Sprint(r.Count), "range")
		}
	}
	return nil
}

func (p *Plan) checkStrata() error {
	if len(p.Strata) > maxStrata {
		return refuse("strata", "", "range")
	}
	all := 0
	for i, s := range p.Strata {
		if err := word("stratum", s.Code, false); err != nil {
			return err
		}
		if i > 0 && s.Code <= p.Strata[i-1].Code {
			return refuse("stratum", s.Code, "order")
		}
		if s.Eligible < 0 || s.Excluded < 0 || s.Eligible > p.Objects.Count || s.Excluded > p.Objects.Count {
			return refuse("stratum", s.Code, "range")
		}
		for _, n := range s.Need {
			if err := word("need", n, false); err != nil {
				return err
			}
		}
		all += s.Eligible + s.Excluded
	}
	if all != p.Objects.Count {
		return refuse("objects", fmt.Sprint(p.Objects.Count), "mismatch")
	}
	return nil
}

// Quotas returns how many objects are drawn from each stratum.
func (p *Plan) Quotas() (map[string]int, error) {
	sizes, out := map[string]int{}, map[string]int{}
	for _, s := range p.Strata {
		sizes[s.Code] = s.Eligible
		if (p.Total > 0) != (s.P == 0 && s.Q == 0) || s.P > maxInteger || s.Q > maxInteger {
			return nil, refuse("quota", s.Code, "range")
		}
		if p.Total > 0 {
			continue
		}
		n, err := (Fraction{s.P, s.Q}).Of(s.Eligible)
		if err != nil {
			return nil, refuse("quota", s.Code, "range")
		}
		out[s.Code] = n
	}
	if p.Total != 0 {
		return Apportion(p.Total, sizes)
	}
	return out, nil
}

// SplitDrawNo takes a draw number apart.
func SplitDrawNo(no string) (year, serial int, err error) {
	if _, err := fmt.Sscanf(no, "%d-%d", &year, &serial); err != nil || year < 1 || year > 9999 || serial < 1 || DrawNo(year, serial) != no {
		return 0, 0, refuse("draw_no", no, "syntax")
	}
	return year, serial, nil
}

// DrawNo formats a draw number, as 2026-001.
func DrawNo(year, serial int) string { return fmt.Sprintf("%04d-%03d", year, serial) }

func (b BeaconRule) check() error {
	drand := b.Chain != nil && b.Round > 0 && b.Round <= maxInteger && b.Fallback <= maxFallback
	at, timed := utc(b.At)
	switch {
	case b.Kind == "drand" && drand && b.Sources == nil && b.At == "":
		return nil
	case b.Kind == "list" && timed && at.Year() > 1 && len(b.Sources) > 0 && len(b.Sources) <= maxSources && b.Chain == nil && b.Round == 0 && b.Fallback == 0:
		return nil
	}
	return refuse("beacon", b.Kind, "syntax")
}

// utc reads the one form of a time that plans use.
func utc(s string) (time.Time, bool) {
	t, err := time.Parse(time.RFC3339, s)
	return t, err == nil && t.UTC().Format(time.RFC3339) == s
}

// leafHash is the hash of a log entry as a leaf: what a plan puts into the seed.
func leafHash(logged []byte) Hash { return Hash(tlog.LeafHash(logged)) }
