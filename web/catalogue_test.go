package web_test

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/dinghai/dinghai/catalogue"
	"github.com/dinghai/dinghai/systems"
	"github.com/dinghai/dinghai/web"
	"github.com/dinghai/dinghai/web/webtest"
)

// shipped opens the pages over the catalogue that ships, without any record.
func shipped(t *testing.T) (*site, *catalogue.Catalogue) {
	t.Helper()
	cat, err := catalogue.Load(systems.Files)
	if err != nil {
		t.Fatal(err)
	}
	b, err := webtest.OpenWith(t.Context(), t.TempDir(), cat, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := b.Close(); err != nil {
			t.Error(err)
		}
	})
	return serve(t, web.Config{Engine: b.Engine, Title: webtest.Title, Area: webtest.Area, Viewer: webtest.Seeing}), cat
}

// TestWholeCatalogue: every kind, limit, list and figure that ships has a page
// in both languages, and every link among them leads somewhere.
func TestWholeCatalogue(t *testing.T) {
	s, cat := shipped(t)
	paths := []string{"/", "/search", "/catalogue", "/catalogue/clocks", "/catalogue/indicators", "/catalogue/items", "/report", "/draft"}
	for _, k := range cat.Ordered() {
		paths = append(paths, "/catalogue/"+k.Name)
	}
	for code := range cat.Clocks {
		paths = append(paths, "/catalogue/clocks/"+code)
	}
	for name := range cat.Lists {
		paths = append(paths, "/catalogue/lists/"+name)
	}
	for name := range cat.Indicators {
		paths = append(paths, "/figures/"+name)
	}
	key := regexp.MustCompile(`(?:type|fclass|ikind|prule|unit|confidence|does|finding|class)\.[a-z_]+[<"]`)
	link := regexp.MustCompile(`href="(/catalogue/[^"#?]+)`)
	seen := map[string]bool{}
	for _, p := range paths {
		for _, lang := range []string{"zh", "en"} {
			code, body := s.get(p, &http.Cookie{Name: "lang", Value: lang})
			if code != http.StatusOK {
				t.Errorf("%s: %d", p, code)
			}
			if k := key.FindString(mainOf(body)); k != "" || strings.Contains(body, "%!") {
				t.Errorf("%s %s: wording lacks %s", p, lang, k)
			}
			for _, m := range link.FindAllStringSubmatch(body, -1) {
				seen[m[1]] = true
			}
		}
	}
	for p := range seen {
		if code, _ := s.get(p); code != http.StatusOK {
			t.Errorf("a link leads to %s: %d", p, code)
		}
	}
}

// TestLimitIndex: the limits come by page, each once, and what was typed is
// found in names, codes, statutes and matters.
func TestLimitIndex(t *testing.T) {
	s, cat := shipped(t)
	one := regexp.MustCompile(`href="/catalogue/clocks/([A-Z0-9-]+)"`)
	listed := map[string]int{}
	for at := 0; at < len(cat.Clocks); at += 50 {
		_, body := s.get(fmt.Sprintf("/catalogue/clocks?at=%d", at))
		for _, m := range one.FindAllStringSubmatch(mainOf(body), -1) {
			listed[m[1]]++
		}
	}
	if len(listed) != len(cat.Clocks) {
		t.Errorf("%d limits on the pages, %d in the catalogue", len(listed), len(cat.Clocks))
	}
	for text, want := range map[string]string{"cmp-mediate-60": "CMP-MEDIATE-60", "投诉时效": "CMP-AGE", "第121号)第十六条": "CMP-AGE", "no such": ""} {
		_, body := s.get("/catalogue/clocks?q=" + url.QueryEscape(text))
		found := one.FindStringSubmatch(mainOf(body))
		if (found == nil) != (want == "") || found != nil && !strings.Contains(mainOf(body), ">"+want+"<") {
			t.Errorf("%q finds %v, want %q", text, found, want)
		}
	}
}
