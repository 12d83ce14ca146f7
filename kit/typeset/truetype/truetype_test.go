package truetype_test

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"fmt"
	"io"
	"os"
	"testing"

	"github.com/dinghai/dinghai/kit/typeset/truetype"
)

// load unpacks one of the fonts embedded next door.
func load(t testing.TB, name string) []byte {
	t.Helper()
	f, err := os.Open("../fonts/data/" + name + ".ttf.gz")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	b, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func parse(t testing.TB, b []byte) *truetype.Font {
	t.Helper()
	f, err := truetype.Parse(b)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// small cuts a font down to a few runes, as a seed that mutates quickly. The
// subset has no character map, so one is put in.
func small(t testing.TB) []byte {
	f := parse(t, load(t, "song"))
	var want []truetype.GID
	for _, r := range "舟山ëⅧ" {
		want = append(want, f.Glyph(r))
	}
	b, places, err := f.Subset(want)
	if err != nil {
		t.Fatal(err)
	}
	cmap := []byte{0, 0, 0, 1, 0, 3, 0, 10, 0, 0, 0, 12, 0, 12, 0, 0}
	cmap = binary.BigEndian.AppendUint32(cmap, 16+12*2)
	cmap = binary.BigEndian.AppendUint32(cmap, 0)
	cmap = binary.BigEndian.AppendUint32(cmap, 2)
	for _, v := range []uint32{0x5C71, 0x5C71, uint32(places[1]), 0x821F, 0x821F, uint32(places[0])} {
		cmap = binary.BigEndian.AppendUint32(cmap, v)
	}
	return addTable(b, "cmap", cmap)
}

// addTable puts a table before the others of a font.
func addTable(b []byte, name string, body []byte) []byte {
	n := int(binary.BigEndian.Uint16(b[4:]))
	out := append([]byte(nil), b[:12]...)
	binary.BigEndian.PutUint16(out[4:], uint16(n+1))
	out = append(out, name...)
	for _, v := range []int{0, len(b) + 16, len(body)} {
		out = binary.BigEndian.AppendUint32(out, uint32(v))
	}
	for i := range n {
		e := append([]byte(nil), b[12+16*i:28+16*i]...)
		binary.BigEndian.PutUint32(e[8:], binary.BigEndian.Uint32(e[8:])+16)
		out = append(out, e...)
	}
	return append(append(out, b[12+16*n:]...), body...)
}

func TestGlyph(t *testing.T) {
	song, rare := parse(t, load(t, "song")), parse(t, load(t, "rare"))
	tests := []struct {
		font  *truetype.Font
		r     rune
		there bool
		width int // in thousandths of an em
	}{
		{song, '舟', true, 1000}, {song, '0', true, 500}, {song, ' ', true, 256}, {song, '　', true, 1000},
		{song, '𬭚', true, 1000}, // format 12, beyond 16 bits
		{song, '—', true, 1000}, {song, '“', true, 1000},
		{song, '臺', false, 0}, {rare, '臺', true, 1000}, {rare, '舟', false, 0},
		{song, '\n', false, 0}, {song, '😀', false, 0}, {song, 0x10FFFF, false, 0}, {song, -1, false, 0},
	}
	for _, tt := range tests {
		g := tt.font.Glyph(tt.r)
		if (g != 0) != tt.there {
			t.Errorf("%q: glyph %d", tt.r, g)
		}
		if w := tt.font.Advance(g) * 1000 / tt.font.Units; tt.there && w != tt.width {
			t.Errorf("%q: width %d", tt.r, w)
		}
	}
}

// TestSubset reads a cut font back: glyphs keep their outline and width.
func TestSubset(t *testing.T) {
	f := parse(t, load(t, "song"))
	b, places, err := f.Subset([]truetype.GID{f.Glyph('舟'), f.Glyph('é'), f.Glyph('舟')})
	if err != nil {
		t.Fatal(err)
	}
	if places[0] != 1 || places[2] != 1 || places[1] != 2 {
		t.Errorf("places %v", places)
	}
	again, _, err := f.Subset([]truetype.GID{f.Glyph('舟'), f.Glyph('é'), f.Glyph('舟')})
	if err != nil || !bytes.Equal(b, again) {
		t.Error("not reproducible", err)
	}
	cut := parse(t, small(t))
	if g := cut.Glyph('舟'); g == 0 || cut.Advance(g) != f.Advance(f.Glyph('舟')) {
		t.Errorf("glyph %d of the cut font", g)
	}
	if cut.Glyph('市') != 0 {
		t.Error("a glyph that was not taken along")
	}
	if _, _, err := f.Subset([]truetype.GID{65000}); err == nil {
		t.Error("a glyph beyond the last was taken")
	}
}

func BenchmarkGlyph(b *testing.B) {
	f := parse(b, load(b, "song"))
	b.ReportAllocs()
	for b.Loop() {
		f.Glyph('舟')
	}
}

func BenchmarkParse(b *testing.B) {
	data := load(b, "song")
	b.ReportAllocs()
	for b.Loop() {
		parse(b, data)
	}
}

func BenchmarkSubset300(b *testing.B) {
	f := parse(b, load(b, "song"))
	var want []truetype.GID
	for r := '一'; len(want) < 300; r++ {
		if g := f.Glyph(r); g != 0 {
			want = append(want, g)
		}
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, _, err := f.Subset(want); err != nil {
			b.Fatal(err)
		}
	}
}

func ExampleFont_Glyph() {
	packed, err := os.Open("../fonts/data/song.ttf.gz")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer packed.Close()
	z, err := gzip.NewReader(packed)
	if err != nil {
		fmt.Println(err)
		return
	}
	b, err := io.ReadAll(z)
	if err != nil {
		fmt.Println(err)
		return
	}
	f, err := truetype.Parse(b)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(f.Glyph('舟') != 0, f.Glyph('😀') != 0)
	// Output: true false
}
