package app

import (
	"context"
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/dinghai/dinghai/demo/figures"
	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/engine/indicator"
	"github.com/dinghai/dinghai/engine/report"
	"github.com/dinghai/dinghai/web"
)

// yearly is the template the computed report is worded by.
const yearly = "yearly"

// reports gathers what the yearly report is made of. figuresFile "" means the
// list that ships with the demo.
func (a *App) reports(figuresFile string) (web.Standard, error) {
	declared, err := declaredFigures(figuresFile)
	if err != nil {
		return web.Standard{}, err
	}
	s := web.Standard{Declared: declared, Bureau: report.Bureau{Name: a.bureau()}, Templates: map[string]*report.Template{},
		Sources: report.Sources{Catalogue: a.Catalogue, Values: a.Engine.Figures(), Reader: a.Engine.Reader(), Late: late{a.Store}}}
	list, err := wordings(a.Options.Catalogue)
	if err != nil {
		return s, err
	}
	for _, w := range list {
		if w.template != yearly {
			continue
		}
		if s.Templates[w.lang], err = report.ParseTemplate(w.path, w.text, w.lang, knownFigures(a.Catalogue, declared)); err != nil {
			return s, err
		}
	}
	return s, nil
}

func declaredFigures(path string) (*report.Declared, error) {
	if path == "" {
		return figures.Default()
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return figures.Load(f)
}

// bureau names whose records these are.
func (a *App) bureau() domain.Text {
	zh, en, _ := strings.Cut(a.meta("bureau"), "\n")
	if zh != "" {
		return domain.Text{ZH: zh, EN: en}
	}
	for _, o := range a.Catalogue.OrganList() {
		if o.Kind == "city" {
			return domain.Text{ZH: o.ZH, EN: o.EN}
		}
	}
	return domain.Text{ZH: "市场监督管理局", EN: "Market Supervision Bureau"}
}

// compute makes the report of a period in a language.
func (a *App) compute(ctx context.Context, figuresFile string, q indicator.Query, lang string) (*report.Result, *report.Document, error) {
	s, err := a.reports(figuresFile)
	if err != nil {
		return nil, nil, err
	}
	return s.Report(ctx, q, lang)
}

// late fits the store's count of late entries to what the report asks for.
type late struct{ s Store }

// LateEntries lists the kinds with late entries, by name.
func (l late) LateEntries(ctx context.Context, area string, from, to domain.Date) ([]report.Late, error) {
	m, err := l.s.LateEntries(ctx, area, from, to)
	if err != nil {
		return nil, err
	}
	var out []report.Late
	for _, k := range slices.Sorted(maps.Keys(m)) {
		out = append(out, report.Late{Kind: k, Count: m[k]})
	}
	return out, nil
}
