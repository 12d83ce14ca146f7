package cwtqr

import (
	"bytes"
	"errors"
	"testing"
)

// The examples of RFC 9285 sections 4.3, 4.4 and 6.
func TestBase45(t *testing.T) {
	for plain, text := range map[string]string{"AB": "BB8", "Hello!!": "%69 VD92EX0", "base-45": "UJCLQE7W581", "ietf!": "QED8WEX0", "": ""} {
		if got := encodeBase45([]byte(plain)); got != text {
			t.Errorf("%q: %q", plain, got)
		}
		if got, err := decodeBase45(text); err != nil || string(got) != plain {
			t.Errorf("%q: %q, %v", text, got, err)
		}
	}
	if b, err := decodeBase45("FGW"); err != nil || !bytes.Equal(b, []byte{255, 255}) {
		t.Errorf("%x, %v", b, err)
	}
	for text, pos := range map[string]int{"GGW": 0, "::": 0, "BB8U6": 3, "A": 0, "BB8B": 3, "Bé": 1, "0\n0": 1} {
		_, err := decodeBase45(text)
		var e *Error
		if !errors.As(err, &e) || e.Pos != pos {
			t.Errorf("%q: %v, want position %d", text, err, pos)
		}
	}
}

func FuzzBase45(f *testing.F) {
	f.Add("QED8WEX0")
	f.Fuzz(func(t *testing.T, s string) {
		if b, err := decodeBase45(s); err == nil && encodeBase45(b) != s {
			t.Errorf("two encodings: %q", s)
		}
	})
}
