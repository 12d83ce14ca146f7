package web

import (
	"net/url"

	"github.com/dinghai/dinghai/domain"
)

// ownPages are the actions that have a page of their own in place of the form
// made from the catalogue: there the platform adds what nobody types, such as
// the figures of a report.
var ownPages = map[string]string{
	assessmentKind + ".begin": "/desk/assessments", assessmentKind + ".change": "/desk/assessments/",
	workbookKind + ".upload": "/desk/forms", workbookKind + ".tie": "/desk/forms/", workbookKind + ".replace": "/desk/forms/", fillingKind + ".fill": "/desk/forms",
	workReport + ".begin": "/desk/reports", workReport + ".edit": "/desk/reports/", workReport + ".refresh": "/desk/reports/", workReport + ".publish": "/desk/reports/",
}

// ownPageOf is where an action is done, "" when the usual form serves.
func ownPageOf(a acting) string {
	to := ownPages[a.kind.Name+"."+a.act.Action]
	if to != "" && a.rec != nil {
		to += url.PathEscape(a.rec.Ref.String())
	}
	return to
}

// refOf reads a reference from an address.
func (r *request) ref() (domain.Ref, error) { return domain.ParseRef(r.PathValue("ref")) }

// deskPages are where records of a kind are worked on.
var deskPages = map[string]string{workReport: "/desk/reports/", workbookKind: "/desk/forms/", assessmentKind: "/desk/assessments/"}
