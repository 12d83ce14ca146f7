package access

import (
	"bufio"
	_ "embed"
	"strings"
	"sync"
	"unicode"
)

// The lists are offline: what people are asked is never sent anywhere.
// common.txt holds the most frequent passwords of the zxcvbn project (MIT,
// data/LICENSE-zxcvbn), common_zh.txt habits of Chinese users, made by us.
var (
	//go:embed data/common.txt
	frequent string
	//go:embed data/common_zh.txt
	habits string
)

// words is the set of known words.
var words = sync.OnceValue(func() map[string]bool {
	set := map[string]bool{}
	for _, list := range []string{frequent, habits} {
		lines := bufio.NewScanner(strings.NewReader(list))
		for lines.Scan() {
			if w := lines.Text(); w != "" && w[0] != '#' {
				set[w] = true
			}
		}
	}
	return set
})

const (
	longestWord = 24 // characters of a word looked up
	fewPieces   = 4  // a password of so few guessable pieces is guessable
)

// common reports whether a password consists of few guessable pieces: known
// words, words about the person, runs of digits, repeated or consecutive
// characters. Signs between the pieces and look-alike letters do not help.
func common(password string, own ...string) bool {
	mine := map[string]bool{}
	for _, w := range own {
		if w = letters(w); len([]rune(w)) >= 2 {
			mine[w] = true
		}
	}
	return pieces([]rune(letters(password)), mine) <= fewPieces || pieces([]rune(letters(signs.Replace(password))), mine) <= fewPieces
}

// Look-alikes: signs are read as letters in the whole text, digits only inside
// a word, because a year is a year.
var (
	signs  = strings.NewReplacer("@", "a", "!", "i", "$", "s", "+", "t", "€", "e")
	digits = strings.NewReplacer("4", "a", "3", "e", "1", "i", "0", "o", "5", "s", "7", "t")
)

// letters keeps letters and digits, in lower case.
func letters(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, s)
}

// pieces is the least number of guessable pieces a text can be cut into; a
// character that belongs to none is a piece of its own. A text that only
// repeats itself counts once.
func pieces(p []rune, mine map[string]bool) int {
	for n := 1; n <= len(p)/2; n++ {
		if len(p)%n == 0 && repeats(p, n) {
			p = p[:n]
			break
		}
	}
	best := make([]int, len(p)+1)
	for end := 1; end <= len(p); end++ {
		best[end] = best[end-1] + 1
		for from := end - 1; from >= max(0, end-longestWord); from-- {
			if n := best[from] + 1; n < best[end] && guessable(p[from:end], mine) {
				best[end] = n
			}
		}
	}
	return best[len(p)]
}

func repeats(p []rune, n int) bool {
	for i := n; i < len(p); i++ {
		if p[i] != p[i-n] {
			return false
		}
	}
	return true
}

func guessable(piece []rune, mine map[string]bool) bool {
	w := string(piece)
	return words()[w] || mine[w] || len(piece) >= 4 && words()[digits.Replace(w)] || len(piece) <= 8 && all(piece, unicode.IsDigit) || len(piece) >= 3 && stepping(piece)
}

func all(p []rune, f func(rune) bool) bool {
	for _, r := range p {
		if !f(r) {
			return false
		}
	}
	return true
}

// rows are keys that lie side by side.
var rows = []string{"qwertyuiop", "asdfghjkl", "zxcvbnm", "1234567890"}

// stepping reports a run of equal or consecutive characters, or of neighbouring
// keys, in either direction.
func stepping(p []rune) bool {
	d := p[1] - p[0]
	run := d >= -1 && d <= 1
	for i := 2; run && i < len(p); i++ {
		run = p[i]-p[i-1] == d
	}
	if run {
		return true
	}
	w, back := string(p), make([]rune, len(p))
	for i, r := range p {
		back[len(p)-1-i] = r
	}
	for _, row := range rows {
		if strings.Contains(row, w) || strings.Contains(row, string(back)) {
			return true
		}
	}
	return false
}
