package recount

import (
	"time"
)

// tradeFigures are those of markets, makers and patent disputes.
var tradeFigures = map[string]figure{
	"market_turnover": func(s *scope) Value {
		total := int64(0)
		for _, fen := range turnover(s) {
			total += fen
		}
		return yuan(total)
	},
	"market_turnover_growth":   turnoverGrowth,
	"patent_adjudication_days": patentDays,
	"patent_closing_rate":      func(s *scope) Value { return s.kept("ip.dispute", "PATENT-END") },
	"product_makers": func(s *scope) Value {
		return pieces(s.standing("product.maker", func(*record) string { return "" }, "in_scope"))
	},
	"product_dwm_rate": makersComplete,
}

// turnover is what the markets reported, by market. A later return for the
// same month takes the place of an earlier one.
func turnover(s *scope) map[string]int64 {
	latest := map[string]*record{}
	for _, r := range s.live("market.turnover") {
		day := monthEnd(r.f["month"])
		key := r.of + "/" + r.f["month"]
		if day < s.from || day > s.to {
			continue
		}
		if old := latest[key]; old == nil || filedAfter(r, old) {
			latest[key] = r
		}
	}
	out := map[string]int64{}
	for _, r := range latest {
		if s.in(r, monthEnd(r.f["month"])) {
			out[r.of] += r.number("turnover")
		}
	}
	return out
}

// filedAfter goes by the order of entry.
func filedAfter(a, b *record) bool { return a.trail[0].position > b.trail[0].position }

func monthEnd(month string) string {
	t, err := time.Parse("2006-01", month)
	if err != nil {
		return ""
	}
	return t.AddDate(0, 1, -1).Format("2006-01-02")
}

// turnoverGrowth compares the markets that reported in both years; one that
// opened, closed or never reported would show a growth that was none.
func turnoverGrowth(s *scope) Value {
	now, last := turnover(s), turnover(s.lastYear())
	n, l := int64(0), int64(0)
	for market, fen := range last {
		if _, both := now[market]; both {
			n, l = n+now[market], l+fen
		}
	}
	return growth(n, l)
}

// patentDays is the mean time of the disputes closed, in natural days from
// filing to closing, without stays and appraisals.
func patentDays(s *scope) Value {
	v := Value{}
	for _, r := range s.live("ip.dispute") {
		for _, l := range r.limits {
			if l.code == "PATENT-END" && l.outcome != "cancelled" && l.stopped != "" && s.in(r, l.stopped) {
				v.Num, v.Den = v.Num+l.elapsed, v.Den+1
			}
		}
	}
	if v.Den != 0 {
		v.Value = float64(v.Num) / float64(v.Den)
	}
	return v
}

// makersComplete holds the makers that entered every daily, weekly and monthly
// record that fell due against all that had one due.
func makersComplete(s *scope) Value {
	duties := map[string]Value{}
	for _, r := range s.live("product.duty") {
		alone := &scope{folder: &folder{kinds: map[string][]*record{r.kind: {r}}}, from: s.from, to: s.to, area: s.area}
		one, sum := alone.kept(r.kind, "IND-DAILY", "IND-WEEKLY", "IND-MONTHLY"), duties[r.of]
		if one.Den > 0 {
			duties[r.of] = Value{Num: sum.Num + one.Num, Den: sum.Den + one.Den}
		}
	}
	complete := int64(0)
	for _, v := range duties {
		if v.Num == v.Den {
			complete++
		}
	}
	return percent(complete, int64(len(duties)))
}
