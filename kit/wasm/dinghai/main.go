//go:build js && wasm

// Command dinghai is package wasm as a WebAssembly module. It sets the global
// function dinghaiCall(name, request), both texts, and its property names; and
// then waits for calls.
package main

import (
	"syscall/js"

	"github.com/dinghai/dinghai/kit/wasm"
)

func main() {
	call := js.FuncOf(func(_ js.Value, args []js.Value) any {
		if len(args) != 2 || args[0].Type() != js.TypeString || args[1].Type() != js.TypeString {
			return `{"ok":false,"error":"want two texts"}`
		}
		return string(wasm.Call(args[0].String(), []byte(args[1].String())))
	})
	names := make([]any, 0, len(wasm.Names()))
	for _, name := range wasm.Names() {
		names = append(names, name)
	}
	call.Set("names", names)
	js.Global().Set("dinghaiCall", call)
	select {}
}
