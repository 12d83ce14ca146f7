package sm2_test

import (
	"fmt"

	"github.com/dinghai/dinghai/kit/sm2"
)

func Example() {
	var suite sm2.Suite
	key, err := suite.NewSigner(sm2.GenerateKey())
	if err != nil {
		panic(err)
	}
	msg := []byte("营业执照")
	sig, err := suite.Sign(key, sm2.DefaultID, msg)
	if err != nil {
		panic(err)
	}
	fmt.Println(suite.Verify(key.Public(), sm2.DefaultID, msg, sig))
	fmt.Println(suite.Verify(key.Public(), "another signer", msg, sig))
	// Output:
	// <nil>
	// sm2: signature does not verify
}

func ExampleOpenEngine() {
	engine, err := sm2.OpenEngine("plain")
	if err != nil {
		panic(err)
	}
	h := sm2.Suite{Engine: engine}.Hash()
	h.Write([]byte("abc"))
	fmt.Printf("%x\n", h.Sum(nil))
	// Output: 66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0
}

func ExampleSuite_GCM() {
	aead, err := sm2.Suite{}.GCM(make([]byte, 16))
	if err != nil {
		panic(err)
	}
	nonce := make([]byte, aead.NonceSize()) // never twice under one key
	sealed := aead.Seal(nil, nonce, []byte("举报人"), []byte("案号"))
	open, err := aead.Open(nil, nonce, sealed, []byte("案号"))
	fmt.Println(string(open), err)
	// Output: 举报人 <nil>
}
