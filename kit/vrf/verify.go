package vrf

import "filippo.io/edwards25519"

type proof struct {
	gamma *edwards25519.Point
	c     [cLen]byte
	s     *edwards25519.Scalar
}

func decode(pi []byte) (p proof, err error) {
	if len(pi) != ProofSize {
		return p, &Error{"proof", 0, "length"}
	}
	if p.gamma, err = point("gamma", 0, pi[:32]); err != nil {
		return p, err
	}
	copy(p.c[:], pi[32:])
	if p.s, err = edwards25519.NewScalar().SetCanonicalBytes(pi[48:]); err != nil {
		return p, &Error{"s", 48, "range"}
	}
	return p, nil
}

// Verify checks that pi proves the output of the key for alpha and returns that
// output, RFC 9381 section 5.3 with validate_key.
func Verify(key, alpha, pi []byte) (Output, error) {
	y, err := publicKey(key)
	if err != nil {
		return Output{}, err
	}
	p, err := decode(pi)
	if err != nil {
		return Output{}, err
	}
	h, err := encodeToCurve(key, alpha)
	if err != nil {
		return Output{}, err
	}
	minus := edwards25519.NewScalar().Negate(scalarOfChallenge(p.c))
	u := new(edwards25519.Point).VarTimeDoubleScalarBaseMult(minus, y, p.s)
	v := new(edwards25519.Point).VarTimeMultiScalarMult([]*edwards25519.Scalar{p.s, minus}, []*edwards25519.Point{h, p.gamma})
	if challenge(key, h.Bytes(), p.gamma.Bytes(), u.Bytes(), v.Bytes()) != p.c {
		return Output{}, &Error{"proof", 0, "mismatch"}
	}
	return output(p.gamma), nil
}

// OutputOf returns the output a proof claims, without verifying it. The prover
// uses it on its own proofs.
func OutputOf(pi []byte) (Output, error) {
	p, err := decode(pi)
	if err != nil {
		return Output{}, err
	}
	return output(p.gamma), nil
}
