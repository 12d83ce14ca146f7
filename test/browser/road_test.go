package browser

import (
	"regexp"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// words are what people look for on the road of a complaint.
type words struct {
	lang                                                  string
	find, both, reviewing, settled, accept, call, agree   string
	archived                                              string
}

var (
	chinese = words{lang: "zh", reviewing: "正在审查是否受理", settled: "双方已达成协议", archived: "已经办结归档"}
	english = words{lang: "en", reviewing: "being looked at", settled: "Both sides have agreed", archived: "It is closed"}
)

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
			code := consumer.file("望潮", c.lang)
			if s := consumer.text(); !strings.Contains(s, c.reviewing) {
				t.Fatalf("the new case: %s", s)
			}
			officer := somebody(t, c.lang, c.desk)
			officer.signIn("linxiaozhou")
			at := officer.take("黄鱼" + c.lang)
			officer.act("accept", map[string]string{"seat": ""})
			officer.assigned("linxiaozhou")
			mediator := somebody(t, c.lang, c.desk)
			mediator.as("zhoulan")
			mediator.visit(at)
			mediator.mediate()
			officer.visit(at)
			officer.close()
			consumer.follow(code)
			if s := consumer.text(); !strings.Contains(s, c.archived) {
				t.Errorf("the end, to the consumer: %s", s)
			}
			director := somebody(t, c.lang, c.desk)
			director.as("shenli")
			director.drill(at)
			for _, p := range []*person{consumer, officer, mediator, director} {
				p.calm()
			}
		})
	}
}

// file files a letter with a complaint and a report and gives the code.
func (p *person) file(shop, mark string) string {
	p.t.Helper()
	p.visit("/")
	p.send(`nav a[href="/complain"]`)
	p.do(chromedp.Click(`input[name="want_help"]`), chromedp.Click(`input[name="want_report"]`), chromedp.SendKeys("#q", "海"))
	p.send(`button[name="find"]`)
	p.do(chromedp.Click(`input[name="shop"]`))
	p.send(next)
	p.do(chromedp.SendKeys("#i-facts", "点的是野生黄鱼，上的是养殖的"), chromedp.Click(`input[name="demand"]`), chromedp.SendKeys("#i-goods", "黄鱼"+mark),
		chromedp.SendKeys("#i-amount", "388.50"))
	p.send(next)
	p.do(chromedp.SendKeys("#i-name", "秦某"), chromedp.SendKeys("#i-phone", "13867200001"))
	p.send(next)
	code := codeShown.FindString(p.text())
	if code == "" {
		p.t.Fatalf("no code; at %s", p.page())
	}
	return code
}

const next = `#act .dh-buttons .btn-primary`
