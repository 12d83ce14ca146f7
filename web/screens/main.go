// Command screens takes pictures of every page, at the desk and on a phone, in
// both languages: to look at before saying done. The pages are those the tests
// of accessibility go through (test/tour), over a small demo bureau.
//
//	go run ./web/screens -out DIR          # every page
//	go run ./web/screens -out DIR -looks   # dark, large and printed; a load under way
//	go run ./web/screens -out DIR -kinds   # every kind of the shipped catalogue
//	go run ./web/screens -out DIR -staff   # log-in, account and administration
//	go run ./web/screens -out DIR -site http://localhost:8080 / /report   # pages of a running bureau
package main

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"

	"github.com/dinghai/dinghai/catalogue"
	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/systems"
	"github.com/dinghai/dinghai/test/tour"
	"github.com/dinghai/dinghai/web"
	"github.com/dinghai/dinghai/web/browser"
	"github.com/dinghai/dinghai/web/webtest"
)

func main() {
	out := flag.String("out", "screens", "folder of the pictures")
	only := flag.String("only", "", "only pages whose name matches this regular expression")
	kinds := flag.Bool("kinds", false, "the kinds of the shipped catalogue instead")
	other := flag.Bool("looks", false, "dark, large and printed pages of a trial bureau instead")
	people := flag.Bool("staff", false, "the pages of log-in, account and administration instead")
	site := flag.String("site", "", "address of a running bureau; its pages to take are the arguments")
	tour.BeProgram()
	flag.Parse()
	if _, err := regexp.Compile(*only); err != nil {
		fmt.Fprintln(os.Stderr, "screens: -only:", err)
		os.Exit(2)
	}
	take := everyPage
	switch {
	case *other:
		take = looks
	case *kinds:
		take = machines
	case *people:
		take = staff
	case *site != "":
		take = running(*site, flag.Args())
	}
	if err := run(context.Background(), *out, *only, take); err != nil {
		fmt.Fprintln(os.Stderr, "screens:", err)
		os.Exit(1)
	}
}

// shot is one picture: a page under some settings.
type shot struct {
	name, path string
	view       string
	theme      string
	size       string
	media      string // "" = screen
}

// taker takes pictures with a tab, keeping what it needs in a folder.
type taker func(ctx context.Context, tab *browser.Tab, dir, out, only string) error

func run(ctx context.Context, out, only string, take taker) error {
	dir, err := os.MkdirTemp("", "screens")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	if err := os.MkdirAll(out, 0o755); err != nil {
		return err
	}
	tab, cancel, err := browser.Open(ctx)
	if err != nil {
		return err
	}
	defer cancel()
	return take(ctx, tab, dir, out, only)
}

// everyPage takes every page over the demo bureau.
func everyPage(ctx context.Context, tab *browser.Tab, dir, out, only string) error {
	site, err := tour.Start(ctx, dir, scale)
	if err != nil {
		return err
	}
	defer site.Close()
	pages, err := site.Pages()
	if err != nil {
		return err
	}
	var errs []error // a page that is slow or broken does not keep the others from being seen
	for _, p := range pages {
		if !wanted(only, p.Name) {
			continue
		}
		for _, lang := range []string{"zh", "en"} {
			for _, width := range []int64{1440, 390} {
				if err := picture(tab, site, p, lang, width, out); err != nil {
					errs = append(errs, fmt.Errorf("%s %d %s: %w", p.Name, width, lang, err))
				}
			}
		}
	}
	return errors.Join(append(errs, staff(ctx, tab, dir, out, only))...)
}

// wanted reports whether a page is one of those asked for.
func wanted(only, name string) bool { return regexp.MustCompile(only).MatchString(name) }

// scale of the demo bureau: a few records of everything.
const scale = "0.01"

func picture(tab *browser.Tab, site *tour.Site, p tour.Page, lang string, width int64, out string) error {
	if err := site.Show(tab, p, lang, width); err != nil {
		return err
	}
	png, err := tab.Picture()
	if err != nil {
		return err
	}
	for _, x := range tab.Problems() {
		if !p.Wrong {
			return fmt.Errorf("console: %s", x)
		}
	}
	return os.WriteFile(filepath.Join(out, fmt.Sprintf("%s-%d-%s.png", p.Name, width, lang)), png, 0o644)
}

// looks takes pages of a trial bureau as they look dark, large and printed.
func looks(ctx context.Context, tab *browser.Tab, dir, out, only string) error {
	b, err := webtest.Open(ctx, dir)
	if err != nil {
		return err
	}
	defer b.Close()
	filled, err := b.Fill(ctx)
	if err != nil {
		return err
	}
	reports, err := b.Reports()
	if err != nil {
		return err
	}
	c := web.Config{Engine: b.Engine, Reports: reports, Title: webtest.Title, Area: webtest.Area, Viewer: webtest.Seeing, Demo: true}
	full, err := web.New(c)
	if err != nil {
		return err
	}
	c.Progress = func() web.Progress {
		return web.Progress{Running: true, Stage: domain.Text{ZH: "登记企业和个体工商户", EN: "Registering businesses"}, Done: 63420, Total: 158200}
	}
	loading, err := web.New(c)
	if err != nil {
		return err
	}
	site, busy := httptest.NewServer(full), httptest.NewServer(loading)
	defer site.Close()
	defer busy.Close()
	for _, s := range shots(filled) {
		at := site.URL
		if s.name == "loading" {
			at = busy.URL
		}
		if !wanted(only, s.name) {
			continue
		}
		if err := take(tab, at, out, s, 1440, 390); err != nil {
			return fmt.Errorf("%s: %w", s.name, err)
		}
	}
	return nil
}

// running takes pages of a bureau that runs elsewhere on this machine.
func running(site string, paths []string) taker {
	return func(_ context.Context, tab *browser.Tab, _, out, _ string) error {
		for i, p := range paths {
			for _, view := range []string{"public", "officer"} {
				if err := take(tab, site, out, shot{name: fmt.Sprintf("site%02d-%s", i, view), path: p, view: view}, 1440, 390); err != nil {
					return fmt.Errorf("%s: %w", p, err)
				}
			}
		}
		return nil
	}
}

// machines takes the page of every kind that ships.
func machines(ctx context.Context, tab *browser.Tab, dir, out, only string) error {
	cat, err := catalogue.Load(systems.Files)
	if err != nil {
		return err
	}
	b, err := webtest.OpenWith(ctx, dir, cat, nil)
	if err != nil {
		return err
	}
	defer b.Close()
	h, err := web.New(web.Config{Engine: b.Engine, Title: webtest.Title, Area: webtest.Area})
	if err != nil {
		return err
	}
	site := httptest.NewServer(h)
	defer site.Close()
	for _, k := range cat.Ordered() {
		if !wanted(only, k.Name) {
			continue
		}
		if err := take(tab, site.URL, out, shot{name: k.Name, path: "/catalogue/" + k.Name}, 1440); err != nil {
			return fmt.Errorf("%s: %w", k.Name, err)
		}
	}
	return take(tab, site.URL, out, shot{name: "catalogue-shipped", path: "/catalogue"}, 1440, 390)
}

func shots(f webtest.Filled) []shot {
	return []shot{
		{name: "loading", path: "/"}, {name: "case-paused", path: "/cases/" + f.Paused.String() + "#clock-CMP-MEDIATE", view: "officer"},
		{name: "figure-derived", path: "/figures/letters_per_shop"},
		{name: "dark-home", path: "/", theme: "dark"}, {name: "dark-case", path: "/cases/" + f.Overdue.String(), view: "officer", theme: "dark"},
		{name: "dark-kind", path: "/catalogue/trial.letter", theme: "dark"}, {name: "dark-figure", path: "/figures/letters", theme: "dark"},
		{name: "print-case", path: "/cases/" + f.Paused.String(), view: "officer", media: "print"}, {name: "print-report", path: "/report", media: "print"},
		{name: "large-home", path: "/", size: "large"}, {name: "large-case", path: "/cases/" + f.Overdue.String(), view: "officer", size: "large"},
		{name: "large-complain", path: "/complain", size: "large"},
	}
}

// take makes pictures of a page, in both languages and each width.
func take(tab *browser.Tab, site, out string, s shot, widths ...int64) error {
	for _, lang := range []string{"zh", "en"} {
		for name, value := range map[string]string{"lang": lang, "view": s.view, "theme": s.theme, "size": s.size} {
			if err := tab.Cookie(site, name, value); err != nil {
				return err
			}
		}
		if err := tab.Media(cmp.Or(s.media, "screen")); err != nil {
			return err
		}
		for _, width := range widths {
			if err := tab.Size(width, 900); err != nil {
				return err
			}
			if err := tab.Visit(site + s.path); err != nil {
				return err
			}
			png, err := tab.Picture()
			if err != nil {
				return err
			}
			if err := os.WriteFile(filepath.Join(out, fmt.Sprintf("%s-%d-%s.png", s.name, width, lang)), png, 0o644); err != nil {
				return err
			}
			for _, p := range tab.Problems() {
				return fmt.Errorf("console: %s", p)
			}
		}
	}
	return nil
}
