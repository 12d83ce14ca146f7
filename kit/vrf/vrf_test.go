package vrf

import (
	"bytes"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	mrand "math/rand/v2"
	"os"
	"strings"
	"testing"
)

type hexBytes []byte

func (h *hexBytes) UnmarshalText(b []byte) (err error) {
	*h, err = hex.DecodeString(string(b))
	return err
}

type vector struct {
	Suite   string
	Example int
	SK, PK  hexBytes
	Alpha   hexBytes
	H, U, V hexBytes
	Pi      hexBytes
	Beta    hexBytes
}

func vectors(t *testing.T) []vector {
	t.Helper()
	b, err := os.ReadFile("testdata/ecvrf.json")
	if err != nil {
		t.Fatal(err)
	}
	var f struct{ Cases []vector }
	if err := json.Unmarshal(b, &f); err != nil {
		t.Fatal(err)
	}
	if len(f.Cases) != 12 {
		t.Fatalf("%d cases, want 12", len(f.Cases))
	}
	return f.Cases
}

// Vectors of the package's suite go through the package; those of the three
// suites it does not offer are recomputed by the oracle that it is compared
// with below.
func TestVectors(t *testing.T) {
	own, other := 0, 0
	for _, v := range vectors(t) {
		name := fmt.Sprintf("%s, example %d", v.Suite, v.Example)
		o := oracles[v.Suite]
		pk, pi := o.prove(v.SK, v.Alpha)
		beta, err := o.verify(v.PK, v.Alpha, v.Pi)
		if err != nil || !bytes.Equal(pk, v.PK) || !bytes.Equal(pi, v.Pi) || !bytes.Equal(beta, v.Beta) {
			t.Errorf("%s: oracle: pk %x, pi %x, beta %x, %v", name, pk, pi, beta, err)
			continue
		}
		if v.Suite != "ECVRF-EDWARDS25519-SHA512-TAI" {
			other++
			continue
		}
		if ownVector(t, name, v) {
			own++
		}
	}
	t.Logf("%d of 12 vectors pass: %d of suite 0x03 by the package (prove, verify, intermediate points), %d of suites 0x01, 0x02 and 0x04, which the package does not offer, by the test's own second implementation", own+other, own, other)
	if own != 3 || other != 9 {
		t.Fail()
	}
}

func ownVector(t *testing.T, name string, v vector) bool {
	k, err := NewPrivateKey(v.SK)
	if err != nil {
		t.Error(name, err)
		return false
	}
	pk := k.PublicKey()
	pi, err := k.Prove(v.Alpha)
	h, err2 := encodeToCurve(v.PK, v.Alpha)
	if err := errors.Join(err, err2); err != nil {
		t.Error(name, err)
		return false
	}
	beta, err := Verify(v.PK, v.Alpha, v.Pi)
	claimed, err2 := OutputOf(v.Pi)
	if err := errors.Join(err, err2); err != nil {
		t.Error(name, err)
		return false
	}
	ok := true
	for part, pair := range map[string][2][]byte{"pk": {pk[:], v.PK}, "H": {h.Bytes(), v.H}, "pi": {pi[:], v.Pi}, "beta": {beta[:], v.Beta}, "claimed": {claimed[:], v.Beta}} {
		if !bytes.Equal(pair[0], pair[1]) {
			t.Errorf("%s: %s is %x, want %x", name, part, pair[0], pair[1])
			ok = false
		}
	}
	return ok
}

func TestEqualToOracle(t *testing.T) {
	r := mrand.NewChaCha8([32]byte{1})
	o := oracles["ECVRF-EDWARDS25519-SHA512-TAI"]
	for i := range 5 {
		seed, alpha := make([]byte, 32), make([]byte, i*7)
		r.Read(seed)
		r.Read(alpha)
		k, err := NewPrivateKey(seed)
		if err != nil {
			t.Fatal(err)
		}
		pi, err := k.Prove(alpha)
		pk, want := o.prove(seed, alpha)
		if got := k.PublicKey(); err != nil || !bytes.Equal(pi[:], want) || !bytes.Equal(got[:], pk) {
			t.Fatalf("%d: %x, want %x, %v", i, pi, want, err)
		}
	}
}

// Any changed bit of key, alpha or proof is refused: an output has one proof.
func TestEveryBitCounts(t *testing.T) {
	v := vectors(t)[8]
	if _, err := Verify(v.PK, v.Alpha, v.Pi); err != nil {
		t.Fatal(err)
	}
	n := 0
	for name, part := range map[string]hexBytes{"key": v.PK, "alpha": v.Alpha, "pi": v.Pi} {
		for bit := range len(part) * 8 {
			part[bit/8] ^= 1 << (bit % 8)
			var e *Error
			if _, err := Verify(v.PK, v.Alpha, v.Pi); !errors.As(err, &e) {
				t.Errorf("%s, bit %d: %v", name, bit, err)
			}
			part[bit/8] ^= 1 << (bit % 8)
			n++
		}
	}
	t.Logf("%d of %d changed bits are refused", n, n)
}

func TestRefusals(t *testing.T) {
	v := vectors(t)[6]
	unhex := func(s string) []byte { b, _ := hex.DecodeString(s); return b }
	zeros := strings.Repeat("00", 31)
	q := unhex("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010")
	tests := []struct {
		name    string
		key, pi []byte
		want    Error
	}{
		{"short key", v.PK[:31], v.Pi, Error{"public_key", 0, "length"}},
		{"key of order 1", unhex("01" + zeros), v.Pi, Error{"public_key", 0, "small_order"}},
		{"key of order 4", unhex("00" + zeros), v.Pi, Error{"public_key", 0, "small_order"}},
		{"key not on the curve", unhex("02" + zeros), v.Pi, Error{"public_key", 0, "not_on_curve"}},
		{"key y = p + 1", unhex("ee" + strings.Repeat("ff", 30) + "7f"), v.Pi, Error{"public_key", 0, "not_canonical"}},
		{"short proof", v.PK, v.Pi[:79], Error{"proof", 0, "length"}},
		{"empty proof", v.PK, nil, Error{"proof", 0, "length"}},
		{"gamma not on the curve", v.PK, append(unhex("02"+zeros), v.Pi[32:]...), Error{"gamma", 0, "not_on_curve"}},
		{"s = q", v.PK, append(append(hexBytes{}, v.Pi[:48]...), q...), Error{"s", 48, "range"}},
	}
	for _, tt := range tests {
		_, err := Verify(tt.key, v.Alpha, tt.pi)
		var e *Error
		if !errors.As(err, &e) || *e != tt.want {
			t.Errorf("%s: got %v, want %v", tt.name, err, &tt.want)
		}
	}
	// s + q is the same scalar: taking it would make a second proof.
	s := append(hexBytes{}, v.Pi...)
	carry := 0
	for i := range 32 {
		n := int(s[48+i]) + int(q[i]) + carry
		s[48+i], carry = byte(n), n>>8
	}
	if _, err := Verify(v.PK, v.Alpha, s); err == nil {
		t.Error("s + q was accepted")
	}
}

func TestSeedLength(t *testing.T) {
	if _, err := NewPrivateKey(make([]byte, 31)); err == nil {
		t.Error("a short seed was accepted")
	}
	if _, _, err := GenerateKey(strings.NewReader("short")); err == nil {
		t.Error("too little randomness was accepted")
	}
}

func FuzzVerify(f *testing.F) {
	f.Add([]byte{}, []byte{}, []byte{})
	k, _ := NewPrivateKey(make([]byte, 32))
	pk := k.PublicKey()
	pi, _ := k.Prove([]byte("a"))
	f.Add(pk[:], []byte("a"), pi[:])
	f.Add(pk[:], []byte("b"), pi[:])
	f.Add(make([]byte, 32), []byte("a"), make([]byte, 80))
	f.Fuzz(func(t *testing.T, key, alpha, p []byte) {
		out, err := Verify(key, alpha, p)
		if err == nil && (!bytes.Equal(key, pk[:]) || !bytes.Equal(alpha, []byte("a")) || !bytes.Equal(p, pi[:])) {
			t.Fatalf("forged: %x %x %x gives %x", key, alpha, p, out)
		}
	})
}

func BenchmarkProve(b *testing.B) {
	_, k, err := GenerateKey(rand.Reader)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := k.Prove([]byte("alpha")); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkVerify(b *testing.B) {
	_, k, err := GenerateKey(rand.Reader)
	if err != nil {
		b.Fatal(err)
	}
	pk := k.PublicKey()
	pi, err := k.Prove([]byte("alpha"))
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Verify(pk[:], []byte("alpha"), pi[:]); err != nil {
			b.Fatal(err)
		}
	}
}
