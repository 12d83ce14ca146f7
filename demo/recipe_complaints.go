package demo

import (
	"slices"

	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/engine"
)

// grievance is what people complain about at a kind of shop.
type grievance struct {
	trades                   []string
	category, problem, goods []string
}

var grievances = []grievance{
	{[]string{"restaurant", "stall", "snack", "drink"}, []string{"catering", "seafood"}, []string{"food", "price", "metering", "quality"}, []string{"海鲜大排档用餐", "梭子蟹", "堂食套餐", "外卖"}},
	{[]string{"homestay", "hotel", "travel"}, []string{"homestay", "hotel", "travel"}, []string{"contract", "price", "aftersale"}, []string{"海景房预订", "民宿退订", "一日游"}},
	{[]string{"seafood", "fresh", "market_shop"}, []string{"seafood", "food_fresh"}, []string{"metering", "quality", "food"}, []string{"带鱼", "小黄鱼", "虾皮", "水果"}},
	{[]string{"grocery", "liquor", "market_shop"}, []string{"food_packed", "drink"}, []string{"food", "quality", "price"}, []string{"预包装食品", "白酒", "饮料"}},
	{[]string{"clothing", "daily", "appliance", "furniture"}, []string{"clothing", "daily", "appliance", "furniture"}, []string{"quality", "aftersale", "promo"}, []string{"羽绒服", "运动鞋", "洗衣机", "沙发"}},
	{[]string{"online"}, []string{"food_packed", "electronics", "daily"}, []string{"promo", "quality", "aftersale"}, []string{"海产礼盒", "手机配件", "日用品"}},
	{[]string{"beauty", "training", "leisure"}, []string{"beauty", "education", "fitness"}, []string{"prepay", "contract"}, []string{"会员卡", "课程费", "健身卡"}},
	{[]string{"repair", "ebike", "decoration", "property"}, []string{"repair", "ebike", "decoration", "estate"}, []string{"quality", "price", "contract"}, []string{"维修费", "电动自行车", "装修", "物业费"}},
}

// plaint is one complaint on its way.
type plaint struct {
	f                    *firm
	about                grievance
	got, decided, heard  domain.Date // received, accepted or refused, called
	ended                domain.Date // "" = not within the records
	refused, late, stale bool        // stale: the limit of mediation runs out
	success              bool
	typed                domain.Date // refused in time on paper, typed in on this later day
}

// complaints are what people bring before the bureau: most in summer, decided
// and mediated in time but for the few that the targets leave.
func complaints(g *gen) {
	total, t := g.plan.count("complaints.all"), g.plan.target("complaints.all")
	reports := total * 22 / 100
	shops := make([][]*firm, len(grievances))
	for i, x := range grievances {
		shops[i] = g.pool(x.trades...)
	}
	weights := newPicker([]int{0, 1, 2, 3, 4, 5, 6, 7}, []int{26, 15, 12, 13, 12, 10, 6, 6})
	var list []*plaint
	for _, d := range g.year.dates(g.rnd, total-reports, t.Period.From, t.Period.To, tourism, false) {
		k := weights.draw(g.rnd)
		list = append(list, &plaint{f: one(g.rnd, shops[k]...), about: grievances[k], got: d})
	}
	g.firstLook(list)
	g.hearings(list)
	g.verdicts(list)
	for _, c := range list {
		g.complaint(c)
	}
	g.reports(g.year.dates(g.rnd, reports, t.Period.From, t.Period.To, tourism, false))
}

// firstLook dates the decision on acceptance: in time, but for the share that
// the target leaves. A tenth is refused.
func (g *gen) firstLook(list []*plaint) {
	to := g.plan.target("complaints.first_look").Period.To
	var due []*plaint
	for _, c := range list {
		c.decided = g.year.after(c.got, 1+g.rnd.IntN(5))
		c.refused = g.rnd.IntN(100) < 11
		if g.due("CMP-ACCEPT", c.got) <= to {
			due = append(due, c)
		}
	}
	late := len(due) - g.plan.share("complaints.first_look", len(due))
	for i, slow := range chosen(g.rnd, len(due), late) {
		if slow {
			due[i].late, due[i].refused = true, false
			due[i].decided = g.year.after(g.due("CMP-ACCEPT", due[i].got), 1+g.rnd.IntN(2))
		}
	}
	g.papers(slices.DeleteFunc(due, func(c *plaint) bool { return c.late || !c.refused }))
}

// papers lets a few refusals be signed in time and typed in after the limit,
// which takes an approver.
func (g *gen) papers(refused []*plaint) {
	for i, slip := range chosen(g.rnd, len(refused), min(3, len(refused)/20)) {
		day := g.year.after(g.due("CMP-ACCEPT", refused[i].got), 2)
		if slip && day <= g.file.Until {
			refused[i].typed = day
		}
	}
}

// hearings dates the end of mediation: before the limit, but for the share
// that the target leaves to run out.
func (g *gen) hearings(list []*plaint) {
	to := g.plan.target("complaints.in_time").Period.To
	var due []*plaint
	for _, c := range list {
		if c.refused || c.decided > g.file.Until {
			continue
		}
		c.heard = g.year.after(c.decided, 1+g.rnd.IntN(3))
		c.ended = g.year.after(c.heard, 2+g.rnd.IntN(22))
		if g.due("CMP-MEDIATE", c.decided) <= to {
			due = append(due, c)
		}
	}
	if len(due) == 0 {
		g.plan.agreed["complaints.in_time"] = 0
		return
	}
	for i, slow := range chosen(g.rnd, len(due), len(due)-g.plan.share("complaints.in_time", len(due))) {
		if slow {
			due[i].stale = true
			due[i].ended = g.due("CMP-MEDIATE", due[i].decided).AddDays(1)
		}
	}
}

// verdicts says which of the ended mediations succeeded.
func (g *gen) verdicts(list []*plaint) {
	to := g.plan.target("complaints.settled").Period.To
	var over []*plaint
	for _, c := range list {
		if c.ended != "" && c.ended <= to {
			over = append(over, c)
		} else if c.ended != "" {
			c.success = g.rnd.IntN(4) > 0
		}
	}
	// what ran out has not succeeded, so the rest must carry the share
	slices.SortStableFunc(over, func(a, b *plaint) int { return btoi(a.stale) - btoi(b.stale) })
	n := len(over)
	for n > 0 && over[n-1].stale {
		n--
	}
	good := g.plan.share("complaints.settled", len(over))
	if good > n {
		g.plan.refuse("complaints.settled", "到期终止过多，达不到该成功率", "too many run out for this rate of success")
		return
	}
	for i, ok := range chosen(g.rnd, n, good) {
		over[i].success = ok
	}
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

func (g *gen) complaint(c *plaint) {
	p := g.placeOf(c.f)
	handler, mediator := g.local("complaint_handler", p), g.local("mediator", p)
	acts := []act{{on: c.got, do: g.lodged(c)}}
	if g.rnd.IntN(80) == 0 {
		acts = append(acts, g.mistyped(c, handler))
	}
	switch {
	case c.refused:
		acts = append(acts, g.lateEntry(c.typed, mediator, g.on(c.decided, "refuse", handler, map[string]any{"refuse_ground": one(g.rnd, "2", "3", "3", "5"),
			"why": "经核实，" + one(g.rnd, "同一争议已经处理", "不属于生活消费需要", "材料不全且未补正"), "ways": "可以向人民法院起诉或者申请仲裁"})))
	default:
		acts = append(acts, g.on(c.decided, "accept", handler, map[string]any{"seat": one(g.rnd, "place", "place", "seat")}))
		if c.ended != "" && !c.stale {
			acts = append(acts, g.settlement(c, handler, mediator)...)
		} else if c.stale {
			acts = append(acts, g.told(g.year.after(c.ended, 1), mediator))
		}
	}
	g.tell(acts...)
}

// mistyped corrects the amount of a complaint the day it was taken down.
func (g *gen) mistyped(c *plaint, by domain.Actor) act {
	right := int64(30+g.rnd.IntN(900)) * 100
	return act{on: c.got, do: func(s *story) domain.Command {
		cmd := s.to(engine.ActCorrect, by, map[string]any{"field": "amount", "value": right})
		cmd.Reason = "金额录入有误，按消费凭证更正"
		return cmd
	}}
}

// lateEntry has an act typed in on a later day, with who approved it; no day
// leaves the act as it is.
func (g *gen) lateEntry(typed domain.Date, approver domain.Actor, a act) act {
	if typed == "" {
		return a
	}
	do := a.do
	a.late, a.do = typed, func(s *story) domain.Command {
		cmd := do(s)
		cmd.Approver, cmd.Reason = approver.ID, "当日已作书面决定，系统补录，附决定书影印件"
		return cmd
	}
	return a
}

// lodged is the complaint as it comes in.
func (g *gen) lodged(c *plaint) func(*story) domain.Command {
	serial := g.rnd.Uint64()
	in := map[string]any{"channel": one(g.rnd, "platform", "platform", "platform", "hotline", "gov12345", "window", "app"),
		"category": one(g.rnd, c.about.category...), "problem": one(g.rnd, c.about.problem...), "goods": one(g.rnd, c.about.goods...),
		"complainant": g.names.person(serial), "amount": int64(20+g.rnd.IntN(40)*g.rnd.IntN(60)) * 100,
		"demand": []any{one(g.rnd, "refund", "refund", "return", "damages", "change")}, "happened_on": string(c.got.AddDays(-g.rnd.IntN(9)))}
	if c.about.trades[0] == "online" {
		in["online"] = true
	}
	p := g.placeOf(c.f)
	return func(*story) domain.Command {
		return domain.Command{Kind: "complaint.complaint", Action: "receive", Of: c.f.ref, Area: p.area, Input: in, Actor: g.local("complaint_handler", p)}
	}
}

// settlement ends a mediation: agreed at a session, settled by the parties, or
// not at all.
func (g *gen) settlement(c *plaint, handler, mediator domain.Actor) []act {
	won := int64(10+g.rnd.IntN(300)) * 100
	roll := g.rnd.IntN(100)
	if c.success && roll < 35 {
		return []act{g.on(c.ended, "withdraw", handler, map[string]any{"withdraw_kind": "settle", "recovered": won}), g.told(c.ended, mediator),
			g.on(g.year.after(c.ended, 1), "archive", handler, nil)}
	}
	if !c.success && roll < 45 {
		return []act{g.on(c.ended, "end", mediator, map[string]any{"end_code": "2", "why": "被投诉人拒绝调解"}), g.told(c.ended, mediator),
			g.on(g.year.after(c.ended, 1), "archive", handler, nil)}
	}
	call := g.on(c.heard, "invite", mediator, map[string]any{"mediator": mediator.Name, "mode": one(g.rnd, "phone", "phone", "site", "online"), "both_agree": true})
	if !c.success {
		return []act{call, g.on(c.ended, "end", mediator, map[string]any{"end_code": "3", "why": "双方分歧较大，未能达成一致"}), g.told(c.ended, mediator),
			g.on(g.year.after(c.ended, 1), "archive", handler, nil)}
	}
	return []act{call, g.on(c.ended, "agree", mediator, map[string]any{"agreed_form": one(g.rnd, "at_once", "waived", "written"), "recovered": won}),
		g.on(g.year.after(c.ended, 2), "archive", handler, nil)}
}

func (g *gen) told(on domain.Date, by domain.Actor) act {
	return g.on(on, "tell_end", by, map[string]any{"told_complainant": true, "told_trader": true})
}
