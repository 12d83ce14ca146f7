package jws

import (
	"crypto/elliptic"
	"encoding/json"
	"strings"
	"testing"
)

func FuzzVerify(f *testing.F) {
	s := newSigner(f, elliptic.P256(), "k")
	f.Add(sign(f, s, `{"a":1}`))
	f.Add("..")
	f.Add(b64(`{"alg":"none"}`) + "..")
	f.Fuzz(func(t *testing.T, token string) {
		m, err := Verify(token, KeySet{s.Key()}.Find)
		if err == nil && (m.Header.Alg != ES256 || strings.Count(token, ".") != 2) {
			t.Errorf("accepted %q", token)
		}
	})
}

func FuzzParseKey(f *testing.F) {
	b, err := json.Marshal(newSigner(f, elliptic.P256(), "k").Key())
	if err != nil {
		f.Fatal(err)
	}
	f.Add(b)
	f.Add([]byte(`{"keys":[` + string(b) + `]}`))
	f.Add([]byte(`{"kty":"oct","k":"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8","alg":"HS256"}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		if k, err := ParseKey(b); err == nil && k.Public() == nil {
			t.Error("no key and no error")
		}
		ParseKeySet(b)
	})
}

func BenchmarkVerify(b *testing.B) {
	for name, curve := range map[string]elliptic.Curve{"ES256": elliptic.P256(), "EdDSA": nil} {
		b.Run(name, func(b *testing.B) {
			s := newSigner(b, curve, "k")
			token := sign(b, s, strings.Repeat("x", 1000))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := Verify(token, KeySet{s.Key()}.Find); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkSign(b *testing.B) {
	s := newSigner(b, elliptic.P256(), "k")
	b.ReportAllocs()
	for b.Loop() {
		sign(b, s, "{}")
	}
}
