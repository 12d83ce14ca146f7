package web_test

import (
	"io"
	"net"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"github.com/dinghai/dinghai/web"
	"github.com/dinghai/dinghai/web/browser"
	"github.com/dinghai/dinghai/web/webtest"
)

// staffed is a running bureau with people who can sign in.
type staffed struct {
	*webtest.Bureau
	url string
	t   *testing.T
}

func openStaffed(t *testing.T) *staffed { return openStaffedWith(t, func(*web.Config) {}) }

func openStaffedWith(t *testing.T, more func(*web.Config)) *staffed {
	t.Helper()
	b, err := webtest.OpenStaffed(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = b.Close() })
	l, err := net.Listen("tcp", "localhost:0")
	if err != nil {
		t.Fatal(err)
	}
	_, port, _ := net.SplitHostPort(l.Addr().String())
	s := &staffed{Bureau: b, url: "http://localhost:" + port, t: t}
	if err := b.Access.UsePasskeys(s.url, webtest.Title.ZH); err != nil {
		t.Fatal(err)
	}
	c := web.Config{Engine: b.Engine, Title: webtest.Title, Area: webtest.Area, Access: b.Access, PublicURL: s.url, Work: b.Store}
	more(&c)
	h, err := web.New(c)
	if err != nil {
		t.Fatal(err)
	}
	srv := httptest.NewUnstartedServer(h)
	srv.Listener.Close()
	srv.Listener = l
	srv.Start()
	t.Cleanup(srv.Close)
	return s
}

// road is a person at a browser.
type road struct {
	*browser.Tab
	s *staffed
	t *testing.T
}

func (r *road) do(steps ...chromedp.Action[chromedp.Void]) {
	r.t.Helper()
	if err := r.Do(steps...); err != nil {
		r.t.Fatal(err)
	}
}

func (r *road) visit(path string) {
	r.t.Helper()
	if err := r.Visit(r.s.url + path); err != nil {
		r.t.Fatal(err)
	}
}

// wait polls until the page satisfies an expression.
func (r *road) wait(what, script string) {
	r.t.Helper()
	for range 100 {
		ok, err := browser.Run(r.Tab, chromedp.Evaluate[bool](script))
		if err == nil && ok {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	at, _ := browser.Run(r.Tab, chromedp.Location())
	text, _ := browser.Run(r.Tab, chromedp.Evaluate[string](`document.querySelector('main') ? document.querySelector('main').innerText : ''`))
	r.t.Fatalf("%s did not come; at %s:\n%.600s", what, at, text)
}

func (r *road) at(path string) {
	r.t.Helper()
	r.wait(path, `location.pathname === '`+path+`' && document.readyState === 'complete'`)
}

func (r *road) signIn(login string) {
	r.t.Helper()
	r.visit("/login")
	r.do(chromedp.SetValue("#login-login", login), chromedp.SetValue("#login-password", webtest.Password), chromedp.Submit("#login-password"))
	r.at("/inbox")
}

func (r *road) signOut() {
	r.t.Helper()
	r.visit("/account")
	r.do(chromedp.Submit(`form[action="/logout"]`))
	r.at("/")
}

// addKey registers a passkey and tells what the page said; "" = it was added.
func (r *road) addKey(name string) string {
	r.t.Helper()
	r.visit("/account")
	r.do(chromedp.SetValue("#passkey-name", name), chromedp.Click(`[data-passkey="add"] [data-passkey-go]`))
	r.wait("an answer", `location.search === '?done=passkey' || document.querySelector('[data-passkey="add"] [data-passkey-error]').textContent !== ''`)
	return r.said(`[data-passkey="add"]`)
}

// useKey signs in with a passkey and tells what the page said; "" = signed in.
func (r *road) useKey() string {
	r.t.Helper()
	r.visit("/login")
	r.do(chromedp.Click(`[data-passkey="login"] [data-passkey-go]`))
	r.wait("an answer", `location.pathname === '/inbox' || document.querySelector('[data-passkey-error]') && document.querySelector('[data-passkey-error]').textContent !== ''`)
	return r.said(`[data-passkey="login"]`)
}

func (r *road) said(box string) string {
	r.t.Helper()
	text, err := browser.Run(r.Tab, chromedp.Evaluate[string](`(document.querySelector('`+box+` [data-passkey-error]') || {textContent: ''}).textContent`))
	if err != nil {
		r.t.Fatal(err)
	}
	return text
}

// problems are what the console complained about, but for answers we meant.
func (r *road) problems() {
	r.t.Helper()
	for _, p := range r.Problems() {
		if !strings.Contains(p, "the server responded with a status of 4") {
			r.t.Error(p)
		}
	}
}

func (s *staffed) strong(login string) bool {
	s.t.Helper()
	list, err := s.Access.Sessions(s.t.Context(), s.People[login])
	if err != nil || len(list) == 0 {
		s.t.Fatalf("%d sessions of %s (%v)", len(list), login, err)
	}
	return list[0].Strong
}

// TestPasskeys: with a device that verifies its user, a decider registers a
// passkey and signs in with it; what the device later says otherwise is refused
// by name.
func TestPasskeys(t *testing.T) {
	r := &road{Tab: openTab(t), s: openStaffed(t), t: t}
	device, err := r.Authenticator(true)
	if err != nil {
		t.Fatal(err)
	}
	r.signIn("fangzheng")
	if r.s.strong("fangzheng") {
		t.Error("a password verifies nobody")
	}
	if said := r.addKey("办公电脑"); said != "" {
		t.Fatalf("not added: %s", said)
	}
	if n, err := device.Keys(); n != 1 || err != nil {
		t.Fatalf("%d keys on the device (%v)", n, err)
	}
	if !r.s.strong("fangzheng") {
		t.Error("the session did not become strong")
	}
	if said := r.addKey("再来一次"); !strings.Contains(said, "已经登记过") {
		t.Errorf("the same device again: %q", said)
	}
	r.signOut()
	if said := r.useKey(); said != "" {
		t.Fatalf("not signed in: %s", said)
	}
	if !r.s.strong("fangzheng") {
		t.Error("signed in with a verified passkey, and not strong")
	}
	r.signOut()

	yes, no, one, many := true, false, 1.0, 1000.0
	check(t, device.Alter(&yes, nil))
	if said := r.useKey(); !strings.Contains(said, "同步属性") {
		t.Errorf("a changed backup-eligible flag: %q", said)
	}
	check(t, device.Alter(&no, &one))
	if said := r.useKey(); !strings.Contains(said, "使用次数") {
		t.Errorf("a counter that went back: %q", said)
	}
	check(t, device.Alter(nil, &many))
	if said := r.useKey(); said != "" {
		t.Errorf("the genuine key afterwards: %q", said)
	}
	r.problems()
}

// TestPasskeyWithoutVerification: a device that only notices somebody is there
// gives no key to a role that decides, and nothing is kept. Assertions without
// verification are tried in access, byte by byte: browsers do not make them.
func TestPasskeyWithoutVerification(t *testing.T) {
	r := &road{Tab: openTab(t), s: openStaffed(t), t: t}
	device, err := r.Authenticator(false)
	check(t, err)
	r.signIn("fangzheng")
	if said := r.addKey("钥匙"); said == "" {
		t.Error("a decider registered a key without verification")
	}
	if n, _ := device.Keys(); n != 0 {
		t.Errorf("%d keys on the device", n)
	}
	if list, err := r.s.Access.KeysOf(t.Context(), r.s.People["fangzheng"]); len(list) != 0 || err != nil {
		t.Errorf("%d keys kept (%v)", len(list), err)
	}
	r.problems()
}

// serveAs serves a bureau as reached by an address, behind proxies.
func serveAs(t *testing.T, b *webtest.Bureau, public string, proxies ...string) *httptest.Server {
	t.Helper()
	c := web.Config{Engine: b.Engine, Title: webtest.Title, Area: webtest.Area, Access: b.Access, PublicURL: public, Work: b.Store}
	for _, p := range proxies {
		c.Proxies = append(c.Proxies, netip.MustParsePrefix(p))
	}
	h, err := web.New(c)
	check(t, err)
	srv := httptest.NewServer(h)
	t.Cleanup(srv.Close)
	return srv
}

func slurp(t *testing.T, r io.Reader) string {
	t.Helper()
	b, err := io.ReadAll(r)
	check(t, err)
	return string(b)
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
