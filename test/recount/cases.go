package recount

// caseFigures are those of penalty cases, seizures and transfers to the police.
var caseFigures = map[string]figure{
	"gas_cases":            func(s *scope) Value { return filed(s, inCampaign("gas")) },
	"ebike_cases":          func(s *scope) Value { return filed(s, inCampaign("ebike")) },
	"fuel_cases":           func(s *scope) Value { return filed(s, inCampaign("fuel_metering")) },
	"price_cases":          func(s *scope) Value { return filed(s, inDomain("price")) },
	"price_penalty":        func(s *scope) Value { return money(s, decided, inDomain("price")) },
	"unfair_cases":         func(s *scope) Value { return filed(s, inDomain(unfair...)) },
	"unfair_penalty":       func(s *scope) Value { return money(s, decided, inDomain(unfair...)) },
	"drug_cases":           func(s *scope) Value { return pieces(s.marked(penalty, closed, inDomain("drug"))) },
	"drug_penalty":         func(s *scope) Value { return money(s, closed, inDomain("drug")) },
	"smuggling_cases":      func(s *scope) Value { return pieces(s.marked(penalty, closed, smuggling)) },
	"smuggling_penalty":    func(s *scope) Value { return money(s, closed, smuggling) },
	"gas_police_transfers": func(s *scope) Value { return transferred(s, "penalty.police_transferred", inCampaign("gas")) },
	"gas_criminal_cases":   func(s *scope) Value { return transferred(s, "penalty.criminal_filed", inCampaign("gas")) },
	"steel_fist_transferred": func(s *scope) Value {
		return transferred(s, "penalty.police_transferred", inCampaign("steel_fist", "sword"))
	},
	"drug_cases_vs_last": func(s *scope) Value {
		n := func(s *scope) int64 { return s.marked(penalty, closed, inDomain("drug")) }
		return percent(n(s), n(s.wholeLastYear()))
	},
	"drug_penalty_vs_last": func(s *scope) Value {
		n := func(s *scope) int64 { return money(s, closed, inDomain("drug")).Num }
		return percent(n(s), n(s.wholeLastYear()))
	},
	"ebike_seized": func(s *scope) Value {
		return pieces(s.sum("penalty.seizure", func(r *record) (string, int64) {
			if !r.one("goods_kind", "ebike") {
				return "", 0
			}
			return r.first("penalty.seized"), r.number("quantity")
		}))
	},
}

const (
	penalty = "penalty.case"
	decided = "penalty.decided"
	closed  = "penalty.closed"
)

// unfair competition has four domains below it.
var unfair = []string{"unfair", "trade_secret", "false_promo", "confusion", "bribery"}

func inDomain(codes ...string) func(*record) bool {
	return func(r *record) bool { return r.one("domain", codes...) }
}

func inCampaign(codes ...string) func(*record) bool {
	return func(r *record) bool { return r.one("campaign", codes...) }
}

// smuggling cases are those of the domain and those found in its campaign.
func smuggling(r *record) bool {
	return r.one("domain", "smuggling") || r.one("campaign", "anti_smuggling")
}

// filed counts cases by the day they were filed; a clue is no case.
func filed(s *scope, when func(*record) bool) Value {
	return pieces(s.marked(penalty, "penalty.filed", when))
}

func transferred(s *scope, event string, when func(*record) bool) Value {
	return pieces(s.marked("penalty.transfer", event, when))
}

// money is fines and confiscated gains, without the value of goods.
func money(s *scope, event string, when func(*record) bool) Value {
	return yuan(s.sum(penalty, func(r *record) (string, int64) {
		if !when(r) {
			return "", 0
		}
		return r.first(event), r.number("fine") + r.number("gains")
	}))
}
