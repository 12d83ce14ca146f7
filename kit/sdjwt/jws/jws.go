// Package jws signs and verifies JSON Web Signatures in compact form (RFC 7515)
// with JSON Web Keys (RFC 7517), as SD-JWT and Token Status List use them.
//
// Keys and signing are github.com/go-jose/go-jose/v4. Around it stands what a
// verifier of other people's tokens has to insist on: the algorithm is one the
// caller allows and the one its key is for, keys are of a proper size, meant
// for signatures and never the token's own suggestion, each base64url text and
// each JSON object has one reading only.
package jws

import (
	"encoding/base64"
	"fmt"
	"slices"
	"strings"

	"github.com/go-jose/go-jose/v4"
)

// MaxSize bounds tokens and key sets, in bytes. A status list of 2^20 entries of
// 8 bits that does not compress fits.
const MaxSize = 4 << 20

// An Algorithm is a value of the header parameter alg.
type Algorithm = jose.SignatureAlgorithm

// The digital signatures that Verify allows when it is not told otherwise.
const (
	ES256 = jose.ES256
	ES384 = jose.ES384
	ES512 = jose.ES512
	EdDSA = jose.EdDSA
)

var allowedByDefault = []Algorithm{ES256, ES384, ES512, EdDSA}

// An Error says which part of a token or key was refused and why.
type Error struct {
	Field  string // "token", "header", "payload", "signature", "key", "key set" or a member's name
	Pos    int    // byte offset in what was read, -1 when it is the value as a whole
	Reason string
	Err    error // what a library said; may be nil
}

func (e *Error) Error() string {
	s := "jws: " + e.Field + ": " + e.Reason
	if e.Pos >= 0 {
		s += fmt.Sprintf(" at byte %d", e.Pos)
	}
	if e.Err != nil {
		s += ": " + e.Err.Error()
	}
	return s
}

func (e *Error) Unwrap() error { return e.Err }

func refusal(field, format string, args ...any) error {
	return &Error{Field: field, Pos: -1, Reason: fmt.Sprintf(format, args...)}
}

// A Header is what a verifier looks at of the protected header.
type Header struct {
	Alg  Algorithm `json:"alg"`
	Kid  string    `json:"kid"`
	Typ  string    `json:"typ"`
	Cty  string    `json:"cty"`
	X5C  []string  `json:"x5c"` // base64 (not url) of DER, the signer's certificate first
	Crit any       `json:"crit"`
	B64  any       `json:"b64"`
}

// A Message is a token that has been taken apart.
type Message struct {
	Header  Header
	Payload []byte
}

// Parse takes a token apart without verifying anything; for finding out whose
// key is needed, and for holders, who trust what their issuer handed them.
func Parse(token string) (*Message, error) {
	m, _, err := parse(token)
	return m, err
}

func parse(token string) (*Message, [3][]byte, error) {
	var parts [3][]byte
	if len(token) > MaxSize {
		return nil, parts, refusal("token", "longer than %d bytes", MaxSize)
	}
	names, pos := [3]string{"header", "payload", "signature"}, 0
	texts := strings.SplitN(token, ".", 4)
	if len(texts) != 3 {
		return nil, parts, refusal("token", "not three parts")
	}
	for i, text := range texts {
		var err error
		if parts[i], err = decode(names[i], text, pos); err != nil {
			return nil, parts, err
		}
		pos += len(text) + 1
	}
	m := &Message{Payload: parts[1]}
	if err := Unmarshal(parts[0], &m.Header); err != nil {
		return nil, parts, &Error{"header", -1, "not a proper JSON object", err}
	}
	if len(parts[2]) == 0 {
		return nil, parts, refusal("signature", "empty")
	}
	return m, parts, nil
}

// Decode64 decodes base64url without padding (RFC 7515 section 2), one text for
// each value: no line breaks, no stray bits at the end.
func Decode64(text string) ([]byte, error) { return decode("base64url", text, 0) }

func decode(field, text string, pos int) ([]byte, error) {
	if i := strings.IndexAny(text, "\r\n"); i >= 0 { // encoding/base64 skips them
		return nil, &Error{field, pos + i, "not base64url", nil}
	}
	b, err := base64.RawURLEncoding.Strict().DecodeString(text)
	if err != nil {
		if at, ok := err.(base64.CorruptInputError); ok {
			pos += int(at)
		}
		return nil, &Error{field, pos, "not base64url", nil}
	}
	return b, nil
}

// A Finder returns the key to verify a token with. The header is not yet
// verified: it may choose among trusted keys and nothing else.
type Finder func(Header) (Key, error)

// Verify checks the signature of a token and returns what it says. With no
// algorithms given, ES256, ES384, ES512 and EdDSA are allowed.
func Verify(token string, find Finder, allowed ...Algorithm) (*Message, error) {
	if len(allowed) == 0 {
		allowed = allowedByDefault
	}
	m, parts, err := parse(token)
	if err != nil {
		return nil, err
	}
	switch h := m.Header; {
	case !slices.Contains(allowed, h.Alg):
		return nil, refusal("alg", "%.20q is not allowed", h.Alg)
	case h.Crit != nil:
		return nil, refusal("crit", "extensions are not understood")
	case h.B64 != nil:
		return nil, refusal("b64", "unencoded payloads are not understood")
	}
	key, err := find(m.Header)
	if err != nil {
		return nil, err
	}
	if err := key.permits(m.Header.Alg); err != nil {
		return nil, err
	}
	if !key.verify(m.Header.Alg, []byte(token[:strings.LastIndexByte(token, '.')]), parts[2]) {
		return nil, refusal("signature", "does not verify")
	}
	return m, nil
}
