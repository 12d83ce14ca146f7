package barcode_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"image/png"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/dinghai/dinghai/kit/barcode"
)

func reason(err error) string {
	var e *barcode.Error
	if errors.As(err, &e) {
		return fmt.Sprintf("%s %d %s", e.Kind, e.Pos, e.Reason)
	}
	return fmt.Sprint(err)
}

func qr(s string) (*barcode.Symbol, error) { return barcode.QR(s, barcode.M) }

func TestErrors(t *testing.T) {
	tests := []struct {
		draw    func(string) (*barcode.Symbol, error)
		content string
		want    string
	}{
		{qr, "", "qr 0 empty"},
		{qr, "ab\xff", "qr 3 utf8"},
		{qr, "\ufffd", "<nil>"},
		{qr, strings.Repeat("a", 2331), "<nil>"}, // version 40-M
		{qr, strings.Repeat("a", 2332), "qr 0 too_long"},
		{qr, strings.Repeat("1", 1<<20), "qr 7090 too_long"},
		{func(s string) (*barcode.Symbol, error) { return barcode.QR(s, barcode.L) }, strings.Repeat("1", 7089), "<nil>"},
		{func(s string) (*barcode.Symbol, error) { return barcode.QR(s, 7) }, "a", "qr 0 level"},

		{barcode.Code128, "", "code128 0 empty"},
		{barcode.Code128, "aé", "code128 2 char"},
		{barcode.Code128, "\u00f1", "code128 1 char"}, // FNC1 of the library
		{barcode.Code128, strings.Repeat("a", 80), "<nil>"},
		{barcode.Code128, strings.Repeat("a", 81), "code128 81 too_long"},

		{barcode.GS1128, "", "gs1_128 0 empty"},
		{barcode.GS1128, "\x1d10A", "gs1_128 1 separator"},
		{barcode.GS1128, "10A\x1d", "gs1_128 4 separator"},
		{barcode.GS1128, "10A\x1d\x1d21B", "gs1_128 5 separator"},
		{barcode.GS1128, "10A B", "gs1_128 4 char"},
		{barcode.GS1128, strings.Repeat("1", 48), "<nil>"},
		{barcode.GS1128, strings.Repeat("1", 49), "gs1_128 49 too_long"},

		{barcode.GS1DataMatrix, "", "gs1_datamatrix 0 empty"},
		{barcode.GS1DataMatrix, "(01)09501101530003^", "gs1_datamatrix 19 char"},
		{barcode.GS1DataMatrix, "10\xe8", "gs1_datamatrix 3 char"}, // FNC1 of the library
		{barcode.GS1DataMatrix, strings.Repeat("1", 3114), "<nil>"},
		{barcode.GS1DataMatrix, strings.Repeat("1", 3115), "gs1_datamatrix 3115 too_long"},
		{barcode.GS1DataMatrix, strings.Repeat("a", 1558), "gs1_datamatrix 0 too_long"},
	}
	for _, tt := range tests {
		if _, err := tt.draw(tt.content); reason(err) != tt.want {
			t.Errorf("%.20q: got %s, want %s", tt.content, reason(err), tt.want)
		}
	}
	s, _ := qr("a")
	for _, err := range []error{s.PNG(&bytes.Buffer{}, 0), s.PNG(&bytes.Buffer{}, 1<<62), s.SVG(&bytes.Buffer{}, 0), s.SVG(&bytes.Buffer{}, -1)} {
		if reason(err) != "qr 0 scale" {
			t.Error(err)
		}
	}
}

// The sizes are those that the standards print for these contents.
func TestSizes(t *testing.T) {
	tests := []struct {
		name                  string
		content               string
		level                 barcode.Level
		version, width, quiet int
	}{
		{"digits of 1-L", strings.Repeat("1", 41), barcode.L, 1, 21, 29},
		{"digits beyond 1-L", strings.Repeat("1", 42), barcode.L, 2, 25, 33},
		{"letters of 1-H", strings.Repeat("A", 10), barcode.H, 1, 21, 29},
		{"letters beyond 1-H", strings.Repeat("A", 11), barcode.H, 2, 25, 33},
		{"bytes of 10-Q", strings.Repeat("a", 151), barcode.Q, 10, 57, 65},
		{"mixed: 20 bytes and 40 digits", strings.Repeat("a", 20) + strings.Repeat("1", 40), barcode.M, 3, 29, 37}, // 320 bits, as bytes alone 492
	}
	for _, tt := range tests {
		s, err := barcode.QR(tt.content, tt.level)
		if err != nil {
			t.Fatal(err)
		}
		v, _ := barcode.QRVersion(tt.content, tt.level)
		if w, h := s.Size(); v != tt.version || s.Width != tt.width || w != tt.quiet || h != tt.quiet {
			t.Errorf("%s: version %d, %d modules, %d with quiet zone", tt.name, v, s.Width, w)
		}
	}
	dm, _ := barcode.GS1DataMatrix("010950110153000317261231")
	if dm.Width != 18 || dm.Height != 18 {
		t.Errorf("Data Matrix of %d × %d", dm.Width, dm.Height)
	}
	// Start, FNC1, 8 pairs, check, stop: 11 modules each and 13.
	if c, _ := barcode.GS1128("0109501101530003"); c.Width != 11*11+13 {
		t.Errorf("GS1-128 of %d modules", c.Width)
	}
}

// The level is written into the symbol: format bits 14 and 13, unmasked.
func TestLevels(t *testing.T) {
	for level, want := range map[barcode.Level]int{barcode.L: 1, barcode.M: 0, barcode.Q: 3, barcode.H: 2} {
		s, err := barcode.QR("A", level)
		if err != nil {
			t.Fatal(err)
		}
		got := 0
		for x := range 2 {
			got = got<<1 | map[bool]int{true: 1}[s.Dark(x, 8)]
		}
		if got ^= 0b10; got != want {
			t.Errorf("level %d has format bits %02b", level, got)
		}
	}
}

func TestPNG(t *testing.T) {
	s, _ := qr("舟山")
	var b bytes.Buffer
	if err := s.PNG(&b, 3); err != nil {
		t.Fatal(err)
	}
	m, err := png.Decode(&b)
	if err != nil {
		t.Fatal(err)
	}
	w, h := s.Size()
	if m.Bounds().Dx() != 3*w || m.Bounds().Dy() != 3*h {
		t.Fatal(m.Bounds())
	}
	for y := range 3 * h {
		for x := range 3 * w {
			r, _, _, _ := m.At(x, y).RGBA()
			if dark := s.Dark(x/3-4, y/3-4); (r == 0) != dark {
				t.Fatalf("pixel %d, %d", x, y)
			}
		}
	}
}

var rectangle = regexp.MustCompile(`M(\d+) (\d+)h(\d+)v(\d+)h-(\d+)z`)

// Every rectangle of the SVG is painted into a grid, which is the symbol.
func TestSVG(t *testing.T) {
	for name, draw := range map[string]func() (*barcode.Symbol, error){
		"qr":         func() (*barcode.Symbol, error) { return qr("舟山市") },
		"datamatrix": func() (*barcode.Symbol, error) { return barcode.GS1DataMatrix("0109501101530003") },
		"code128":    func() (*barcode.Symbol, error) { return barcode.Code128("ZS-2026") },
	} {
		s, err := draw()
		if err != nil {
			t.Fatal(err)
		}
		var b bytes.Buffer
		if err := s.SVG(&b, 0.33); err != nil {
			t.Fatal(err)
		}
		if err := xml.Unmarshal(b.Bytes(), new(struct{})); err != nil {
			t.Fatal(err)
		}
		w, h := s.Size()
		if head := fmt.Sprintf(`width="%smm"`, strconv.FormatFloat(float64(w)*33/100, 'f', -1, 64)); !strings.Contains(b.String(), head) {
			t.Errorf("%s: no %s in %.200s", name, head, b.String())
		}
		grid := make([]bool, w*h)
		for _, m := range rectangle.FindAllStringSubmatch(b.String(), -1) {
			var n [5]int
			for i := range n {
				n[i], _ = strconv.Atoi(m[i+1])
			}
			for y := n[1]; y < n[1]+n[3]; y++ {
				for x := n[0]; x < n[0]+n[2]; x++ {
					grid[y*w+x] = true
				}
			}
		}
		quietX, quietY := (w-s.Width)/2, (h-s.Height)/2
		for i, dark := range grid {
			if dark != s.Dark(i%w-quietX, i/w-quietY) {
				t.Fatalf("%s: module %d, %d", name, i%w, i/w)
			}
		}
	}
}

func FuzzSymbols(f *testing.F) {
	for _, s := range []string{"", "A", "舟山123ABC", "0109501101530003\x1d10A", "\xff", "\u00f1\u00f2", "\xe8", "\x00\x7f"} {
		f.Add(s, byte(1))
	}
	f.Fuzz(func(t *testing.T, s string, level byte) {
		for _, draw := range []func(string) (*barcode.Symbol, error){
			func(s string) (*barcode.Symbol, error) { return barcode.QR(s, barcode.Level(level%4)) },
			barcode.Code128, barcode.GS1128, barcode.GS1DataMatrix,
		} {
			symbol, err := draw(s)
			var e *barcode.Error
			switch {
			case err == nil:
				if _, err := symbol.Image(1); err != nil {
					t.Fatal(err)
				}
			case !errors.As(err, &e) || e.Pos < 0 || e.Pos > len(s)+1:
				t.Fatalf("%q: %v", s, err)
			}
		}
	})
}

func BenchmarkSymbols(b *testing.B) {
	for name, draw := range map[string]func() (*barcode.Symbol, error){
		"QR-30":      func() (*barcode.Symbol, error) { return qr("https://example.com/01/06901234567892") },
		"QR-1000":    func() (*barcode.Symbol, error) { return qr(strings.Repeat("A", 1000)) },
		"DataMatrix": func() (*barcode.Symbol, error) { return barcode.GS1DataMatrix("0109501101530003172612311012345") },
		"GS1-128":    func() (*barcode.Symbol, error) { return barcode.GS1128("0109501101530003172612311012345") },
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := draw(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkPNG(b *testing.B) {
	s, _ := qr("https://example.com/01/06901234567892")
	b.ReportAllocs()
	for b.Loop() {
		_ = s.PNG(&bytes.Buffer{}, 4)
	}
}

func ExampleQR() {
	s, err := barcode.QR("https://id.gs1.org/01/06901234567892", barcode.M)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(s.Size())
	// Output: 37 37
}

func ExampleGS1DataMatrix() {
	// GTIN, expiry, lot and serial; the lot is of variable length.
	s, err := barcode.GS1DataMatrix("0109501101530003" + "17261231" + "10AB-1" + "\x1d" + "21007")
	if err != nil {
		fmt.Println(err)
		return
	}
	f, err := os.CreateTemp("", "*.svg")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.Remove(f.Name())
	fmt.Println(s.Width, s.Height, s.SVG(f, 0.5), f.Close())
	// Output: 20 20 <nil> <nil>
}
