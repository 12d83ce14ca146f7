package demo

import "github.com/dinghai/dinghai/domain"

// tip is a report of a breach on its way.
type tip struct {
	f            *firm
	got, decided domain.Date
	filed        bool
}

// reports are checked and decided within their limit, but for the share that
// the target leaves; one in sixteen becomes a case.
func (g *gen) reports(days []domain.Date) {
	of := g.pool("restaurant", "grocery", "fresh", "foods", "liquor", "market_shop", "online", "seafood")
	to := g.plan.target("reports.in_time").Period.To
	var list, due []*tip
	for _, d := range days {
		t := &tip{f: one(g.rnd, of...), got: d, filed: g.rnd.IntN(16) == 0}
		t.decided = g.year.after(d, 4+g.rnd.IntN(10))
		list = append(list, t)
		if g.due("RPT-CHECK", d) <= to {
			due = append(due, t)
		}
	}
	for i, slow := range chosen(g.rnd, len(due), len(due)-g.plan.share("reports.in_time", len(due))) {
		if slow {
			due[i].decided = g.year.after(g.due("RPT-CHECK", due[i].got), 1)
		}
	}
	for _, t := range list {
		g.report(t)
	}
}

func (g *gen) report(t *tip) {
	p := g.placeOf(t.f)
	handler := g.local("complaint_handler", p)
	named := g.rnd.IntN(3) > 0
	in := map[string]any{"channel": one(g.rnd, "platform", "platform", "hotline", "gov12345", "post"), "problem": one(g.rnd, "food", "promo", "price", "license"),
		"clue": one(g.rnd, "销售超过保质期的食品", "广告内容不实", "无证经营", "标签不合规")}
	if named {
		in["named"], in["reporter"] = true, g.names.person(g.rnd.Uint64())
	}
	acts := []act{
		{on: t.got, do: func(*story) domain.Command {
			return domain.Command{Kind: "complaint.report", Action: "receive", Of: t.f.ref, Area: p.area, Input: in, Actor: handler}
		}},
		g.on(g.year.after(t.got, 1), "assign_check", handler, map[string]any{"checkers": g.pair(p)}),
	}
	if t.filed {
		acts = append(acts, g.onReport(t, p)...)
	} else {
		acts = append(acts, g.on(t.decided, "record_check", g.local("inspector", p), map[string]any{"finding": "现场检查未发现举报所称情形"}),
			g.on(t.decided, "not_file", g.local("bureau_head", p), map[string]any{"not_file_reason": one(g.rnd, "nofact", "nofact", "minor", "first", "vague"), "why": "经核查不符合立案条件"}))
	}
	if named {
		acts = append(acts, g.on(g.year.after(t.decided, 2), "tell", handler, nil))
	}
	g.tell(append(acts, g.on(g.year.after(t.decided, 3), "archive", handler, nil))...)
}

// onReport files a case on the report; the case is a story of its own, which
// begins as soon as there is a record of it.
func (g *gen) onReport(t *tip, p place) []act {
	c := &docket{f: t.f, domain: "food", source: "report", cause: one(g.rnd, onFood.causes...), fine: int64(5+g.rnd.IntN(60)) * 10000}
	g.course(c, t.decided)
	c.filed = t.decided
	shift := g.year.after(c.filed, 2)
	later := &story{who: g.who}
	file := g.on(t.decided, "file", g.local("bureau_head", p), map[string]any{"domain": c.domain, "cause": c.cause, "facts": "核查发现" + c.cause,
		"officers": g.pair(p), "four": true})
	file.then = func(_ *story, r domain.Receipt) { later.ref = openedBy(r, "penalty.case") }
	c.evidence = max(c.evidence, shift)
	later.acts = g.proceedings(c)[1:] // it is filed already
	g.stories = append(g.stories, later)
	return []act{file}
}
