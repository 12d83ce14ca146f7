package report

import (
	"strings"
	"unicode/utf8"
)

// folded is a draft as it is compared: half-width and small, each byte knowing
// where it stood. Full-width marks that part clauses stay as they are.
type folded struct {
	text string
	at   []int // original offset of each byte of text, and of its end
}

func fold(s string) folded {
	var b strings.Builder
	at := make([]int, 0, len(s)+1)
	for i, r := range s {
		r = foldRune(r)
		for range utf8.RuneLen(r) {
			at = append(at, i)
		}
		b.WriteRune(r)
	}
	return folded{b.String(), append(at, len(s))}
}

func foldRune(r rune) rune {
	switch {
	case r >= '０' && r <= '９', r >= 'Ａ' && r <= 'Ｚ', r >= 'ａ' && r <= 'ｚ', r == '％', r == '．', r == '－', r == '＋', r == '＃', r == '［', r == '］':
		r -= '！' - '!'
	case r == '　', r == '\u00a0', r == '\t':
		r = ' '
	case r == '￥':
		r = '¥'
	}
	if r >= 'A' && r <= 'Z' {
		r += 'a' - 'A'
	}
	return r
}

// span gives the original offsets of a part of the folded text.
func (f folded) span(from, to int) (int, int) { return f.at[from], f.at[to] }
