package statuslist

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"math/big"
	"strings"
	"testing"
	"time"

	"github.com/dinghai/dinghai/kit/cwtqr/cwt"
	"github.com/dinghai/dinghai/kit/sdjwt/jws"
)

// draftKey signs the examples of the draft (src/util.py of its repository).
func draftKey(t *testing.T) *ecdsa.PublicKey {
	t.Helper()
	number := func(s string) *big.Int {
		b, err := base64.RawURLEncoding.DecodeString(s)
		if err != nil {
			t.Fatal(err)
		}
		return new(big.Int).SetBytes(b)
	}
	point := append([]byte{4}, number("I3HWm_0Ds1dPMI-IWmf4mBmH-YaeAVbPVu7vB27CxXo").FillBytes(make([]byte, 32))...)
	point = append(point, number("6N_d5Elj9bs1htgV3okJKIdbHEpkgTmAluYKJemzn1M").FillBytes(make([]byte, 32))...)
	pub, err := ecdsa.ParseUncompressedPublicKey(elliptic.P256(), point)
	if err != nil {
		t.Fatal(err)
	}
	return pub
}

// checkDraftExample compares a token with what the draft says it holds.
func checkDraftExample(t *testing.T, got *Token, err error) bool {
	t.Helper()
	if err != nil {
		t.Error(err)
		return false
	}
	return got.Subject == "https://example.com/statuslists/1" && got.IssuedAt.Unix() == 1686920170 &&
		got.Expires.Unix() == 2291720170 && got.TTL == 43200*time.Second && hex.EncodeToString(got.List.data) == "b9a3"
}

func checkDraftToken(t *testing.T, token string) bool {
	key, err := jws.NewKey(draftKey(t), "12")
	if err != nil {
		t.Fatal(err)
	}
	got, err := VerifyJWT(token, jws.KeySet{key}.Find)
	return checkDraftExample(t, got, err)
}

// The two examples in CBOR, section 5.2 (a list) and 6.3.1 (a token that refers
// to one), IETF Trust, Revised BSD.
func TestDraftCWT(t *testing.T) {
	keys := cwt.Keys{"12": draftKey(t)}
	list := unhex(t, `d2845820a2012610781a6170706c69636174696f6e2f7374617475736c6973742b63
		7774a1044231325850a502782168747470733a2f2f6578616d706c652e636f6d2f73
		74617475736c697374732f31061a648c5bea041a8898dfea19fffe19a8c019fffda2
		646269747301636c73744a78dadbb918000217015d584093fa4d01032b18c35e2fe1
		101b77fd6cc9440022caa4694450c4e4e9feab4e99d1fa6d9772ce2bf3a12e0323de
		d7c982c5e101a5e67f0cbc1e2b6f57ce99c279`)
	got, err := VerifyCWT(list, keys.Find)
	if !checkDraftExample(t, got, err) {
		t.Errorf("%+v", got)
	}
	token := unhex(t, `d28443a10126a1044231325866a502653132333435017368747470733a2f2f657861
		6d706c652e636f6d061a648c5bea041a8898dfea19ffffa16b7374617475735f6c69
		7374a2636964780063757269782168747470733a2f2f6578616d706c652e636f6d2f
		7374617475736c697374732f315840340f7efea10f1a36dc4797636a17b4dd4848b6
		8997d1d10e8cceb3a38ff33b3dda72964a83989f6cf98560c2fc97a08bc8977cc6b0
		f84cfedab93d3e4481e938`)
	m, err := cwt.Verify(token, keys.Find)
	if err != nil {
		t.Fatal(err)
	}
	var claims struct {
		Status StatusClaim `cbor:"65535,keyasint"`
	}
	if err := cwt.Unmarshal(m.Payload, &claims); err != nil {
		t.Fatal(err)
	}
	v, err := got.Status(claims.Status.List, time.Unix(1700000000, 0))
	if err != nil || !v.Known || v.Status != Invalid || v.AsOf.Unix() != 1686920170 {
		t.Errorf("%+v, %v", v, err)
	}
}

func unhex(t *testing.T, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(strings.Join(strings.Fields(s), ""))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestSignVerify(t *testing.T) {
	key := newKey(t)
	signer, err := jws.NewSigner(key, "k")
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 11, 27, 8, 0, 0, 0, time.UTC)
	for _, bits := range []int{1, 2, 4, 8} {
		in := &Token{"https://scjg.example/status/1", now, now.Add(24 * time.Hour), 12 * time.Hour, sparse(t, bits)}
		text, err := in.SignJWT(signer)
		if err != nil {
			t.Fatal(err)
		}
		b, err := in.SignCWT(key, []byte("k"))
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("2^20 entries of %d bits, 1040 set: JWT %d bytes, CWT %d bytes", bits, len(text), len(b))
		fromJWT, err := VerifyJWT(text, jws.KeySet{signer.Key()}.Find)
		if err != nil {
			t.Fatal(err)
		}
		fromCWT, err := VerifyCWT(b, cwt.Keys{"k": key.Public()}.Find)
		if err != nil {
			t.Fatal(err)
		}
		for _, out := range []*Token{fromJWT, fromCWT} {
			if out.Subject != in.Subject || out.IssuedAt != in.IssuedAt || out.Expires != in.Expires || out.TTL != in.TTL ||
				out.List.Bits() != bits || out.List.Count() != in.List.Count() || out.List.Len() != 1<<20 {
				t.Errorf("%+v, want %+v", out, in)
			}
		}
	}
}

func TestStatusNeverBetterThanKnown(t *testing.T) {
	l, err := New(1, 8)
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 11, 27, 8, 0, 0, 0, time.UTC)
	day, hour := now.Add(24*time.Hour), time.Hour
	for name, c := range map[string]struct {
		expires time.Time
		ttl     time.Duration
		at      time.Time
		known   bool
	}{
		"fresh":                {day, hour, now, true},
		"past ttl, not exp":    {day, hour, now.Add(2 * hour), true},
		"at exp":               {day, hour, day, false},
		"before issue":         {day, hour, now.Add(-1), false},
		"no exp, within ttl":   {time.Time{}, hour, now.Add(hour - 1), true},
		"no exp, past ttl":     {time.Time{}, hour, now.Add(hour), false},
		"neither exp nor ttl":  {time.Time{}, 0, now, false},
		"expired before issue": {now.Add(-hour), 0, now, false},
	} {
		token := &Token{"u", now, c.expires, c.ttl, l}
		v, err := token.Status(Reference{0, "u"}, c.at)
		if err != nil || v.Known != c.known || v.AsOf != now {
			t.Errorf("%s: %+v, %v", name, v, err)
		}
	}
	token := &Token{"u", now, day, hour, l}
	for _, ref := range []Reference{{0, "v"}, {8, "u"}, {1 << 63, "u"}} {
		if _, err := token.Status(ref, now); err == nil {
			t.Errorf("%+v accepted", ref)
		}
	}
	if got := token.RefreshAt(now); got != now.Add(hour) {
		t.Error(got)
	}
	if got := token.RefreshAt(day.Add(-1)); got != day {
		t.Error(got)
	}
}

func TestTokenRefusals(t *testing.T) {
	key := newKey(t)
	signer, err := jws.NewSigner(key, "k")
	if err != nil {
		t.Fatal(err)
	}
	const good = `{"sub":"u","iat":1,"exp":2.5,"status_list":{"bits":1,"lst":"eNrbuRgAAhcBXQ"}}`
	verify := func(typ, payload string) error {
		token, err := signer.Sign(typ, nil, []byte(payload))
		if err != nil {
			t.Fatal(err)
		}
		_, err = VerifyJWT(token, jws.KeySet{signer.Key()}.Find)
		return err
	}
	if err := verify("application/StatusList+JWT", good); err != nil {
		t.Error(err)
	}
	if verify("jwt", good) == nil {
		t.Error("another type accepted")
	}
	for from, to := range map[string]string{
		`"sub":"u",`: ``, `"iat":1,`: ``, `"iat":1`: `"iat":-1`, `2.5`: `1e300`, `"bits":1`: `"bits":3`, `"exp":2.5`: `"ttl":0`,
		`"lst":"eNrbuRgAAhcBXQ"`: `"lst":"eNrbuRgAAhcBXQ=="`, `,"status_list":{"bits":1,"lst":"eNrbuRgAAhcBXQ"}`: ``,
		`"sub":"u"`: `"sub":"u","sub":"u"`, `{"bits":1,`: `{"bits":1,"bits":1,`, `{"sub"`: `{"x":{"y":1,"y":2},"sub"`,
	} {
		bad := strings.Replace(good, from, to, 1)
		if bad == good {
			t.Fatal(from)
		}
		if verify(TypeJWT, bad) == nil {
			t.Errorf("%s accepted", bad)
		}
	}
	for _, bad := range []*Token{{}, {Subject: "u"}, {Subject: "u", IssuedAt: time.Now(), TTL: -1, List: &List{1, []byte{0}}}} {
		if _, err := bad.SignJWT(signer); err == nil {
			t.Errorf("%+v signed", bad)
		}
		if _, err := bad.SignCWT(key, nil); err == nil {
			t.Errorf("%+v signed", bad)
		}
	}
}

func TestCWTOfAnotherType(t *testing.T) {
	key := newKey(t)
	c := claimsCBOR{claims: claims{Sub: "u", List: &List{1, []byte{0}}}, Iat: new(uint64)}
	b, err := cwt.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	for typ, want := range map[string]bool{MediaTypeCWT: true, "": false, "application/cwt": false} {
		token, err := cwt.Sign(key, []byte("k"), typ, b)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := VerifyCWT(token, cwt.Keys{"k": key.Public()}.Find); (err == nil) != want {
			t.Errorf("%q: %v", typ, err)
		}
	}
}

func TestReferenceJSON(t *testing.T) {
	b, err := json.Marshal(StatusClaim{Reference{3, "https://example.com/1"}})
	if want := `{"status_list":{"idx":3,"uri":"https://example.com/1"}}`; err != nil || string(b) != want {
		t.Errorf("%s, %v", b, err)
	}
}

func FuzzClaims(f *testing.F) {
	f.Add([]byte(`{"sub":"u","iat":1,"exp":2.5,"status_list":{"bits":1,"lst":"eNrbuRgAAhcBXQ"}}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		var c claims
		if jws.Unmarshal(b, &c) == nil {
			c.token()
		}
		var d claimsCBOR
		if cwt.Unmarshal(b, &d) == nil {
			d.token()
		}
	})
}

func BenchmarkVerifyCWT(b *testing.B) {
	key := newKey(b)
	now := time.Now()
	token, err := (&Token{"u", now, now.Add(time.Hour), time.Minute, sparse(b, 1)}).SignCWT(key, []byte("k"))
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := VerifyCWT(token, cwt.Keys{"k": key.Public()}.Find); err != nil {
			b.Fatal(err)
		}
	}
}
