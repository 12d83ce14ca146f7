package cwtqr

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/dinghai/dinghai/kit/barcode"
	"github.com/dinghai/dinghai/kit/need"
	"github.com/dinghai/dinghai/kit/statuslist"
)

var now = time.Date(2026, 11, 27, 8, 0, 0, 0, time.UTC)

func TestRoundTrip(t *testing.T) {
	key := newKey(t)
	_, edKey, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	find := trust(t, key, edKey)
	r := rand.New(rand.NewPCG(1, 2))
	var versions []int
	for i := range 1000 {
		c := random(r)
		signer := []crypto.Signer{key, edKey}[i%2]
		text := encode(t, c, signer)
		got, err := Verify(text, find, now)
		if err != nil || !reflect.DeepEqual(got, c) {
			t.Fatalf("%v\ngot  %+v\nwant %+v", err, got, c)
		}
		v, err := barcode.QRVersion(text, barcode.M)
		if err != nil {
			t.Fatal(err)
		}
		versions = append(versions, v)
	}
	slices.Sort(versions)
	t.Logf("1000 random licences, level M: median version %d, 99 of 100 up to %d, largest %d", versions[500], versions[990], versions[999])
	if versions[990] > 13 {
		t.Error("too large")
	}
}

func TestFullLicenceFitsVersion13(t *testing.T) {
	text := encode(t, sample(), newKey(t))
	v, err := barcode.QRVersion(text, barcode.M)
	t.Logf("full licence: %d characters, QR version %d at level M", len(text), v)
	if err != nil || v > 13 {
		t.Error(v, err)
	}
}

// Printed as PNG and read by zbar, the text is what it was.
func TestReadBack(t *testing.T) {
	zbar := need.Tool(t, "zbarimg")
	key := newKey(t)
	r := rand.New(rand.NewPCG(3, 4))
	const n = 20
	// Only QR: zbar sees bars of other kinds in the dots now and then.
	dir, want, args := t.TempDir(), map[string]*Claims{}, []string{"-q", "--raw", "-Sdisable", "-Sqrcode.enable"}
	for i := range n {
		c := random(r)
		if i == 0 {
			c = sample()
		}
		text := encode(t, c, key)
		symbol, err := barcode.QR(text, barcode.M)
		if err != nil {
			t.Fatal(err)
		}
		var png bytes.Buffer
		if err := symbol.PNG(&png, 4); err != nil {
			t.Fatal(err)
		}
		file := filepath.Join(dir, fmt.Sprint(i, ".png"))
		if err := os.WriteFile(file, png.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
		want[text], args = c, append(args, file)
	}
	out, err := exec.Command(zbar, args...).Output()
	if err != nil {
		t.Fatal(err)
	}
	texts := strings.Split(strings.TrimSuffix(string(out), "\n"), "\n")
	if len(texts) != n {
		t.Fatalf("%d texts", len(texts))
	}
	for _, text := range texts {
		got, err := Verify(text, trust(t, key), now)
		if err != nil || !reflect.DeepEqual(got, want[text]) {
			t.Errorf("%q: %v", text, err)
		}
	}
	t.Logf("%d of %d codes read back by zbar verify", n, n)
}

// The dictionary is part of the format.
func TestDictionaryIsFrozen(t *testing.T) {
	const want = "ec2034752559ab288834ed8d1aeb54a158873417c6084a65b01bfc42833446ab"
	if got := fmt.Sprintf("%x", sha256.Sum256(dictionary)); got != want {
		t.Errorf("the dictionary of %s changed: %s", Prefix, got)
	}
}

// A code printed by the first edition stays readable.
func TestPrintedCode(t *testing.T) {
	b, err := os.ReadFile("testdata/printed.json")
	if err != nil {
		t.Fatal(err)
	}
	var printed struct{ Key, Text string }
	if err := json.Unmarshal(b, &printed); err != nil {
		t.Fatal(err)
	}
	der, err := hex.DecodeString(printed.Key)
	if err != nil {
		t.Fatal(err)
	}
	pub, err := ecdsa.ParseUncompressedPublicKey(elliptic.P256(), der)
	if err != nil {
		t.Fatal(err)
	}
	keys, err := Keys(pub)
	if err != nil {
		t.Fatal(err)
	}
	got, err := Verify(printed.Text, keys.Find, now)
	if want := sample(); err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestEveryChangedCharacterIsNoticed(t *testing.T) {
	key := newKey(t)
	text, find := encode(t, sample(), key), trust(t, key)
	token, err := unpack(text)
	if err != nil {
		t.Fatal(err)
	}
	for i := range text {
		changed := []byte(text)
		changed[i] = alphabet[(strings.IndexByte(alphabet, text[i])+1)%45]
		if same, err := unpack(string(changed)); err == nil && bytes.Equal(same, token) {
			continue // only bits that pad the compressed stream differ
		}
		if _, err := Verify(string(changed), find, now); err == nil {
			t.Errorf("character %d changed and it verifies", i)
		}
	}
	if _, err := Verify(text, trust(t, newKey(t)), now); err == nil {
		t.Error("verifies under another key")
	}
}

func TestTimes(t *testing.T) {
	key := newKey(t)
	text := encode(t, sample(), key)
	for at, field := range map[time.Time]string{
		now: "", now.Add(-MaxSkew): "", now.Add(-MaxSkew - 1): "iat", now.AddDate(1, 0, 0): "exp", now.AddDate(1, 0, 0).Add(-1): "",
	} {
		c, err := Verify(text, trust(t, key), at)
		var e *Error
		if errors.As(err, &e); (e == nil) != (field == "") || e != nil && e.Field != field || c == nil {
			t.Errorf("at %v: %v, want an error about %q", at, err, field)
		}
	}
}

func TestJudge(t *testing.T) {
	list, err := statuslist.New(2, 1<<20)
	if err != nil {
		t.Fatal(err)
	}
	c := sample()
	token := &statuslist.Token{Subject: c.Status.URI, IssuedAt: now, Expires: now.Add(time.Hour), List: list}
	for s, want := range []State{InForce, Revoked, Suspended, Unknown} {
		if err := list.Set(int(c.Status.Index), statuslist.Status(s)); err != nil {
			t.Fatal(err)
		}
		if v, err := c.Judge(token, now); err != nil || v != (Verdict{want, now}) {
			t.Errorf("%d: %+v, %v", s, v, err)
		}
	}
	if err := list.Set(int(c.Status.Index), 0); err != nil {
		t.Fatal(err)
	}
	if v, err := c.Judge(token, now.Add(time.Hour)); err != nil || v != (Verdict{Unknown, now}) {
		t.Errorf("old news: %+v, %v", v, err)
	}
	if v, err := c.Judge(nil, now); err != nil || v.State != Unknown || !v.AsOf.IsZero() {
		t.Errorf("no news: %+v, %v", v, err)
	}
	token.Subject = "https://elsewhere.example"
	if v, err := c.Judge(token, now); err == nil || v.State != Unknown {
		t.Errorf("list of another: %+v, %v", v, err)
	}
}

func BenchmarkEncode(b *testing.B) {
	key, c := newKey(b), sample()
	b.ReportAllocs()
	for b.Loop() {
		b.ReportMetric(float64(len(encode(b, c, key))), "characters")
	}
}

func BenchmarkVerify(b *testing.B) {
	key := newKey(b)
	text, find := encode(b, sample(), key), trust(b, key)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Verify(text, find, now); err != nil {
			b.Fatal(err)
		}
	}
}
