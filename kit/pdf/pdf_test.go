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
