package web

import (
	"strings"

	"github.com/a-h/templ"

	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/web/view"
)

// grantSoon is how long before its end a grant counts as ending soon.
const grantSoon = 30

// grantsList lists who may do what, where and how long.
func (s *server) grantsList(r *request) (templ.Component, error) {
	q := r.URL.Query()
	v := view.Grants{Admin: s.adminFrame(r, "grants"), Soon: q.Get("soon") == "1", May: s.mayOpenKind(r, grantKind, "give")}
	area, err := s.area(r)
	if err != nil {
		return nil, err
	}
	v.Roles, v.Areas = s.roleOptions(r, q.Get("role")), s.areaOptions(r, q.Get("area"))
	lq := domain.ListQuery{Kind: grantKind, States: []string{"active"}, Area: area, After: q.Get("after"), Limit: pageSize}
	if role := q.Get("role"); role != "" {
		lq.Fields = map[string]string{"role": role}
	}
	if v.Soon {
		return s.endingGrants(r, v, lq)
	}
	page, err := s.read.List(r.Context(), lq)
	if err != nil {
		return nil, err
	}
	v.Pager = pager(r, len(page.Rows), page.Total, page.Next)
	for _, x := range page.Rows {
		if err := s.addGrant(r, &v, x.Ref); err != nil {
			return nil, err
		}
	}
	return view.GrantsPage(r.Page, v), nil
}

// endingGrants are those whose term runs out within the month, the next first.
func (s *server) endingGrants(r *request, v view.Grants, q domain.ListQuery) (templ.Component, error) {
	rows, err := s.read.DueClocks(r.Context(), s.Engine.Today().AddDays(grantSoon+1), "ORG-GRANT-TERM", pageSize)
	if err != nil {
		return nil, err
	}
	for _, c := range rows {
		rec, err := s.read.Record(r.Context(), domain.Ref{Home: c.Home, ID: c.Record})
		if err != nil {
			return nil, err
		}
		if rec == nil || rec.State != "active" || !domain.Within(rec.Area, q.Area) || q.Fields["role"] != "" && text(rec.Fields["role"]) != q.Fields["role"] {
			continue
		}
		if err := s.addGrant(r, &v, rec.Ref); err != nil {
			return nil, err
		}
	}
	v.Pager = pager(r, len(v.Rows), len(v.Rows), "")
	return view.GrantsPage(r.Page, v), nil
}

func (s *server) addGrant(r *request, v *view.Grants, ref domain.Ref) error {
	rec, err := s.read.Record(r.Context(), ref)
	if err != nil || rec == nil {
		return err
	}
	row, err := s.adminGrant(r, rec)
	v.Rows = append(v.Rows, row)
	return err
}

func (s *server) adminGrant(r *request, g *domain.Record) (view.AdminGrant, error) {
	row, err := s.grantRow(r, g)
	row.Aside = ""
	a := view.AdminGrant{GrantRow: row, Person: s.linkTo(r.Context(), r.words, g.Of.String()), Acts: s.actLinks(r, g)}
	a.Person.Href = "/admin/people/" + g.Of.String()
	until := domain.Date(text(g.Fields["valid_until"]))
	a.Soon = until != "" && until <= s.Engine.Today().AddDays(grantSoon)
	return a, err
}

func (s *server) roleOptions(r *request, chosen string) []view.Option {
	out := []view.Option{{Text: r.T("admin.all"), Chosen: chosen == ""}}
	for _, x := range s.cat.RoleList() {
		if x.Kind != "platform" {
			out = append(out, view.Option{Value: x.Role, Text: r.role(x.Role), Chosen: x.Role == chosen})
		}
	}
	return out
}

// areaOptions are the city and its counties.
func (s *server) areaOptions(r *request, chosen string) []view.Option {
	out := []view.Option{{Text: r.T("admin.all"), Chosen: chosen == ""}}
	for _, code := range sorted(s.cat.Areas) {
		if a := s.cat.Areas[code]; (a.Level == "county" || a.Level == "city") && strings.HasPrefix(code, domain.TrimArea(s.Area)) {
			out = append(out, view.Option{Value: code, Text: r.area(code), Chosen: code == chosen})
		}
	}
	return out
}
