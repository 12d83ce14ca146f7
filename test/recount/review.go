package recount

// reviewFigures are those of fair competition, of the clean-up of documents
// and of the policy platform.
var reviewFigures = map[string]figure{
	// A draft found to be out of scope was looked at, not reviewed.
	"fcr_new_measures":   func(s *scope) Value { return reviewed(s, "PASS", "AMEND", "EXCEPT", "DROP") },
	"fcr_new_amended":    func(s *scope) Value { return reviewed(s, "AMEND") },
	"fcr_new_not_issued": func(s *scope) Value { return reviewed(s, "DROP") },
	"fcr_stock_total":    func(s *scope) Value { return pieces(s.marked(stock, stockDecided, always)) },
	"fcr_stock_clean":    func(s *scope) Value { return cleaned(s, "KEEP") },
	"fcr_stock_amended":  func(s *scope) Value { return cleaned(s, "AMEND") },
	"fcr_stock_abolished": func(s *scope) Value {
		return cleaned(s, "ABOLISH")
	},
	"normdoc_reviewed":   func(s *scope) Value { return pieces(s.marked(document, proposed, always)) },
	"normdoc_to_amend":   func(s *scope) Value { return planned(s, "amend") },
	"normdoc_to_abolish": func(s *scope) Value { return planned(s, "abolish") },
	"policy_platform_visits": func(s *scope) Value {
		return pieces(s.sum("policy.visits", func(r *record) (string, int64) { return r.f["day"], r.number("visits") }))
	},
}

const (
	stock        = "faircompetition.stock"
	stockDecided = "faircompetition.stock_decided"
	document     = "faircompetition.document"
	proposed     = "faircompetition.document_proposed"
)

func reviewed(s *scope, conclusions ...string) Value {
	return pieces(s.marked("faircompetition.review", "faircompetition.concluded", func(r *record) bool { return r.one("conclusion", conclusions...) }))
}

func cleaned(s *scope, result string) Value {
	return pieces(s.marked(stock, stockDecided, func(r *record) bool { return r.one("result", result) }))
}

func planned(s *scope, proposal string) Value {
	return pieces(s.marked(document, proposed, func(r *record) bool { return r.one("proposal", proposal) }))
}
