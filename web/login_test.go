package web_test

import (
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/dinghai/dinghai/access"
	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/store"
	"github.com/dinghai/dinghai/web/webtest"
)

// guest is a browser without script: it keeps cookies and sends forms.
type guest struct {
	s    *staffed
	jar  *cookiejar.Jar
	last *http.Response
}

func (s *staffed) guest() *guest {
	jar, _ := cookiejar.New(nil)
	return &guest{s: s, jar: jar}
}

func (g *guest) do(r *http.Request) (code int, body string) {
	g.s.t.Helper()
	c := http.Client{Jar: g.jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	res, err := c.Do(r)
	if err != nil {
		g.s.t.Fatal(err)
	}
	defer res.Body.Close()
	g.last = res
	return res.StatusCode, slurp(g.s.t, res.Body)
}

func (g *guest) get(path string) (int, string) {
	g.s.t.Helper()
	r, err := http.NewRequestWithContext(g.s.t.Context(), http.MethodGet, g.s.url+path, nil)
	check(g.s.t, err)
	return g.do(r)
}

func (g *guest) post(path string, pairs ...string) (int, string) {
	g.s.t.Helper()
	form := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		form.Set(pairs[i], pairs[i+1])
	}
	r, err := http.NewRequestWithContext(g.s.t.Context(), http.MethodPost, g.s.url+path, strings.NewReader(form.Encode()))
	check(g.s.t, err)
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return g.do(r)
}

func (g *guest) to() string { return g.last.Header.Get("Location") }

func (g *guest) cookie(name string) *http.Cookie {
	for _, c := range g.last.Cookies() {
		if c.Name == name {
			return c
		}
	}
	return nil
}

func (g *guest) signIn(login string) {
	g.s.t.Helper()
	if code, body := g.post("/login", "login", login, "password", webtest.Password); code != 303 || g.to() != "/desk" {
		g.s.t.Fatalf("%s: %d to %s\n%.300s", login, code, g.to(), mainOf(body))
	}
}

func TestSignInPage(t *testing.T) {
	s := openStaffed(t)
	g := s.guest()
	if code, _ := g.get("/account"); code != 303 || g.to() != "/login?next=%2Faccount" {
		t.Errorf("a stranger's account: %d %s", code, g.to())
	}
	code, body := g.post("/login", "login", "zhoulan", "password", "wrong", "next", "/list")
	if code != 403 || !strings.Contains(body, "登录名或密码不正确") || !strings.Contains(body, `value="zhoulan"`) || strings.Contains(body, `value="wrong"`) || !strings.Contains(body, `name="next" value="/list"`) {
		t.Errorf("a wrong password: %d\n%s", code, mainOf(body))
	}
	if g.cookie("session") != nil {
		t.Error("a session for a wrong password")
	}
	code, _ = g.post("/login", "login", "zhoulan", "password", webtest.Password, "next", "/list")
	c := g.cookie("session")
	if code != 303 || g.to() != "/list" || c == nil || !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.Path != "/" || c.Domain != "" || len(c.Value) < 43 {
		t.Fatalf("%d to %s with %+v", code, g.to(), c)
	}
	if code, body := g.get("/account"); code != 200 || g.last.Header.Get("Cache-Control") != "no-store" || !strings.Contains(body, "周岚") || !strings.Contains(body, "13800000004") {
		t.Errorf("account: %d\n%.500s", code, mainOf(body))
	}
	if code, _ := g.get("/login"); code != 303 || g.to() != "/desk" {
		t.Errorf("the log-in page for somebody signed in: %d %s", code, g.to())
	}
	if code, _ = g.post("/logout"); code != 303 || g.cookie("session").MaxAge >= 0 {
		t.Errorf("signed out: %d", code)
	}
	if code, _ := g.get("/account"); code != 303 {
		t.Errorf("account after signing out: %d", code)
	}
}

// TestNextStaysHere: where somebody lands is a page of ours, whatever the
// address says.
func TestNextStaysHere(t *testing.T) {
	s := openStaffed(t)
	for next, want := range map[string]string{"/list?x=1": "/list?x=1", "https://evil.example/": "/desk", "//evil.example": "/desk", `/\evil.example`: "/desk", "javascript:alert(1)": "/desk",
		"/login": "/desk", "/setup?key=x": "/desk", "": "/desk", "/\r\nX: y": "/desk", "/%0d%0aX:%20y": "/%0d%0aX:%20y"} {
		g := s.guest()
		g.post("/login", "login", "zhoulan", "password", webtest.Password, "next", next)
		if g.to() != want {
			t.Errorf("%q leads to %q, want %q", next, g.to(), want)
		}
		if g.last.Header.Get("X") != "" {
			t.Errorf("%q makes a header", next)
		}
	}
}

// TestSecureCookies: over TLS the name of the cookie demands the host alone.
func TestSecureCookies(t *testing.T) {
	s := openStaffed(t)
	tls := serveAs(t, s.Bureau, "https://bureau.example")
	r, _ := http.NewRequestWithContext(t.Context(), http.MethodPost, tls.URL+"/login", strings.NewReader(url.Values{"login": {"zhoulan"}, "password": {webtest.Password}}.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	res, err := (&http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}).Do(r)
	check(t, err)
	res.Body.Close()
	for _, c := range res.Cookies() {
		if !strings.HasPrefix(c.Name, "__Host-") || !c.Secure || c.Path != "/" || c.Domain != "" {
			t.Errorf("%+v", c)
		}
	}
	if len(res.Cookies()) != 2 {
		t.Errorf("%d cookies", len(res.Cookies()))
	}
}

// TestCrossOrigin: a form on another site does nothing here.
func TestCrossOrigin(t *testing.T) {
	s := openStaffed(t)
	g := s.guest()
	g.signIn("zhoulan")
	for _, path := range []string{"/login", "/logout", "/account/password", "/account/away", "/account/sessions/end", "/account/passkeys/begin", "/account/passkeys/drop", "/login/passkey/begin", "/setup", "/welcome",
		"/admin/people/" + s.People["zhoulan"].String() + "/link", "/admin/people/" + s.People["zhoulan"].String() + "/signout"} {
		r, _ := http.NewRequestWithContext(t.Context(), http.MethodPost, s.url+path, nil)
		r.Header.Set("Sec-Fetch-Site", "cross-site")
		r.Header.Set("Origin", "https://evil.example")
		if code, _ := g.do(r); code != 403 {
			t.Errorf("%s from another site: %d", path, code)
		}
	}
	if code, _ := g.get("/account"); code != 200 {
		t.Errorf("afterwards: %d", code)
	}
}

func TestThrottledPage(t *testing.T) {
	s := openStaffed(t)
	g := s.guest()
	for range 5 {
		g.post("/login", "login", "zhoulan", "password", "wrong")
	}
	code, body := g.post("/login", "login", "zhoulan", "password", webtest.Password)
	if code != 429 || g.last.Header.Get("Retry-After") == "" || !strings.Contains(body, "秒后再试") {
		t.Errorf("%d %q\n%s", code, g.last.Header.Get("Retry-After"), mainOf(body))
	}
	g.signIn("fangzheng") // nobody else waits
}

func TestAccountForms(t *testing.T) {
	s := openStaffed(t)
	g, other := s.guest(), s.guest()
	g.signIn("zhoulan")
	other.signIn("zhoulan")
	code, body := g.post("/account/password", "old", webtest.Password, "fresh", "woaini1314520", "again", "woaini1314520")
	if code != 422 || !strings.Contains(body, "太常见") || !strings.Contains(body, `href="#change-fresh"`) || strings.Contains(body, "woaini1314520") {
		t.Errorf("a common password: %d\n%s", code, mainOf(body))
	}
	if code, body = g.post("/account/password", "old", "wrong", "fresh", webtest.Password+"二", "again", webtest.Password+"二"); code != 422 || !strings.Contains(body, "原密码不正确") {
		t.Errorf("a wrong old password: %d", code)
	}
	if code, body = g.post("/account/password", "old", webtest.Password, "fresh", webtest.Password+"二", "again", "x"); code != 422 || !strings.Contains(body, "不一致") {
		t.Errorf("two passwords: %d", code)
	}
	if code, _ = g.post("/account/password", "old", webtest.Password, "fresh", webtest.Password+"二", "again", webtest.Password+"二"); code != 303 {
		t.Errorf("a good password: %d", code)
	}
	if code, _ = other.get("/account"); code != 303 {
		t.Error("another device is still signed in")
	}
	if code, body = g.get("/account?done=password"); code != 200 || !strings.Contains(body, "密码已修改") {
		t.Errorf("this device: %d", code)
	}

	if code, body = g.post("/account/away", "absent_from", "2023-11-20", "absent_until", "2023-11-18", "substitute", "fangzheng"); code != 422 || !strings.Contains(body, "早于开始日期") || !strings.Contains(body, `value="fangzheng"`) {
		t.Errorf("an absence the wrong way round: %d\n%s", code, mainOf(body))
	}
	if code, body = g.post("/account/away", "absent_from", "2023-11-20", "absent_until", "2023-11-24", "substitute", "nobody"); code != 422 || !strings.Contains(body, "没有这个工号") {
		t.Errorf("an unknown substitute: %d", code)
	}
	if code, _ = g.post("/account/away", "absent_from", "2023-11-20", "absent_until", "2023-11-24", "substitute", "0104"); code != 303 {
		t.Errorf("an absence: %d", code)
	}
	if _, body = g.get("/account"); !strings.Contains(body, "方正") {
		t.Error("the substitute is not shown")
	}
	if code, _ = g.post("/account/back"); code != 303 {
		t.Errorf("back: %d", code)
	}
	other.post("/login", "login", "zhoulan", "password", webtest.Password+"二")
	if code, _ = g.post("/account/sessions/end"); code != 303 {
		t.Errorf("ended elsewhere: %d", code)
	}
	if code, _ = other.get("/account"); code != 303 {
		t.Error("the other device goes on")
	}
}

// TestForeignSession: a session is ended by its owner only.
func TestForeignSession(t *testing.T) {
	s := openStaffed(t)
	g, victim := s.guest(), s.guest()
	g.signIn("zhoulan")
	victim.signIn("fangzheng")
	list, err := s.Access.Sessions(t.Context(), s.People["fangzheng"])
	check(t, err)
	g.post("/account/sessions/drop", "id", list[0].Token)
	if code, _ := victim.get("/account"); code != 200 {
		t.Error("somebody ended another's session")
	}
}

// TestAdminsApart: who of the administrators sees which page, and nobody else.
func TestAdminsApart(t *testing.T) {
	s := openStaffed(t)
	pages := []string{"/admin/people", "/admin/people/" + s.People["zhoulan"].String(), "/admin/grants", "/admin/grants?soon=1", "/admin/organs", "/admin/organs?on=2023-11-17", "/admin/log"}
	key := regexp.MustCompile(`[>"](?:admin|log|account|login|grant|method|passkey|setup|session|flag)\.[a-z_.]+[<"]`)
	for login, want := range map[string][]int{"guning": {200, 200, 200, 200, 200, 200, 403}, "anran": {200, 200, 200, 200, 200, 200, 403}, "qinlang": {200, 200, 200, 200, 200, 200, 200},
		"zhoulan": {403, 403, 403, 403, 403, 403, 403}, "": {303, 303, 303, 303, 303, 303, 303}} {
		g := s.guest()
		if login != "" {
			g.signIn(login)
		}
		for i, p := range pages {
			for _, lang := range []string{"?lang=en", "?lang=zh"} {
				if strings.Contains(p, "?") {
					lang = "&" + lang[1:]
				}
				code, body := g.get(p + lang)
				if code != want[i] {
					t.Errorf("%s at %s: %d, want %d", login, p, code, want[i])
				}
				if k := key.FindString(body); k != "" {
					t.Errorf("%s %s: untranslated %s", p, lang, k)
				}
				if strings.Contains(body, "sealed:1:") || strings.Contains(body, "1380000") {
					t.Errorf("%s shows a sealed value", p)
				}
			}
		}
	}
	who := s.People["zhoulan"].String()
	for login, want := range map[string][2]int{"guning": {403, 403}, "anran": {200, 303}, "qinlang": {403, 403}, "zhoulan": {403, 403}} {
		g := s.guest()
		g.signIn(login)
		if code, _ := g.post("/admin/people/" + who + "/link"); code != want[0] {
			t.Errorf("%s makes a link: %d, want %d", login, code, want[0])
		}
		if code, _ := g.post("/admin/people/" + who + "/signout"); code != want[1] {
			t.Errorf("%s signs somebody out: %d, want %d", login, code, want[1])
		}
	}
}

// TestLinkRoad: an administrator enrols somebody on the forms all actions have,
// makes a link, and the person chooses a password; each step is in the log.
func TestLinkRoad(t *testing.T) {
	s := openStaffed(t)
	g := s.guest()
	g.signIn("guning")
	organ, err := s.Engine.Reader().ByClaim(t.Context(), "organ_code", "pt")
	check(t, err)
	code, body := g.post("/new/organisation.person/enrol", "_area", "330900", "name", "许新", "staff_no", "2001", "organ", organ.String(), "login", "xuxin")
	if code != 303 {
		t.Fatalf("enrolled: %d\n%s", code, mainOf(body))
	}
	ref, err := s.Engine.Reader().ByClaim(t.Context(), "login", "xuxin")
	check(t, err)
	code, body = g.post("/admin/people/" + ref.String() + "/link")
	link := regexp.MustCompile(`/welcome\?key=[\w-]+`).FindString(body)
	if code != 200 || link == "" {
		t.Fatalf("link: %d\n%s", code, mainOf(body))
	}
	if _, body = g.get("/admin/people/" + ref.String()); strings.Contains(body, "/welcome?key=") {
		t.Error("the link is shown twice")
	}
	fresh := s.guest()
	if code, body = fresh.get(link); code != 200 || !strings.Contains(body, "许新") {
		t.Fatalf("welcome: %d", code)
	}
	secret := strings.TrimPrefix(link, "/welcome?key=")
	if code, body = fresh.post("/welcome", "key", secret, "fresh", "xuxin2001xuxin", "again", "xuxin2001xuxin"); code != 422 || !strings.Contains(body, "太常见") {
		t.Errorf("an easy password: %d", code)
	}
	if code, _ = fresh.post("/welcome", "key", secret, "fresh", "礁石上的老渔夫在补网", "again", "礁石上的老渔夫在补网"); code != 422 {
		t.Errorf("a short password: %d", code)
	}
	if code, _ = fresh.post("/welcome", "key", secret, "fresh", "礁石上的老渔夫在补网呢嘛", "again", "礁石上的老渔夫在补网呢嘛"); code != 303 {
		t.Fatalf("a good password: %d", code)
	}
	if code, _ = fresh.get("/account"); code != 200 {
		t.Errorf("signed in: %d", code)
	}
	if code, _ = s.guest().get(link); code != 404 {
		t.Errorf("the link again: %d", code)
	}
	audit := s.guest()
	audit.signIn("qinlang")
	_, body = audit.get("/admin/log?who=xuxin&lang=en")
	for _, line := range []string{"password set", "signed in"} {
		if !strings.Contains(body, line) {
			t.Errorf("the log lacks %q", line)
		}
	}
	lines, err := s.Store.AccessLog(t.Context(), store.AccessQuery{Action: "link_made"})
	if err != nil || len(lines) != 1 || lines[0].Actor != s.People["guning"].String() || lines[0].Target != ref.String() {
		t.Errorf("%v %v", lines, err)
	}
}

// TestSetupRoad: the first start, without script.
func TestSetupRoad(t *testing.T) {
	b, err := webtest.OpenEmpty(t.Context(), t.TempDir())
	check(t, err)
	t.Cleanup(func() { _ = b.Close() })
	srv := serveAs(t, b, "http://localhost")
	s := &staffed{Bureau: b, url: srv.URL, t: t}
	key, err := b.Access.SetupLink(t.Context(), false)
	check(t, err)
	g := s.guest()
	if code, _ := g.get("/setup?key=guessed"); code != 404 {
		t.Errorf("a guessed key: %d", code)
	}
	if code, body := g.get("/setup?key=" + key); code != 200 || strings.Count(body, `type="password"`) != 3 {
		t.Fatalf("the page: %d", code)
	}
	form := []string{"key", key}
	for i, role := range access.Admins {
		n := string(rune('1' + i))
		form = append(form, "name."+role, []string{"顾宁", "安然", "秦朗"}[i], "staff_no."+role, "900"+n, "login."+role, []string{"guning", "anran", "guning"}[i], "password."+role, webtest.Password+strings.Repeat("呀", i))
	}
	code, body := g.post("/setup", form...)
	if code != 422 || !strings.Contains(body, `href="#setup-login-audit_admin"`) || !strings.Contains(body, `value="顾宁"`) || strings.Contains(body, webtest.Password) {
		t.Errorf("one log-in name twice: %d\n%s", code, mainOf(body))
	}
	for i := range form {
		if form[i] == "login."+access.Admins[2] {
			form[i+1] = "qinlang"
		}
	}
	if code, body = g.post("/setup", form...); code != 303 || g.to() != "/login?set=up" {
		t.Fatalf("set up: %d\n%s", code, mainOf(body))
	}
	if code, _ = g.get("/setup?key=" + key); code != 404 {
		t.Errorf("the page afterwards: %d", code)
	}
	g.signIn("guning")
	if code, _ := g.get("/desk"); code != 303 || g.to() != "/admin" {
		t.Errorf("an administrator comes to %q (%d)", g.to(), code)
	}
	if code, body = g.get("/admin/people"); code != 200 || !strings.Contains(body, "秦朗") {
		t.Errorf("people: %d", code)
	}
}

// TestOutsidePage: what a browser brings back for a sign-in it did not begin is
// refused, with other ways at hand.
func TestOutsidePage(t *testing.T) {
	s := openStaffed(t)
	s.Access.AddProvider(&access.ZZD{API: "http://localhost:1", Page: "https://login.example/auth", AppKey: "app"})
	s.Access.AddProvider(&access.OIDC{Issuer: "http://localhost:1", Name: domain.Text{ZH: "统一身份认证", EN: "Single sign-on"}})
	g := s.guest()
	if code, _ := g.get("/login/with/zzd?next=/list"); code != 303 || !strings.HasPrefix(g.to(), "https://login.example/auth?") || g.cookie("flow") == nil || !g.cookie("flow").HttpOnly {
		t.Fatalf("%d to %s", code, g.to())
	}
	u, _ := url.Parse(g.to())
	if want := s.url + "/login/with/zzd/back"; u.Query().Get("redirect_uri") != want {
		t.Errorf("comes back to %s, want %s", u.Query().Get("redirect_uri"), want)
	}
	if code, body := s.guest().get("/login/with/zzd/back?code=x&state=" + u.Query().Get("state")); code != 403 || !strings.Contains(body, `name="password"`) {
		t.Errorf("another browser brings the answer: %d", code)
	}
	if code, body := g.get("/login/with/oidc"); code != 503 || !strings.Contains(body, "暂时连不上") {
		t.Errorf("a provider that is away: %d", code)
	}
	if code, _ := g.get("/login/with/none"); code != 404 {
		t.Errorf("an unknown provider: %d", code)
	}
}

// TestProxy: only a proxy of ours is believed about the client's address.
func TestProxy(t *testing.T) {
	s := openStaffed(t)
	seen := func(srv, forwarded string) string {
		r, _ := http.NewRequestWithContext(t.Context(), http.MethodPost, srv+"/login", strings.NewReader(url.Values{"login": {"zhoulan"}, "password": {webtest.Password}}.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("X-Forwarded-For", forwarded)
		res, err := (&http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}).Do(r)
		check(t, err)
		res.Body.Close()
		list, err := s.Access.Sessions(t.Context(), s.People["zhoulan"])
		check(t, err)
		at := list[0].Network
		_, err = s.Access.EndAll(t.Context(), s.People["zhoulan"], s.People["zhoulan"].String(), "")
		check(t, err)
		return at
	}
	behind := serveAs(t, s.Bureau, "http://localhost", "127.0.0.0/8", "10.0.0.0/8")
	for forwarded, want := range map[string]string{"203.0.113.9": "203.0.113.9", "1.1.1.1, 203.0.113.9": "203.0.113.9", "203.0.113.9, 10.1.2.3": "203.0.113.9", "": "127.0.0.1", "x": "127.0.0.1", "2001:db8::1": "2001:db8::1"} {
		if got := seen(behind.URL, forwarded); got != want {
			t.Errorf("%q: %s, want %s", forwarded, got, want)
		}
	}
	if got := seen(s.url, "203.0.113.9"); got != "127.0.0.1" && got != "::1" {
		t.Errorf("without a proxy: %s", got)
	}
}
