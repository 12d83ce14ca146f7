package demo

import (
	"slices"
	"strconv"

	"github.com/dinghai/dinghai/domain"
)

func numeral(n int) string { return strconv.Itoa(n) }

// tradeIndex prepares the pickers of trades.
func (g *gen) tradeIndex() {
	var idx, shops, firms []int
	for i, t := range g.names.trades {
		idx, shops, firms = append(idx, i), append(shops, t.individual), append(firms, t.entity)
	}
	g.shops, g.companies = newPicker(idx, shops), newPicker(idx, firms)
}

// pool lists the firms of some trades that are in the register from the
// opening and stay: those that cases of the year can be about.
func (g *gen) pool(trades ...string) []*firm {
	var out []*firm
	for _, f := range g.firms {
		if f.founded == "" && f.gone == "" && f.state == "" && (len(trades) == 0 || slices.Contains(trades, g.names.trades[f.trade].name)) {
			out = append(out, f)
		}
	}
	if len(out) == 0 && len(trades) > 0 {
		return g.pool() // a tiny bureau has no firm of every trade
	}
	return out
}

// entry is what the old register hands over about a firm.
func (g *gen) entry(f *firm) domain.Command {
	t := g.names.trades[f.trade]
	in := map[string]any{"name": g.nameOf(f), "uscc": g.codeOf(f), "type": typeCodes[f.kind], "founded_on": string(f.since()),
		"person": g.personOf(f), "scope": t.scope, "address": g.addressOf(f), "industry": t.industry}
	if f.kind != branchOffice {
		in["capital"], in["currency"] = g.capitalOf(f), "CNY"
	}
	if f.zone {
		in["in_ftz"] = true
	}
	if f.small {
		in["small_micro"] = true
	}
	if z := g.places[f.place].zones; len(z) > 0 {
		in["zone_codes"] = z
	}
	if f.state != "" {
		in["old_state"] = f.state
		g.oldState(f, in)
	}
	if f.got {
		in["licence_downloaded_on"] = string(g.downloaded(f))
	}
	return domain.Command{Kind: "registration.entity", Action: "load", Area: g.areaOf(f), Input: in, Actor: g.county("importer", g.placeOf(f))}
}

func (g *gen) oldState(f *firm, in map[string]any) {
	back := domain.Date("2022-12-20").AddDays(-int(f.serial() >> 16 % 600))
	back = max(back, f.since())
	switch f.state {
	case "revoked":
		in["revoked_on"] = string(back)
	case "suspended":
		in["suspend_until"] = string(g.file.Opening.AddDays(60 + int(f.serial()>>16%500)))
	}
}

// downloaded is a day since e-licences exist, after the founding.
func (g *gen) downloaded(f *firm) domain.Date {
	d := domain.Date("2018-12-17").AddDays(int(f.serial() >> 24 % 1450))
	return max(d, f.since())
}
