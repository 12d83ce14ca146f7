package demo

import (
	"github.com/dinghai/dinghai/domain"
)

// docket is a penalty case: what it is about and the days of its course.
type docket struct {
	f                               *firm
	domain, campaign, class, source string
	cause, price                    string
	fine, gains                     int64
	seized                          int    // vehicles or goods taken away
	goods                           string // their kind
	charge                          string // sent to the police for
	criminal                        bool   // and taken up there

	found, filed, evidence, reported, audit, audited, noticed domain.Date
	decided, served, published, paid, closed                  domain.Date
}

// course draws the days of a case from the day it was found out.
func (g *gen) course(c *docket, found domain.Date) {
	y, r := g.year, g.rnd
	c.found = y.office(found)
	c.filed = y.after(c.found, 2+r.IntN(9))
	c.evidence = y.after(c.filed, 1+r.IntN(4))
	c.reported = y.after(c.evidence, 6+r.IntN(16))
	c.audit = y.after(c.reported, 1)
	c.audited = y.after(c.audit, 1+r.IntN(5))
	c.noticed = y.after(c.audited, 1+r.IntN(2))
	c.decided = y.after(c.noticed, 7+r.IntN(3))
	c.served = y.after(c.decided, 1+r.IntN(4))
	c.published = y.after(c.served, 1+r.IntN(5))
	c.paid = y.after(c.published, r.IntN(4))
	c.closed = y.after(c.paid, 1+r.IntN(8))
}

// longest is more working days than a course can take from the day of finding.
const longest = 75

// prosecution is a case from its source on.
func (g *gen) prosecution(c *docket) []act {
	return append([]act{{on: c.found, do: func(*story) domain.Command { return g.source(c) }}}, g.proceedings(c)...)
}

func (g *gen) source(c *docket) domain.Command {
	p := g.placeOf(c.f)
	in := map[string]any{"source": c.source, "domain": c.domain, "facts": "现场发现" + c.cause, "found_on": string(c.found)}
	for k, v := range map[string]string{"campaign": c.campaign, "product_class": c.class, "price_kind": c.price} {
		if v != "" {
			in[k] = v
		}
	}
	if c.f.individual() {
		in["party_kind"] = "person"
	}
	return domain.Command{Kind: "penalty.case", Action: "register_source", Of: c.f.ref, Area: p.area, Input: in, Actor: g.local("case_officer", p)}
}

// proceedings are the steps on a case that has been registered, as far as it
// goes: to the police, or to a decision paid and closed.
func (g *gen) proceedings(c *docket) []act {
	p := g.placeOf(c.f)
	filing := map[string]any{"cause": c.cause, "officers": g.pair(p), "evidence_seen": true, "penalty_due": true, "ours": true}
	if c.campaign != "" {
		filing["campaign"] = c.campaign
	}
	acts := []act{
		g.on(c.filed, "file", g.local("bureau_head", p), filing),
		g.on(c.evidence, "record_evidence", g.local("case_officer", p),
			map[string]any{"evidence_kind": "scene", "place": g.addressOf(c.f), "present": g.pair(p), "shown": true}),
	}
	if c.seized > 0 {
		acts = append(acts, g.on(c.evidence, "seize", g.local("case_officer", p), map[string]any{"goods_kind": c.goods, "quantity": int64(c.seized),
			"place": g.addressOf(c.f), "approved_by": g.local("bureau_head", p).Name}))
		acts[len(acts)-1].then = made("penalty.seizure")
	}
	if c.charge != "" {
		return append(acts, g.toPolice(c, p)...)
	}
	return append(acts, g.decision(c, p)...)
}

// on is a plain step on the story's own record.
func (g *gen) on(day domain.Date, action string, by domain.Actor, in map[string]any) act {
	who := g.shared(by)
	return act{on: day, do: func(s *story) domain.Command { return s.to(action, *who, in) }}
}

func (g *gen) decision(c *docket, p place) []act {
	officer, head, auditor := g.local("case_officer", p), g.local("bureau_head", p), g.county("legal_auditor", p)
	amounts := c.amounts()
	notice := map[string]any{"reasons": "违法事实清楚，证据确凿，" + c.cause, "mode": "direct"}
	verdict := map[string]any{"result": "penalty", "basis": "依照相关法律、法规和裁量基准"}
	for k, v := range amounts {
		notice[k], verdict[k] = v, v
	}
	acts := []act{
		g.on(c.reported, "report", officer, map[string]any{"proposal": "建议予以行政处罚"}),
		g.on(c.audit, "take_audit", auditor, map[string]any{"auditor": auditor.Name}),
		g.on(c.audited, "audit_agree", auditor, map[string]any{"opinion": "事实清楚，程序合法，同意"}),
		g.on(c.noticed, "notice", officer, notice),
		g.on(c.noticed, "waive", officer, nil),
		g.on(c.decided, "decide", head, verdict),
		g.on(c.served, "serve", officer, map[string]any{"serve_mode": "direct"}),
	}
	if c.seized > 0 {
		acts = append(acts, act{on: c.served, do: func(s *story) domain.Command {
			return s.kid(0, "release", head, map[string]any{"why": "案件已作出处理决定"})
		}})
	}
	return append(acts, g.execution(c, officer, head)...)
}

func (g *gen) execution(c *docket, officer, head domain.Actor) []act {
	closing := map[string]any{}
	if c.seized > 0 {
		closing["goods_handling"] = "按规定处理"
	}
	if c.fine+c.gains == 0 {
		return []act{g.on(c.paid, "executed", officer, map[string]any{"how": "警告已当场宣告送达"}), g.on(c.closed, "close", head, closing)}
	}
	return []act{
		g.on(c.published, "publish", officer, map[string]any{"masked": true}),
		g.on(c.paid, "pay", officer, map[string]any{"amount": c.fine + c.gains, "voucher": "浙财票" + numeral(int(c.f.serial()%100000000))}),
		g.on(c.closed, "close", head, closing),
	}
}

// amounts are the kinds of penalty and what they come to.
func (c *docket) amounts() map[string]any {
	kinds := []any{}
	out := map[string]any{}
	if c.fine > 0 {
		kinds, out["fine"] = append(kinds, "fine"), c.fine
	}
	if c.gains > 0 {
		kinds, out["gains"] = append(kinds, "confiscate_gain"), c.gains
	}
	if len(kinds) == 0 {
		kinds = append(kinds, "warning")
	}
	out["penalties"] = kinds
	return out
}

// toPolice hands the case over when it looks like a crime.
func (g *gen) toPolice(c *docket, p place) []act {
	officer, head := g.local("case_officer", p), g.local("bureau_head", p)
	led := func(day domain.Date, action string, by domain.Actor, in map[string]any) act {
		return act{on: day, do: func(s *story) domain.Command { return s.kid(len(s.kids)-1, action, by, in) }}
	}
	ask := g.on(c.reported, "to_police", g.local("case_head", p), map[string]any{"charge": c.charge, "team": g.pair(p)})
	ask.then = made("penalty.transfer")
	acts := []act{ask,
		led(g.year.after(c.reported, 1), "approve", head, map[string]any{"police": g.cat.Areas[p.county].ZH + "公安分局"}),
		led(g.year.after(c.reported, 1), "hand_over", officer, map[string]any{"papers": []any{"移送书", "调查报告", "涉案物品清单"}}),
	}
	if c.criminal {
		acts = append(acts, led(g.year.after(c.reported, 4), "police_accept", officer, map[string]any{"police_no": "公刑立字" + numeral(int(c.f.serial()%9000))}))
	}
	return acts
}
