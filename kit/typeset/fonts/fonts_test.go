package fonts_test

import (
	"bytes"
	"compress/gzip"
	"io"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/dinghai/dinghai/kit/typeset"
	"github.com/dinghai/dinghai/kit/typeset/fonts"
)

var frame = typeset.Frame{Width: typeset.MM(210), Height: typeset.MM(297), Left: typeset.MM(20), Top: typeset.MM(20),
	BodyWidth: typeset.MM(170), BodyHeight: typeset.MM(257)}

func set(t *testing.T, fs *typeset.Fonts, f typeset.Family, text string) *typeset.Document {
	t.Helper()
	d, err := typeset.Typeset(fs, frame, typeset.Paragraph{Spans: []typeset.Span{
		{Text: text, Style: typeset.Style{Family: f, Size: typeset.Size5}}}})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// TestCoverage sets every ideograph of the two main blocks and the characters
// of forms in every family.
func TestCoverage(t *testing.T) {
	var all strings.Builder
	n := 0
	for _, span := range [][2]rune{{0x20, 0x7E}, {0x3400, 0x4DB5}, {0x4E00, 0x9FFF}, {0x2460, 0x2473}, {0x2160, 0x2169}, {0xFF01, 0xFF5E}} {
		for r := span[0]; r <= span[1]; r++ {
			all.WriteRune(r)
			n++
		}
	}
	all.WriteString("〔〕〇℃㎡㎏№★☆□■☑☒√×÷±≤≥≠—…“”‘’·　𬭚𫖮𫄧𬭳𬬻𬭛")
	for _, f := range []typeset.Family{typeset.FangSong, typeset.XiaoBiaoSong, typeset.HeiTi, typeset.KaiTi, typeset.SongTi} {
		set(t, fonts.Embedded(), f, all.String())
	}
	t.Logf("%d characters have a glyph in every family", n)
}

// TestChineseWidths: punctuation that Latin faces make narrow is a full em
// here, and digits are half of one, so that text keeps to the grid.
func TestChineseWidths(t *testing.T) {
	for _, f := range []typeset.Family{typeset.FangSong, typeset.XiaoBiaoSong, typeset.HeiTi, typeset.KaiTi} {
		for _, run := range set(t, fonts.Embedded(), f, "“舟山”——‘一’……").Pages[0].Runs {
			for _, g := range run.Glyphs {
				if g.Advance != typeset.Size5 {
					t.Errorf("%s: %q is %d wide", f, g.Rune, g.Advance)
				}
			}
		}
	}
	for _, g := range set(t, fonts.Embedded(), typeset.FangSong, "0123456789").Pages[0].Runs[0].Glyphs {
		if g.Advance != typeset.Size5/2 {
			t.Errorf("%q is %d wide", g.Rune, g.Advance)
		}
	}
}

// TestFolder: a bureau's font leads its family, and a bad file is named without
// spoiling the rest.
func TestFolder(t *testing.T) {
	packed, err := os.ReadFile("data/hei.ttf.gz")
	if err != nil {
		t.Fatal(err)
	}
	z, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		t.Fatal(err)
	}
	b, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	// The name in the file is UTF-16; both have eleven characters.
	wide := func(s string) []byte {
		var out []byte
		for _, c := range s {
			out = append(out, 0, byte(c))
		}
		return out
	}
	b = bytes.ReplaceAll(b, wide("Dinghai Hei"), wide("FangSong  1"))
	set2, found, err := fonts.Folder(fstest.MapFS{
		"a/b.ttf":  {Data: b},
		"fs.TTF":   {Data: b},
		"bad.ttf":  {Data: []byte("no font")},
		"note.txt": {Data: []byte("x")},
	})
	if err == nil || !strings.Contains(err.Error(), "bad.ttf") {
		t.Errorf("error %v", err)
	}
	if len(found) != 1 || found[0].File != "fs.TTF" || !slices.Equal(found[0].Families, []typeset.Family{typeset.FangSong}) {
		t.Errorf("found %+v", found)
	}
	if run := set(t, set2, typeset.FangSong, "舟").Pages[0].Runs[0]; !slices.Contains(run.Font.Names, "FangSong  1") {
		t.Errorf("set in %v", run.Font.Names)
	}
	if run := set(t, fonts.Embedded(), typeset.FangSong, "舟").Pages[0].Runs[0]; !slices.Contains(run.Font.Names, "Dinghai Song") {
		t.Errorf("embedded fonts were changed: %v", run.Font.Names)
	}
}
