package catalogue

import (
	"fmt"
	"slices"
	"strings"
)

var indicatorKinds = []string{"flow", "stock", "due", "duration", "latest", "first", "distinct", "every", "catalogue", "derived"}

func (c *Catalogue) checkIndicator(x *Indicator) {
	a := at{c, x.File, c.pathOf(x)}
	a.label(x.Label, "indicator "+x.Indicator)
	if x.Version < 1 {
		a.bad("indicator %s needs a version", x.Indicator)
	}
	if !slices.Contains(indicatorKinds, x.Kind) {
		a.in(".kind").bad("no indicator kind %q", x.Kind)
		return
	}
	switch x.Kind {
	case "catalogue":
		return
	case "derived":
		c.checkDerived(a, x)
		return
	}
	k := c.Kinds[x.Of]
	if k == nil {
		a.in(".of").bad("no kind %q", x.Of)
		return
	}
	c.checkSource(a, x, k)
	a.in(".where").expr(x.WhereX)
	a.in(".day").expr(x.DayX)
	a.in(".since").expr(x.SinceX)
	a.in(".key").expr(x.KeyX)
	a.in(".value").expr(x.ValueX)
	a.in(".weight").expr(x.WeightX)
}

// checkSource demands that what dates the rows exists: an event something
// emits, a state, a clock.
func (c *Catalogue) checkSource(a at, x *Indicator, k *Kind) {
	if x.Mark != "" && !slices.Contains(c.emits[x.Mark], k.Name) {
		a.in(".mark").bad("nothing in %s emits %s", k.Name, x.Mark)
	}
	for i, s := range x.States {
		if k.states[s] == nil {
			a.in(".states[%d]", i).bad("no state %s in %s", s, k.Name)
		}
	}
	switch x.Kind {
	case "stock":
		if len(x.States) == 0 {
			a.bad("a stock names the states that count")
		}
	case "due", "every", "duration":
		if x.Clock == "" || k.Uses(x.Clock) == nil && !strings.Contains(x.Clock, ",") {
			a.in(".clock").bad("%s does not use clock %q", k.Name, x.Clock)
		}
	default:
		if x.Mark == "" && x.Day == "" {
			a.bad("indicator %s: neither mark nor day dates its rows", x.Indicator)
		}
	}
	if slices.Contains([]string{"latest", "first", "distinct", "every"}, x.Kind) && x.Key == "" {
		a.bad("indicator %s needs a key", x.Indicator)
	}
}

func (c *Catalogue) checkDerived(a at, x *Indicator) {
	if len(x.Inputs) == 0 || x.Expr == "" {
		a.bad("derived indicator %s needs inputs and expr", x.Indicator)
		return
	}
	for n, in := range x.Inputs {
		if c.Indicators[in.Of] == nil {
			a.in(".inputs.%s.of", n).bad("no indicator %s", in.Of)
		}
	}
	a.in(".expr").expr(x.ExprX)
}

func (c *Catalogue) checkTrigger(t *Trigger) {
	a := at{c, t.File, "$"}
	a.label(t.Label, "item "+t.Trigger)
	if t.On != "" && len(c.emits[t.On]) == 0 {
		a.bad("item %s: nothing emits %s", t.Trigger, t.On)
	}
	if t.Clock != "" && c.Clocks[t.Clock] == nil {
		a.bad("item %s: no clock rule %s", t.Trigger, t.Clock)
	}
	if t.On == "" && t.Clock == "" {
		a.bad("item %s watches neither an event (on) nor a due date (clock)", t.Trigger)
	}
	if t.Count != nil && len(c.emits[t.Count.Of]) == 0 {
		a.bad("item %s counts %s, which nothing emits", t.Trigger, t.Count.Of)
	}
	if err := t.WhereX.Check(); err != nil {
		a.bad("item %s: %v", t.Trigger, err)
	}
}

func (c *Catalogue) checkClock(r *ClockRule) {
	a := at{c, r.File, "$"}
	a.label(r.Label, "clock "+r.Clock)
	if len(r.Rules) == 0 {
		a.bad("clock %s has no rule version", r.Clock)
	}
	for i, v := range r.Rules {
		if !slices.Contains([]string{"clock_start", "case_start", "act_date"}, v.By) {
			a.bad("clock %s version %d: by must be clock_start, case_start or act_date", r.Clock, v.Version)
		}
		if i > 0 && (r.Rules[i-1].To == "" || r.Rules[i-1].To >= v.From) {
			a.bad("clock %s: versions %d and %d overlap", r.Clock, r.Rules[i-1].Version, v.Version)
		}
	}
}

// pathOf finds an indicator's place in its file for error lines.
func (c *Catalogue) pathOf(x *Indicator) string {
	n := 0
	for _, line := range strings.Split(string(c.files[x.File]), "\n") {
		s := strings.TrimSpace(line)
		if !strings.HasPrefix(s, "- indicator:") && !strings.HasPrefix(s, "- {indicator:") {
			continue
		}
		if strings.Contains(s+" ", " "+x.Indicator+" ") || strings.Contains(s, x.Indicator+",") || strings.HasSuffix(s, x.Indicator) {
			return fmt.Sprintf("$.indicators[%d]", n)
		}
		n++
	}
	return "$"
}
