package main

import (
	"context"
	"fmt"
	"net"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"

	"github.com/chromedp/chromedp"

	"github.com/dinghai/dinghai/access"
	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/web"
	"github.com/dinghai/dinghai/web/browser"
	"github.com/dinghai/dinghai/web/webtest"
)

// staff takes the pages of log-in, account and administration, each as the
// person who uses it.
func staff(ctx context.Context, tab *browser.Tab, dir, out, only string) error {
	b, err := webtest.OpenStaffed(ctx, dir)
	if err != nil {
		return err
	}
	defer b.Close()
	fresh, err := webtest.OpenEmpty(ctx, filepath.Join(dir, "fresh"))
	if err != nil {
		return err
	}
	defer fresh.Close()
	site, err := startSite(b)
	if err != nil {
		return err
	}
	defer site.Close()
	first, err := startSite(fresh)
	if err != nil {
		return err
	}
	defer first.Close()
	key, err := fresh.Access.SetupLink(ctx, false)
	if err != nil {
		return err
	}
	link, err := b.Access.OperatorLink(ctx, "wuquan")
	if err != nil {
		return err
	}
	if err := busy(ctx, b); err != nil {
		return err
	}
	for _, s := range []struct{ who, name, at, path string }{
		{"", "login", site.URL, "/login"}, {"", "login-first", site.URL, "/login?next=/inbox"}, {"", "setup", first.URL, "/setup?key=" + key}, {"", "welcome", site.URL, "/welcome?key=" + link},
		{"zhoulan", "account", site.URL, "/account"}, {"fangzheng", "account-decider", site.URL, "/account"},
		{"guning", "admin-people", site.URL, "/admin/people"}, {"guning", "admin-person", site.URL, "/admin/people/" + b.People["zhoulan"].String()},
		{"anran", "admin-person-security", site.URL, "/admin/people/" + b.People["zhoulan"].String()}, {"guning", "enrol", site.URL, "/new/organisation.person/enrol"},
		{"anran", "give", site.URL, "/new/organisation.grant/give?of=" + b.People["wuquan"].String() + "&area=330903"},
		{"anran", "admin-grants", site.URL, "/admin/grants"}, {"anran", "admin-grants-soon", site.URL, "/admin/grants?soon=1"},
		{"guning", "admin-organs", site.URL, "/admin/organs"}, {"qinlang", "admin-log", site.URL, "/admin/log"}, {"zhoulan", "admin-forbidden", site.URL, "/admin/people"},
	} {
		if !wanted(only, s.name) {
			continue
		}
		if err := as(tab, site.URL, s.who); err != nil {
			return err
		}
		if err := take(tab, s.at, out, shot{name: "staff-" + s.name, path: s.path}, 1440, 390); err != nil && !strings.Contains(err.Error(), "403") {
			return fmt.Errorf("%s: %w", s.name, err)
		}
	}
	return mistakes(tab, site.URL, out, only)
}

// startSite serves a bureau on this machine's name, so that passkeys are on.
func startSite(b *webtest.Bureau) (*httptest.Server, error) {
	l, err := net.Listen("tcp", "localhost:0")
	if err != nil {
		return nil, err
	}
	_, port, _ := net.SplitHostPort(l.Addr().String())
	url := "http://localhost:" + port
	if err := b.Access.UsePasskeys(url, webtest.Title.ZH); err != nil {
		return nil, err
	}
	b.Access.AddProvider(&access.OIDC{Issuer: "https://id.example", Name: domain.Text{ZH: "统一身份认证登录", EN: "Single sign-on"}})
	b.Access.AddProvider(&access.ZZD{Page: "https://login.example"})
	h, err := web.New(web.Config{Engine: b.Engine, Title: webtest.Title, Area: webtest.Area, Access: b.Access, PublicURL: url, Work: b.Store, Demo: true})
	if err != nil {
		return nil, err
	}
	srv := httptest.NewUnstartedServer(h)
	srv.Listener.Close()
	srv.Listener = l
	srv.Start()
	srv.URL = url
	return srv, nil
}

// as signs somebody in; "" = nobody.
func as(tab *browser.Tab, site, login string) error {
	if err := tab.Cookie(site, "session", "none"); err != nil || login == "" {
		return err
	}
	if err := tab.Visit(site + "/login"); err != nil {
		return err
	}
	return tab.Do(chromedp.SetValue("#login-login", login), chromedp.SetValue("#login-password", webtest.Password), chromedp.Submit("#login-password"), chromedp.WaitReady("#grants"))
}

// mistakes takes pages that say what was wrong.
func mistakes(tab *browser.Tab, site, out, only string) error {
	if !strings.Contains("wrong", only) && only != "" {
		return nil
	}
	for _, lang := range []string{"zh", "en"} {
		for _, width := range []int64{1440, 390} {
			if err := as(tab, site, ""); err != nil {
				return err
			}
			if err := tab.Cookie(site, "lang", lang); err != nil {
				return err
			}
			if err := tab.Size(width, 900); err != nil {
				return err
			}
			if err := tab.Visit(site + "/login"); err != nil {
				return err
			}
			if err := tab.Press(chromedp.SetValue("#login-login", "nobody"), chromedp.SetValue("#login-password", "x"), chromedp.Submit("#login-password")); err != nil {
				return err
			}
			png, err := tab.Picture()
			if err != nil {
				return err
			}
			if err := os.WriteFile(filepath.Join(out, fmt.Sprintf("staff-login-wrong-%d-%s.png", width, lang)), png, 0o644); err != nil {
				return err
			}
			tab.Problems()
		}
	}
	return nil
}

// busy makes some history: an absence, a grant that ends, somebody who left.
func busy(ctx context.Context, b *webtest.Bureau) error {
	for _, c := range []domain.Command{
		{Record: b.People["fangzheng"], Action: "mark_away", Input: map[string]any{"absent_from": "2023-11-18", "absent_until": "2023-11-24", "substitute": b.People["zhoulan"].String()}},
		{Kind: "organisation.grant", Action: "give", Of: b.People["zhoulan"], Area: "330902", Input: map[string]any{"role": "inspector", "valid_until": "2023-12-01", "basis": "专项执法行动期间借用，定市监〔2023〕15号"}},
		{Record: b.People["zhoulan"], Action: "certify", Input: map[string]any{"cert_no": "浙L-0105", "cert_until": "2025-11-30"}},
	} {
		c.Actor = domain.System("trial")
		if _, err := b.Engine.Do(ctx, c); err != nil {
			return err
		}
	}
	return nil
}
