package browser

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/dinghai/dinghai/web/browser"
)

// TestSamplingRoad: a sample is planned, taken and tested; its failed result is
// entered and served, and the time to apply for a retest says why it ends when
// it does.
func TestSamplingRoad(t *testing.T) {
	for _, c := range []struct {
		lang, no, start, law string
		width                int64
	}{{"zh", "XBJ23330921001", "2023-11-18", "食品安全抽样检验管理办法", 1440}, {"en", "XBJ23330921002", "2023-11-18", "SAMR Order 15", 390}} {
		t.Run(c.lang, func(t *testing.T) {
			officer := somebody(t, c.lang, c.width)
			officer.as("hemiao")
			at := officer.plans()
			lab := somebody(t, c.lang, c.width)
			lab.as("xuyuan")
			lab.visit(at)
			lab.tests(c.no)
			officer.visit(at)
			officer.acts("serve", answer{"served_to", "高亭海鲜铺"}, answer{"mode", ""})
			officer.explains("FOOD-RETEST-APPLY", c.start, c.law)
			officer.calm()
			lab.calm()
		})
	}
}

// plans opens a sample at a business and gives the address of its case.
func (p *person) plans() string {
	p.t.Helper()
	p.visit("/list/food.sample")
	p.send(`a[href="/new/food.sample/plan"]`)
	p.picks("_of", "岱山")
	for _, a := range []answer{{"plan_no", "舟市监抽〔2023〕7号"}, {"sample_kind", "supervised"}, {"food_class", ""}, {"place", ""}} {
		p.fill(a)
	}
	p.send(`button[name="_do"]`)
	at, err := browser.Run(p.Tab, chromedp.Location())
	check(p.t, err)
	at, done := strings.CutSuffix(strings.TrimPrefix(at, p.site), "?done=plan")
	if !done {
		p.t.Fatalf("not planned; %s", p.page())
	}
	return at
}

// tests takes the sample, has it tested and tells the bureau that it failed.
func (p *person) tests(no string) {
	p.t.Helper()
	p.acts("take", answer{"sample_no", no}, answer{"food_name", "鲜活青蟹"}, answer{"sample_qty", "3"}, answer{"retain_qty", "3"}, answer{"qty_unit", "只"},
		answer{"samplers", "许远\n何苗"}, answer{"unannounced", "true"}, answer{"sealed", "true"}, answer{"bought", "true"})
	p.acts("lab_receive", answer{"lab", "市食品药品检验研究院"}, answer{"intact", "true"})
	p.send(`#do a[href$="/do/report"]`)
	p.fill(answer{"report_no", "R" + no})
	p.do(chromedp.SendKeys(`[name="items.0.item"]`, "镉"), chromedp.SendKeys(`[name="items.0.limit"]`, "0.5"), chromedp.SendKeys(`[name="items.0.value"]`, "0.81"), chromedp.SendKeys(`[name="items.0.unit"]`, "mg/kg"))
	p.do(browser.Click(`[name="items.0.judgement"][value="fail"]`))
	p.fill(answer{"conclusion", "fail"})
	p.send(`button[name="_do"]`)
	p.acts("tell_bad")
}

// explains opens "why this date?" of a clock and reads it.
func (p *person) explains(clock, start, law string) {
	p.t.Helper()
	box := "#clock-" + clock
	p.do(browser.Click(box + " details.dh-why > summary"))
	why := eval[string](p, `document.querySelector('`+box+`').innerText`)
	for _, part := range []string{start, "7", law, "2023-11-19"} { // a Sunday in between
		if !strings.Contains(why, part) {
			p.t.Errorf("why this date lacks %q:\n%s", part, why)
		}
	}
}
