// Package entry is what a disclosure log of a public body holds: one canonical
// JSON document (RFC 8785) for each act that is made public, with commitments in
// place of everything personal, so that a person's data can be erased without
// touching the log. The design is called dinghai-disclosure-v1.
//
// The open part of an entry is meant for everybody and for ever. A field that
// may have to go one day is committed to (Seal): its value and a random salt stay
// outside, under a key of their own. While they exist, Disclosed proves to
// anybody that a value is the one decided on; once they are destroyed, the
// commitment tells nothing and cannot be tried against guesses.
package entry

import (
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/dinghai/dinghai/kit/jcs"
)

// Hash is a SHA-256 value in JSON as 64 lower-case hexadecimal digits.
type Hash [32]byte

// MarshalText writes hexadecimal.
func (h Hash) MarshalText() ([]byte, error) { return hex.AppendEncode(nil, h[:]), nil }

// UnmarshalText reads hexadecimal.
func (h *Hash) UnmarshalText(b []byte) error {
	if len(b) != 2*len(h) {
		return &Error{"hash", -1, "length"}
	}
	if _, err := hex.Decode(h[:], b); err != nil {
		return &Error{"hash", -1, "syntax"}
	}
	return nil
}

// An Error tells which part of an entry was refused and why.
type Error struct {
	Field    string // JSON name of the member, "entry", "hash", "salt", "name", "value"
	Position int    // index in a list, else -1
	Reason   string // "missing", "forbidden", "syntax", "length", "range", "unknown", "order", "mismatch", "duplicate", "erased"
}

func (e *Error) Error() string {
	if e.Position < 0 {
		return fmt.Sprintf("entry: %s: %s", e.Field, e.Reason)
	}
	return fmt.Sprintf("entry: %s %d: %s", e.Field, e.Position, e.Reason)
}

// Type says what an entry makes public.
type Type string

// The types of entries.
const (
	Penalty          Type = "penalty"
	InspectionResult Type = "inspection-result"
	SamplingResult   Type = "sampling-result"
	Recall           Type = "recall"
	LicenceStatus    Type = "licence-status"
	DrawKey          Type = "draw-key"
	DrawPlan         Type = "draw-plan"
	DrawResult       Type = "draw-result"
	DrawReplacement  Type = "draw-replacement"
	DrawReveal       Type = "draw-reveal"
	Correction       Type = "correction"
	Erasure          Type = "erasure"
	DailyManifest    Type = "daily-manifest"
)

// rule says what a type needs besides type, office and date.
type rule struct{ target, ground, detail, matter bool }

var rules = map[Type]rule{
	Penalty:          {matter: true},
	InspectionResult: {matter: true},
	SamplingResult:   {matter: true},
	Recall:           {matter: true},
	LicenceStatus:    {matter: true},
	DrawKey:          {detail: true},
	DrawPlan:         {matter: true, detail: true},
	DrawResult:       {target: true, detail: true},
	DrawReplacement:  {target: true, ground: true, detail: true},
	DrawReveal:       {target: true, detail: true},
	Correction:       {target: true, ground: true},
	Erasure:          {target: true, ground: true},
	DailyManifest:    {detail: true},
}

// Beacon is a public random value. Within an entry it proves that the entry was
// not made before the value existed.
type Beacon struct {
	Chain      Hash   `json:"chain"`
	Round      uint64 `json:"round"`
	Randomness Hash   `json:"randomness"`
}

// Entry is one entry of the log. Members that are absent are left out.
type Entry struct {
	Type   Type   `json:"type"`
	Office string `json:"office"`           // code of the body that acts
	Matter string `json:"matter,omitempty"` // code of the matter
	Date   string `json:"date"`             // of the decision, as 2006-01-02
	// PublishBy is the last day the law allows for publication.
	PublishBy string `json:"publish_by,omitempty"`
	// Number is the commitment to the document's number.
	Number *Hash `json:"number,omitempty"`
	// Document is the SHA-256 of the document as published, that is, redacted.
	Document *Hash `json:"document,omitempty"`
	// Target is the index of the entry that this one corrects, erases or belongs
	// to.
	Target *uint64 `json:"target,omitempty"`
	Ground string  `json:"ground,omitempty"` // code
	Beacon *Beacon `json:"beacon,omitempty"`
	// Commitments to erasable fields and decoys, sorted; a multiple of 4.
	Commitments []Hash `json:"commitments,omitempty"`
	// Detail is a document of the type's own, in integers and text.
	Detail json.RawMessage `json:"detail,omitempty"`
}

// maxInteger is the largest integer that all languages read alike from JSON.
const maxInteger = 1<<53 - 1

// Check reports what is wrong with an entry.
func (e *Entry) Check() error {
	r, ok := rules[e.Type]
	if !ok {
		return &Error{"type", -1, "unknown"}
	}
	if e.Office == "" {
		return &Error{"office", -1, "missing"}
	}
	for _, m := range []struct {
		field      string
		have, need bool
	}{
		{"matter", e.Matter != "", r.matter},
		{"target", e.Target != nil, r.target},
		{"ground", e.Ground != "", r.ground},
		{"detail", e.Detail != nil, r.detail},
	} {
		if m.need && !m.have {
			return &Error{m.field, -1, "missing"}
		}
	}
	if e.Type == Erasure && (e.Detail != nil || len(e.Commitments) > 0 || e.Document != nil || e.Number != nil) {
		return &Error{"type", -1, "forbidden"} // an erasure must not bring back what it erases
	}
	if e.Target != nil && *e.Target > maxInteger {
		return &Error{"target", -1, "range"}
	}
	return e.checkFormats()
}

func (e *Entry) checkFormats() error {
	if !isDate(e.Date) {
		return &Error{"date", -1, "syntax"}
	}
	if e.PublishBy != "" && !isDate(e.PublishBy) {
		return &Error{"publish_by", -1, "syntax"}
	}
	if e.Beacon != nil && (e.Beacon.Round == 0 || e.Beacon.Round > maxInteger) {
		return &Error{"beacon", -1, "range"}
	}
	return checkCommitments(e.Commitments)
}

func isDate(s string) bool {
	t, err := time.Parse(time.DateOnly, s)
	return err == nil && t.Format(time.DateOnly) == s
}

func checkCommitments(list []Hash) error {
	if len(list)%group != 0 {
		return &Error{"commitments", -1, "length"}
	}
	for i := 1; i < len(list); i++ {
		if slices.Compare(list[i-1][:], list[i][:]) >= 0 {
			return &Error{"commitments", i, "order"}
		}
	}
	return nil
}

// Bytes checks an entry and returns its canonical form: what the log holds.
func (e *Entry) Bytes() ([]byte, error) {
	if err := e.Check(); err != nil {
		return nil, err
	}
	b, err := jcs.Marshal(e)
	if err != nil {
		return nil, err
	}
	return jcs.TransformExact(b)
}

// Parse reads an entry of the log. It takes nothing but what Bytes writes.
func Parse(b []byte) (*Entry, error) {
	if _, err := jcs.TransformExact(b); err != nil {
		return nil, err
	}
	var e Entry
	if err := jcs.Unmarshal(b, &e); err != nil {
		return nil, err
	}
	return &e, e.Check()
}
