package truetype

import (
	"encoding/binary"
	"fmt"
	"slices"
)

// Flags of a component of a composite glyph.
const (
	argsAreWords = 1 << 0
	hasScale     = 1 << 3
	moreFollow   = 1 << 5
	hasXYScale   = 1 << 6
	hasTwoByTwo  = 1 << 7
)

// Subset cuts out a font program with the given glyphs, for embedding: it has
// outlines and metrics but no character map. The glyph for nothing comes first,
// then the wanted ones in their order, then parts that those are composed of.
// The second result is the number in the program of each glyph wanted.
func (f *Font) Subset(want []GID) ([]byte, []GID, error) {
	s := subset{f: f, at: map[GID]GID{}}
	s.add(0)
	places := make([]GID, len(want))
	for i, g := range want {
		if int(g) >= f.glyphs {
			return nil, nil, &FormatError{"glyf", int(g), fmt.Sprintf("glyph %d of %d", g, f.glyphs)}
		}
		places[i] = s.add(g)
	}
	var glyf, hmtx []byte
	loca := []byte{0, 0, 0, 0}
	// Parts append to the list while it is walked.
	for i := 0; i < len(s.list); i++ {
		outline, err := s.outline(s.list[i])
		if err != nil {
			return nil, nil, err
		}
		glyf = append(glyf, outline...)
		for len(glyf)%4 != 0 {
			glyf = append(glyf, 0)
		}
		loca = binary.BigEndian.AppendUint32(loca, uint32(len(glyf)))
		hmtx = append(hmtx, f.metric(s.list[i])...)
	}
	n := uint16(len(s.list))
	return assemble([]table{
		{"cvt ", f.tables["cvt "]},
		{"fpgm", f.tables["fpgm"]},
		{"glyf", glyf},
		{"head", patch(patch(f.tables["head"][:54], 50, 1), 8, 0, 0)},
		{"hhea", patch(f.tables["hhea"][:36], 34, n)},
		{"hmtx", hmtx},
		{"loca", loca},
		{"maxp", patch(f.tables["maxp"], 4, n)},
		{"prep", f.tables["prep"]},
	}), places, nil
}

// subset collects glyphs in the order of their new numbers.
type subset struct {
	f    *Font
	list []GID
	at   map[GID]GID
}

func (s *subset) add(g GID) GID {
	if n, ok := s.at[g]; ok {
		return n
	}
	n := GID(len(s.list))
	s.at[g] = n
	s.list = append(s.list, g)
	return n
}

// outline returns a glyph's data, with the parts of a composite renumbered. A
// composite that holds itself ends here too, since each glyph is added once.
func (s *subset) outline(g GID) ([]byte, error) {
	b := s.f.outline(g)
	if len(b) < 2 || signed(b) >= 0 {
		return b, nil
	}
	b = slices.Clone(b)
	for at, more := 10, true; more; {
		if at+4 > len(b) {
			return nil, &FormatError{"glyf", at, fmt.Sprintf("composite glyph %d ends early", g)}
		}
		flags, part := binary.BigEndian.Uint16(b[at:]), binary.BigEndian.Uint16(b[at+2:])
		if int(part) >= s.f.glyphs {
			return nil, &FormatError{"glyf", at, fmt.Sprintf("glyph %d has part %d of %d", g, part, s.f.glyphs)}
		}
		binary.BigEndian.PutUint16(b[at+2:], uint16(s.add(GID(part))))
		at += 4 + arguments(flags)
		more = flags&moreFollow != 0
	}
	return b, nil
}

func arguments(flags uint16) int {
	n := 2
	if flags&argsAreWords != 0 {
		n = 4
	}
	switch {
	case flags&hasScale != 0:
		n += 2
	case flags&hasXYScale != 0:
		n += 4
	case flags&hasTwoByTwo != 0:
		n += 8
	}
	return n
}

// metric returns advance and left bearing of a glyph, four bytes.
func (f *Font) metric(g GID) []byte {
	t := f.tables["hmtx"]
	if int(g) < f.metrics {
		return t[4*int(g) : 4*int(g)+4]
	}
	bearing := 4*f.metrics + 2*(int(g)-f.metrics)
	last := 4 * (f.metrics - 1)
	return []byte{t[last], t[last+1], t[bearing], t[bearing+1]}
}

// patch returns a copy of a table with 16-bit numbers replaced.
func patch(t []byte, at int, values ...uint16) []byte {
	t = slices.Clone(t)
	for i, v := range values {
		binary.BigEndian.PutUint16(t[at+2*i:], v)
	}
	return t
}

type table struct {
	name string
	body []byte
}

// assemble writes tables, sorted by name, as a file with checksums.
func assemble(tables []table) []byte {
	tables = slices.DeleteFunc(tables, func(t table) bool { return t.body == nil })
	n, power, log := len(tables), 1, 0
	for power*2 <= n {
		power, log = power*2, log+1
	}
	out := []byte{0, 1, 0, 0}
	for _, v := range []int{n, power * 16, log, (n - power) * 16} {
		out = binary.BigEndian.AppendUint16(out, uint16(v))
	}
	offset, head := 12+16*n, 0
	for _, t := range tables {
		if t.name == "head" {
			head = offset
		}
		out = append(out, t.name...)
		out = binary.BigEndian.AppendUint32(out, checksum(t.body))
		out = binary.BigEndian.AppendUint32(out, uint32(offset))
		out = binary.BigEndian.AppendUint32(out, uint32(len(t.body)))
		offset += (len(t.body) + 3) &^ 3
	}
	for _, t := range tables {
		out = append(out, t.body...)
		for len(out)%4 != 0 {
			out = append(out, 0)
		}
	}
	binary.BigEndian.PutUint32(out[head+8:], 0xB1B0AFBA-checksum(out))
	return out
}

func checksum(b []byte) (sum uint32) {
	for ; len(b) >= 4; b = b[4:] {
		sum += binary.BigEndian.Uint32(b)
	}
	var rest [4]byte
	copy(rest[:], b)
	return sum + binary.BigEndian.Uint32(rest[:])
}
