package browser

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// TestReportRoad: the director writes and publishes a report at the desk, and
// somebody without log-in finds it from the home page, opens a figure and gets
// down to one record, of which no more than the public may see is shown.
func TestReportRoad(t *testing.T) {
	for _, c := range []struct {
		lang  string
		width int64
	}{{"zh", 1440}, {"en", 390}} {
		t.Run(c.lang, func(t *testing.T) {
			title := map[string]string{"zh": "十月公开月报", "en": "October for everybody"}[c.lang]
			director := somebody(t, c.lang, c.width)
			director.signIn("shenli")
			director.publishes(title, c.lang)
			citizen := somebody(t, c.lang, c.width)
			citizen.visit("/")
			citizen.opens(title)
			citizen.says(title)
			said := eval[string](citizen, `document.querySelector('a.figure[href*="complaints_total"]').innerText`)
			citizen.send(`a.figure[href*="complaints_total"]`)
			citizen.says(title)
			if shown := eval[string](citizen, `document.querySelector('.dh-figure b').innerText`); shown != said {
				t.Errorf("the text says %s, its figure %s", said, shown)
			}
			citizen.send(`main a[href*="part="]`)
			part := eval[string](citizen, `document.querySelector('.dh-figure b').innerText`)
			if rows := eval[string](citizen, `document.querySelector('#rows .dh-pager').innerText`); !strings.Contains(rows, part) {
				t.Errorf("the part says %s, its rows %s", part, rows)
			}
			citizen.send(`#rows .dh-rows tbody a`)
			if here := eval[string](citizen, `location.pathname`); !strings.HasPrefix(here, "/cases/") {
				t.Errorf("a row leads to %s", here)
			}
			if n := eval[int](citizen, `document.querySelectorAll('#time li').length`); n > 0 {
				t.Errorf("a stranger sees %d steps of a case", n)
			}
			director.calm()
			citizen.calm()
		})
	}
}

// publishes writes a report of October and publishes it.
func (p *person) publishes(title, lang string) {
	p.t.Helper()
	p.visit("/desk/reports")
	p.do(chromedp.SetValue(`form [name="title"]`, title), chromedp.SetValue(`form [name="from"]`, "2023-10-01"), chromedp.SetValue(`form [name="to"]`, "2023-10-31"),
		chromedp.SetValue(`form [name="lang"]`, lang), chromedp.SetValue(`form [name="area"]`, "330900"))
	p.send(`main form .btn-primary`)
	p.send(`button[value="publish"]`)
	if at := eval[string](p, `location.search`); !strings.Contains(at, "done=publish") {
		p.t.Fatalf("not published; %s", p.page())
	}
	p.send(`a[href^="/reports/"]`)
	p.says(title)
}

// opens follows a link by its words.
func (p *person) opens(words string) {
	p.t.Helper()
	p.do(chromedp.Evaluate[chromedp.Void](`[...document.querySelectorAll('main a')].find(a => a.innerText === '` + words + `').id = 'chosen'`))
	p.send(`#chosen`)
}
