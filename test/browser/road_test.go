package browser

import (
	"regexp"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/dinghai/dinghai/web/browser"
)

// words are what people look for on the road of a complaint.
type words struct{ lang, reviewing, settled string }

var (
	chinese = words{"zh", "正在审查是否受理", "双方已达成协议"}
	english = words{"en", "We are deciding whether to accept it", "Both sides have agreed"}
)

const next = `#act .dh-buttons .btn-primary`

var codeShown = regexp.MustCompile(`[A-Z0-9]{5}-[A-Z0-9]{5}`)

// TestComplaintRoad: a consumer files a letter with a complaint and a report on
// a phone, an officer takes it to its end, the consumer reads what came of it,
// and the director goes from a figure through its rows to the case.
func TestComplaintRoad(t *testing.T) {
	for _, c := range []struct {
		words
		desk int64 // width of the officers' window
	}{{chinese, 1440}, {english, 390}} {
		t.Run(c.lang, func(t *testing.T) {
			consumer := somebody(t, c.lang, 390)
			code := consumer.file("路上黄鱼" + c.lang)
			consumer.says(c.reviewing)
			officer := somebody(t, c.lang, c.desk)
			officer.signIn("zhoulan")
			at := officer.takes("路上黄鱼" + c.lang)
			officer.settles()
			consumer.follows(code, c.lang)
			consumer.says(c.settled)
			director := somebody(t, c.lang, c.desk)
			director.as("shenli")
			director.drills(at)
			for _, p := range []*person{consumer, officer, director} {
				p.calm()
			}
		})
	}
}

// file files a letter with a complaint and a report and gives its code.
func (p *person) file(goods string) string {
	p.t.Helper()
	p.visit("/")
	p.do(chromedp.Evaluate[chromedp.Void](`[...document.querySelectorAll('nav a[href="/complain"]')].find(a => a.getClientRects().length > 0).id = 'file'`))
	p.send(`#file`)
	p.do(browser.Click(`input[name="want_help"]`), browser.Click(`input[name="want_report"]`), chromedp.SendKeys("#q", "定海"))
	p.send(`button[name="find"]`)
	p.do(browser.Click(`input[name="shop"]`))
	p.send(next)
	p.do(chromedp.SendKeys("#i-facts", "点的是野生黄鱼，上的是养殖的"), browser.Click(`input[name="demand"]`), chromedp.SendKeys("#i-goods", goods), chromedp.SendKeys("#i-amount", "388.50"))
	p.send(next)
	p.do(chromedp.SendKeys("#i-name", "秦某"), chromedp.SendKeys("#i-phone", "13867200001"))
	p.send(next)
	code := codeShown.FindString(p.text())
	if code == "" {
		p.t.Fatalf("no code; at %s", p.page())
	}
	return code
}

// says fails when the page does not say something.
func (p *person) says(text string) {
	p.t.Helper()
	if !strings.Contains(p.text(), text) {
		p.t.Errorf("does not say %q; at %s", text, p.page())
	}
}

// takes finds a task nobody has yet, takes it, and gives the address of its case.
func (p *person) takes(about string) string {
	p.t.Helper()
	p.visit("/inbox?tab=free&kind=complaint.complaint")
	row := `[...document.querySelectorAll('.dh-rows tbody tr')].find(r => r.innerText.includes('` + about + `'))`
	at := eval[string](p, `(`+row+`).querySelector('.dh-lead a').getAttribute('href')`)
	p.do(chromedp.Evaluate[chromedp.Void](`(` + row + `).querySelector('.dh-take button').id = 'mine'`))
	p.send("#mine")
	p.visit("/inbox?tab=mine")
	p.says(about)
	p.send(`a[href="` + at + `"]`)
	return at
}

// answer fills one input of an action's form.
type answer struct{ name, value string }

// acts does an action of the case that is open.
func (p *person) acts(action string, list ...answer) {
	p.t.Helper()
	p.send(`#do a[href$="/do/` + action + `"]`)
	for _, a := range list {
		p.fill(a)
	}
	p.send(`button[name="_do"]`)
	if at, err := browser.Run(p.Tab, chromedp.Location()); err != nil || !strings.Contains(at, "done="+action) {
		p.t.Fatalf("%s was not done (%v); %s", action, err, p.page())
	}
}

// fill types or chooses; "" chooses the first there is.
func (p *person) fill(a answer) {
	p.t.Helper()
	kind := eval[string](p, `(function (el) { return el.tagName + ' ' + el.type; })(document.querySelector('[data-field="`+a.name+`"] :is(input, select, textarea)'))`)
	box := `[name="` + a.name + `"]`
	switch {
	case strings.HasPrefix(kind, "SELECT"):
		p.do(chromedp.Evaluate[chromedp.Void](`document.querySelector('` + box + `').selectedIndex = 1`))
	case strings.HasSuffix(kind, "radio") && a.value != "":
		p.do(browser.Click(box + `[value="` + a.value + `"]`))
	case strings.HasSuffix(kind, "radio"):
		p.do(browser.Click(box))
	case strings.HasSuffix(kind, "date"):
		p.do(chromedp.SetValue(box, a.value))
	default:
		p.do(chromedp.SendKeys(box, a.value))
	}
}

// settles takes a case from acceptance to the archive.
func (p *person) settles() {
	p.t.Helper()
	p.acts("accept", answer{"seat", ""})
	p.acts("invite", answer{"mediator", "周岚"}, answer{"mode", ""}, answer{"both_agree", "true"})
	p.acts("agree", answer{"agreed_form", ""}, answer{"recovered", "388.50"})
	p.acts("archive")
}

// follows looks at a case by its code, in a browser that was never there.
func (p *person) follows(code, lang string) {
	p.t.Helper()
	check(p.t, p.Forget())
	check(p.t, p.Cookie(p.site, "lang", lang))
	p.visit("/follow")
	p.do(chromedp.SendKeys("#code", strings.ToLower(code)))
	p.send(`form[action="/follow"] .btn-primary`)
}

// drills goes from a tile of the cockpit through the rows of its figure to a case.
func (p *person) drills(at string) {
	p.t.Helper()
	p.visit("/cockpit")
	value := eval[string](p, `document.querySelector('a.dh-tile[href^="/figures/complaints_total"] b').innerText`)
	p.send(`a.dh-tile[href^="/figures/complaints_total"]`)
	if total := eval[string](p, `document.querySelector('.dh-figure b').innerText`); total != value {
		p.t.Errorf("the tile says %s, the figure %s", value, total)
	}
	p.send(`main a[href*="part="]`)
	part := eval[string](p, `document.querySelector('.dh-figure b').innerText`)
	if rows := eval[string](p, `document.querySelector('#rows .dh-pager').innerText`); !strings.Contains(rows, part) {
		p.t.Errorf("the part says %s, its rows %s", part, rows)
	}
	p.send(`#rows .dh-rows tbody a`)
	if here, err := browser.Run(p.Tab, chromedp.Location()); err != nil || !strings.Contains(here, "/cases/") {
		p.t.Errorf("a row leads to %s (%v)", here, err)
	}
	p.visit(at)
	if n := eval[int](p, `document.querySelectorAll('#time li').length`); n < 5 {
		p.t.Errorf("%d steps on the case", n)
	}
}
