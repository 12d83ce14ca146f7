package web

import (
	"errors"
	"net/http"
	"slices"

	"github.com/dinghai/dinghai/catalogue"
	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/engine"
	"github.com/dinghai/dinghai/web/view"
)

// options are what the viewer can do on a record now, what stands against the
// rest, and the built-in actions.
func (s *server) options(r *request, rec *domain.Record, v *view.Record) error {
	who := r.sight.Viewer
	if !who.Known() || rec.Voided {
		return nil
	}
	list, err := s.Engine.Options(r.Context(), rec.Ref, who.Actor)
	if err != nil {
		return err
	}
	base := address(rec.Class, rec.Ref) + "/do/"
	k := s.cat.KindAt(rec.Kind, rec.Process)
	usual := usualStep(k, rec, list)
	for _, o := range list {
		if ofOneself(o.Action) && rec.Ref != who.Person {
			continue // nobody else's to do, whatever the state
		}
		c := view.Can{Link: view.Link{Text: o.Action.Label.In(r.lang), Href: base + o.Action.Action}, First: o.Action == usual}
		for _, p := range o.Why {
			c.Theirs = c.Theirs || p.Rule == "role"
			c.Why = append(c.Why, view.Pair{Label: sentence(p.Reason, r.lang), Text: r.law(p.Law)})
		}
		if c.First {
			v.Can = append([]view.Can{c}, v.Can...)
		} else {
			v.Can = append(v.Can, c)
		}
	}
	if rec.Class == domain.Subject {
		v.More = append(v.More, view.Link{Text: r.T("chain.link"), Href: address(rec.Class, rec.Ref) + "/chain"})
		v.More = append(v.More, view.Link{Text: r.T("visit.link"), Href: address(rec.Class, rec.Ref) + "/visit"})
	}
	to := deskPages[rec.Kind]
	if rec.Kind == personKind && r.sight.Viewer.Admin != "" {
		to = "/admin/people/"
	}
	if to != "" {
		work := view.Can{Link: view.Link{Text: r.T("desk.open"), Href: to + rec.Ref.String()}, First: usual == nil}
		v.Can = append([]view.Can{work}, v.Can...)
	}
	var audit []view.Can // what an auditor comes for, not an afterthought
	v.More = append(v.More, view.Link{Text: r.T("looks.title"), Href: address(rec.Class, rec.Ref) + "/looks"})
	for _, a := range builtins {
		if s.actionOf(k, a.Action) == nil || s.mayNot(r, rec, a.Action) {
			continue
		}
		if a.Action == engine.ActAssign {
			continue // offered beside its task
		}
		if held := rec.Flagged(engine.FlagHold, s.Engine.Today()); a.Action == engine.ActHold && held || a.Action == engine.ActRelease && !held {
			continue
		}
		l := view.Link{Text: a.Label.In(r.lang), Href: base + a.Action}
		if slices.Contains([]string{engine.ActHold, engine.ActRelease, engine.ActErase}, a.Action) {
			audit = append(audit, view.Can{Link: l, Why: s.against(r, rec, a.Action)})
			continue
		}
		v.More = append(v.More, l)
	}
	v.Can = append(audit, v.Can...)
	return nil
}

// usualStep is the step most cases go on with from here, if the viewer may take
// it now.
func usualStep(k *catalogue.Kind, rec *domain.Record, list []engine.Option) *catalogue.Action {
	for _, name := range k.Ordinary(rec.State) {
		for _, o := range list {
			if o.Action.Action == name && len(o.Why) == 0 {
				return o.Action
			}
		}
	}
	return nil
}

// mayNot asks the engine whether a built-in action is the viewer's to do; the
// missing input itself is no hindrance.
func (s *server) mayNot(r *request, rec *domain.Record, action string) bool {
	_, err := s.Engine.Check(r.Context(), domain.Command{Record: rec.Ref, Action: action, Actor: r.sight.Viewer.Actor})
	return domain.ErrorCode(err) == domain.Forbidden
}

// against is what stands against a built-in action for which a reason is given,
// told before anybody tries: personal data under legal hold, or to be kept yet.
func (s *server) against(r *request, rec *domain.Record, action string) (why []view.Pair) {
	_, err := s.Engine.Check(r.Context(), domain.Command{Record: rec.Ref, Action: action, Actor: r.sight.Viewer.Actor, Reason: action})
	var e *domain.Error
	if errors.As(err, &e) && e.Code == domain.Refused {
		for _, p := range e.Problems {
			why = append(why, view.Pair{Label: sentence(p.Reason, r.lang)})
		}
	}
	return why
}

// claim takes a free task, or gives one back: the button beside a task.
func (s *server) claim(w http.ResponseWriter, h *http.Request) {
	r := s.request(w, h)
	ref, err := domain.ParseRef(h.PathValue("ref"))
	if err == nil {
		err = s.signedIn(r)
	}
	if err == nil {
		_, err = r.sight.Record(h.Context(), ref)
	}
	if err == nil {
		who := r.sight.Viewer.ID
		if h.PostFormValue("give") != "" {
			who = ""
		}
		_, err = s.Engine.Do(h.Context(), domain.Command{Record: ref, Action: engine.ActAssign, Actor: r.sight.Viewer.Actor,
			Input: map[string]any{"task": h.PostFormValue("task"), "assignee": who}})
	}
	if err != nil {
		s.fail(w, h, err)
		return
	}
	http.Redirect(w, h, back(h.PostFormValue("back")), http.StatusSeeOther)
}

// done is the notice after an action: what was done, and what comes next.
func (s *server) done(r *request, rec *domain.Record) string {
	action := r.URL.Query().Get("done")
	if action == "" {
		return ""
	}
	if k := s.cat.KindAt(rec.Kind, rec.Process); k == nil || s.actionOf(k, action) == nil {
		return ""
	}
	return r.T("done", r.action(rec.Kind, action))
}

// openSealed shows a sealed value to one who may see it and gives a reason; the
// look is logged before the value is shown.
func (s *server) openSealed(w http.ResponseWriter, h *http.Request) {
	r := s.request(w, h)
	text, err := s.unseal(r)
	if err != nil {
		s.fail(w, h, err)
		return
	}
	s.render(w, r, http.StatusOK, view.SealedPage(r.Page, text))
}
