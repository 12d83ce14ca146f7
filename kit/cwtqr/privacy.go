package cwtqr

import (
	"strings"

	"github.com/dinghai/dinghai/kit/ids"
)

// MaskName hides the middle of a person's name: 王*明, 王*.
func MaskName(name string) string {
	r := []rune(name)
	switch len(r) {
	case 0:
		return ""
	case 1:
		return "*"
	case 2:
		return string(r[0]) + "*"
	}
	return string(r[0]) + strings.Repeat("*", len(r)-2) + string(r[len(r)-1])
}

// checkPrivacy refuses what must not be printed for anyone to scan.
func (c *Claims) checkPrivacy() error {
	if r := c.Licence.Representative; r != "" && !strings.Contains(r, "*") {
		return refuse("representative", "not masked")
	}
	for _, f := range c.texts() {
		plain, changed := ids.Normalize(f.text) // full-width digits, blanks within
		if pos := personalNumber(plain); pos >= 0 {
			if changed != 0 {
				pos = -1
			}
			return &Error{f.name, pos, "holds the number of a person", nil}
		}
	}
	return nil
}

// personalNumber returns where a resident identity number or a mobile telephone
// number stands in a text, or -1.
func personalNumber(s string) int {
	for i := 0; i < len(s); i++ {
		n := 0
		for i+n < len(s) && s[i+n] >= '0' && s[i+n] <= '9' {
			n++
		}
		if n == 17 && i+n < len(s) && (s[i+n]|0x20) == 'x' {
			n = 18
		}
		for at := i; at < i+n; at++ {
			if holds(s[at:i+n], 18, resident) || n == 11 && holds(s[at:i+n], 11, mobile) {
				return at
			}
		}
		i += n
	}
	return -1
}

func holds(s string, n int, is func(string) bool) bool { return len(s) >= n && is(s[:n]) }

func resident(s string) bool {
	_, err := ids.ParseResidentID(strings.ToUpper(s), "")
	return err == nil
}

func mobile(s string) bool {
	p, err := ids.ParsePhone(s)
	return err == nil && p.Kind == ids.Mobile
}
