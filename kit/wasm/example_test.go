package wasm_test

import (
	"fmt"

	"github.com/dinghai/dinghai/kit/wasm"
)

// The leaf of a log of one entry is its root.
func ExampleCall() {
	const hash = "bjQLnP+zepicpUTmu3gKLHiQHT+zNzh2hRGjBhevoB0="
	fmt.Printf("%s\n", wasm.Call("verifyInclusion", []byte(`{"index":0,"size":1,"leaf":"`+hash+`","root":"`+hash+`"}`)))
	fmt.Printf("%s\n", wasm.Call("verifyInclusion", []byte(`{"index":1,"size":1,"leaf":"`+hash+`","root":"`+hash+`"}`)))
	// Output:
	// {"ok":true}
	// {"ok":false,"error":"tlog: index: range"}
}
