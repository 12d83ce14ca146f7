package jws

import (
	"bytes"
	stdjson "encoding/json"
	"io"
	"unicode/utf8"

	"github.com/go-jose/go-jose/v4/json"
)

// MaxDepth is how deep arrays and objects may nest.
const MaxDepth = 64

// Unmarshal reads one JSON object or array into v, strictly: valid UTF-8, no
// deeper than MaxDepth, no member twice anywhere, names as written in v's tags.
func Unmarshal(b []byte, v any) error {
	// Members that v does not have are looked at only here.
	if _, err := decodeAny(b); err != nil {
		return err
	}
	if err := json.Unmarshal(b, v); err != nil {
		return malformed(err)
	}
	return nil
}

// Value reads one JSON object or array as strictly as Unmarshal. Numbers are
// encoding/json.Number, as they were written.
func Value(b []byte) (any, error) {
	v, err := decodeAny(b)
	return standard(v), err
}

func decodeAny(b []byte) (v any, err error) {
	if !utf8.Valid(b) {
		return nil, refusal("json", "invalid UTF-8")
	}
	if pos := tooDeep(b); pos >= 0 {
		return nil, &Error{"json", pos, "nested too deep", nil}
	}
	if first := bytes.TrimLeft(b, " \t\r\n"); len(first) == 0 || first[0] != '{' && first[0] != '[' {
		return nil, refusal("json", "neither object nor array")
	}
	d := json.NewDecoder(bytes.NewReader(b))
	d.SetNumberType(json.UnmarshalJSONNumber)
	if err := d.Decode(&v); err != nil {
		return nil, malformed(err)
	}
	if err := d.Decode(new(any)); err != io.EOF {
		return nil, refusal("json", "something follows")
	}
	return v, nil
}

func malformed(err error) error {
	pos := -1
	if e, ok := err.(*json.SyntaxError); ok {
		pos = int(e.Offset)
	}
	return &Error{"json", pos, "malformed", err}
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
