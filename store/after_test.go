package store

import (
	"testing"
	"unicode/utf8"
)

// TestAfterIsText: a search for a Chinese prefix once sent half a character to
// PostgreSQL.
func TestAfterIsText(t *testing.T) {
	for prefix, want := range map[string]string{"a": "b", "宿": "宿" + "", "3309": "330:", "": string(utf8.MaxRune), "a\U0010FFFF": "b", "\uD7FF": "\uE000"} {
		got := after(prefix)
		if !utf8.ValidString(got) || got <= prefix {
			t.Errorf("after(%q) = %q", prefix, got)
		}
		if prefix != "宿" && got != want {
			t.Errorf("after(%q) = %q, want %q", prefix, got, want)
		}
	}
}
