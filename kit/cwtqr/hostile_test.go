package cwtqr

import (
	"bytes"
	"compress/zlib"
	"errors"
	"math/rand/v2"
	"runtime"
	"strings"
	"testing"

	"github.com/dinghai/dinghai/kit/cwtqr/cwt"
	"github.com/dinghai/dinghai/kit/ids"
)

func squeeze(t testing.TB, b []byte) []byte {
	t.Helper()
	var out bytes.Buffer
	w := zlib.NewWriter(&out)
	if _, err := w.Write(b); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestHostileTexts(t *testing.T) {
	key := newKey(t)
	bomb := squeeze(t, make([]byte, 2<<20))
	stream := squeeze(t, []byte("x"))
	sign := func(typ string, payload any) string {
		b, ok := payload.([]byte)
		if !ok {
			var err error
			if b, err = cwt.Marshal(payload); err != nil {
				t.Fatal(err)
			}
		}
		kid, err := KeyID(key.Public())
		if err != nil {
			t.Fatal(err)
		}
		token, err := cwt.Sign(key, kid, typ, b)
		if err != nil {
			t.Fatal(err)
		}
		return Prefix + encodeBase45(token)
	}
	good := sample().wire()
	short, future, far := good, good, good
	short.Licence.Credential = make([]byte, 15)
	future.Licence.Established = 1 << 40
	huge := 1 << 40
	far.Licence.Until = &huge
	for name, c := range map[string]struct{ text, field string }{
		"empty":            {"", "text"},
		"other prefix":     {"HC1:" + encodeBase45(stream), "text"},
		"lower case":       {"dh1:00", "text"},
		"too long":         {Prefix + strings.Repeat("0", MaxText), "text"},
		"bomb":             {Prefix + encodeBase45(bomb), "zlib"},
		"bytes after":      {Prefix + encodeBase45(append(bytes.Clone(stream), 0)), "zlib"},
		"cut":              {Prefix + encodeBase45(stream[:len(stream)-1]), "zlib"},
		"other dictionary": {Prefix + encodeBase45([]byte{0x78, 0xbb, 1, 2, 3, 4, 5}), "zlib"},
		"no token":         {Prefix + encodeBase45(stream), "token"},
		"nothing":          {Prefix, "token"},
		"lower character":  {Prefix + "a00", "base45"},
		"too large":        {Prefix + ":::", "base45"},
		"one left over":    {Prefix + "0000", "base45"},
		"deep":             {sign("", bytes.Repeat([]byte{0x81}, 1000)), "claims"},
		"status list":      {sign("application/statuslist+cwt", good), "token"},
		"not canonical":    {sign("", append([]byte{0xa1, 0x18, 0x01}, 0x00)), "claims"},
		"no claims":        {sign("", map[int]any{}), "claims"},
		"other claims":     {sign("", map[int]any{1: "x", 99: "y"}), "claims"},
		"short hash":       {sign("", short), "credential"},
		"far date":         {sign("", future), "established"},
		"far end":          {sign("", far), "until"},
	} {
		_, err := Verify(c.text, trust(t, key), now)
		var e *Error
		if !errors.As(err, &e) || e.Field != c.field {
			t.Errorf("%s: %v, want an error about %s", name, err, c.field)
		}
	}
	if _, err := Verify(sign("", good), trust(t, key), now); err != nil {
		t.Error("uncompressed:", err)
	}
}

func TestClaimsThatMayNotBePrinted(t *testing.T) {
	key := newKey(t)
	resident := ids.NewResidentID("999999", "1990-01-01", 12)
	for name, spoil := range map[string]func(*Claims){
		"representative": func(c *Claims) { c.Licence.Representative = "王小明" },
		"address":        func(c *Claims) { c.Licence.Address += "(电话13800138000)" },
		"name":           func(c *Claims) { c.Licence.Name += resident },
		"type":           func(c *Claims) { c.Licence.Type = "１３８００１３８０００" },
		"uscc":           func(c *Claims) { c.Licence.USCC = "91330902MA0000000X" },
		"established":    func(c *Claims) { c.Licence.Established = "2015-02-30" },
		"until":          func(c *Claims) { c.Licence.Until = "2000-01-01" },
		"area":           func(c *Claims) { c.Licence.Area = 33 },
		"expires":        func(c *Claims) { c.Expires = c.IssuedAt },
		"issuer":         func(c *Claims) { c.Issuer = "" },
		"status":         func(c *Claims) { c.Status.URI = "" },
		"text":           func(c *Claims) { c.Licence.Address = farFetched() },
	} {
		c := sample()
		spoil(c)
		_, err := Encode(c, key)
		var e *Error
		if !errors.As(err, &e) || e.Field != name {
			t.Errorf("%s: %v", name, err)
		}
	}
	c := sample()
	c.Licence.Representative, c.Licence.Until = "", ""
	c.Licence.Address += "138001380001号2幢12345678901234567室"
	if _, err := Encode(c, key); err != nil {
		t.Error(err)
	}
}

// farFetched is text that no dictionary shortens below the limit.
func farFetched() string {
	r := rand.New(rand.NewPCG(5, 6))
	s := make([]rune, 1200)
	for i := range s {
		s[i] = 0x4e00 + rune(r.IntN(0x5000))
	}
	return string(s)
}

func TestPersonalNumber(t *testing.T) {
	id := ids.NewResidentID("999999", "1990-01-01", 0)
	withX := ""
	for n := 0; withX == ""; n++ {
		if s := ids.NewResidentID("999999", "1990-01-01", n); s[17] == 'X' {
			withX = s
		}
	}
	for text, want := range map[string]int{
		id: 0, "a" + withX: 1, "a" + strings.ToLower(withX) + "b": 1, "12" + id + "34": 2, "13800138000": 0, "138001380001": -1,
		"1380013800": -1, withX[:17]: -1, withX[:17] + "Y": -1, "": -1,
	} {
		if got := personalNumber(text); got != want {
			t.Errorf("%q: %d, want %d", text, got, want)
		}
	}
}

// A bomb is not blown up first and measured then.
func TestBombTakesNoMemory(t *testing.T) {
	text := Prefix + encodeBase45(squeeze(t, make([]byte, 2<<20)))
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	if _, err := unpack(text); err == nil {
		t.Error("accepted")
	}
	runtime.ReadMemStats(&after)
	if n := after.TotalAlloc - before.TotalAlloc; n > 256<<10 {
		t.Errorf("%d bytes were allocated", n)
	}
}

func TestMaskName(t *testing.T) {
	for name, want := range map[string]string{"": "", "王": "*", "王明": "王*", "王小明": "王*明", "欧阳小明": "欧**明", "𠮷田明": "𠮷*明"} {
		if got := MaskName(name); got != want {
			t.Errorf("%s: %s", name, got)
		}
	}
}

func FuzzVerify(f *testing.F) {
	key := newKey(f)
	f.Add(encode(f, sample(), key))
	f.Add(Prefix + encodeBase45(squeeze(f, make([]byte, 5000))))
	f.Add(Prefix)
	find := trust(f, key)
	f.Fuzz(func(t *testing.T, text string) {
		if c, err := Verify(text, find, now); err == nil && c.check() != nil {
			t.Error("accepted claims that do not pass")
		}
	})
}

// FuzzClaims gives the reader of claims what only an issuer can.
func FuzzClaims(f *testing.F) {
	b, err := cwt.Marshal(sample().wire())
	if err != nil {
		f.Fatal(err)
	}
	f.Add(b)
	f.Fuzz(func(t *testing.T, b []byte) {
		var w wireClaims
		if cwt.UnmarshalCanonical(b, &w) != nil {
			return
		}
		if c, err := w.claims(); err == nil {
			if again, err := cwt.Marshal(c.wire()); err != nil || !bytes.Equal(again, b) {
				t.Errorf("two encodings: %x", b)
			}
		}
	})
}
