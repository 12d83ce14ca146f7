package pdf_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/dinghai/dinghai/kit/typeset"
	"github.com/dinghai/dinghai/kit/typeset/fonts"
)

// randomText makes a text of Han of all kinds, Latin words, numbers and
// punctuation, as it comes, which is worse than real text.
func randomText(r *rand.Rand, n int) string {
	var b strings.Builder
	pick := func(s string) rune { rs := []rune(s); return rs[r.IntN(len(rs))] }
	for range n {
		switch k := r.IntN(100); {
		case k < 62:
			b.WriteRune(rune(0x4E00 + r.IntN(0x9FFF-0x4E00+1)))
		case k < 66:
			b.WriteRune(rune(0x3400 + r.IntN(0x4DB5-0x3400+1)))
		case k < 68:
			b.WriteRune(pick("𬭚𠅤𬜬𫍣𫖮𫄧𬬭𬭳𬬻𬭛"))
		case k < 80:
			b.WriteRune(pick("，。、；：？！“”‘’（）《》〈〉【】「」『』〔〕·—…～％℃〇①②㎡℉×÷±√≤≥"))
		case k < 86:
			for range 1 + r.IntN(9) {
				b.WriteRune(pick("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"))
			}
		case k < 92:
			fmt.Fprintf(&b, "%d", r.IntN(1_000_000))
		case k < 96:
			b.WriteRune(pick("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"))
		default:
			b.WriteRune(' ')
		}
	}
	return strings.TrimSpace(b.String())
}

// compare tells where a text read back departs from the one put in. A line
// break may stand for a space or for nothing; a space only for a space.
func compare(in, out string) error {
	a, b := []rune(in), []rune(strings.TrimRight(out, "\n\f"))
	i := 0
	for j, r := range b {
		if i < len(a) && r == a[i] {
			i++
			continue
		}
		if r == '\n' {
			for i < len(a) && a[i] == ' ' {
				i++
			}
			continue
		}
		for r != ' ' && i < len(a) && a[i] == ' ' && i > 0 && j > 0 && (b[j-1] == ' ' || b[j-1] == '\n') {
			i++ // more than one space reads back as one
		}
		if i < len(a) && r == a[i] {
			i++
			continue
		}
		return fmt.Errorf("character %d: %q (%U) read, %q expected", i, r, r, string(a[i:min(len(a), i+8)]))
	}
	if rest := strings.TrimSpace(string(a[i:])); rest != "" {
		return fmt.Errorf("lost at the end: %q", rest)
	}
	return nil
}

// TestTextReadBack is the reason for this package: no character is lost or
// changed between the text put in and the text that a PDF reader finds.
func TestTextReadBack(t *testing.T) {
	const files, perFile = 10, 100
	r := rand.New(rand.NewPCG(9704, 2012))
	families := []typeset.Family{typeset.FangSong, typeset.KaiTi, typeset.HeiTi, typeset.XiaoBiaoSong, typeset.SongTi}
	good, forced, size := 0, 0, 0
	for file := range files {
		var in strings.Builder
		var blocks []typeset.Block
		for i := range perFile {
			s := randomText(r, 30+r.IntN(220))
			// A text ends with its number, so that a fault does not spread.
			s = fmt.Sprintf("%s第%d号", s, i)
			in.WriteString(s)
			p := plain(families[file%len(families)], s)
			p.Align = typeset.Align(i % 4)
			blocks = append(blocks, p)
		}
		doc, b := render(t, blocks...)
		out := run(t, b, "pdftotext", "-raw", "-nopgbrk", "FILE", "-")
		if err := compare(in.String(), out); err != nil {
			t.Errorf("%v", err)
			continue
		}
		good += perFile
		size += len(b)
		for _, p := range doc.Pages {
			forced += p.Forced
		}
	}
	t.Logf("%d of %d texts read back as put in, %d lines broken by force, %d bytes", good, files*perFile, forced, size)
}

// TestTableReadBack: the head is read at the top of each page, and no row is
// lost or double.
func TestTableReadBack(t *testing.T) {
	cell := func(s string) typeset.Cell {
		return typeset.Cell{Paragraphs: []typeset.Paragraph{plain(typeset.SongTi, s)}}
	}
	table := typeset.Table{Columns: []typeset.Length{typeset.MM(30), 0}, Head: 1, Border: typeset.Pt / 2, Padding: 2 * typeset.Pt}
	table.Rows = append(table.Rows, typeset.Row{Cells: []typeset.Cell{cell("序号"), cell("名称")}})
	const rows = 60
	for i := range rows {
		table.Rows = append(table.Rows, typeset.Row{Cells: []typeset.Cell{cell(fmt.Sprintf("第%d行", i)), cell("甲乙丙")}})
	}
	doc, b := render(t, table)
	pages := strings.Split(strings.TrimSuffix(run(t, b, "pdftotext", "-raw", "FILE", "-"), "\f"), "\f")
	if len(pages) != len(doc.Pages) || len(pages) < 3 {
		t.Fatalf("%d pages", len(pages))
	}
	next := 0
	for n, p := range pages {
		lines := strings.Split(strings.TrimSpace(p), "\n")
		if lines[0] != "序号 名称" {
			t.Errorf("page %d begins with %q", n+1, lines[0])
		}
		for _, l := range lines[1:] {
			if want := fmt.Sprintf("第%d行 甲乙丙", next); l != want {
				t.Errorf("page %d: %q, want %q", n+1, l, want)
			}
			next++
		}
	}
	if next != rows {
		t.Errorf("%d rows of %d", next, rows)
	}
}

// TestSameGlyph: characters that share a glyph keep their own identity.
func TestSameGlyph(t *testing.T) {
	const text = "不\uF967丰丽\uF988里\uF9E9—―AΑ"
	_, b := render(t, plain(typeset.SongTi, strings.Map(func(r rune) rune {
		if _, err := fonts.Embedded().Width(typeset.Span{Text: string(r), Style: typeset.Style{Family: typeset.SongTi, Size: typeset.Pt}}); err != nil {
			return -1
		}
		return r
	}, text)))
	out := strings.TrimSpace(run(t, b, "pdftotext", "-raw", "-nopgbrk", "FILE", "-"))
	if !strings.Contains(out, "—―AΑ") {
		t.Errorf("%q", out)
	}
}
