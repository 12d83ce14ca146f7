// Package bigram cuts text into overlapping pairs of characters, so that an
// index of words can search Chinese, which has none.
//
// "舟山市场" becomes 舟山, 山市, 市场. Any part of a text two characters long
// or more is then a run of neighbouring pairs, and a phrase query over the
// pairs finds exactly the texts that contain the part. No dictionary is needed,
// and nothing depends on how a segmenter of some version cut a name.
//
// Text is first folded: full-width forms become half-width, capitals small, and
// all but letters and numbers is dropped, so that "（舟山）ＡＢＣ 有限公司" and
// "舟山abc有限公司" are one text.
//
// [Text] and [FTS5] write tokens so that the unicode61 tokenizer of SQLite with
// its default settings takes each for one word: pairs are four hexadecimal
// digits a character, which neither its tables of an older Unicode nor its
// removal of diacritics can change.
package bigram

import (
	"iter"
	"unicode"
	"unicode/utf8"
)

// Prefixes of the tokens that are not pairs. Folded text has no such
// characters, so that the three kinds cannot be confused.
const (
	SinglePrefix = "_" // one character, for queries of one character
	WordPrefix   = "=" // a whole run of ASCII letters and digits
)

// Fold returns the text that is compared: half-width, small letters, and only
// letters and numbers.
func Fold(s string) string {
	return string(fold(make([]byte, 0, len(s)), s))
}

func fold(b []byte, s string) []byte {
	for _, r := range s {
		if r = foldRune(r); r != 0 {
			b = utf8.AppendRune(b, r)
		}
	}
	return b
}

// foldRune returns 0 for what is dropped.
func foldRune(r rune) rune {
	if r >= '！' && r <= '～' {
		r -= '！' - '!'
	}
	switch {
	case r >= '一' && r <= '鿿', r >= 'a' && r <= 'z', r >= '0' && r <= '9':
		return r
	case r >= 'A' && r <= 'Z':
		return r + 'a' - 'A'
	case r < 0x80 || r == utf8.RuneError:
		return 0
	case unicode.IsLetter(r):
		return unicode.ToLower(r)
	case unicode.IsNumber(r):
		return r
	}
	return 0
}

// Tokens returns the tokens of a text: its pairs in order, then each run of
// ASCII letters and digits as a word, then each character alone. Repeated
// tokens stay.
func Tokens(s string) []string {
	text := Fold(s)
	n := utf8.RuneCountInString(text)
	if n == 0 {
		return nil
	}
	out := appendPairs(make([]string, 0, 2*n+1), text)
	for w := range words(s) {
		out = append(out, WordPrefix+w)
	}
	return appendSingles(out, text, n)
}

func appendPairs(out []string, text string) []string {
	prev := 0
	for i, r := range text {
		if i > 0 {
			out = append(out, text[prev:i+utf8.RuneLen(r)])
		}
		prev = i
	}
	return out
}

// appendSingles cuts all the tokens out of one string, to allocate once.
func appendSingles(out []string, text string, n int) []string {
	b := make([]byte, 0, len(text)+n*len(SinglePrefix))
	for _, r := range text {
		b = utf8.AppendRune(append(b, SinglePrefix...), r)
	}
	all := string(b)
	for start := 0; start < len(all); {
		_, size := utf8.DecodeRuneInString(all[start+len(SinglePrefix):])
		end := start + len(SinglePrefix) + size
		out = append(out, all[start:end])
		start = end
	}
	return out
}

// words yields the runs of ASCII letters and digits, folded, at least two long.
// Punctuation and blanks end a run, although they do not part pairs.
func words(s string) iter.Seq[string] {
	return func(yield func(string) bool) {
		var run []byte
		for _, r := range s {
			if f := foldRune(r); f != 0 && f < 0x80 {
				run = append(run, byte(f))
				continue
			}
			if len(run) > 1 && !yield(string(run)) {
				return
			}
			run = run[:0]
		}
		if len(run) > 1 {
			yield(string(run))
		}
	}
}

// Query returns the tokens that every text must have to contain what was
// asked. Blanks part terms, which may stand anywhere in the text; tokens of one
// term are neighbours. single reports that the query is one character only,
// which finds far too much to be worth ranking.
func Query(s string) (tokens []string, single bool) {
	n := 0
	for term := range terms(s) {
		if c := utf8.RuneCountInString(term); c == 1 {
			tokens = append(tokens, SinglePrefix+term)
			n++
		} else {
			tokens = appendPairs(tokens, term)
			n += c
		}
	}
	return tokens, n == 1
}

// terms yields the folded parts between blanks.
func terms(s string) iter.Seq[string] {
	return func(yield func(string) bool) {
		start := -1
		for i, r := range s + " " {
			switch {
			case !unicode.IsSpace(r) && start < 0:
				start = i
			case unicode.IsSpace(r) && start >= 0:
				term := Fold(s[start:i])
				if start = -1; term != "" && !yield(term) {
					return
				}
			}
		}
	}
}
