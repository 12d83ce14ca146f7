package sdjwt

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/dinghai/dinghai/kit/sdjwt/jws"
)

func TestKeyBinding(t *testing.T) {
	s, holder, thief := newSigner(t, "k"), newSigner(t, ""), newSigner(t, "")
	token := issue(t, s, licence(holder), hide...)
	shown, err := token.Present(Path{"legal_rep"})
	if err != nil {
		t.Fatal(err)
	}
	bind := func(by *jws.Signer, audience, nonce string, at time.Time) string {
		t.Helper()
		bound, err := shown.Bind(by, audience, nonce, at)
		if err != nil {
			t.Fatal(err)
		}
		return bound.String()
	}
	raw := func(typ string, change func(map[string]any)) string {
		claims := map[string]any{
			"iat": now.Unix(), "aud": "https://counter.example", "nonce": "n1", "sd_hash": sha(shown.unbound()),
		}
		change(claims)
		b, err := json.Marshal(claims)
		if err != nil {
			t.Fatal(err)
		}
		kb, err := holder.Sign(typ, nil, b)
		if err != nil {
			t.Fatal(err)
		}
		return shown.String() + kb
	}
	good := bind(holder, "https://counter.example", "n1", now)
	more, err := token.Present(Path{"legal_rep"}, Path{"capital"})
	if err != nil {
		t.Fatal(err)
	}
	unbound := issue(t, s, licence(nil))
	v := Verifier{Keys: jws.KeySet{s.Key()}.Find, At: now, Binding: &Binding{"https://counter.example", "n1", time.Minute}}
	for name, c := range map[string]struct {
		text string
		want bool
	}{
		"good":               {good, true},
		"a minute later":     {bind(holder, "https://counter.example", "n1", now.Add(-time.Minute)), true},
		"by another":         {bind(thief, "https://counter.example", "n1", now), false},
		"to another":         {bind(holder, "https://other.example", "n1", now), false},
		"another request":    {bind(holder, "https://counter.example", "n2", now), false},
		"old":                {bind(holder, "https://counter.example", "n1", now.Add(-time.Minute-time.Second)), false},
		"from the future":    {bind(holder, "https://counter.example", "n1", now.Add(time.Second)), false},
		"missing":            {shown.String(), false},
		"of another showing": {more.String() + good[strings.LastIndexByte(good, '~')+1:], false},
		"less shown":         {strings.SplitN(good, "~", 2)[0] + "~" + good[strings.LastIndexByte(good, '~')+1:], false},
		"issuer's own token": {shown.String() + token.JWT, false},
		"token of no key":    {unbound.String() + good[strings.LastIndexByte(good, '~')+1:], false},
		"as built":           {raw(typeKeyBinding, func(map[string]any) {}), true},
		"other type":         {raw("jwt", func(map[string]any) {}), false},
		"audience a list":    {raw(typeKeyBinding, func(c map[string]any) { c["aud"] = []string{"https://counter.example"} }), false},
		"no nonce":           {raw(typeKeyBinding, func(c map[string]any) { delete(c, "nonce") }), false},
		"no iat":             {raw(typeKeyBinding, func(c map[string]any) { delete(c, "iat") }), false},
		"no hash":            {raw(typeKeyBinding, func(c map[string]any) { delete(c, "sd_hash") }), false},
	} {
		got, err := v.Verify(c.text)
		if (err == nil) != c.want {
			t.Errorf("%s: %v", name, err)
		}
		if err == nil && got.Holder == nil {
			t.Errorf("%s: no holder", name)
		}
	}
	v.Binding.Nonce = ""
	if _, err := v.Verify(bind(holder, "https://counter.example", "", now)); err == nil {
		t.Error("an empty nonce is no nonce")
	}
}

func TestHolderKeyMustBeOne(t *testing.T) {
	s := newSigner(t, "k")
	for _, cnf := range []any{nil, 1, map[string]any{}, map[string]any{"jwk": map[string]any{"kty": "EC"}}, map[string]any{"kid": "x"}} {
		token := issue(t, s, map[string]any{"vct": "v", "cnf": cnf})
		if _, err := (Verifier{Keys: jws.KeySet{s.Key()}.Find, At: now}).Verify(token.String()); err == nil {
			t.Errorf("%v accepted", cnf)
		}
	}
}
