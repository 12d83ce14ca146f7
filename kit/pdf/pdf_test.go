package pdf_test

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/color"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/dinghai/dinghai/kit/need"
	"github.com/dinghai/dinghai/kit/pdf"
	"github.com/dinghai/dinghai/kit/typeset"
	"github.com/dinghai/dinghai/kit/typeset/fonts"
)

var day = time.Date(2024, 3, 5, 9, 30, 0, 0, time.FixedZone("CST", 8*3600))

// frame is the type area of GB/T 9704.
var frame = typeset.Frame{Width: typeset.MM(210), Height: typeset.MM(297), Left: typeset.MM(28), Top: typeset.MM(37),
	BodyWidth: typeset.MM(156), BodyHeight: typeset.MM(225), Grid: typeset.MM(225) / 22}

func plain(f typeset.Family, text string) typeset.Paragraph {
	return typeset.Paragraph{Leading: frame.Grid, Snap: true, Spans: []typeset.Span{
		{Text: text, Style: typeset.Style{Family: f, Size: typeset.Size3, Pitch: frame.BodyWidth / 28}}}}
}

func render(t testing.TB, blocks ...typeset.Block) (*typeset.Document, []byte) {
	t.Helper()
	doc, err := typeset.Typeset(fonts.Embedded(), frame, blocks...)
	if err != nil {
		t.Fatal(err)
	}
	return doc, write(t, doc, pdf.Info{Title: "试验", Date: day})
}

func write(t testing.TB, doc *typeset.Document, info pdf.Info) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := pdf.Write(&b, doc, info); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// run gives a PDF to one of poppler's programs and returns what it prints. A
// word of complaint about the file fails the test.
func run(t testing.TB, b []byte, tool string, args ...string) string {
	t.Helper()
	path := need.Tool(t, tool)
	file := filepath.Join(t.TempDir(), "a.pdf")
	if err := os.WriteFile(file, b, 0o600); err != nil {
		t.Fatal(err)
	}
	for i, a := range args {
		if a == "FILE" {
			args[i] = file
		}
	}
	cmd := exec.Command(path, args...)
	var out, complaint bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &complaint
	if err := cmd.Run(); err != nil || complaint.Len() > 0 {
		t.Fatalf("%s: %v %s", tool, err, complaint.String())
	}
	return out.String()
}

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
	for range files {
		var in strings.Builder
		var blocks []typeset.Block
		for i := range perFile {
			s := randomText(r, 30+r.IntN(220))
			// A text ends with its number, so that a fault does not spread.
			s = fmt.Sprintf("%s第%d号", s, i)
			in.WriteString(s)
			p := plain(families[i%len(families)], s)
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

func TestOutline(t *testing.T) {
	var blocks []typeset.Block
	for i, m := range []struct {
		title string
		level int
	}{{"总则（一）", 0}, {"目的", 1}, {"依据", 1}, {"细目", 3}, {"附则", 0}} {
		p := plain(typeset.HeiTi, m.title)
		p.Bookmark, p.Level = m.title, m.level
		if i == 3 {
			blocks = append(blocks, typeset.PageBreak{})
		}
		blocks = append(blocks, p)
	}
	_, b := render(t, blocks...)
	out := run(t, b, "pdftohtml", "-xml", "-stdout", "-i", "FILE")
	_, out, _ = strings.Cut(out, "<outline>")
	out, _, _ = strings.Cut(out, "</pdf2xml>")
	want := `<item page="1">总则（一）</item><outline><item page="1">目的</item><item page="1">依据</item>` +
		`<outline><item page="2">细目</item></outline></outline><item page="2">附则</item></outline>`
	if got := strings.ReplaceAll(out, "\n", ""); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestInfo(t *testing.T) {
	doc, _ := render(t, plain(typeset.FangSong, "文"))
	b := write(t, doc, pdf.Info{Title: "关于（）的𬭚", Author: "局", Date: day, Custom: map[string]string{"DocumentNumber": "舟市监〔2024〕1号"}})
	out := run(t, b, "pdfinfo", "-custom", "FILE") + run(t, b, "pdfinfo", "-isodates", "FILE")
	for _, want := range []string{"关于（）的𬭚", "舟市监〔2024〕1号", "2024-03-05T", "595.276 x 841.89 pts (A4)"} {
		if !strings.Contains(out, want) {
			t.Errorf("%q is missing in\n%s", want, out)
		}
	}
	for _, key := range []string{"", "a b", "a/b", "Title", "ModDate", "名"} {
		var ie *pdf.InfoError
		if err := pdf.Write(io.Discard, doc, pdf.Info{Custom: map[string]string{key: "x"}}); !errors.As(err, &ie) || ie.Key != key {
			t.Errorf("key %q: %v", key, err)
		}
	}
	if err := pdf.Write(io.Discard, &typeset.Document{}, pdf.Info{}); err == nil {
		t.Error("a document without pages was written")
	}
}

// TestDeterministic: same document and date, same bytes, in any order of use.
func TestDeterministic(t *testing.T) {
	text := randomText(rand.New(rand.NewPCG(1, 1)), 400)
	_, a := render(t, plain(typeset.FangSong, text), plain(typeset.KaiTi, text))
	for range 5 {
		if _, b := render(t, plain(typeset.FangSong, text), plain(typeset.KaiTi, text)); !bytes.Equal(a, b) {
			t.Fatal("bytes differ")
		}
	}
}

// TestPicture: a picture keeps its place, size and transparency, and is stored
// once however often it is used.
func TestPicture(t *testing.T) {
	m := image.NewNRGBA(image.Rect(0, 0, 20, 20))
	for i := range 20 {
		for k := range 10 {
			m.Set(i, k, color.NRGBA{R: 255, A: 255})
		}
	}
	p := plain(typeset.FangSong, "印")
	p.Insets = []typeset.Inset{{Image: typeset.NewImage(m, typeset.MM(20))}, {Image: typeset.NewImage(m, typeset.MM(20)), DX: typeset.MM(50)}}
	_, b := render(t, p)
	list := run(t, b, "pdfimages", "-list", "FILE")
	if strings.Count(list, " rgb ") != 2 || strings.Count(list, " gray ") != 2 {
		t.Errorf("images:\n%s", list)
	}
	if n := bytes.Count(b, []byte("/ColorSpace/DeviceRGB")); n != 1 {
		t.Errorf("stored %d times", n)
	}
	empty := plain(typeset.FangSong, "印")
	empty.Insets = []typeset.Inset{{Image: typeset.NewImage(image.NewNRGBA(image.Rectangle{}), typeset.MM(20))}}
	doc, err := typeset.Typeset(fonts.Embedded(), frame, empty)
	if err != nil {
		t.Fatal(err)
	}
	if err := pdf.Write(io.Discard, doc, pdf.Info{}); err == nil {
		t.Error("an image without pixels was written")
	}
}

func benchmarkPages(b *testing.B, pages int) {
	r := rand.New(rand.NewPCG(3, 4))
	var blocks []typeset.Block
	for i := range pages {
		if i > 0 {
			blocks = append(blocks, typeset.PageBreak{})
		}
		// Text of some 500 different characters, as papers have.
		var text strings.Builder
		for range 25 * 22 {
			text.WriteRune(rune(0x4E00 + r.IntN(500)*40))
		}
		head := plain(typeset.HeiTi, "一、总体要求")
		head.Bookmark = "一、总体要求"
		blocks = append(blocks, head, plain(typeset.FangSong, text.String()))
	}
	set := fonts.Embedded()
	b.ReportAllocs()
	for b.Loop() {
		doc, err := typeset.Typeset(set, frame, blocks...)
		if err != nil {
			b.Fatal(err)
		}
		if err := pdf.Write(io.Discard, doc, pdf.Info{Title: "试验", Date: day}); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Microseconds())/1000/float64(b.N*pages), "ms/page")
}

func BenchmarkOnePage(b *testing.B)  { benchmarkPages(b, 1) }
func BenchmarkTenPages(b *testing.B) { benchmarkPages(b, 10) }

func ExampleWrite() {
	doc, err := typeset.Typeset(fonts.Embedded(), frame, plain(typeset.FangSong, "舟山市市场监督管理局"))
	if err != nil {
		fmt.Println(err)
		return
	}
	var b bytes.Buffer
	if err := pdf.Write(&b, doc, pdf.Info{Title: "例", Date: day}); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%s, %d page\n", b.Bytes()[:8], len(doc.Pages))
	// Output: %PDF-1.7, 1 page
}
