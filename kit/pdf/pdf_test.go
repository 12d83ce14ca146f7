package pdf_test

import (
	"bytes"
	"fmt"
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
