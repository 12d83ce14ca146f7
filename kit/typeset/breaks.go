package typeset

import "unicode"

// Characters that GB/T 15834 keeps from the start of a line (the end of a pair,
// stops, connectors, middle dot, solidus) or from its end (the start of a
// pair), with those that word processors set for Chinese add to them.
var noStart, noEnd = set(
	"!%),.:;>?]}¢¨°·ˇˉ―‖’”…‰′″›℃℉∶、。〃々〉》」』】〕〗〙〞︶︺︾﹀﹄﹚﹜﹞！＂％＇），．：；？］｀｜｝～￠" +
		"/／—–‐‑‒‥•・‧－〜〟％﹐﹑﹒﹔﹕﹖﹗ー゛゜ゝゞヽヾぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮ｡､｣"),
	set("$([{£¥·‘“〈《「『【〔〖〘〝﹙﹛﹝＄（．［｛￡￥" + "/／№§￠｢")

func set(s string) map[rune]bool {
	m := make(map[rune]bool)
	for _, r := range s {
		m[r] = true
	}
	return m
}

// NoLineStart reports whether a line of Chinese must not begin with r.
func NoLineStart(r rune) bool { return noStart[r] }

// NoLineEnd reports whether a line of Chinese must not end with r.
func NoLineEnd(r rune) bool { return noEnd[r] }

// class sorts runes by how they hold to their neighbours.
type class uint8

const (
	han   class = iota // stands alone: ideographs, kana, full-width signs
	word               // holds to others of its class: letters, digits, ASCII signs
	quote              // straight quotation marks hold to both sides
	space              // a break may follow
	glue               // no-break space: holds to both sides
	mark               // combining: holds to the rune before
	twin               // two of the same are one sign: —— and ……
)

func classOf(r rune) class {
	switch {
	case r == ' ':
		return space
	case r == '"' || r == '\'':
		return quote
	case r < 0x7F:
		return word
	case r == '—' || r == '…' || r == '―' || r == '⋯':
		return twin
	case r == 0xA0 || r == 0x202F || r == 0x2060 || r == 0xFEFF:
		return glue
	case r >= 0x2E80 && r < 0xA000, r >= 0xF900 && r < 0xFB00, r >= 0xFE30 && r < 0xFFF0, r >= 0x20000:
		return han
	case unicode.In(r, unicode.Mn, unicode.Me, unicode.Mc) || r == 0x200D || r >= 0xFE00 && r < 0xFE10:
		return mark
	case unicode.IsLetter(r) || unicode.IsDigit(r):
		return word
	}
	return han
}

// Breaks reports for each rune of a text whether a line may begin with it. The
// first is always true. Spaces belong to the line before them.
func Breaks(text []rune) []bool {
	ok := make([]bool, len(text))
	for i := range text {
		ok[i] = i == 0 || mayBreak(text, i)
	}
	return ok
}

func mayBreak(text []rune, i int) bool {
	a, b := text[i-1], text[i]
	ca, cb := classOf(a), classOf(b)
	if noStart[b] || noEnd[a] || cb == space || cb == mark || ca == glue || cb == glue {
		return false
	}
	if ca == space {
		// What stands before the spaces ends the line.
		for j := i - 1; j >= 0; j-- {
			if text[j] != ' ' {
				return !noEnd[text[j]]
			}
		}
		return true
	}
	if ca == mark {
		for j := i - 1; j > 0 && ca == mark; j-- {
			ca = classOf(text[j-1])
		}
	}
	switch {
	case ca == quote || cb == quote:
		return false
	case ca == twin && cb == twin && a == b:
		return false
	case b == '〔' && ca == han, a == '〕' && cb == word:
		return false // the number of a document: 舟市监〔2024〕12号
	}
	return ca != word || cb != word
}
