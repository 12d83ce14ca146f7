package names

import (
	"bufio"
	"errors"
	"io"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"
)

// Word is a word that names may not hold, or only on a condition.
type Word struct {
	Word   string
	Kind   string // superlative, foreign_state ...; the Code of the Finding
	Effect Effect
	Place  Place
	Basis  string // the rule, for people
}

// Place is where a word counts.
type Place string

const (
	Anywhere Place = "any"
	AtStart  Place = "start"
	InForm   Place = "form"
)

// Banned finds words in names. It may be used by many at once.
type Banned struct {
	words []Word
	trie  *trie
}

// DefaultBanned returns the list of this package. It is a beginning: the
// authorities publish and change theirs, and a register adds its own.
var DefaultBanned = sync.OnceValue(func() *Banned {
	f, err := dataFS.Open("data/banned.tsv")
	if err != nil {
		panic(err)
	}
	defer f.Close()
	words, err := ReadWords(f)
	if err != nil {
		panic(err) // the list is embedded, and tested
	}
	return NewBanned(words)
})

// NewBanned makes a list of words.
func NewBanned(words []Word) *Banned {
	b := &Banned{words: slices.Clone(words), trie: newTrie()}
	for i, w := range words {
		if u := units(w.Word); len(u) > 0 {
			b.trie.add(u, false, int32(i))
		}
	}
	return b
}

// Words returns the words of the list, to be added to.
func (b *Banned) Words() []Word { return slices.Clone(b.words) }

// ReadWords reads a list: a header line, then word, kind, effect, place and
// basis with tabs between.
func ReadWords(r io.Reader) ([]Word, error) {
	var out []Word
	lines := bufio.NewScanner(r)
	for n := 1; lines.Scan(); n++ {
		if n == 1 || strings.TrimSpace(lines.Text()) == "" {
			continue
		}
		f := strings.Split(lines.Text(), "\t")
		if len(f) != 5 || len(units(f[0])) == 0 || !slices.Contains([]Effect{Ban, Approval, Condition, Notice}, Effect(f[2])) ||
			!slices.Contains([]Place{Anywhere, AtStart, InForm}, Place(f[3])) {
			return nil, &Error{"banned", n, ReasonSyntax}
		}
		out = append(out, Word{f[0], f[1], Effect(f[2]), Place(f[3]), f[4]})
	}
	if err := lines.Err(); errors.Is(err, bufio.ErrTooLong) {
		return nil, &Error{"banned", len(out) + 2, ReasonTooLong}
	} else if err != nil {
		return nil, err
	}
	return out, nil
}

// Find returns the words that a name holds, in their order; of words that begin
// at one place, the longest. Positions are those of the name as it was taken
// apart.
func (b *Banned) Find(n Name) []Finding {
	u := units(n.String())
	formFrom := len(units(n.Division + n.Shop + n.Industry))
	formTo := formFrom + len(units(n.Form))
	var out []Finding
	for i := range u {
		length, v := b.trie.prefix(u[i:], func(v int32) bool {
			switch b.words[v].Place {
			case AtStart:
				return i == 0
			case InForm:
				return i >= formFrom && i < formTo
			}
			return true
		})
		if length > 0 {
			w := b.words[v]
			pos := utf8.RuneCountInString(text(u[:i])) + 1
			out = append(out, Finding{Code: w.Kind, Word: w.Word, Pos: pos, Effect: w.Effect, Basis: w.Basis})
		}
	}
	return out
}
