// Package routes reads every route of the pages from their source, for tests
// that must leave none out.
package routes

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
)

var pattern = regexp.MustCompile(`HandleFunc\("((?:GET|POST|PATCH|HEAD|DELETE) /[^"]*)"`)

// looped are the routes made in a loop, which the pattern does not find.
var looped = []string{"GET /cases/{ref}/do/{action}", "POST /cases/{ref}/do/{action}", "POST /cases/{ref}/claim", "POST /cases/{ref}/open/{field}"}

// All is every route, as method and path with gaps.
func All() ([]string, error) {
	_, here, _, _ := runtime.Caller(0)
	files, err := filepath.Glob(filepath.Join(filepath.Dir(here), "../../web/*.go"))
	if err != nil {
		return nil, err
	}
	out := append([]string{}, looped...)
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			return nil, err
		}
		for _, m := range pattern.FindAllStringSubmatch(string(b), -1) {
			if !strings.HasSuffix(m[1], "/") || m[1] == "GET /{$}" {
				out = append(out, m[1])
			}
		}
	}
	if len(out) < 60 {
		return nil, fmt.Errorf("%d routes only: the pattern is wrong", len(out))
	}
	return out, nil
}
