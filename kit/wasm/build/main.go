// Command build compiles the verifiers to WebAssembly and puts what a web server
// needs into a folder: dinghai.js, wasm_exec.js, dinghai.wasm and the same
// compressed, to be sent with Content-Encoding: gzip.
//
//	go run ./kit/wasm/build FOLDER
package main

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/dinghai/dinghai/kit/wasm"
)

func main() {
	log.SetFlags(0)
	if len(os.Args) != 2 {
		log.Fatal("usage: build FOLDER")
	}
	if err := build(os.Args[1]); err != nil {
		log.Fatal("build: ", err)
	}
}

func build(dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	module := filepath.Join(dir, "dinghai.wasm")
	cmd := exec.Command("go", "build", "-trimpath", "-ldflags", "-s -w", "-o", module, "github.com/dinghai/dinghai/kit/wasm/dinghai")
	cmd.Env = append(os.Environ(), "GOOS=js", "GOARCH=wasm", "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("%v: %s", err, out)
	}
	b, err := os.ReadFile(module)
	if err != nil {
		return err
	}
	small, err := compress(b)
	if err != nil {
		return err
	}
	root, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		return err
	}
	runtime, err := os.ReadFile(filepath.Join(strings.TrimSpace(string(root)), "lib", "wasm", "wasm_exec.js"))
	if err != nil {
		return err
	}
	for name, b := range map[string][]byte{"dinghai.wasm.gz": small, "wasm_exec.js": runtime, "dinghai.js": wasm.Script} {
		if err := os.WriteFile(filepath.Join(dir, name), b, 0o644); err != nil {
			return err
		}
	}
	fmt.Printf("dinghai.wasm %d bytes, %d with gzip\n", len(b), len(small))
	return nil
}

func compress(b []byte) ([]byte, error) {
	var out bytes.Buffer
	w, err := gzip.NewWriterLevel(&out, gzip.BestCompression)
	if err != nil {
		return nil, err
	}
	if _, err := w.Write(b); err != nil {
		return nil, err
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}
