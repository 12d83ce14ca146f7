package web_test

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/dinghai/dinghai/web/browser"
)

// TestLockedFigures: in a browser figures stand in the text as values nobody can
// type over; one is found and put in where the cursor is, and what is saved
// holds its mark.
func TestLockedFigures(t *testing.T) {
	tab := openTab(t)
	d := openWriting(t)
	at := d.begin()
	if err := tab.Visit(d.URL + at); err != nil {
		t.Fatal(err)
	}
	const text = `document.getElementById('body').value`
	read := func(js string) string {
		t.Helper()
		s, err := browser.Run(tab, chromedp.Evaluate[string](js))
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	if got := read(text); got != monthText {
		t.Errorf("before anything is typed: %q", got)
	}
	value := read(`document.querySelector('.dh-locked[data-mark="{{figure letters}}"]').textContent`)
	if err := tab.Do(chromedp.Click(`.dh-locked[data-mark="{{figure letters}}"]`), chromedp.KeyEvent("9"), chromedp.KeyEvent("9")); err != nil {
		t.Fatal(err)
	}
	if now := read(`document.querySelector('.dh-locked[data-mark="{{figure letters}}"]').textContent`); now != value || !strings.Contains(read(text), "{{figure letters}}") {
		t.Errorf("a figure was typed over: %q, then %q, text %q", value, now, read(text))
	}
	const end = `(function () { var r = document.querySelector('.dh-writerich'), s = getSelection(), g = document.createRange(); r.focus(); g.selectNodeContents(r); g.collapse(false); s.removeAllRanges(); s.addRange(g); return ''; })()`
	read(end)
	if err := tab.Do(chromedp.KeyEvent("小店"), chromedp.SendKeys(`#q`, "zcxd"), chromedp.WaitVisible(`[data-insert]`), chromedp.Click(`[data-insert]`), chromedp.KeyEvent("户")); err != nil {
		t.Fatal(err)
	}
	if got := read(text); !strings.Contains(got, "小店{{figure shops_open}}户") {
		t.Errorf("after putting in: %q", got)
	}
	if err := tab.Do(chromedp.Click(`button[name=op][value=save]`), chromedp.WaitVisible(`.dh-done`)); err != nil {
		t.Fatal(err)
	}
	if got, _ := d.record(at).Fields["body"].(string); !strings.Contains(got, "小店{{figure shops_open}}户") {
		t.Errorf("saved: %q", got)
	}
	if p := tab.Problems(); len(p) > 0 {
		t.Errorf("console: %v", p)
	}
}
