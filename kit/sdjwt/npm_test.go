package sdjwt

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"testing"
	"time"

	"github.com/dinghai/dinghai/kit/sdjwt/jws"
	"github.com/dinghai/dinghai/kit/statuslist"
)

// npmDir returns a folder with the packages of testdata/npm. It stays in the
// temporary folder, so that later runs find it. Without Node, npm or a registry
// the test is skipped by name, as these are peers and no part of us.
func npmDir(t *testing.T) string {
	t.Helper()
	for _, tool := range []string{"node", "npm"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skip(tool + " is not installed")
		}
	}
	const from = "testdata/npm"
	lock, err := os.ReadFile(from + "/package-lock.json")
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(os.TempDir(), fmt.Sprintf("dinghai-npm-%x", sha256.Sum256(lock))[:28])
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"package.json", "package-lock.json", "peers.mjs", "licence.json"} {
		b, err := os.ReadFile(from + "/" + name)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := os.Stat(filepath.Join(dir, "node_modules", ".package-lock.json")); err == nil {
		return dir
	}
	cmd := exec.Command("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund")
	cmd.Dir = dir
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Skipf("npm cannot install @sd-jwt and jose: %v\n%.300s", err, out)
	}
	return dir
}

func askPeers(t *testing.T, request, answer any) {
	t.Helper()
	in, err := json.Marshal(request)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("node", "peers.mjs")
	cmd.Dir = npmDir(t)
	var stderr bytes.Buffer
	cmd.Stdin, cmd.Stderr = bytes.NewReader(in), &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v\n%s", err, stderr.Bytes())
	}
	if err := json.Unmarshal(out, answer); err != nil {
		t.Fatal(err)
	}
}

type peerLicence struct {
	Claims map[string]any  `json:"claims"`
	Frame  json.RawMessage `json:"frame"`
}

func readLicence(t *testing.T) (l peerLicence) {
	t.Helper()
	b, err := os.ReadFile("testdata/npm/licence.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(b, &l); err != nil {
		t.Fatal(err)
	}
	return l
}

const listURI = "https://licence.example/status/1"

// What @sd-jwt 0.17 and jose sign, ours verifies.
func TestTokensOfPeers(t *testing.T) {
	l := readLicence(t)
	var a struct {
		Issuer        jws.Key
		Token         string
		Presentations []string
		JWS           []struct {
			Alg, Thumbprint, Text string
			JWK                   jws.Key
		}
		Lists struct {
			JWK   jws.Key
			Lists []string
		}
	}
	all := map[string]any{"legal_rep": true, "capital": true, "address": map[string]any{"detail": map[string]any{"0": true, "1": true}}, "scope": map[string]any{"0": true, "1": true, "2": true}}
	askPeers(t, map[string]any{
		"op": "issue", "claims": l.Claims, "frame": l.Frame, "now": now.Unix(), "uri": listURI,
		"shows": []any{map[string]any{}, map[string]any{"legal_rep": true}, map[string]any{"scope": map[string]any{"1": true}}, all},
	}, &a)
	passed, cases := 0, 0
	count := func(ok bool, format string, args ...any) {
		t.Helper()
		if cases++; ok {
			passed++
		} else {
			t.Errorf(format, args...)
		}
	}
	v := Verifier{Keys: jws.KeySet{a.Issuer}.Find, At: now, Binding: &Binding{"https://counter.example", "a fresh nonce", time.Minute}}
	for i, text := range a.Presentations {
		got, err := v.Verify(text)
		count(err == nil && len(got.Shown) == []int{0, 1, 1, 9}[i], "presentation %d: %+v %v", i, got, err)
		if err != nil || i < 3 {
			continue
		}
		delete(got.Claims, "cnf")
		count(reflect.DeepEqual(got.Claims, plain(t, l.Claims)), "claims: %v", got.Claims)
	}
	// Ours as the holder of their token.
	token, err := Parse(a.Token)
	if err != nil {
		t.Fatal(err)
	}
	shown, err := token.Present(Path{"address", "detail", 1})
	if err != nil {
		t.Fatal(err)
	}
	got, err := Verifier{Keys: v.Keys, At: now}.Verify(shown.String())
	count(err == nil && len(got.Shown) == 3, "%v", err)
	for _, j := range a.JWS {
		m, err := jws.Verify(j.Text, jws.KeySet{j.JWK}.Find)
		print, err2 := j.JWK.Thumbprint()
		count(err == nil && string(m.Payload) == "payload "+j.Alg && err2 == nil && print == j.Thumbprint, "%s: %v, %s", j.Alg, err, print)
	}
	for i, text := range a.Lists.Lists {
		list, err := statuslist.VerifyJWT(text, jws.KeySet{a.Lists.JWK}.Find)
		if err != nil {
			t.Fatal(err)
		}
		bits := 1 << i
		x, err := list.Status(statuslist.Reference{Index: 7, URI: listURI}, now)
		y, err2 := list.Status(statuslist.Reference{Index: 4095, URI: listURI}, now)
		count(err == nil && err2 == nil && x.Known && x.Status == 1 && y.Status == statuslist.Status(1<<bits-1) && list.List.Count() == 2, "%d bits: %+v %+v", bits, x, y)
	}
	t.Logf("of @sd-jwt 0.17 and jose: %d of %d verify", passed, cases)
}

// What ours signs, @sd-jwt 0.17 and jose verify.
func TestTokensForPeers(t *testing.T) {
	l := readLicence(t)
	issuer, holder := newSigner(t, ""), newSigner(t, "")
	list, err := statuslist.New(1, 1<<20)
	if err != nil {
		t.Fatal(err)
	}
	if err := list.Set(159, statuslist.Invalid); err != nil {
		t.Fatal(err)
	}
	listText, err := (&statuslist.Token{Subject: listURI, IssuedAt: now, Expires: now.AddDate(0, 0, 1), TTL: time.Hour, List: list}).SignJWT(issuer)
	if err != nil {
		t.Fatal(err)
	}
	bind := func(index int, signer *jws.Signer, want ...Path) string {
		l.Claims["cnf"] = map[string]any{"jwk": holder.Key()}
		l.Claims["status"] = statuslist.StatusClaim{List: statuslist.Reference{Index: uint64(index), URI: listURI}}
		token, err := Issuer{Signer: signer, Decoys: 3}.Issue(l.Claims, hide...)
		if err != nil {
			t.Fatal(err)
		}
		shown, err := token.Present(want...)
		if err != nil {
			t.Fatal(err)
		}
		bound, err := shown.Bind(holder, "https://counter.example", "a fresh nonce", now)
		if err != nil {
			t.Fatal(err)
		}
		return bound.String()
	}
	shows := [][]Path{nil, {{"legal_rep"}}, {{"scope", 1}}, {{"address", "detail", 0}}, {{"legal_rep"}, {"capital"}, {"address"}, {"scope"}}}
	var tokens []string
	for _, want := range shows {
		tokens = append(tokens, bind(158, issuer, want...))
	}
	type signed struct {
		JWK  jws.Key `json:"jwk"`
		Text string  `json:"text"`
	}
	var texts []signed
	for _, s := range allSigners(t) {
		text, err := s.Sign("test+jwt", nil, []byte("payload"))
		if err != nil {
			t.Fatal(err)
		}
		texts = append(texts, signed{s.Key(), text})
	}
	var a struct {
		Claims   []map[string]any
		Refused  []bool
		Payloads []string
	}
	askPeers(t, map[string]any{
		"op": "verify", "issuer": issuer.Key(), "holder": holder.Key(), "tokens": tokens, "now": now.Unix(), "list": listText,
		"bad": []string{bind(159, issuer), bind(158, newSigner(t, ""))}, "jws": texts,
	}, &a)
	passed := 0
	for i, text := range tokens {
		got, err := Verifier{Keys: jws.KeySet{issuer.Key()}.Find, At: now}.Verify(text)
		if err != nil {
			t.Fatal(err)
		}
		if i < len(a.Claims) && reflect.DeepEqual(plain(t, a.Claims[i]), plain(t, got.Claims)) {
			passed++
		} else {
			t.Errorf("token %d: %v\nours %v", i, a.Claims[i], got.Claims)
		}
	}
	for _, p := range a.Payloads {
		if p == "payload" {
			passed++
		}
	}
	for i, refused := range a.Refused {
		if refused {
			passed++
		} else {
			t.Errorf("bad token %d is accepted", i)
		}
	}
	t.Logf("for @sd-jwt 0.17 and jose: %d of %d as they should", passed, len(tokens)+len(texts)+2)
	if passed != len(tokens)+len(texts)+2 {
		t.Error("some do not")
	}
}

func allSigners(t *testing.T) (out []*jws.Signer) {
	t.Helper()
	for _, curve := range []elliptic.Curve{elliptic.P256(), elliptic.P384(), elliptic.P521()} {
		key, err := ecdsa.GenerateKey(curve, rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		s, err := jws.NewSigner(key, "")
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, s)
	}
	_, key, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	s, err := jws.NewSigner(key, "")
	if err != nil {
		t.Fatal(err)
	}
	return append(out, s)
}
