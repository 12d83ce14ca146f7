// Package vrf is a verifiable random function: ECVRF-EDWARDS25519-SHA512-TAI of
// RFC 9381 (suite 0x03).
//
// The holder of a private key computes from an input alpha an output beta that
// looks random to everyone else, and a proof pi that it is the one and only
// output of that key and input. So an office that must draw with a secret can
// neither predict the draw before alpha is known nor choose among outcomes.
//
// The suite's encoding to the curve takes a time that depends on alpha; use it
// only where alpha is public. Proving is otherwise in constant time.
package vrf

import (
	"crypto/sha512"
	"fmt"

	"filippo.io/edwards25519"
)

// Sizes in bytes.
const (
	SeedSize      = 32 // private key as it is stored: an Ed25519 seed of RFC 8032
	PublicKeySize = 32
	ProofSize     = 80 // gamma 32, c 16, s 32
	OutputSize    = 64
)

const (
	suite       = 0x03
	cLen        = 16
	encodeFront = 0x01
	challFront  = 0x02
	outputFront = 0x03
	back        = 0x00
)

// Output is beta: 64 bytes that are indistinguishable from random without the
// proof.
type Output [OutputSize]byte

// An Error tells which part of a key or proof was refused and why.
type Error struct {
	Field    string // "seed", "public_key", "alpha", "gamma", "s", "proof"
	Position int    // first byte of the part within the key or proof
	Reason   string // "length", "not_on_curve", "not_canonical", "small_order", "range", "no_point", "mismatch"
}

func (e *Error) Error() string {
	return fmt.Sprintf("vrf: %s at byte %d: %s", e.Field, e.Position, e.Reason)
}

// point decodes as RFC 8032 section 5.1.3 does. The library also takes
// encodings that are not canonical; two encodings of one point would be two
// proofs of one output.
func point(field string, at int, b []byte) (*edwards25519.Point, error) {
	p, err := new(edwards25519.Point).SetBytes(b)
	if err != nil {
		return nil, &Error{field, at, "not_on_curve"}
	}
	if string(p.Bytes()) != string(b) {
		return nil, &Error{field, at, "not_canonical"}
	}
	return p, nil
}

// publicKey decodes a key and refuses one of small order, RFC 9381 section
// 5.4.5: under it a prover could choose outputs.
func publicKey(b []byte) (*edwards25519.Point, error) {
	if len(b) != PublicKeySize {
		return nil, &Error{"public_key", 0, "length"}
	}
	y, err := point("public_key", 0, b)
	if err != nil {
		return nil, err
	}
	if isIdentity(new(edwards25519.Point).MultByCofactor(y)) {
		return nil, &Error{"public_key", 0, "small_order"}
	}
	return y, nil
}

func isIdentity(p *edwards25519.Point) bool { return p.Equal(edwards25519.NewIdentityPoint()) == 1 }

// CheckPublicKey reports whether a key may be trusted with proofs.
func CheckPublicKey(key []byte) error {
	_, err := publicKey(key)
	return err
}

// encodeToCurve hashes salt and alpha to a point of the large subgroup by try
// and increment, RFC 9381 section 5.4.1.1. Half of all hashes are no point, so
// running out of the 256 tries does not happen.
func encodeToCurve(salt, alpha []byte) (*edwards25519.Point, error) {
	h := sha512.New()
	var sum [sha512.Size]byte
	for ctr := range 256 {
		h.Reset()
		h.Write([]byte{suite, encodeFront})
		h.Write(salt)
		h.Write(alpha)
		h.Write([]byte{byte(ctr), back})
		p, err := point("alpha", 0, h.Sum(sum[:0])[:32])
		if err != nil {
			continue
		}
		if p.MultByCofactor(p); !isIdentity(p) {
			return p, nil
		}
	}
	return nil, &Error{"alpha", 0, "no_point"}
}

// challenge is the Fiat-Shamir hash of five points, RFC 9381 section 5.4.3.
func challenge(points ...[]byte) (c [cLen]byte) {
	h := sha512.New()
	h.Write([]byte{suite, challFront})
	for _, p := range points {
		h.Write(p)
	}
	h.Write([]byte{back})
	copy(c[:], h.Sum(nil))
	return c
}

// scalarOfChallenge widens a challenge; 128 bits are always in range.
func scalarOfChallenge(c [cLen]byte) *edwards25519.Scalar {
	var wide [32]byte
	copy(wide[:], c[:])
	s, err := edwards25519.NewScalar().SetCanonicalBytes(wide[:])
	if err != nil {
		panic(err)
	}
	return s
}

// output is proof_to_hash after decoding, RFC 9381 section 5.2.
func output(gamma *edwards25519.Point) (out Output) {
	h := sha512.New()
	h.Write([]byte{suite, outputFront})
	h.Write(new(edwards25519.Point).MultByCofactor(gamma).Bytes())
	h.Write([]byte{back})
	h.Sum(out[:0])
	return out
}
