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
	"github.com/dinghai/dinghai/systems"
	"github.com/dinghai/dinghai/web"
)

// yearly is the templates of the yearly report by language.
var yearly = map[string]string{"zh": "summary/reports/yearly.zh.md", "en": "summary/reports/yearly.en.md"}

// reports gathers what the yearly report is made of. figuresFile "" means the
// list that ships with the demo.
func (a *App) reports(figuresFile string) (web.Standard, error) {
	declared, err := declaredFigures(figuresFile)
	if err != nil {
		return web.Standard{}, err
	}
	s := web.Standard{Declared: declared, Bureau: report.Bureau{Name: a.bureau()}, Templates: map[string]*report.Template{},
		Sources: report.Sources{Catalogue: a.Catalogue, Values: a.Engine.Figures(), Reader: a.Engine.Reader(), Late: late{a.Store}}}
	knows := func(id string) bool { return declared.Find(id) != nil || a.Catalogue.Indicators[id] != nil }
	for lang, path := range yearly {
		b, err := systems.Files.ReadFile(path)
		if err != nil {
			return s, err
		}
		if s.Templates[lang], err = report.ParseTemplate(path, string(b), lang, knows); err != nil {
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
