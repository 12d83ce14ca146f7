package wasm

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"github.com/dinghai/dinghai/kit/need"
)

// maxCompressed is what a page may have to load, in bytes.
const maxCompressed = 3_000_000

// page loads the module as any page would, under a policy that allows no inline
// script, and leaves the answers to all cases behind.
const (
	page   = `<!doctype html><meta charset="utf-8"><title>verify</title><script type="module" src="page.js"></script>`
	pageJS = `import { load } from './dinghai.js';
const run = async () => {
  const start = performance.now();
  const dinghai = await load();
  const loaded = performance.now();
  const cases = await (await fetch('cases.json')).json();
  const answers = cases.map((c) => dinghai[c.Name](c.Request));
  return { answers, names: Object.keys(dinghai), load: loaded - start, run: performance.now() - loaded };
};
globalThis.outcome = run().catch((e) => ({ error: String(e && e.stack || e) }));
`
	policy = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'"
)

type outcome struct {
	Answers []json.RawMessage
	Names   []string
	Load    float64 // milliseconds
	Run     float64
	Error   string
}

// The same vectors pass in a browser, with the same answers.
func TestBrowser(t *testing.T) {
	if testing.Short() {
		t.Skip("compiles to WebAssembly and starts a browser: some 20 s")
	}
	chromium := need.Tool(t, "chromium", "chromium-browser", "google-chrome")
	dir := t.TempDir()
	build := exec.Command("go", "run", "./build", dir)
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	size := compressedSize(t, dir)
	t.Logf("dinghai.wasm with gzip: %d bytes, at most %d", size, maxCompressed)
	if size > maxCompressed {
		t.Error("too large")
	}
	list := allCases(t)
	b, err := json.Marshal(list)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(site(dir, b))
	defer server.Close()

	got := visit(t, chromium, server.URL)
	if got.Error != "" {
		t.Fatal(got.Error)
	}
	if len(got.Names) != len(Names()) {
		t.Errorf("functions: %v", got.Names)
	}
	answers := make([][]byte, len(got.Answers))
	same := 0
	for i, a := range got.Answers {
		answers[i] = a
		if jsonEqual(a, Call(list[i].Name, list[i].Request)) {
			same++
		} else {
			t.Errorf("%s %s: %.300s\nnative: %.300s", list[i].Group, list[i].Label, a, Call(list[i].Name, list[i].Request))
		}
	}
	judge(t, "Chromium", list, answers)
	t.Logf("%d of %d answers are those of the native program; loaded in %.0f ms, all cases in %.0f ms", same, len(list), got.Load, got.Run)
	if same != len(list) {
		t.Error("answers differ")
	}
}

func compressedSize(t *testing.T, dir string) int64 {
	t.Helper()
	info, err := os.Stat(filepath.Join(dir, "dinghai.wasm.gz"))
	if err != nil {
		t.Fatal(err)
	}
	return info.Size()
}

// site serves the files as they are meant to be served: the module compressed.
func site(dir string, cases []byte) http.Handler {
	files := http.FileServer(http.Dir(dir))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Security-Policy", policy)
		send := func(kind, text string) {
			w.Header().Set("Content-Type", kind)
			w.Write([]byte(text))
		}
		switch r.URL.Path {
		case "/":
			send("text/html; charset=utf-8", page)
		case "/page.js":
			send("text/javascript", pageJS)
		case "/cases.json":
			send("application/json", string(cases))
		case "/dinghai.wasm":
			w.Header().Set("Content-Type", "application/wasm")
			w.Header().Set("Content-Encoding", "gzip")
			http.ServeFile(w, r, filepath.Join(dir, "dinghai.wasm.gz"))
		default:
			files.ServeHTTP(w, r)
		}
	})
}

// visit opens the page in a headless Chromium and waits for the outcome.
func visit(t *testing.T, chromium, url string) (got outcome) {
	t.Helper()
	opts := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(chromium))
	for _, flag := range []string{"disable-background-networking", "disable-component-update", "disable-sync", "no-first-run"} {
		opts = append(opts, chromedp.Flag(flag, true))
	}
	if os.Geteuid() == 0 {
		opts = append(opts, chromedp.NoSandbox) // Chromium refuses to sandbox root
	}
	parent, stop := context.WithTimeout(context.Background(), 2*time.Minute)
	defer stop()
	alloc, end := chromedp.NewExecAllocator(parent, opts...)
	defer end()
	ctx, closeTab := chromedp.NewContext(alloc)
	defer closeTab()
	if err := chromedp.Do(ctx, chromedp.Navigate(url)); err != nil {
		t.Fatal(err)
	}
	text, err := chromedp.Run(ctx, chromedp.Evaluate[string](`(async () => JSON.stringify(await globalThis.outcome))()`, chromedp.EvalAwaitPromise))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.NewDecoder(strings.NewReader(text)).Decode(&got); err != nil {
		t.Fatal(err, text[:min(200, len(text))])
	}
	return got
}

// jsonEqual compares past the order of members, which JavaScript may change.
func jsonEqual(a, b []byte) bool {
	var x, y any
	if json.Unmarshal(a, &x) != nil || json.Unmarshal(b, &y) != nil {
		return false
	}
	s, err1 := json.Marshal(x)
	u, err2 := json.Marshal(y)
	return err1 == nil && err2 == nil && string(s) == string(u)
}
