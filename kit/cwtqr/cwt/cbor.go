package cwt

import (
	"bytes"

	"github.com/fxamacker/cbor/v2"
)

// MaxDepth is how deep arrays and maps may nest.
const MaxDepth = 16

var (
	decoder = must(cbor.DecOptions{
		DupMapKey: cbor.DupMapKeyEnforcedAPF, IndefLength: cbor.IndefLengthForbidden, TagsMd: cbor.TagsForbidden,
		MaxNestedLevels: MaxDepth, UTF8: cbor.UTF8RejectInvalid, IntDec: cbor.IntDecConvertSignedOrFail,
		NaN: cbor.NaNDecodeForbidden, Inf: cbor.InfDecodeForbidden,
		FieldNameMatching: cbor.FieldNameMatchingCaseSensitive,
	}.DecMode())
	encoder = must(cbor.CoreDetEncOptions().EncMode())
)

func must[T any](v T, err error) T {
	if err != nil {
		panic(err) // fixed options
	}
	return v
}

// Unmarshal reads one CBOR item into v, strictly: definite lengths, no tags,
// valid UTF-8, no key twice, no deeper than MaxDepth.
func Unmarshal(b []byte, v any) error {
	if len(b) > MaxSize {
		return refusal("cbor", "longer than %d bytes", MaxSize)
	}
	if err := decoder.Unmarshal(b, v); err != nil {
		return &Error{"cbor", -1, "malformed", err}
	}
	return nil
}

// UnmarshalCanonical is Unmarshal for formats with one encoding for each value:
// the core deterministic one of RFC 8949 section 4.2.1, of v and nothing else.
func UnmarshalCanonical(b []byte, v any) error {
	if err := Unmarshal(b, v); err != nil {
		return err
	}
	again, err := Marshal(v)
	if err != nil {
		return err
	}
	if !bytes.Equal(b, again) {
		return &Error{"cbor", differ(b, again), "not in the one encoding of its value", nil}
	}
	return nil
}

func differ(a, b []byte) int {
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			return i
		}
	}
	return min(len(a), len(b))
}

// Marshal writes v in core deterministic encoding.
func Marshal(v any) ([]byte, error) { return encoder.Marshal(v) }
