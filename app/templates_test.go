package app

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/web"
)

const (
	ownList = `list: report_template
label: {zh: 报告模板, en: Template of a report}
en: given
items:
  - {code: weekly, zh: 周报, en: Weekly report}
  - {code: monthly, zh: 月报, en: Monthly report}
  - {code: campaign, zh: 专项行动小结, en: Report of a campaign}
  - {code: yearly, zh: 年度总结, en: Yearly report}
`
	ownText = "# {{bureau}}周报\n\n本周接收投诉举报{{figure complaints_total}}件。\n"
)

// TestOwnTemplate: a text in the bureau's own folder is offered at the desk and
// a report begins with it; one of a shipped path takes its place.
func TestOwnTemplate(t *testing.T) {
	dir := t.TempDir()
	for name, content := range map[string]string{"lists/report_template.yaml": ownList, "reports/weekly.zh.md": ownText, "reports/yearly.zh.md": "# 年度总结\n\n另一种写法。\n"} {
		path := filepath.Join(dir, "summary", name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	a, err := Open(t.Context(), Options{Data: t.TempDir(), Catalogue: dir})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = a.Close() })
	begin, err := texts(dir)
	if err != nil {
		t.Fatal(err)
	}
	reports, err := a.reports("")
	if err != nil {
		t.Fatal(err)
	}
	who := domain.Viewer{Actor: domain.Actor{ID: "330900-00000000-0000-7000-9000-000000000001", Grants: []domain.Grant{{Role: "stat_officer", Area: rootArea}}}}
	who.Person, _ = domain.ParseRef(who.Actor.ID)
	if who.Scope, err = a.Engine.ScopeOf(t.Context(), who); err != nil {
		t.Fatal(err)
	}
	h, err := web.New(web.Config{Engine: a.Engine, Reports: reports, Wordings: begin, Title: domain.Text{ZH: "某局", EN: "Bureau"}, Area: rootArea, Work: a.Store,
		Viewer: func(*http.Request) (domain.Viewer, error) { return who, nil }})
	if err != nil {
		t.Fatal(err)
	}
	ask := func(method, path string, form url.Values) *httptest.ResponseRecorder {
		r := httptest.NewRequestWithContext(t.Context(), method, path, strings.NewReader(form.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		return w
	}
	if body := ask("GET", "/desk/reports", nil).Body.String(); !strings.Contains(body, `<option value="weekly"`) {
		t.Error("the desk does not offer the bureau's own template")
	}
	w := ask("POST", "/desk/reports", url.Values{"title": {"第一周"}, "template": {"weekly"}, "from": {"2023-01-01"}, "to": {"2023-01-08"}, "area": {rootArea}, "lang": {"zh"}})
	if w.Code != http.StatusSeeOther {
		t.Fatalf("begin: %d %s", w.Code, w.Body)
	}
	body := ask("GET", w.Header().Get("Location"), nil).Body.String()
	for _, part := range []string{"周报", "本周接收投诉举报", `data-mark="{{figure complaints_total}}"`, ">0</a>件"} {
		if !strings.Contains(body, part) {
			t.Errorf("the report has no %q", part)
		}
	}
	if body := ask("GET", "/report", nil).Body.String(); !strings.Contains(body, "另一种写法") {
		t.Error("the computed report is not worded by the bureau's own text")
	}
}
