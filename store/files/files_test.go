package files_test

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"image"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/store"
	"github.com/dinghai/dinghai/store/files"
	"github.com/dinghai/dinghai/store/sqlite"
)

// plainLock keeps values as they are: the engine's own lock is tested there.
type plainLock struct{}

func (plainLock) Lock(bound, text string) (string, error) { return bound + "\x00" + text, nil }
func (plainLock) Unlock(bound, locked string) (string, bool) {
	return strings.CutPrefix(locked, bound+"\x00")
}

type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time { c.mu.Lock(); defer c.mu.Unlock(); return c.now }
func (c *clock) add(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

func service(t testing.TB, blobs files.Blobs) (*files.Service, *clock) {
	t.Helper()
	dir := t.TempDir()
	st, err := sqlite.Open(t.Context(), sqlite.Options{Path: filepath.Join(dir, "t.db")})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = st.Close() })
	if blobs == nil {
		blobs = files.Disk{Dir: filepath.Join(dir, "files")}
	}
	c := &clock{now: time.Date(2023, 11, 18, 1, 0, 0, 0, time.UTC)}
	return &files.Service{Blobs: blobs, Table: st, Locks: plainLock{}, Dir: filepath.Join(dir, "uploads"), Now: c.Now}, c
}

func picture(typ string, w, h int) []byte {
	var b bytes.Buffer
	img := image.NewGray(image.Rect(0, 0, w, h))
	for i := range img.Pix {
		img.Pix[i] = byte(i * i >> 3)
	}
	switch typ {
	case "png":
		_ = png.Encode(&b, img)
	case "gif":
		_ = gif.Encode(&b, img, nil)
	default:
		_ = jpeg.Encode(&b, img, nil)
	}
	return b.Bytes()
}

// office makes a package with the named parts.
func office(parts map[string]string) []byte {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, text := range parts {
		w, _ := z.Create(name)
		_, _ = io.WriteString(w, text)
	}
	_ = z.Close()
	return b.Bytes()
}

func docx(more map[string]string) []byte {
	parts := map[string]string{"[Content_Types].xml": "<Types/>", "word/document.xml": "<w:document/>"}
	for k, v := range more {
		parts[k] = v
	}
	return office(parts)
}

// dropped fails after some bytes, like a connection that breaks.
type dropped struct {
	r    io.Reader
	left int
}

func (d *dropped) Read(p []byte) (int, error) {
	if d.left == 0 {
		return 0, io.ErrUnexpectedEOF
	}
	n, err := d.r.Read(p[:min(len(p), d.left)])
	d.left -= n
	return n, err
}

func value(t testing.TB, s string) domain.File {
	t.Helper()
	v, err := domain.ParseFile(s)
	if err != nil {
		t.Fatalf("%q: %v", s, err)
	}
	return v
}

func content(t testing.TB, s *files.Service, v domain.File) []byte {
	t.Helper()
	r, err := s.Open(t.Context(), v)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	b, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// TestResume: a broken connection keeps what arrived; the sender goes on from
// the offset told, and a last answer that got lost can be asked for again.
func TestResume(t *testing.T) {
	s, _ := service(t, nil)
	ctx, body := t.Context(), picture("jpeg", 900, 700)
	sum := sha256.Sum256(body)
	id, err := s.Begin(ctx, "li", `C:\照片\店面.JPG`, int64(len(body)), hex.EncodeToString(sum[:]))
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := s.Append(ctx, id, "li", 0, &dropped{bytes.NewReader(body), 70_000}); err == nil {
		t.Fatal("a broken connection gives no error")
	}
	off, size, _, err := s.Offset(ctx, id, "li")
	if err != nil || off != 70_000 || size != int64(len(body)) {
		t.Fatalf("offset %d of %d %v", off, size, err)
	}
	if _, _, err := s.Append(ctx, id, "li", 0, bytes.NewReader(body)); domain.ErrorCode(err) != domain.Conflict {
		t.Errorf("from the wrong place: %v", err)
	}
	if _, _, _, err := s.Offset(ctx, id, "wang"); domain.ErrorCode(err) != domain.NotFound {
		t.Errorf("somebody else's: %v", err)
	}
	_, got, err := s.Append(ctx, id, "li", off, bytes.NewReader(body[off:]))
	if err != nil {
		t.Fatal(err)
	}
	v := value(t, got)
	if v.Type != "jpeg" || v.Name != "店面.JPG" || !bytes.Equal(content(t, s, v), body) {
		t.Errorf("%+v", v)
	}
	if _, again, err := s.Append(ctx, id, "li", int64(len(body)), bytes.NewReader(nil)); err != nil || again != got {
		t.Errorf("asked again: %q %v", again, err)
	}
	if left, _ := os.ReadDir(s.Dir); len(left) != 0 {
		t.Errorf("plain content stays on the disk: %v", left)
	}
	stored, err := s.Blobs.Get(ctx, v.Sum)
	if err != nil {
		t.Fatal(err)
	}
	defer stored.Close()
	raw, _ := io.ReadAll(stored)
	if bytes.Contains(raw, body[100:140]) || bytes.Contains(raw, []byte("店面")) {
		t.Error("stored in the clear")
	}
}

// TestTaken: what is taken, as what, and under which name.
func TestTaken(t *testing.T) {
	s, _ := service(t, nil)
	mp4 := append([]byte("\x00\x00\x00\x18ftypisom\x00\x00\x02\x00isomiso2"), make([]byte, 900)...)
	webp := []byte("RIFF\x16\x00\x00\x00WEBPVP8 \x0a\x00\x00\x00..........")
	for _, c := range []struct{ name, body, typ, as string }{
		{"a.png", string(picture("png", 30, 20)), "png", "a.png"},
		{"动图.gif", string(picture("gif", 30, 20)), "gif", "动图.gif"},
		{"无后缀", string(picture("jpeg", 30, 20)), "jpeg", "无后缀.jpg"},
		{"page.html", string(picture("png", 30, 20)), "png", "page.html.png"},
		{"../../etc/passwd", "root 之类的文字", "txt", "passwd.txt"},
		{`..\..\win.ini`, "文字", "txt", "win.ini.txt"},
		{"a\x00b\r\nX: y.txt", "文字", "txt", "abX y.txt"},
		{"\u202egpj.exe", "文字", "txt", "gpj.exe.txt"},
		{"....", "文字", "txt", "file.txt"},
		{"gb.txt", "\xd6\xdb\xc9\xbd", "txt", "gb.txt"},
		{"信.pdf", "%PDF-1.7\n1 0 obj\n", "pdf", "信.pdf"},
		{"报告.docx", string(docx(nil)), "docx", "报告.docx"},
		{"表.xlsx", string(office(map[string]string{"[Content_Types].xml": "", "xl/workbook.xml": ""})), "xlsx", "表.xlsx"},
		{"v.mp4", string(mp4), "mp4", "v.mp4"},
		{"v.m4a", strings.Replace(string(mp4), "isom", "M4A ", 1), "m4a", "v.m4a"},
		{"s.mp3", "ID3\x04\x00\x00" + strings.Repeat("\x00", 500), "mp3", "s.mp3"},
		{"s.mp3", "\xff\xfb\x90\x64" + strings.Repeat("\x00", 500), "mp3", "s.mp3"},
		{"p.webp", string(webp), "webp", "p.webp"},
		{strings.Repeat("长", 300) + ".pdf", "%PDF-1.4\n", "pdf", strings.Repeat("长", 96) + ".pdf"},
	} {
		got, err := s.Take(t.Context(), "li", c.name, int64(len(c.body)), strings.NewReader(c.body))
		if err != nil {
			t.Errorf("%q: %v", c.name, err)
			continue
		}
		v := value(t, got)
		if v.Type != c.typ || v.Name != c.as || string(content(t, s, v)) != c.body {
			t.Errorf("%q became %s %q, want %s %q", c.name, v.Type, v.Name, c.typ, c.as)
		}
	}
}

// TestRefused: what is refused, with the rule that says so.
func TestRefused(t *testing.T) {
	s, _ := service(t, nil)
	zeros := strings.Repeat("\x00", 304<<20/64)
	bomb := func() []byte {
		var b bytes.Buffer
		z := zip.NewWriter(&b)
		z.RegisterCompressor(zip.Deflate, func(w io.Writer) (io.WriteCloser, error) { return flate.NewWriter(w, flate.BestSpeed) })
		for _, n := range []string{"[Content_Types].xml", "word/document.xml"} {
			_, _ = z.Create(n)
		}
		w, _ := z.Create("word/media/a.bin")
		for range 64 {
			_, _ = io.WriteString(w, zeros)
		}
		_ = z.Close()
		return b.Bytes()
	}()
	page := "<!DOCTYPE html><script>alert(1)</script>"
	gifjs := append(picture("gif", 9, 9), []byte("<script>alert(1)</script>")...)
	zipped := office(map[string]string{"index.html": page})
	wide := picture("png", 4, 4)
	copy(wide[16:24], "\x00\x00\xff\xff\x00\x00\xff\xff") // claims 65535 × 65535
	for _, c := range []struct{ name, body, rule string }{
		{"a.jpg", page, "type"},
		{"a.svg", `<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>`, "type"},
		{"a.jpg", "MZ\x90\x00\x03\x00\x00\x00", "type"},
		{"a.jpg", "\x7fELF\x02\x01\x01\x00", "type"},
		{"a.heic", "\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic", "type"},
		{"a.zip", string(zipped), "type"},
		{"a.gif", string(gifjs), "twofold"},
		{"a.png", string(picture("png", 9, 9)) + string(zipped), "twofold"},
		{"a.pdf", "%PDF-1.4\n" + string(zipped), "twofold"},
		{"a.pdf", "%PDF-1.4\n<script>x</script>", "twofold"},
		{"a.jpg", string(picture("jpeg", 9, 9))[:20] + "<html><script>", "broken"},
		{"a.png", string(wide), "broken"},
		{"a.docx", string(bomb), "bomb"},
		{"a.docx", string(docx(map[string]string{"word/vbaProject.bin": "x"})), "macro"},
		{"a.docx", string(docx(map[string]string{"../../evil": "x"})), "broken"},
		{"a.docx", string(docx(nil)[:60]), "broken"},
		{"a.txt", "bell\x07", "type"},
		{"a.txt", "\xff\xfe\x00\x01", "type"},
		{"a.txt", "", "empty"},
	} {
		got, err := s.Take(t.Context(), "li", c.name, int64(len(c.body)), strings.NewReader(c.body))
		d, _ := err.(*domain.Error) //nolint:errorlint // ours
		if d == nil || d.Problems[0].Rule != c.rule {
			t.Errorf("%s (%d bytes) gave %q %v, want %s", c.name, len(c.body), got, err, c.rule)
		}
	}
	if _, err := s.Begin(t.Context(), "li", "a.mp4", domain.MaxFile+1, ""); domain.ErrorCode(err) != domain.Invalid {
		t.Errorf("too large: %v", err)
	}
	id, _ := s.Begin(t.Context(), "li", "a.txt", 4, strings.Repeat("0", 64))
	if _, _, err := s.Append(t.Context(), id, "li", 0, strings.NewReader("文")); err != nil {
		t.Error(err)
	}
	if _, v, err := s.Append(t.Context(), id, "li", 3, strings.NewReader("x")); err == nil {
		t.Errorf("a wrong sum: %q", v)
	}
	id, _ = s.Begin(t.Context(), "li", "a.txt", 4, "")
	if _, _, err := s.Append(t.Context(), id, "li", 0, strings.NewReader("too long")); domain.ErrorCode(err) != domain.Invalid {
		t.Errorf("more than announced: %v", err)
	}
	if left, _ := os.ReadDir(s.Dir); len(left) != 0 {
		t.Errorf("refused content stays on the disk: %v", left)
	}
}

// TestChanged: whatever is changed, cut off or opened with another key or value
// is not given out as whole.
func TestChanged(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "f")
	s, _ := service(t, files.Disk{Dir: dir})
	body := bytes.Repeat([]byte("0123456789abcdef"), 20_000)
	body = append([]byte("%PDF-1.7\n"), body...)
	got, err := s.Take(t.Context(), "li", "a.pdf", int64(len(body)), bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	v := value(t, got)
	other := v
	other.Key = strings.Repeat("A", 43)
	renamed := v
	renamed.Type, renamed.Name = "png", "a.png"
	for _, x := range []domain.File{other, renamed} {
		if err := s.Claim(t.Context(), x); domain.ErrorCode(err) != domain.NotFound {
			t.Errorf("%v opens: %v", x, err)
		}
	}
	path := filepath.Join(dir, v.Sum[:2], v.Sum)
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	const seg = 64<<10 + 16
	for name, raw := range map[string][]byte{
		"cut between segments": whole[:4+2*seg], "cut inside": whole[:len(whole)-5], "swapped": slicesSwap(whole, 4+seg, 4+2*seg, seg),
		"one bit": flip(whole, len(whole)/2), "empty": {},
	} {
		if err := os.WriteFile(path, raw, 0o600); err != nil {
			t.Fatal(err)
		}
		r, err := s.Open(t.Context(), v)
		if err == nil {
			_, err = io.ReadAll(r)
			r.Close()
		}
		if err == nil {
			t.Errorf("%s: read as whole", name)
		}
	}
}

func flip(b []byte, i int) []byte { c := bytes.Clone(b); c[i] ^= 1; return c }
func slicesSwap(b []byte, i, j, n int) []byte {
	c := bytes.Clone(b)
	copy(c[i:i+n], b[j:j+n])
	copy(c[j:j+n], b[i:i+n])
	return c
}

// TestSweep: unfinished ones go after a day, strangers' and unclaimed ones
// later, claimed ones never.
func TestSweep(t *testing.T) {
	s, c := service(t, nil)
	ctx := t.Context()
	for range files.MaxOpen {
		if _, err := s.Begin(ctx, "li", "a.txt", 9, ""); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := s.Begin(ctx, "li", "a.txt", 9, ""); domain.ErrorCode(err) != domain.Refused {
		t.Errorf("one too many: %v", err)
	}
	take := func(who string) domain.File {
		got, err := s.Take(ctx, who, "a.txt", 3, strings.NewReader("abc"))
		if err != nil {
			t.Fatal(err)
		}
		return value(t, got)
	}
	claimed, drafted, public := take("wang"), take("wang"), take(files.Strangers+"x")
	if err := s.Claim(ctx, claimed); err != nil {
		t.Fatal(err)
	}
	there := func(want ...bool) {
		t.Helper()
		for i, v := range []domain.File{claimed, drafted, public} {
			if ok, _ := s.Blobs.Has(ctx, v.Sum); ok != want[i] {
				t.Errorf("file %d there: %v", i, ok)
			}
		}
	}
	c.add(25 * time.Hour)
	if n, err := s.Sweep(ctx); err != nil || n != files.MaxOpen+1 {
		t.Errorf("swept %d %v", n, err)
	}
	there(true, true, false)
	c.add(30 * 24 * time.Hour)
	if n, err := s.Sweep(ctx); err != nil || n != 1 {
		t.Errorf("swept %d %v", n, err)
	}
	there(true, false, false)
}

// TestScan: a program that says no, one that cannot look, and one that is content.
func TestScan(t *testing.T) {
	s, _ := service(t, nil)
	script := func(text string) files.Command {
		p := filepath.Join(t.TempDir(), "scan")
		if err := os.WriteFile(p, []byte("#!/bin/sh\n"+text), 0o700); err != nil { //nolint:gosec // it is to be run
			t.Fatal(err)
		}
		return files.ScanCommand(p + " --quiet")
	}
	for text, want := range map[string]domain.Code{
		`test "$1" = --quiet || exit 9; grep -q EICAR "$2" && exit 1; exit 0`: domain.Refused, "exit 2": domain.Unavailable, "exit 0": "",
	} {
		s.Scan = script(text)
		_, err := s.Take(context.Background(), "li", "a.txt", 10, strings.NewReader("EICAR test"))
		if domain.ErrorCode(err) != want {
			t.Errorf("%s: %v", text, err)
		}
	}
}

var _ files.Table = (*sqlite.Store)(nil)
var _ store.Upload
