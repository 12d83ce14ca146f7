package demo

import "github.com/dinghai/dinghai/domain"

var findings = map[string][]string{
	"general": {"安全管理制度未上墙", "作业人员证件过期未复审", "压力表未按期检定", "电梯应急救援电话不畅", "叉车未按规定悬挂牌照", "日管控记录不完整"},
	"serious": {"安全阀失效仍在使用", "未经检验的压力容器在用", "起重机械制动器失灵", "超过检验有效期的锅炉在用", "电梯门锁回路短接"},
}

// hazards are found in the safety sweep; nearly all are put right and accepted.
func hazards(g *gen) {
	for _, grade := range []string{"general", "serious"} {
		n := g.plan.count("hazards." + grade)
		ok := g.plan.share("hazards."+grade+".mended", n)
		g.sweep(grade, n, ok)
	}
}

func (g *gen) sweep(grade string, n, mended int) {
	units := g.pool("shipyard", "ship_repair", "machinery", "hotel", "chemistry", "refinery", "seafood_works", "property", "cold_store")
	// time for the order, the work and the check before the last day
	days := g.year.dates(g.rnd, mended, g.file.Opening.AddDays(20), g.file.Until.AddDays(-34), checking, true)
	for _, d := range days {
		g.tell(g.hazard(one(g.rnd, units...), grade, d, true)...)
	}
	for _, d := range g.year.dates(g.rnd, n-mended, g.file.Until.AddDays(-50), g.file.Until.AddDays(-5), evenly, true) {
		g.tell(g.hazard(one(g.rnd, units...), grade, d, false)...)
	}
}

// hazard is one finding; those not mended lapse into the list of overdue ones.
func (g *gen) hazard(f *firm, grade string, on domain.Date, mended bool) []act {
	p := g.placeOf(f)
	officer := g.local("equipment_officer", p)
	in := map[string]any{"hazard_source": "sweep", "campaign": "equipment_sweep", "grade": grade, "finding": one(g.rnd, findings[grade]...), "officers": g.pair(p)}
	if grade == "serious" {
		in["serious_kind"] = one(g.rnd, "safety_part", "uninspected", "overload")
	}
	acts := []act{
		{on: on, do: func(*story) domain.Command {
			return domain.Command{Kind: "equipment.hazard", Action: "find", Of: f.ref, Area: p.area, Input: in, Actor: officer}
		}},
		g.on(on, "order", officer, map[string]any{"demand": "立即整改，整改期间采取防护措施"}),
	}
	if !mended {
		return acts
	}
	fixed := g.year.after(on, 2+g.rnd.IntN(8))
	acts = append(acts, g.on(fixed, "rectify", g.self(f), map[string]any{"measures": "已按要求整改并自查"}))
	if g.rnd.IntN(12) == 0 {
		acts = append(acts, g.on(g.year.after(fixed, 1), "reject", officer, map[string]any{"opinion": "整改不到位，重新整改"}),
			g.on(g.year.after(fixed, 4), "rectify", g.self(f), map[string]any{"measures": "已重新整改"}))
		fixed = g.year.after(fixed, 4)
	}
	return append(acts, g.on(g.year.after(fixed, 1+g.rnd.IntN(4)), "accept", officer, map[string]any{"checkers": g.pair(p)}))
}

// self is somebody of the firm acting for it.
func (g *gen) self(f *firm) domain.Actor {
	p := g.placeOf(f)
	return domain.Actor{ID: "firm-" + numeral(f.n), Name: g.personOf(f), Grants: []domain.Grant{{Role: "firm", Area: p.county}}}
}
