package app

import (
	"fmt"
	"io"
	"slices"

	"github.com/dinghai/dinghai/catalogue"
	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/engine/clock"
)

// dueCmd explains the due date of any rule.
type dueCmd struct {
	Matter string `arg:"" help:"matter, e.g. complaint.complaint, or - for the rule alone"`
	Rule   string `arg:"" help:"clock rule code, e.g. CMP-MEDIATE"`
	Date   string `arg:"" help:"day the clock starts, e.g. 2023-09-01"`
	Case   string `help:"day the case was opened, when the rule asks for it"`
	Act    string `help:"day of the act, when the rule asks for it"`
	Lang   string `default:"zh" enum:"zh,en" help:"language of the answer"`
}

// Run prints rule, statute, counted and skipped days, and the due date.
func (c *dueCmd) Run(g *globals, out io.Writer) error {
	cat, err := LoadCatalogue(g.Catalogue, false)
	if err != nil {
		return err
	}
	if c.Matter != "-" {
		k := cat.Kinds[c.Matter]
		if k == nil {
			return usage("no matter %q; dinghai catalogue list shows them", c.Matter)
		}
		if k.Uses(c.Rule) == nil {
			return usage("%s does not use clock %q", c.Matter, c.Rule)
		}
	}
	rule := cat.Clocks[c.Rule]
	if rule == nil {
		return usage("no clock rule %q", c.Rule)
	}
	start := domain.Date(c.Date)
	if !start.Valid() {
		return usage("%q is not a date like 2023-09-01", c.Date)
	}
	book := clock.Book{Rules: cat.Clocks, Calendar: cat.Calendar}
	k, err := book.Start(c.Rule, clock.Dates{Start: start, Case: domain.Date(c.Case), Act: domain.Date(c.Act)}, start.Time(clock.Zone))
	if err != nil {
		return err
	}
	if k == nil {
		fmt.Fprintf(out, "%s (%s): no version of this rule was in force on %s\n", c.Rule, rule.Label.In(c.Lang), start)
		return errFindings
	}
	return c.explain(out, cat, book, *k)
}

func (c *dueCmd) explain(out io.Writer, cat *catalogue.Catalogue, book clock.Book, k domain.Clock) error {
	rule := book.Rules[c.Rule]
	i := slices.IndexFunc(rule.Rules, func(v *ruleVersion) bool { return v.Version == k.Version })
	v := rule.Rules[i]
	fmt.Fprintf(out, "%s  %s\n", c.Rule, rule.Label.In(c.Lang))
	fmt.Fprintf(out, "  rule version %d: %d %s, in force %s to %s, chosen by %s\n", v.Version, v.N, v.Unit, orDots(v.From), orDots(v.To), v.By)
	fmt.Fprintf(out, "  %s (confidence %s)\n", cat.Cited(v.Law, c.Lang), v.Confidence)
	if k.DueAt != nil {
		fmt.Fprintf(out, "due %s\n", k.DueAt.In(clock.Zone).Format("2006-01-02 15:04"))
		return nil
	}
	r, err := book.Explain(k, k.Start)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "  start %s is not counted\n", k.Start)
	for _, d := range r.Skipped {
		fmt.Fprintf(out, "  not counted: %s %s\n", d.Date, d.Why())
	}
	if r.Unrolled != r.Due {
		fmt.Fprintf(out, "  %s is no working day: moved to %s\n", r.Unrolled, r.Due)
	}
	if r.Provisional {
		fmt.Fprintf(out, "  the calendar of that year is not final: the date may change\n")
	}
	fmt.Fprintf(out, "due %s\n", r.Due)
	return nil
}

func orDots(d domain.Date) string {
	if d == "" {
		return "…"
	}
	return string(d)
}
