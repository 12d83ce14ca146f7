// Package cwt signs and verifies CBOR Web Tokens (RFC 8392) and other single
// signature COSE messages (COSE_Sign1, RFC 9052), and reads CBOR strictly.
//
// The messages are github.com/veraison/go-cose's and the CBOR is
// github.com/fxamacker/cbor's. Around them stands what a verifier of other
// people's tokens has to insist on: a size, an algorithm the caller allows on
// the curve it is for, no extensions left unread, no member twice.
package cwt

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rand"
	"fmt"
	"slices"

	"github.com/veraison/go-cose"
)

// MaxSize bounds messages, in bytes; a status list of 2^20 entries of 8 bits
// that does not compress fits.
const MaxSize = 2 << 20

// An Algorithm is a number of the IANA COSE registry.
type Algorithm = cose.Algorithm

// The algorithms this package knows. All are allowed by default.
const (
	ES256 = cose.AlgorithmES256
	ES384 = cose.AlgorithmES384
	ES512 = cose.AlgorithmES512
	EdDSA = cose.AlgorithmEdDSA
)

var allowedByDefault = []Algorithm{ES256, ES384, ES512, EdDSA}

// An Error says which part of a message was refused and why.
type Error struct {
	Field  string // "message", "alg", "kid", "typ", "crit", "key", "signature", "cbor"
	Pos    int    // byte offset in what was read, -1 when it is the value as a whole
	Reason string
	Err    error // what a library said; may be nil
}

func (e *Error) Error() string {
	s := "cwt: " + e.Field + ": " + e.Reason
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

// A Header is what a verifier looks at. Kid may come from the unprotected
// part, as it only chooses among trusted keys.
type Header struct {
	Alg Algorithm
	Kid []byte
	Typ string // media type (RFC 9596); "" also for a CoAP content format
}

// A Message is a COSE_Sign1 that has been taken apart.
type Message struct {
	Header  Header
	Payload []byte
}

// Parse takes a message apart without verifying anything, for finding out whose
// key is needed.
func Parse(b []byte) (*Message, error) {
	m, _, err := parse(b)
	return m, err
}

func parse(b []byte) (*Message, *cose.Sign1Message, error) {
	if len(b) > MaxSize {
		return nil, nil, refusal("message", "longer than %d bytes", MaxSize)
	}
	in := cose.NewSign1Message()
	if err := in.UnmarshalCBOR(b); err != nil {
		return nil, nil, &Error{"message", -1, "no tagged COSE_Sign1", err}
	}
	h, err := readHeader(in.Headers)
	if err != nil {
		return nil, nil, err
	}
	if in.Payload == nil {
		return nil, nil, refusal("message", "payload is detached")
	}
	return &Message{h, in.Payload}, in, nil
}

func readHeader(in cose.Headers) (h Header, err error) {
	if _, ok := in.Protected[cose.HeaderLabelCritical]; ok {
		return h, refusal("crit", "extensions are not understood")
	}
	if h.Alg, err = in.Protected.Algorithm(); err != nil {
		return h, &Error{"alg", -1, "missing from the protected header", err}
	}
	kid, ok := in.Protected[cose.HeaderLabelKeyID]
	if !ok {
		kid = in.Unprotected[cose.HeaderLabelKeyID]
	}
	if h.Kid, ok = kid.([]byte); !ok && kid != nil {
		return h, refusal("kid", "not a byte string")
	}
	h.Typ, _ = in.Protected[cose.HeaderLabelType].(string)
	return h, nil
}

// A Finder returns the key to verify a message with. The header is not yet
// verified: it may choose among trusted keys and nothing else.
type Finder func(Header) (crypto.PublicKey, error)

// Keys are trusted public keys by kid.
type Keys map[string]crypto.PublicKey

// Find is a Finder.
func (k Keys) Find(h Header) (crypto.PublicKey, error) {
	if pub, ok := k[string(h.Kid)]; ok {
		return pub, nil
	}
	return nil, refusal("kid", "%.32x is unknown", h.Kid)
}

// Verify checks the signature of a message and returns what it says. With no
// algorithms given, ES256, ES384, ES512 and EdDSA are allowed.
func Verify(b []byte, find Finder, allowed ...Algorithm) (*Message, error) {
	if len(allowed) == 0 {
		allowed = allowedByDefault
	}
	m, in, err := parse(b)
	if err != nil {
		return nil, err
	}
	if !slices.Contains(allowed, m.Header.Alg) {
		return nil, refusal("alg", "%d is not allowed", int64(m.Header.Alg))
	}
	pub, err := find(m.Header)
	if err != nil {
		return nil, err
	}
	v, err := newVerifier(m.Header.Alg, pub)
	if err != nil {
		return nil, err
	}
	if err := in.Verify(nil, v); err != nil {
		return nil, &Error{"signature", -1, "does not verify", err}
	}
	return m, nil
}

// newVerifier refuses keys that are not of the curve that goes with alg, which
// go-cose, after RFC 9053, would take.
func newVerifier(alg Algorithm, pub crypto.PublicKey) (cose.Verifier, error) {
	if alg != algorithmOf(pub) {
		return nil, refusal("key", "does not fit algorithm %d", int64(alg))
	}
	v, err := cose.NewVerifier(alg, pub)
	if err != nil {
		return nil, &Error{"key", -1, "cannot verify", err}
	}
	return v, nil
}

// algorithmOf returns 0 for keys this package has no algorithm for.
func algorithmOf(pub crypto.PublicKey) Algorithm {
	switch p := pub.(type) {
	case *ecdsa.PublicKey:
		return map[int]Algorithm{256: ES256, 384: ES384, 521: ES512}[p.Curve.Params().BitSize]
	case ed25519.PublicKey:
		return EdDSA
	}
	return 0
}

// Sign returns the message with the payload, signed by a private key on P-256,
// P-384, P-521 or Ed25519, or by a module that holds one. An empty kid or typ is
// left out; both go into the protected header.
func Sign(key crypto.Signer, kid []byte, typ string, payload []byte) ([]byte, error) {
	alg := algorithmOf(key.Public())
	if alg == 0 {
		return nil, refusal("key", "%T cannot sign", key)
	}
	signer, err := cose.NewSigner(alg, key)
	if err != nil {
		return nil, &Error{"key", -1, "cannot sign", err}
	}
	head := cose.ProtectedHeader{cose.HeaderLabelAlgorithm: alg}
	if len(kid) > 0 {
		head[cose.HeaderLabelKeyID] = kid
	}
	if typ != "" {
		head[cose.HeaderLabelType] = typ
	}
	return cose.Sign1(rand.Reader, signer, cose.Headers{Protected: head}, payload, nil)
}
