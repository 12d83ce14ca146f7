package sdjwt

import (
	"crypto"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/dinghai/dinghai/kit/sdjwt/jws"
)

func b64(s string) string { return base64.RawURLEncoding.EncodeToString([]byte(s)) }

func sha(disclosure string) string { return digest(crypto.SHA256, disclosure) }

// RFC 9901 section 7.1: what a verifier has to refuse, each built by an issuer
// or holder who does not keep the rules.
func TestRulesOfVerification(t *testing.T) {
	s := newSigner(t, "k")
	a, b, c := b64(`["s","a",1]`), b64(`["s","b",2]`), b64(`["s",3]`)
	inner := b64(`["s","o",{"_sd":["` + sha(a) + `"]}]`)
	loop := b64(`["s","l",{"...":"x"}]`)
	exp := b64(`["s","exp",1]`)
	payload := func(format string, args ...any) string { return fmt.Sprintf(`{"vct":"v",`+format+`}`, args...) }
	deep := strings.Repeat(`{"x":`, 60) + "1" + strings.Repeat("}", 60)
	for name, c := range map[string]struct {
		payload     string
		disclosures []string
		field       string // of the error; "" when it is good
	}{
		"nothing hidden":         {payload(`"x":1`), nil, ""},
		"member":                 {payload(`"_sd":[%q,%q]`, sha(a), sha("decoy")), []string{a}, ""},
		"element":                {payload(`"e":[{"...":%q},{"...":"none"}]`, sha(c)), []string{c}, ""},
		"nested":                 {payload(`"_sd":[%q]`, sha(inner)), []string{inner, a}, ""},
		"names in other objects": {payload(`"_sd":[%q],"x":{"a":1}`, sha(a)), []string{a}, ""},
		"sha-512":                {payload(`"_sd_alg":"sha-512","_sd":[%q]`, digest(crypto.SHA512, a)), []string{a}, ""},
		"without its parent":     {payload(`"_sd":[%q]`, sha(inner)), []string{a}, "disclosure"},
		"no digest of it":        {payload(`"_sd":[%q]`, sha(a)), []string{a, b}, "disclosure"},
		"disclosed twice":        {payload(`"_sd":[%q]`, sha(a)), []string{a, a}, "disclosure"},
		"digest twice":           {payload(`"_sd":[%q,%q]`, sha(a), sha(a)), []string{a}, "digest"},
		"digest in two places":   {payload(`"_sd":[%q],"x":{"_sd":[%q]}`, sha(a), sha(a)), []string{a}, "digest"},
		"decoy twice":            {payload(`"_sd":["d"],"x":[{"...":"d"}]`), nil, "digest"},
		"digest inside again":    {payload(`"_sd":[%q,%q]`, sha(inner), sha(a)), []string{inner, a}, "digest"},
		"name taken":             {payload(`"_sd":[%q],"a":0`, sha(a)), []string{a}, "disclosure"},
		"element as member":      {payload(`"_sd":[%q]`, sha(c)), []string{c}, "disclosure"},
		"member as element":      {payload(`"e":[{"...":%q}]`, sha(a)), []string{a}, "disclosure"},
		"name _sd":               {payload(`"_sd":[%q]`, sha(b64(`["s","_sd",[]]`))), []string{b64(`["s","_sd",[]]`)}, "disclosure"},
		"name ...":               {payload(`"_sd":[%q]`, sha(b64(`["s","...",1]`))), []string{b64(`["s","...",1]`)}, "disclosure"},
		"four values":            {payload(`"x":1`), []string{b64(`["s","a",1,2]`)}, "disclosure"},
		"one value":              {payload(`"x":1`), []string{b64(`["s"]`)}, "disclosure"},
		"salt a number":          {payload(`"x":1`), []string{b64(`[1,"a",1]`)}, "disclosure"},
		"name a number":          {payload(`"x":1`), []string{b64(`["s",1,1]`)}, "disclosure"},
		"an object":              {payload(`"x":1`), []string{b64(`{"a":1}`)}, "disclosure"},
		"empty disclosure":       {payload(`"x":1`), []string{""}, "disclosure"},
		"padded":                 {payload(`"_sd":[%q]`, sha(a+"=")), []string{a + "="}, "disclosure"},
		"key twice in value":     {payload(`"x":1`), []string{b64(`["s","a",{"b":1,"b":2}]`)}, "disclosure"},
		"_sd no array":           {payload(`"_sd":"x"`), nil, "_sd"},
		"_sd of numbers":         {payload(`"_sd":[1]`), nil, "_sd"},
		"... in an object":       {payload(`"x":{"...":"d"}`), nil, "..."},
		"... not alone":          {payload(`"x":[{"...":"d","y":1}]`), nil, "..."},
		"... no text":            {payload(`"x":[{"...":1}]`), nil, "..."},
		"... disclosed":          {payload(`"_sd":[%q]`, sha(loop)), []string{loop}, "..."},
		"unknown hash":           {payload(`"_sd_alg":"md5"`), nil, "_sd_alg"},
		"hash a number":          {payload(`"_sd_alg":1`), nil, "_sd_alg"},
		"expiry hidden":          {payload(`"_sd":[%q]`, sha(exp)), []string{exp}, "disclosure"},
		"deep through two":       {payload(`"_sd":[%q]`, sha(b64(`["s","d",`+deep+`]`))), []string{b64(`["s","d",` + deep + `]`)}, ""},
		"no vct":                 {`{"x":1}`, nil, "vct"},
		"key twice":              {`{"vct":"v","x":1,"x":2}`, nil, "token"},
		"array payload":          {`[]`, nil, "token"},
	} {
		jwt, err := s.Sign(TypeCredential, nil, []byte(c.payload))
		if err != nil {
			t.Fatal(err)
		}
		text := jwt + "~" + strings.Join(append(c.disclosures, ""), "~")
		_, err = Verifier{Keys: jws.KeySet{s.Key()}.Find, At: now}.Verify(text)
		var e *Error
		if errors.As(err, &e); (e == nil) != (c.field == "") || err != nil && e == nil || e != nil && e.Field != c.field {
			t.Errorf("%s: %v, want an error about %q", name, err, c.field)
		}
	}
}

// Chains of disclosures in disclosures end at MaxDepth, and quickly.
func TestChainOfDisclosures(t *testing.T) {
	s := newSigner(t, "k")
	build := func(n int) string {
		list := []string{b64(`["s","x",1]`)}
		for range n {
			list = append(list, b64(`["s","x",{"_sd":["`+sha(list[len(list)-1])+`"]}]`))
		}
		jwt, err := s.Sign(TypeCredential, nil, []byte(`{"vct":"v","_sd":["`+sha(list[len(list)-1])+`"]}`))
		if err != nil {
			t.Fatal(err)
		}
		return jwt + "~" + strings.Join(append(list, ""), "~")
	}
	v := Verifier{Keys: jws.KeySet{s.Key()}.Find, At: now}
	if _, err := v.Verify(build(MaxDepth - 1)); err != nil {
		t.Error(err)
	}
	if _, err := v.Verify(build(MaxDepth)); err == nil {
		t.Error("no end of it")
	}
	if _, err := v.Verify(build(4000)); err == nil {
		t.Error("no end of it")
	}
}

func TestForms(t *testing.T) {
	s := newSigner(t, "k")
	good := issue(t, s, licence(nil), hide...)
	other := newSigner(t, "k")
	v := Verifier{Keys: jws.KeySet{s.Key()}.Find, At: now}
	for name, text := range map[string]string{
		"empty": "", "a JWT": good.JWT, "no JWT": "~", "huge": strings.Repeat("a~", MaxSize),
		"many": good.JWT + strings.Repeat("~x", MaxDisclosures+1) + "~",
		"kb":   good.String() + "x.y.z", // not asked for, so not looked at
	} {
		if _, err := v.Verify(text); (err == nil) != (name == "kb") {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := (Verifier{Keys: jws.KeySet{other.Key()}.Find, At: now}).Verify(good.String()); err == nil {
		t.Error("verifies under another key")
	}
	if _, err := (Verifier{Keys: v.Keys, At: now, Type: "kb+jwt"}).Verify(good.String()); err == nil {
		t.Error("type is not looked at")
	}
	text := good.String()
	for i := 0; i < len(text); i += 11 {
		changed := []byte(text)
		changed[i] ^= 1
		if _, err := v.Verify(string(changed)); err == nil {
			t.Errorf("byte %d changed and it verifies", i)
		}
	}
}

func TestTimes(t *testing.T) {
	s := newSigner(t, "k")
	for claims, want := range map[string]bool{
		`"exp":1795766401`: true, `"exp":1795766400`: false, `"exp":"2027"`: false, `"exp":1e400`: false, `"exp":null`: false,
		`"nbf":1795766400`: true, `"nbf":1795766401`: false, `"nbf":"now"`: false, `"iat":1795766401`: false, `"iat":"2026-11-27"`: true,
	} {
		jwt, err := s.Sign(TypeCredential, nil, []byte(`{"vct":"v",`+claims+`}`))
		if err != nil {
			t.Fatal(err)
		}
		v := Verifier{Keys: jws.KeySet{s.Key()}.Find, At: now}
		if _, err := v.Verify(jwt + "~"); (err == nil) != want {
			t.Errorf("%s: %v", claims, err)
		}
	}
}

func FuzzVerify(f *testing.F) {
	s := newSigner(f, "k")
	f.Add(issue(f, s, licence(s), hide...).String())
	f.Add("a.b.c~~")
	v := Verifier{Keys: jws.KeySet{s.Key()}.Find, At: now}
	f.Fuzz(func(t *testing.T, text string) {
		if token, err := Parse(text); err == nil && token.String() != text {
			t.Errorf("%q is put together as %q", text, token)
		}
		v.Verify(text)
	})
}

// FuzzUnfold gives the reader of payloads what only an issuer can.
func FuzzUnfold(f *testing.F) {
	a := b64(`["s","a",{"b":1}]`)
	f.Add([]byte(`{"_sd":["`+sha(a)+`"],"x":[{"...":"y"}]}`), a)
	f.Fuzz(func(t *testing.T, payload []byte, disclosure string) {
		d, err := parseDisclosure(disclosure)
		if err != nil {
			return
		}
		o, err := object(payload)
		if err != nil {
			return
		}
		if _, err := unfold(o, []Disclosure{d}); err != nil {
			return
		}
		if b, err := json.Marshal(o); err != nil || strings.Contains(string(b), `"_sd":`) {
			t.Errorf("%s, %v", b, err)
		}
	})
}
