package bigram

import "unicode/utf8"

// Letters beyond f mark the kinds that are not pairs, and characters above
// U+FFFF, whose six digits are otherwise no multiple of four.
const (
	singleMark = 's'
	wordMark   = 'w'
	longMark   = 'x'
)

// Text returns what to store in an FTS5 column tokenised by unicode61: the
// tokens of s, encoded, with blanks between. Pairs come first and unbroken, so
// that phrases of them match.
func Text(s string) string {
	var folded [256]byte
	text := fold(folded[:0], s)
	b := make([]byte, 0, 5*len(text))
	b = appendEncodedPairs(b, text)
	for w := range words(s) {
		b = append(b, wordMark)
		for i := range len(w) {
			b = appendHex(b, rune(w[i]))
		}
		b = append(b, ' ')
	}
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRune(text[i:])
		b = appendHex(append(b, singleMark), r)
		b = append(b, ' ')
		i += size
	}
	return string(b[:max(len(b)-1, 0)])
}

// FTS5 returns the MATCH expression that finds the texts containing every
// blank-separated term of s, each as a phrase. It holds only quoted tokens and
// AND, so that nothing typed can act as query syntax. A query with nothing to
// search for gives "", which FTS5 refuses: do not run it.
func FTS5(s string) string {
	var b []byte
	for term := range terms(s) {
		if len(b) > 0 {
			b = append(b, " AND "...)
		}
		b = append(b, '"')
		if r, size := utf8.DecodeRuneInString(term); size == len(term) {
			b = appendHex(append(b, singleMark), r)
		} else {
			b = appendEncodedPairs(b, []byte(term))
			b = b[:len(b)-1]
		}
		b = append(b, '"')
	}
	return string(b)
}

// FTS5Word is FTS5 for one whole word of ASCII letters and digits, such as a
// model number, that must not be part of a longer one. It returns "" if s is
// anything else.
func FTS5Word(s string) string {
	text := Fold(s)
	b := []byte{'"', wordMark}
	for i := range len(text) {
		if text[i] >= 0x80 {
			return ""
		}
		b = appendHex(b, rune(text[i]))
	}
	if len(text) < 2 {
		return ""
	}
	return string(append(b, '"'))
}

func appendEncodedPairs(b, text []byte) []byte {
	prev, size := utf8.DecodeRune(text)
	for i := size; i < len(text); i += size {
		var r rune
		r, size = utf8.DecodeRune(text[i:])
		b = append(appendHex(appendHex(b, prev), r), ' ')
		prev = r
	}
	return b
}

const hexDigits = "0123456789abcdef"

func appendHex(b []byte, r rune) []byte {
	if r > 0xffff {
		b = append(b, longMark, hexDigits[r>>20&15], hexDigits[r>>16&15])
	}
	return append(b, hexDigits[r>>12&15], hexDigits[r>>8&15], hexDigits[r>>4&15], hexDigits[r&15])
}
