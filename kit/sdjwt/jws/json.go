package jws

import (
	"bytes"
	stdjson "encoding/json"
	"unicode/utf8"

	"github.com/go-jose/go-jose/v4/json"
)

// MaxDepth is how deep arrays and objects may nest.
const MaxDepth = 64

// Unmarshal reads one JSON object or array into v, strictly: valid UTF-8, no
// deeper than MaxDepth, member names as written in v's tags, each at most once.
func Unmarshal(b []byte, v any) error {
	if !utf8.Valid(b) {
		return refuse("json", "invalid UTF-8")
	}
	if pos := tooDeep(b); pos >= 0 {
		return &Error{"json", pos, "nested too deep", nil}
	}
	if first := bytes.TrimLeft(b, " \t\r\n"); len(first) == 0 || first[0] != '{' && first[0] != '[' {
		return refuse("json", "neither object nor array")
	}
	if err := json.Unmarshal(b, v); err != nil {
		pos := -1
		if e, ok := err.(*json.SyntaxError); ok {
			pos = int(e.Offset)
		}
		return &Error{"json", pos, "malformed", err}
	}
	return nil
}

// tooDeep returns where the nesting goes below MaxDepth, or -1. In malformed
// text it may err on the side of finding nothing; the parser refuses that.
func tooDeep(b []byte) int {
	depth, quoted := 0, false
	for i := 0; i < len(b); i++ {
		switch c := b[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '{' || c == '[':
			if depth++; depth > MaxDepth {
				return i
			}
		case c == '}' || c == ']':
			depth--
		}
	}
	return -1
}

// Value reads one JSON object or array as strictly as Unmarshal. Numbers are
// encoding/json.Number, as they were written.
func Value(b []byte) (any, error) {
	var text json.RawMessage
	if err := Unmarshal(b, &text); err != nil {
		return nil, err
	}
	d := json.NewDecoder(bytes.NewReader(text))
	d.SetNumberType(json.UnmarshalJSONNumber)
	var v any
	if err := d.Decode(&v); err != nil {
		return nil, &Error{"json", -1, "malformed", err}
	}
	return standard(v), nil
}

// standard replaces the number type of go-jose's JSON in place, which
// encoding/json would write as text.
func standard(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for k := range v {
			v[k] = standard(v[k])
		}
	case []any:
		for i := range v {
			v[i] = standard(v[i])
		}
	case json.Number:
		return stdjson.Number(v)
	}
	return v
}
