package browser

import (
	"net/url"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// TestNewColleague: one administrator adds a person, another gives the role,
// the person chooses a password by the link, registers a passkey and signs in
// with it.
func TestNewColleague(t *testing.T) {
	for _, c := range []struct {
		lang, login, no string
		width           int64
	}{{"zh", "hejing", "0211", 1440}, {"en", "luping", "0212", 390}} {
		t.Run(c.lang, func(t *testing.T) {
			enroller := somebody(t, c.lang, c.width)
			enroller.signIn("guning")
			link := enroller.enrols(c.login, c.no)
			granter := somebody(t, c.lang, c.width)
			granter.signIn("anran")
			granter.grants(c.no)
			fresh := somebody(t, c.lang, c.width)
			device, err := fresh.Authenticator(true)
			check(t, err)
			fresh.welcomed(link)
			fresh.addsPasskey()
			if n, err := device.Keys(); n != 1 || err != nil {
				t.Fatalf("%d keys on the device (%v)", n, err)
			}
			check(t, fresh.Forget())
			check(t, fresh.Cookie(fresh.site, "lang", c.lang))
			fresh.visit("/login")
			fresh.send(`[data-passkey="login"] [data-passkey-go]`)
			fresh.visit("/account")
			fresh.says(c.login)
			fresh.visit("/inbox?tab=free")
			for _, p := range []*person{enroller, granter, fresh} {
				p.calm()
			}
		})
	}
}

// enrols adds a person and gives the link made for them.
func (p *person) enrols(login, no string) string {
	p.t.Helper()
	p.visit("/admin/people")
	p.send(`.dh-bar a.btn-primary`)
	for _, a := range []answer{{"name", "何静"}, {"staff_no", no}, {"login", login}, {"phone", "13800009001"}} {
		p.fill(a)
	}
	p.picks("organ", "定海")
	p.send(`button[name="_do"]`)
	p.person(no)
	p.send(`form[action$="/link"] button`)
	link := eval[string](p, `document.querySelector('.dh-key').innerText`)
	u, err := url.Parse(strings.TrimSpace(link))
	if err != nil || u.Path != "/welcome" {
		p.t.Fatalf("the link is %q (%v)", link, err)
	}
	return u.RequestURI()
}

// person opens the page of a person by the list of people.
func (p *person) person(no string) {
	p.t.Helper()
	p.visit("/admin/people?q=" + no)
	p.send(`.dh-rows tbody a`)
}

// picks types a part and takes what is offered first, with the keyboard.
func (p *person) picks(name, part string) {
	p.t.Helper()
	input := `[data-name="` + name + `"] input[role="combobox"]`
	p.do(chromedp.SendKeys(input, part))
	p.wait("an offer for "+name, `(document.querySelector('[data-name="`+name+`"] .dh-suggest:not([hidden]) li') || {innerText: ''}).innerText.includes('`+part+`')`)
	check(p.t, p.Key("ArrowDown"))
	check(p.t, p.Key("Enter"))
	if v := eval[string](p, `document.querySelector('[data-name="`+name+`"] input[type=hidden]').value`); v == "" || v == part {
		p.t.Fatalf("%s: nothing chosen, but %q", name, v)
	}
}

// grants gives a person the work of a complaint handler.
func (p *person) grants(no string) {
	p.t.Helper()
	p.person(no)
	p.send(`#grants a.btn-primary`)
	p.do(chromedp.SetValue(`select[name="role"]`, "complaint_handler"))
	p.fill(answer{"basis", "定市监〔2023〕21号"})
	p.send(`button[name="_do"]`)
	p.calm()
}

// welcomed chooses a password by a link.
func (p *person) welcomed(link string) {
	p.t.Helper()
	p.visit(link)
	for _, field := range []string{"fresh", "again"} {
		p.do(chromedp.SendKeys(`input[name="`+field+`"]`, "潮水退去留下许多小螃蟹呀"))
	}
	p.send(`#welcome .btn-primary`)
}

// addsPasskey registers a key on the account's page.
func (p *person) addsPasskey() {
	p.t.Helper()
	p.do(chromedp.SetValue("#passkey-name", "办公电脑"))
	p.send(`[data-passkey="add"] [data-passkey-go]`)
}
