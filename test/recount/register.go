package recount

// registerFigures are those of the register of market entities and of the
// electronic licence.
var registerFigures = map[string]figure{
	// The type when founded counts: a shop that became a company later was
	// founded as a shop.
	"new_individual_businesses": func(s *scope) Value {
		return pieces(s.dated(entity, "founded_on", func(r *record) bool { return r.one("founded_group", "individual") && lawful(r) }))
	},
	"new_ftz_enterprises": func(s *scope) Value {
		return pieces(s.dated(entity, "founded_on", func(r *record) bool {
			return r.one("founded_group", "enterprise") && r.yes("founded_ftz") && lawful(r)
		}))
	},
	"total_market_entities": func(s *scope) Value { return pieces(entities(s)) },
	"individual_to_enterprise": func(s *scope) Value {
		return pieces(s.marked("registration.conversion", "registration.converted", always))
	},
	"elicense_download_rate": func(s *scope) Value { return percent(downloaded(s), entities(s)) },
}

const entity = "registration.entity"

// lawful leaves out an entity whose registration was rescinded: it is treated
// as never founded.
func lawful(r *record) bool { return r.state != "rescinded" }

// onRegister are the states in which an entity is counted; being on the
// abnormal list changes nothing, being revoked or cancelled ends it.
var onRegister = []string{"active", "suspended", "liquidating", "simple_notice", "simple_ready", "transferring"}

// entities counts the register at the end of the period. An entity taken over
// from the old register stood there since it was founded, unless it came as
// revoked or kept apart.
func entities(s *scope) int64 { return s.standing(entity, takenOver, onRegister...) }

func takenOver(r *record) string {
	if r.one("old_state", "revoked", "separate") {
		return ""
	}
	return r.f["founded_on"]
}

// downloaded counts the entities on the register whose present responsible
// person had downloaded the licence; a frozen one was downloaded too.
func downloaded(s *scope) int64 {
	n := int64(0)
	for _, r := range s.live("elicence.licence") {
		e := s.byID[r.of]
		if e != nil && !e.voided && e.stood(s.to, takenOver(e), onRegister) && s.holds(e, s.to) &&
			r.stood(s.to, r.f["opening_download"], []string{"downloaded", "frozen"}) {
			n++
		}
	}
	return n
}
