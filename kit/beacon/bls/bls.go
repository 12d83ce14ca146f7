// Package bls verifies rounds of the four drand schemes on BLS12-381.
package bls

import (
	"github.com/consensys/gnark-crypto/ecc/bls12-381"

	"github.com/dinghai/dinghai/kit/beacon"
)

// Domain separation tags of hash-to-curve, RFC 9380.
const (
	tagG1 = "BLS_SIG_BLS12381G1_XMD:SHA-256_SSWU_RO_NUL_"
	tagG2 = "BLS_SIG_BLS12381G2_XMD:SHA-256_SSWU_RO_NUL_"
)

var _ beacon.Verifier = Verify

// Verify checks that the round is signed by the chain's key. Points must be
// compressed, in the right subgroup and not the point at infinity.
func Verify(c beacon.Chain, r beacon.Round) error {
	msg, err := c.Scheme.Message(r)
	if err != nil {
		return err
	}
	switch c.Scheme {
	case beacon.Chained, beacon.Unchained:
		return onG2(c.PublicKey, r.Signature, msg)
	case beacon.UnchainedOnG1:
		return onG1(c.PublicKey, r.Signature, msg, tagG2)
	case beacon.UnchainedG1RFC:
		return onG1(c.PublicKey, r.Signature, msg, tagG1)
	}
	return &beacon.Error{Field: "scheme", Reason: "unknown"}
}

// onG1 checks e(-signature, g2) e(H(msg), key) = 1.
func onG1(key, sig, msg []byte, tag string) error {
	pk, err := pointG2("public_key", key)
	if err != nil {
		return err
	}
	s, err := pointG1("signature", sig)
	if err != nil {
		return err
	}
	h, err := bls12381.HashToG1(msg, []byte(tag))
	if err != nil {
		return err
	}
	s.Neg(&s)
	_, _, _, g2 := bls12381.Generators()
	return paired(bls12381.PairingCheck([]bls12381.G1Affine{s, h}, []bls12381.G2Affine{g2, pk}))
}

// onG2 checks e(-g1, signature) e(key, H(msg)) = 1.
func onG2(key, sig, msg []byte) error {
	pk, err := pointG1("public_key", key)
	if err != nil {
		return err
	}
	s, err := pointG2("signature", sig)
	if err != nil {
		return err
	}
	h, err := bls12381.HashToG2(msg, []byte(tagG2))
	if err != nil {
		return err
	}
	_, _, g1, _ := bls12381.Generators()
	g1.Neg(&g1)
	return paired(bls12381.PairingCheck([]bls12381.G1Affine{g1, pk}, []bls12381.G2Affine{s, h}))
}

func paired(ok bool, err error) error {
	if err != nil {
		return err
	}
	if !ok {
		return &beacon.Error{Field: "signature", Reason: "mismatch"}
	}
	return nil
}

func pointG1(field string, b []byte) (p bls12381.G1Affine, err error) {
	if len(b) != bls12381.SizeOfG1AffineCompressed {
		return p, &beacon.Error{Field: field, Reason: "length"}
	}
	if _, err := p.SetBytes(b); err != nil || p.IsInfinity() || p.Bytes() != [48]byte(b) {
		return p, &beacon.Error{Field: field, Reason: "not_a_point"}
	}
	return p, nil
}

func pointG2(field string, b []byte) (p bls12381.G2Affine, err error) {
	if len(b) != bls12381.SizeOfG2AffineCompressed {
		return p, &beacon.Error{Field: field, Reason: "length"}
	}
	if _, err := p.SetBytes(b); err != nil || p.IsInfinity() || p.Bytes() != [96]byte(b) {
		return p, &beacon.Error{Field: field, Reason: "not_a_point"}
	}
	return p, nil
}
