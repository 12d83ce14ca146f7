package recount

// complaintFigures are those of complaints and reports.
var complaintFigures = map[string]figure{
	"complaints_total": func(s *scope) Value {
		return pieces(s.marked(complaint, "complaint.received", stayed) + s.marked(report, "report.received", stayed))
	},
	"first_check_rate":       func(s *scope) Value { return s.kept(complaint, "CMP-ACCEPT") },
	"complaint_on_time_rate": func(s *scope) Value { return s.kept(complaint, "CMP-MEDIATE") },
	"report_check_rate":      func(s *scope) Value { return s.kept(report, "RPT-CHECK") },
	"mediation_success":      mediation,
}

const (
	complaint = "complaint.complaint"
	report    = "complaint.report"
)

// stayed leaves out what was sent on within the city: it counts where it went.
func stayed(r *record) bool { return r.state != "transferred" || !r.linked("moved") }

// mediation holds complaints that ended in agreement, or were settled by the
// parties, against all that were accepted and ended. What should not have been
// accepted, what ended with the party, and a mere withdrawal say nothing of
// mediation.
func mediation(s *scope) Value {
	settled := func(r *record) bool {
		return r.yes("agreed") || (r.one("end_code", "1") && r.one("withdraw_kind", "settle"))
	}
	ended := func(r *record) bool { return settled(r) || r.one("end_code", "2", "3", "4", "5", "8") }
	return percent(s.dated(complaint, "ended_on", settled), s.dated(complaint, "ended_on", ended))
}
