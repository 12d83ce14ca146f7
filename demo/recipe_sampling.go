package demo

import (
	"fmt"

	"github.com/dinghai/dinghai/domain"
)

// probe is one batch of food on its way through the laboratory.
type probe struct {
	n                                int
	f                                *firm
	food                             []string // name, class, item
	taken, lab, tested, told, served domain.Date
	final                            domain.Date // when the result stands
	fails                            bool
}

var foods = [][]string{
	{"带鱼", "farm", "挥发性盐基氮"}, {"梭子蟹", "farm", "镉"}, {"虾皮", "122", "二氧化硫残留量"}, {"鱼片干", "122", "菌落总数"}, {"韭菜", "farm", "腐霉利"},
	{"豇豆", "farm", "灭蝇胺"}, {"糕点", "124", "防腐剂混合使用"}, {"白酒", "115", "酒精度"}, {"食用油", "102", "酸价"}, {"餐饮具", "tableware", "大肠菌群"},
	{"自制馒头", "catering", "糖精钠"}, {"香蕉", "farm", "吡虫啉"}, {"大米", "101", "镉"}, {"饮用水", "106", "铜绿假单胞菌"}, {"豆腐", "125", "苯甲酸"},
}

// sampling takes batches all year; the stated number has its final result by
// the end, the last ones are still at the laboratory.
func sampling(g *gen) {
	t := g.plan.target("sampling.final")
	n := g.plan.count("sampling.final")
	failed := g.plan.part("sampling.failed", n)
	of := g.pool("restaurant", "snack", "grocery", "market_shop", "fresh", "seafood", "foods", "seafood_works", "liquor", "online")
	g.probes(of, n-failed, false, t.Period.From, g.year.cal.AddWorkdays(t.Period.To, -28))
	g.probes(of, failed, true, t.Period.From, g.year.cal.AddWorkdays(t.Period.To, -48))
	for i, d := range g.year.dates(g.rnd, g.plan.scaled(190), g.year.cal.AddWorkdays(g.file.Until, -16), g.file.Until, evenly, true) {
		x := &probe{n: 90000 + i, f: one(g.rnd, of...), food: one(g.rnd, foods...)}
		g.dateProbe(x, d)
		x.tested = max(x.tested, g.file.Until.AddDays(1)) // still being tested
		g.probe(x)
	}
}

func (g *gen) probes(of []*firm, n int, fails bool, from, last domain.Date) {
	for i, d := range g.year.dates(g.rnd, n, g.year.office(from.AddDays(1)), last, checking, true) {
		x := &probe{n: i + 1, f: one(g.rnd, of...), food: one(g.rnd, foods...), fails: fails}
		if fails {
			x.n += 80000
		}
		g.dateProbe(x, d)
		g.probe(x)
	}
}

func (g *gen) dateProbe(x *probe, taken domain.Date) {
	x.taken = taken
	x.lab = g.year.after(taken, 1+g.rnd.IntN(3))
	x.tested = g.year.after(x.lab, 7+g.rnd.IntN(11))
	x.told = g.year.after(x.tested, 1+g.rnd.IntN(4))
	x.final = x.told
	if x.fails {
		x.told = g.year.after(x.tested, 1)
		x.served = g.year.after(x.told, 1+g.rnd.IntN(4))
		x.final = g.due("FOOD-RETEST-APPLY", x.served).AddDays(1) // by itself
	}
}

func (g *gen) probe(x *probe) {
	p := g.placeOf(x.f)
	officer, lab := g.local("food_officer", p), g.county("lab", p)
	batch := fmt.Sprintf("XBJ23%s%05d", p.county, x.n)
	acts := []act{
		{on: x.taken, do: func(*story) domain.Command {
			return domain.Command{Kind: "food.sample", Action: "plan", Of: x.f.ref, Area: p.area, Actor: officer, Input: map[string]any{
				"plan_no": "2023-" + p.county[4:], "sample_kind": "supervised", "food_class": x.food[1], "place": g.stageOf(x.f)}}
		}},
		g.on(x.taken, "take", g.local("sampler", p), g.sheet(x, p, batch)),
		g.on(x.lab, "lab_receive", lab, map[string]any{"lab": laboratory, "intact": true}),
		g.on(x.tested, "report", lab, g.findings(x, batch)),
	}
	if !x.fails {
		g.tell(append(acts, g.on(x.told, "tell_good", lab, nil))...)
		return
	}
	bad := g.on(x.told, "tell_bad", lab, nil)
	follow := &story{who: g.who}
	bad.then = func(_ *story, r domain.Receipt) { follow.ref = openedBy(r, "food.disposal") }
	g.tell(append(acts, bad, g.on(x.served, "serve", officer, map[string]any{"served_to": []any{g.nameOf(x.f)}, "mode": "direct"}))...)
	follow.acts = g.disposal(x, p, officer)
	g.stories = append(g.stories, follow)
}

const laboratory = "食品药品检验检测研究院"

func (g *gen) stageOf(f *firm) string {
	switch g.names.trades[f.trade].name {
	case "restaurant", "snack":
		return "catering"
	case "foods", "seafood_works":
		return "production"
	}
	return "sale"
}

func (g *gen) sheet(x *probe, p place, batch string) map[string]any {
	return map[string]any{"sample_no": batch, "food_name": x.food[0], "sample_qty": 1.5, "retain_qty": 0.5, "qty_unit": "kg", "price": int64(1200 + x.n%4000),
		"samplers": g.pair(p), "unannounced": true, "sealed": true, "bought": true}
}

func (g *gen) findings(x *probe, batch string) map[string]any {
	verdict := "pass"
	if x.fails {
		verdict = "fail"
	}
	return map[string]any{"report_no": "R" + batch[3:], "conclusion": verdict,
		"items": []any{map[string]any{"item": x.food[2], "judgement": verdict}, map[string]any{"item": "标签", "judgement": "pass"}}}
}

// disposal deals with a failed batch: off the shelf at once, cause, correction,
// and as a rule a penalty case; published in the end.
func (g *gen) disposal(x *probe, p place, officer domain.Actor) []act {
	y := g.year
	day := y.after(x.told, 1)
	acts := []act{
		g.on(day, "control", officer, map[string]any{"found_qty": 20.0, "sealed_qty": 4.0, "stopped": true}),
		g.on(y.after(day, 6), "find_cause", officer, map[string]any{"cause": "进货查验不到位"}),
		g.on(y.after(day, 12), "rectified", officer, map[string]any{"rectify": "已下架、退货，完善进货查验记录", "rechecked": true}),
	}
	over := y.after(day, 14)
	if g.rnd.IntN(2) == 0 {
		none := g.on(over, "no_case", g.local("bureau_head", p), map[string]any{"no_case_reason": one(g.rnd, "nofault", "minor")})
		none.do = withReason(none.do, "销售者履行了进货查验义务，如实说明来源")
		acts = append(acts, none)
	} else {
		c := &docket{f: x.f, domain: "food", source: "sampling", cause: "经营不符合食品安全标准的食品案", fine: int64(5+g.rnd.IntN(40)) * 100000}
		g.course(c, y.after(day, 12))
		later := &story{who: g.who}
		hand := g.on(c.found, "open_case", officer, map[string]any{"facts": "抽检不合格"})
		hand.then = func(_ *story, r domain.Receipt) { later.ref = openedBy(r, "penalty.case") }
		later.acts = g.proceedings(c)
		g.stories = append(g.stories, later)
		over = y.after(c.decided, 1)
		acts = append(acts, hand, g.on(over, "penalised", officer, nil))
	}
	return append(acts, g.on(y.after(over, 1), "close", officer, nil), g.on(y.after(over, 3), "publish", officer, nil))
}

// withReason adds the reason some steps must give.
func withReason(do func(*story) domain.Command, why string) func(*story) domain.Command {
	return func(s *story) domain.Command {
		c := do(s)
		c.Reason = why
		return c
	}
}
