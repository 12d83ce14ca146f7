package gs1

import (
	"errors"
	"math"
	"testing"
)

func TestCompressionVectors(t *testing.T) {
	y := tally{t: t, name: "dl-compression"}
	for _, v := range load(t, "dl-compression") {
		p := Parser{SkipAssociations: true} // as the toolkit that made them
		short, err := p.Compress(v.URI, v.Optimised)
		plain, err2 := p.Decompress(v.Compressed)
		// The file leaves some characters without the percent-encoding they need.
		y.case_(err == nil && err2 == nil && short == v.Compressed && unescape(plain) == unescape(v.Decompressed),
			"%q → %q, %v, want %q; back %q, %v", v.URI, short, err, v.Compressed, plain, err2)
	}
	y.report()
}

func unescape(s string) string { return string(appendUnescaped(nil, s, false)) }

func TestValueBits(t *testing.T) {
	for n := range 100 {
		if got, want := valueBits(n), int(math.Ceil(float64(n)*math.Log2(10)+0.01)); got != want {
			t.Errorf("valueBits(%d) = %d, want %d", n, got, want)
		}
	}
}

// What the reference toolkit corrupts must either survive or stay plain.
func TestCompressSafe(t *testing.T) {
	for _, tt := range []struct {
		uri   string
		plain bool
	}{
		{"https://id.gs1.org/01/09521234543213/21/080000000", false},            // leading zero
		{"https://id.gs1.org/01/09521234543213/21/12345678901234567890", false}, // beyond 2^53
		{"https://id.gs1.org/8006/095212345432130102", true},
		{"https://id.gs1.org/00/395212345432130100", true},
		{"https://id.gs1.org/253/9521234543213ABC", false}, // two parts
		{"https://id.gs1.org/8003/09521234543213abc", false},
		{"https://id.gs1.org/01/09521234543213/235/T-1?10=%22", true}, // binary loses which one was the qualifier
		{"https://id.gs1.org/01/09521234543213/10/T-1?3103=000195&q=1&r=%2F#f", false},
		{"https://example.com/a/b/01/09521234543213/22/%2F/10/%25/21/%26?11=261231", false},
	} {
		uri := tt.uri
		short, err := Compress(uri, true)
		if err != nil {
			t.Errorf("%s: %v", uri, err)
			continue
		}
		if (short == uri) != tt.plain {
			t.Errorf("%s: compressed to %s", uri, short)
		}
		if plain, err := Decompress(short); err != nil || plain != uri {
			t.Errorf("%s: back as %s, %v", uri, plain, err)
		}
	}
}

// Digits that a decoder in floating point would lose are written as text.
func TestNarrowest(t *testing.T) {
	for s, want := range map[string]encoding{
		"80": encDigits, "080": encUpper, "9007199254740991": encDigits, "9007199254740993": encUpper,
		"abc": encLower, "ABC": encUpper, "aB-_": encBase64, "a/b": encASCII, "": encASCII,
	} {
		if got := narrowest(s); got != want {
			t.Errorf("%q: %d, want %d", s, got, want)
		}
	}
}

// A length beyond the format of the AI must not be believed.
func TestDecompressLength(t *testing.T) {
	var w bitWriter
	w.write(0x0C, 8) // (01) and (21)
	w.number("09521234543213")
	w.write(uint64(encUpper), 3)
	w.write(31, 5) // of at most 20
	for range 31 {
		w.write(10, 4)
	}
	var e *Error
	if _, err := Decompress("https://id.gs1.org/" + w.base64()); !errors.As(err, &e) || e.Reason != ReasonCompressed {
		t.Errorf("%v", err)
	}
}
