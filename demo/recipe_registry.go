package demo

import (
	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/engine/clock"
)

// flow is what enters and leaves the register during the year, and how much of
// it by the day on which the stock is stated.
type flow struct {
	by       domain.Date // that day
	opened   []opening
	leaving  []leave
	balance  int // entered less left by then
	converts []domain.Date
	fresh    []*firm // founded
	pairs    []*firm // converted into
}

// opening is a business to be founded on a day.
type opening struct {
	on                     domain.Date
	individual, zone, made bool // made: counted by the target
}

// leave is a business that begins to leave on a day and is struck off on another.
type leave struct {
	start, end domain.Date
	individual bool
}

// registry fills the register so that it holds the stated stock on its day:
// the opening register is what remains when the year's movements are taken off.
func registry(g *gen) {
	g.tradeIndex()
	stock := g.plan.count("registry.stock")
	m := &flow{by: g.plan.target("registry.stock").Period.To}
	g.openings(m)
	g.leavings(m)
	m.converts = g.convertDates()
	n := stock - m.balance
	if n < stock/2 {
		g.plan.refuse("registry.stock", "年内新设多于期末总量，无法成立", "more is founded in the year than the stock holds at its end")
		return
	}
	g.inherit(n)
	g.depart(m)
	g.found(m)
	g.licences(m, stock)
	for _, f := range m.fresh {
		g.establish(f)
	}
	for _, c := range m.pairs {
		g.converting(c)
	}
}

// openings draws the founding days: the stated numbers in their periods, and
// the going on at the same pace to the end.
func (g *gen) openings(m *flow) {
	for _, k := range []struct {
		recipe           string
		individual, zone bool
	}{{"registry.individuals", true, false}, {"registry.zone", false, true}} {
		n, t := g.plan.count(k.recipe), g.plan.target(k.recipe)
		for _, d := range g.year.dates(g.rnd, n, g.year.office(t.Period.From.AddDays(1)), t.Period.To, founding, true) {
			m.opened = append(m.opened, opening{on: d, individual: k.individual, zone: k.zone, made: true})
		}
		g.further(m, n, t, opening{individual: k.individual, zone: k.zone})
		if k.zone { // outside the zone enterprises are founded too, a sixth as many
			for _, d := range g.year.dates(g.rnd, max(n/6, 1), g.year.office(t.Period.From.AddDays(1)), g.file.Until, founding, true) {
				m.opened = append(m.opened, opening{on: d})
			}
		}
	}
	for _, o := range m.opened {
		if o.on <= m.by {
			m.balance++
		}
	}
}

func (g *gen) further(m *flow, n int, t *Target, o opening) {
	rest := g.file.Until.Sub(t.Period.To)
	if rest <= 0 {
		return
	}
	n = n * rest * 8 / (t.Period.To.Sub(t.Period.From) * 10)
	for _, d := range g.year.dates(g.rnd, n, t.Period.To.AddDays(1), g.file.Until, founding, true) {
		o.on = d
		m.opened = append(m.opened, o)
	}
}

// leavings draws those that close: about half as many as are founded.
func (g *gen) leavings(m *flow) {
	new := len(m.opened)
	for i, d := range g.year.dates(g.rnd, new/2, g.file.Opening.AddDays(9), g.file.Until, evenly, true) {
		l := leave{start: d, individual: i%8 != 0}
		l.end = g.struckOff(l)
		m.leaving = append(m.leaving, l)
		if l.end <= m.by {
			m.balance--
		}
	}
}

// struckOff is the day the registry can cancel: the notice must have run out.
func (g *gen) struckOff(l leave) domain.Date {
	rule, wait := "REG-SIMPLE-NOTICE", 2+g.rnd.IntN(6)
	if l.individual {
		rule, wait = "REG-IND-SIMPLE", g.rnd.IntN(2)
	}
	return g.year.after(g.due(rule, l.start).AddDays(1), wait)
}

// due reckons a limit as the law in force on its start has it.
func (g *gen) due(rule string, start domain.Date) domain.Date {
	book := clock.Book{Rules: g.cat.Clocks, Calendar: g.cat.Calendar}
	c, err := book.Start(rule, clock.Dates{Start: start, Case: start}, start.Time(clock.Zone))
	if err != nil || c == nil {
		g.plan.refuse(rule, "期限规则不可用：%v", "the limit cannot be reckoned: %v", err)
		return start
	}
	return c.Due
}

func (g *gen) convertDates() []domain.Date {
	t := g.plan.target("registry.converted")
	return g.year.dates(g.rnd, g.plan.count("registry.converted"), g.year.office(t.Period.From.AddDays(2)), t.Period.To, founding, true)
}

// inherit makes the opening register: n in stock, and a few revoked ones that
// nobody counts.
func (g *gen) inherit(n int) {
	for i := range n + n/80 {
		f := g.newFirm(g.rnd.IntN(100) < 66)
		f.founded = ""
		switch {
		case i >= n:
			f.state = "revoked"
		case g.rnd.IntN(250) == 0:
			f.state = "suspended"
		}
	}
	old := g.firms
	g.loads = append(g.loads, load{what: domain.Text{ZH: "导入登记底册", EN: "taking over the register"}, n: len(old),
		make: func(i int) domain.Command { return g.entry(old[i]) },
		then: func(i int, r domain.Receipt) {
			old[i].ref, old[i].licence = r.Record.Ref, openedBy(r, "elicence.licence")
		}})
}

// pickLeaver takes a firm of the opening register that can go.
func (g *gen) pickLeaver(individual bool, n int) *firm {
	for {
		f := g.firms[g.rnd.IntN(n)]
		if f.individual() == individual && f.gone == "" && f.state == "" && f.kind != branchOffice {
			return f
		}
	}
}

// depart lets firms of the opening register go, simply or into an enterprise.
func (g *gen) depart(m *flow) {
	n := len(g.firms)
	for _, l := range m.leaving {
		f := g.pickLeaver(l.individual, n)
		f.gone, f.left = l.start, l.end
		g.tell(g.striking(f, l)...)
	}
	for _, d := range m.converts {
		f := g.pickLeaver(true, n)
		f.gone, f.left = d, d
		c := g.newFirm(false)
		c.kind, c.place, c.zone, c.small, c.founded, c.trade, c.owner = company, f.place, false, true, d, f.trade, f
		m.pairs = append(m.pairs, c)
	}
}

// striking is a simple cancellation. The notice ends by itself.
func (g *gen) striking(f *firm, l leave) []act {
	p := g.placeOf(f)
	acts := []act{{on: l.start, do: func(*story) domain.Command {
		return domain.Command{Kind: "registration.simple_cancel", Action: "start", Of: f.ref, Area: p.area, Actor: g.self(f),
			Input: map[string]any{"settled": true, "promise": true}}
	}}}
	if !f.individual() {
		acts = append(acts, g.on(g.due("REG-SIMPLE-NOTICE", l.start).AddDays(1), "apply", g.self(f), nil))
	}
	return append(acts, g.on(l.end, "approve", g.county("registrar", p), nil))
}
