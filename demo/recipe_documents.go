package demo

import (
	"fmt"

	"github.com/dinghai/dinghai/domain"
)

var drafters = []string{"发展和改革局", "经济和信息化局", "商务局", "海洋与渔业局", "文化和旅游局", "住房和城乡建设局", "交通运输局", "人力资源和社会保障局", "农业农村局", "财政局"}

var titles = []string{"关于促进%s高质量发展的若干意见", "%s专项资金管理办法", "关于支持%s企业稳定经营的通知", "%s项目招标管理细则", "%s扶持政策实施办法", "%s奖励补助办法"}

var subjects = []string{"远洋渔业", "海岛民宿", "船舶修造", "水产加工", "绿色石化", "油品贸易", "数字经济", "现代物流", "旅游业", "小微企业"}

// seat draws a county, for papers that belong to a government and not to a firm.
func (g *gen) seat() place {
	p := g.places[g.town.draw(g.rnd)]
	p.area = p.county
	return p
}

func (g *gen) title() string { return fmt.Sprintf(one(g.rnd, titles...), one(g.rnd, subjects...)) }

func (g *gen) drafter(p place) string { return g.cat.Areas[p.county].ZH + one(g.rnd, drafters...) }

// reviews hold new measures against fair competition: most pass, some after a
// change, a few are given up; and old measures and documents are gone through.
func reviews(g *gen) {
	t := g.plan.target("papers.new")
	n := g.plan.count("papers.new")
	amended := g.plan.part("papers.new.changed", n)
	dropped := g.plan.part("papers.new.dropped", n-amended)
	kinds := chosen(g.rnd, n, amended+dropped)
	for i, d := range g.year.dates(g.rnd, n, g.year.after(t.Period.From, 12), t.Period.To, evenly, true) {
		verdict := "PASS"
		if kinds[i] {
			if verdict = "DROP"; amended > 0 {
				verdict, amended = "AMEND", amended-1
			}
		}
		g.review(d, verdict)
	}
	for _, d := range g.year.dates(g.rnd, g.plan.scaled(20), g.year.cal.AddWorkdays(g.file.Until, -5), g.file.Until, evenly, true) {
		g.review(g.year.after(d, 10), "PASS") // still under review at the end
	}
	g.oldMeasures()
	g.oldDocuments()
}

// review ends with its conclusion on a day.
func (g *gen) review(on domain.Date, verdict string) {
	p := g.seat()
	o := g.county("fcr_officer", p)
	cal := g.year.cal
	draft := max(cal.AddWorkdays(on, -6-g.rnd.IntN(5)), g.year.office(g.file.Opening.AddDays(1)))
	text, final := fmt.Sprintf("%016x", g.rnd.Uint64()), fmt.Sprintf("%016x", g.rnd.Uint64())
	in := map[string]any{"title": g.title(), "drafter": g.drafter(p), "level": one(g.rnd, "department", "department", "government"), "doc_kind": one(g.rnd, "policy", "normdoc", "measure"), "text_hash": text}
	acts := []act{
		{on: draft, do: func(*story) domain.Command {
			return domain.Command{Kind: "faircompetition.review", Action: "propose", Area: p.area, Input: in, Actor: o}
		}},
		g.on(min(g.year.after(draft, 2), on), "self_review", o, map[string]any{"first_opinion": "对照审查标准逐项审查"}),
		g.on(min(g.year.after(draft, 4), on), "consult", o, map[string]any{"heard": []any{one(g.rnd, "traders", "association")}, "opinions": "无不同意见"}),
	}
	if verdict == "AMEND" {
		acts = append(acts, g.on(on, "ask_fix", o, map[string]any{"fix_opinion": "删去限定本地企业的条款", "standards": []any{"flow"}}),
			g.on(on, "fixed", o, map[string]any{"text_hash": final}))
		text = final
	}
	acts = append(acts, g.on(on, "conclude", o, map[string]any{"conclusion": verdict, "reasons": "见审查表"}))
	if verdict != "DROP" {
		acts = append(acts, g.on(g.year.after(on, 3+g.rnd.IntN(9)), "issue", o, map[string]any{"document": fmt.Sprintf("〔2023〕%d号", 1+g.rnd.IntN(180)), "final_hash": text}))
	}
	g.tell(acts...)
}

// oldMeasures are kept, amended or abolished; the whole is the sum of the three.
func (g *gen) oldMeasures() {
	clean, amended, gone := g.plan.count("papers.old.clean"), g.plan.count("papers.old.changed"), g.plan.count("papers.old.repealed")
	n := g.plan.whole("papers.old", clean, amended, gone)
	t := g.plan.target("papers.old")
	results := shuffled(g, n, map[string]int{"AMEND": amended, "ABOLISH": gone}, []string{"AMEND", "ABOLISH"}, "KEEP")
	for i, d := range g.year.dates(g.rnd, n, t.Period.From.AddDays(30), t.Period.To, checking, true) {
		p := g.seat()
		o := g.county("fcr_officer", p)
		in := map[string]any{"title": g.title(), "drafter": g.drafter(p), "issued_on": string(domain.Date("2022-06-30").AddDays(-g.rnd.IntN(3600)))}
		opinion := map[string]any{"proposal": results[i], "opinion": "经对照审查标准"}
		if results[i] != "KEEP" {
			opinion["standards"] = []any{one(g.rnd, "access", "flow", "cost")}
		}
		acts := []act{{on: g.year.cal.AddWorkdays(d, -4), do: func(*story) domain.Command {
			return domain.Command{Kind: "faircompetition.stock", Action: "enlist", Area: p.area, Input: in, Actor: o}
		}}, g.on(g.year.cal.AddWorkdays(d, -1), "propose", o, opinion), g.on(d, "decide", o, map[string]any{"result": results[i]})}
		if results[i] != "KEEP" {
			acts = append(acts, g.on(g.year.after(d, 10), "finish", o, map[string]any{"new_document": "已公布"}))
		}
		g.tell(acts...)
	}
}

// shuffled deals out results: so many of each, the rest of the default.
func shuffled(g *gen, n int, of map[string]int, order []string, rest string) []string {
	out := make([]string, n)
	k := 0
	for _, name := range order {
		for range of[name] {
			out[k] = name
			k++
		}
	}
	for ; k < n; k++ {
		out[k] = rest
	}
	g.rnd.Shuffle(n, func(i, j int) { out[i], out[j] = out[j], out[i] })
	return out
}

// oldDocuments are the normative ones on the business environment.
func (g *gen) oldDocuments() {
	t := g.plan.target("papers.norms")
	n := g.plan.count("papers.norms")
	amended := g.plan.part("papers.norms.change", n)
	gone := g.plan.part("papers.norms.repeal", n-amended)
	results := shuffled(g, n, map[string]int{"amend": amended, "abolish": gone}, []string{"amend", "abolish"}, "keep")
	for i, d := range g.year.dates(g.rnd, n, t.Period.From.AddDays(40), t.Period.To, checking, true) {
		p := g.seat()
		o := g.county("fcr_officer", p)
		in := map[string]any{"title": g.title(), "drafter": g.drafter(p), "issued_on": string(domain.Date("2021-12-30").AddDays(-g.rnd.IntN(3600)))}
		g.tell(act{on: g.year.cal.AddWorkdays(d, -3), do: func(*story) domain.Command {
			return domain.Command{Kind: "faircompetition.document", Action: "enlist", Area: p.area, Input: in, Actor: o}
		}}, g.on(d, "propose", o, map[string]any{"proposal": results[i], "opinion": "结合实施情况"}),
			g.on(g.year.after(d, 8), "consult", o, map[string]any{"consulted_units": []any{"司法局", "财政局"}}),
			g.on(g.year.after(d, 15), "decide", o, map[string]any{"result": results[i], "decision": "清理决定2023"}),
			g.on(g.year.after(d, 18), "publish", o, nil))
	}
}

// visits are counted day by day and channel by channel.
func visits(g *gen) {
	t := g.plan.target("visits.counted")
	days := g.year.days(t.Period.From, t.Period.To, false)
	channels := []string{"web", "mini", "app", "kiosk"}
	var w []float64
	for _, d := range days {
		busy := 1.0
		if !g.year.cal.IsWorkday(d) {
			busy = 0.35
		}
		for k := range channels {
			w = append(w, busy*[]float64{5, 4, 1.5, 0.3}[k]*(0.6+g.rnd.Float64()))
		}
	}
	for i, n := range spread(int64(g.plan.count("visits.counted")), w) {
		d, channel := days[i/len(channels)], channels[i%len(channels)]
		in := map[string]any{"day": string(d), "channel": channel, "visits": n, "robots": n / 7}
		g.tell(act{on: d, do: func(*story) domain.Command {
			return domain.Command{Kind: "policy.visits", Action: "count", Area: g.file.Bureau.Area, Input: in, Actor: g.city("policy_officer")}
		}})
	}
}
