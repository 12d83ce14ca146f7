package demo

import (
	"github.com/dinghai/dinghai/domain"
)

// charge is a line of penalty cases: who they are about and for what.
type charge struct {
	domain, campaign, class string
	trades                  []string
	causes                  []string
	sources                 []string
	prices                  []string
}

var (
	onPrices = charge{domain: "price", campaign: "tourism_price", trades: []string{"restaurant", "stall", "homestay", "hotel", "seafood", "property", "drugstore"},
		causes: []string{"不按规定明码标价案", "在标价之外加价出售商品案", "违规收费案"}, sources: []string{"inspection", "report", "complaint"}, prices: []string{"unmarked", "falsemeans", "illegal_fee"}}
	onRivals = charge{domain: "unfair", campaign: "guard", trades: []string{"online", "foods", "beauty", "training", "furniture"},
		causes: []string{"对商品作虚假或者引人误解的商业宣传案", "擅自使用他人有一定影响的名称案", "侵犯商业秘密案"}, sources: []string{"inspection", "report"}}
	onDrugs = charge{domain: "drug", campaign: "drug_sword", trades: []string{"drugstore", "beauty"},
		causes: []string{"未从药品上市许可持有人处购进药品案", "经营未备案的化妆品案", "使用过期医疗器械案"}, sources: []string{"inspection", "sampling", "report"}}
	onSmuggling = charge{domain: "smuggling", campaign: "anti_smuggling", trades: []string{"oil_trade", "shipping", "cold_store"},
		causes: []string{"经营无合法来源证明的成品油案", "经营无合法来源证明的冷冻品案"}, sources: []string{"transfer", "inspection"}}
	onGas = charge{domain: "gas", campaign: "gas", class: "gas", trades: []string{"gas_shop", "hardware"},
		causes: []string{"销售不符合强制性国家标准的燃气灶具案", "销售不合格可燃气体报警器案", "销售不合格橡胶软管案"}, sources: []string{"inspection", "sampling"}}
	onBikes = charge{domain: "ebike", campaign: "ebike", class: "ebike", trades: []string{"ebike"},
		causes: []string{"销售擅自改装的电动自行车案", "销售未经强制性认证的电动自行车案"}, sources: []string{"inspection", "sampling", "report"}}
	onFood = charge{domain: "food", campaign: "steel_fist", trades: []string{"restaurant", "grocery", "fresh", "foods"},
		causes: []string{"经营超过保质期的食品案", "经营标签不符合规定的食品案", "未按规定履行进货查验义务案"}, sources: []string{"inspection", "report", "sampling"}}
)

// charged makes a case of the line, not yet dated.
func (g *gen) charged(c *charge, of []*firm) *docket {
	d := &docket{f: one(g.rnd, of...), domain: c.domain, campaign: c.campaign, class: c.class, source: one(g.rnd, c.sources...)}
	k := g.rnd.IntN(len(c.causes))
	d.cause = c.causes[k]
	if len(c.prices) > 0 {
		d.price = c.prices[k]
	}
	return d
}

// filedCases are n cases filed in the period; those decided by its end share
// the amount.
func (g *gen) filedCases(c *charge, n int, amount int64, period *Target) []*docket {
	of := g.pool(c.trades...)
	found := g.year.dates(g.rnd, n, period.Period.From, g.year.cal.AddWorkdays(period.Period.To, -15), checking, true)
	if n > 0 { // one is found early, so that there is a decision
		found[0] = min(found[0], g.year.office(period.Period.From.AddDays(15+g.rnd.IntN(20))))
	}
	list := make([]*docket, n)
	var decided []*docket
	for i := range list {
		list[i] = g.charged(c, of)
		g.course(list[i], found[i])
		if i == 0 || list[i].decided <= period.Period.To {
			decided = append(decided, list[i])
		} else {
			list[i].fine = 500000 // what will be proposed
		}
	}
	if n > 0 && decided[0].decided > period.Period.To {
		g.plan.refuse(period.Recipe, "期间太短，没有案件能作出决定", "the period is too short for any case to be decided")
	}
	g.fined(decided, amount)
	return list
}

// closedCases are n cases closed in the period, sharing the amount.
func (g *gen) closedCases(c *charge, n int, amount int64, from, to domain.Date) []*docket {
	of := g.pool(c.trades...)
	last := g.year.cal.AddWorkdays(to, -longest-5)
	list := make([]*docket, n)
	for i, d := range g.year.dates(g.rnd, n, from, max(last, from), checking, true) {
		list[i] = g.charged(c, of)
		g.course(list[i], d)
	}
	g.fined(list, amount)
	return list
}

// fined spreads an amount over cases, as fines and, from some, gains.
func (g *gen) fined(list []*docket, amount int64) {
	for i, fen := range spread(amount, uneven(g.rnd, len(list))) {
		list[i].fine = fen
		if g.rnd.IntN(3) == 0 && fen > 10 {
			list[i].gains = fen / 10
			list[i].fine = fen - list[i].gains
		}
	}
}

func (g *gen) tryAll(list []*docket) {
	for _, c := range list {
		g.tell(g.prosecution(c)...)
	}
}

// lately are cases found in the last weeks, still open at the end.
func (g *gen) lately(c *charge, n int) {
	of := g.pool(c.trades...)
	for _, d := range g.year.dates(g.rnd, n, g.year.cal.AddWorkdays(g.file.Until, -12), g.file.Until, evenly, true) {
		x := g.charged(c, of)
		x.fine = 300000
		g.course(x, d)
		g.tell(g.prosecution(x)...)
	}
}

// prosecutions are the bureau's penalty cases of the year.
func prosecutions(g *gen) {
	g.tryAll(g.filedCases(&onPrices, g.plan.count("cases.price"), g.plan.money("cases.price.fines"), g.plan.target("cases.price")))
	g.tryAll(g.filedCases(&onRivals, g.plan.count("cases.rivals"), g.plan.money("cases.rivals.fines"), g.plan.target("cases.rivals")))
	g.drugCases()
	at := g.plan.target("cases.smuggled")
	g.tryAll(g.closedCases(&onSmuggling, g.plan.count("cases.smuggled"), g.plan.money("cases.smuggled.fines"), at.Period.From, at.Period.To))
	g.lately(&onSmuggling, max(g.plan.scaled(3), 1))
	g.gasCases()
	g.bikeCases()
	g.foodCases()
}

// drugCases are those closed this year, and those of the year before that the
// growth implies.
func (g *gen) drugCases() {
	at := g.plan.target("cases.drugs")
	n, fen := g.plan.count("cases.drugs"), g.plan.money("cases.drugs.fines")
	g.tryAll(g.closedCases(&onDrugs, n, fen, at.Period.From, at.Period.To))
	g.lately(&onDrugs, max(g.plan.scaled(6), 1))
	before := g.plan.asPercentOf("cases.drugs.on_last", n)
	old := g.plan.moneyAsPercentOf("cases.drugs.fines_on_last", fen)
	from := g.file.Opening.AddYears(-1)
	for _, c := range g.closedCases(&onDrugs, before, old, from, g.file.Opening.AddDays(-1)) {
		g.past(g.prosecution(c)...)
	}
}

// gasCases end with a penalty, but for those that look like crimes.
func (g *gen) gasCases() {
	n := g.plan.count("cases.burning")
	handed := g.plan.part("cases.burning.to_police", n)
	taken := g.plan.part("cases.burning.crimes", handed)
	list := g.filedCases(&onGas, n, int64(n)*420000, g.plan.target("cases.burning"))
	for i, c := range list[:handed] {
		c.charge, c.criminal, c.fine, c.gains = "生产、销售伪劣产品罪", i < taken, 0, 0
	}
	g.tryAll(list)
}

// bikeCases take rebuilt vehicles off the road.
func (g *gen) bikeCases() {
	n := g.plan.count("cases.bikes")
	list := g.filedCases(&onBikes, n, int64(n)*260000, g.plan.target("cases.bikes"))
	taken := list[:max(len(list)*2/3, 1)]
	for i, k := range spread(int64(g.plan.count("cases.bikes.taken")), uneven(g.rnd, len(taken))) {
		taken[i].seized, taken[i].goods = int(k), "ebike"
	}
	g.tryAll(list)
}

// foodCases are the everyday work of the stations; one or the other is a crime.
func (g *gen) foodCases() {
	n := max(g.plan.scaled(160), 4)
	at := &Target{Recipe: "cases.iron.to_police"}
	at.Period.From, at.Period.To = g.file.Opening, g.file.Until
	list := g.filedCases(&onFood, n, int64(n)*310000, at)
	for _, c := range list[:g.plan.part("cases.iron.to_police", n)] {
		c.charge, c.fine, c.gains = "生产、销售有毒、有害食品罪", 0, 0
	}
	g.tryAll(list)
}
