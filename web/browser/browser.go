// Package browser opens pages in a headless Chromium, for the tests of the
// pages and for pictures of them.
package browser

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"sync"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// Find gives the path of a Chromium, "" if the machine has none.
func Find() string {
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable"} {
		if p, err := exec.LookPath(name); err == nil {
			return p
		}
	}
	return ""
}

// Tab is one browser tab that notes everything its console complains about.
type Tab struct {
	ctx      context.Context
	mu       sync.Mutex
	problems []string
}

// Open starts a browser. cancel ends it.
func Open(parent context.Context) (*Tab, context.CancelFunc, error) {
	opts := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(Find()), chromedp.Flag("hide-scrollbars", true), chromedp.Flag("lang", "zh-CN"))
	if os.Geteuid() == 0 {
		opts = append(opts, chromedp.NoSandbox) // Chromium refuses to sandbox root
	}
	alloc, stop := chromedp.NewExecAllocator(parent, opts...)
	ctx, end := chromedp.NewContext(alloc)
	t := &Tab{ctx: ctx}
	chromedp.ListenTarget(ctx, t.listen)
	cancel := func() { end(); stop() }
	if err := chromedp.Run(ctx, log.Enable(), runtime.Enable(), network.Enable()); err != nil {
		cancel()
		return nil, nil, fmt.Errorf("start chromium: %w", err)
	}
	return t, cancel, nil
}

func (t *Tab) listen(ev any) {
	switch e := ev.(type) {
	case *log.EventEntryAdded:
		if e.Entry.Level == log.LevelError || e.Entry.Level == log.LevelWarning {
			t.note(string(e.Entry.Source) + ": " + e.Entry.Text + " " + e.Entry.URL)
		}
	case *runtime.EventExceptionThrown:
		t.note("exception: " + e.ExceptionDetails.Error())
	case *runtime.EventConsoleAPICalled:
		if e.Type == runtime.APITypeError || e.Type == runtime.APITypeWarning {
			for _, a := range e.Args {
				t.note("console: " + string(a.Value) + a.Description)
			}
		}
	}
}

func (t *Tab) note(s string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.problems = append(t.problems, s)
}

// Problems gives what the console complained about since the last call.
func (t *Tab) Problems() []string {
	t.mu.Lock()
	defer t.mu.Unlock()
	p := t.problems
	t.problems = nil
	return p
}

// Size sets the width of the window.
func (t *Tab) Size(width, height int64) error {
	return t.Run(emulation.SetDeviceMetricsOverride(width, height, 1, width < 600))
}

// Cookie sets a cookie for a site.
func (t *Tab) Cookie(site, name, value string) error {
	return t.Run(chromedp.ActionFunc(func(ctx context.Context) error {
		return network.SetCookie(name, value).WithURL(site).Do(ctx)
	}))
}

// Visit opens an address and waits until scripts have run.
func (t *Tab) Visit(url string) error {
	return t.Run(chromedp.Navigate(url), chromedp.WaitReady("#main"), chromedp.Sleep(150*time.Millisecond))
}

// Picture is the whole page as PNG.
func (t *Tab) Picture() ([]byte, error) {
	var b []byte
	err := t.Run(chromedp.FullScreenshot(&b, 100))
	return b, err
}

// Run performs actions in the tab, within half a minute.
func (t *Tab) Run(actions ...chromedp.Action) error {
	ctx, cancel := context.WithTimeout(t.ctx, 30*time.Second)
	defer cancel()
	return chromedp.Run(ctx, actions...)
}
