package draw

import (
	"bytes"
	"slices"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

// The words of eight bytes tell what looking at each byte tells.
func TestColumnsEqualDefinition(t *testing.T) {
	good := 0
	rapid.Check(t, func(rt *rapid.T) {
		words := rapid.SliceOfN(rapid.SliceOfN(rapid.ByteRange('-', '~'), 0, 20), 4, 4).Draw(rt, "words")
		line := bytes.Join(words, []byte(","))
		if rapid.Bool().Draw(rt, "odd") {
			odd := rapid.SampledFrom([]byte{0, '\t', ' ', '+', ',', '-', '~', 0x7f, 0x80, 0xac, 0xad, 0xff}).Draw(rt, "byte")
			line = slices.Insert(line, rapid.IntRange(0, len(line)).Draw(rt, "at"), odd)
		}
		plus := rapid.Bool().Draw(rt, "plus")
		ok := utf8.Valid(line) && bytes.Count(line, []byte(",")) == 3
		for _, c := range line {
			ok = ok && (c > ',' && c != 0x7f || c == ',' || c == '+' && plus)
		}
		var out [4][]byte
		if got := columns(line, out[:], plus); (got == "") != ok {
			rt.Fatalf("%q: %q, want %v", line, got, ok)
		}
		if ok {
			good++
			if !bytes.Equal(bytes.Join(out[:], []byte(",")), line) {
				rt.Fatalf("%q becomes %q", line, out)
			}
		}
	})
	if good == 0 {
		t.Error("no good line was tried")
	}
}
