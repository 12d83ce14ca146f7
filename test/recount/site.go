package recount

// siteFigures are those found on the spot: inspections, equipment and
// measuring instruments.
var siteFigures = map[string]figure{
	"joint_double_random_rate": func(s *scope) Value {
		return percent(s.marked(check, checkEnded, joint), s.marked(check, checkEnded, random))
	},
	"se_general_hazards":   func(s *scope) Value { return pieces(s.marked(hazard, hazardFound, grade("general"))) },
	"se_serious_hazards":   func(s *scope) Value { return pieces(s.marked(hazard, hazardFound, grade("serious"))) },
	"se_general_rect_rate": func(s *scope) Value { return rectified(s, "general") },
	"se_serious_rect_rate": func(s *scope) Value { return rectified(s, "serious") },
	"fuel_guns_verified":   func(s *scope) Value { return verified(s, "fuel_nozzle") },
	"flowmeters_verified":  func(s *scope) Value { return verified(s, "flow_meter") },
	"ev_chargers_verified": func(s *scope) Value { return verified(s, "ev_ac", "ev_dc") },
}

const (
	check       = "inspection.check"
	checkEnded  = "inspection.check_ended"
	hazard      = "equipment.hazard"
	hazardFound = "equipment.hazard_found"
)

// random are the household-checks of a draw, by one department or by several.
func random(r *record) bool { return r.one("check_kind", "random", "joint") && r.state != "dropped" }

// joint means that two departments really entered a result; being called is
// not enough.
func joint(r *record) bool {
	return random(r) && r.one("check_kind", "joint") && len(r.list("departments_done")) >= 2
}

// grade leaves out hazards that turned out to be none.
func grade(code string) func(*record) bool {
	return func(r *record) bool { return r.one("grade", code) && r.state != "dismissed" }
}

// rectified holds hazards accepted as put right against those found; reported
// by the firm is not yet accepted.
func rectified(s *scope, code string) Value {
	accepted := func(r *record) bool { return grade(code)(r) && r.state == "accepted" }
	return percent(s.marked(hazard, hazardFound, accepted), s.marked(hazard, hazardFound, grade(code)))
}

// verified counts instruments, not verifications: one seen twice is one.
func verified(s *scope, kinds ...string) Value {
	seen := map[string]bool{}
	for _, r := range s.live("metrology.verification") {
		if r.one("instrument_kind", kinds...) && s.in(r, r.first("metrology.verified")) {
			seen[r.of] = true
		}
	}
	return pieces(int64(len(seen)))
}
