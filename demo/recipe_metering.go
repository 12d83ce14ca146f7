package demo

import (
	"fmt"

	"github.com/dinghai/dinghai/domain"
)

// gauge is a measuring instrument under compulsory verification.
type gauge struct {
	ref   domain.Ref
	code  string
	kind  string
	f     *firm
	last  domain.Date // verified before the opening; "" = never
	tried domain.Date // verified this year
}

// metering verifies nozzles twice a year, flow meters every other year and
// chargers for the first time, and looks behind the nozzles' covers.
func metering(g *gen) {
	nozzles := g.gauges("JYQ", g.plan.count("metering.nozzles"), []string{"fuel_nozzle"}, "fuel", 6)
	flows := g.gauges("LLJ", g.plan.count("metering.flows"), []string{"flow_meter"}, "oil_trade", 24)
	g.gauges("CDZ", g.plan.count("metering.chargers"), []string{"ev_ac", "ev_ac", "ev_dc"}, "charging", 0)
	cases := g.plan.count("metering.prosecuted")
	g.spotChecks(append(nozzles, flows[:len(flows)/8]...), nozzles, cases)
}

// gauges makes n instruments of firms of a trade; months is the cycle.
func (g *gen) gauges(prefix string, n int, kinds []string, trade string, months int) []*gauge {
	users := g.pool(trade)
	list := make([]*gauge, n)
	first := g.year.dates(g.rnd, n, g.file.Opening.AddDays(8), g.file.Until.AddDays(-3), checking, true)
	for i := range list {
		x := &gauge{code: fmt.Sprintf("%s-%04d", prefix, i+1), kind: one(g.rnd, kinds...), f: users[i/6%len(users)], tried: first[i]}
		if months > 0 {
			x.last, x.tried = g.cycle(months)
		}
		list[i] = x
	}
	g.loads = append(g.loads, load{what: domain.Text{ZH: "导入计量器具", EN: "taking over instruments"}, n: n,
		make: func(i int) domain.Command { return g.gaugeEntry(list[i]) },
		then: func(i int, r domain.Receipt) { list[i].ref = r.Record.Ref }})
	for _, x := range list {
		g.verifications(x, months)
	}
	return list
}

// cycle draws the last verification so that the next falls due this year, and
// a day shortly before that.
func (g *gen) cycle(months int) (last, tried domain.Date) {
	span := min(months*30, g.file.Until.Sub(g.file.Opening)) - 25
	due := g.file.Opening.AddDays(20 + g.rnd.IntN(max(span, 1)))
	last = due.AddMonths(-months)
	return last, max(g.year.office(due.AddDays(-3-g.rnd.IntN(12))), g.year.office(g.file.Opening.AddDays(3)))
}

func (g *gen) gaugeEntry(x *gauge) domain.Command {
	p := g.placeOf(x.f)
	in := map[string]any{"code": x.code, "instrument_kind": x.kind, "user_name": g.nameOf(x.f), "place": g.addressOf(x.f)}
	if x.last != "" {
		in["verified_on"], in["result"], in["cert_no"], in["body"] = string(x.last), "pass", "J"+string(x.last[:4])+"-"+x.code, verifier
	}
	return domain.Command{Kind: "metrology.instrument", Action: "load", Of: x.f.ref, Area: p.area, Input: in, Actor: g.county("importer", p)}
}

const verifier = "舟山市质量技术监督检测研究院"

// verifications go on at the end of each cycle. The first must pass or fail
// within the period; a failed one is repaired and verified again.
func (g *gen) verifications(x *gauge, months int) {
	on := x.tried
	for round := 0; on <= g.file.Until; round++ {
		fails := g.rnd.IntN(100) < 3
		g.verified(x, on, round, fails)
		if fails {
			on = g.year.after(on, 5)
			continue
		}
		if months == 0 {
			return
		}
		on = g.year.office(on.AddMonths(months).AddDays(-4 - g.rnd.IntN(9)))
	}
}

func (g *gen) verified(x *gauge, on domain.Date, round int, fails bool) {
	in := map[string]any{"result": "pass", "body": verifier, "max_error": float64(g.rnd.IntN(25)) / 100, "cert_no": fmt.Sprintf("J%s-%s-%d", on[:4], x.code, round+1)}
	if fails {
		in = map[string]any{"result": "fail", "body": verifier, "fail_note": "示值误差超差"}
	}
	g.tell(act{on: on, do: func(*story) domain.Command {
		p := g.placeOf(x.f)
		return domain.Command{Kind: "metrology.verification", Action: "record", Of: x.ref, Area: p.area, Input: in, Actor: g.county("lab", p)}
	}})
}

// spotChecks look at a sample of instruments; the given number ends in a case,
// nearly as many in an order to correct.
func (g *gen) spotChecks(sample, nozzles []*gauge, cases int) {
	marked := chosen(g.rnd, len(nozzles), min(cases, len(nozzles)))
	slight := chosen(g.rnd, len(nozzles), min(len(nozzles), cases*9/10))
	days := g.year.dates(g.rnd, len(sample), g.file.Opening.AddDays(40), g.file.Until.AddDays(-6), checking, true)
	for i, x := range sample {
		switch {
		case i < len(nozzles) && marked[i]:
			g.caught(x, days[i])
		case i < len(nozzles) && slight[i]:
			g.slight(x, days[i])
		case i%3 == 0:
			g.tell(g.spot(x, days[i], "good", ""))
		}
	}
}

func (g *gen) spot(x *gauge, on domain.Date, result, finding string) act {
	p := g.placeOf(x.f)
	in := map[string]any{"spot": result, "officers": g.pair(p)}
	if finding != "" {
		in["finding"] = finding
	}
	return act{on: on, do: func(*story) domain.Command {
		return domain.Command{Record: x.ref, Action: "spot_check", Input: in, Actor: g.local("metrology_officer", p)}
	}}
}

func (g *gen) slight(x *gauge, on domain.Date) {
	p := g.placeOf(x.f)
	g.tell(g.spot(x, on, "label", "铅封缺失，标识不完整"), act{on: g.year.after(on, 4+g.rnd.IntN(5)), do: func(*story) domain.Command {
		return domain.Command{Record: x.ref, Action: "corrected", Actor: g.local("metrology_officer", p)}
	}})
}

// caught finds a nozzle tampered with: the case goes its way from there.
func (g *gen) caught(x *gauge, on domain.Date) {
	c := &docket{f: x.f, domain: "fuel", campaign: "fuel_metering", cause: "使用改装的加油机破坏计量准确度案", source: "inspection"}
	g.course(c, on)
	c.fine = int64(1+g.rnd.IntN(20)) * 100000
	check := g.spot(x, on, "cheat", "主板被改装，实际出油量少于示值")
	check.then = func(s *story, r domain.Receipt) {
		made("penalty.case")(s, r)
		s.ref = s.kids[0]
	}
	check.do = func(*story) domain.Command {
		p := g.placeOf(x.f)
		return domain.Command{Record: x.ref, Action: "spot_check", Actor: g.local("metrology_officer", p),
			Input: map[string]any{"spot": "cheat", "officers": g.pair(p), "finding": "主板被改装，实际出油量少于示值"}}
	}
	g.tell(append([]act{check}, g.proceedings(c)...)...)
}
