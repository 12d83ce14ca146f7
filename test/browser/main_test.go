// Package browser goes the roads of people through the whole program in a real
// Chromium, and looks at every page of it as people with little sight do.
package browser

import (
	"context"
	"fmt"
	"os"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/dinghai/dinghai/kit/need"
	"github.com/dinghai/dinghai/test/tour"
	"github.com/dinghai/dinghai/web/browser"
)

// scale of the demo bureau: a few records of everything.
const scale = "0.01"

// shared are the one bureau and the one browser of all tests.
var shared struct {
	site *tour.Site
	tab  *browser.Tab
}

func TestMain(m *testing.M) {
	tour.BeProgram()
	code, err := withBrowser(m)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}

func withBrowser(m *testing.M) (int, error) {
	if browser.Find() == "" {
		return m.Run(), nil // each test says that it cannot
	}
	dir, err := os.MkdirTemp("", "tour")
	if err != nil {
		return 1, err
	}
	defer os.RemoveAll(dir)
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	if shared.site, err = tour.Start(ctx, dir, scale); err != nil {
		return 1, err
	}
	defer func() { _ = shared.site.Close() }()
	tab, cancel, err := browser.Open(ctx)
	if err != nil {
		return 1, err
	}
	defer cancel()
	shared.tab = tab
	return m.Run(), nil
}

// person is somebody at a browser of their own.
type person struct {
	*browser.Tab
	site string
	t    *testing.T
}

// somebody opens a browser window that remembers nothing.
func somebody(t *testing.T, lang string, width int64) *person {
	t.Helper()
	if shared.tab == nil {
		need.Skip(t, "no chromium on this machine")
	}
	tab, cancel, err := shared.tab.Another()
	check(t, err)
	t.Cleanup(cancel)
	p := &person{Tab: tab, site: shared.site.URL, t: t}
	check(t, tab.Size(width, 900))
	check(t, tab.Cookie(p.site, "lang", lang))
	return p
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (p *person) do(steps ...chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	if err := p.Do(steps...); err != nil {
		p.t.Fatalf("%v; at %s", err, p.page())
	}
}

func (p *person) visit(path string) {
	p.t.Helper()
	check(p.t, p.Visit(p.site+path))
}

// as signs somebody in by the cookie of a session.
func (p *person) as(login string) {
	p.t.Helper()
	session, err := shared.site.Session(login)
	check(p.t, err)
	check(p.t, p.Cookie(p.site, "session", session))
}

// signIn signs somebody in by hand.
func (p *person) signIn(login string) {
	p.t.Helper()
	p.visit("/login")
	p.do(chromedp.SetValue("#login-login", login), chromedp.SetValue("#login-password", tour.Password))
	p.send(`form[action="/login"] .btn-primary`)
}

// send presses something that leads to another page, and waits for that.
func (p *person) send(button string) {
	p.t.Helper()
	if err := p.Press(browser.Click(button)); err != nil {
		p.t.Fatalf("%s: %v; at %s", button, err, p.page())
	}
}

// wait polls until the page satisfies an expression.
func (p *person) wait(what, script string) {
	p.t.Helper()
	if err := p.Wait(script); err != nil {
		p.t.Fatalf("%s did not come; %s", what, p.page())
	}
}

// eval runs a script that gives a value.
func eval[T any](p *person, script string) T {
	p.t.Helper()
	v, err := browser.Run(p.Tab, chromedp.Evaluate[T](script))
	if err != nil {
		p.t.Fatalf("%.80s: %v", script, err)
	}
	return v
}

// text is what the page says.
func (p *person) text() string { return eval[string](p, `document.querySelector('main').innerText`) }

// page tells where somebody stands, for a test that failed.
func (p *person) page() string {
	at, _ := browser.Run(p.Tab, chromedp.Location())
	text, _ := browser.Run(p.Tab, chromedp.Evaluate[string](`document.querySelector('main') ? document.querySelector('main').innerText : ''`))
	return fmt.Sprintf("%s:\n%.900s", at, text)
}

// calm fails when the console complained.
func (p *person) calm() {
	p.t.Helper()
	for _, x := range p.Problems() {
		p.t.Error(x)
	}
}
