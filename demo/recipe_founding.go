package demo

import "github.com/dinghai/dinghai/domain"

// found draws the year's new businesses.
func (g *gen) found(m *flow) {
	for _, o := range m.opened {
		f := g.newFirm(o.individual)
		f.zone = o.zone
		if o.zone {
			f.place = g.inZone()
			if f.kind == cooperative || f.kind == branchOffice {
				f.kind = company // only enterprises count as such
			}
		}
		f.founded = o.on
		m.fresh = append(m.fresh, f)
	}
}

// inZone draws a place the free trade zone reaches into.
func (g *gen) inZone() int {
	for range 1000 {
		if i := g.town.draw(g.rnd); g.places[i].ftz {
			return i
		}
	}
	return 0
}

// establish is one opening: on the spot as a rule, after a day or two for the
// rest, once in a while only after papers were completed; and now and then an
// application is typed in twice and the second one voided.
func (g *gen) establish(f *firm) {
	p := g.placeOf(f)
	window, registrar := g.county("window_clerk", p), g.county("registrar", p)
	first := g.year.office(g.file.Opening.AddDays(1))
	apply := f.founded
	slow := g.rnd.IntN(100)
	if slow < 25 {
		apply = max(g.year.cal.AddWorkdays(f.founded, -1-g.rnd.IntN(2)), first)
	}
	acts := []act{{on: apply, do: func(*story) domain.Command { return g.application(f, window) }}}
	if slow < 4 {
		acts = append(acts, g.on(apply, "return_papers", registrar, map[string]any{"missing": "住所使用证明、经营者身份证明"}),
			g.on(f.founded, "resubmit", window, nil))
	}
	approve := g.on(f.founded, "approve", registrar, map[string]any{"uscc": g.codeOf(f), "identity_verified": true, "person_fit": true})
	approve.then = func(_ *story, r domain.Receipt) {
		f.ref, f.licence = openedBy(r, "registration.entity"), openedBy(r, "elicence.licence")
	}
	g.tell(append(append(acts, approve), g.fetch(f)...)...)
	if slow == 99 && g.rnd.IntN(4) == 0 {
		g.typedTwice(f, apply, window)
	}
}

func (g *gen) typedTwice(f *firm, on domain.Date, window domain.Actor) {
	g.tell(act{on: on, do: func(*story) domain.Command { return g.application(f, window) }},
		act{on: on, do: func(s *story) domain.Command {
			c := s.to("void", window, nil)
			c.Reason = "重复录入"
			return c
		}})
}

// application is the form handed in at the window.
func (g *gen) application(f *firm, by domain.Actor) domain.Command {
	t, p := g.names.trades[f.trade], g.placeOf(f)
	in := map[string]any{"name": g.nameOf(f), "name_check": "free", "type": typeCodes[f.kind], "scope": t.scope, "address": g.addressOf(f),
		"industry": t.industry, "person": g.personOf(f)}
	if f.kind != branchOffice {
		in["capital"], in["currency"] = g.capitalOf(f), "CNY"
	} else {
		in["head_office"] = g.cityShort() + brand(uint64(f.n+1)) + "有限公司"
	}
	if !f.individual() {
		in["holders"] = g.holdersOf(f)
	}
	if f.zone {
		in["in_ftz"] = true
	}
	if f.small {
		in["small_micro"] = true
	}
	if len(p.zones) > 0 {
		in["zone_codes"] = p.zones
	}
	return domain.Command{Kind: "registration.establish", Action: "receive", Area: p.area, Input: in, Actor: by}
}

func (g *gen) holdersOf(f *firm) []any {
	c := g.capitalOf(f)
	mode := "cash"
	return []any{
		map[string]any{"holder": g.personOf(f), "amount": c / 10 * 6, "mode": mode},
		map[string]any{"holder": g.names.person(f.serial() + 7), "amount": c - c/10*6, "mode": mode},
	}
}

// converting turns an individual business into a company: one is struck off
// and the other opened, as a pair.
func (g *gen) converting(c *firm) {
	f, p := c.owner, g.placeOf(c)
	in := map[string]any{"mode": "pair", "new_type": "LLC", "new_name": g.nameOf(c), "name_check": "free", "capital": g.capitalOf(c), "currency": "CNY",
		"person": g.personOf(f), "holders": []any{map[string]any{"holder": g.personOf(f), "amount": g.capitalOf(c), "mode": "cash"}},
		"small_micro": true, "operator_stays": true, "tax_cleared": true, "debts_promise": true}
	approve := g.on(c.founded, "approve", g.county("registrar", p), map[string]any{"uscc": g.codeOf(c), "identity_verified": true})
	approve.then = func(_ *story, r domain.Receipt) {
		c.ref, c.licence = openedBy(r, "registration.entity"), openedBy(r, "elicence.licence")
	}
	receive := act{on: c.founded, do: func(*story) domain.Command {
		return domain.Command{Kind: "registration.conversion", Action: "receive", Of: f.ref, Area: p.area, Input: in, Actor: g.county("window_clerk", p)}
	}}
	g.tell(append([]act{receive, approve}, g.fetch(c)...)...)
}

// licences decides who has downloaded the electronic licence: so many of the
// firms in stock on the stated day. New ones do so at once, old ones did before
// the opening or do in the course of the year.
func (g *gen) licences(m *flow, stock int) {
	want := g.plan.share("licences.downloaded", stock)
	var old []*firm
	for _, f := range g.firms {
		switch {
		case f.founded != "":
			if g.rnd.IntN(100) < 93 {
				f.fetched = f.founded.AddDays(g.rnd.IntN(3))
			}
			if f.fetched != "" && f.fetched <= m.by {
				want--
			}
		case f.state != "revoked" && (f.left == "" || f.left > m.by):
			old = append(old, f)
		default:
			f.got = g.rnd.IntN(2) == 0
		}
	}
	if want < 0 || want > len(old) {
		g.plan.refuse("licences.downloaded", "新设主体已超出该下载率", "the new businesses alone do not fit this rate")
		return
	}
	late := want / 40
	for i, k := range g.rnd.Perm(len(old)) {
		switch {
		case i < want-late || old[k].gone != "" && i < want:
			old[k].got = true
		case i < want:
			old[k].fetched = g.year.dates(g.rnd, 1, g.file.Opening.AddDays(2), m.by, tourism, false)[0]
			g.tell(g.fetch(old[k])...)
		}
	}
}

// fetch downloads a licence on its day, if there is one.
func (g *gen) fetch(f *firm) []act {
	if f.fetched == "" {
		return nil
	}
	in := map[string]any{"channel": one(g.rnd, "wechat", "wechat", "alipay", "app", "helper"), "holder": g.personOf(f), "face_checked": true}
	return []act{{on: f.fetched, do: func(*story) domain.Command {
		return domain.Command{Record: f.licence, Action: "download", Actor: g.self(f), Input: in}
	}}}
}
