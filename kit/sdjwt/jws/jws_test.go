package jws

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/json"
	"errors"
	"math/big"
	"strings"
	"testing"
	"time"
)

func newSigner(t testing.TB, curve elliptic.Curve, kid string) *Signer {
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
	s, err := NewSigner(key, kid)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func sign(t testing.TB, s *Signer, payload string) string {
	t.Helper()
	token, err := s.Sign("test+jwt", nil, []byte(payload))
	if err != nil {
		t.Fatal(err)
	}
	return token
}

func TestSignVerify(t *testing.T) {
	for _, curve := range []elliptic.Curve{elliptic.P256(), elliptic.P384(), elliptic.P521(), nil} {
		s := newSigner(t, curve, "k1")
		other := newSigner(t, curve, "k2")
		token := sign(t, s, `{"uscc":"91330900MA28K0000X"}`)
		m, err := Verify(token, KeySet{other.Key(), s.Key()}.Find)
		if err != nil || string(m.Payload) != `{"uscc":"91330900MA28K0000X"}` || m.Header.Typ != "test+jwt" || m.Header.Kid != "k1" {
			t.Errorf("%+v, %v", m, err)
		}
		for i := 0; i < len(token); i += step(curve) {
			changed := []byte(token)
			changed[i] ^= 1
			if _, err := Verify(string(changed), KeySet{s.Key()}.Find); err == nil {
				t.Fatalf("byte %d changed and it verifies", i)
			}
		}
		if _, err := Verify(token, KeySet{other.Key()}.Find); err == nil {
			t.Error("verifies under another key")
		}
	}
}

// step spares the slow curves most of the changed bytes.
func step(curve elliptic.Curve) int {
	if curve == elliptic.P384() || curve == elliptic.P521() {
		return 29
	}
	return 1
}

// b64 builds tokens that no signer would make.
func b64(s string) string { return base64.RawURLEncoding.EncodeToString([]byte(s)) }

func TestRefusals(t *testing.T) {
	s := newSigner(t, elliptic.P256(), "k")
	good := sign(t, s, "{}")
	parts := strings.Split(good, ".")
	head := func(h string) string { return b64(h) + "." + parts[1] + "." + parts[2] }
	anyAlg, err := NewKey(s.Key().Public(), "k")
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct{ token, field string }{
		"empty":             {"", "token"},
		"two parts":         {parts[0] + "." + parts[1], "token"},
		"four parts":        {good + ".", "token"},
		"none":              {b64(`{"alg":"none"}`) + ".e30.", "signature"},
		"none with bytes":   {head(`{"alg":"none"}`), "alg"},
		"no alg":            {head(`{}`), "alg"},
		"symmetric":         {head(`{"alg":"HS256"}`), "alg"},
		"other curve":       {head(`{"alg":"ES384"}`), "key"},
		"edwards":           {head(`{"alg":"EdDSA"}`), "key"},
		"crit":              {head(`{"alg":"ES256","crit":["exp"]}`), "crit"},
		"unencoded":         {head(`{"alg":"ES256","b64":false}`), "b64"},
		"alg twice":         {head(`{"alg":"ES256","alg":"ES256"}`), "header"},
		"nested twice":      {head(`{"alg":"ES256","x":{"y":1,"y":2}}`), "header"},
		"header array":      {head(`["ES256"]`), "header"},
		"header text":       {head(`"ES256"`), "header"},
		"invalid UTF-8":     {head("{\"alg\":\"ES256\",\"kid\":\"\xff\"}"), "header"},
		"deep header":       {head(`{"alg":"ES256","x":` + strings.Repeat("[", 1e5) + strings.Repeat("]", 1e5) + "}"), "header"},
		"capital alg":       {head(`{"ALG":"ES256"}`), "alg"},
		"line break":        {parts[0] + "\n." + parts[1] + "." + parts[2], "header"},
		"padding":           {parts[0] + "." + parts[1] + "=." + parts[2], "payload"},
		"standard alphabet": {parts[0] + ".++++." + parts[2], "payload"},
		"stray bits":        {parts[0] + ".e31." + parts[2], "payload"},
		"huge":              {strings.Repeat("A", MaxSize+1), "token"},
		"many dots":         {strings.Repeat(".", 1e6), "token"},
	} {
		_, err := Verify(c.token, KeySet{anyAlg}.Find)
		var e *Error
		if !errors.As(err, &e) || e.Field != c.field {
			t.Errorf("%s: %v, want an error about %s", name, err, c.field)
		}
	}
	var e *Error
	if _, err := Verify(parts[0]+".e3!A."+parts[2], KeySet{s.Key()}.Find); !errors.As(err, &e) || e.Pos != len(parts[0])+3 {
		t.Errorf("%v, want position %d", err, len(parts[0])+3)
	}
}

func TestKeyRefusals(t *testing.T) {
	ec, err := NewKey(newSigner(t, elliptic.P256(), "").Key().Public(), "k")
	if err != nil {
		t.Fatal(err)
	}
	b, err := json.Marshal(ec)
	if err != nil {
		t.Fatal(err)
	}
	with := func(member string) string { return strings.TrimSuffix(string(b), "}") + "," + member + "}" }
	weak := &rsa.PublicKey{N: new(big.Int).Lsh(big.NewInt(1), 1100), E: 65537}
	if _, err := NewKey(weak, ""); err == nil {
		t.Error("short RSA key accepted")
	}
	for _, s := range []string{
		``, `{}`, `[]`, `{"kty":"EC"}`, with(`"use":"enc"`), with(`"key_ops":["sign"]`), with(`"key_ops":[]`), with(`"alg":"ES384"`),
		with(`"d":"AQ"`), with(`"kty":"EC"`), with(`"x":"AQ"`), `{"kty":"oct","k":""}`,
	} {
		var e *Error
		if _, err := ParseKey([]byte(s)); !errors.As(err, &e) {
			t.Errorf("%s accepted: %v", s, err)
		}
	}
	if k, err := ParseKey([]byte(with(`"use":"sig","key_ops":["verify"],"alg":"ES256","unknown":1`))); err != nil || k.ID() != "k" {
		t.Error(err)
	}
	if (Key{}).permits(ES256) == nil {
		t.Error("the zero key permits something")
	}
}

// A modulus of the ROCA form is found, and others are not.
func TestROCA(t *testing.T) {
	m := big.NewInt(2)
	for _, p := range rocaPrimes {
		m.Mul(m, big.NewInt(p))
	}
	n := new(big.Int).Exp(big.NewInt(65537), big.NewInt(123456), m)
	n.Add(n, new(big.Int).Mul(m, new(big.Int).Lsh(big.NewInt(7), 1900)))
	if !hasROCA(n) || hasROCA(new(big.Int).Add(n, big.NewInt(2))) {
		t.Error("wrong")
	}
}

func TestKeySetFind(t *testing.T) {
	a, b := newSigner(t, elliptic.P256(), "a").Key(), newSigner(t, nil, "b").Key()
	anonymous := newSigner(t, nil, "").Key()
	for _, c := range []struct {
		set  KeySet
		kid  string
		want bool
	}{
		{KeySet{a, b}, "b", true}, {KeySet{a, b}, "", false}, {KeySet{a, b}, "c", false}, {nil, "", false},
		{KeySet{a}, "", true}, {KeySet{a}, "b", false}, {KeySet{anonymous}, "x", true}, {KeySet{anonymous, a}, "x", false},
	} {
		if k, err := c.set.Find(Header{Kid: c.kid}); (err == nil) != c.want || c.want && k.ID() != c.kid && len(c.set) > 1 {
			t.Errorf("%q among %d keys: %v", c.kid, len(c.set), err)
		}
	}
	if p, err := a.Thumbprint(); err != nil || len(p) != 43 {
		t.Error(p, err)
	}
}

func TestCertified(t *testing.T) {
	now := time.Date(2026, 11, 27, 0, 0, 0, 0, time.UTC)
	issue := func(name string, ca bool, parent *x509.Certificate, pub crypto.PublicKey, by crypto.Signer) *x509.Certificate {
		c := &x509.Certificate{
			Subject: pkix.Name{CommonName: name}, SerialNumber: big.NewInt(1), NotBefore: now, NotAfter: now.AddDate(1, 0, 0),
			BasicConstraintsValid: true, IsCA: ca, KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageDigitalSignature,
		}
		if parent == nil {
			parent = c
		}
		der, err := x509.CreateCertificate(rand.Reader, c, parent, pub, by)
		if err != nil {
			t.Fatal(err)
		}
		if c, err = x509.ParseCertificate(der); err != nil {
			t.Fatal(err)
		}
		return c
	}
	rootKey, _ := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	leafKey, _ := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	root := issue("root", true, nil, rootKey.Public(), rootKey)
	leaf := issue("leaf", false, root, leafKey.Public(), rootKey)
	s, err := NewSigner(leafKey, "")
	if err != nil {
		t.Fatal(err)
	}
	token, err := s.Sign("t", map[string]any{"x5c": []string{base64.StdEncoding.EncodeToString(leaf.Raw)}}, []byte("{}"))
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AddCert(root)
	if _, err := Verify(token, Certified(roots, now.Add(time.Hour))); err != nil {
		t.Error(err)
	}
	for name, find := range map[string]Finder{
		"expired": Certified(roots, now.AddDate(2, 0, 0)), "no roots": Certified(x509.NewCertPool(), now.Add(time.Hour)),
	} {
		if _, err := Verify(token, find); err == nil {
			t.Errorf("%s: verifies", name)
		}
	}
	if _, err := Verify(sign(t, s, "{}"), Certified(roots, now)); err == nil {
		t.Error("verifies without a certificate")
	}
}

func TestUnmarshal(t *testing.T) {
	for s, want := range map[string]bool{
		`{}`: true, ` [1]`: true, `1`: false, `null`: false, ``: false, `{"a":1,"a":2}`: false, `{"a":{"b":1,"b":1}}`: false,
		`[{"a":"\"[[[","b":"]"}]`: true, `{"a":1}x`: false, strings.Repeat("[", 65) + strings.Repeat("]", 65): false,
		strings.Repeat("[", 64) + strings.Repeat("]", 64): true,
	} {
		var v any
		if err := Unmarshal([]byte(s), &v); (err == nil) != want {
			t.Errorf("%.40s: %v", s, err)
		}
	}
}

func TestValueKeepsNumbers(t *testing.T) {
	const text = `{"a":[12345678901234567890,1e999,-0.10],"b":{"c":1}}`
	v, err := Value([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	if b, err := json.Marshal(v); err != nil || string(b) != text {
		t.Errorf("%s, %v", b, err)
	}
	for _, s := range []string{`{"a":1,"a":1}`, `{"a":{"b":1,"b":1}}`, `3`, ``, `{} {}`} {
		if _, err := Value([]byte(s)); err == nil {
			t.Errorf("%s accepted", s)
		}
	}
}
