package web

import (
	"net/http"
	"slices"

	"github.com/a-h/templ"

	"github.com/dinghai/dinghai/access"
	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/web/view"
)

// The pages of administration. What is changed is changed by the actions of
// the organisation's records, on the forms all actions have; these pages find,
// show and lead there. The three administrators see people, grants and
// authorities; the access log is the audit administrator's alone.

const (
	grantKind = "organisation.grant"
	organKind = "organisation.organ"
)

// adminPage lets administrators through; what they look at is logged.
func (s *server) adminPage(what string, only []string, f pageFunc) http.HandlerFunc {
	return s.ownPage(func(r *request) (templ.Component, error) {
		if err := s.mayAdmin(r, only); err != nil {
			return nil, err
		}
		r.Nav = "admin"
		if err := s.Access.Read(r.Context(), r.sight.Viewer, what, r.PathValue("ref")); err != nil {
			return nil, err
		}
		return f(r)
	})
}

func (s *server) mayAdmin(r *request, only []string) error {
	if !slices.Contains(only, r.sight.Viewer.Admin) {
		return domain.Failf(domain.Forbidden, "", "admin", "这里由%s使用；各管理员各司其职，互不替代", "this page is for: %s; the administrators do not stand in for one another", s.adminNames(r, only))
	}
	return nil
}

func (s *server) adminNames(r *request, roles []string) string {
	out := ""
	for i, x := range roles {
		if i > 0 {
			out += r.T("comma")
		}
		out += r.role(x)
	}
	return out
}

// auditors read the access log.
var auditors = []string{access.Admins[2]}

// admin leads to the first page of the administrator's own work.
func (s *server) admin(w http.ResponseWriter, h *http.Request) {
	to := map[string]string{access.Admins[1]: "/admin/grants", access.Admins[2]: "/admin/log"}[s.request(w, h).sight.Viewer.Admin]
	http.Redirect(w, h, first(to, "/admin/people"), http.StatusSeeOther)
}

// adminTabs are the pages of administration, in order.
var adminTabs = []string{"people", "grants", "organs", "notices", "jobs", "calendar", "backup", "catalogue", "log"}

// tabOf tells whose a page is: "" = all three administrators'.
func (s *server) tabOf(tab string) string {
	switch tab {
	case "people", "grants", "organs":
		return ""
	case "log":
		return auditors[0]
	}
	return sysadmins[0]
}

// adminFrame is what the pages share.
func (s *server) adminFrame(r *request, here string) view.Admin {
	var a view.Admin
	for _, t := range adminTabs {
		if only := s.tabOf(t); only != "" && r.sight.Viewer.Admin != only {
			continue
		}
		a.Tabs = append(a.Tabs, view.NavTab{Link: view.Link{Text: r.T("admin." + t), Href: "/admin/" + t}, Here: t == here})
	}
	r.Title, r.Nav = r.T("admin."+here), "admin"
	return a
}

// actLinks are the actions a viewer may do on a record now, to their forms.
func (s *server) actLinks(r *request, rec *domain.Record, only ...string) []view.Link {
	var out []view.Link
	for _, a := range s.Engine.Possible(rec, r.sight.Viewer.Actor) {
		if len(only) == 0 || slices.Contains(only, a.Action) {
			out = append(out, view.Link{Text: a.Label.In(r.lang), Href: address(rec.Class, rec.Ref) + "/do/" + a.Action})
		}
	}
	return out
}

// mayOpenKind reports whether a viewer holds a role that opens a kind's records
// anywhere.
func (s *server) mayOpenKind(r *request, kind, action string) bool {
	k := s.cat.Kinds[kind]
	if k == nil || k.ActionOf(action) == nil {
		return false
	}
	return slices.ContainsFunc(r.sight.Viewer.Grants, func(g domain.Grant) bool { return slices.Contains(k.ActionOf(action).Roles, g.Role) })
}
