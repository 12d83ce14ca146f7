package web_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/web"
	"github.com/dinghai/dinghai/web/webtest"
)

// site is a running handler over a filled trial bureau.
type site struct {
	*httptest.Server
	filled webtest.Filled
	t      *testing.T
}

// trial is the one filled bureau of all tests; pages only read it.
var trial struct {
	*webtest.Bureau
	filled webtest.Filled
}

func TestMain(m *testing.M) {
	code, err := withTrial(m.Run)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}

func withTrial(run func() int) (code int, err error) {
	dir, err := os.MkdirTemp("", "web")
	if err != nil {
		return 1, err
	}
	defer os.RemoveAll(dir)
	if trial.Bureau, err = webtest.Open(context.Background(), dir); err != nil {
		return 1, err
	}
	defer func() { err = errors.Join(err, trial.Close()) }()
	if trial.filled, err = trial.Fill(context.Background()); err != nil {
		return 1, err
	}
	return run(), nil
}

func open(t *testing.T, change func(*web.Config)) *site {
	t.Helper()
	reports, err := trial.Reports()
	if err != nil {
		t.Fatal(err)
	}
	c := web.Config{Engine: trial.Engine, Reports: reports, Title: webtest.Title, Area: webtest.Area, Viewer: webtest.Seeing}
	if change != nil {
		change(&c)
	}
	return serve(t, c)
}

func serve(t *testing.T, c web.Config) *site {
	t.Helper()
	h, err := web.New(c)
	if err != nil {
		t.Fatal(err)
	}
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return &site{Server: s, filled: trial.filled, t: t}
}

// officer is the cookie of the officer's view.
var officer = &http.Cookie{Name: "view", Value: "officer"}

func (s *site) get(path string, cookies ...*http.Cookie) (int, string) {
	s.t.Helper()
	r, err := http.NewRequestWithContext(s.t.Context(), http.MethodGet, s.URL+path, nil)
	if err != nil {
		s.t.Fatal(err)
	}
	for _, c := range cookies {
		r.AddCookie(c)
	}
	return s.send(r)
}

func (s *site) send(r *http.Request) (int, string) {
	s.t.Helper()
	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	resp, err := client.Do(r)
	if err != nil {
		s.t.Fatal(err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return resp.StatusCode, string(b)
}

// pages is one address of every page.
func (s *site) pages() []string {
	return []string{"/", "/search", "/search?q=" + url.QueryEscape("海"), "/search?q=hx", "/search?q=zzzz", "/search?kind=trial.shop",
		"/subjects/" + s.filled.Shop.String(), "/cases/" + s.filled.Overdue.String(), "/cases/" + s.filled.Paused.String(), "/cases/" + s.filled.Settled.String(),
		"/figures", "/figures/letters", "/figures/letters_on_time", "/figures/letters_paid_back", "/figures/shops_open", "/figures/letters_per_shop", "/figures/letters_per_shop?part=letters",
		"/report", "/draft", "/catalogue", "/catalogue/trial.letter", "/catalogue/trial.shop", "/catalogue/clocks", "/catalogue/clocks/CMP-MEDIATE",
		"/catalogue/indicators", "/catalogue/items", "/catalogue/lists/industry"}
}

// TestEveryPage answers, in both languages and views, without an untranslated
// key and, in English, without Chinese in its fixed wordings.
func TestEveryPage(t *testing.T) {
	s := open(t, nil)
	key := regexp.MustCompile(`[>"](?:nav|col|fact|error|home|search|record|clock|why|time|figure|ikind|prule|report|draft|kind|does|public|type|fclass|rule|unit|state|action|confidence)\.[a-z_.]+[<"]`)
	for _, p := range s.pages() {
		for _, lang := range []string{"zh", "en"} {
			for _, view := range [][]*http.Cookie{nil, {officer}} {
				code, body := s.get(p, append(view, &http.Cookie{Name: "lang", Value: lang})...)
				if code != http.StatusOK {
					t.Errorf("%s %s: %d", p, lang, code)
				}
				if k := key.FindString(body); k != "" {
					t.Errorf("%s %s: untranslated %s", p, lang, k)
				}
				if strings.Contains(body, "%!") {
					t.Errorf("%s %s: a wording lacks an argument: %s", p, lang, body[strings.Index(body, "%!"):][:40])
				}
				if strings.Contains(body, " style=") || strings.Contains(body, " onclick=") || regexp.MustCompile(`<script[^>]*>[^<]`).MatchString(body) {
					t.Errorf("%s: inline style or script", p)
				}
			}
		}
	}
}

func TestErrors(t *testing.T) {
	s := open(t, nil)
	for path, want := range map[string]int{
		"/nothing": 404, "/subjects/x": 400, "/cases/330902-00000000-0000-7000-8000-000000000000": 404,
		"/cases/" + s.filled.Shop.String(): 404, "/figures/none": 404, "/figures/letters?from=2023-13-01": 400,
		"/figures/letters?from=2023-12-01&to=2023-01-01": 400, "/figures/letters?area=1": 404, "/catalogue/none": 404,
		"/figures/letters_per_shop/rows.csv": 404, "/search?kind=trial.letter&q=x": 403, "/search?q=" + strings.Repeat("a", 101): 400,
		"/search?q=" + strings.Repeat("a", 5000): 414, "/figures/letters?zone=none": 404, "/static/none.css": 404,
	} {
		if code, body := s.get(path); code != want || strings.Contains(body, "goroutine") {
			t.Errorf("%.60s: %d, want %d", path, code, want)
		}
	}
}

// TestStranger: number, date, area and result where disclosed, date and county
// elsewhere; history, people and sealed values never.
func TestStranger(t *testing.T) {
	s := open(t, nil)
	for _, ref := range []domain.Ref{s.filled.Overdue, s.filled.Paused} {
		_, body := s.get("/cases/" + ref.String())
		for _, secret := range []string{"信〔2023〕", `id="time"`, "消费者称", "0231", "海鲜面馆"} {
			if strings.Contains(mainOf(body), secret) {
				t.Errorf("a stranger sees %s", secret)
			}
		}
	}
	_, body := s.get("/cases/" + s.filled.Settled.String())
	for _, open := range []string{"信〔2023〕", "双方达成一致", "调解成功"} {
		if !strings.Contains(body, open) {
			t.Errorf("a disclosed case lacks %s", open)
		}
	}
	if strings.Contains(mainOf(body), "消费者称") || strings.Contains(body, `id="time"`) {
		t.Error("a disclosed case shows more than its rule says")
	}
	for _, c := range [][]*http.Cookie{nil, {officer}} {
		if _, body := s.get("/subjects/"+s.filled.Shop.String(), c...); strings.Contains(body, "sealed:1:") || strings.Contains(body, "1380000") {
			t.Error("a sealed value is shown")
		}
	}
}

func mainOf(body string) string {
	_, m, _ := strings.Cut(body, "<main")
	m, _, _ = strings.Cut(m, "</main>")
	return m
}

// TestNoCookieOpensRecords: what colleagues see is for those who sign in; no
// cookie, setting or host name of the browser's own making opens it.
func TestNoCookieOpensRecords(t *testing.T) {
	s := open(t, func(c *web.Config) { c.Viewer = nil })
	path := "/cases/" + s.filled.Overdue.String()
	for _, host := range []string{"", "localhost", "bureau.example"} {
		r, _ := http.NewRequestWithContext(t.Context(), http.MethodGet, s.URL+path, nil)
		r.AddCookie(officer)
		r.Host = first(host, r.Host)
		if _, body := s.send(r); strings.Contains(body, `id="time"`) || strings.Contains(body, `value="officer"`) {
			t.Errorf("opened under the host %q", host)
		}
	}
	r, _ := http.NewRequestWithContext(t.Context(), http.MethodPost, s.URL+"/settings", strings.NewReader("view=officer&theme=dark"))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	res, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if got := res.Cookies(); len(got) != 1 || got[0].Name != "theme" {
		t.Errorf("settings keep %v", got)
	}
}

func first(a, b string) string {
	if a != "" {
		return a
	}
	return b
}
