package web_test

import (
	"bytes"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/web"
)

func TestHeaders(t *testing.T) {
	s := open(t, nil)
	resp, err := http.Get(s.URL + "/") //nolint:noctx // a test
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	csp := resp.Header.Get("Content-Security-Policy")
	if !strings.HasPrefix(csp, "default-src 'self'") || strings.Contains(csp, "unsafe") {
		t.Errorf("policy %q", csp)
	}
	for name, want := range map[string]string{"X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY", "Referrer-Policy": "same-origin"} {
		if got := resp.Header.Get(name); got != want {
			t.Errorf("%s: %q", name, got)
		}
	}
}

// TestAssets: every asset a page names is there, packed, and kept for a year.
func TestAssets(t *testing.T) {
	s := open(t, nil)
	_, body := s.get("/figures/letters")
	list := regexp.MustCompile(`"(/static/[^"]+)"`).FindAllStringSubmatch(body, -1)
	if len(list) < 6 {
		t.Fatalf("%d assets", len(list))
	}
	for _, m := range list {
		r, _ := http.NewRequestWithContext(t.Context(), http.MethodGet, s.URL+m[1], nil)
		r.Header.Set("Accept-Encoding", "gzip")
		resp, err := http.DefaultTransport.RoundTrip(r)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if resp.StatusCode != http.StatusOK || !strings.Contains(resp.Header.Get("Cache-Control"), "immutable") || resp.Header.Get("Content-Encoding") != "gzip" {
			t.Errorf("%s: %d %v", m[1], resp.StatusCode, resp.Header)
		}
	}
	if _, body := s.get("/"); strings.Contains(body, "echarts") {
		t.Error("a page without a chart loads the chart library")
	}
}

func (s *site) post(path string, form url.Values, origin string) (int, http.Header) {
	s.t.Helper()
	r, err := http.NewRequestWithContext(s.t.Context(), http.MethodPost, s.URL+path, strings.NewReader(form.Encode()))
	if err != nil {
		s.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Origin", origin)
	resp, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		s.t.Fatal(err)
	}
	resp.Body.Close()
	return resp.StatusCode, resp.Header
}

// TestSettings: a choice is kept and leads back, but never off the site.
func TestSettings(t *testing.T) {
	s := open(t, nil)
	for back, want := range map[string]string{"/report?lang=zh&from=2023-01-01": "/report?from=2023-01-01", "//evil.example/": "/", "https://evil.example": "/", `/\evil`: "/", "": "/"} {
		code, h := s.post("/settings", url.Values{"theme": {"dark"}, "back": {back}}, s.URL)
		if code != http.StatusSeeOther || h.Get("Location") != want || !strings.Contains(h.Get("Set-Cookie"), "theme=dark") {
			t.Errorf("%q: %d to %s, %v", back, code, h.Get("Location"), h["Set-Cookie"])
		}
	}
	if code, _ := s.post("/settings", url.Values{"view": {"officer"}}, "https://evil.example"); code != http.StatusForbidden {
		t.Errorf("a form from elsewhere: %d", code)
	}
	if _, h := s.post("/settings", url.Values{"theme": {"pink"}}, s.URL); h.Get("Set-Cookie") != "" {
		t.Errorf("an unknown choice is kept: %s", h.Get("Set-Cookie"))
	}
	dark := &http.Cookie{Name: "theme", Value: "dark"}
	if _, body := s.get("/", dark, &http.Cookie{Name: "size", Value: "large"}); !strings.Contains(body, `data-bs-theme="dark" data-size="large"`) {
		t.Error("the choices do not show")
	}
	if _, body := s.get("/?lang=en"); !strings.Contains(body, `<html lang="en"`) {
		t.Error("?lang=en does not switch")
	}
}

// TestProgress: while a load runs the home page says how far it is and asks
// again without script; afterwards the card leads on.
func TestProgress(t *testing.T) {
	var done atomic.Int64
	s := open(t, func(c *web.Config) {
		c.Progress = func() web.Progress {
			n := int(done.Load())
			return web.Progress{Running: n < 100, Stage: domain.Text{ZH: "登记企业", EN: "Registering businesses"}, Done: n, Total: 100}
		}
	})
	done.Store(40)
	_, body := s.get("/")
	for _, want := range []string{`value="40"`, "登记企业", `http-equiv="refresh"`, `hx-get="/progress"`} {
		if !strings.Contains(body, want) {
			t.Errorf("the home page lacks %s", want)
		}
	}
	done.Store(100)
	if _, body := s.get("/progress"); strings.Contains(body, "hx-trigger=\"every") || !strings.Contains(body, "数据已就绪") {
		t.Error("the card goes on asking")
	}
}

func TestHealthAndMetrics(t *testing.T) {
	s := open(t, nil)
	if code, body := s.get("/healthz"); code != http.StatusOK || body != "ok\n" {
		t.Errorf("health: %d %q", code, body)
	}
	if code, body := s.get("/metrics"); code != http.StatusOK || !strings.Contains(body, `route="GET /healthz"`) {
		t.Errorf("metrics: %d %.300s", code, body)
	}
}

// TestPanic: a broken part gives the plain error page.
func TestPanic(t *testing.T) {
	s := open(t, func(c *web.Config) { c.Progress = func() web.Progress { panic("secret detail") } })
	code, body := s.get("/")
	if code != http.StatusInternalServerError || strings.Contains(body, "secret detail") || strings.Contains(body, "goroutine") || !strings.Contains(body, "系统出了问题") {
		t.Errorf("%d %.200s", code, body)
	}
}

// TestSearch: one, two and more characters, codes and initials; true totals.
func TestSearch(t *testing.T) {
	s := open(t, nil)
	total := regexp.MustCompile(`共 ([0-9,]+) 条`)
	for q, want := range map[string]string{"渔": "22", "渔家": "12", "渔家客栈": "12", "yjkz": "", "91330902Y": "", "92330902Y": "130"} {
		_, body := s.get("/search?q=" + url.QueryEscape(q))
		m := total.FindStringSubmatch(body)
		switch {
		case want == "" && m == nil && !strings.Contains(body, "没有找到"):
			t.Errorf("%s: neither rows nor a hint", q)
		case want != "" && (m == nil || m[1] != want):
			t.Errorf("%s: total %v, want %s", q, m, want)
		}
	}
	if rows, _ := s.walk("/search?q=92330902Y"); rows != 130 {
		t.Errorf("paging gives %d rows of 130", rows)
	}
}

// TestDraft: pasted and uploaded drafts, and a draft with nothing in it.
func TestDraft(t *testing.T) {
	s := open(t, nil)
	body := s.upload("text", "", "今年共收到来信48件，在册小店999户。")
	if !strings.Contains(body, "相符") || !strings.Contains(body, "不符") || !strings.Contains(body, "/figures/letters?") {
		t.Errorf("pasted: %s", mainOf(body))
	}
	if body = s.upload("file", "draft.txt", "今年共收到来信48件。"); !strings.Contains(body, "/figures/letters?") {
		t.Errorf("uploaded: %s", mainOf(body))
	}
	if body = s.upload("text", "", "  "); !strings.Contains(body, "请贴入文稿") {
		t.Error("an empty draft gets no hint")
	}
	if body = s.upload("file", "draft.txt", strings.Repeat("字", 3<<20)); !strings.Contains(body, "8 MB") {
		t.Errorf("a file beyond the limit: %.300s", mainOf(body))
	}
	if body = s.upload("file", "draft.txt", strings.Repeat("字", 1<<19)); !strings.Contains(body, "1024 KB") {
		t.Errorf("a text beyond the limit: %.300s", mainOf(body))
	}
	if body = s.upload("file", "draft.docx", "no archive"); !strings.Contains(body, "文件无法读取") && !strings.Contains(body, "请核对填写的内容") {
		t.Errorf("a broken file: %s", mainOf(body))
	}
}

func (s *site) upload(field, name, content string) string {
	s.t.Helper()
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	part, err := m.CreateFormField(field)
	if name != "" {
		part, err = m.CreateFormFile(field, name)
	}
	if err != nil {
		s.t.Fatal(err)
	}
	_, _ = io.WriteString(part, content) // into memory
	m.Close()
	r, err := http.NewRequestWithContext(s.t.Context(), http.MethodPost, s.URL+"/draft", &b)
	if err != nil {
		s.t.Fatal(err)
	}
	r.Header.Set("Content-Type", m.FormDataContentType())
	r.Header.Set("Origin", s.URL)
	_, body := s.send(r)
	return body
}
