package web_test

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/web"
	"github.com/dinghai/dinghai/web/browser"
	"github.com/dinghai/dinghai/web/webtest"
)

// breaking cuts the connection in the middle of the second piece of an upload.
func breaking(next http.Handler, broke *atomic.Int32) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPatch && broke.Add(1) == 2 {
			r.Body = io.NopCloser(io.LimitReader(r.Body, 50_000))
			next.ServeHTTP(httptest.NewRecorder(), r)
			panic(http.ErrAbortHandler)
		}
		next.ServeHTTP(w, r)
	})
}

// TestUploadInBrowser: a file goes up in pieces, goes on after a connection
// that broke, and stands in the form; a wrong one is refused in words.
func TestUploadInBrowser(t *testing.T) {
	tab := openTab(t)
	dir := t.TempDir()
	b, err := webtest.OpenEmpty(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = b.Close() })
	store := b.Files(dir)
	who := person(b, "1", "complaint_handler", "330902")
	h, err := web.New(web.Config{Engine: b.Engine, Title: webtest.Title, Area: webtest.Area, Work: b.Store, Files: store,
		Viewer: func(*http.Request) (domain.Viewer, error) { return who, nil }})
	if err != nil {
		t.Fatal(err)
	}
	var pieces atomic.Int32
	srv := httptest.NewServer(breaking(h, &pieces))
	t.Cleanup(srv.Close)
	body := append([]byte("%PDF-1.7\n"), bytes.Repeat([]byte("0123456789"), 70_000)...)
	good, bad := filepath.Join(dir, "笔录.pdf"), filepath.Join(dir, "坏.pdf")
	for path, x := range map[string][]byte{good: body, bad: []byte("<html><script>alert(1)</script>")} {
		if err := os.WriteFile(path, x, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := tab.Visit(srv.URL + "/new/complaint.complaint/receive"); err != nil {
		t.Fatal(err)
	}
	const box, value = `[data-name="evidence"]`, `[data-name="evidence"] input[type=hidden]`
	if err := tab.Do(chromedp.SetUploadFiles(box+` input[type=file]`, []string{good}), chromedp.WaitReady(value)); err != nil {
		t.Fatal(err)
	}
	got, err := browser.Run(tab, chromedp.Evaluate[string](`document.querySelector('`+value+`').value`))
	if err != nil {
		t.Fatal(err)
	}
	v, err := domain.ParseFile(got)
	if err != nil || v.Name != "笔录.pdf" || v.Size != int64(len(body)) {
		t.Fatalf("%q %v", got, err)
	}
	r, err := store.Open(t.Context(), v)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if x, err := io.ReadAll(r); err != nil || !bytes.Equal(x, body) {
		t.Errorf("what arrived differs: %v", err)
	}
	if n := pieces.Load(); n < 4 {
		t.Errorf("%d pieces only: nothing broke", n)
	}
	tab.Problems() // the cut connection
	if err := tab.Do(chromedp.SetUploadFiles(box+` input[type=file]`, []string{bad}), chromedp.WaitReady(box+` .dh-problem`)); err != nil {
		t.Fatal(err)
	}
	if text, err := browser.Run(tab, chromedp.Text(box)); err != nil || !strings.Contains(text, "「坏.pdf」这个文件的内容不是可以上传的类型") || !strings.Contains(text, "笔录.pdf") {
		t.Errorf("%q %v", text, err)
	}
}
