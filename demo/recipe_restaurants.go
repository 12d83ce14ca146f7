package demo

import (
	"fmt"

	"github.com/dinghai/dinghai/domain"
)

// reform is the day guided openings began in earnest.
const reform = domain.Date("2023-04-01")

// diner is a restaurant on its way to open.
type diner struct {
	n                               int
	f                               *firm
	issued                          domain.Date
	booked, looked, mended, applied domain.Date // booked: "" = without guidance
	again                           domain.Date // recheck after opening
	first, second                   bool        // passed at once
	guide                           domain.Ref
}

// restaurants open, far more than the year before; those that asked for
// guidance are looked at before and after they open.
func restaurants(g *gen) {
	t := g.plan.target("restaurants.opened")
	n := g.plan.count("restaurants.opened")
	last := g.plan.before("restaurants.up", n)
	of := g.pool("restaurant", "snack", "drink", "stall", "homestay")
	if n+last > len(of) {
		g.plan.refuse("restaurants.opened", "登记册中的餐饮户只有 %d 家", "the register has only %d firms that could open one", len(of))
		return
	}
	order := g.rnd.Perm(len(of))
	g.openedBefore(of, order[n:n+last], t)
	var list []*diner
	for i, d := range g.year.dates(g.rnd, n, g.year.office(t.Period.From.AddDays(1)), t.Period.To, eating, true) {
		list = append(list, &diner{n: i + 1, f: of[order[i]], issued: d})
	}
	g.guided(list)
	for _, d := range list {
		g.open(d)
	}
}

// openedBefore loads the permits of last year's same period.
func (g *gen) openedBefore(of []*firm, idx []int, t *Target) {
	days := g.year.dates(g.rnd, len(idx), t.Period.From.AddYears(-1).AddDays(4), t.Period.To.AddYears(-1), eating, true)
	g.loads = append(g.loads, load{what: domain.Text{ZH: "导入上年食品经营许可", EN: "taking over last year's permits"}, n: len(idx),
		make: func(i int) domain.Command {
			f := of[idx[i]]
			p := g.placeOf(f)
			return domain.Command{Kind: "food.permit", Action: "load", Of: f.ref, Area: p.area, Actor: g.county("importer", p), Input: map[string]any{
				"permit_no": fmt.Sprintf("JY2%s%06d", p.county, 500000+i), "kind": kindOf(f), "address": g.addressOf(f), "scope": "热食类食品制售",
				"catering_kind": "small", "issued_on": string(days[i])}}
		},
		then: func(int, domain.Receipt) {}})
}

func kindOf(f *firm) string {
	if f.serial()%3 == 0 {
		return "small_catering"
	}
	return "catering"
}

// guided dates the visits: a stated number of first looks before the reform,
// and everybody since; shares of both pass.
func (g *gen) guided(list []*diner) {
	early := g.plan.of("restaurants.first_before")
	var before, after []*diner
	opening := g.year.office(g.file.Opening.AddDays(1))
	for _, d := range list {
		d.applied = max(g.year.cal.AddWorkdays(d.issued, -2-g.rnd.IntN(4)), opening)
		d.mended = max(g.year.cal.AddWorkdays(d.applied, -1-g.rnd.IntN(3)), opening)
		d.looked = max(g.year.cal.AddWorkdays(d.mended, -2-g.rnd.IntN(3)), opening)
		switch {
		case d.looked >= reform:
			after = append(after, d)
		case len(before) < early:
			before = append(before, d)
		default:
			continue
		}
		d.booked = max(g.year.cal.AddWorkdays(d.looked, -1-g.rnd.IntN(2)), opening)
	}
	if len(before) == 0 || len(after) == 0 {
		g.plan.refuse("restaurants.first_before", "改革前后须都有首次检查", "there must be first looks before and after the reform")
		return
	}
	for _, half := range []struct {
		list  []*diner
		which string
	}{{before, "before"}, {after, "after"}} {
		for i, ok := range chosen(g.rnd, len(half.list), g.plan.share("restaurants.first_"+half.which, len(half.list))) {
			half.list[i].first = ok
		}
	}
	g.looksAgain(before, after)
}

// looksAgain dates and decides the visit after opening.
func (g *gen) looksAgain(before, after []*diner) {
	var early, late []*diner
	for i, d := range append(before, after...) {
		d.again = g.year.after(d.issued, 5+g.rnd.IntN(18))
		if i == 0 && d.again >= reform { // there is one before the reform even in a tiny bureau
			d.again = max(d.issued, g.year.cal.Prev(reform.AddDays(-1)))
		}
		switch {
		case d.again < reform:
			early = append(early, d)
		case d.again <= g.file.Until:
			late = append(late, d)
		}
	}
	for _, half := range []struct {
		list  []*diner
		which string
	}{{early, "before"}, {late, "after"}} {
		for i, ok := range chosen(g.rnd, len(half.list), g.plan.share("restaurants.second_"+half.which, len(half.list))) {
			half.list[i].second = ok
		}
	}
}

func (g *gen) open(d *diner) {
	p := g.placeOf(d.f)
	var acts []act
	if d.booked != "" {
		acts = g.guidance(d, p)
	}
	officer, head := g.local("permit_officer", p), g.local("bureau_head", p)
	permit := func(day domain.Date, action string, by domain.Actor, in map[string]any) act {
		return act{on: day, do: func(s *story) domain.Command { return s.kid(0, action, by, in) }}
	}
	acts = append(acts,
		act{on: d.applied, do: func(*story) domain.Command { return g.applyPermit(d, p, officer) },
			then: func(s *story, r domain.Receipt) { s.kids = append(s.kids, r.Record.Ref) }},
		permit(d.applied, "accept", officer, nil),
		permit(g.before(d.issued, d.applied), "site_check", g.local("food_officer", p), map[string]any{"site_passed": true, "checkers": g.pair(p)}),
		permit(d.issued, "grant", head, nil),
		permit(d.issued, "issue", officer, map[string]any{"permit_no": fmt.Sprintf("JY2%s%06d", p.county, d.n)}))
	if d.booked != "" {
		acts = append(acts, g.lookAgain(d, p)...)
	}
	g.tell(acts...)
}

// before is the working day before a day, but not before another.
func (g *gen) before(d, floor domain.Date) domain.Date {
	return max(g.year.cal.AddWorkdays(d, -1), floor)
}

func (g *gen) applyPermit(d *diner, p place, by domain.Actor) domain.Command {
	in := map[string]any{"kind": kindOf(d.f), "address": g.addressOf(d.f), "scope": "热食类食品制售", "catering_kind": one(g.rnd, "small", "snack", "drink", "stall")}
	if !d.guide.Zero() {
		in["catering"] = d.guide.String()
	}
	return domain.Command{Kind: "food.permit", Action: "apply", Of: d.f.ref, Area: p.area, Input: in, Actor: by}
}

func (g *gen) guidance(d *diner, p place) []act {
	o := g.local("food_officer", p)
	in := map[string]any{"name": g.nameOf(d.f), "address": g.addressOf(d.f), "catering_kind": "small", "mode": one(g.rnd, "site", "site", "video")}
	book := act{on: d.booked,
		do: func(*story) domain.Command {
			return domain.Command{Kind: "food.catering", Action: "book", Of: d.f.ref, Area: p.area, Input: in, Actor: o}
		},
		then: func(s *story, _ domain.Receipt) { d.guide = s.ref }}
	if d.first {
		return []act{book, g.on(d.looked, "first_check", o, map[string]any{"first_passed": true})}
	}
	return []act{book, g.on(d.looked, "first_check", o, map[string]any{"problems": []any{map[string]any{"item": one(g.rnd, "布局流程不合理", "未设专用清洗水池", "三防设施不全"), "advice": "按指导意见调整"}}}),
		g.on(d.mended, "fix", o, nil), g.on(d.mended, "check_again", o, map[string]any{"passed": true})}
}

func (g *gen) lookAgain(d *diner, p place) []act {
	o := g.local("food_officer", p)
	if d.second {
		return []act{g.on(d.again, "recheck", o, map[string]any{"recheck_passed": true})}
	}
	return []act{g.on(d.again, "recheck", o, map[string]any{"problems": []any{map[string]any{"item": "从业人员健康证未公示"}}}),
		g.on(g.year.after(d.again, 5), "recheck_again", o, map[string]any{"passed": true})}
}
