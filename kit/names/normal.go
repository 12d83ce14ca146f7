package names

import (
	_ "embed"
	"strings"
	"sync"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

//go:embed data/simplified.txt
var simplifiedTXT string

// simplified maps traditional characters of the basic plane; 0 stands for
// itself.
var simplified = sync.OnceValue(func() *[1 << 16]uint16 {
	t := new([1 << 16]uint16)
	for pair := range strings.FieldsSeq(simplifiedTXT) {
		r := []rune(pair)
		t[r[0]] = uint16(r[1])
	}
	return t
})

const (
	openBracket  = '（'
	closeBracket = '）'
)

// normalize appends the name as UTF-16: half-width capitals and digits,
// simplified characters, full-width round brackets, and nothing else but
// letters, digits and what joins them. Most names are of two bytes a character
// then, which is what makes a million of them small.
func normalize(dst []uint16, s string) ([]uint16, error) {
	table := simplified()
	start, brackets := len(dst), 0
	for i, r := range s {
		switch {
		case r >= '一' && r <= '鿿':
			u := uint16(r)
			if t := table[u]; t != 0 {
				u = t
			}
			dst = append(dst, u)
			continue
		case r == utf8.RuneError:
			if _, n := utf8.DecodeRuneInString(s[i:]); n == 1 {
				return dst[:start], &Error{"name", utf8.RuneCountInString(s[:i]) + 1, ReasonUTF8}
			}
			continue
		}
		if r = fold(r); r != 0 {
			dst = utf16.AppendRune(dst, r)
		}
		if r == openBracket || r == closeBracket {
			brackets++
		}
	}
	switch n := len(dst) - start; {
	case n == brackets:
		return dst, &Error{"name", 0, ReasonEmpty}
	case n > MaxLength:
		return dst[:start], &Error{"name", MaxLength + 1, ReasonTooLong}
	}
	return dst, nil
}

// fold returns 0 for what is dropped: blanks, marks and signs.
func fold(r rune) rune {
	if r >= '！' && r <= '～' {
		r -= '！' - '!'
	}
	switch {
	case r == '(' || r == '[' || r == '〔' || r == '【':
		return openBracket
	case r == ')' || r == ']' || r == '〕' || r == '】':
		return closeBracket
	case r >= 'a' && r <= 'z':
		return r + 'A' - 'a'
	case r == '&' || r == '+':
		return r
	case unicode.IsLetter(r):
		return unicode.ToUpper(r)
	case unicode.IsNumber(r):
		return r
	}
	return 0
}

func text(u []uint16) string {
	var buf [3 * MaxLength]byte
	b := buf[:0]
	for i := 0; i < len(u); i++ {
		r := rune(u[i])
		if utf16.IsSurrogate(r) && i+1 < len(u) {
			if pair := utf16.DecodeRune(r, rune(u[i+1])); pair != utf8.RuneError {
				r = pair
				i++
			}
		}
		b = utf8.AppendRune(b, r)
	}
	return string(b)
}

// spells reports whether text(u) is s.
func spells(u []uint16, s string) bool {
	i := 0
	for _, r := range s {
		n := utf16.RuneLen(r)
		if n < 1 || i+n > len(u) || n == 1 && rune(u[i]) != r || n == 2 && utf16.DecodeRune(rune(u[i]), rune(u[i+1])) != r {
			return false
		}
		i += n
	}
	return i == len(u)
}

func units(s string) []uint16 {
	u, _ := normalize(nil, s)
	return u
}
