package problem

import (
	"fmt"
	"net/url"
	"strconv"
	"strings"
)

// Pointer writes a JSON Pointer in its URI fragment form (RFC 6901 §6) out of
// member names and array indices: Pointer("lines", 0, "名称") is
// "#/lines/0/%E5%90%8D%E7%A7%B0". It panics on a step of another type.
func Pointer(steps ...any) string {
	var b strings.Builder
	b.WriteByte('#')
	for _, s := range steps {
		b.WriteByte('/')
		switch s := s.(type) {
		case string:
			b.WriteString(fragment(strings.NewReplacer("~", "~0", "/", "~1").Replace(s)))
		case int:
			b.WriteString(strconv.Itoa(s))
		default:
			panic(fmt.Sprintf("problem: pointer step of type %T", s))
		}
	}
	return b.String()
}

// fragment escapes all but the characters that RFC 3986 leaves alone.
func fragment(s string) string { return strings.ReplaceAll(url.QueryEscape(s), "+", "%20") }

// ParsePointer splits a pointer, in fragment form or plain, into its steps.
func ParsePointer(s string) ([]string, error) {
	plain, isFragment := strings.CutPrefix(s, "#")
	if isFragment {
		var err error
		if plain, err = url.PathUnescape(plain); err != nil {
			return nil, fmt.Errorf("problem: pointer: %w", err)
		}
	}
	if plain == "" {
		return nil, nil
	}
	if plain[0] != '/' {
		return nil, fmt.Errorf("problem: pointer does not begin with a slash")
	}
	steps := strings.Split(plain[1:], "/")
	for i, step := range steps {
		for at := 0; at < len(step); at++ {
			if step[at] != '~' {
				continue
			}
			if at++; at == len(step) || step[at] != '0' && step[at] != '1' {
				return nil, fmt.Errorf("problem: pointer step %d: a tilde without 0 or 1", i+1)
			}
		}
		steps[i] = strings.NewReplacer("~1", "/", "~0", "~").Replace(step)
	}
	return steps, nil
}
