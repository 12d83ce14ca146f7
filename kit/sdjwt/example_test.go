package sdjwt_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"fmt"
	"time"

	"github.com/dinghai/dinghai/kit/sdjwt"
	"github.com/dinghai/dinghai/kit/sdjwt/jws"
)

func newSigner(kid string) *jws.Signer {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		panic(err)
	}
	s, err := jws.NewSigner(key, kid)
	if err != nil {
		panic(err)
	}
	return s
}

func Example() {
	issuer, holder := newSigner("2026"), newSigner("")
	now := time.Date(2026, 11, 27, 8, 0, 0, 0, time.UTC)

	// The registry issues a licence and hides what not everybody needs.
	licence := map[string]any{
		"vct": "https://licence.example/vct/business-licence/1", "name": "舟山海丰水产有限公司",
		"legal_rep": "王小明", "scope": []string{"水产品加工", "货物进出口"},
		"cnf": map[string]any{"jwk": holder.Key()},
	}
	token, err := sdjwt.Issuer{Signer: issuer, Decoys: 2}.Issue(licence, sdjwt.Path{"legal_rep"}, sdjwt.Path{"scope", nil})
	if err != nil {
		panic(err)
	}

	// The enterprise shows one line of its scope to a counter.
	shown, err := token.Present(sdjwt.Path{"scope", 1})
	if err != nil {
		panic(err)
	}
	bound, err := shown.Bind(holder, "https://counter.example", "a fresh nonce", now)
	if err != nil {
		panic(err)
	}

	// The counter verifies.
	v := sdjwt.Verifier{
		Keys: jws.KeySet{issuer.Key()}.Find, At: now,
		Binding: &sdjwt.Binding{Audience: "https://counter.example", Nonce: "a fresh nonce", MaxAge: time.Minute},
	}
	got, err := v.Verify(bound.String())
	if err != nil {
		panic(err)
	}
	fmt.Println(got.Claims["name"], got.Claims["scope"], got.Claims["legal_rep"], got.Shown)
	// Output: 舟山海丰水产有限公司 [货物进出口] <nil> [scope[1]]
}
