package demo

import (
	"fmt"

	"github.com/dinghai/dinghai/domain"
)

// drive is one random inspection of the yearly plan.
type drive struct {
	name        string
	departments []any
	items       []any
	domain      string
	total       int
	first       domain.Date
	ref         domain.Ref
	checks      []*story
}

// joints are the kinds of joint inspection: who goes along, and what they look at.
var joints = []drive{
	{name: "餐饮服务单位联合抽查", departments: []any{"market", "health"}, items: []any{"catering", "health_place"}, domain: "catering"},
	{name: "旅馆民宿联合抽查", departments: []any{"market", "fire"}, items: []any{"price_marked", "fire_place"}, domain: "lodging"},
	{name: "食品销售单位联合抽查", departments: []any{"market", "tax"}, items: []any{"food_sale", "tax_register"}, domain: "food_sale"},
}

var solos = []drive{
	{name: "餐饮服务监督抽查", departments: []any{"market"}, items: []any{"catering"}, domain: "catering"},
	{name: "食品销售监督抽查", departments: []any{"market"}, items: []any{"food_sale"}, domain: "food_sale"},
	{name: "明码标价抽查", departments: []any{"market"}, items: []any{"price_marked"}, domain: "lodging"},
}

var fields = map[string]string{"restaurant": "catering", "snack": "catering", "drink": "catering", "stall": "catering", "homestay": "lodging", "hotel": "lodging",
	"grocery": "food_sale", "market_shop": "food_sale", "fresh": "food_sale"}

var departmentOf = map[string]string{"catering": "market", "price_marked": "market", "food_sale": "market", "health_place": "health", "fire_place": "fire", "tax_register": "tax"}

// inspections are drawn by lot, alone or together with other departments: a
// stated share of the visits is joint.
func inspections(g *gen) {
	n := g.plan.of("inspections.joint")
	joint := g.plan.share("inspections.joint", n)
	counties := g.counties()
	have := g.enrol(counties, n)
	for i, c := range counties {
		var list []*drive
		list = append(list, g.drives(joints, part(joint, i, len(counties)))...)
		list = append(list, g.drives(solos, part(n-joint, i, len(counties)))...)
		for _, d := range list {
			if k := have[c.county+d.domain]; k < d.total {
				g.plan.refuse("inspections.joint", "%s「%s」须抽 %d 户，名录中只有 %d 户", "%s, %q draws %d objects and the register has %d",
					g.cat.Areas[c.county].ZH, d.name, d.total, k)
			}
		}
		g.yearPlan(c, list)
	}
}

// part is the i-th of k nearly equal parts of n.
func part(n, i, k int) int { return n*(i+1)/k - n*i/k }

// counties lists one place for each county.
func (g *gen) counties() []place {
	var out []place
	seen := map[string]bool{}
	for _, p := range g.places {
		if !seen[p.county] {
			seen[p.county] = true
			p.area = p.county
			out = append(out, p)
		}
	}
	return out
}

func (g *gen) drives(kinds []drive, n int) []*drive {
	var out []*drive
	for i, k := range kinds {
		if k.total = part(n, i, len(kinds)); k.total > 0 {
			k.first = g.year.office(g.file.Opening.AddDays(45 + 70*i + g.rnd.IntN(30)))
			out = append(out, &k)
		}
	}
	return out
}

// enrol fills the registers of objects and inspectors, and counts the objects
// by county and field.
func (g *gen) enrol(counties []place, n int) map[string]int {
	var list []*firm
	have := map[string]int{}
	for _, f := range g.pool("restaurant", "snack", "drink", "stall", "homestay", "hotel", "grocery", "market_shop", "fresh") {
		key := g.placeOf(f).county + fields[g.names.trades[f.trade].name]
		if have[key]++; have[key] <= 40+n/2 {
			list = append(list, f)
		}
	}
	g.loads = append(g.loads, load{what: domain.Text{ZH: "导入检查对象名录", EN: "taking over the objects of inspection"}, n: len(list),
		make: func(i int) domain.Command {
			f := list[i]
			p := g.placeOf(f)
			return domain.Command{Kind: "inspection.object", Action: "load", Of: f.ref, Area: p.area, Actor: g.county("importer", p), Input: map[string]any{
				"object_id": g.codeOf(f), "name": g.nameOf(f), "domains": []any{fields[g.names.trades[f.trade].name]}, "risk_class": []string{"A", "B", "B", "B", "C", "D"}[f.serial()%6], "address": g.addressOf(f)}}
		},
		then: func(int, domain.Receipt) {}})
	depts := []string{"market", "market", "market", "health", "fire", "tax"}
	g.loads = append(g.loads, load{what: domain.Text{ZH: "导入检查人员名录", EN: "taking over the inspectors"}, n: len(counties) * 24,
		make: func(i int) domain.Command {
			p, d := counties[i/24], depts[i%len(depts)]
			return domain.Command{Kind: "inspection.inspector", Action: "load", Area: p.area, Actor: g.county("importer", p), Input: map[string]any{
				"cert_no": fmt.Sprintf("ZJ-%s-%03d", p.county, i), "name": g.names.person(hash(fmt.Sprint("cert", i))), "department": d,
				"domains": []any{"catering", "food_sale", "lodging", "health", "fire", "tax", "price"}, "cert_until": "2025-12-31", "max_load": int64(500)}}
		},
		then: func(int, domain.Receipt) {}})
	return have
}

// yearPlan is a county's plan; with its publication the tasks stand.
func (g *gen) yearPlan(p place, list []*drive) {
	if len(list) == 0 {
		return
	}
	o, head := g.county("draw_officer", p), g.county("bureau_head", p)
	var rows []any
	for _, d := range list {
		rows = append(rows, map[string]any{"name": d.name, "lead": "market", "departments": d.departments, "items": d.items, "domains": []any{d.domain},
			"quota_mode": "total", "total": int64(d.total), "method": "onsite", "first_day": string(d.first), "last_day": string(d.first.AddDays(75)), "place": p.county})
	}
	day := g.year.office(g.file.Opening.AddDays(9))
	publish := g.on(g.year.after(day, 4), "publish", o, nil)
	publish.then = func(_ *story, r domain.Receipt) {
		for i, ref := range allOpened(r, "inspection.task") {
			list[i].ref = ref
		}
	}
	g.tell(act{on: day, do: func(*story) domain.Command {
		return domain.Command{Kind: "inspection.plan", Action: "draft", Area: p.area, Actor: o, Input: map[string]any{"year": int64(day.Year()),
			"title": g.cat.Areas[p.county].ZH + "年度双随机抽查计划", "tasks": rows}}
	}}, g.on(day, "submit", o, nil), g.on(g.year.after(day, 2), "approve", head, nil), publish)
	for _, d := range list {
		g.drive(d, p)
	}
}

func allOpened(r domain.Receipt, kind string) []domain.Ref {
	var out []domain.Ref
	for _, e := range r.Events {
		if e.Kind == kind && e.Changes.Open != nil {
			out = append(out, domain.Ref{Home: e.Home, ID: e.Record})
		}
	}
	return out
}

// drive freezes the lists, waits for the value, draws, has it witnessed, and
// sends people out.
func (g *gen) drive(d *drive, p place) {
	y, o := g.year, g.county("draw_officer", p)
	value := y.after(d.first, 3)
	drawn := y.after(value, 1)
	seen := y.after(drawn, 1)
	last := seen
	for range d.total {
		s := &story{who: g.who}
		on := y.after(seen, 1+g.rnd.IntN(30))
		s.acts = g.visit(d, p, on)
		last = max(last, s.acts[len(s.acts)-1].on)
		d.checks = append(d.checks, s)
		g.stories = append(g.stories, s)
	}
	task := func(on domain.Date, action string, by domain.Actor, in map[string]any) act {
		return act{on: on, do: func(*story) domain.Command {
			return domain.Command{Record: d.ref, Action: action, Actor: by, Input: in}
		}}
	}
	witness := task(seen, "witness", g.county("draw_witness", p), map[string]any{"witness_note": "名单根值、随机数和结果均已核对"})
	witness.then = func(_ *story, r domain.Receipt) {
		for i, ref := range allOpened(r, "inspection.check") {
			d.checks[i].ref = ref
		}
	}
	g.tell(task(d.first, "freeze", o, map[string]any{"beacon_source": "welfare_lottery", "beacon_round": "双色球" + string(value), "beacon_on": string(value), "salt": fmt.Sprintf("%016x", g.rnd.Uint64())}),
		task(drawn, "draw", o, map[string]any{"randomness": g.numbers()}), witness, task(y.after(last, 1), "finish", o, nil))
}

// numbers are six lots and one, as a lottery publishes them.
func (g *gen) numbers() string {
	p := g.rnd.Perm(33)
	return fmt.Sprintf("%02d %02d %02d %02d %02d %02d + %02d", p[0]+1, p[1]+1, p[2]+1, p[3]+1, p[4]+1, p[5]+1, 1+g.rnd.IntN(16))
}

// visit is one household-check by the people drawn for it.
func (g *gen) visit(d *drive, p place, on domain.Date) []act {
	inspector, head, officer := g.county("inspector", p), g.county("case_head", p), g.county("draw_officer", p)
	acts := []act{{on: on, do: func(s *story) domain.Command {
		var team any
		if r := g.peek(s.ref); r != nil {
			team = r.Fields["team"]
		}
		return s.to("start", inspector, map[string]any{"present": team, "shown": true})
	}}}
	for _, dep := range d.departments {
		var rows []any
		for _, item := range d.items {
			if departmentOf[item.(string)] == dep {
				rows = append(rows, map[string]any{"item": item, "result": "1"})
			}
		}
		acts = append(acts, g.on(on, "enter", inspector, map[string]any{"department": dep, "rows": rows}))
	}
	return append(acts, g.on(on, "finish", inspector, map[string]any{"signed": true}), g.on(g.year.after(on, 2), "review", head, nil),
		g.on(g.year.after(on, 4), "publish", officer, nil))
}
