// Package jcs brings JSON into the one canonical form of RFC 8785, so that
// programs in different languages hash the same bytes for the same value.
//
// The work is done by gowebpki/jcs; around it stands what hashing and signing
// need besides: limits on size and depth, errors that name the place, refusal of
// what Go's encoder would repair in silence, and strict reading.
package jcs

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/gowebpki/jcs"
)

// Limits of what is read. Documents that are signed are far smaller.
const (
	MaxSize  = 16 << 20 // bytes
	MaxDepth = 64       // arrays and objects inside each other
)

// An Error names the place in a document that was refused.
type Error struct {
	Path     string // JSON pointer, RFC 6901; "" is the document
	Position int    // bytes before the place
	Reason   string // "size", "depth", "syntax", "utf8", "surrogate", "duplicate", "number", "trailing", "not_canonical", "type"
}

func (e *Error) Error() string {
	return fmt.Sprintf("jcs: %q at byte %d: %s", e.Path, e.Position, e.Reason)
}

// Transform returns the canonical form. Numbers are read as IEEE 754 doubles, as
// the standard has it: 2^53+1 becomes 2^53.
func Transform(b []byte) ([]byte, error) { return transform(b, false) }

// TransformExact is Transform for documents that must lose nothing: it refuses
// numbers other than integers of at most 2^53-1, over which languages differ.
func TransformExact(b []byte) ([]byte, error) { return transform(b, true) }

func transform(b []byte, exact bool) ([]byte, error) {
	if err := check(b, exact); err != nil {
		return nil, err
	}
	out, err := jcs.Transform(b)
	if err != nil {
		return nil, &Error{Reason: "syntax"} // what check lets through, the library takes
	}
	return out, nil
}

// Marshal encodes a Go value and returns its canonical form. A string that is not
// UTF-8 is an error.
func Marshal(v any) ([]byte, error) {
	b, err := json.Marshal(v)
	if err != nil {
		return nil, err
	}
	if at := repaired(b); at >= 0 {
		return nil, &Error{"", at, "utf8"}
	}
	return Transform(b)
}

// repaired finds where the encoder replaced invalid UTF-8. It writes that as an
// escape, and a real U+FFFD as itself.
func repaired(b []byte) int {
	mark := []byte(`\ufffd`)
	for from := 0; ; {
		i := bytes.Index(b[from:], mark)
		if i < 0 {
			return -1
		}
		at := from + i
		slashes := 0
		for slashes < at && b[at-1-slashes] == '\\' {
			slashes++
		}
		if slashes%2 == 0 {
			return at
		}
		from = at + len(mark)
	}
}

// Unmarshal reads a canonical document into a struct and refuses everything
// else: unknown members, members in another case, numbers that do not fit, and
// every document that Marshal would not write for the value. So a hash of b is a
// hash of v.
func Unmarshal(b []byte, v any) error {
	if err := check(b, false); err != nil {
		return err
	}
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	if err := d.Decode(v); err != nil {
		var t *json.UnmarshalTypeError
		if errors.As(err, &t) {
			return &Error{t.Field, int(t.Offset), "type"}
		}
		return &Error{"", int(d.InputOffset()), "type"}
	}
	again, err := Marshal(v)
	if err != nil {
		return err
	}
	if !bytes.Equal(b, again) {
		return &Error{"", firstDifference(b, again), "not_canonical"}
	}
	return nil
}

func firstDifference(a, b []byte) int {
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			return i
		}
	}
	return min(len(a), len(b))
}
