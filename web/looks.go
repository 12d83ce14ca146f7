package web

import (
	"github.com/a-h/templ"

	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/web/format"
	"github.com/dinghai/dinghai/web/view"
)

// maxLooks is how many looks at a record are listed; the access log has all.
const maxLooks = 100

// looks lists who opened the personal data of a record, when and why: for those
// who may open it themselves, and for whoever audits.
func (s *server) looks(r *request) (templ.Component, error) {
	if err := s.signedIn(r); err != nil {
		return nil, err
	}
	ref, err := domain.ParseRef(r.PathValue("ref"))
	if err != nil {
		return nil, err
	}
	rec, err := r.sight.Record(r.Context(), ref)
	if err != nil {
		return nil, err
	}
	if rec == nil || s.Work == nil {
		return nil, notThere()
	}
	list, err := s.Work.Accesses(r.Context(), ref.String(), maxLooks)
	if err != nil {
		return nil, err
	}
	k := s.cat.KindAt(rec.Kind, rec.Process)
	v := view.Looks{Title: r.title(rec), Back: address(rec.Class, ref)}
	for _, a := range list {
		row := view.Look{At: format.Moment(a.At), Who: first(s.personName(r, a.Actor), a.Actor), Why: a.Detail}
		for _, f := range k.Fields {
			if rest, ok := cutField(a.Detail, f.Field); ok {
				row.What, row.Why = f.Label.In(r.lang), rest
			}
		}
		v.Rows = append(v.Rows, row)
	}
	r.Nav, r.Title = "lists", r.T("looks.title")
	r.Crumbs = []view.Link{{Text: v.Title, Href: v.Back}, {Text: r.Title}}
	return view.LooksPage(r.Page, v), nil
}

// cutField takes the name of a field from the front of a log line.
func cutField(detail, field string) (rest string, ok bool) {
	if len(detail) > len(field)+2 && detail[:len(field)+2] == field+": " {
		return detail[len(field)+2:], true
	}
	return "", false
}
