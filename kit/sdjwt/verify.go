package sdjwt

import (
	"crypto"
	"encoding/json"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/dinghai/dinghai/kit/sdjwt/jws"
)

// A Verifier says what is asked of tokens.
type Verifier struct {
	Keys       jws.Finder
	Algorithms []jws.Algorithm // none: those jws.Verify allows by itself
	Type       string          // header typ; "" is TypeCredential
	At         time.Time       // the instant at which the token must hold
	Skew       time.Duration   // how far clocks may be apart
	Binding    *Binding        // nil when anyone may present
}

// A Binding is what the holder must have signed.
type Binding struct {
	Audience string // who asks
	Nonce    string // what was asked with, fresh
	MaxAge   time.Duration
}

// Verified is what a token proved.
type Verified struct {
	Header jws.Header
	Claims map[string]any // as encoding/json has them, with json.Number
	Shown  []Path         // the claims that were hidden and are not
	Holder *jws.Key       // key of the claim cnf; nil when there is none
}

// Decode writes the claims into v, as encoding/json does.
func (v *Verified) Decode(into any) error {
	b, err := json.Marshal(v.Claims)
	if err != nil {
		return err
	}
	return json.Unmarshal(b, into)
}

// Verify checks a token as RFC 9901 section 7 has it: signature of the issuer,
// disclosures, times, and the key binding when one is asked for. A key binding
// that was not asked for is not looked at.
func (v Verifier) Verify(text string) (*Verified, error) {
	t, err := Parse(text)
	if err != nil {
		return nil, err
	}
	m, err := jws.Verify(t.JWT, v.Keys, v.Algorithms...)
	if err != nil {
		return nil, &Error{"token", -1, nil, "not trusted", err}
	}
	typ := v.Type
	if typ == "" {
		typ = TypeCredential
	}
	if !sameType(m.Header.Typ, typ) {
		return nil, refusal("typ", "%.40q, want %s", m.Header.Typ, typ)
	}
	payload, err := object(m.Payload)
	if err != nil {
		return nil, err
	}
	h, err := hashOf(payload)
	if err != nil {
		return nil, err
	}
	u, err := unfold(payload, t.Disclosures)
	if err != nil {
		return nil, err
	}
	out := &Verified{Header: m.Header, Claims: payload, Shown: u.places}
	if err := v.checkClaims(out, typ); err != nil {
		return nil, err
	}
	if v.Binding != nil {
		err = v.checkBinding(out.Holder, t, h)
	}
	if err != nil {
		return nil, err
	}
	return out, nil
}

// sameType compares media types as RFC 7515 section 4.1.9 has it.
func sameType(a, b string) bool {
	short := func(s string) string { return strings.TrimPrefix(strings.ToLower(s), "application/") }
	return short(a) == short(b)
}

func (v Verifier) checkClaims(out *Verified, typ string) error {
	for i, at := range out.Shown {
		if name, _ := at[0].(string); len(at) == 1 && slices.Contains(alwaysShown, name) {
			return &Error{"disclosure", i, at, "must not be hidden", nil}
		}
	}
	if vct, _ := out.Claims["vct"].(string); vct == "" && sameType(typ, TypeCredential) {
		return refusal("vct", "missing")
	}
	if err := v.checkTimes(out.Claims); err != nil {
		return err
	}
	cnf, ok := out.Claims["cnf"]
	if !ok {
		return nil
	}
	o, _ := cnf.(map[string]any)
	b, err := json.Marshal(o["jwk"])
	if err != nil {
		return err
	}
	key, err := jws.ParseKey(b)
	if err != nil {
		return &Error{"cnf", -1, nil, "no key to bind to", err}
	}
	out.Holder = &key
	return nil
}

func (v Verifier) checkTimes(claims map[string]any) error {
	for _, name := range []string{"iat", "nbf", "exp"} {
		value, ok := claims[name]
		n, number := value.(json.Number)
		if !ok || name == "iat" && !number {
			continue // W3C credentials have an iat that is text; it limits nothing
		}
		at, err := instant(n)
		if err != nil {
			return &Error{name, -1, nil, "no date", err}
		}
		if name == "exp" && !v.At.Add(-v.Skew).Before(at) {
			return refusal(name, "has passed")
		}
		if name != "exp" && v.At.Add(v.Skew).Before(at) {
			return refusal(name, "in the future")
		}
	}
	return nil
}

// instant reads a NumericDate (RFC 7519 section 2) up to the year 9999.
func instant(n json.Number) (time.Time, error) {
	f, err := n.Float64()
	if err != nil || math.Abs(f) > 253402300799 {
		return time.Time{}, refusal("date", "%.40q is no number of seconds", n)
	}
	whole, part := math.Modf(f)
	return time.Unix(int64(whole), int64(part*1e9)), nil
}

func (v Verifier) checkBinding(holder *jws.Key, t *Token, h crypto.Hash) error {
	if t.KeyBinding == "" {
		return refusal("key binding", "missing")
	}
	if holder == nil {
		return refusal("cnf", "missing: the token is bound to no key")
	}
	m, err := jws.Verify(t.KeyBinding, func(jws.Header) (jws.Key, error) { return *holder, nil }, v.Algorithms...)
	if err != nil {
		return &Error{"key binding", -1, nil, "not by the holder", err}
	}
	if !sameType(m.Header.Typ, typeKeyBinding) {
		return refusal("key binding", "typ %.40q, want %s", m.Header.Typ, typeKeyBinding)
	}
	claims, err := object(m.Payload)
	if err != nil {
		return &Error{"key binding", -1, nil, "malformed", err}
	}
	for name, want := range map[string]string{
		"aud": v.Binding.Audience, "nonce": v.Binding.Nonce, "sd_hash": digest(h, t.unbound()),
	} {
		if got, ok := claims[name].(string); !ok || got != want || want == "" {
			return refusal("key binding", "%s is not the one asked for", name)
		}
	}
	n, _ := claims["iat"].(json.Number)
	at, err := instant(n)
	switch {
	case err != nil:
		return &Error{"key binding", -1, nil, "iat", err}
	case v.At.Add(v.Skew).Before(at):
		return refusal("key binding", "iat in the future")
	case at.Add(v.Binding.MaxAge).Add(v.Skew).Before(v.At):
		return refusal("key binding", "too old")
	}
	return nil
}
