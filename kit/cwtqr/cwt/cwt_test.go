package cwt

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"encoding/hex"
	"encoding/json"
	"errors"
	"os"
	"strings"
	"testing"

	"github.com/veraison/go-cose"
)

func newKey(t testing.TB, curve elliptic.Curve) crypto.Signer {
	t.Helper()
	var key crypto.Signer
	var err error
	if curve == nil {
		_, key, err = ed25519.GenerateKey(nil)
	} else {
		key, err = ecdsa.GenerateKey(curve, rand.Reader)
	}
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func sign(t testing.TB, key crypto.Signer, payload []byte) []byte {
	t.Helper()
	b, err := Sign(key, []byte("k"), "application/test", payload)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestSignVerify(t *testing.T) {
	for _, curve := range []elliptic.Curve{elliptic.P256(), elliptic.P384(), elliptic.P521(), nil} {
		key, other := newKey(t, curve), newKey(t, curve)
		b := sign(t, key, []byte("payload"))
		m, err := Verify(b, Keys{"k": key.Public(), "l": other.Public()}.Find)
		if err != nil || string(m.Payload) != "payload" || m.Header.Typ != "application/test" || string(m.Header.Kid) != "k" {
			t.Errorf("%+v, %v", m, err)
		}
		for i := 0; i < len(b); i += 1 + len(b)/60 {
			changed := bytes.Clone(b)
			changed[i] ^= 1
			if _, err := Verify(changed, Keys{"k": key.Public()}.Find); err == nil {
				t.Errorf("byte %d changed and it verifies", i)
			}
		}
		if _, err := Verify(b, Keys{"k": other.Public()}.Find); err == nil {
			t.Error("verifies under another key")
		}
	}
}

func TestRefusals(t *testing.T) {
	key := newKey(t, elliptic.P256())
	signer, err := cose.NewSigner(ES256, key)
	if err != nil {
		t.Fatal(err)
	}
	build := func(h cose.Headers) []byte {
		b, err := cose.Sign1(rand.Reader, signer, h, []byte("x"), nil)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	good := sign(t, key, []byte("x"))
	alg := func(extra ...any) cose.Headers {
		p := cose.ProtectedHeader{cose.HeaderLabelAlgorithm: ES256}
		for i := 0; i < len(extra); i += 2 {
			p[extra[i]] = extra[i+1]
		}
		return cose.Headers{Protected: p}
	}
	b384, _ := Sign(newKey(t, elliptic.P384()), []byte("k"), "", []byte("x"))
	for name, c := range map[string]struct {
		b     []byte
		field string
	}{
		"empty":             {nil, "message"},
		"untagged":          {good[1:], "message"},
		"trailing":          {append(bytes.Clone(good), 0), "message"},
		"cut":               {good[:len(good)-1], "message"},
		"huge":              {make([]byte, MaxSize+1), "message"},
		"critical":          {build(alg(cose.HeaderLabelCritical, []any{int64(99)}, int64(99), "x")), "crit"},
		"unknown key":       {build(alg(cose.HeaderLabelKeyID, []byte("z"))), "kid"},
		"alg of other key":  {b384, "key"},
		"alg unprotected":   {unhex("d28440a10126417841" + "00"), "alg"},
		"detached":          {unhex("d28443a10126a0f64100"), "message"},
		"kid a text":        {unhex("d28443a10126a104616b41784100"), "message"},
		"header key twice":  {unhex("d28445a201260126a041784100"), "message"},
		"indefinite":        {unhex("d29f43a10126a041784100ff"), "message"},
		"header no map":     {unhex("d284418041a041784100"), "message"},
		"deep unprotected":  {unhex("d28443a10126a11863" + strings.Repeat("81", 5000) + "0041784100"), "message"},
		"huge array header": {unhex("d28443a10126a118639bffffffffffffffff41784100"), "message"},
	} {
		_, err := Verify(c.b, Keys{"k": key.Public()}.Find)
		var e *Error
		if !errors.As(err, &e) || e.Field != c.field {
			t.Errorf("%s: %v, want an error about %s", name, err, c.field)
		}
	}
	if _, err := Verify(good, Keys{"k": key.Public()}.Find, EdDSA); err == nil {
		t.Error("an algorithm that is not allowed")
	}
	weak, _ := rsa.GenerateKey(rand.Reader, 2048)
	if _, err := Sign(weak, nil, "", nil); err == nil {
		t.Error("signed with RSA")
	}
}

func unhex(s string) []byte {
	b, err := hex.DecodeString(s)
	if err != nil {
		panic(err)
	}
	return b
}

func TestUnmarshal(t *testing.T) {
	type pair struct {
		A int    `cbor:"1,keyasint"`
		B string `cbor:"2,keyasint,omitempty"`
	}
	for s, want := range map[string][2]bool{ // read, canonical
		"a10101":                        {true, true},
		"a201010261" + "78":             {true, true},
		"a202617801" + "01":             {true, false}, // keys in another order
		"a1011801":                      {true, false}, // longer than needed
		"a20101186301":                  {true, false}, // a key v does not have
		"a201010102":                    {false, false},
		"bf0101ff":                      {false, false},
		"a101c101":                      {false, false}, // tagged
		"a1026" + "1ff":                 {false, false}, // invalid UTF-8
		"a10101" + "00":                 {false, false},
		"a101fb7ff8000000000000":        {false, false},
		strings.Repeat("81", 17) + "00": {false, false},
		"9b00ffffffffffffff":            {false, false},
		"":                              {false, false},
	} {
		var p pair
		if err := Unmarshal(unhex(s), &p); (err == nil) != want[0] {
			t.Errorf("%s: %v", s, err)
		}
		var q pair
		if err := UnmarshalCanonical(unhex(s), &q); (err == nil) != want[1] {
			t.Errorf("%s canonical: %v", s, err)
		}
	}
}

// The raw signatures of Wycheproof go through the verifier that messages use.
func TestWycheproof(t *testing.T) {
	for _, c := range []struct {
		file  string
		alg   Algorithm
		count int
	}{
		{"wycheproof-ecdsa-secp256r1-sha256-p1363-test.json", ES256, 262},
		{"wycheproof-ed25519-test.json", EdDSA, 151},
	} {
		b, err := os.ReadFile("../../sdjwt/jws/testdata/" + c.file)
		if err != nil {
			t.Fatal(err)
		}
		var f struct {
			TestGroups []struct {
				PublicKey struct{ Uncompressed, PK string }
				Tests     []struct {
					TcID             int
					Msg, Sig, Result string
				}
			}
		}
		if err := json.Unmarshal(b, &f); err != nil {
			t.Fatal(err)
		}
		passed, cases := 0, 0
		for _, g := range f.TestGroups {
			var pub crypto.PublicKey = ed25519.PublicKey(unhex(g.PublicKey.PK))
			if c.alg == ES256 {
				pub, err = ecdsa.ParseUncompressedPublicKey(elliptic.P256(), unhex(g.PublicKey.Uncompressed))
			}
			v, err2 := newVerifier(c.alg, pub)
			if err != nil || err2 != nil {
				t.Fatal(err, err2)
			}
			for _, test := range g.Tests {
				cases++
				if (v.Verify(unhex(test.Msg), unhex(test.Sig)) == nil) == (test.Result == "valid") {
					passed++
				} else {
					t.Errorf("%s tcId %d, want %s", c.file, test.TcID, test.Result)
				}
			}
		}
		t.Logf("%s: %d of %d vectors pass", c.file, passed, cases)
		if cases != c.count {
			t.Errorf("%s: %d cases, want %d", c.file, cases, c.count)
		}
	}
}

func FuzzVerify(f *testing.F) {
	key := newKey(f, elliptic.P256())
	f.Add(sign(f, key, []byte("x")))
	f.Add(unhex("d28443a10126a0f64100"))
	f.Fuzz(func(t *testing.T, b []byte) {
		if m, err := Verify(b, Keys{"k": key.Public()}.Find); err == nil && m.Header.Alg != ES256 {
			t.Errorf("accepted %x", b)
		}
		var v any
		if UnmarshalCanonical(b, &v) == nil {
			if again, err := Marshal(v); err != nil || !bytes.Equal(again, b) {
				t.Errorf("two encodings: %x", b)
			}
		}
	})
}

func BenchmarkVerify(b *testing.B) {
	key := newKey(b, elliptic.P256())
	in := sign(b, key, make([]byte, 230))
	keys := Keys{"k": key.Public()}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Verify(in, keys.Find); err != nil {
			b.Fatal(err)
		}
	}
}
