// Package browser opens pages in a headless Chromium, for the tests of the
// pages and for pictures of them.
package browser

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"sync"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
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
	still    bool // scripts are off
}

// Open starts a browser. cancel ends it.
func Open(parent context.Context) (*Tab, context.CancelFunc, error) {
	opts := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(Find()), chromedp.Flag("hide-scrollbars", true), chromedp.Flag("lang", "zh-CN"))
	if os.Geteuid() == 0 {
		opts = append(opts, chromedp.NoSandbox) // Chromium refuses to sandbox root
	}
	alloc, stop := chromedp.NewExecAllocator(parent, opts...)
	ctx, end := chromedp.NewContext(alloc)
	cancel := func() { end(); stop() }
	if err := chromedp.Do(ctx, chromedp.Navigate("about:blank")); err != nil {
		cancel()
		return nil, nil, fmt.Errorf("start chromium: %w", err)
	}
	t := &Tab{ctx: ctx}
	t.listen()
	return t, cancel, nil
}

// Another opens a tab of the same browser that shares nothing with this one: no
// cookies, no storage. cancel closes it.
func (t *Tab) Another() (*Tab, context.CancelFunc, error) {
	ctx, cancel := chromedp.NewContext(t.ctx, chromedp.WithNewBrowserContext())
	if err := chromedp.Do(ctx, chromedp.Navigate("about:blank")); err != nil {
		cancel()
		return nil, nil, fmt.Errorf("open a tab: %w", err)
	}
	other := &Tab{ctx: ctx}
	other.listen()
	return other, cancel, nil
}

// listen notes what the console complains about.
func (t *Tab) listen() {
	messages := chromedp.Console(t.ctx)
	go func() {
		for m, err := range messages {
			if err != nil {
				return // the browser has ended
			}
			if m.Type == chromedp.ConsoleError || m.Type == chromedp.ConsoleWarning || m.IsException() {
				t.note(fmt.Sprintf("%s: %s %s", m.Type, m.Text, m.URL))
			}
		}
	}()
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
	if width < 600 {
		return t.Do(chromedp.EmulateViewport(width, height, chromedp.EmulateMobile))
	}
	return t.Do(chromedp.EmulateViewport(width, height))
}

// Zoom shows pages as a window of some width does when its reader enlarges them.
func (t *Tab) Zoom(width, height int64, times float64) error {
	return t.Do(chromedp.EmulateViewport(int64(float64(width)/times), int64(float64(height)/times), chromedp.EmulateScale(times)))
}

// Letters sets how large the browser writes by itself: 16 unless its reader
// wants otherwise.
func (t *Tab) Letters(size int64) error {
	_, err := call(t, page.SetFontSizes, page.SetFontSizesParams{FontSizes: &page.FontSizes{Standard: size}})
	return err
}

// NoScript switches scripts off, or on again.
func (t *Tab) NoScript(off bool) error {
	t.still = off
	_, err := call(t, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: off})
	return err
}

// NoWorker leaves service workers out of all requests.
func (t *Tab) NoWorker() error {
	_, err := call(t, network.SetBypassServiceWorker, network.SetBypassServiceWorkerParams{Bypass: true})
	return err
}

// Slow lets the tab's network give so many kilobits a second, with a wait before
// each answer, and empties the cache: a first visit over a poor line.
func (t *Tab) Slow(kilobits float64, wait time.Duration) error {
	if _, err := call(t, network.ClearBrowserCache, cdp.Empty{}); err != nil {
		return err
	}
	_, err := call(t, slowness, slow{Latency: float64(wait.Milliseconds()), Down: kilobits * 1000 / 8, Up: kilobits * 1000 / 8})
	return err
}

// slowness is the command that every Chromium knows; what replaces it is not
// yet in the ones people have.
var slowness = cdp.Command[slow, cdp.Empty]{Method: "Network.emulateNetworkConditions"}

type slow struct {
	Offline bool    `json:"offline"`
	Latency float64 `json:"latency"`            // ms
	Down    float64 `json:"downloadThroughput"` // bytes a second
	Up      float64 `json:"uploadThroughput"`
}

// Early runs a script in every page before its own.
func (t *Tab) Early(script string) error {
	_, err := call(t, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: script})
	return err
}

// Forget drops all cookies of the tab and those that share them.
func (t *Tab) Forget() error {
	_, err := call(t, network.ClearBrowserCookies, cdp.Empty{})
	return err
}

// Cookie sets a cookie for a site.
func (t *Tab) Cookie(site, name, value string) error {
	return t.Do(chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
		_, err := chromedp.Call(ctx, network.SetCookie, network.SetCookieParams{Name: name, Value: value, URL: site})
		return err
	}))
}

// Media shows pages as on "screen" or in "print".
func (t *Tab) Media(name string) error {
	return t.Do(chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
		_, err := chromedp.Call(ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: name})
		return err
	}))
}

// Visit opens an address and waits until scripts have run and it is drawn.
func (t *Tab) Visit(url string) error {
	if err := t.Do(chromedp.Navigate(url), chromedp.WaitReady("#main")); err != nil {
		return err
	}
	return t.drawn()
}

// Click brings something to the middle of the window, away from bars that stay
// in place, and clicks on it.
func Click(what string) chromedp.Action[chromedp.Void] {
	return chromedp.Steps(chromedp.Query(what, chromedp.NodeVisible), chromedp.Evaluate[chromedp.Void](`document.querySelector(`+strconv.Quote(what)+`).scrollIntoView({block: 'center', behavior: 'instant'})`), chromedp.Click(what))
}

// Press does what leads to another page, and waits for that page.
func (t *Tab) Press(steps ...chromedp.Action[chromedp.Void]) error {
	if err := t.Do(append([]chromedp.Action[chromedp.Void]{chromedp.Evaluate[chromedp.Void](`window.before = true`)}, steps...)...); err != nil {
		return err
	}
	return t.Arrive()
}

// Arrive waits until the page that Press marked has made way for another.
func (t *Tab) Arrive() error {
	const there = `!window.before && document.readyState === 'complete' && !!document.getElementById('main') && location.protocol !== 'chrome-error:'`
	if err := t.Wait(there); err != nil {
		return fmt.Errorf("no other page came: %w", err)
	}
	return t.drawn()
}

// Wait polls until the page satisfies an expression.
func (t *Tab) Wait(script string) error {
	for end := time.Now().Add(limit / 3); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		if ok, err := Run(t, chromedp.Evaluate[bool](script)); err == nil && ok {
			return nil
		}
	}
	return fmt.Errorf("not so: %s", script)
}

// drawn waits for two frames: the first is asked for, the second follows it.
func (t *Tab) drawn() error {
	if t.still {
		return nil // no frame would tell
	}
	const frames = `new Promise(function (go) { requestAnimationFrame(function () { requestAnimationFrame(go); }); })`
	_, err := Run(t, chromedp.Evaluate[chromedp.Void](frames, chromedp.EvalAwaitPromise))
	return err
}

// Picture is the whole page as PNG.
func (t *Tab) Picture() ([]byte, error) { return Run(t, chromedp.FullScreenshot(100)) }

// Do performs actions in the tab.
func (t *Tab) Do(steps ...chromedp.Action[chromedp.Void]) error {
	ctx, cancel := context.WithTimeout(t.ctx, limit)
	defer cancel()
	return chromedp.Do(ctx, steps...)
}

const limit = 30 * time.Second // for one call

// Run performs an action that gives a value.
func Run[T any](t *Tab, a chromedp.Action[T]) (T, error) {
	ctx, cancel := context.WithTimeout(t.ctx, limit)
	defer cancel()
	return chromedp.Run(ctx, a)
}
