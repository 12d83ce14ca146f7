package browser

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// focused tells what is wrong with where the focus is: no frame around it, or
// hidden under the bar of a phone.
const focused = `(function (el) {
	var s = getComputedStyle(el), r = el.getBoundingClientRect(), bar = document.querySelector('.dh-bottom').getBoundingClientRect();
	if (el === document.body) return '';
	if (s.outlineStyle === 'none' || parseFloat(s.outlineWidth) < 2) return 'no frame around ' + el.outerHTML.slice(0, 120);
	if (innerWidth < 700 && r.top > bar.top && !el.closest('.dh-bottom')) return 'under the bar: ' + [Math.round(r.top), Math.round(bar.top), innerHeight, Math.round(scrollY), document.documentElement.scrollHeight] + ' ' + el.outerHTML.slice(0, 120);
	return '';
})(document.activeElement)`

// to goes to an element with the tab key alone. What has the focus on the way
// can be seen.
func (p *person) to(what string) {
	p.t.Helper()
	for range 120 {
		check(p.t, p.Key("Tab"))
		if eval[string](p, focused) != "" && p.Wait(focused+` === ''`) != nil { // a page may still be scrolling
			p.t.Error(eval[string](p, focused))
		}
		if eval[bool](p, `document.activeElement.matches('`+what+`')`) {
			return
		}
	}
	p.t.Fatalf("the tab key does not lead to %s; %s", what, p.page())
}

// enter presses the enter key on what has the focus and waits for the next page.
func (p *person) enter() {
	p.t.Helper()
	check(p.t, p.Do(chromedp.Evaluate[chromedp.Void](`window.before = true`)))
	check(p.t, p.Key("Enter"))
	if err := p.Arrive(); err != nil {
		p.t.Fatalf("%v; %s", err, p.page())
	}
}

// types goes to an input and types.
func (p *person) types(what, text string) {
	p.t.Helper()
	p.to(what)
	check(p.t, p.Type(text))
}

// ticks goes to a box and ticks it.
func (p *person) ticks(what string) {
	p.t.Helper()
	p.to(what)
	check(p.t, p.Key(" "))
}

// TestKeyboardAlone: the road of a complaint, from the home page to acceptance,
// with tab, space and enter; the first stop of a page skips to its content.
func TestKeyboardAlone(t *testing.T) {
	for _, width := range []int64{1440, 390} {
		p := somebody(t, "zh", width)
		p.visit("/")
		p.to(".dh-skip")
		check(t, p.Key("Enter"))
		check(t, p.Key("Tab"))
		if !eval[bool](p, `document.activeElement.closest('main') !== null`) {
			t.Errorf("skipping leads to %s", eval[string](p, `document.activeElement.outerHTML.slice(0, 200)`))
		}
		p.visit("/")
		p.to(`a[href="/complain"]`)
		p.enter()
		p.ticks(`input[name="want_help"]`)
		p.types("#q", "定海")
		p.to(`button[name="find"]`)
		p.enter()
		p.ticks(`input[name="shop"]`)
		p.to(next)
		p.enter()
		p.types("#i-facts", "点的是野生黄鱼，上的是养殖的")
		p.ticks(`input[name="demand"]`)
		p.types("#i-goods", "键盘黄鱼")
		p.to(next)
		p.enter()
		p.types("#i-name", "秦某")
		p.types("#i-phone", "13867200001")
		p.to(next)
		p.enter()
		if codeShown.FindString(p.text()) == "" {
			t.Fatalf("no code; %s", p.page())
		}
		p.accepts("键盘黄鱼")
		p.calm()
	}
}

// accepts signs an officer in and accepts a complaint, with the keyboard.
func (p *person) accepts(about string) {
	p.t.Helper()
	p.visit("/login")
	if !eval[bool](p, `document.activeElement.id === 'login-login'`) {
		p.to("#login-login")
	}
	check(p.t, p.Type("zhoulan"))
	p.types("#login-password", "dinghai-demo")
	p.enter()
	p.visit("/inbox?tab=free&kind=complaint.complaint")
	p.do(chromedp.Evaluate[chromedp.Void](`[...document.querySelectorAll('.dh-rows .dh-lead a')].find(a => a.closest('tr').innerText.includes('` + about + `')).id = 'this'`))
	p.to("#this")
	p.enter()
	p.to(`#do a[href$="/do/accept"]`)
	p.enter()
	p.ticks(`input[name="seat"]`)
	p.to(`button[name="_do"]`)
	p.enter()
	p.says("已受理")
}

// TestWithoutScript: the public road works where scripts are off.
func TestWithoutScript(t *testing.T) {
	for _, lang := range []string{"zh", "en"} {
		p := somebody(t, lang, 390)
		check(t, p.NoScript(true))
		code := p.file("无脚本黄鱼")
		p.follows(code, lang)
		p.send(`a[href="/follow/add_evidence"]`)
		p.fill(answer{"more", "收据照片已找到"})
		p.send(`button[name="_do"]`)
		p.says(map[string]string{"zh": "已经提交", "en": "It is sent"}[lang])
		for _, steps := range [][]string{{"/report"}, {"/reports", `.dh-rows .dh-lead a`}} {
			p.visit(steps[0])
			for _, next := range append(steps[1:], `.dh-paperpage a.figure`) {
				p.send(next)
			}
			if eval[int](p, `document.querySelectorAll('.dh-rows tbody tr').length`) == 0 {
				t.Errorf("a figure of %s opens no rows; %s", steps[0], p.page())
			}
		}
		p.calm()
	}
}

// TestPlainBrowser: the roads go on where service workers and passkeys are off.
func TestPlainBrowser(t *testing.T) {
	consumer, officer := somebody(t, "zh", 390), somebody(t, "zh", 1440)
	for _, p := range []*person{consumer, officer} {
		check(t, p.NoWorker())
		check(t, p.Early(`delete window.PublicKeyCredential; Object.defineProperty(navigator, 'credentials', {value: undefined}); Object.defineProperty(navigator, 'serviceWorker', {value: undefined});`))
	}
	code := consumer.file("旧浏览器黄鱼")
	officer.signIn("zhoulan")
	officer.takes("旧浏览器黄鱼")
	officer.settles()
	consumer.follows(code, "zh")
	consumer.says("双方已达成协议")
	check(t, officer.Forget())
	officer.visit("/login")
	if strings.Contains(officer.text(), "通行密钥") {
		t.Error("passkeys are offered where there are none")
	}
	consumer.calm()
	officer.calm()
}
