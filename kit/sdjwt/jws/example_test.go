package jws_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"fmt"

	"github.com/dinghai/dinghai/kit/sdjwt/jws"
)

func ExampleVerify() {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		panic(err)
	}
	signer, err := jws.NewSigner(key, "2026")
	if err != nil {
		panic(err)
	}
	token, err := signer.Sign("statement+jwt", nil, []byte(`{"sub":"91330900MA28K0000X"}`))
	if err != nil {
		panic(err)
	}
	trusted := jws.KeySet{signer.Key()}
	m, err := jws.Verify(token, trusted.Find)
	fmt.Println(m.Header.Alg, m.Header.Typ, string(m.Payload), err)
	_, err = jws.Verify(token, jws.KeySet{}.Find)
	fmt.Println(err)
	// Output:
	// ES256 statement+jwt {"sub":"91330900MA28K0000X"} <nil>
	// jws: kid: "2026" is unknown
}
