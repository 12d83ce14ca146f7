package vrf

import (
	"bytes"
	"crypto/sha256"
	"crypto/sha512"
	"errors"
	"hash"
	"math/big"
	"slices"
)

// oracle is a second implementation of RFC 9381, slow and in affine
// coordinates on math/big, written from the text alone. It covers all four
// suites, so that every published vector is recomputed, and it is what the
// package is compared with on random inputs.
type oracle struct {
	suite            byte
	hash             func() hash.Hash
	p, q, cofactor   *big.Int
	base             pt
	add              func(a, b pt) pt
	identity         func(pt) bool
	encode           func(pt) []byte
	decode           func([]byte) (pt, error)
	toCurve          func(o *oracle, salt, alpha []byte) pt
	cLen, qLen       int
	order            func([]byte) []byte // to big-endian and back
	hashToPoint      func([]byte) (pt, error)
	nonceAndKeyMaker func(o *oracle, sk []byte) (x *big.Int, nonce func(h []byte) *big.Int)
}

type pt struct{ x, y *big.Int } // x == nil is the point at infinity of P-256

func bigHex(s string) *big.Int {
	n, ok := new(big.Int).SetString(s, 16)
	if !ok {
		panic(s)
	}
	return n
}

func reversed(b []byte) []byte { b = slices.Clone(b); slices.Reverse(b); return b }
func same(b []byte) []byte     { return b }

func (o *oracle) mul(k *big.Int, a pt) pt {
	out := o.zero()
	for i := k.BitLen() - 1; i >= 0; i-- {
		out = o.add(out, out)
		if k.Bit(i) == 1 {
			out = o.add(out, a)
		}
	}
	return out
}

func (o *oracle) zero() pt {
	if o.cofactor.Int64() == 1 {
		return pt{}
	}
	return pt{big.NewInt(0), big.NewInt(1)}
}

func (o *oracle) sum(parts ...[]byte) []byte {
	h := o.hash()
	h.Write([]byte{o.suite})
	for _, p := range parts {
		h.Write(p)
	}
	return h.Sum(nil)
}

// tryAndIncrement is section 5.4.1.1.
func tryAndIncrement(o *oracle, salt, alpha []byte) pt {
	for ctr := 0; ; ctr++ {
		h, err := o.hashToPoint(o.sum([]byte{1}, salt, alpha, []byte{byte(ctr), 0}))
		if err != nil {
			continue
		}
		if h = o.mul(o.cofactor, h); !o.identity(h) {
			return h
		}
	}
}

func (o *oracle) challenge(points ...pt) *big.Int {
	parts := [][]byte{{2}}
	for _, p := range points {
		parts = append(parts, o.encode(p))
	}
	return new(big.Int).SetBytes(o.order(o.sum(append(parts, []byte{0})...)[:o.cLen]))
}

func (o *oracle) fixed(n *big.Int, size int) []byte { return o.order(n.FillBytes(make([]byte, size))) }

func (o *oracle) prove(sk, alpha []byte) (pk, pi []byte) {
	x, nonce := o.nonceAndKeyMaker(o, sk)
	y := o.mul(x, o.base)
	h := o.toCurve(o, o.encode(y), alpha)
	gamma, k := o.mul(x, h), nonce(o.encode(h))
	c := o.challenge(y, h, gamma, o.mul(k, o.base), o.mul(k, h))
	s := new(big.Int).Mul(c, x)
	s.Mod(s.Add(s, k), o.q)
	return o.encode(y), slices.Concat(o.encode(gamma), o.fixed(c, o.cLen), o.fixed(s, o.qLen))
}

func (o *oracle) verify(pk, alpha, pi []byte) ([]byte, error) {
	n := len(o.encode(o.base))
	y, err1 := o.decode(pk)
	gamma, err2 := o.decode(pi[:n])
	if err := errors.Join(err1, err2); err != nil {
		return nil, err
	}
	c := new(big.Int).SetBytes(o.order(pi[n : n+o.cLen]))
	s := new(big.Int).SetBytes(o.order(pi[n+o.cLen:]))
	h := o.toCurve(o, pk, alpha)
	minus := new(big.Int).Sub(o.q, c)
	// Multiply by q-c only in the large subgroup; c times the negative elsewhere
	// would differ, but keys and vectors lie in the subgroup.
	u := o.add(o.mul(s, o.base), o.mul(minus, y))
	v := o.add(o.mul(s, h), o.mul(minus, gamma))
	if s.Cmp(o.q) >= 0 || o.challenge(y, h, gamma, u, v).Cmp(c) != 0 {
		return nil, errors.New("refused")
	}
	return o.sum([]byte{3}, o.encode(o.mul(o.cofactor, gamma)), []byte{0}), nil
}

func mod(n, p *big.Int) *big.Int { return new(big.Int).Mod(n, p) }

func sqrtMod(n, p *big.Int) (*big.Int, error) {
	if r := new(big.Int).ModSqrt(mod(n, p), p); r != nil {
		return r, nil
	}
	return nil, errors.New("no square root")
}

func mulAll(p *big.Int, ns ...*big.Int) *big.Int {
	out := big.NewInt(1)
	for _, n := range ns {
		out = mod(new(big.Int).Mul(out, n), p)
	}
	return out
}

// inv returns 0 for 0, as inv0 of RFC 9380 does.
func inv(n, p *big.Int) *big.Int {
	if r := new(big.Int).ModInverse(mod(n, p), p); r != nil {
		return r
	}
	return new(big.Int)
}

// expand is expand_message_xmd of RFC 9380 section 5.3.1.
func expand(h func() hash.Hash, block int, msg, dst []byte, n int) []byte {
	dst = append(slices.Clone(dst), byte(len(dst)))
	sum := func(parts ...[]byte) []byte {
		d := h()
		d.Write(bytes.Join(parts, nil))
		return d.Sum(nil)
	}
	b0 := sum(make([]byte, block), msg, []byte{byte(n >> 8), byte(n), 0}, dst)
	b := sum(b0, []byte{1}, dst)
	out := slices.Clone(b)
	for i := byte(2); len(out) < n; i++ {
		x := slices.Clone(b0)
		for j := range x {
			x[j] ^= b[j]
		}
		b = sum(x, []byte{i}, dst)
		out = append(out, b...)
	}
	return out[:n]
}

var oracles = map[string]*oracle{
	"ECVRF-P256-SHA256-TAI":          p256(0x01, tryAndIncrement),
	"ECVRF-P256-SHA256-SSWU":         p256(0x02, sswu),
	"ECVRF-EDWARDS25519-SHA512-TAI":  ed25519(0x03, tryAndIncrement),
	"ECVRF-EDWARDS25519-SHA512-ELL2": ed25519(0x04, elligator2),
}

func newSHA256() hash.Hash { return sha256.New() }
func newSHA512() hash.Hash { return sha512.New() }
