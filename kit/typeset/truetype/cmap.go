package truetype

import (
	"encoding/binary"
	"sort"
	"unicode/utf16"
)

// A segment maps a range of runes to glyphs: by a list, or by a difference.
type segment struct {
	first, last rune
	delta       rune
	list        []byte // two bytes a glyph, nil when the difference decides
	wide        bool   // the difference does not wrap at 16 bits
}

func (s segment) glyph(r rune) GID {
	if s.list == nil {
		if g := r + s.delta; s.wide && (g < 0 || g > 0xFFFF) {
			return 0
		}
		return GID(r + s.delta)
	}
	g := binary.BigEndian.Uint16(s.list[2*(r-s.first):])
	if g == 0 {
		return 0
	}
	return GID(rune(g) + s.delta)
}

// cmap takes the fullest Unicode map: format 12 before format 4.
func (f *Font) cmap() error {
	t := f.table("cmap")
	n, err := t.u16(2)
	if err != nil {
		return err
	}
	best, format := 0, 0
	for i := range n {
		entry, err := t.slice(4+8*i, 8)
		if err != nil {
			return err
		}
		platform, encoding := binary.BigEndian.Uint16(entry), binary.BigEndian.Uint16(entry[2:])
		if platform != 0 && (platform != 3 || encoding != 1 && encoding != 10) {
			continue
		}
		at := int(binary.BigEndian.Uint32(entry[4:]))
		v, err := t.u16(at)
		if err != nil {
			return err
		}
		if (v == 4 || v == 12) && v > format {
			best, format = at, v
		}
	}
	switch format {
	case 4:
		err = f.format4(best)
	case 12:
		err = f.format12(best)
	default:
		err = &FormatError{"cmap", 0, "no Unicode map of format 4 or 12"}
	}
	if err != nil {
		return err
	}
	sorted := sort.SliceIsSorted(f.segments, func(i, j int) bool { return f.segments[i].last < f.segments[j].first })
	if !sorted {
		return &FormatError{"cmap", best, "ranges out of order"}
	}
	return nil
}

func (f *Font) format4(at int) error {
	t := f.table("cmap")
	double, err := t.u16(at + 6)
	if err != nil {
		return err
	}
	n := double / 2
	b, err := t.slice(at+14, 8*n+2)
	if err != nil {
		return err
	}
	u16 := func(block, i int) int { return int(binary.BigEndian.Uint16(b[2*block*n+2*i+min(block, 1)*2:])) }
	for i := range n {
		s := segment{first: rune(u16(1, i)), last: rune(u16(0, i)), delta: rune(u16(2, i))}
		if s.first > s.last || s.first == 0xFFFF {
			continue
		}
		if off := u16(3, i); off != 0 && off != 0xFFFF {
			// The offset counts from its own place.
			place := at + 14 + 6*n + 2 + 2*i + off
			if s.list, err = t.slice(place, 2*int(s.last-s.first+1)); err != nil {
				return err
			}
		}
		f.segments = append(f.segments, s)
	}
	return nil
}

func (f *Font) format12(at int) error {
	t := f.table("cmap")
	n, err := t.u32(at + 12)
	if err != nil {
		return err
	}
	b, err := t.slice(at+16, 12*n)
	if err != nil {
		return err
	}
	f.segments = make([]segment, 0, n)
	for ; len(b) > 0; b = b[12:] {
		first, last := binary.BigEndian.Uint32(b), binary.BigEndian.Uint32(b[4:])
		if first > last || last > 0x10FFFF {
			return &FormatError{"cmap", at, "range beyond Unicode"}
		}
		f.segments = append(f.segments, segment{first: rune(first), last: rune(last), wide: true,
			delta: rune(binary.BigEndian.Uint32(b[8:])) - rune(first)})
	}
	return nil
}

// maxNames bounds the names kept; real fonts have a few per language.
const maxNames = 64

// name collects family (1), full (4) and typographic family (16) names of the
// Unicode and Windows platforms. A font without any is still a font.
func (f *Font) name() error {
	t := f.table("name")
	n, err := t.u16(2)
	if err != nil {
		return nil
	}
	base, _ := t.u16(4)
	for i := range n {
		e, err := t.slice(6+12*i, 12)
		if err != nil {
			return nil
		}
		platform, id := binary.BigEndian.Uint16(e), binary.BigEndian.Uint16(e[6:])
		if len(f.Names) == maxNames {
			return nil
		}
		if (platform != 0 && platform != 3) || (id != 1 && id != 4 && id != 16) {
			continue
		}
		b, err := t.slice(base+int(binary.BigEndian.Uint16(e[10:])), int(binary.BigEndian.Uint16(e[8:])))
		if err != nil || len(b) > 256 {
			continue
		}
		u := make([]uint16, len(b)/2)
		for k := range u {
			u[k] = binary.BigEndian.Uint16(b[2*k:])
		}
		f.Names = append(f.Names, string(utf16.Decode(u)))
	}
	return nil
}
