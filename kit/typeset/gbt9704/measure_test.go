package gbt9704_test

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/dinghai/dinghai/kit/typeset"
	"github.com/dinghai/dinghai/kit/typeset/fonts"
	"github.com/dinghai/dinghai/kit/typeset/gbt9704"
)

// sheet is a rendered page, ten dots to the millimetre.
type sheet struct {
	w, h int
	pix  []byte // red, green, blue
}

const dots = 10

// raster renders a page as a printer would see it.
func raster(t testing.TB, file string, page int) sheet {
	t.Helper()
	base := filepath.Join(t.TempDir(), "p")
	run(t, "pdftoppm", "-r", "254", "-f", fmt.Sprint(page), "-l", fmt.Sprint(page), "-singlefile", file, base)
	b, err := os.ReadFile(base + ".ppm")
	if err != nil {
		t.Fatal(err)
	}
	var s sheet
	if _, err := fmt.Fscanf(bytes.NewReader(b), "P6\n%d %d\n255\n", &s.w, &s.h); err != nil {
		t.Fatal(err)
	}
	s.pix = b[len(b)-3*s.w*s.h:]
	return s
}

type box struct{ x0, y0, x1, y1 float64 } // millimetres

func (b box) String() string {
	return fmt.Sprintf("%.1f–%.1f × %.1f–%.1f", b.x0, b.x1, b.y0, b.y1)
}

// ink returns the extent of what is printed within a box, black or red.
func (s sheet) ink(in box, red bool) (out box, found bool) {
	out = box{math.Inf(1), math.Inf(1), 0, 0}
	for y := int(in.y0 * dots); y < int(in.y1*dots) && y < s.h; y++ {
		for x := int(in.x0 * dots); x < int(in.x1*dots) && x < s.w; x++ {
			p := s.pix[3*(y*s.w+x):]
			if isRed := p[0] > 150; p[1] >= 150 || isRed != red {
				continue
			}
			fx, fy := float64(x)/dots, float64(y)/dots
			out = box{min(out.x0, fx), min(out.y0, fy), max(out.x1, fx+1.0/dots), max(out.y1, fy+1.0/dots)}
			found = true
		}
	}
	return out, found
}

func near(t *testing.T, what string, got, want, within float64) {
	t.Helper()
	if math.Abs(got-want) > within {
		t.Errorf("%s: %.2f mm, want %.2f ± %.2f", what, got, want, within)
	}
}

// TestGrid prints a page of one character and measures where each is: 28 to a
// line, 22 lines, all within half a millimetre of the middle of its cell.
func TestGrid(t *testing.T) {
	p := gbt9704.Text(strings.Repeat("国", 28*22))
	p.First = 0
	out, err := typeset.Typeset(fonts.Embedded(), gbt9704.Frame(), p)
	if err != nil {
		t.Fatal(err)
	}
	if len(out.Pages) != 1 {
		t.Fatalf("%d pages", len(out.Pages))
	}
	s := raster(t, write(t, out), 1)
	worst := 0.0
	for row := range 22 {
		for col := range 28 {
			cell := box{28 + 156.0/28*float64(col), 37 + 225.0/22*float64(row), 28 + 156.0/28*float64(col+1), 37 + 225.0/22*float64(row+1)}
			got, ok := s.ink(cell, false)
			if !ok {
				t.Fatalf("nothing in line %d, column %d", row+1, col+1)
			}
			off := math.Hypot((got.x0+got.x1-cell.x0-cell.x1)/2, (got.y0+got.y1-cell.y0-cell.y1)/2)
			worst = max(worst, off)
		}
	}
	if worst > 0.5 {
		t.Errorf("a character is %.2f mm from the middle of its cell", worst)
	}
	if _, more := s.ink(box{0, 0, 27.9, 297}, false); more {
		t.Error("ink left of the type area")
	}
	if _, more := s.ink(box{184.1, 0, 210, 297}, false); more {
		t.Error("ink right of the type area")
	}
	t.Logf("616 of 616 characters within %.2f mm of their cell's middle (bar: 0.5)", worst)
}

// word is a word that pdftotext finds, in points.
type word struct {
	XMin float64 `xml:"xMin,attr"`
	XMax float64 `xml:"xMax,attr"`
	YMin float64 `xml:"yMin,attr"`
	YMax float64 `xml:"yMax,attr"`
	Text string  `xml:",chardata"`
}

func words(t testing.TB, file string) [][]word {
	t.Helper()
	var doc struct {
		Pages []struct {
			Words []word `xml:"word"`
		} `xml:"body>doc>page"`
	}
	if err := xml.Unmarshal(run(t, "pdftotext", "-bbox", file, "-"), &doc); err != nil {
		t.Fatal(err)
	}
	var out [][]word
	for _, p := range doc.Pages {
		for i, w := range p.Words {
			const mm = 25.4 / 72
			p.Words[i] = word{w.XMin * mm, w.XMax * mm, w.YMin * mm, w.YMax * mm, w.Text}
		}
		out = append(out, p.Words)
	}
	return out
}

func find(t testing.TB, ws []word, text string) word {
	t.Helper()
	for _, w := range ws {
		if w.Text == text {
			return w
		}
	}
	t.Fatalf("no word %q in %v", text, ws)
	return word{}
}

// TestMeasures holds a ruler to the first two pages of a notice.
func TestMeasures(t *testing.T) {
	file := write(t, set(t, notice()))
	const char, row = 156.0 / 28, 225.0 / 22
	ws := words(t, file)
	p1, p2 := raster(t, file, 1), raster(t, file, 2)

	mast, _ := p1.ink(box{0, 60, 210, 100}, true)
	near(t, "masthead from the type area's top (35 mm to its box)", mast.y0, 37+35+0.6, 0.6)
	near(t, "masthead's middle", (mast.x0+mast.x1)/2, 106, 0.5)
	line, _ := p1.ink(box{0, 105, 210, 130}, true)
	near(t, "red line left", line.x0, 28, 0.2)
	near(t, "red line right", line.x1, 184, 0.2)
	number, _ := p1.ink(box{28, 100, 184, line.y0}, false)
	near(t, "document number above the red line", line.y0-number.y1, 4.2, 0.5)
	near(t, "document number's middle", (number.x0+number.x1)/2, 106, 0.5)
	near(t, "two rows between masthead and number", number.y0-mast.y1, 2*row, 3.5)

	for i, dash := range []float64{184 - char, 28 + char} {
		page := ws[i]
		foot := page[len(page)-3:]
		if text := foot[0].Text + " " + foot[1].Text + " " + foot[2].Text; text != fmt.Sprintf("— %d —", i+1) {
			t.Errorf("page number %q", text)
		}
		edge := foot[2].XMax
		if i == 1 {
			edge = foot[0].XMin
		}
		near(t, fmt.Sprintf("page number %d at the outer side", i+1), edge, dash, 0.1)
	}
	foot, _ := p1.ink(box{170, 264, 184, 275}, false)
	hyphen, _ := p1.ink(box{foot.x1 - 3, 264, 184, 275}, false)
	near(t, "page number's dash below the type area", hyphen.y0, 262+7, 0.5)

	date := find(t, ws[1], "2024年3月5日")
	near(t, "date from the right margin, four characters", date.XMax, 184-4*char, 0.1)
	issuer := find(t, ws[1], "舟山市市场监督管理局")
	near(t, "issuer over the date's middle", (issuer.XMin+issuer.XMax)/2, (date.XMin+date.XMax)/2, 0.1)
	ring, _ := p2.ink(box{100, 180, 184, 262}, true)
	near(t, "seal's middle on the date's", (ring.x0+ring.x1)/2, (date.XMin+date.XMax)/2, 0.5)
	near(t, "seal's width", ring.x1-ring.x0, 42, 0.3)
	between := (issuer.YMin + date.YMax) / 2
	near(t, "issuer and date a little below the seal's middle", between-(ring.y0+ring.y1)/2, 2, 1)
	last, _ := p2.ink(box{28, 195, 100, ring.y0 + 3}, false)
	if free := ring.y0 - last.y1; free < 0 || free > row {
		t.Errorf("seal begins %.1f mm below the text, less than a row is wanted", free)
	}
	note := find(t, ws[1], "（此件公开发布）")
	near(t, "note, two characters in", note.XMin, 28+2*char, 0.1)

	p8 := raster(t, file, 8)
	imprint, _ := p8.ink(box{0, 0, 210, 297}, false)
	near(t, "imprint's last line at the type area's edge", imprint.y1, 262, 0.2)
	near(t, "imprint's lines from the left", imprint.x0, 28, 0.2)
	near(t, "imprint's lines to the right", imprint.x1, 184, 0.2)
}
