package jws

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"encoding/hex"
	"encoding/json"
	"os"
	"slices"
	"testing"

	"github.com/go-jose/go-jose/v4"
)

// every is all algorithms of the vectors, among them those Verify does not
// allow by itself.
var every = []Algorithm{
	ES256, ES384, ES512, EdDSA, jose.HS256, jose.HS384, jose.HS512,
	jose.RS256, jose.RS384, jose.RS512, jose.PS256, jose.PS384, jose.PS512,
}

type hexBytes []byte

func (h *hexBytes) UnmarshalText(b []byte) (err error) {
	*h, err = hex.DecodeString(string(b))
	return err
}

type wycheproof[T any] struct {
	TestGroups []T
}

type verdict struct {
	TcID            int
	Result, Comment string
}

func read[T any](t testing.TB, name string) []T {
	t.Helper()
	b, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	var f wycheproof[T]
	if err := json.Unmarshal(b, &f); err != nil {
		t.Fatal(err)
	}
	return f.TestGroups
}

// tally counts vectors, and those left out, which must have a reason.
type tally struct {
	passed, cases int
	left          []int
}

func (c *tally) check(t *testing.T, v verdict, accepted bool, leftOut map[int]string) {
	t.Helper()
	c.cases++
	switch reason := leftOut[v.TcID]; {
	case accepted == (v.Result == "valid") && reason == "":
		c.passed++
	case accepted == (v.Result == "valid"):
		t.Errorf("tcId %d passes and need not be left out", v.TcID)
	case reason != "":
		c.left = append(c.left, v.TcID)
		t.Logf("left out: tcId %d %s (%s): %s", v.TcID, v.Comment, v.Result, reason)
	default:
		t.Errorf("tcId %d %s: accepted %v, want %s", v.TcID, v.Comment, accepted, v.Result)
	}
}

func (c *tally) report(t *testing.T, name string, want int) {
	t.Helper()
	t.Logf("%s: %d of %d vectors pass, %d left out", name, c.passed, c.cases, len(c.left))
	if c.cases != want {
		t.Errorf("%s: %d vectors, want %d", name, c.cases, want)
	}
}

// contradictory are vectors that contradict others of the same collection, so
// that no program passes both.
var contradictory = map[int]string{
	346: "the key is for PS256 and the token PS384; tcId 338 and 340 demand that such be refused",
	350: "as 346",
	347: "the key is for ES521, which is no algorithm; tcId 19 and 20 of json-web-key demand that such be refused",
	351: "as 347",
	367: "byte for byte the same token as 357, which is valid (C2SP/wycheproof issue 236)",
	370: "as 367",
	372: "a '?' stands in the header; tcId 366 demands that such be refused",
	373: "a '?' stands in the payload; tcId 369 and 371 demand that such be refused",
}

func TestWycheproofJWS(t *testing.T) {
	type group struct {
		Public, Private json.RawMessage
		Tests           []struct {
			verdict
			JWS string
		}
	}
	var c tally
	for _, g := range read[group](t, "wycheproof-json-web-signature-test.json") {
		if g.Public == nil {
			g.Public = g.Private
		}
		key, keyErr := ParseKey(g.Public)
		if keyErr != nil && key.permits(ES256) == nil {
			t.Error("a refused key permits something")
		}
		for _, v := range g.Tests {
			c.check(t, v.verdict, verifies(v.JWS, key, keyErr), contradictory)
		}
	}
	c.report(t, "json-web-signature", 401)
}

// verifies tells whether a token is accepted. Keys with an unregistered alg
// are refused on reading.
func verifies(token string, key Key, keyErr error) bool {
	_, err := Verify(token, func(Header) (Key, error) { return key, keyErr }, every...)
	return err == nil
}

func TestWycheproofJWK(t *testing.T) {
	type group struct {
		Public, Private json.RawMessage
		Tests           []struct {
			verdict
			JWS string
		}
	}
	var c tally
	for _, g := range read[group](t, "wycheproof-json-web-key-test.json") {
		if g.Public == nil {
			g.Public = g.Private
		}
		set, setErr := ParseKeySet(g.Public)
		for _, v := range g.Tests {
			find := func(h Header) (Key, error) {
				if setErr != nil {
					return Key{}, setErr
				}
				return set.Find(h)
			}
			_, err := Verify(v.JWS, find, every...)
			c.check(t, v.verdict, err == nil, nil)
		}
	}
	c.report(t, "json-web-key", 26)
}

func TestWycheproofP256(t *testing.T) {
	type group struct {
		PublicKey struct{ Uncompressed hexBytes }
		Tests     []struct {
			verdict
			Msg, Sig hexBytes
		}
	}
	var c tally
	for _, g := range read[group](t, "wycheproof-ecdsa-secp256r1-sha256-p1363-test.json") {
		pub, err := ecdsa.ParseUncompressedPublicKey(elliptic.P256(), g.PublicKey.Uncompressed)
		if err != nil {
			t.Fatal(err)
		}
		key := throughJSON(t, pub)
		for _, v := range g.Tests {
			c.check(t, v.verdict, key.verify(ES256, v.Msg, v.Sig), nil)
		}
	}
	c.report(t, "ecdsa-secp256r1-sha256-p1363", 262)
}

func TestWycheproofEd25519(t *testing.T) {
	type group struct {
		PublicKey struct{ PK hexBytes }
		Tests     []struct {
			verdict
			Msg, Sig hexBytes
		}
	}
	var c tally
	for _, g := range read[group](t, "wycheproof-ed25519-test.json") {
		key := throughJSON(t, ed25519.PublicKey(slices.Clone(g.PublicKey.PK)))
		for _, v := range g.Tests {
			c.check(t, v.verdict, key.verify(EdDSA, v.Msg, v.Sig), nil)
		}
	}
	c.report(t, "ed25519", 151)
}

// throughJSON takes a key the way all keys come: as a JSON Web Key.
func throughJSON(t *testing.T, pub any) Key {
	t.Helper()
	key, err := NewKey(pub, "")
	if err != nil {
		t.Fatal(err)
	}
	b, err := json.Marshal(key)
	if err != nil {
		t.Fatal(err)
	}
	if key, err = ParseKey(b); err != nil {
		t.Fatal(err)
	}
	return key
}
