package bls_test

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"testing"

	"github.com/dinghai/dinghai/kit/beacon"
	"github.com/dinghai/dinghai/kit/beacon/bls"
	"github.com/dinghai/dinghai/kit/beacon/bn254"
)

type vector struct {
	Name       string
	Scheme     beacon.Scheme
	PubKey     string
	Round      uint64
	Sig        string
	PrevSig    string
	Randomness string
	OK         bool
}

func vectors(t testing.TB) []vector {
	t.Helper()
	b, err := os.ReadFile("../testdata/drand-beacons.json")
	if err != nil {
		t.Fatal(err)
	}
	var f struct{ Cases []vector }
	if err := json.Unmarshal(b, &f); err != nil || len(f.Cases) != 17 {
		t.Fatal(len(f.Cases), err)
	}
	return f.Cases
}

func (v vector) parts(t testing.TB) (beacon.Chain, beacon.Round, error) {
	t.Helper()
	key, err := hex.DecodeString(v.PubKey)
	if err != nil {
		t.Fatal(err)
	}
	r, err := beacon.ParseRound(fmt.Appendf(nil, `{"round":%d,"randomness":%q,"signature":%q,"previous_signature":%q}`, v.Round, v.Randomness, v.Sig, v.PrevSig))
	return beacon.Chain{Scheme: v.Scheme, PublicKey: key}, r, err
}

func verifier(s beacon.Scheme) beacon.Verifier {
	if s == beacon.BN254OnG1 {
		return bn254.Verify
	}
	return bls.Verify
}

func TestVectors(t *testing.T) {
	pass, bad, schemes := 0, 0, map[beacon.Scheme]int{}
	for i, v := range vectors(t) {
		c, r, err := v.parts(t)
		if err == nil {
			err = verifier(v.Scheme)(c, r)
		}
		if (err == nil) != v.OK {
			t.Errorf("%d %s %s: %v, want ok %v", i, v.Scheme, v.Name, err, v.OK)
			continue
		}
		var e *beacon.Error
		if err != nil && !errors.As(err, &e) {
			t.Errorf("%d: untyped error %v", i, err)
		}
		pass++
		schemes[v.Scheme]++
		if !v.OK {
			bad++
		}
	}
	t.Logf("%d of 17 vectors pass in %d schemes, %d of them refused as they must be", pass, len(schemes), bad)
	if len(schemes) != 5 || bad != 6 {
		t.Fail()
	}
}

// A changed bit anywhere makes a round fail.
func TestEveryPartCounts(t *testing.T) {
	seen := map[beacon.Scheme]bool{}
	for _, v := range vectors(t) {
		if !v.OK || seen[v.Scheme] {
			continue
		}
		seen[v.Scheme] = true
		c, r, _ := v.parts(t)
		verify := verifier(v.Scheme)
		r.Number ^= 1
		if verify(c, r) == nil {
			t.Errorf("%s: another round was accepted", v.Scheme)
		}
		r.Number ^= 1
		for _, part := range [][]byte{r.Signature, r.Previous, c.PublicKey} {
			for i := 0; i < len(part); i += 13 {
				part[i] ^= 1
				if verify(c, r) == nil {
					t.Errorf("%s: a changed byte %d of %d was accepted", v.Scheme, i, len(part))
				}
				part[i] ^= 1
			}
		}
		if err := verify(c, r); err != nil {
			t.Errorf("%s: restored: %v", v.Scheme, err)
		}
	}
}

// The point at infinity signs everything for a key at infinity.
func TestInfinityIsRefused(t *testing.T) {
	inf := func(n int, first byte) []byte { b := make([]byte, n); b[0] = first; return b }
	for _, tt := range []struct {
		s        beacon.Scheme
		key, sig []byte
	}{
		{beacon.Unchained, inf(48, 0xc0), inf(96, 0xc0)},
		{beacon.UnchainedG1RFC, inf(96, 0xc0), inf(48, 0xc0)},
		{beacon.BN254OnG1, inf(128, 0), inf(64, 0)},
		{beacon.BN254OnG1, inf(128, 0x40), inf(64, 0x40)},
	} {
		err := verifier(tt.s)(beacon.Chain{Scheme: tt.s, PublicKey: tt.key}, beacon.Round{Number: 1, Signature: tt.sig})
		var e *beacon.Error
		if !errors.As(err, &e) || e.Reason != "not_a_point" {
			t.Errorf("%s: %v", tt.s, err)
		}
	}
}

func TestWrongScheme(t *testing.T) {
	c := beacon.Chain{Scheme: beacon.BN254OnG1, PublicKey: make([]byte, 128)}
	if bls.Verify(c, beacon.Round{Number: 1, Signature: make([]byte, 64)}) == nil {
		t.Error("package bls took a scheme of BN254")
	}
	if bn254.Verify(beacon.Quicknet, beacon.Round{Number: 1, Signature: make([]byte, 48)}) == nil {
		t.Error("package bn254 took a scheme of BLS12-381")
	}
}

func FuzzVerify(f *testing.F) {
	for _, v := range vectors(f)[2:7] {
		c, r, _ := v.parts(f)
		f.Add(string(c.Scheme), c.PublicKey, r.Number, r.Signature, r.Previous)
	}
	f.Fuzz(func(t *testing.T, scheme string, key []byte, n uint64, sig, prev []byte) {
		c, r := beacon.Chain{Scheme: beacon.Scheme(scheme), PublicKey: key}, beacon.Round{Number: n, Signature: sig, Previous: prev}
		if verifier(c.Scheme)(c, r) != nil {
			return
		}
		for _, v := range vectors(t) {
			if good, g, _ := v.parts(t); v.OK && bytes.Equal(good.PublicKey, key) && g.Number == n && bytes.Equal(g.Signature, sig) {
				return
			}
		}
		t.Fatal("forged")
	})
}

func BenchmarkVerify(b *testing.B) {
	seen := map[beacon.Scheme]bool{}
	for _, v := range vectors(b) {
		if !v.OK || seen[v.Scheme] {
			continue
		}
		seen[v.Scheme] = true
		c, r, _ := v.parts(b)
		verify := verifier(v.Scheme)
		b.Run(string(v.Scheme), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if err := verify(c, r); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func ExampleVerify() {
	r, err := beacon.ParseRound([]byte(`{"round":1000,
		"randomness":"fe290beca10872ef2fb164d2aa4442de4566183ec51c56ff3cd603d930e54fdd",
		"signature":"b44679b9a59af2ec876b1a6b1ad52ea9b1615fc3982b19576350f93447cb1125e342b73a8dd2bacbe47e4b6b63ed5e39"}`))
	fmt.Println(err, bls.Verify(beacon.Quicknet, r))
	at, err := beacon.Quicknet.Time(r.Number)
	fmt.Println(at, err)
	// Output:
	// <nil> <nil>
	// 2023-08-23 15:59:24 +0000 UTC <nil>
}
