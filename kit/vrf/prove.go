package vrf

import (
	"crypto/sha512"
	"io"

	"filippo.io/edwards25519"
)

// A Prover holds a private key, here or in another process or device.
type Prover interface {
	PublicKey() [PublicKeySize]byte
	Prove(alpha []byte) ([ProofSize]byte, error)
}

// PrivateKey proves with a key in memory. It is derived from a seed as in
// RFC 8032 section 5.1.5; do not use one seed for signatures too.
type PrivateKey struct {
	x      *edwards25519.Scalar
	prefix [32]byte
	public [PublicKeySize]byte
}

var _ Prover = (*PrivateKey)(nil)

// NewPrivateKey derives the key of a seed of 32 secret random bytes.
func NewPrivateKey(seed []byte) (*PrivateKey, error) {
	if len(seed) != SeedSize {
		return nil, &Error{"seed", 0, "length"}
	}
	h := sha512.Sum512(seed)
	x, err := edwards25519.NewScalar().SetBytesWithClamping(h[:32])
	if err != nil {
		return nil, err
	}
	k := &PrivateKey{x: x}
	copy(k.prefix[:], h[32:])
	copy(k.public[:], new(edwards25519.Point).ScalarBaseMult(x).Bytes())
	return k, nil
}

// GenerateKey reads a seed from rand, usually crypto/rand.Reader, and returns
// it with its key.
func GenerateKey(rand io.Reader) (seed []byte, k *PrivateKey, err error) {
	seed = make([]byte, SeedSize)
	if _, err := io.ReadFull(rand, seed); err != nil {
		return nil, nil, err
	}
	k, err = NewPrivateKey(seed)
	return seed, k, err
}

// PublicKey returns the key that proofs are verified with.
func (k *PrivateKey) PublicKey() [PublicKeySize]byte { return k.public }

// Prove returns the proof pi for alpha, RFC 9381 section 5.1. The same alpha
// always gives the same proof.
func (k *PrivateKey) Prove(alpha []byte) (pi [ProofSize]byte, err error) {
	h, err := encodeToCurve(k.public[:], alpha)
	if err != nil {
		return pi, err
	}
	gamma := new(edwards25519.Point).ScalarMult(k.x, h)
	nonce, err := k.nonce(h.Bytes())
	if err != nil {
		return pi, err
	}
	c := challenge(k.public[:], h.Bytes(), gamma.Bytes(),
		new(edwards25519.Point).ScalarBaseMult(nonce).Bytes(), new(edwards25519.Point).ScalarMult(nonce, h).Bytes())
	s := edwards25519.NewScalar().MultiplyAdd(scalarOfChallenge(c), k.x, nonce)
	copy(pi[:], gamma.Bytes())
	copy(pi[32:], c[:])
	copy(pi[48:], s.Bytes())
	return pi, nil
}

// nonce is deterministic, RFC 9381 section 5.4.2.2.
func (k *PrivateKey) nonce(h []byte) (*edwards25519.Scalar, error) {
	d := sha512.New()
	d.Write(k.prefix[:])
	d.Write(h)
	return edwards25519.NewScalar().SetUniformBytes(d.Sum(nil))
}
