package demo

import "github.com/dinghai/dinghai/domain"

var dangers = []string{"海鲜排档冷藏温度不达标", "养老机构食堂留样不规范", "网络外卖包装不密封", "贻贝赤潮毒素监测预警", "农贸市场豇豆农药残留", "小作坊超范围使用添加剂", "校园食堂大宗食材来源不清"}

// risks are found, warned of, dealt with and closed; the target says how many
// of them are.
func risks(g *gen) {
	n := g.plan.count("risks.found")
	done := g.plan.share("risks.closed", n)
	of := g.pool("restaurant", "stall", "fresh", "foods", "market_shop", "home_service")
	last := g.file.Until.AddDays(-30)
	for _, d := range g.year.dates(g.rnd, done, g.file.Opening.AddDays(5), last, checking, true) {
		g.tell(g.danger(one(g.rnd, of...), d, true)...)
	}
	for _, d := range g.year.dates(g.rnd, n-done, last, g.file.Until, evenly, true) {
		g.tell(g.danger(one(g.rnd, of...), d, false)...)
	}
}

func (g *gen) danger(f *firm, d domain.Date, closed bool) []act {
	p, y := g.placeOf(f), g.year
	o := g.local("food_officer", p)
	in := map[string]any{"source": one(g.rnd, "inspection", "sampling", "meeting", "complaint"), "what": one(g.rnd, dangers...), "found_at": g.nameOf(f)}
	acts := []act{
		{on: d, do: func(*story) domain.Command {
			return domain.Command{Kind: "food.risk", Action: "find", Of: f.ref, Area: p.area, Input: in, Actor: o}
		}},
		g.on(d, "grade", o, map[string]any{"level": one(g.rnd, "general", "general", "larger"), "chain_link": one(g.rnd, "sale", "catering", "store")}),
		g.on(y.after(d, 1), "warn", o, map[string]any{"warning": "请各所加强排查"}),
		g.on(y.after(d, 1), "assign", o, map[string]any{"owner": "market"}),
	}
	if !closed {
		return acts
	}
	return append(acts, g.on(y.after(d, 8), "measure", o, map[string]any{"measures": "已约谈并整改"}),
		g.on(y.after(d, 11), "verify", o, map[string]any{"removed": true, "seen": "现场核实隐患已消除"}), g.on(y.after(d, 12), "close", o, nil))
}
