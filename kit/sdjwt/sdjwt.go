// Package sdjwt issues, presents and verifies SD-JWT (RFC 9901): a signed JSON
// object of which the holder shows only what is asked for, and, when bound to a
// key, proves to be the one it was issued to.
//
// An issuer hides claims by path with [Issuer.Issue]; a holder picks among them
// with [Token.Present] and signs a key binding with [Presentation.Bind]; a
// [Verifier] checks all of it and returns the claims that were shown. The
// signatures are those of the subpackage jws. The JSON serialisation of RFC 9901
// section 8 is not supported.
package sdjwt

import (
	"crypto"
	_ "crypto/sha256" // the hashes that _sd_alg may name
	_ "crypto/sha512"
	"encoding/base64"
	"fmt"
	"strings"

	"github.com/dinghai/dinghai/kit/sdjwt/jws"
)

// Types of tokens, for the header typ.
const (
	TypeCredential = "dc+sd-jwt" // SD-JWT VC
	typeKeyBinding = "kb+jwt"
)

// Limits on what is read from strangers.
const (
	MaxSize        = 1 << 20 // bytes, with all disclosures
	MaxDisclosures = 4096
	MaxDepth       = jws.MaxDepth // nesting, through disclosures too
)

// An Error says which part was refused and why.
type Error struct {
	Field  string // "token", "disclosure", "key binding", or the name of a claim
	Pos    int    // number of the disclosure, counted from 0; -1 elsewhere
	Path   Path   // where in the claims; nil when it is no matter of a place
	Reason string
	Err    error // what lies below; may be nil
}

func (e *Error) Error() string {
	s := "sdjwt: " + e.Field
	if e.Pos >= 0 {
		s += fmt.Sprintf(" %d", e.Pos)
	}
	if len(e.Path) > 0 {
		s += " at " + e.Path.String()
	}
	s += ": " + e.Reason
	if e.Err != nil {
		s += ": " + e.Err.Error()
	}
	return s
}

func (e *Error) Unwrap() error { return e.Err }

func refusal(field, format string, args ...any) error {
	return &Error{Field: field, Pos: -1, Reason: fmt.Sprintf(format, args...)}
}

// A Path leads to a claim: a string names a member, an int an element, and nil
// all elements of an array.
type Path []any

// String writes members after dots and elements in brackets.
func (p Path) String() string {
	var s strings.Builder
	for i, step := range p {
		switch step := step.(type) {
		case string:
			if i > 0 {
				s.WriteByte('.')
			}
			s.WriteString(step)
		case int:
			fmt.Fprintf(&s, "[%d]", step)
		default:
			s.WriteString("[*]")
		}
	}
	return s.String()
}

// within tells whether p is q or leads to something inside q.
func (p Path) within(q Path) bool {
	if len(p) < len(q) {
		return false
	}
	for i, step := range q {
		if _, element := p[i].(int); p[i] != step && !(step == nil && element) {
			return false
		}
	}
	return true
}

func (p Path) plus(step any) Path { return append(p[:len(p):len(p)], step) }

var hashes = map[string]crypto.Hash{"sha-256": crypto.SHA256, "sha-384": crypto.SHA384, "sha-512": crypto.SHA512}

// hashOf returns the hash that the payload names, SHA-256 when it names none.
func hashOf(payload map[string]any) (crypto.Hash, error) {
	name, ok := payload["_sd_alg"]
	if !ok {
		return crypto.SHA256, nil
	}
	text, _ := name.(string)
	if h, ok := hashes[text]; ok {
		return h, nil
	}
	return 0, refusal("_sd_alg", "%.40v is not supported", name)
}

func digest(h crypto.Hash, text string) string {
	w := h.New()
	w.Write([]byte(text))
	return base64.RawURLEncoding.EncodeToString(w.Sum(nil))
}

// A Token is an SD-JWT taken apart, as an issuer made it or a holder shows it.
type Token struct {
	JWT         string
	Disclosures []Disclosure
	KeyBinding  string // a JWT; "" when there is none
}

// Parse takes a token apart. Nothing is verified but its form.
func Parse(text string) (*Token, error) {
	if len(text) > MaxSize {
		return nil, refusal("token", "longer than %d bytes", MaxSize)
	}
	parts := strings.SplitN(text, "~", MaxDisclosures+3)
	switch n := len(parts); {
	case n == 1:
		return nil, refusal("token", "no ~: not an SD-JWT")
	case n > MaxDisclosures+2:
		return nil, refusal("token", "more than %d disclosures", MaxDisclosures)
	}
	t := &Token{JWT: parts[0], KeyBinding: parts[len(parts)-1]}
	for i, part := range parts[1 : len(parts)-1] {
		d, err := parseDisclosure(part)
		if err != nil {
			return nil, &Error{"disclosure", i, nil, "malformed", err}
		}
		t.Disclosures = append(t.Disclosures, d)
	}
	return t, nil
}

// String puts the token together again.
func (t *Token) String() string { return t.unbound() + t.KeyBinding }

// unbound is what a key binding signs: everything up to and with the last ~.
func (t *Token) unbound() string {
	var s strings.Builder
	s.WriteString(t.JWT)
	s.WriteByte('~')
	for _, d := range t.Disclosures {
		s.WriteString(d.text)
		s.WriteByte('~')
	}
	return s.String()
}

// payload reads the claims of the issuer's part without verifying it.
func (t *Token) payload() (map[string]any, error) {
	m, err := jws.Parse(t.JWT)
	if err != nil {
		return nil, &Error{"token", -1, nil, "malformed", err}
	}
	return object(m.Payload)
}

func object(payload []byte) (map[string]any, error) {
	v, err := jws.Value(payload)
	if err != nil {
		return nil, &Error{"token", -1, nil, "malformed payload", err}
	}
	o, ok := v.(map[string]any)
	if !ok {
		return nil, refusal("token", "payload is no object")
	}
	return o, nil
}
