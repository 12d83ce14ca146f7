package sm2

import (
	"bytes"
	"crypto/rand"
	"encoding/asn1"
	"math/big"
)

// A PublicKey is a point of the SM2 curve. Only the functions here make one
// that is not zero, and all of them check that it lies on the curve.
type PublicKey struct{ x, y [32]byte }

// ParsePublicKey reads the forms in use: 04‖x‖y (65 bytes), x‖y (64 bytes) and
// the compressed 02‖x or 03‖x (33 bytes).
func ParsePublicKey(b []byte) (PublicKey, error) {
	switch {
	case len(b) == 65 && b[0] == 4:
		return pointOf(b[1:33], b[33:])
	case len(b) == 64:
		return pointOf(b[:32], b[32:])
	case len(b) == 33 && (b[0] == 2 || b[0] == 3):
		return decompress(b[1:], uint(b[0]&1))
	case len(b) == 65 || len(b) == 33:
		return PublicKey{}, &Error{"public key", 0, ReasonEncoding}
	}
	return PublicKey{}, refuse("public key", ReasonLength)
}

func pointOf(x, y []byte) (pub PublicKey, err error) {
	bx, by := new(big.Int).SetBytes(x), new(big.Int).SetBytes(y)
	if bx.Cmp(curveP) >= 0 || by.Cmp(curveP) >= 0 {
		return pub, refuse("public key", ReasonRange)
	}
	if !onCurve(bx, by) {
		return pub, refuse("public key", ReasonCurve)
	}
	copy(pub.x[:], x)
	copy(pub.y[:], y)
	return pub, nil
}

func decompress(x []byte, odd uint) (pub PublicKey, err error) {
	bx := new(big.Int).SetBytes(x)
	if bx.Cmp(curveP) >= 0 {
		return pub, refuse("public key", ReasonRange)
	}
	y := new(big.Int).ModSqrt(rightSide(bx), curveP)
	if y == nil {
		return pub, refuse("public key", ReasonCurve)
	}
	if y.Bit(0) != odd {
		y.Sub(curveP, y)
	}
	copy(pub.x[:], x)
	y.FillBytes(pub.y[:])
	return pub, nil
}

// Bytes returns 04‖x‖y.
func (p PublicKey) Bytes() []byte {
	return append(append([]byte{4}, p.x[:]...), p.y[:]...)
}

// Compressed returns 02‖x or 03‖x.
func (p PublicKey) Compressed() []byte {
	return append([]byte{2 | p.y[31]&1}, p.x[:]...)
}

// GenerateKey returns 32 random bytes that make a private key, 1..n-2.
func GenerateKey() []byte {
	key := make([]byte, 32)
	for {
		rand.Read(key)
		if checkKey(key) == nil {
			return key
		}
	}
}

func checkKey(key []byte) error {
	if len(key) != 32 {
		return refuse("private key", ReasonLength)
	}
	d := new(big.Int).SetBytes(key)
	if d.Sign() == 0 || d.Cmp(new(big.Int).Sub(curveN, big.NewInt(1))) >= 0 {
		return refuse("private key", ReasonRange)
	}
	return nil
}

var (
	oidEC  = asn1.ObjectIdentifier{1, 2, 840, 10045, 2, 1}
	oidSM2 = asn1.ObjectIdentifier{1, 2, 156, 10197, 1, 301}
)

type algorithm struct{ Algorithm, Curve asn1.ObjectIdentifier }

func (a algorithm) isSM2() bool { return a.Algorithm.Equal(oidEC) && a.Curve.Equal(oidSM2) }

// ParsePKIX reads a public key as in certificates and files (RFC 5480,
// GB/T 35276), DER.
func ParsePKIX(der []byte) (PublicKey, error) {
	var v struct {
		Algorithm algorithm
		Key       asn1.BitString
	}
	rest, err := asn1.Unmarshal(der, &v)
	if err != nil || len(rest) > 0 || !v.Algorithm.isSM2() || v.Key.BitLength%8 != 0 {
		return PublicKey{}, refuse("public key", ReasonEncoding)
	}
	return ParsePublicKey(v.Key.Bytes)
}

// PKIX is what ParsePKIX reads.
func (p PublicKey) PKIX() []byte {
	b := p.Bytes()
	der, err := asn1.Marshal(struct {
		Algorithm algorithm
		Key       asn1.BitString
	}{algorithm{oidEC, oidSM2}, asn1.BitString{Bytes: b, BitLength: 8 * len(b)}})
	if err != nil {
		panic(err) // fixed shape
	}
	return der
}

// ParsePKCS8 reads the 32 bytes of a private key out of an unencrypted PKCS #8
// structure (RFC 5958 with RFC 5915 inside), DER.
func ParsePKCS8(der []byte) ([]byte, error) {
	var outer struct {
		Version    int
		Algorithm  algorithm
		PrivateKey []byte
	}
	var inner struct {
		Version    int
		PrivateKey []byte
		Curve      asn1.ObjectIdentifier `asn1:"optional,explicit,tag:0"`
		PublicKey  asn1.BitString        `asn1:"optional,explicit,tag:1"`
	}
	rest, err := asn1.Unmarshal(der, &outer)
	if err == nil && len(rest) == 0 && outer.Algorithm.isSM2() {
		rest, err = asn1.Unmarshal(outer.PrivateKey, &inner)
	} else {
		return nil, refuse("private key", ReasonEncoding)
	}
	if err != nil || len(rest) > 0 || inner.Version != 1 {
		return nil, refuse("private key", ReasonEncoding)
	}
	key := bytes.Clone(inner.PrivateKey)
	return key, checkKey(key)
}
