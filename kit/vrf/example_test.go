package vrf_test

import (
	"bytes"
	"fmt"

	"github.com/dinghai/dinghai/kit/vrf"
)

func Example() {
	// A fixed seed for the example; use GenerateKey(rand.Reader).
	office, err := vrf.NewPrivateKey(bytes.Repeat([]byte{7}, vrf.SeedSize))
	if err != nil {
		panic(err)
	}
	pk, alpha := office.PublicKey(), []byte("plan and beacon")
	pi, err := office.Prove(alpha)
	if err != nil {
		panic(err)
	}
	beta, err := vrf.Verify(pk[:], alpha, pi[:])
	fmt.Printf("%x… %v\n", beta[:4], err)
	_, err = vrf.Verify(pk[:], []byte("another plan"), pi[:])
	fmt.Println(err)
	// Output:
	// cabd8e22… <nil>
	// vrf: proof at byte 0: mismatch
}
