package bigram

import (
	"sync"
	"unicode/utf8"

	"github.com/mozillazg/go-pinyin"
)

// Initials returns the first letter of each character's pinyin: "舟山市市场"
// gives "zsssc". ASCII letters and digits stay, folded; all else is dropped.
//
// Characters of several readings get the most common one, regardless of the
// word they stand in.
func Initials(s string) string {
	table := initials()
	var buf [64]byte
	b := buf[:0]
	for _, r := range s {
		r = foldRune(r)
		switch {
		case r == 0:
		case r < utf8.RuneSelf:
			b = append(b, byte(r))
		default:
			if c := table.of(r); c != 0 {
				b = append(b, c)
			}
		}
	}
	return string(b)
}

// initialTable holds the letter of each character, 0 for none. Characters above
// U+FFFF are too rare to deserve a slot each.
type initialTable struct {
	basic [1 << 16]byte
	rare  map[rune]byte
}

func (t *initialTable) of(r rune) byte {
	if r < 1<<16 {
		return t.basic[r]
	}
	return t.rare[r]
}

// commonInNames corrects readings for names of firms and places, where the
// dictionary puts another one first: 长峙岛, 商行, the surname 曾.
var commonInNames = map[rune]byte{'长': 'c', '行': 'h', '曾': 'z'}

var initials = sync.OnceValue(func() *initialTable {
	t := &initialTable{rare: map[rune]byte{}}
	for r, readings := range pinyin.PinyinDict {
		t.set(rune(r), letter(readings))
	}
	for r, c := range commonInNames {
		t.set(r, c)
	}
	return t
})

func (t *initialTable) set(r rune, c byte) {
	if r < 1<<16 {
		t.basic[r] = c
	} else {
		t.rare[r] = c
	}
}

// letter returns the first letter of a reading without its tone mark.
func letter(reading string) byte {
	r, _ := utf8.DecodeRuneInString(reading)
	if r < utf8.RuneSelf {
		return byte(r)
	}
	return toned[r]
}

var toned = map[rune]byte{
	'ā': 'a', 'á': 'a', 'ǎ': 'a', 'à': 'a',
	'ē': 'e', 'é': 'e', 'ě': 'e', 'è': 'e', 'ê': 'e', 'ế': 'e', 'ề': 'e',
	'ō': 'o', 'ó': 'o', 'ǒ': 'o', 'ò': 'o',
	'ń': 'n', 'ň': 'n', 'ǹ': 'n', 'ḿ': 'm',
}
