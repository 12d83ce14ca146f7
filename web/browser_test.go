package web_test

import (
	"os"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/dinghai/dinghai/web/browser"
)

func openTab(t *testing.T) *browser.Tab {
	t.Helper()
	if browser.Find() == "" {
		if os.Getenv("REQUIRE") == "all" {
			t.Fatal("no chromium on this machine")
		}
		t.Skip("no chromium on this machine")
	}
	tab, cancel, err := browser.Open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(cancel)
	return tab
}

// TestBrowser: no page breaks its own content policy, throws, or is wider than
// the window, at the desk or on a phone, in either language.
func TestBrowser(t *testing.T) {
	tab, s := openTab(t), open(t, nil)
	for _, c := range []struct {
		width      int64
		lang, view string
		size       string
	}{{1440, "zh", "officer", "normal"}, {390, "en", "officer", "large"}, {390, "zh", "public", "normal"}} {
		for name, value := range map[string]string{"lang": c.lang, "view": c.view, "size": c.size} {
			if err := tab.Cookie(s.URL, name, value); err != nil {
				t.Fatal(err)
			}
		}
		if err := tab.Size(c.width, 900); err != nil {
			t.Fatal(err)
		}
		for _, p := range s.pages() {
			if err := tab.Visit(s.URL + p); err != nil {
				t.Fatalf("%s: %v", p, err)
			}
			wide, err := browser.Run(tab, chromedp.Evaluate[int64](`document.documentElement.scrollWidth`))
			if err != nil {
				t.Fatal(err)
			}
			if wide > c.width {
				t.Errorf("%s %s at %d is %d wide", p, c.lang, c.width, wide)
			}
			for _, problem := range tab.Problems() {
				t.Errorf("%s %s: %s", p, c.lang, problem)
			}
		}
	}
}

// TestSearchAsYouType: results follow the typing without a reload, and the
// address follows the results.
func TestSearchAsYouType(t *testing.T) {
	tab, s := openTab(t), open(t, nil)
	if err := tab.Visit(s.URL + "/search"); err != nil {
		t.Fatal(err)
	}
	if err := tab.Do(chromedp.SendKeys("#q", "渔家"), chromedp.WaitVisible("#found .dh-rows")); err != nil {
		t.Fatal(err)
	}
	text, err := browser.Run(tab, chromedp.Text("#found .dh-pager"))
	if err != nil {
		t.Fatal(err)
	}
	address, err := browser.Run(tab, chromedp.Location())
	if err != nil {
		t.Fatal(err)
	}
	if text == "" || address == s.URL+"/search" {
		t.Errorf("pager %q at %s", text, address)
	}
	for _, p := range tab.Problems() {
		t.Error(p)
	}
}

// TestChart: the chart is drawn from its table, within the content policy.
func TestChart(t *testing.T) {
	tab, s := openTab(t), open(t, nil)
	if err := tab.Visit(s.URL + "/figures/letters"); err != nil {
		t.Fatal(err)
	}
	drawn, err := browser.Run(tab, chromedp.Evaluate[int](`document.querySelectorAll('.dh-chart canvas').length`))
	if err != nil {
		t.Fatal(err)
	}
	if drawn != 1 {
		t.Errorf("%d charts drawn", drawn)
	}
}
