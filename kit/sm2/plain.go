package sm2

import (
	"math/big"
	"slices"
)

// The curve of GB/T 32918.5: y² = x³ − 3x + b over p, base point (gx, gy) of
// order n.
var (
	curveP  = number("FFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF00000000FFFFFFFFFFFFFFFF")
	curveA  = new(big.Int).Sub(curveP, big.NewInt(3))
	curveB  = number("28E9FA9E9D9F5E344D5A9E4BCF6509A7F39789F515AB8F92DDBCBD414D940E93")
	curveN  = number("FFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFF7203DF6B21C6052B53BBF40939D54123")
	curveGX = number("32C4AE2C1F1981195F9904466A39C9948FE30BBFF2660BE1715A4589334C74C7")
	curveGY = number("BC3736A2F4F6779C59BDCEE36B692153D0A9877CC62A474002DF32E52139F0A0")

	// curveHead is the part of Z every signer shares: a, b, gx, gy.
	curveHead = slices.Concat(bytesOf(curveA), bytesOf(curveB), bytesOf(curveGX), bytesOf(curveGY))
)

func number(hex string) *big.Int {
	n, _ := new(big.Int).SetString(hex, 16)
	return n
}

func bytesOf(v *big.Int) []byte { return v.FillBytes(make([]byte, 32)) }

// onCurve tells whether (x, y), both below p, solves the equation.
func onCurve(x, y *big.Int) bool {
	return new(big.Int).Exp(y, big.NewInt(2), curveP).Cmp(rightSide(x)) == 0
}

// rightSide is x³ − 3x + b.
func rightSide(x *big.Int) *big.Int {
	r := new(big.Int).Mul(x, x)
	r.Add(r, curveA)
	r.Mul(r, x)
	r.Add(r, curveB)
	return r.Mod(r, curveP)
}

type plain struct{ gmsm }

func (plain) Name() string { return "plain" }

func (plain) NewSigner([]byte) (Signer, error) { return nil, refuse("engine", "only verifies") }

// Verify is GB/T 32918.2 section 7.1, steps B1, B2 and B5 to B7.
func (plain) Verify(pub PublicKey, d Digest, sig Signature) bool {
	r, s := new(big.Int).SetBytes(sig.r[:]), new(big.Int).SetBytes(sig.s[:])
	if !inRange(r) || !inRange(s) {
		return false
	}
	t := new(big.Int).Add(r, s)
	if t.Mod(t, curveN).Sign() == 0 {
		return false
	}
	p := newPoint(new(big.Int).SetBytes(pub.x[:]), new(big.Int).SetBytes(pub.y[:]))
	x, _, ok := combine(s, newPoint(curveGX, curveGY), t, p).affine()
	if !ok {
		return false
	}
	x.Add(x, new(big.Int).SetBytes(d[:]))
	return x.Mod(x, curveN).Cmp(r) == 0
}

func inRange(v *big.Int) bool { return v.Sign() > 0 && v.Cmp(curveN) < 0 }

// multiplyBase returns k times the base point, for k in 1..n-1.
func multiplyBase(k *big.Int) (pub PublicKey) {
	x, y, _ := combine(k, newPoint(curveGX, curveGY), new(big.Int), newPoint(curveGX, curveGY)).affine()
	x.FillBytes(pub.x[:])
	y.FillBytes(pub.y[:])
	return pub
}

// A point in Jacobian coordinates stands for (x/z², y/z³); z = 0 is infinity.
type point struct{ x, y, z *big.Int }

func newPoint(x, y *big.Int) point { return point{x, y, big.NewInt(1)} }

func (p point) affine() (x, y *big.Int, ok bool) {
	if p.z.Sign() == 0 {
		return nil, nil, false
	}
	i := new(big.Int).ModInverse(p.z, curveP)
	i2 := mulP(i, i)
	return mulP(p.x, i2), mulP(p.y, mulP(i2, i)), true
}

// combine returns a·p + b·q, doubling once for both (Shamir's trick).
func combine(a *big.Int, p point, b *big.Int, q point) point {
	both := p.add(q)
	sum := point{new(big.Int), big.NewInt(1), new(big.Int)}
	for i := max(a.BitLen(), b.BitLen()) - 1; i >= 0; i-- {
		sum = sum.double()
		switch a.Bit(i)<<1 | b.Bit(i) {
		case 1:
			sum = sum.add(q)
		case 2:
			sum = sum.add(p)
		case 3:
			sum = sum.add(both)
		}
	}
	return sum
}

func mulP(a, b *big.Int) *big.Int {
	r := new(big.Int).Mul(a, b)
	return r.Mod(r, curveP)
}

func subP(a, b *big.Int) *big.Int {
	r := new(big.Int).Sub(a, b)
	if r.Sign() < 0 {
		r.Add(r, curveP)
	}
	return r
}

func shlP(a *big.Int, n uint) *big.Int {
	r := new(big.Int).Lsh(a, n)
	return r.Mod(r, curveP)
}

// double is dbl-2001-b of the Explicit-Formulas Database, for a = −3.
func (p point) double() point {
	delta, gamma := mulP(p.z, p.z), mulP(p.y, p.y)
	beta := mulP(p.x, gamma)
	alpha := mulP(big.NewInt(3), mulP(subP(p.x, delta), new(big.Int).Add(p.x, delta)))
	x := subP(mulP(alpha, alpha), shlP(beta, 3))
	yz := new(big.Int).Add(p.y, p.z)
	z := subP(subP(mulP(yz, yz), gamma), delta)
	y := subP(mulP(alpha, subP(shlP(beta, 2), x)), shlP(mulP(gamma, gamma), 3))
	return point{x, y, z}
}

// add is add-2007-bl of the same, with the cases it leaves out.
func (p point) add(q point) point {
	if p.z.Sign() == 0 {
		return q
	}
	if q.z.Sign() == 0 {
		return p
	}
	z1, z2 := mulP(p.z, p.z), mulP(q.z, q.z)
	u1, u2 := mulP(p.x, z2), mulP(q.x, z1)
	s1, s2 := mulP(p.y, mulP(q.z, z2)), mulP(q.y, mulP(p.z, z1))
	h, r := subP(u2, u1), shlP(subP(s2, s1), 1)
	if h.Sign() == 0 {
		if r.Sign() == 0 {
			return p.double()
		}
		return point{new(big.Int), big.NewInt(1), new(big.Int)}
	}
	h2 := shlP(h, 1)
	i := mulP(h2, h2)
	j, v := mulP(h, i), mulP(u1, i)
	x := subP(subP(mulP(r, r), j), shlP(v, 1))
	y := subP(mulP(r, subP(v, x)), shlP(mulP(s1, j), 1))
	zz := new(big.Int).Add(p.z, q.z)
	z := mulP(subP(subP(mulP(zz, zz), z1), z2), h)
	return point{x, y, z}
}
