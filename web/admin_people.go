package web

import (
	"net/http"
	"strings"

	"github.com/a-h/templ"

	"github.com/dinghai/dinghai/access"
	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/engine"
	"github.com/dinghai/dinghai/web/format"
	"github.com/dinghai/dinghai/web/view"
)

// people lists who works here.
func (s *server) peopleList(r *request) (templ.Component, error) {
	q := r.URL.Query()
	v := view.People{Admin: s.adminFrame(r, "people"), Text: clip(strings.TrimSpace(q.Get("q")), maxQuery), State: q.Get("state")}
	if v.State == "" {
		v.State = "active"
	}
	for _, st := range s.cat.Kinds[personKind].States {
		v.States = append(v.States, view.Option{Value: st.State, Text: st.Label.In(r.lang), Chosen: v.State == st.State})
	}
	page, err := s.read.List(r.Context(), domain.ListQuery{Kind: personKind, Text: v.Text, States: []string{v.State}, After: q.Get("after"), Limit: pageSize})
	if err != nil {
		return nil, err
	}
	v.Pager = pager(r, len(page.Rows), page.Total, page.Next)
	for _, x := range page.Rows {
		row, err := s.personRow(r, x.Ref)
		if err != nil {
			return nil, err
		}
		v.Rows = append(v.Rows, row)
	}
	if s.mayOpenKind(r, personKind, "enrol") {
		v.New = "/new/" + personKind + "/enrol?area=" + s.Area
	}
	return view.PeoplePage(r.Page, v), nil
}

func (s *server) personRow(r *request, ref domain.Ref) (view.PersonRow, error) {
	rec, err := s.read.Record(r.Context(), ref)
	if err != nil || rec == nil {
		return view.PersonRow{}, err
	}
	f := rec.Fields
	row := view.PersonRow{Link: view.Link{Text: text(f["name"]), Href: "/admin/people/" + ref.String()}, No: text(f["staff_no"]), Duty: text(f["duty"]), Login: text(f["login"]),
		Organ: s.linkTo(r.Context(), r.words, text(f["organ"])).Text, Marks: s.personMarks(r, rec)}
	grants, err := s.grantRecords(r, ref)
	if err != nil {
		return row, err
	}
	for _, g := range grants {
		row.Roles = append(row.Roles, r.role(text(g.Fields["role"]))+" "+r.area(g.Area))
	}
	proofs, err := s.proofs(r, ref)
	row.Proof = strings.Join(proofs, r.T("comma"))
	return row, err
}

// grantRecords are the grants of a person in force or to come.
func (s *server) grantRecords(r *request, person domain.Ref) ([]*domain.Record, error) {
	list, err := s.read.LinkedTo(r.Context(), person, "of", grantKind)
	var out []*domain.Record
	for _, g := range list {
		if g.State == "active" && !g.Voided {
			out = append(out, g)
		}
	}
	return out, err
}

// personMarks are the standing remarks: away, certificate ends, left.
func (s *server) personMarks(r *request, rec *domain.Record) []string {
	var out []string
	today := s.Engine.Today()
	if from, until := text(rec.Fields["absent_from"]), text(rec.Fields["absent_until"]); from != "" && from <= string(today) && string(today) <= until {
		out = append(out, r.T("admin.away", until))
	}
	for _, code := range []string{"cert_due", "cert_expired"} {
		if rec.Flagged(code, today) {
			out = append(out, s.flag(r.words, rec.Kind, code))
		}
	}
	if rec.State != "active" {
		out = append(out, r.state(rec.Kind, rec.State))
	}
	return out
}

// proofs are the ways a person can sign in.
func (s *server) proofs(r *request, person domain.Ref) ([]string, error) {
	var out []string
	has, err := s.Access.HasPassword(r.Context(), person)
	if err != nil {
		return nil, err
	}
	if has {
		out = append(out, r.T("method.password"))
	}
	keys, err := s.Access.KeysOf(r.Context(), person)
	if err != nil {
		return nil, err
	}
	if len(keys) > 0 {
		out = append(out, r.T("admin.keys", count(len(keys))))
	}
	ties, err := s.Access.Ties(r.Context(), person)
	if len(ties) > 0 {
		out = append(out, r.T("account.outside"))
	}
	if len(out) == 0 {
		out = append(out, r.T("admin.noproof"))
	}
	return out, err
}

// person is one person's page.
func (s *server) person(r *request) (templ.Component, error) { return s.personPage(r, "") }

func (s *server) personPage(r *request, newLink string) (templ.Component, error) {
	rec, err := s.personOf(r)
	if err != nil {
		return nil, err
	}
	v := view.Person{Admin: s.adminFrame(r, "people"), Name: text(rec.Fields["name"]), Ref: rec.Ref.String(), Record: address(rec.Class, rec.Ref), NewLink: newLink,
		Marks: s.personMarks(r, rec)}
	for _, a := range s.Engine.Possible(rec, r.sight.Viewer.Actor) {
		if !ofOneself(a) { // what people enter about themselves stands on their own page
			v.Acts = append(v.Acts, view.Link{Text: a.Label.In(r.lang), Href: v.Record + "/do/" + a.Action})
		}
	}
	r.Title = v.Name
	r.Crumbs = []view.Link{{Text: r.T("admin.people"), Href: "/admin/people"}, {Text: v.Name}}
	if r.URL.Query().Get("done") == "signout" {
		v.Done = r.T("admin.signout.done")
	}
	for _, f := range s.cat.Kinds[personKind].Fields {
		if x := rec.Fields[f.Field]; x != nil && f.Field != "name" {
			p := view.Pair{Label: f.Label.In(r.lang)}
			if engine.IsSealed(x) {
				p.Text = r.T("sealed")
			} else {
				p.Text = s.plain(r.Context(), r.words, f, x)
			}
			v.Facts = append(v.Facts, p)
		}
	}
	if err := s.personGrants(r, rec, &v); err != nil {
		return nil, err
	}
	if v.Proofs, err = s.proofs(r, rec.Ref); err != nil {
		return nil, err
	}
	if err := s.Access.MayLink(r.Context(), r.sight.Viewer, rec.Ref); err == nil {
		v.MayLink = true
	} else if v.WhyNot = strings.Join(reasons(err, r.lang), " "); v.WhyNot == "" {
		return nil, err
	}
	if err := s.personSessions(r, rec, &v); err != nil {
		return nil, err
	}
	return view.PersonPage(r.Page, v), nil
}

func (s *server) personOf(r *request) (*domain.Record, error) {
	ref, err := domain.ParseRef(r.PathValue("ref"))
	if err != nil {
		return nil, err
	}
	rec, err := s.read.Record(r.Context(), ref)
	if err == nil && (rec == nil || rec.Kind != personKind) {
		err = notThere()
	}
	return rec, err
}

func (s *server) personGrants(r *request, rec *domain.Record, v *view.Person) error {
	list, err := s.grantRecords(r, rec.Ref)
	if err != nil {
		return err
	}
	for _, g := range list {
		row, err := s.adminGrant(r, g)
		if err != nil {
			return err
		}
		v.Grants = append(v.Grants, row)
	}
	if s.mayOpenKind(r, grantKind, "give") && rec.State == "active" && rec.Ref != r.sight.Viewer.Person {
		v.Give = "/new/" + grantKind + "/give?of=" + rec.Ref.String() + "&area=" + rec.Area
	}
	return nil
}

func (s *server) personSessions(r *request, rec *domain.Record, v *view.Person) error {
	list, err := s.Access.Sessions(r.Context(), rec.Ref)
	for _, x := range list {
		v.Sessions = append(v.Sessions, view.SessionRow{Agent: r.browser(x.Agent), Network: x.Network, Method: r.method(x.Method), Made: format.Moment(x.Made), Seen: format.Moment(x.Seen)})
	}
	v.MayEnd = r.sight.Viewer.Admin == access.Admins[1]
	return err
}

// makeLink shows a link for a person, once.
func (s *server) makeLink(_ http.ResponseWriter, r *request) (reply, error) {
	if err := s.mayAdmin(r, access.Admins); err != nil {
		return reply{}, err
	}
	rec, err := s.personOf(r)
	if err != nil {
		return reply{}, err
	}
	secret, err := s.Access.Link(r.Context(), r.sight.Viewer, rec.Ref)
	if err != nil {
		return reply{}, err
	}
	r.secret = true
	page, err := s.personPage(r, s.PublicURL+"/welcome?key="+secret)
	return reply{body: page, code: http.StatusOK}, err
}

// signOutPerson ends every session of a person: the security administrator's.
func (s *server) signOutPerson(_ http.ResponseWriter, r *request) (reply, error) {
	if err := s.mayAdmin(r, access.Admins[1:2]); err != nil {
		return reply{}, err
	}
	rec, err := s.personOf(r)
	if err != nil {
		return reply{}, err
	}
	_, err = s.Access.EndAll(r.Context(), r.sight.Viewer.Person, rec.Ref.String(), "")
	return reply{to: "/admin/people/" + rec.Ref.String() + "?done=signout"}, err
}
