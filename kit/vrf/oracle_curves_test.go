package vrf

import (
	"crypto/hmac"
	"crypto/sha512"
	"errors"
	"math/big"
	"slices"
)

var (
	edP = bigHex("7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffed")
	edD = bigHex("52036cee2b6ffe738cc740797779e89800700a4d4141d8ab75eb4dca135978a3")
	one = big.NewInt(1)
)

// ed25519 is suites 3 and 4 on the curve of RFC 8032.
func ed25519(suite byte, toCurve func(*oracle, []byte, []byte) pt) *oracle {
	o := &oracle{suite: suite, hash: newSHA512, p: edP, cofactor: big.NewInt(8), cLen: 16, qLen: 32, order: reversed, toCurve: toCurve,
		q: bigHex("1000000000000000000000000000000014def9dea2f79cd65812631a5cf5d3ed"), add: edAdd, encode: edEncode, decode: edDecode}
	o.identity = func(a pt) bool { return a.x.Sign() == 0 && a.y.Cmp(one) == 0 }
	o.hashToPoint = func(h []byte) (pt, error) { return edDecode(h[:32]) }
	o.base, _ = edDecode(slices.Concat([]byte{0x58}, slices.Repeat([]byte{0x66}, 31)))
	o.nonceAndKeyMaker = func(o *oracle, sk []byte) (*big.Int, func([]byte) *big.Int) {
		h := sha512.Sum512(sk)
		x := h[:32]
		x[0] &= 248
		x[31] = x[31]&127 | 64
		return new(big.Int).SetBytes(reversed(x)), func(p []byte) *big.Int {
			n := sha512.Sum512(slices.Concat(h[32:], p))
			return mod(new(big.Int).SetBytes(reversed(n[:])), o.q)
		}
	}
	return o
}

func edAdd(a, b pt) pt {
	xy, yx := mulAll(edP, a.x, b.y), mulAll(edP, a.y, b.x)
	xx, yy := mulAll(edP, a.x, b.x), mulAll(edP, a.y, b.y)
	t := mulAll(edP, edD, xx, yy)
	return pt{
		mulAll(edP, xy.Add(xy, yx), inv(new(big.Int).Add(one, t), edP)),
		mulAll(edP, yy.Add(yy, xx), inv(new(big.Int).Sub(one, t), edP)),
	}
}

func edEncode(a pt) []byte {
	b := reversed(a.y.FillBytes(make([]byte, 32)))
	b[31] |= byte(a.x.Bit(0)) << 7
	return b
}

func edDecode(b []byte) (pt, error) {
	b = reversed(b)
	sign := uint(b[0] >> 7)
	b[0] &= 127
	y := new(big.Int).SetBytes(b)
	if y.Cmp(edP) >= 0 {
		return pt{}, errors.New("not canonical")
	}
	yy := mulAll(edP, y, y)
	x, err := sqrtMod(mulAll(edP, new(big.Int).Sub(yy, one), inv(new(big.Int).Add(mulAll(edP, edD, yy), one), edP)), edP)
	if err != nil {
		return pt{}, err
	}
	if x.Sign() == 0 && sign == 1 {
		return pt{}, errors.New("minus zero")
	}
	if x.Bit(0) != sign {
		x = mod(x.Neg(x), edP)
	}
	return pt{x, y}, nil
}

// elligator2 is encode_to_curve of edwards25519_XMD:SHA-512_ELL2_NU_, RFC 9380
// section 6.8.2.
func elligator2(o *oracle, salt, alpha []byte) pt {
	dst := append([]byte("ECVRF_edwards25519_XMD:SHA-512_ELL2_NU_"), o.suite)
	u := mod(new(big.Int).SetBytes(expand(newSHA512, 128, slices.Concat(salt, alpha), dst, 48)), edP)
	j := big.NewInt(486662)
	gx := func(x *big.Int) *big.Int {
		return mod(new(big.Int).Add(mulAll(edP, x, x, x), new(big.Int).Add(mulAll(edP, j, x, x), x)), edP)
	}
	x := mulAll(edP, new(big.Int).Sub(edP, j), inv(new(big.Int).Add(one, mulAll(edP, big.NewInt(2), u, u)), edP))
	y, err := sqrtMod(gx(x), edP)
	odd := uint(1)
	if err != nil {
		x, odd = mod(new(big.Int).Neg(new(big.Int).Add(x, j)), edP), 0
		y, _ = sqrtMod(gx(x), edP)
	}
	if y.Bit(0) != odd {
		y = mod(y.Neg(y), edP)
	}
	c, _ := sqrtMod(big.NewInt(-486664), edP)
	if c.Bit(0) == 1 {
		c = mod(c.Neg(c), edP)
	}
	e := pt{mulAll(edP, c, x, inv(y, edP)), mulAll(edP, new(big.Int).Sub(x, one), inv(new(big.Int).Add(x, one), edP))}
	return o.mul(o.cofactor, e)
}

var (
	pP = bigHex("ffffffff00000001000000000000000000000000ffffffffffffffffffffffff")
	pB = bigHex("5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604b")
	pA = new(big.Int).Sub(pP, big.NewInt(3))
)

func pGX(x *big.Int) *big.Int {
	return mod(new(big.Int).Add(mulAll(pP, x, x, x), new(big.Int).Add(mulAll(pP, pA, x), pB)), pP)
}

// p256 is suites 1 and 2 on NIST P-256, with the nonce of RFC 6979.
func p256(suite byte, toCurve func(*oracle, []byte, []byte) pt) *oracle {
	o := &oracle{suite: suite, hash: newSHA256, p: pP, cofactor: one, cLen: 16, qLen: 32, order: same, toCurve: toCurve,
		q: bigHex("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551"), add: pAdd, encode: pEncode, decode: pDecode}
	o.base = pt{bigHex("6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296"), bigHex("4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5")}
	o.identity = func(a pt) bool { return a.x == nil }
	o.hashToPoint = func(h []byte) (pt, error) { return pDecode(append([]byte{2}, h...)) }
	o.nonceAndKeyMaker = func(o *oracle, sk []byte) (*big.Int, func([]byte) *big.Int) {
		return new(big.Int).SetBytes(sk), func(h []byte) *big.Int { return rfc6979(sk, h, o.q) }
	}
	return o
}

func pAdd(a, b pt) pt {
	if a.x == nil {
		return b
	}
	if b.x == nil {
		return a
	}
	var l *big.Int
	switch {
	case a.x.Cmp(b.x) != 0:
		l = mulAll(pP, new(big.Int).Sub(b.y, a.y), inv(new(big.Int).Sub(b.x, a.x), pP))
	case a.y.Cmp(b.y) != 0 || a.y.Sign() == 0:
		return pt{}
	default:
		l = mulAll(pP, new(big.Int).Add(mulAll(pP, big.NewInt(3), a.x, a.x), pA), inv(new(big.Int).Lsh(a.y, 1), pP))
	}
	x := mod(new(big.Int).Sub(mulAll(pP, l, l), new(big.Int).Add(a.x, b.x)), pP)
	return pt{x, mod(new(big.Int).Sub(mulAll(pP, l, new(big.Int).Sub(a.x, x)), a.y), pP)}
}

func pEncode(a pt) []byte {
	return append([]byte{2 + byte(a.y.Bit(0))}, a.x.FillBytes(make([]byte, 32))...)
}

func pDecode(b []byte) (pt, error) {
	x := new(big.Int).SetBytes(b[1:])
	if b[0] != 2 && b[0] != 3 || x.Cmp(pP) >= 0 {
		return pt{}, errors.New("bad encoding")
	}
	y, err := sqrtMod(pGX(x), pP)
	if err != nil {
		return pt{}, err
	}
	if y.Bit(0) != uint(b[0]&1) {
		y = mod(y.Neg(y), pP)
	}
	return pt{x, y}, nil
}

// sswu is encode_to_curve of P256_XMD:SHA-256_SSWU_NU_, RFC 9380 section 6.6.2.
func sswu(o *oracle, salt, alpha []byte) pt {
	dst := append([]byte("ECVRF_P256_XMD:SHA-256_SSWU_NU_"), o.suite)
	u := mod(new(big.Int).SetBytes(expand(newSHA256, 64, slices.Concat(salt, alpha), dst, 48)), pP)
	z := big.NewInt(-10)
	zu2 := mulAll(pP, z, u, u)
	t := inv(new(big.Int).Add(mulAll(pP, zu2, zu2), zu2), pP)
	x := mulAll(pP, new(big.Int).Neg(pB), inv(pA, pP), new(big.Int).Add(one, t))
	y, err := sqrtMod(pGX(x), pP)
	if err != nil {
		x = mulAll(pP, zu2, x)
		y, _ = sqrtMod(pGX(x), pP)
	}
	if y.Bit(0) != u.Bit(0) {
		y = mod(y.Neg(y), pP)
	}
	return pt{x, y}
}

// rfc6979 is the deterministic nonce of RFC 6979 section 3.2 for SHA-256.
func rfc6979(sk, msg []byte, q *big.Int) *big.Int {
	h := newSHA256()
	h.Write(msg)
	h1 := mod(new(big.Int).SetBytes(h.Sum(nil)), q).FillBytes(make([]byte, 32))
	mac := func(k []byte, parts ...[]byte) []byte {
		m := hmac.New(newSHA256, k)
		m.Write(slices.Concat(parts...))
		return m.Sum(nil)
	}
	v, k := slices.Repeat([]byte{1}, 32), make([]byte, 32)
	for _, b := range []byte{0, 1} {
		k = mac(k, v, []byte{b}, sk, h1)
		v = mac(k, v)
	}
	for {
		v = mac(k, v)
		if n := new(big.Int).SetBytes(v); n.Sign() > 0 && n.Cmp(q) < 0 {
			return n
		}
		k = mac(k, v, []byte{0})
		v = mac(k, v)
	}
}
