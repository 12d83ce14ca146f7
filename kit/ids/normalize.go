package ids

import (
	"strings"
	"unicode"
)

// Notice is the set of changes that Normalize made. It is shown to the person
// who typed the text.
type Notice uint8

const (
	FullWidth Notice = 1 << iota // full-width characters became half-width
	UpperCase                    // letters became capitals
	Blanks                       // blanks and invisible characters were dropped
)

// Codes lists the changes as stable codes.
func (n Notice) Codes() []string {
	var out []string
	for i, code := range [...]string{"full_width", "upper_case", "blanks"} {
		if n&(1<<i) != 0 {
			out = append(out, code)
		}
	}
	return out
}

// Normalize turns what people type or paste into the form that the checks
// accept: half-width, capitals, no blanks. Hyphens stay, since telephone numbers
// and organisation codes are printed with them. It returns s itself, with no
// notice, if there is nothing to change.
func Normalize(s string) (string, Notice) {
	if clean(s) {
		return s, 0
	}
	var n Notice
	out := strings.Map(func(r rune) rune {
		switch {
		case r >= '！' && r <= '～':
			n |= FullWidth
			r -= '！' - '!'
		case r == '－' || r == '−' || r == '‐' || r == '–':
			n |= FullWidth
			r = '-'
		}
		switch {
		case unicode.IsSpace(r) || unicode.Is(unicode.Cf, r):
			n |= Blanks
			return -1
		case r >= 'a' && r <= 'z':
			n |= UpperCase
			r -= 'a' - 'A'
		}
		return r
	}, s)
	if n == 0 {
		return s, 0
	}
	return out, n
}

func clean(s string) bool {
	for i := range len(s) {
		if c := s[i]; c <= ' ' || c >= 'a' && c <= 'z' || c >= 0x80 {
			return false
		}
	}
	return true
}
