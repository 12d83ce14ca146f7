package demo

import (
	"fmt"

	"github.com/dinghai/dinghai/domain"
)

// dutiesFrom is when the rules on daily, weekly and monthly records began.
const dutiesFrom = domain.Date("2023-05-05")

// maker is a manufacturer with duties; its records go to the month they are of.
type maker struct {
	f     *firm
	n     int
	ref   domain.Ref
	month domain.Ref // its duties of the month
	of    string     // that month
	since domain.Date
}

// makers keep their daily, weekly and monthly records; all of those that the
// target asks for keep them completely.
func makers(g *gen) {
	n := g.plan.count("makers.listed")
	complete := g.plan.share("makers.complete", n)
	of := g.pool("machinery", "shipyard", "chemistry", "gas_shop", "foods", "seafood_works", "building")
	days := g.year.dates(g.rnd, n, max(dutiesFrom, g.file.Opening).AddDays(3), max(dutiesFrom, g.file.Opening).AddDays(18), evenly, true)
	for i, d := range days {
		m := &maker{f: of[i%len(of)], n: i + 1, since: d}
		g.tell(g.enlist(m), g.duty(m, d, "enter_day", g.finding(d)))
		g.diligence(m, i >= complete)
	}
}

func (g *gen) enlist(m *maker) act {
	p := g.placeOf(m.f)
	scale := one(g.rnd, "medium", "small", "small", "micro")
	in := map[string]any{"maker_no": fmt.Sprintf("GY-%04d", m.n), "product_classes": []any{one(g.rnd, "wire", "hazchem", "protective", "building", "food_contact")},
		"products": one(g.rnd, "塑料机械螺杆", "船用电缆", "救生衣", "包装制品", "化工品容器"), "scale": scale, "officer": g.names.person(m.f.serial() + 1)}
	if scale == "medium" {
		in["director"] = g.names.person(m.f.serial() + 2)
	}
	return act{on: m.since,
		do: func(*story) domain.Command {
			return domain.Command{Kind: "product.maker", Action: "enlist", Of: m.f.ref, Area: p.area, Input: in, Actor: g.local("product_officer", p)}
		},
		then: func(_ *story, r domain.Receipt) {
			m.ref = r.Record.Ref
			m.month, m.of = openedBy(r, "product.duty"), m.since.MonthKey()
		}}
}

// openedBy finds the record of a kind that a receipt opened.
func openedBy(r domain.Receipt, kind string) domain.Ref {
	for _, e := range r.Events {
		if e.Kind == kind && e.Changes.Open != nil {
			return domain.Ref{Home: e.Home, ID: e.Record}
		}
	}
	return domain.Ref{}
}

// diligence enters what is due, on its day, to the end of the records. A lax
// maker forgets now and then. The first day is entered on enlisting.
func (g *gen) diligence(m *maker, lax bool) {
	for d := m.since.AddDays(1); d <= g.file.Until; d = d.AddDays(1) {
		if lax && g.rnd.IntN(9) == 0 {
			continue
		}
		if g.year.cal.IsWorkday(d) {
			g.tell(g.duty(m, d, "enter_day", g.finding(d)))
		}
		if sunday := weekOf(d); d == min(sunday.AddDays(5), sunday.MonthEnd()) && sunday >= m.since {
			g.tell(g.duty(m, d, "enter_week", g.finding(sunday)))
		}
		if d == g.year.cal.Prev(d.MonthEnd().AddDays(-2)) {
			g.tell(g.duty(m, d, "enter_month", map[string]any{"minutes": "研究本月质量安全情况，部署下月重点"}))
		}
	}
}

// weekOf is the Sunday a week begins with.
func weekOf(d domain.Date) domain.Date { return d.AddDays(-int(d.Weekday())) }

func (g *gen) finding(d domain.Date) map[string]any {
	in := map[string]any{"period": string(d), "found": int64(0)}
	if g.rnd.IntN(20) == 0 {
		in["found"], in["note"] = int64(1), "个别批次标识不清，已返工"
	}
	return in
}

func (g *gen) duty(m *maker, on domain.Date, action string, in map[string]any) act {
	return act{on: on, do: func(*story) domain.Command {
		g.turn(m, on)
		return domain.Command{Record: m.month, Action: action, Input: in, Actor: g.self(m.f)}
	}}
}

// turn finds the record of a new month, which the platform opened by itself.
func (g *gen) turn(m *maker, on domain.Date) {
	if m.of == on.MonthKey() {
		return
	}
	if r := g.peek(m.ref); r != nil {
		t, _ := r.Fields["duty"].(string)
		m.month, _ = domain.ParseRef(t)
		m.of = on.MonthKey()
	}
}
