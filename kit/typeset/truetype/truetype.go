// Package truetype reads the parts of TrueType fonts (ISO/IEC 14496-22, OpenType
// with glyf outlines) that setting and embedding text need: which runes have a
// glyph, how wide it is, and a program of a few glyphs cut out of the whole.
//
// Fonts come from folders that other people fill, so every offset is checked
// and nothing read can make a result larger than the file it came from.
// Outlines of the CFF kind (.otf) are refused by name.
package truetype

import (
	"encoding/binary"
	"fmt"
	"sort"
	"unicode"
)

// A FormatError tells what is wrong with a font and where.
type FormatError struct {
	Table  string // four letters, or "" for the file itself
	Offset int    // in bytes from the start of the table or file
	Reason string
}

func (e *FormatError) Error() string {
	table := e.Table
	if table == "" {
		table = "file"
	}
	return fmt.Sprintf("truetype: %s at %d: %s", table, e.Offset, e.Reason)
}

// A GID is the index of a glyph within its font; 0 is the glyph for nothing.
type GID uint16

// A Font is a parsed font. It keeps the bytes it was parsed from and is safe
// for use by several goroutines.
type Font struct {
	Names   []string // family and full names in all languages, in file order
	Units   int      // font units per em; all other measures are in these
	Ascent  int      // above the baseline
	Descent int      // below the baseline, negative
	Cap     int      // height of capitals
	Box     [4]int   // xMin, yMin, xMax, yMax over all glyphs
	Weight  int      // 400 is regular, 700 bold
	Fixed   bool     // all glyphs are equally wide

	tables   map[string][]byte
	glyphs   int
	metrics  int // glyphs with an advance of their own
	longLoca bool
	segments []segment
}

// Parse reads a font. Of a collection (.ttc) it reads the first.
func Parse(b []byte) (*Font, error) {
	fs, err := ParseCollection(b)
	if err != nil {
		return nil, err
	}
	return fs[0], nil
}

// maxFonts bounds a collection; real ones hold fewer.
const maxFonts = 16

// ParseCollection reads all fonts of a collection, or the one of a plain font.
func ParseCollection(b []byte) ([]*Font, error) {
	if tag(b) != "ttcf" {
		f, err := parseAt(b, 0)
		return []*Font{f}, err
	}
	r := reader{"", b}
	n, err := r.u32(8)
	if err != nil {
		return nil, err
	}
	if n == 0 || n > maxFonts {
		return nil, &FormatError{"", 8, fmt.Sprintf("a collection of %d fonts", n)}
	}
	fonts := make([]*Font, n)
	for i := range fonts {
		at, err := r.u32(12 + 4*i)
		if err != nil {
			return nil, err
		}
		if fonts[i], err = parseAt(b, at); err != nil {
			return nil, err
		}
	}
	return fonts, nil
}

func parseAt(b []byte, at int) (*Font, error) {
	f := &Font{}
	for _, step := range []func() error{
		func() error { return f.directory(b, at) },
		f.head, f.hhea, f.maxp, f.os2, f.loca, f.cmap, f.name,
	} {
		if err := step(); err != nil {
			return nil, err
		}
	}
	return f, nil
}

func tag(b []byte) string {
	if len(b) < 4 {
		return ""
	}
	return string(b[:4])
}

func (f *Font) directory(b []byte, at int) error {
	if at < 0 || at > len(b)-12 {
		return &FormatError{"", at, "too short for a font"}
	}
	switch tag(b[at:]) {
	case "\x00\x01\x00\x00", "true":
	case "OTTO":
		return &FormatError{"", at, "outlines are CFF, only TrueType outlines can be embedded"}
	default:
		return &FormatError{"", at, "not a TrueType font"}
	}
	r := reader{"", b}
	n, _ := r.u16(at + 4)
	f.tables = make(map[string][]byte, n)
	for i := range n {
		entry, err := r.slice(at+12+16*i, 16)
		if err != nil {
			return err
		}
		body, err := r.slice(int(binary.BigEndian.Uint32(entry[8:])), int(binary.BigEndian.Uint32(entry[12:])))
		if err != nil {
			return &FormatError{tag(entry), 0, "table reaches beyond the file"}
		}
		f.tables[tag(entry)] = body
	}
	for _, t := range []string{"head", "hhea", "maxp", "hmtx", "loca", "glyf", "cmap"} {
		if f.tables[t] == nil {
			return &FormatError{t, 0, "table is missing"}
		}
	}
	return nil
}

func (f *Font) head() error {
	t, err := f.table("head").slice(0, 54)
	if err != nil {
		return err
	}
	f.Units = int(binary.BigEndian.Uint16(t[18:]))
	if f.Units < 16 || f.Units > 16384 {
		return &FormatError{"head", 18, fmt.Sprintf("%d units per em", f.Units)}
	}
	for i := range f.Box {
		f.Box[i] = signed(t[36+2*i:])
	}
	f.longLoca = binary.BigEndian.Uint16(t[50:]) == 1
	return nil
}

func (f *Font) hhea() error {
	t, err := f.table("hhea").slice(0, 36)
	if err != nil {
		return err
	}
	f.Ascent, f.Descent = signed(t[4:]), signed(t[6:])
	f.metrics = int(binary.BigEndian.Uint16(t[34:]))
	return nil
}

func (f *Font) maxp() error {
	n, err := f.table("maxp").u16(4)
	if err != nil {
		return err
	}
	f.glyphs = n
	if n == 0 || f.metrics == 0 || f.metrics > n || len(f.tables["hmtx"]) < 4*f.metrics+2*(n-f.metrics) {
		return &FormatError{"hmtx", 0, fmt.Sprintf("%d metrics for %d glyphs in %d bytes", f.metrics, n, len(f.tables["hmtx"]))}
	}
	return nil
}

// os2 reads what the table says about weight and capitals, and refuses fonts
// whose makers do not allow embedding (bit 1 of fsType).
func (f *Font) os2() error {
	f.Weight, f.Cap = 400, f.Ascent
	t := f.tables["OS/2"]
	if len(t) < 10 {
		return nil
	}
	if fsType := binary.BigEndian.Uint16(t[8:]); fsType&0xF == 2 || fsType&0x300 != 0 {
		return &FormatError{"OS/2", 8, fmt.Sprintf("the font's maker does not allow embedding a part of it (fsType %#x)", fsType)}
	}
	f.Weight = int(binary.BigEndian.Uint16(t[4:]))
	if len(t) >= 90 && binary.BigEndian.Uint16(t) >= 2 {
		f.Cap = signed(t[88:])
	}
	if post := f.tables["post"]; len(post) >= 16 {
		f.Fixed = binary.BigEndian.Uint32(post[12:]) != 0
	}
	return nil
}

// loca checks that glyphs follow one another: otherwise a small file could
// claim that each of its glyphs is as large as all.
func (f *Font) loca() error {
	size := 2
	if f.longLoca {
		size = 4
	}
	if len(f.tables["loca"]) < size*(f.glyphs+1) {
		return &FormatError{"loca", len(f.tables["loca"]), fmt.Sprintf("too short for %d glyphs", f.glyphs)}
	}
	last := 0
	for g := 0; g <= f.glyphs; g++ {
		at := f.offset(g)
		if at < last || at > len(f.tables["glyf"]) {
			return &FormatError{"loca", size * g, "glyph outside the outlines"}
		}
		last = at
	}
	return nil
}

func (f *Font) offset(g int) int {
	t := f.tables["loca"]
	if f.longLoca {
		return int(binary.BigEndian.Uint32(t[4*g:]))
	}
	return 2 * int(binary.BigEndian.Uint16(t[2*g:]))
}

// outline returns the data of a glyph, empty where it has no ink.
func (f *Font) outline(g GID) []byte {
	return f.tables["glyf"][f.offset(int(g)):f.offset(int(g)+1)]
}

// Glyph returns the glyph of a rune, or 0 when the font has none. A glyph
// without ink counts as none unless the rune is a space: such fonts would lose
// the character without a word.
func (f *Font) Glyph(r rune) GID {
	i := sort.Search(len(f.segments), func(i int) bool { return f.segments[i].last >= r })
	if i == len(f.segments) || f.segments[i].first > r {
		return 0
	}
	g := f.segments[i].glyph(r)
	if g == 0 || int(g) >= f.glyphs {
		return 0
	}
	if len(f.outline(g)) == 0 && !unicode.IsSpace(r) {
		return 0
	}
	return g
}

// Advance returns the width of a glyph in font units.
func (f *Font) Advance(g GID) int {
	i := min(int(g), f.metrics-1)
	return int(binary.BigEndian.Uint16(f.tables["hmtx"][4*i:]))
}

func (f *Font) table(name string) reader { return reader{name, f.tables[name]} }

// reader reads big-endian numbers of a table and reports where it ends.
type reader struct {
	name string
	b    []byte
}

func (r reader) slice(at, n int) ([]byte, error) {
	if at < 0 || n < 0 || at > len(r.b) || n > len(r.b)-at {
		return nil, &FormatError{r.name, at, fmt.Sprintf("%d bytes wanted, %d there", n, max(0, len(r.b)-at))}
	}
	return r.b[at : at+n], nil
}

func (r reader) u16(at int) (int, error) {
	b, err := r.slice(at, 2)
	if err != nil {
		return 0, err
	}
	return int(binary.BigEndian.Uint16(b)), nil
}

func (r reader) u32(at int) (int, error) {
	b, err := r.slice(at, 4)
	if err != nil {
		return 0, err
	}
	return int(binary.BigEndian.Uint32(b)), nil
}

func signed(b []byte) int { return int(int16(binary.BigEndian.Uint16(b))) }
