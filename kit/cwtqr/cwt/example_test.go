package cwt_test

import (
	"crypto/ed25519"
	"fmt"

	"github.com/dinghai/dinghai/kit/cwtqr/cwt"
)

func ExampleVerify() {
	pub, key, err := ed25519.GenerateKey(nil)
	if err != nil {
		panic(err)
	}
	claims, err := cwt.Marshal(map[int]any{2: "91330900MA28K0000X"})
	if err != nil {
		panic(err)
	}
	token, err := cwt.Sign(key, []byte("2026"), "", claims)
	if err != nil {
		panic(err)
	}
	m, err := cwt.Verify(token, cwt.Keys{"2026": pub}.Find)
	if err != nil {
		panic(err)
	}
	var got struct {
		Sub string `cbor:"2,keyasint"`
	}
	fmt.Println(cwt.Unmarshal(m.Payload, &got), got.Sub)
	// Output: <nil> 91330900MA28K0000X
}
