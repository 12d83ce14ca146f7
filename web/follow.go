package web

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"github.com/dinghai/dinghai/catalogue"
	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/web/form"
	"github.com/dinghai/dinghai/web/view"
)

const followCookie = "follow"

// remember keeps the code in the browser for the visit, out of addresses and
// logs.
func (s *server) remember(w http.ResponseWriter, r *request, code string) {
	http.SetCookie(w, &http.Cookie{Name: followCookie, Value: code, Path: "/follow", HttpOnly: true, Secure: r.TLS != nil, SameSite: http.SameSiteStrictMode})
}

// followAsk takes a code and shows what it opens.
func (s *server) followAsk(w http.ResponseWriter, h *http.Request) {
	r := s.request(w, h)
	code := strings.ToUpper(strings.NewReplacer(" ", "", "-", "").Replace(h.PostFormValue("code")))
	if h.PostFormValue("leave") != "" {
		http.SetCookie(w, &http.Cookie{Name: followCookie, Path: "/follow", MaxAge: -1})
	} else {
		s.remember(w, r, clip(code, 32))
	}
	http.Redirect(w, h, "/follow", http.StatusSeeOther)
}

// followed finds the case of the code the browser holds.
func (s *server) followed(r *request) (*domain.Record, string, error) {
	code := cookie(r.Request, followCookie)
	if code == "" {
		return nil, "", nil
	}
	if !s.limit.allow(s.remote(r.Request), "follow", 120) {
		return nil, code, domain.Fail(domain.Unavailable, "", "often", "查询得太频繁，请稍后再试", "too many tries; try again in a moment")
	}
	refs, err := s.read.ByBlind(r.Context(), "receipt", s.Engine.BlindHash("receipt", code))
	if err != nil || len(refs) == 0 {
		return nil, code, err
	}
	rec, err := s.read.Record(r.Context(), refs[0])
	return rec, code, err
}

// follow shows the person who filed how it stands, in plain words.
func (s *server) follow(r *request) (templ.Component, error) {
	r.Nav, r.Title = "complain", r.T("follow.title")
	rec, code, err := s.followed(r)
	if err != nil {
		return nil, err
	}
	v := view.Follow{New: r.URL.Query().Get("new") != "" && rec != nil, Sent: r.URL.Query().Get("done"), Unknown: code != "" && rec == nil}
	if rec == nil {
		return view.FollowPage(r.Page, v), nil
	}
	v.Code = grouped(code)
	s.followRecord(r, rec, &v)
	for _, l := range rec.Links {
		if l.Role != "again" && l.Role != "moved" && l.Role != "sibling" {
			continue
		}
		other, err := s.read.Record(r.Context(), l.To)
		if err != nil {
			return nil, err
		}
		if other != nil {
			v.Others = append(v.Others, view.Pair{Label: r.T("follow.link." + l.Role), Text: strings.TrimSpace(other.Number + " " + s.plainState(r.words, other))})
		}
	}
	return view.FollowPage(r.Page, v), nil
}

func (s *server) followRecord(r *request, rec *domain.Record, v *view.Follow) {
	k := s.cat.KindAt(rec.Kind, rec.Process)
	v.Kind, v.Number, v.State = r.kind(rec.Kind), rec.Number, r.state(rec.Kind, rec.State)
	v.Plain = first(s.plainState(r.words, rec), v.State)
	if came := outcome(k, rec, r.lang); came != "" {
		v.Plain, v.Ended = came, v.Plain
	}
	v.Organ, v.Opened = r.organ(rec.Organ), string(rec.Opened)
	for _, name := range []string{"refuse_ground", "end_code", "agreed", "moved_to", "not_file_reason"} {
		if f := k.FieldOf(name); f != nil && rec.Fields[name] != nil && rec.Fields[name] != "" {
			v.Facts = append(v.Facts, view.Pair{Label: f.Label.In(r.lang), Text: s.value(r.Context(), r.words, f, rec.Fields[name]).Text})
		}
	}
	for _, c := range rec.Clocks {
		use := k.Uses(c.Code)
		if c.Open() && use != nil && !use.Advice && c.Due != "" {
			_, left := s.left(r.words, c.Due)
			v.Due = append(v.Due, view.Pair{Label: r.clock(c.Code), Text: string(c.Due) + " · " + left})
		}
	}
	for _, m := range rec.Trail {
		v.Trail = append(v.Trail, view.Pair{Label: string(m.On), Text: s.eventName(r, k, m.Event)})
	}
	slices.Reverse(v.Trail)
	v.Can = s.citizenCan(r, k, rec)
}

// outcome is what came of a case that was put away: the plain words of the state
// before, "" while it goes on or where its end says so itself. A state with a
// deadline is no outcome: something was still to be decided in it.
func outcome(k *catalogue.Kind, rec *domain.Record, lang string) string {
	if st := k.StateOf(rec.State); st == nil || !st.End {
		return ""
	}
	steps := slices.Clone(rec.Trail)
	slices.Reverse(steps)
	for _, m := range steps {
		for _, a := range k.Actions {
			if a.Emits != m.Event || a.To == "" || a.To == rec.State {
				continue
			}
			if st := k.StateOf(a.To); st != nil && st.Todo != nil && st.Todo.Clock == "" {
				return st.Plain.In(lang)
			}
			return ""
		}
	}
	return ""
}

// citizenCan are the actions open to the person who filed.
func (s *server) citizenCan(r *request, k *catalogue.Kind, rec *domain.Record) []view.Can {
	list, err := s.Engine.Options(r.Context(), rec.Ref, s.public())
	if err != nil {
		s.Log.Error("follow", "error", err)
		return nil
	}
	var out []view.Can
	for _, o := range list {
		if slices.Contains(o.Action.Roles, "citizen") && len(o.Why) == 0 {
			out = append(out, view.Can{Link: view.Link{Text: o.Action.Label.In(r.lang), Href: "/follow/" + o.Action.Action}})
		}
	}
	return out
}

// followDo is one action of the person who filed.
func (s *server) followDo(r *request) (acting, error) {
	rec, _, err := s.followed(r)
	if err != nil {
		return acting{}, err
	}
	if rec == nil {
		return acting{}, domain.Fail(domain.Forbidden, "", "code", "请先输入查询码", "give your code first")
	}
	a := acting{kind: s.cat.KindAt(rec.Kind, rec.Process), rec: rec, to: "/follow/" + r.PathValue("action")}
	a.act = a.kind.ActionOf(r.PathValue("action"))
	if a.act == nil || !slices.Contains(a.act.Roles, "citizen") {
		return acting{}, domain.Fail(domain.NotFound, "action", "exists", "没有这个办理动作", "there is no such action")
	}
	a.form = s.builder(r).Of(a.kind, a.act)
	return a, nil
}

func (s *server) followForm(r *request) (templ.Component, error) {
	a, err := s.followDo(r)
	if err != nil {
		return nil, err
	}
	return view.ActPage(r.Page, s.citizenPage(r, a, form.Values{}, nil)), nil
}

// citizenPage is the officer's form page without what is the officer's.
func (s *server) citizenPage(r *request, a acting, v form.Values, err error) view.Act {
	p := s.actPage(r, a, v, err)
	p.Public, p.Draft, p.Back, p.About = true, "", "/follow", nil
	r.Nav, r.Crumbs = "complain", nil
	return p
}

func (s *server) followSend(w http.ResponseWriter, h *http.Request) {
	r := s.request(w, h)
	a, err := s.followDo(r)
	var sent url.Values
	if err == nil {
		sent, err = s.sent(r)
	}
	if err != nil {
		s.fail(w, h, err)
		return
	}
	in, bad := form.Decode(a.form, sent, nil)
	if bad = append(bad, r.badFiles...); len(bad) == 0 {
		bad = s.claimFiles(r, a.form.Fields, in)
	}
	err = nil
	if len(bad) > 0 {
		err = &domain.Error{Code: domain.Invalid, Problems: bad}
	} else {
		_, err = s.Engine.Do(h.Context(), domain.Command{Record: a.rec.Ref, Kind: a.kind.Name, Action: a.act.Action, Input: s.together(h.Context(), a, in), Actor: s.public(),
			Key: "public/" + clip(sent.Get("_key"), maxKey), Reason: strings.TrimSpace(sent.Get("_reason"))})
	}
	if err != nil {
		s.render(w, r, statuses[domain.ErrorCode(err)], view.ActPage(r.Page, s.citizenPage(r, a, form.Sent(sent), err)))
		return
	}
	http.Redirect(w, h, "/follow?done="+a.act.Action, http.StatusSeeOther)
}

// together adds what is new to what several values hold already; sealed ones
// are opened for it and sealed again by the engine.
func (s *server) together(ctx context.Context, a acting, in map[string]any) map[string]any {
	for i := range a.form.Fields {
		f := &a.form.Fields[i]
		old, ok := a.rec.Fields[f.Name]
		fresh, many := in[f.Name].([]any)
		if !ok || !many || !f.Many {
			continue
		}
		v, open, err := s.Engine.Unseal(ctx, a.rec.Ref, f.Name, old)
		if had, isList := v.([]any); err == nil && open && isList {
			in[f.Name] = append(slices.Clone(had), fresh...)
		}
	}
	return in
}

// grouped writes a code so that it is easy to read out.
func grouped(code string) string {
	if len(code) == 10 {
		return code[:5] + "-" + code[5:]
	}
	return code
}
