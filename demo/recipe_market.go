package demo

import (
	"fmt"

	"github.com/dinghai/dinghai/domain"
)

// stand is a commodity market of the demo.
type stand struct {
	ref        domain.Ref
	n, place   int
	kind, name string
	weight     float64
}

// kinds of market, how many of a city's markets they are, and how their trade
// compares.
var marketKinds = []struct {
	kind, name string
	of         int
	trade      float64
}{
	{"oil", "油品交易市场", 2, 300}, {"seafood", "国际水产城", 3, 60}, {"wholesale_farm", "农产品批发市场", 3, 18}, {"vehicle", "汽车交易市场", 3, 9},
	{"home", "家居建材市场", 5, 5}, {"material", "船舶物资市场", 3, 12}, {"consumer", "小商品市场", 5, 2}, {"wet", "农贸市场", 36, 1}, {"night", "海鲜夜市", 4, 0.7},
}

// markets report their turnover month by month, this year and the one before;
// a few correct themselves, are asked, or are late.
func markets(g *gen) {
	now := g.plan.money("markets.sales")
	last := g.plan.moneyBefore("markets.sales_up", now)
	list := g.stands()
	upto := g.plan.by["markets.sales"].Period.To
	var m12, m22 []domain.Date
	if upto > g.file.Until.AddDays(-11) {
		upto = g.file.Until.AddDays(-11) // later months cannot have been reported yet
	}
	for d := g.file.Opening.MonthEnd(); d <= upto; d = d.AddDays(1).MonthEnd() {
		m12, m22 = append(m12, d), append(m22, d.AddYears(-1).MonthEnd())
	}
	before := spread(last, g.trade(list, m22))
	for i, fen := range spread(now, g.trade(list, m12)) {
		s, m := list[i/len(m12)], i%len(m12)
		g.filedBefore(s, m22[m], before[i])
		g.filing(s, m12[m], fen)
	}
}

func (g *gen) stands() []*stand {
	total := 0
	for _, k := range marketKinds {
		total += k.of
	}
	want := max(g.plan.scaled(float64(total)), len(marketKinds))
	var list []*stand
	for i, k := range marketKinds {
		n := max(want*k.of/total, 1)
		for range n {
			p := g.town.draw(g.rnd)
			list = append(list, &stand{n: len(list) + 1, place: p, kind: k.kind, weight: k.trade * (0.6 + g.rnd.Float64()),
				name: g.places[p].short + brand(uint64(900000+100*i+len(list))) + k.name})
		}
	}
	g.loads = append(g.loads, load{what: domain.Text{ZH: "导入商品市场", EN: "taking over the markets"}, n: len(list),
		make: func(i int) domain.Command { return g.standEntry(list[i]) },
		then: func(i int, r domain.Receipt) { list[i].ref = r.Record.Ref }})
	return list
}

func (g *gen) standEntry(s *stand) domain.Command {
	p := g.places[s.place]
	h := mix(uint64(s.n))
	return domain.Command{Kind: "market.market", Action: "load", Area: p.area, Actor: g.county("importer", p), Input: map[string]any{
		"market_no": fmt.Sprintf("SC-%s-%03d", p.county[4:], s.n), "name": s.name, "market_kind": s.kind, "organiser_name": g.cityShort() + brand(uint64(910000+s.n)) + "市场管理有限公司",
		"address": p.words + "市场路" + numeral(1+int(h%90)) + "号", "stalls": int64(20 + h>>8%300), "opened_on": string(domain.Date("2003-05-01").AddDays(int(h >> 20 % 6000)))}}
}

// trade weighs every market and month.
func (g *gen) trade(list []*stand, months []domain.Date) []float64 {
	var w []float64
	for _, s := range list {
		for _, m := range months {
			w = append(w, s.weight*(0.8+0.04*float64(eating[m.Month()-1]))*(0.9+0.2*g.rnd.Float64()))
		}
	}
	return w
}

func (s *stand) file(g *gen, month domain.Date, fen int64, more map[string]any) domain.Command {
	in := map[string]any{"month": month.MonthKey(), "turnover": fen}
	for k, v := range more {
		in[k] = v
	}
	p := g.places[s.place]
	return domain.Command{Kind: "market.turnover", Action: "file", Of: s.ref, Area: p.area, Input: in,
		Actor: domain.Actor{ID: fmt.Sprintf("market-%03d", s.n), Name: g.names.person(uint64(920000 + s.n)), Grants: []domain.Grant{{Role: "firm", Area: p.county}}}}
}

func (g *gen) filedBefore(s *stand, month domain.Date, fen int64) {
	on := g.year.office(month.AddDays(1 + g.rnd.IntN(7)))
	g.past(act{on: on, do: func(*story) domain.Command { return s.file(g, month, fen, nil) }}, g.checked(s, g.year.after(on, 2)))
}

func (g *gen) checked(s *stand, on domain.Date) act {
	return act{on: on, do: func(t *story) domain.Command {
		return t.to("accept", g.county("market_officer", g.places[s.place]), nil)
	}}
}

// filing is one month's return: as a rule in time and accepted, now and then
// late, asked about, or replaced by a better one.
func (g *gen) filing(s *stand, month domain.Date, fen int64) {
	on := g.year.office(month.AddDays(1 + g.rnd.IntN(8)))
	roll := g.rnd.IntN(100)
	switch {
	case month.AddDays(25) > g.file.Until: // the last return is in on time, or it would not be in at all
	case roll < 3:
		on = g.year.after(month.AddDays(10), 2+g.rnd.IntN(6))
	case roll < 6:
		g.wrongFirst(s, month, fen, on)
		return
	}
	file := act{on: on, do: func(*story) domain.Command { return s.file(g, month, fen, nil) }}
	if roll >= 6 && roll < 10 {
		g.tell(file, g.askAbout(s, g.year.after(on, 2)), g.explain(s, g.year.after(on, 6)), g.checked(s, g.year.after(on, 8)))
		return
	}
	g.tell(file, g.checked(s, g.year.after(on, 1+g.rnd.IntN(5))))
}

// wrongFirst files a mistaken amount, which an amended return replaces.
func (g *gen) wrongFirst(s *stand, month domain.Date, fen int64, on domain.Date) {
	g.tell(act{on: on, do: func(*story) domain.Command { return s.file(g, month, fen*10, nil) }}, g.checked(s, g.year.after(on, 1)))
	again := g.year.after(on, 3)
	g.tell(act{on: again, do: func(*story) domain.Command {
		return s.file(g, month, fen, map[string]any{"amends": true, "amend_reason": "小数点错位，按台账更正"})
	}}, g.checked(s, g.year.after(again, 1)))
}

func (g *gen) askAbout(s *stand, on domain.Date) act {
	return act{on: on, do: func(t *story) domain.Command {
		return t.to("query", g.county("market_officer", g.places[s.place]), map[string]any{"question": "与上月相差较大，请说明原因"})
	}}
}

func (g *gen) explain(s *stand, on domain.Date) act {
	return act{on: on, do: func(t *story) domain.Command {
		return t.to("explain", g.county("market_officer", g.places[s.place]), map[string]any{"answer": "伏季休渔、开渔前后成交量波动，已核对台账"})
	}}
}
