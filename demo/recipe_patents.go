package demo

import (
	"fmt"
	"math"

	"github.com/dinghai/dinghai/domain"
)

var inventions = []string{"一种双金属螺杆", "一种贻贝清洗装置", "一种船用锚链", "一种网箱养殖设备", "一种水产品速冻架", "一种渔网编织机"}

// patents are disputes about infringement; their mean time from filing to
// closing is stated, and the share of those due that were closed in time.
func patents(g *gen) {
	n := g.plan.of("patents.days")
	total := g.plan.total("patents.days", n)
	days := spread(int64(total-10*n), uneven(g.rnd, n))
	late := g.plan.wholeOf("patents.closed", n) - n // due, but not closed
	of := g.pool("machinery", "seafood_works", "shipyard", "online", "hardware")
	// filed early enough for the limit of three months to end within the records
	for i, d := range g.year.dates(g.rnd, n+late, g.file.Opening.AddDays(8), g.file.Until.AddMonths(-3).AddDays(-6), evenly, true) {
		took := 0 // never closed
		if i < n {
			took = int(days[i]) + 10
		}
		g.dispute(one(g.rnd, of...), d, took)
	}
}

// total is the whole number of which the mean over n prints as the target.
func (p *plan) total(recipe string, n int) int {
	t := p.target(recipe)
	if n == 0 {
		p.refuse(recipe, "分母为零", "there is nothing to take a mean of")
		return 0
	}
	sum := int(math.Round(t.Value * float64(n)))
	if mean := float64(sum) / float64(n); p.scale == 1 && !prints(mean, t.Value, t.Step) {
		p.refuse(recipe, "%d 件的整天数之和不能得出平均 %v，最接近 %.3f", "no whole days over %d cases give a mean of %v; the nearest is %.3f", n, t.Value, mean)
	}
	p.agreed[recipe] = float64(sum) / float64(n)
	return sum
}

// dispute closes so many natural days after filing: short ones by mediation,
// the others by a decision.
func (g *gen) dispute(f *firm, filed domain.Date, took int) {
	p, y := g.placeOf(f), g.year
	o := g.county("ip_officer", p)
	for took > 0 && !y.cal.IsWorkday(filed.AddDays(took)) {
		filed = y.cal.AddWorkdays(filed, -1) // nobody decides on a Sunday
		if filed <= g.file.Opening {
			filed = y.office(g.file.Opening.AddDays(10 + g.rnd.IntN(60)))
		}
	}
	in := map[string]any{"patent_no": fmt.Sprintf("ZL2021%08d.X", f.n), "patent_title": one(g.rnd, inventions...), "patent_type": one(g.rnd, "utility", "design", "invention"),
		"requester_name": g.names.person(g.rnd.Uint64()), "requester_standing": "专利权人", "claim": "责令停止侵权", "facts": "被请求人制造、销售同类产品"}
	served := y.after(filed, 1)
	acts := []act{
		{on: g.before(filed, y.office(g.file.Opening.AddDays(1))), do: func(*story) domain.Command {
			return domain.Command{Kind: "ip.dispute", Action: "request", Of: f.ref, Area: p.area, Input: in, Actor: o}
		}},
		g.on(filed, "file", o, map[string]any{"panel": []any{g.names.person(hash("panel1" + p.county)), g.names.person(hash("panel2" + p.county)), g.names.person(hash("panel3" + p.county))}}),
		g.on(served, "serve", o, map[string]any{"served_on": string(served), "serve_mode": "direct"}),
	}
	end := filed.AddDays(took)
	switch {
	case took == 0:
		g.tell(acts...)
	case took < 20:
		g.tell(append(acts, g.on(end, "mediate", o, map[string]any{"agreement": "停止销售并补偿"}), g.on(y.after(end, 5), "archive", o, nil))...)
	default:
		answered := y.after(served, 4)
		g.tell(append(acts, g.on(answered, "answer", o, map[string]any{"answer_text": "未落入保护范围"}), g.on(y.after(answered, 1), "send_answer", o, map[string]any{"serve_mode": "post"}),
			g.on(end, "decide", o, map[string]any{"close_kind": "infringe", "reasons": "技术特征落入权利要求保护范围", "orders": "停止制造、销售"}),
			g.on(y.after(end, 2), "serve_decision", o, map[string]any{"serve_mode": "direct"}), g.on(y.after(end, 6), "publish", o, nil),
			g.on(y.after(end, 22), "archive", o, nil))...)
	}
}
