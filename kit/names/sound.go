package names

import (
	"strings"
	"sync"

	"github.com/mozillazg/go-pinyin"
)

// readings corrects what the dictionary puts first where names of firms and
// places are read otherwise: 长峙, 商行, the surname 曾, 成都, 佛顶山, 泊位.
var readings = map[rune]string{
	'长': "chang", '行': "hang", '曾': "zeng", '都': "du", '佛': "fo", '泊': "bo", '任': "ren", '薄': "bo",
}

// sounds numbers the toneless syllable of each character. Characters of the
// basic plane without a reading, and all others, sound like themselves only.
var sounds = sync.OnceValue(func() *[1 << 16]uint16 {
	t := new([1 << 16]uint16)
	for r := range t {
		t[r] = uint16(r)
	}
	numbers := map[string]uint16{}
	set := func(r rune, syllable string) {
		n, ok := numbers[syllable]
		if !ok {
			// From the private use area, which no name needs.
			n = uint16(0xe000 + len(numbers))
			numbers[syllable] = n
		}
		t[r] = n
	}
	for r, all := range pinyin.PinyinDict {
		if r < len(t) {
			first, _, _ := strings.Cut(all, ",")
			set(rune(r), toneless(first))
		}
	}
	for r, syllable := range readings {
		set(r, syllable)
	}
	return t
})

// toneless takes the tone marks off a syllable; ü is v.
func toneless(s string) string {
	return strings.Map(func(r rune) rune {
		for letter, marked := range map[rune]string{
			'a': "āáǎà", 'e': "ēéěèêếềê̄ê̌", 'i': "īíǐì", 'o': "ōóǒò", 'u': "ūúǔù", 'v': "üǖǘǚǜ", 'n': "ńňǹ", 'm': "ḿ",
		} {
			if strings.ContainsRune(marked, r) {
				return letter
			}
		}
		if r < 'a' || r > 'z' {
			return -1 // a combining mark
		}
		return r
	}, s)
}
