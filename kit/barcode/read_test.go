package barcode_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/dinghai/dinghai/kit/barcode"
	"github.com/dinghai/dinghai/kit/need"
)

// count is how many random contents of each symbology are read back. The
// readers take half a minute for the thousand.
func count() int {
	if os.Getenv("REQUIRE") == "all" {
		return 1000
	}
	return 50
}

// drawn is a symbol as a file.
type drawn struct{ content, path string }

func draw(t *testing.T, contents []string, module int, symbol func(string) (*barcode.Symbol, error)) []drawn {
	t.Helper()
	dir := t.TempDir()
	var out []drawn
	for i, c := range contents {
		s, err := symbol(c)
		if err != nil {
			t.Fatalf("%q: %v", c, err)
		}
		var b bytes.Buffer
		if err := s.PNG(&b, module); err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(dir, fmt.Sprintf("%04d.png", i))
		if err := os.WriteFile(path, b.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
		out = append(out, drawn{c, path})
	}
	return out
}

// zbar reads many files in one call, looking for symbols of one kind only, and
// returns the texts by path. Its XML is no use: it encodes bytes above 0x7F
// wrongly.
func zbar(t *testing.T, files []drawn, kind string) map[string]string {
	t.Helper()
	args := []string{"--raw", "--nodbus", "-q", "-Sdisable", "-S" + kind + ".enable"}
	for _, f := range files {
		args = append(args, f.path)
	}
	out, err := exec.Command(need.Tool(t, "zbarimg"), args...).Output()
	if err != nil && len(out) == 0 {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSuffix(string(out), "\n"), "\n")
	if len(lines) != len(files) {
		t.Fatalf("%d symbols found in %d files", len(lines), len(files))
	}
	got := map[string]string{}
	for i, f := range files {
		got[f.path] = lines[i]
	}
	return got
}

func compare(t *testing.T, files []drawn, got map[string]string) {
	t.Helper()
	read := 0
	for _, f := range files {
		if got[f.path] != f.content {
			t.Errorf("%s: %.60q read as %.60q", filepath.Base(f.path), f.content, got[f.path])
			continue
		}
		read++
	}
	t.Logf("%d of %d read back", read, len(files))
}

var levels = []barcode.Level{barcode.L, barcode.M, barcode.Q, barcode.H}

// random draws texts of lengths up to most out of the alphabets in turn.
func random(n, most int, alphabets ...string) (out []string) {
	rnd := rand.New(rand.NewPCG(1, uint64(most)))
	for i := range n {
		set := []rune(alphabets[i%len(alphabets)])
		text := make([]rune, 1+rnd.IntN(most))
		for j := range text {
			text[j] = set[rnd.IntN(len(set))]
		}
		out = append(out, string(text))
	}
	return out
}

const (
	digits = "0123456789"
	upper  = digits + "ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
	set82  = digits + "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz" + `!"%&'()*+,-./:;<=>?_`
	chars  = "舟山市定海区食品生产许可证编号浙江省𠮷é㐀龥、。《》—“”"
)

// han is every Chinese character of the basic block.
func han() string {
	var b strings.Builder
	for r := '一'; r <= '龥'; r++ {
		b.WriteRune(r)
	}
	return b.String()
}

func ascii() string {
	var b strings.Builder
	for c := rune(' '); c < 0x7f; c++ {
		b.WriteRune(c)
	}
	return b.String()
}

func TestQRReadBack(t *testing.T) {
	t.Parallel()
	need.Tool(t, "zbarimg")
	contents := random(count(), 150, digits, upper, ascii(), han(), chars, "https://例子.cn/01/06901234567892?17="+digits, "A1b中")
	i := 0
	files := draw(t, contents, 3, func(s string) (*barcode.Symbol, error) {
		i++
		return barcode.QR(s, levels[i%4])
	})
	compare(t, files, zbar(t, files, "qrcode"))
}

// Every version of every level is read, so that no table has a hole.
func TestQRVersions(t *testing.T) {
	t.Parallel()
	need.Tool(t, "zbarimg")
	var contents []string
	var level []barcode.Level
	for _, l := range levels {
		most := capacity(t, l)
		for v := 1; v <= 40; v += step() {
			contents = append(contents, strings.Repeat("浙", (most[v]-4)/3)+"ab"[:1+v%2])
			level = append(level, l)
		}
	}
	i := -1
	files := draw(t, contents, 2, func(s string) (*barcode.Symbol, error) { i++; return barcode.QR(s, level[i]) })
	compare(t, files, zbar(t, files, "qrcode"))
}

func step() int {
	if count() == 1000 {
		return 1
	}
	return 13
}

// capacity finds the most bytes that each version holds, by the encoder itself.
func capacity(t *testing.T, l barcode.Level) (most [41]int) {
	t.Helper()
	for n := 1; ; n++ {
		v, err := barcode.QRVersion(strings.Repeat("a", n), l)
		if err != nil {
			return most
		}
		most[v] = n
	}
}

func TestCode128ReadBack(t *testing.T) {
	t.Parallel()
	need.Tool(t, "zbarimg")
	contents := random(count(), 60, digits, upper, ascii(), "12a", "A\x01\x02\x1e", "aB\t1")
	files := draw(t, contents, 2, barcode.Code128)
	compare(t, files, zbar(t, files, "code128"))
}

// elements makes element strings: GTIN, lot, serial and others.
func elements(n, longest int) (out []string) {
	for i, text := range random(n, longest, digits, set82, digits+"ABC") {
		s := fmt.Sprintf("01%014d", i*7919)
		switch i % 4 {
		case 0:
			s += "10" + text
		case 1:
			s += "17261231" + "10" + text + "\x1d" + "21" + fmt.Sprint(i)
		case 2:
			s = "00" + fmt.Sprintf("%018d", i*104729)
		case 3:
			s += "21" + text + "\x1d" + "3103001250"
		}
		out = append(out, s)
	}
	return out
}

func TestGS1128ReadBack(t *testing.T) {
	t.Parallel()
	need.Tool(t, "zbarimg")
	var contents []string
	for _, s := range elements(2*count(), 12) {
		if len(s) <= barcode.MaxGS1128 {
			contents = append(contents, s)
		}
	}
	files := draw(t, contents[:count()], 2, barcode.GS1128)
	compare(t, files, zbar(t, files, "code128"))
}

func TestDataMatrixReadBack(t *testing.T) {
	t.Parallel()
	need.Tool(t, "dmtxread")
	files := draw(t, elements(count(), 20), 4, barcode.GS1DataMatrix)
	compare(t, files, dmtx(t, files))
}

// dmtx is zbar for Data Matrix. FNC1 is printed as the separator, the first one
// too, which only a GS1 symbol has.
func dmtx(t *testing.T, files []drawn) map[string]string {
	t.Helper()
	args := []string{"-N1", "-n", "-G29"}
	for _, f := range files {
		args = append(args, f.path)
	}
	out, err := exec.Command(need.Tool(t, "dmtxread"), args...).Output()
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSuffix(string(out), "\n"), "\n")
	if len(lines) != len(files) {
		t.Fatalf("%d symbols found in %d files", len(lines), len(files))
	}
	got := map[string]string{}
	for i, f := range files {
		text, gs1 := strings.CutPrefix(lines[i], "\x1d")
		if got[f.path] = text; !gs1 {
			got[f.path] = "no GS1 symbol: " + text
		}
	}
	return got
}
