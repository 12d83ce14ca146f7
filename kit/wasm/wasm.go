// Package wasm is the verifiers of draws, log proofs and licence codes behind
// one function that takes and gives JSON, so that a web page can check what a
// bureau publishes without trusting the bureau's server:
//
//   - kit/draw: a whole draw of dinghai-draw-v1, and its parts
//   - kit/tlog: proof files, RFC 6962 proofs, checkpoints
//   - kit/cwtqr: QR codes of licences, with their status list
//
// Command dinghai compiles it to WebAssembly; dinghai.js is the face of it in
// JavaScript; command build puts the files for a web server into a folder.
// Nothing here fetches anything: the page hands over what it was given.
package wasm

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/dinghai/dinghai/kit/draw"
)

// Script is dinghai.js, an ES module.
//
//go:embed dinghai.js
var Script []byte

// An Answer is what Call returns, as JSON.
type Answer struct {
	OK     bool   `json:"ok"`
	Result any    `json:"result,omitempty"` // may be there when OK is false, as far as things were found
	Step   string `json:"step,omitempty"`   // of a draw that does not verify
	Error  string `json:"error,omitempty"`
}

// functions are what Call knows. Each reads its request and returns a result.
var functions = map[string]func(request []byte) (any, error){
	"verifyDraw":         with(verifyDraw),
	"wasDrawn":           with(wasDrawn),
	"verifyVRF":          with(verifyVRF),
	"verifyRound":        with(verifyRound),
	"orderByList":        with(orderByList),
	"verifyProof":        with(verifyProof),
	"verifyCheckpoint":   with(verifyCheckpoint),
	"verifyInclusion":    with(verifyInclusion),
	"verifyConsistency":  with(verifyConsistency),
	"verifySubtree":      with(verifySubtree),
	"verifySubtreeRoots": with(verifySubtreeRoots),
	"verifyLicence":      with(verifyLicence),
}

// Names lists the functions.
func Names() []string {
	var names []string
	for name := range functions {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// Call runs a function on a request in JSON. It never panics: what goes wrong,
// whatever it be, is in the answer.
func Call(name string, request []byte) (answer []byte) {
	defer func() {
		if r := recover(); r != nil {
			answer = encode(Answer{Error: fmt.Sprint("panic: ", r)})
		}
	}()
	f, ok := functions[name]
	if !ok {
		return encode(Answer{Error: "no function " + name})
	}
	result, err := f(request)
	if err == nil {
		return encode(Answer{OK: true, Result: result})
	}
	a := Answer{Result: result, Error: err.Error()}
	var at *draw.StepError
	if errors.As(err, &at) {
		a.Step = at.Step
	}
	return encode(a)
}

func encode(a Answer) []byte {
	b, err := json.Marshal(a)
	if err != nil {
		return []byte(`{"ok":false,"error":"the answer cannot be written"}`)
	}
	return b
}

// with makes a function of JSON out of one of a request's type. Members that
// the type does not have are errors: a misspelt one must not be taken for one
// that was left out.
func with[T any](f func(T) (any, error)) func([]byte) (any, error) {
	return func(request []byte) (any, error) {
		d := json.NewDecoder(bytes.NewReader(request))
		d.DisallowUnknownFields()
		var v T
		if err := d.Decode(&v); err != nil {
			return nil, fmt.Errorf("request: %w", err)
		}
		return f(v)
	}
}
