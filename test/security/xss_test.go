package security

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/dinghai/dinghai/catalogue"
	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/kit/need"
	"github.com/dinghai/dinghai/web/browser"
)

// raw is what stands in a page only when the payload was taken for markup.
var raw = []string{"<img src=x", "<script>window.xssed", "<svg/onload", "onerror=window.xssed=1>"}

func rawIn(text string) string {
	for _, r := range raw {
		if strings.Contains(text, r) {
			return r
		}
	}
	return ""
}

// shown is every page on which the texts of records of a kind stand.
func (b *bureau) shown(k *catalogue.Kind) []string {
	rec := b.records[k.Name]
	q := url.QueryEscape(payload)
	if k.Class == domain.Subject {
		at := "/subjects/" + rec.Ref.String()
		return []string{at, at + "/visit", at + "/looks", at + "/do/note", "/list/" + k.Name + "?q=" + q, "/list/" + k.Name, "/search?kind=" + k.Name + "&q=" + q, "/search?kind=" + k.Name}
	}
	at := "/cases/" + rec.Ref.String()
	list := []string{at, at + "/looks", at + "/do/note", at + "/do/correct?field=" + k.Fields[0].Field, "/list/" + k.Name, "/list/" + k.Name + "?q=" + q}
	for _, a := range k.Actions {
		if !a.Opens {
			list = append(list, at+"/do/"+a.Action)
		}
	}
	return list
}

// TestMarkupIsText: markup in every text of every kind is shown as text, on
// every page that shows it, and in a real browser nothing of it runs.
func TestMarkupIsText(t *testing.T) {
	b := open(t)
	b.as("330900", b.allRoles()...)
	pages, seen := 0, 0
	for _, k := range b.cat.Ordered() {
		for _, p := range b.shown(k) {
			a := b.send("GET", p, nil)
			pages++
			if r := rawIn(a.text); r != "" {
				t.Errorf("%s: %s", p, r)
			}
			if strings.Contains(a.text, "&lt;img src=x") {
				seen++
			}
		}
	}
	if seen < pages/2 {
		t.Errorf("the payload is on %d of %d pages: the test does not see it", seen, pages)
	}
	t.Logf("%d pages, the payload on %d", pages, seen)
}

// TestNothingRuns: in Chromium, the record of every kind and the pages that list them.
func TestNothingRuns(t *testing.T) {
	if browser.Find() == "" {
		need.Skip(t, "no chromium on this machine")
	}
	b := open(t)
	b.as("330900", b.allRoles()...)
	srv := httptest.NewServer(b.h)
	t.Cleanup(srv.Close)
	tab, cancel, err := browser.Open(t.Context())
	check(t, err)
	t.Cleanup(cancel)
	look := func(path string) {
		t.Helper()
		check(t, tab.Visit(srv.URL+path))
		ran, err := browser.Run(tab, chromedp.Evaluate[bool](`window.xssed === 1 || document.querySelector('img[src="x"]') !== null`))
		check(t, err)
		if ran {
			t.Errorf("%s: the payload is markup", path)
		}
		for _, p := range tab.Problems() {
			if !strings.Contains(p, "status of 4") {
				t.Errorf("%s: %s", path, p)
			}
		}
	}
	for _, k := range b.cat.Ordered() {
		for _, p := range b.shown(k)[:1] {
			look(p)
		}
	}
	for _, p := range []string{"/inbox?tab=area", "/calendar", "/cockpit", "/trip", "/search?q=" + url.QueryEscape(payload), "/complain", "/new/complaint.complaint/receive?of=" + url.QueryEscape(payload) + "&area=" + url.QueryEscape(payload)} {
		look(p)
	}
}

// TestTypedMarkup: what was typed comes back as text: in a form with a mistake,
// a draft, a saved view, a search, and the steps of the public form.
func TestTypedMarkup(t *testing.T) {
	b := open(t)
	b.as("330900", b.allRoles()...)
	for _, k := range b.cat.Ordered() {
		for _, a := range k.Actions {
			if !a.Opens {
				continue
			}
			v := url.Values{"_reason": {payload}, "_on": {payload}, "_area": {payload}, "_of": {payload}, "_approver": {payload}, "_key": {payload}, "_seq": {payload}, "_preview": {"1"}}
			for _, f := range a.Form {
				v.Set(f.Field, payload)
				if f.Own != nil {
					v.Set(f.Own.Field, payload)
				}
			}
			path := "/new/" + k.Name + "/" + a.Action
			if got := b.send("POST", path, v); rawIn(got.text) != "" {
				t.Errorf("%s: %s", path, rawIn(got.text))
			}
			v.Set("_draft", strings.TrimPrefix(path, "/"))
			b.send("POST", "/drafts", v)
			if got := b.send("GET", path, nil); rawIn(got.text) != "" {
				t.Errorf("draft of %s: %s", path, rawIn(got.text))
			}
		}
	}
	for _, f := range []struct {
		path string
		v    url.Values
	}{
		{"/complain", url.Values{"step": {"1"}, "q": {payload}, "find": {"1"}, "want_help": {payload}, "trader": {payload}, "address": {payload}, "area": {payload}, "shop": {payload}, "_key": {payload}}},
		{"/complain", url.Values{"step": {"2"}, "facts": {""}, "goods": {payload}, "amount": {payload}, "demand": {payload}, "trader": {payload}, "happened_on": {payload}, "evidence": {payload}}},
		{"/complain", url.Values{"step": {"3"}, "name": {payload}, "phone": {payload}, "want_help": {"1"}, "facts": {payload}, "trader": {payload}}},
		{"/follow", url.Values{"code": {payload}}}, {"/login", url.Values{"login": {payload}, "password": {payload}, "next": {payload}}},
		{"/draft", url.Values{"text": {payload + "全年共收到投诉50件"}}}, {"/saved", url.Values{"page": {"inbox"}, "name": {payload}, "query": {payload}, "back": {"/inbox"}}},
		{"/list/complaint.complaint/bulk", url.Values{"_action": {"note"}, "_ref": {b.records["complaint.complaint"].Ref.String()}, "_reason": {payload}, "text": {payload}, "_batch": {payload}}},
		{"/list/complaint.complaint/back", url.Values{"_changes": {payload}, "_reason": {payload}, "_batch": {payload}}},
	} {
		if got := b.send("POST", f.path, f.v); rawIn(got.text) != "" {
			t.Errorf("%s: %s", f.path, rawIn(got.text))
		}
	}
	b.send("POST", "/saved", url.Values{"page": {"inbox"}, "name": {"<img src=x onerror=1>"}, "query": {`tab=mine"><img src=x`}, "back": {"/inbox"}})
	for _, p := range []string{"/inbox", "/inbox?kind=" + url.QueryEscape(payload), "/inbox?tab=" + url.QueryEscape(payload), "/search?q=" + url.QueryEscape(payload), "/calendar?month=" + url.QueryEscape(payload),
		"/figures/complaints_total?from=" + url.QueryEscape(payload), "/cockpit?show=" + url.QueryEscape(payload), "/trip?area=" + url.QueryEscape(payload), "/catalogue/" + url.PathEscape(payload), "/list/complaint.complaint?state=" + url.QueryEscape(payload) + "&col=" + url.QueryEscape(payload) + "&after=" + url.QueryEscape(payload), "/follow?done=" + url.QueryEscape(payload),
		"/cases/" + b.records["complaint.complaint"].Ref.String() + "?done=" + url.QueryEscape(payload)} {
		if got := b.send("GET", p, nil); rawIn(got.text) != "" {
			t.Errorf("%s: %s", p, rawIn(got.text))
		}
	}
	if a := b.send("GET", "/list/complaint.complaint/export.csv", nil); a.Code != http.StatusOK || !strings.HasPrefix(a.Header().Get("Content-Type"), "text/csv") || a.Header().Get("X-Content-Type-Options") != "nosniff" || !strings.HasPrefix(a.Header().Get("Content-Disposition"), "attachment") {
		t.Errorf("the export could be taken for a page: %d %v", a.Code, a.Header())
	}
}
