package tour

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/chromedp/chromedp"
	"github.com/xuri/excelize/v2"

	"github.com/dinghai/dinghai/web/browser"
)

// open unfolds something.
func open(what string) chromedp.Action[chromedp.Void] {
	return chromedp.Evaluate[chromedp.Void](`document.querySelector('` + what + `').open = true`)
}

// choose takes the first choice of an input.
func choose(name string) chromedp.Action[chromedp.Void] {
	return chromedp.Evaluate[chromedp.Void](`(function () {
		var el = document.querySelector('[name="` + name + `"]');
		if (el.tagName === 'SELECT') el.selectedIndex = 1; else el.checked = true;
	})()`)
}

const (
	next = `#act .dh-buttons .btn-primary`
	want = `input[name="want_help"]`
)

func wrongly(t *browser.Tab) error { return t.Press(browser.Click(next)) }

func find(t *browser.Tab) error {
	return t.Press(browser.Click(want), chromedp.SendKeys("#q", "海"), browser.Click(`button[name="find"]`))
}

func step2(t *browser.Tab) error {
	if err := find(t); err != nil {
		return err
	}
	return t.Press(browser.Click(`input[name="shop"]`), browser.Click(next))
}

func step3(t *browser.Tab) error {
	if err := step2(t); err != nil {
		return err
	}
	return t.Press(chromedp.SendKeys("#i-facts", "点的是野生黄鱼，上的是养殖的"), browser.Click(`input[name="demand"]`), browser.Click(next))
}

func file(t *browser.Tab) error {
	if err := step3(t); err != nil {
		return err
	}
	return t.Press(chromedp.SendKeys("#i-name", "秦某"), chromedp.SendKeys("#i-phone", "13867200001"), browser.Click(next))
}

func evidence(t *browser.Tab) error {
	if err := file(t); err != nil {
		return err
	}
	return t.Press(browser.Click(`a[href="/follow/add_evidence"]`))
}

func unknownCode(t *browser.Tab) error {
	return t.Press(chromedp.SendKeys("#code", "AAAAA-BBBBB"), browser.Click(`form[action="/follow"] .btn-primary`))
}

func checked(t *browser.Tab) error {
	return t.Press(chromedp.SetValue("#text", "截至11月15日，全市共收到投诉举报50件，初查按期率66.67%，挽回损失7225元，受邀参加论坛3场。"), browser.Click(`form[action="/draft"] .btn-primary`))
}

func wrongPassword(t *browser.Tab) error {
	return t.Press(chromedp.SetValue("#login-login", "nobody"), chromedp.SetValue("#login-password", "x"), browser.Click(`form[action="/login"] .btn-primary`))
}

func bulk(t *browser.Tab) error {
	return t.Press(browser.Click(`input[name="_ref"]`), chromedp.SetValue("#bulk-action", "accept"), browser.Click(`.dh-bulk .btn`))
}

func preview(t *browser.Tab) error {
	return t.Press(choose("seat"), browser.Click(`button[name="_preview"]`))
}

func sentEmpty(t *browser.Tab) error { return t.Press(browser.Click(`button[name="_do"]`)) }

// Sheet downloads a list as a sheet, has it changed, and keeps it in a file.
func (s *Site) Sheet(login, path, to string, change func(*excelize.File) error) error {
	c, err := s.client(login)
	if err != nil {
		return err
	}
	resp, err := c.Get(s.URL + path)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		return err
	}
	if resp.StatusCode != http.StatusOK || !strings.HasPrefix(string(b), "PK") {
		return fmt.Errorf("%s is no sheet: %s", path, resp.Status)
	}
	x, err := excelize.OpenReader(bytes.NewReader(b))
	if err != nil {
		return err
	}
	defer x.Close()
	if err := change(x); err != nil {
		return err
	}
	return x.SaveAs(to)
}

// Show brings a page up in a tab, in a language and width, as the person who
// looks at it.
func (s *Site) Show(t *browser.Tab, p Page, lang string, width int64) error {
	session, err := s.Session(p.As)
	if err != nil {
		return err
	}
	if err := t.Forget(); err != nil {
		return err
	}
	for name, value := range map[string]string{"lang": lang, "session": session, "view": "public"} {
		if err := t.Cookie(s.URL, name, value); err != nil {
			return err
		}
	}
	if err := t.Size(width, 900); err != nil {
		return err
	}
	if err := t.Visit(s.URL + p.Path); err != nil {
		return err
	}
	if p.Then != nil {
		return p.Then(t)
	}
	return nil
}

func fillBook(t *browser.Tab) error {
	return t.Press(browser.Click(`button[name="op"][value="fill"]`))
}
