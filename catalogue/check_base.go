package catalogue

import (
	"slices"

	"github.com/dinghai/dinghai/kit/calendar"
)

var clockUnits = []string{"workday", "day", "month", "year", "hour", "window"}

func (c *Catalogue) checkClock(r *ClockRule) {
	a := at{c, r.File, r.place}
	a.label(r.Label, "clock "+r.Clock)
	if len(r.Rules) == 0 {
		a.bad("clock %s has no rule version", r.Clock)
	}
	c.checkGrounds(a, r.Pause)
	c.checkExtend(a, r.Extend)
	for i, v := range r.Rules {
		va := at{c, r.File, v.place}
		c.checkVersion(va, r, v)
		if i > 0 && (r.Rules[i-1].To == "" || r.Rules[i-1].To >= v.From) {
			va.bad("clock %s: versions %d and %d overlap", r.Clock, r.Rules[i-1].Version, v.Version)
		}
		if r.Version(v.Version) != v {
			va.in(".version").bad("clock %s has two versions %d", r.Clock, v.Version)
		}
	}
}

func (c *Catalogue) checkVersion(a at, r *ClockRule, v *RuleVersion) {
	a.in(".law").cites(v.Law)
	if !slices.Contains([]string{"clock_start", "case_start", "act_date"}, v.By) {
		a.bad("clock %s version %d: by must be clock_start, case_start or act_date", r.Clock, v.Version)
	}
	if !slices.Contains(clockUnits, v.Unit) {
		a.in(".unit").bad("clock %s version %d: no unit %q", r.Clock, v.Version, v.Unit)
	}
	if v.Unit == "window" && !calendar.Date("2000-"+v.Window).Valid() {
		a.in(".window").bad("clock %s version %d: a window is a month and day like 06-30", r.Clock, v.Version)
	}
	if v.From != "" && !v.From.Valid() || v.To != "" && !v.To.Valid() || v.From != "" && v.To != "" && v.From > v.To {
		a.bad("clock %s version %d: from and to must be dates in this order", r.Clock, v.Version)
	}
	if v.Law.ZH == "" {
		a.bad("clock %s version %d rests on no statute (law: {zh: …})", r.Clock, v.Version)
	}
	if !slices.Contains([]string{"A", "B", "C"}, v.Confidence) {
		a.in(".confidence").bad("clock %s version %d: confidence is A, B or C", r.Clock, v.Version)
	}
	c.checkExtend(a, v.Extend)
	if v.Pause != nil {
		c.checkGrounds(a, *v.Pause)
	}
}

func (c *Catalogue) checkExtend(a at, x *RuleExtend) {
	if x == nil || x.None {
		return
	}
	if !slices.Contains(clockUnits[:4], x.Unit) {
		a.in(".extend.unit").bad("no unit %q to extend by", x.Unit)
	}
	if c.Roles[x.Approver] == nil {
		a.in(".extend.approver").bad("no role %s", x.Approver)
	}
}

func (c *Catalogue) checkGrounds(a at, grounds []string) {
	for i, g := range grounds {
		if l := c.Lists["pause_ground"]; l == nil || l.Find(g) == nil {
			a.in(".pause[%d]", i).bad("no ground %s in list pause_ground", g)
		}
	}
}

// checkList demands wordings of every item; a list may say that it has none in
// English, or pinyin, rather than invent some.
func (c *Catalogue) checkList(l *List) {
	a := at{c, l.File, "$"}
	a.label(l.Label, "list "+l.List)
	if !slices.Contains([]string{"", "given", "pinyin", "none"}, l.EN) {
		a.in(".en").bad("en is given, pinyin or none")
	}
	for i, it := range l.Items {
		ia := a.in(".items[%d]", i)
		if it.Code == "" {
			ia.bad("an item of list %s has no code", l.List)
		}
		if it.ZH == "" || it.EN == "" && (l.EN == "" || l.EN == "given") {
			ia.bad("item %s of list %s needs zh and en", it.Code, l.List)
		}
		if it.Parent != "" && l.Find(it.Parent) == nil {
			ia.bad("item %s of list %s: no parent %s", it.Code, l.List, it.Parent)
		}
	}
}

func (c *Catalogue) checkPaper(p *PaperKind) {
	a := at{c, p.File, p.place}
	a.in(".law").cites(Text{ZH: p.Law})
	a.label(p.Label, "paper "+p.Paper)
	for i, f := range p.Fields {
		c.checkField(a.in(".fields[%d]", i), f)
	}
}
