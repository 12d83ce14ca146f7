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

// account is a person's own page: who they are, what they may do and why, how
// they sign in.
func (s *server) account(r *request) (templ.Component, error) {
	v, err := s.accountView(r)
	if err != nil {
		return nil, err
	}
	if done := r.URL.Query().Get("done"); r.Has("account.done." + done) {
		v.Done = r.T("account.done." + done)
	}
	return view.AccountPage(r.Page, v), nil
}

func (s *server) accountView(r *request) (view.Account, error) {
	r.Title = r.T("account.title")
	me := r.sight.Viewer
	rec, err := s.read.Record(r.Context(), me.Person)
	if err != nil || rec == nil {
		return view.Account{}, err
	}
	a := view.Account{Name: me.Name, Password: s.passwordForm(r), Absence: s.absenceForm(r)}
	if a.Data, err = s.ownData(r, rec); err != nil {
		return a, err
	}
	if a.Grants, err = s.grantsOf(r, rec); err != nil {
		return a, err
	}
	for _, id := range me.For {
		a.Stands = append(a.Stands, s.linkTo(r.Context(), r.words, id))
	}
	if from := text(rec.Fields["absent_from"]); from != "" {
		a.Away = r.T("account.away", from, text(rec.Fields["absent_until"]), first(s.linkTo(r.Context(), r.words, text(rec.Fields["substitute"])).Text, r.T("account.nobody")))
	}
	if a.Outside, err = s.ties(r); err != nil {
		return a, err
	}
	if err := s.keyRows(r, &a); err != nil {
		return a, err
	}
	a.Sessions, err = s.sessionRows(r)
	return a, err
}

// keyRows are the person's passkeys.
func (s *server) keyRows(r *request, a *view.Account) error {
	a.Passkey, a.Why, r.Keys = s.Access.Passkeys(), s.whyNoPasskeys(r), true
	list, err := s.Access.KeysOf(r.Context(), r.sight.Viewer.Person)
	if err != nil {
		return err
	}
	for _, k := range list {
		row := view.PasskeyRow{ID: k.ID, Name: k.Name, Made: r.T("passkey.made", dayOf(k.Made)), Kind: r.T("passkey.device")}
		if k.Synced {
			row.Kind = r.T("passkey.synced")
		}
		if !k.Used.IsZero() {
			row.Used = r.T("passkey.used", dayOf(k.Used))
		}
		a.Passkeys = append(a.Passkeys, row)
	}
	if len(list) == 0 && a.Passkey {
		a.Notes = append(a.Notes, r.T("account.nokey"))
	}
	here, err := s.Access.Session(r.Context(), s.token(r.Request))
	a.Fresh = s.Access.Fresh(here)
	return err
}

// ownData are a person's fields, their own sealed ones opened.
func (s *server) ownData(r *request, rec *domain.Record) ([]view.Pair, error) {
	k := s.cat.Kinds[rec.Kind]
	var out []view.Pair
	for _, name := range []string{"staff_no", "organ", "duty", "login", "phone", "email", "cert_no", "cert_until"} {
		f := k.FieldOf(name)
		if f == nil {
			continue
		}
		p := view.Pair{Label: f.Label.In(r.lang)}
		if x := rec.Fields[name]; engine.IsSealed(x) {
			v, ok, err := s.Engine.Unseal(r.Context(), rec.Ref, name, x)
			if err != nil {
				return nil, err
			}
			if ok {
				p.Text = text(v)
			}
		} else if x != nil {
			p.Text = s.plain(r.Context(), r.words, f, x)
		}
		out = append(out, p)
	}
	return out, nil
}

// grantsOf are the grants of a person that hold or will, each with where it
// comes from.
func (s *server) grantsOf(r *request, person *domain.Record) ([]view.GrantRow, error) {
	list, err := s.read.LinkedTo(r.Context(), person.Ref, "of", "organisation.grant")
	if err != nil {
		return nil, err
	}
	var out []view.GrantRow
	for _, g := range list {
		if g.State != "active" || g.Voided {
			continue
		}
		row, err := s.grantRow(r, g)
		if err != nil {
			return nil, err
		}
		out = append(out, row)
	}
	return out, nil
}

func (s *server) grantRow(r *request, g *domain.Record) (view.GrantRow, error) {
	role := text(g.Fields["role"])
	row := view.GrantRow{Role: r.role(role), Area: r.area(g.Area), Href: address(g.Class, g.Ref)}
	row.Period = r.T("grant.from", text(g.Fields["valid_from"]))
	if until := text(g.Fields["valid_until"]); until != "" {
		row.Period = r.T("period", text(g.Fields["valid_from"]), until)
	}
	events, err := s.read.Events(r.Context(), g.Ref)
	if err != nil || len(events) == 0 {
		return row, err
	}
	by := r.T("grant.platform")
	if !strings.HasPrefix(events[0].Actor, "system:") {
		by = s.linkTo(r.Context(), r.words, events[0].Actor).Text
	}
	row.Why = r.T("grant.by", by, string(events[0].On))
	if b := text(g.Fields["basis"]); b != "" {
		row.Why += r.T("grant.basis", b)
	}
	if c := s.cat.Roles[role]; c != nil && c.Decides && s.Access.PasskeyToDecide && !r.sight.Viewer.Strong {
		row.Aside = r.T("grant.aside")
	}
	return row, nil
}

func (s *server) sessionRows(r *request) ([]view.SessionRow, error) {
	list, err := s.Access.Sessions(r.Context(), r.sight.Viewer.Person)
	if err != nil {
		return nil, err
	}
	here, err := s.Access.Session(r.Context(), s.token(r.Request))
	if err != nil {
		return nil, err
	}
	out := make([]view.SessionRow, len(list))
	for i, x := range list {
		out[i] = view.SessionRow{ID: x.Token, Agent: r.browser(x.Agent), Network: x.Network, Method: r.method(x.Method), Made: format.Moment(x.Made), Seen: format.Moment(x.Seen),
			Here: here != nil && here.Token == x.Token}
	}
	return out, nil
}

// method names a way to sign in; outside providers name themselves.
func (r *request) method(m string) string {
	if key := "method." + m; r.Has(key) {
		return r.T(key)
	}
	return m
}

func (s *server) endOthers(_ http.ResponseWriter, r *request) (reply, error) {
	me := r.sight.Viewer.Person
	_, err := s.Access.EndAll(r.Context(), me, me.String(), s.token(r.Request))
	return reply{to: "/account?done=ended#sessions"}, err
}

func (s *server) dropSession(_ http.ResponseWriter, r *request) (reply, error) {
	return reply{to: "/account?done=ended#sessions"}, s.Access.End(r.Context(), r.sight.Viewer.ID, r.PostFormValue("id"))
}

func (s *server) passwordForm(r *request) view.Form {
	return view.Form{Action: "/account/password", Title: r.T("account.password"), About: r.T("account.password.about"), Button: r.T("account.password.go"),
		Entries: []view.Entry{
			{Name: "old", Label: r.T("account.password.old"), Type: "password", Auto: "current-password"},
			{Name: "fresh", Label: r.T("account.password.fresh"), Type: "password", Auto: "new-password", Help: r.T("account.password.rule")},
			{Name: "again", Label: r.T("account.password.again"), Type: "password", Auto: "new-password"},
		}}
}

// changePassword replaces the person's password; all other sessions end.
func (s *server) changePassword(w http.ResponseWriter, r *request) (reply, error) {
	fresh, err := r.PostFormValue("fresh"), error(nil)
	var o *access.Opened
	if fresh != r.PostFormValue("again") {
		err = errDiffer
	} else {
		o, err = s.Access.ChangePassword(r.Context(), r.sight.Viewer.Person, r.PostFormValue("old"), fresh, s.client(r.Request))
	}
	if err == nil {
		s.keepSession(w, o)
		return reply{to: "/account?done=password"}, nil
	}
	return s.accountAgain(r, err, func(a *view.Account) *view.Form { return &a.Password })
}

var errDiffer = domain.Fail(domain.Invalid, "again", "same", "两次输入的密码不一致", "the two passwords differ")

// accountAgain shows the page with what was wrong in one of its forms.
func (s *server) accountAgain(r *request, err error, form func(*view.Account) *view.Form) (reply, error) {
	a, e := s.accountView(r)
	if e != nil {
		return reply{}, e
	}
	f := form(&a)
	if w, ok := err.(*access.WaitError); ok { //nolint:errorlint // never wrapped
		f.Errors = []string{r.waiting(w)}
		return reply{body: view.AccountPage(r.Page, a), code: http.StatusTooManyRequests}, nil
	}
	if !place(f, err, r.lang) {
		return reply{}, err
	}
	return reply{body: view.AccountPage(r.Page, a)}, nil
}

func (s *server) absenceForm(r *request) view.Form {
	k := s.cat.Kinds["organisation.person"]
	label := func(name string) string { return k.FieldOf(name).Label.In(r.lang) }
	return view.Form{Action: "/account/away", Button: r.T("account.away.go"), About: r.T("account.away.about"),
		Entries: []view.Entry{
			{Name: "absent_from", Label: label("absent_from"), Type: "date", Value: first(r.PostFormValue("absent_from"), string(s.Engine.Today()))},
			{Name: "absent_until", Label: label("absent_until"), Type: "date", Value: r.PostFormValue("absent_until")},
			{Name: "substitute", Label: label("substitute"), Help: r.T("account.substitute.help"), Value: r.PostFormValue("substitute"), Extra: true},
		}}
}

// goAway enters an absence; the substitute is named by staff number.
func (s *server) goAway(_ http.ResponseWriter, r *request) (reply, error) {
	in := map[string]any{"absent_from": r.PostFormValue("absent_from"), "absent_until": r.PostFormValue("absent_until")}
	var err error
	if no := strings.TrimSpace(r.PostFormValue("substitute")); no != "" {
		in["substitute"], err = s.personByNo(r, no)
	}
	if err == nil {
		_, err = s.Engine.Do(r.Context(), domain.Command{Record: r.sight.Viewer.Person, Action: "go_away", Input: in, Actor: r.sight.Viewer.Actor})
	}
	if err != nil {
		return s.accountAgain(r, err, func(a *view.Account) *view.Form { return &a.Absence })
	}
	return reply{to: "/account?done=away#absence"}, nil
}

func (s *server) comeBack(_ http.ResponseWriter, r *request) (reply, error) {
	_, err := s.Engine.Do(r.Context(), domain.Command{Record: r.sight.Viewer.Person, Action: "come_back", Actor: r.sight.Viewer.Actor})
	return reply{to: "/account?done=back#absence"}, err
}

// personByNo finds a colleague by staff number, or by log-in name.
func (s *server) personByNo(r *request, no string) (string, error) {
	for _, kind := range []string{"staff_no", "login"} {
		ref, err := s.read.ByClaim(r.Context(), kind, no)
		if err != nil || !ref.Zero() {
			return ref.String(), err
		}
	}
	return "", domain.Fail(domain.Invalid, "substitute", "exists", "没有这个工号，请核对", "there is no such staff number; check it")
}
