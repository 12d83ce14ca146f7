package truetype_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"testing"

	"github.com/dinghai/dinghai/kit/typeset/truetype"
)

// TestHostile changes a sound font in ways that must be refused by name.
func TestHostile(t *testing.T) {
	sound := small(t)
	table := func(b []byte, name string) int {
		for i := 12; ; i += 16 {
			if string(b[i:i+4]) == name {
				return int(binary.BigEndian.Uint32(b[i+8:]))
			}
		}
	}
	put := func(name string, at int, v uint16) func([]byte) []byte {
		return func(b []byte) []byte { binary.BigEndian.PutUint16(b[table(b, name)+at:], v); return b }
	}
	tests := []struct {
		name, table string
		change      func([]byte) []byte
	}{
		{"empty", "", func([]byte) []byte { return nil }},
		{"text", "", func([]byte) []byte { return []byte("a plain text file") }},
		{"CFF outlines", "", func(b []byte) []byte { return append([]byte("OTTO"), b[4:]...) }},
		{"cut short", "cmap", func(b []byte) []byte { return b[:len(b)-8] }},
		{"table missing", "glyf", func(b []byte) []byte { return bytes.Replace(b, []byte("glyf"), []byte("glyg"), 1) }},
		{"no units", "head", put("head", 18, 0)},
		{"more glyphs than metrics", "hmtx", put("maxp", 4, 0xFFFF)},
		{"no glyphs", "hmtx", put("maxp", 4, 0)},
		{"outline beyond the table", "loca", put("loca", 4, 0x7FFF)},
		{"ranges beyond the table", "cmap", put("cmap", 24, 0x7FFF)},
		{"ranges out of order", "cmap", put("cmap", 28, 9)},
		{"huge collection", "", func([]byte) []byte { return []byte("ttcf\x00\x01\x00\x00\xff\xff\xff\xff") }},
		{"empty collection", "", func([]byte) []byte { return []byte("ttcf\x00\x01\x00\x00\x00\x00\x00\x00") }},
	}
	for _, tt := range tests {
		_, err := truetype.Parse(tt.change(bytes.Clone(sound)))
		var fe *truetype.FormatError
		if !errors.As(err, &fe) || fe.Table != tt.table {
			t.Errorf("%s: %v", tt.name, err)
		}
	}
}

// TestNoInk: a glyph without an outline is no glyph, or text would vanish.
func TestNoInk(t *testing.T) {
	b := small(t)
	if parse(t, b).Glyph('舟') != 1 {
		t.Fatal("the first glyph is another")
	}
	for i := 12; ; i += 16 {
		if string(b[i:i+4]) == "loca" {
			at := binary.BigEndian.Uint32(b[i+8:])
			copy(b[at+8:at+12], b[at+4:at+8]) // where glyph 1 begins, it ends
			break
		}
	}
	if f := parse(t, b); f.Glyph('舟') != 0 || f.Glyph('山') == 0 {
		t.Errorf("glyphs %d and %d", f.Glyph('舟'), f.Glyph('山'))
	}
}

// TestNoEmbedding: a font whose maker forbids embedding is refused.
func TestNoEmbedding(t *testing.T) {
	b := addTable(small(t), "OS/2", []byte{0, 4, 0, 0, 1, 0x90, 0, 5, 0, 2})
	var fe *truetype.FormatError
	if _, err := truetype.Parse(b); !errors.As(err, &fe) || fe.Table != "OS/2" {
		t.Error(err)
	}
}

// TestCollection reads two fonts that share their tables, as .ttc files do.
func TestCollection(t *testing.T) {
	font := small(t)
	const header = 20
	b := []byte("ttcf\x00\x01\x00\x00\x00\x00\x00\x02")
	b = binary.BigEndian.AppendUint32(b, header)
	b = binary.BigEndian.AppendUint32(b, header)
	n := int(binary.BigEndian.Uint16(font[4:]))
	for i := range n {
		at := 12 + 16*i + 8
		binary.BigEndian.PutUint32(font[at:], binary.BigEndian.Uint32(font[at:])+header)
	}
	fs, err := truetype.ParseCollection(append(b, font...))
	if err != nil || len(fs) != 2 || fs[1].Glyph('舟') == 0 {
		t.Fatal(len(fs), err)
	}
}

// FuzzParse: whatever the file, no panic, and what is parsed can be used.
func FuzzParse(f *testing.F) {
	f.Add(small(f))
	f.Add([]byte("ttcf\x00\x01\x00\x00\x00\x00\x00\x01\x00\x00\x00\x0c"))
	f.Fuzz(func(t *testing.T, b []byte) {
		fs, err := truetype.ParseCollection(b)
		if err != nil {
			var fe *truetype.FormatError
			if !errors.As(err, &fe) {
				t.Fatalf("%T %v", err, err)
			}
			return
		}
		for _, font := range fs {
			var want []truetype.GID
			for _, r := range "舟山ëⅧ \x00\U0010FFFF" {
				if g := font.Glyph(r); g != 0 {
					want = append(want, g)
					_ = font.Advance(g)
				}
			}
			if program, _, err := font.Subset(want); err == nil && len(program) > 2*len(b)+4096 {
				t.Fatalf("%d bytes from %d", len(program), len(b))
			}
		}
	})
}
