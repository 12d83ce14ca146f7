package web

import (
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/a-h/templ"

	"github.com/dinghai/dinghai/access"
	"github.com/dinghai/dinghai/engine/clock"
	"github.com/dinghai/dinghai/web/view"
)

func escape(s string) string { return url.QueryEscape(s) }

// dayOf is the local date of a time.
func dayOf(t time.Time) string { return t.In(clock.Zone).Format("2006-01-02") }

// setup is the page of the first start: the three administrators.
func (s *server) setup(r *request) (templ.Component, error) {
	key := r.URL.Query().Get("key")
	if err := s.Access.CheckSetup(r.Context(), key); err != nil {
		return nil, err
	}
	return s.setupPage(r, s.setupForm(r, key)), nil
}

func (s *server) setupPage(r *request, f view.Form) templ.Component {
	r.Title, r.secret = r.T("setup.title"), true
	return view.SetupPage(r.Page, f)
}

// setupForm asks for three people; what was typed stays, but for passwords.
func (s *server) setupForm(r *request, key string) view.Form {
	f := view.Form{Action: "/setup", Button: r.T("setup.go"), Hidden: []view.Pair{{Label: "key", Text: key}}}
	for i, role := range access.Admins {
		f.Groups = append(f.Groups, view.Group{Title: r.role(role), About: r.T("setup.about." + role), From: len(f.Entries)})
		for _, x := range []struct{ name, kind, auto string }{{"name", "", "name"}, {"staff_no", "", ""}, {"login", "", "username"}, {"password", "password", "new-password"}} {
			e := view.Entry{Name: x.name + "." + role, Label: r.T("setup." + x.name), Type: x.kind, Auto: x.auto, Max: 128, First: i == 0 && x.name == "name"}
			if x.kind != "password" {
				e.Value, e.Max = r.PostFormValue(e.Name), 40
			} else if i == 0 {
				e.Help = r.T("account.password.rule")
			}
			f.Entries = append(f.Entries, e)
		}
	}
	return f
}

// makeAdmins sets the bureau up.
func (s *server) makeAdmins(_ http.ResponseWriter, r *request) (reply, error) {
	key := r.PostFormValue("key")
	var admins [3]access.NewAdmin
	for i, role := range access.Admins {
		v := func(name string) string { return strings.TrimSpace(r.PostFormValue(name + "." + role)) }
		admins[i] = access.NewAdmin{Name: v("name"), StaffNo: v("staff_no"), Login: strings.ToLower(v("login")), Password: r.PostFormValue("password." + role)}
	}
	err := s.Access.SetUp(r.Context(), key, admins)
	if err == nil {
		return reply{to: "/login?set=up"}, nil
	}
	if e := s.Access.CheckSetup(r.Context(), key); e != nil {
		return reply{}, e
	}
	f := s.setupForm(r, key)
	if !place(&f, err, r.lang) {
		return reply{}, err
	}
	return reply{body: s.setupPage(r, f)}, nil
}

// welcome lets somebody choose a password by a link.
func (s *server) welcome(r *request) (templ.Component, error) {
	return s.welcomePage(r, r.URL.Query().Get("key"), nil)
}

func (s *server) welcomePage(r *request, key string, wrong error) (templ.Component, error) {
	person, err := s.Access.LinkFor(r.Context(), key)
	if err != nil {
		return nil, err
	}
	r.Title, r.secret = r.T("welcome.title"), true
	f := view.Form{Action: "/welcome", Button: r.T("welcome.go"), Hidden: []view.Pair{{Label: "key", Text: key}},
		About: r.T("welcome.about", text(person.Fields["name"]), text(person.Fields["login"])),
		Entries: []view.Entry{
			{Name: "fresh", Label: r.T("account.password.fresh"), Type: "password", Auto: "new-password", Help: r.T("account.password.rule"), First: true, Max: 128},
			{Name: "again", Label: r.T("account.password.again"), Type: "password", Auto: "new-password", Max: 128},
		}}
	if wrong != nil && !place(&f, wrong, r.lang) {
		return nil, wrong
	}
	return view.WelcomePage(r.Page, f), nil
}

func (s *server) choosePassword(w http.ResponseWriter, r *request) (reply, error) {
	key, fresh := r.PostFormValue("key"), r.PostFormValue("fresh")
	err := error(errDiffer)
	var o *access.Opened
	if fresh == r.PostFormValue("again") {
		o, err = s.Access.UseLink(r.Context(), key, fresh, s.client(r.Request))
	}
	if err != nil {
		page, err := s.welcomePage(r, key, err)
		return reply{body: page}, err
	}
	s.keepSession(w, o)
	return reply{to: "/account?done=password"}, nil
}
