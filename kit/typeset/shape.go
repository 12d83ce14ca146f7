package typeset

import (
	"fmt"
	"unicode/utf8"

	"github.com/dinghai/dinghai/kit/typeset/truetype"
)

// A FitError says that something is larger than the room it was given.
type FitError struct {
	What       string
	Need, Room Length
}

func (e *FitError) Error() string {
	return fmt.Sprintf("typeset: %s needs %.1f mm, there are %.1f mm", e.What, e.Need.MM(), e.Room.MM())
}

// cell is a character about to be set. A line feed has no font.
type cell struct {
	font    *truetype.Font
	style   *Style
	advance Length
	r       rune
	id      truetype.GID
}

// setter turns text into cells, remembering which font shows which rune.
type setter struct {
	fonts *Fonts
	known map[Family]map[rune]found
}

type found struct {
	font *truetype.Font
	id   truetype.GID
}

func newSetter(fonts *Fonts) *setter {
	return &setter{fonts: fonts, known: map[Family]map[rune]found{}}
}

func (s *setter) shape(spans []Span) ([]cell, error) {
	n := 0
	for _, sp := range spans {
		n += utf8.RuneCountInString(sp.Text)
	}
	cells := make([]cell, 0, n)
	for i := range spans {
		sp := &spans[i]
		if sp.Size <= 0 || sp.Pitch < 0 {
			return nil, &FitError{fmt.Sprintf("text %.20q of size %d", sp.Text, sp.Size), 0, 0}
		}
		from := len(cells)
		for at, r := range sp.Text {
			c, err := s.cell(&sp.Style, r, invalid(sp.Text, at, r))
			if err != nil {
				return nil, err
			}
			if c.font == nil && r != '\n' {
				return nil, &GlyphError{Rune: r, Offset: len(cells), Text: around(sp.Text, len(cells)-from), Family: sp.Family}
			}
			cells = append(cells, c)
		}
	}
	return cells, nil
}

// invalid tells a byte that is no UTF-8 from a true U+FFFD.
func invalid(s string, at int, r rune) bool {
	if r != utf8.RuneError {
		return false
	}
	_, size := utf8.DecodeRuneInString(s[at:])
	return size == 1
}

func (s *setter) cell(st *Style, r rune, invalid bool) (cell, error) {
	c := cell{style: st, r: r}
	if r == '\n' || invalid {
		return c, nil
	}
	byRune := s.known[st.Family]
	if byRune == nil {
		byRune = map[rune]found{}
		s.known[st.Family] = byRune
	}
	f, ok := byRune[r]
	if !ok {
		font, id, err := s.fonts.find(st.Family, r)
		if err != nil {
			return c, err
		}
		f = found{font, id}
		byRune[r] = f
	}
	if f.font == nil {
		return c, nil
	}
	c.font, c.id = f.font, f.id
	pitch := st.Pitch
	if pitch == 0 {
		pitch = st.Size
	}
	units := Length(f.font.Units)
	c.advance = (Length(f.font.Advance(f.id))*pitch + units/2) / units
	return c, nil
}

// around shortens a text to the dozen runes on each side of a place.
func around(s string, at int) string {
	rs := []rune(s)
	from, to := max(0, at-12), min(len(rs), at+13)
	return string(rs[from:to])
}
