package app

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"

	"github.com/dinghai/dinghai/catalogue"
	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/engine/indicator"
)

// period are the flags of commands that compute figures.
type period struct {
	From string `help:"first day of the period; default 1 January of --to's year" placeholder:"DATE"`
	To   string `help:"last day of the period; default the last day with records before today" placeholder:"DATE"`
	Area string `help:"area code, with everything below it; default the whole bureau" placeholder:"CODE"`
}

func (p period) query(a *App) (indicator.Query, error) {
	q := indicator.Query{From: domain.Date(p.From), To: domain.Date(p.To), Area: p.Area}
	if q.To == "" {
		q.To = a.defaultEnd()
	}
	if q.From == "" && q.To.Valid() {
		q.From = domain.Date(fmt.Sprintf("%d-01-01", q.To.Year()))
	}
	for _, d := range []domain.Date{q.From, q.To} {
		if !d.Valid() {
			return q, usage("%q is not a date like 2023-11-15", d)
		}
	}
	if q.From > q.To {
		return q, usage("the period begins (%s) after it ends (%s)", q.From, q.To)
	}
	if z := a.Catalogue.Zones[q.Area]; z != nil {
		q.Zone, q.Area = q.Area, ""
	} else if q.Area != "" && a.Catalogue.Areas[q.Area] == nil {
		return q, usage("no area %q", q.Area)
	}
	return q, nil
}

type figureCmd struct {
	records
	period
	ID     string `arg:"" help:"figure or indicator, e.g. food_samples"`
	Format string `default:"csv" enum:"csv,json" help:"csv or json"`
}

// Run prints the rows behind a figure.
func (c *figureCmd) Run(ctx context.Context, g *globals, out io.Writer) error {
	a, err := c.open(ctx, g, true)
	if err != nil {
		return err
	}
	defer a.Close()
	q, err := c.query(a)
	if err != nil {
		return err
	}
	x := a.Catalogue.Indicators[c.ID]
	if x == nil {
		return domain.Failf(domain.NotFound, "id", "exists", "没有指标「%s」", "there is no indicator %q; dinghai catalogue list indicators shows them", c.ID)
	}
	f, err := a.Engine.Figures().Value(ctx, a.Engine.Reader(), c.ID, q)
	if err != nil {
		return err
	}
	if c.Format == "json" {
		return c.json(ctx, a, x, f, q, out)
	}
	w := csv.NewWriter(out)
	defer w.Flush()
	_ = w.Write([]string{"indicator", "day", "until", "area", "key", "numerator", "denominator", "kind", "number", "state", "title", "record"})
	return a.eachRow(ctx, x, q, func(name string, r domain.SliceRow) error {
		return w.Write([]string{name, string(r.Day), string(r.Until), r.Area, r.Key, fmt.Sprint(r.Num), fmt.Sprint(r.Den),
			r.Kind, r.Number, r.State, r.Title, domain.Ref{Home: r.Home, ID: r.Record}.String()})
	})
}

func (c *figureCmd) json(ctx context.Context, a *App, x *catalogue.Indicator, f indicator.Figure, q indicator.Query, out io.Writer) error {
	rows := []domain.SliceRow{}
	err := a.eachRow(ctx, x, q, func(_ string, r domain.SliceRow) error { rows = append(rows, r); return nil })
	if err != nil {
		return err
	}
	enc := json.NewEncoder(out)
	enc.SetIndent("", " ")
	return enc.Encode(map[string]any{"figure": f, "rows": rows})
}

// eachRow walks the rows behind an indicator; a derived one shows those of its
// inputs.
func (a *App) eachRow(ctx context.Context, x *catalogue.Indicator, q indicator.Query, fn func(name string, r domain.SliceRow) error) error {
	if x.Kind == "derived" {
		for _, name := range sortedInputs(x) {
			in := x.Inputs[name]
			p := in.Period
			base := a.Catalogue.Indicators[in.Of]
			if p == "" {
				p = base.Period
			}
			if err := a.eachRow(ctx, base, indicator.Resolve(q, p), fn); err != nil {
				return err
			}
		}
		return nil
	}
	if x.Kind == "catalogue" {
		return nil
	}
	s := indicator.SliceOf(x, q, nil)
	for after := ""; ; {
		rows, next, err := a.Engine.Reader().Rows(ctx, s, after, 1000)
		if err != nil {
			return err
		}
		for _, r := range rows {
			if err := fn(x.Indicator, r); err != nil {
				return err
			}
		}
		if next == "" {
			return nil
		}
		after = next
	}
}

func sortedInputs(x *catalogue.Indicator) []string { return slices.Sorted(maps.Keys(x.Inputs)) }

// defaultEnd is the end of the default period: the day the demo's records end,
// or yesterday.
func (a *App) defaultEnd() domain.Date {
	if d := a.meta("period_end"); d != "" {
		return domain.Date(d)
	}
	return a.Engine.Today().AddDays(-1)
}
