package catalogue

import (
	"slices"
	"strings"
)

var indicatorKinds = []string{"flow", "stock", "due", "duration", "latest", "first", "distinct", "every", "catalogue", "derived"}

func (c *Catalogue) checkIndicator(x *Indicator) {
	a := at{c, x.File, x.place}
	a.label(x.Label, "indicator "+x.Indicator)
	if x.Version < 1 {
		a.bad("indicator %s needs a version", x.Indicator)
	}
	if l := c.Lists["unit"]; l == nil || l.Find(x.Unit) == nil {
		a.in(".unit").bad("no unit %q in list unit", x.Unit)
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
	for _, n := range sortedKeys(x.Inputs) {
		if in := x.Inputs[n]; c.Indicators[in.Of] == nil {
			a.in(".inputs.%s.of", n).bad("no indicator %s", in.Of)
		}
	}
	a.in(".expr").expr(x.ExprX)
}

func (c *Catalogue) checkTrigger(t *Trigger) {
	a := at{c, t.File, t.place}
	a.label(t.Label, "item "+t.Trigger)
	a.in(".basis").cites(t.Basis)
	if t.On != "" && len(c.emits[t.On]) == 0 {
		a.in(".on").bad("item %s: nothing emits %s", t.Trigger, t.On)
	}
	if t.Clock != "" && c.Clocks[t.Clock] == nil {
		a.in(".clock").bad("item %s: no clock rule %s", t.Trigger, t.Clock)
	}
	if t.On == "" && t.Clock == "" {
		a.bad("item %s watches neither an event (on) nor a due date (clock)", t.Trigger)
	}
	if t.Of != "" && c.Kinds[t.Of] == nil {
		a.in(".of").bad("item %s: no kind %s", t.Trigger, t.Of)
	}
	if t.Count != nil && len(c.emits[t.Count.Of]) == 0 {
		a.in(".count.of").bad("item %s counts %s, which nothing emits", t.Trigger, t.Count.Of)
	}
	a.in(".where").expr(t.WhereX)
}
