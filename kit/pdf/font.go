package pdf

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf16"

	"github.com/dinghai/dinghai/kit/typeset"
	"github.com/dinghai/dinghai/kit/typeset/truetype"
)

// usedFont is a font with the characters that a document uses of it. The code
// of a character is its place in the list, from 1.
type usedFont struct {
	font   *truetype.Font
	name   string // within the file, F1 …
	object int    // first of five: font, descendant, descriptor, program, two maps follow
	glyphs map[rune]truetype.GID
	runes  []rune
	codes  map[rune]uint16
	widths []int // by code, in thousandths of an em
}

// fontSet is the fonts of a document in order of first use.
type fontSet struct {
	list []*usedFont
	by   map[*truetype.Font]*usedFont
}

func collect(doc *typeset.Document) *fontSet {
	s := &fontSet{by: map[*truetype.Font]*usedFont{}}
	for i := range doc.Pages {
		for _, r := range doc.Pages[i].Runs {
			u := s.by[r.Font]
			if u == nil {
				u = &usedFont{font: r.Font, name: "F" + strconv.Itoa(len(s.list)+1), glyphs: map[rune]truetype.GID{}}
				s.list = append(s.list, u)
				s.by[r.Font] = u
			}
			for _, g := range r.Glyphs {
				u.glyphs[g.Rune] = g.ID
			}
		}
	}
	for _, u := range s.list {
		u.number()
	}
	return s
}

// number gives codes in the order of runes. A font has at most 65,535 glyphs,
// and a document with more characters of one font than that does not exist: a
// character map has one glyph for each.
func (u *usedFont) number() {
	u.runes = make([]rune, 0, len(u.glyphs))
	for r := range u.glyphs {
		u.runes = append(u.runes, r)
	}
	slices.Sort(u.runes)
	u.codes = make(map[rune]uint16, len(u.runes))
	u.widths = make([]int, len(u.runes)+1)
	for i, r := range u.runes {
		u.codes[r] = uint16(i + 1)
		u.widths[i+1] = (u.font.Advance(u.glyphs[r])*1000 + u.font.Units/2) / u.font.Units
	}
}

// font writes the objects of a font.
func (f *file) font(u *usedFont) error {
	if len(u.runes) > 0xFFFF {
		return fmt.Errorf("pdf: %d different characters of one font", len(u.runes))
	}
	want := make([]truetype.GID, len(u.runes))
	for i, r := range u.runes {
		want[i] = u.glyphs[r]
	}
	program, places, err := u.font.Subset(want)
	if err != nil {
		return fmt.Errorf("pdf: embed a font: %w", err)
	}
	n, base := u.object, baseName(u.font, program)
	maps := f.reserve(1)
	f.object(n, fmt.Sprintf("<</Type/Font/Subtype/Type0/BaseFont/%s/Encoding/Identity-H/DescendantFonts[%d 0 R]/ToUnicode %d 0 R>>", base, n+1, n+4))
	f.object(n+1, fmt.Sprintf("<</Type/Font/Subtype/CIDFontType2/BaseFont/%s/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>"+
		"/FontDescriptor %d 0 R/CIDToGIDMap %d 0 R/DW 1000/W[1[%s]]>>", base, n+2, maps, join(u.widths[1:])))
	f.object(n+2, u.descriptor(base, n+3))
	f.stream(n+3, fmt.Sprintf("/Length1 %d", len(program)), program)
	f.stream(n+4, "", toUnicode(u.runes))
	f.stream(maps, "", glyphMap(places))
	return nil
}

func (u *usedFont) descriptor(base string, program int) string {
	em := func(v int) int { return v * 1000 / u.font.Units }
	flags := 4 // has characters outside the standard Latin set
	if u.font.Fixed {
		flags |= 1
	}
	return fmt.Sprintf("<</Type/FontDescriptor/FontName/%s/Flags %d/FontBBox[%d %d %d %d]/ItalicAngle 0/Ascent %d/Descent %d/CapHeight %d/StemV %d/FontFile2 %d 0 R>>",
		base, flags, em(u.font.Box[0]), em(u.font.Box[1]), em(u.font.Box[2]), em(u.font.Box[3]),
		em(u.font.Ascent), em(u.font.Descent), em(u.font.Cap), 10+u.font.Weight/5, program)
}

// baseName is the font's name after a tag of six letters that tells subsets
// apart, as the standard asks.
func baseName(f *truetype.Font, program []byte) string {
	sum := sha256.Sum256(program)
	tag := make([]byte, 6)
	for i := range tag {
		tag[i] = 'A' + sum[i]%26
	}
	for _, name := range f.Names {
		name = strings.ReplaceAll(name, " ", "")
		if plainName(strings.ReplaceAll(name, "-", "")) {
			return string(tag) + "+" + name
		}
	}
	return string(tag) + "+Font"
}

func join(ns []int) string {
	var b []byte
	for i, n := range ns {
		if i > 0 {
			b = append(b, ' ')
		}
		b = strconv.AppendInt(b, int64(n), 10)
	}
	return string(b)
}

func glyphMap(places []truetype.GID) []byte {
	b := make([]byte, 2, 2*len(places)+2)
	for _, g := range places {
		b = binary.BigEndian.AppendUint16(b, uint16(g))
	}
	return b
}

// toUnicode maps codes back to text, for search and copying.
func toUnicode(runes []rune) []byte {
	var b bytes.Buffer
	b.WriteString("/CIDInit/ProcSet findresource begin\n12 dict begin\nbegincmap\n" +
		"/CIDSystemInfo<</Registry(Adobe)/Ordering(UCS)/Supplement 0>>def\n" +
		"/CMapName/Adobe-Identity-UCS def\n/CMapType 2 def\n" +
		"1 begincodespacerange\n<0000><FFFF>\nendcodespacerange\n")
	line := make([]byte, 0, 32)
	for at := 0; at < len(runes); at += 100 {
		part := runes[at:min(at+100, len(runes))]
		fmt.Fprintf(&b, "%d beginbfchar\n", len(part))
		for i, r := range part {
			line = append(hex4(append(line[:0], '<'), uint16(at+i+1)), "><"...)
			for _, u := range utf16.AppendRune(nil, r) {
				line = hex4(line, u)
			}
			b.Write(append(line, ">\n"...))
		}
		b.WriteString("endbfchar\n")
	}
	b.WriteString("endcmap\nCMapName currentdict/CMap defineresource pop\nend\nend\n")
	return b.Bytes()
}
