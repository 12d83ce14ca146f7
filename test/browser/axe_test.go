package browser

import (
	_ "embed"
	"fmt"
	"net/http"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"github.com/dinghai/dinghai/kit/need"
	"github.com/dinghai/dinghai/test/routes"
	"github.com/dinghai/dinghai/test/tour"
	"github.com/dinghai/dinghai/web/browser"
)

//go:embed testdata/axe/axe.min.js
var axe string

// runAxe gives one line for each rule a page breaks, with the first elements.
const runAxe = `axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'], resultTypes: ['violations']}).then(function (r) {
	return r.violations.map(function (v) {
		return v.id + ' (' + v.help + '): ' + v.nodes.slice(0, 3).map(function (n) {
			return n.target.join(' ') + ' ' + n.html.slice(0, 160) + ' ' + n.any.concat(n.all, n.none).map(function (c) { return c.message; }).join('; ').slice(0, 200);
		}).join(' | ');
	});
})`

// wide is how much a page is wider than its window.
const wide = `document.documentElement.scrollWidth - document.documentElement.clientWidth`

// tooWide is by how many pixels the page is wider than its window once it has
// settled: a change of size or of letters reaches layout, charts and the
// window itself some frames after the browser has taken it.
func (p *person) tooWide() (over int64, err error) {
	for range 20 {
		if over, err = browser.Run(p.Tab, chromedp.Evaluate[int64](wide)); err != nil || over <= 0 {
			return over, err
		}
		time.Sleep(100 * time.Millisecond)
	}
	return over, nil
}

// TestEveryPage: on every page, at the desk and on a phone, in both languages,
// nothing keeps people out who use a screen reader or a keyboard (WCAG 2.2 AA,
// as far as axe sees it), nothing is wider than the window, also enlarged to
// twice its size, and the console has nothing to complain about.
func TestEveryPage(t *testing.T) {
	if shared.tab == nil {
		need.Skip(t, "no chromium on this machine")
	}
	pages, err := shared.site.Pages()
	check(t, err)
	work := make(chan tour.Page)
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() {
			p := somebody(t, "zh", 1440)
			check(t, p.Early(axe))
			for page := range work {
				for _, lang := range []string{"zh", "en"} {
					p.look(page, lang)
				}
			}
		})
	}
	for _, page := range pages {
		if strings.Contains(page.Name, os.Getenv("PAGE")) { // PAGE=text looks at some only
			work <- page
		}
	}
	close(work)
	wg.Wait()
}

// look opens a page and tells what is wrong with it.
func (p *person) look(page tour.Page, lang string) {
	if err := p.lookAt(page, lang); err != nil {
		p.t.Errorf("%s %s: %v", page.Name, lang, err)
	}
}

func (p *person) lookAt(page tour.Page, lang string) error {
	if err := shared.site.Show(p.Tab, page, lang, 1440); err != nil {
		return err
	}
	if err := p.Letters(32); err != nil { // text alone at twice its size
		return err
	}
	large, err := browser.Run(p.Tab, chromedp.Evaluate[bool](`parseFloat(getComputedStyle(document.documentElement).fontSize) >= 29`))
	if err != nil || !large {
		return fmt.Errorf("the text did not grow (%w)", err)
	}
	over, err := p.tooWide()
	if err != nil {
		return err
	}
	if over > 0 {
		p.t.Errorf("%s %s: with text at twice its size %d pixels wider than its window", page.Name, lang, over)
	}
	if err := p.Letters(16); err != nil {
		return err
	}
	for _, width := range []int64{1440, 390, 720} {
		err := p.Size(width, 900)
		if width == 720 {
			err = p.Zoom(1440, 900, 2)
		}
		if err != nil {
			return err
		}
		name := fmt.Sprintf("%s %s %d", page.Name, lang, width)
		over, err := p.tooWide()
		if err != nil {
			return err
		}
		if over > 0 {
			p.t.Errorf("%s: %d pixels wider than its window", name, over)
		}
		if width == 720 {
			continue // the same rules as at other widths
		}
		found, err := browser.Run(p.Tab, chromedp.Evaluate[[]string](runAxe, chromedp.EvalAwaitPromise))
		if err != nil {
			return err
		}
		for _, x := range found {
			p.t.Errorf("%s: %s", name, x)
		}
	}
	for _, x := range p.Problems() {
		if !page.Wrong || !strings.Contains(x, "the server responded with a status of 4") {
			p.t.Errorf("%s %s: console: %s", page.Name, lang, x)
		}
	}
	return nil
}

// unseen are addresses that are no page: files, answers to scripts, pages of a
// bureau that has nobody yet or of outside log-ins.
var unseen = []string{"GET /healthz", "GET /metrics", "GET /progress", "GET /report.md", "GET /report.json", "GET /trip.xlsx", "GET /figures/{id}/rows.csv",
	"GET /list/{kind}/export.csv", "GET /list/{kind}/export.xlsx", "GET /desk/assessments/{ref}/export.xlsx", "GET /desk/reports/{ref}/export", "GET /reports/{ref}/signed.json", "GET /reports/key.pem", "GET /forms/{kind}/{version}/{action}",
	"GET /login/with/{provider}", "GET /login/with/{provider}/back", "GET /setup", "GET /welcome", "GET /admin", "GET /desk", "GET /follow/{action}", "GET /catalogue/indicators", "GET /desk/forms/{ref}/filled/{filling}"}

// TestPagesKnown: the list of pages has every page of the program.
func TestPagesKnown(t *testing.T) {
	if shared.site == nil {
		need.Skip(t, "no chromium on this machine")
	}
	pages, err := shared.site.Pages()
	check(t, err)
	all, err := routes.All()
	check(t, err)
	mux, seen := http.NewServeMux(), map[string]bool{}
	for _, r := range all {
		if strings.HasPrefix(r, "GET ") && !seen[r] {
			mux.HandleFunc(r, http.NotFound)
			seen[r] = true
		}
	}
	for _, p := range pages {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://localhost"+p.Path, nil)
		check(t, err)
		_, route := mux.Handler(r)
		delete(seen, route)
	}
	for r := range seen {
		if !slices.Contains(unseen, r) {
			t.Errorf("no page of the list is %s", r)
		}
	}
}
