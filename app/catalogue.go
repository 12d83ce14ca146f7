package app

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/dinghai/dinghai/catalogue"
	"github.com/dinghai/dinghai/web"
)

type catalogueCmd struct {
	Check   catalogueCheck   `cmd:"" help:"find every mistake, with file and line"`
	List    catalogueList    `cmd:"" help:"list kinds, clocks, indicators and items"`
	Schema  catalogueSchema  `cmd:"" help:"print the JSON Schema of catalogue files, for editors"`
	Migrate catalogueMigrate `cmd:"" help:"make the rows of new or changed figures over all records"`
}

type catalogueCheck struct{}

// Run prints the mistakes; exit 1 when there are any.
func (catalogueCheck) Run(g *globals, out io.Writer) error {
	c, err := LoadCatalogue(g.Catalogue, true)
	var p *catalogue.Problems
	if errors.As(err, &p) {
		for _, x := range p.List {
			fmt.Fprintln(out, x)
		}
		fmt.Fprintf(out, "%d mistakes\n", len(p.List))
		return errFindings
	}
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "no mistakes: %d kinds, %d clock rules, %d lists, %d papers, %d indicators, %d items\n",
		len(c.Kinds), len(c.Clocks), len(c.Lists), len(c.Papers), len(c.Indicators), len(c.Triggers))
	return nil
}

type catalogueList struct {
	What string `arg:"" optional:"" default:"kinds" enum:"kinds,clocks,indicators,items,lists,roles" help:"kinds, clocks, indicators, items, lists or roles"`
}

// Run prints one line per entry.
func (l catalogueList) Run(g *globals, out io.Writer) error {
	c, err := LoadCatalogue(g.Catalogue, false)
	if err != nil {
		return err
	}
	line := func(name, zh, en string) { fmt.Fprintf(out, "%-36s %s  %s\n", name, zh, en) }
	switch l.What {
	case "kinds":
		for _, k := range c.Ordered() {
			line(k.Name, k.Label.ZH, k.Label.EN)
		}
	case "clocks":
		for _, r := range c.ClockList() {
			line(r.Clock, r.Label.ZH, r.Label.EN)
		}
	case "indicators":
		for _, x := range c.IndicatorList() {
			line(x.Indicator, x.Label.ZH, x.Label.EN)
		}
	case "items":
		for _, t := range c.TriggerList() {
			line(t.Trigger, t.Label.ZH, t.Label.EN)
		}
	case "lists":
		for _, x := range c.ListList() {
			line(x.List, x.Label.ZH, x.Label.EN)
		}
	case "roles":
		for _, r := range c.RoleList() {
			line(r.Role, r.ZH, r.EN)
		}
	}
	return nil
}

// lint checks the catalogue as it lies on the disk now: what a restart would
// take over.
func (a *App) lint(context.Context) (web.LintResult, error) {
	l := web.LintResult{Overlay: a.Options.Catalogue}
	_, err := LoadCatalogue(l.Overlay, true)
	var p *catalogue.Problems
	if errors.As(err, &p) {
		for _, x := range p.List {
			l.Problems = append(l.Problems, fmt.Sprint(x))
		}
		return l, nil
	}
	return l, err
}
