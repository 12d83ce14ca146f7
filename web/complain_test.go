package web_test

import (
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/web"
	"github.com/dinghai/dinghai/web/webtest"
)

// citizen is a browser without script that keeps cookies and follows links.
type citizen struct {
	t    *testing.T
	base string
	http.Client
}

func newCitizen(t *testing.T, base string) *citizen {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &citizen{t: t, base: base, Client: http.Client{Jar: jar}}
}

func (c *citizen) send(path string, v url.Values) (int, string) {
	c.t.Helper()
	resp, err := c.PostForm(c.base+path, v)
	if err != nil {
		c.t.Fatal(err)
	}
	return read(c.t, resp)
}

func (c *citizen) see(path string) (int, string) {
	c.t.Helper()
	resp, err := c.Get(c.base + path)
	if err != nil {
		c.t.Fatal(err)
	}
	return read(c.t, resp)
}

func read(t *testing.T, resp *http.Response) (int, string) {
	t.Helper()
	defer resp.Body.Close()
	var b strings.Builder
	if _, err := io.Copy(&b, resp.Body); err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, b.String()
}

var carriedInput = regexp.MustCompile(`<input type="hidden" name="([^"]+)" value="([^"]*)"`)

// answers adds a step's answers to what the page carries along.
func answers(page string, v url.Values) url.Values {
	out := url.Values{}
	for _, m := range carriedInput.FindAllStringSubmatch(page[strings.Index(page, `action="/complain"`):], -1) {
		out.Add(m[1], m[2])
	}
	for k, x := range v {
		out[k] = x
	}
	return out
}

// TestComplain: three steps without script, wrong ones kept with their answers,
// a code that follows the case, evidence added, and asking once more.
func TestComplain(t *testing.T) {
	b, err := webtest.OpenEmpty(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = b.Close() })
	hooks := serve(t, web.Config{Engine: b.Engine, Title: webtest.Title, Area: webtest.Area})
	shop, err := b.Engine.Do(t.Context(), domain.Command{Kind: "registration.entity", Action: "load", Area: "330902002", Actor: domain.Actor{ID: "t", Grants: []domain.Grant{{Role: "importer"}}},
		Input: map[string]any{"name": "望潮海鲜面馆", "founded_on": "2019-05-01"}, Opening: true})
	if err != nil {
		t.Fatal(err)
	}
	c := newCitizen(t, hooks.URL)
	_, page := c.see("/complain")
	code, page := c.send("/complain", answers(page, url.Values{}))
	if code != 400 || !strings.Contains(page, "请选择您的诉求") {
		t.Fatalf("an empty first step: %d", code)
	}
	_, page = c.send("/complain", answers(page, url.Values{"q": {"海鲜面"}, "find": {"1"}, "want_help": {"1"}, "want_report": {"1"}}))
	if !strings.Contains(page, shop.Record.Ref.String()) {
		t.Fatal("the business is not found")
	}
	_, page = c.send("/complain", answers(page, url.Values{"shop": {shop.Record.Ref.String()}, "want_help": {"1"}, "want_report": {"1"}}))
	_, page = c.send("/complain", answers(page, url.Values{"facts": {"点的是野生黄鱼，上的是养殖的"}, "demand": {"refund"}, "amount": {"388.50"}, "happened_on": {"2023-11-10"}}))
	code, page = c.send("/complain", answers(page, url.Values{"phone": {"12"}, "name": {"秦某"}}))
	if code != 400 || !strings.Contains(page, "野生黄鱼") || !strings.Contains(page, `id="f-phone"`) {
		t.Fatalf("a wrong telephone: %d", code)
	}
	for _, left := range []url.Values{{"phone": {""}, "name": {"秦某"}}, {"phone": {""}, "email": {"qin at home"}, "name": {"秦某"}}} {
		if code, page = c.send("/complain", answers(page, left)); code != 400 {
			t.Fatalf("left %v: %d", left, code)
		}
	}
	code, page = c.send("/complain", answers(page, url.Values{"phone": {""}, "email": {"qin@mail.example"}, "name": {"秦某"}}))
	m := regexp.MustCompile(`dh-code dh-num">([A-Z0-9]{5}-[A-Z0-9]{5})<`).FindStringSubmatch(page)
	if code != 200 || m == nil {
		t.Fatalf("sent: %d\n%s", code, problemsIn(page))
	}
	if strings.Contains(page, "qin@mail.example") || strings.Contains(page, "秦某") {
		t.Error("personal data on the page of the code")
	}
	other := newCitizen(t, hooks.URL)
	if _, page = other.see("/follow"); strings.Contains(page, "望潮") {
		t.Error("without the code the case is shown")
	}
	if _, page = other.send("/follow", url.Values{"code": {"AAAAABBBBB"}}); !strings.Contains(page, "没有查到") {
		t.Error("a wrong code")
	}
	_, page = other.send("/follow", url.Values{"code": {strings.ToLower(m[1])}})
	if !strings.Contains(page, "正在审查是否受理") || !strings.Contains(page, "同时登记的举报") {
		t.Fatalf("the case of the code: %s", page)
	}
	_, page = other.see("/follow/add_evidence")
	key := hidden.FindAllStringSubmatch(page, -1)
	code, page = other.send("/follow/add_evidence", url.Values{"_key": {key[len(key)-1][2]}, "more": {"补充：收据照片已找到"}})
	if code != 200 || !strings.Contains(page, "已经提交") {
		t.Fatalf("evidence: %d %s", code, problemsIn(page))
	}
	if code, _ = other.see("/follow/accept"); code != 404 {
		t.Errorf("an officer's action by a citizen: %d", code)
	}
}
