package barcode_test

import (
	"bytes"
	"fmt"
	"image"
	stddraw "image/draw"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/dinghai/dinghai/kit/barcode"
	"github.com/dinghai/dinghai/kit/need"
)

// A browser's drawing of the SVG reads like the PNG.
func TestSVGReadBack(t *testing.T) {
	t.Parallel()
	need.Tool(t, "dmtxread")
	kinds := []struct {
		name     string
		contents []string
		symbol   func(string) (*barcode.Symbol, error)
	}{
		{"datamatrix", elements(1, 12), barcode.GS1DataMatrix},
		{"qrcode", random(6, 60, chars, upper), func(s string) (*barcode.Symbol, error) { return barcode.QR(s, barcode.Q) }},
		{"code128", random(6, 12, ascii()), barcode.Code128},
	}
	var page bytes.Buffer
	page.WriteString("<!doctype html><body style='margin:0'>")
	for _, k := range kinds {
		for _, c := range k.contents {
			s, err := k.symbol(c)
			if err != nil {
				t.Fatal(err)
			}
			page.WriteString("<p style='margin:0 40px 60px'>")
			if err := s.SVG(&page, 1); err != nil {
				t.Fatal(err)
			}
		}
	}
	shot := screenshot(t, page.Bytes(), image.Rect(0, 0, 1100, 3600))
	dm := []drawn{{kinds[0].contents[0], crop(t, shot, image.Rect(0, 0, 300, 150))}}
	compare(t, dm, dmtx(t, dm))
	for _, k := range kinds[1:] {
		raw, err := exec.Command(need.Tool(t, "zbarimg"), "--raw", "--nodbus", "-q", "-Sdisable", "-S"+k.name+".enable", shot).Output()
		if err != nil {
			t.Fatal(k.name, err)
		}
		got, want := strings.Split(strings.TrimSuffix(string(raw), "\n"), "\n"), slices.Clone(k.contents)
		slices.Sort(got)
		slices.Sort(want)
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("%s: %s", k.name, d)
		}
		t.Logf("%d of %d read back as SVG", len(got), len(want))
	}
}

func screenshot(t *testing.T, page []byte, size image.Rectangle) string {
	t.Helper()
	dir := t.TempDir()
	html, shot := filepath.Join(dir, "page.html"), filepath.Join(dir, "page.png")
	if err := os.WriteFile(html, page, 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(need.Tool(t, "chromium", "chromium-browser", "google-chrome"), "--headless", "--no-sandbox", "--disable-gpu",
		"--hide-scrollbars", "--user-data-dir="+filepath.Join(dir, "profile"), fmt.Sprintf("--window-size=%d,%d", size.Dx(), size.Dy()),
		"--screenshot="+shot, "file://"+html).CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %.300s", err, out)
	}
	return shot
}

func crop(t *testing.T, path string, r image.Rectangle) string {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	m, err := png.Decode(f)
	if err != nil {
		t.Fatal(err)
	}
	part := image.NewGray(r)
	stddraw.Draw(part, r, m, r.Min, stddraw.Src)
	var b bytes.Buffer
	if err := png.Encode(&b, part); err != nil {
		t.Fatal(err)
	}
	out := filepath.Join(t.TempDir(), "part.png")
	if err := os.WriteFile(out, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return out
}
