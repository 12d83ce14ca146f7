package recount

// foodFigures are those of food: samples, risks and restaurants.
var foodFigures = map[string]figure{
	"food_samples": func(s *scope) Value { return pieces(s.dated(sample, "concluded_on", supervised)) },
	"food_fail_rate": func(s *scope) Value {
		failed := func(r *record) bool { return supervised(r) && r.one("conclusion", "fail") }
		return percent(s.dated(sample, "concluded_on", failed), s.dated(sample, "concluded_on", supervised))
	},
	"food_risks_found": func(s *scope) Value { return pieces(s.marked(risk, "food.risk_found", always)) },
	"food_risks_closed": func(s *scope) Value {
		closed := func(r *record) bool { return r.f["warned_on"] != "" && r.f["closed_on"] != "" }
		return percent(s.marked(risk, "food.risk_found", closed), s.marked(risk, "food.risk_found", always))
	},
	"new_restaurants": func(s *scope) Value { return pieces(restaurants(s)) },
	"new_restaurants_growth": func(s *scope) Value {
		return growth(restaurants(s), restaurants(s.lastYear()))
	},
	"pre_opening_before": func(s *scope) Value { return firstChecks(s.beforeReform()) },
	"pre_opening_after":  func(s *scope) Value { return firstChecks(s.sinceReform()) },
	"recheck_before":     func(s *scope) Value { return rechecks(s.beforeReform()) },
	"recheck_after":      func(s *scope) Value { return rechecks(s.sinceReform()) },
}

const (
	sample   = "food.sample"
	risk     = "food.risk"
	catering = "food.catering"
	// reform is the day guidance before opening began; the day before is last
	// of the old way.
	reform, reformEve = "2023-04-01", "2023-03-31"
)

// supervised are samples of supervision whose result, after retest and
// objection, is pass or fail.
func supervised(r *record) bool {
	return r.one("sample_kind", "supervised") && r.one("conclusion", "pass", "fail")
}

// restaurants counts first issues; a renewal keeps that date.
func restaurants(s *scope) int64 {
	return s.dated("food.permit", "issued_on", func(r *record) bool { return r.one("kind", "catering", "small_catering") })
}

func firstChecks(s *scope) Value {
	passed := func(r *record) bool { return r.yes("first_passed") }
	return percent(s.marked(catering, "food.first_checked", passed), s.marked(catering, "food.first_checked", always))
}

func rechecks(s *scope) Value {
	passed := func(r *record) bool { return r.yes("recheck_passed") }
	return percent(s.marked(catering, "food.rechecked", passed), s.marked(catering, "food.rechecked", always))
}

// The reform cuts the period in two.
func (s *scope) beforeReform() *scope { return s.over(s.from, min(s.to, reformEve)) }
func (s *scope) sinceReform() *scope  { return s.over(max(s.from, reform), s.to) }
