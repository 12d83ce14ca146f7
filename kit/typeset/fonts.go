package typeset

import (
	"fmt"
	"sync"

	"github.com/dinghai/dinghai/kit/typeset/truetype"
)

// A Family names a typeface by its role, not by its maker.
type Family string

// The families of official documents.
const (
	FangSong     Family = "仿宋"
	XiaoBiaoSong Family = "小标宋"
	HeiTi        Family = "黑体"
	KaiTi        Family = "楷体"
	SongTi       Family = "宋体"
)

// A Loader gives a font when it is first needed.
type Loader func() (*truetype.Font, error)

// Loaded wraps a font that is there already.
func Loaded(f *truetype.Font) Loader { return func() (*truetype.Font, error) { return f, nil } }

// Once wraps a loader that is asked once, however many sets hold it.
func Once(l Loader) Loader { return sync.OnceValues(l) }

// Fonts holds the fonts of each family in order of preference. A rune is set in
// the first that has a glyph for it. The methods are safe for use by several
// goroutines except Prefer and Append.
type Fonts struct {
	families map[Family][]Loader
	last     []Loader // asked after every family
}

// NewFonts returns a set without any font.
func NewFonts() *Fonts { return &Fonts{families: map[Family][]Loader{}} }

// Prefer puts a font before those a family has.
func (fs *Fonts) Prefer(name Family, l Loader) {
	fs.families[name] = append([]Loader{Once(l)}, fs.families[name]...)
}

// Append puts a font after those a family has. The name "" stands for all
// families: such a font is asked when no other has the glyph.
func (fs *Fonts) Append(name Family, l Loader) {
	if name == "" {
		fs.last = append(fs.last, Once(l))
		return
	}
	fs.families[name] = append(fs.families[name], Once(l))
}

// Clone returns a copy that can be added to without touching fs. Fonts loaded
// by one are not loaded again by the other.
func (fs *Fonts) Clone() *Fonts {
	c := NewFonts()
	c.last = append(c.last, fs.last...)
	for name, ls := range fs.families {
		c.families[name] = append([]Loader(nil), ls...)
	}
	return c
}

// A GlyphError says that no font can show a character. Text is never set
// without it.
type GlyphError struct {
	Rune   rune
	Offset int    // of the rune in its text, counted in runes from 0
	Text   string // the text, shortened around the rune
	Family Family
}

func (e *GlyphError) Error() string {
	return fmt.Sprintf("typeset: no %s font has a glyph for %q (%U), character %d in %q", e.Family, e.Rune, e.Rune, e.Offset+1, e.Text)
}

// A FamilyError says that a style asks for a family of which no font is known.
type FamilyError struct{ Family Family }

func (e *FamilyError) Error() string { return fmt.Sprintf("typeset: no font of family %q", e.Family) }

// find returns the font and glyph for a rune, or a nil font.
func (fs *Fonts) find(name Family, r rune) (*truetype.Font, truetype.GID, error) {
	ls, ok := fs.families[name]
	if !ok {
		return nil, 0, &FamilyError{name}
	}
	for _, group := range [][]Loader{ls, fs.last} {
		for _, l := range group {
			f, err := l()
			if err != nil {
				return nil, 0, fmt.Errorf("typeset: load a font of %s: %w", name, err)
			}
			if g := f.Glyph(r); g != 0 {
				return f, g, nil
			}
		}
	}
	return nil, 0, nil
}
