package web

import (
	"crypto/rand"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"github.com/dinghai/dinghai/catalogue"
	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/engine"
	"github.com/dinghai/dinghai/web/form"
	"github.com/dinghai/dinghai/web/view"
)

// acting is one action being filled in: on a record, or opening one.
type acting struct {
	kind *catalogue.Kind
	act  *catalogue.Action
	rec  *domain.Record // nil when the action opens a record
	form form.Form
	to   string // address of the page
}

// builder makes forms for the reader's language and today.
func (s *server) builder(r *request) form.Builder {
	return form.Builder{Cat: s.cat, Lang: r.lang, Day: s.Engine.Today()}
}

// actingOn finds the record and action an address names.
func (s *server) actingOn(r *request) (acting, error) {
	ref, err := domain.ParseRef(r.PathValue("ref"))
	if err != nil {
		return acting{}, err
	}
	rec, err := r.sight.Record(r.Context(), ref)
	if err != nil {
		return acting{}, err
	}
	if rec == nil {
		return acting{}, notThere()
	}
	a := acting{kind: s.cat.KindAt(rec.Kind, rec.Process), rec: rec, to: address(rec.Class, ref) + "/do/" + r.PathValue("action")}
	if a.kind != nil {
		a.act = s.actionOf(a.kind, r.PathValue("action"))
	}
	if a.act == nil || a.act.Opens {
		return acting{}, domain.Fail(domain.NotFound, "action", "exists", "这类记录没有这个办理动作", "this kind of record has no such action")
	}
	a.form = s.builder(r).Of(a.kind, a.act)
	return a, s.shapeBuiltin(r, &a)
}

// actingNew finds the opening action an address names.
func (s *server) actingNew(r *request) (acting, error) {
	k := s.cat.Kinds[r.PathValue("kind")]
	if k == nil {
		return acting{}, domain.Fail(domain.NotFound, "kind", "exists", "目录中没有这个事项", "the catalogue has no such matter")
	}
	a := acting{kind: k, act: k.ActionOf(r.PathValue("action"))}
	if a.act == nil || !a.act.Opens {
		return acting{}, domain.Fail(domain.NotFound, "action", "exists", "这类记录没有这个办理动作", "this kind of record has no such action")
	}
	a.to = "/new/" + k.Name + "/" + a.act.Action
	a.form = s.builder(r).Of(k, a.act)
	return a, nil
}

func notThere() error {
	return domain.Fail(domain.NotFound, "", "record", "没有这条记录，请核对网址或用编号查找", "there is no such record; check the address or search for its number")
}

// actForm shows the form of an action, filled with what the record knows or
// with what was typed before and not sent.
func (s *server) actForm(r *request, a acting) (templ.Component, error) {
	if err := s.mayBegin(r, a); err != nil {
		return nil, err
	}
	v := form.Values{}
	if a.rec != nil {
		v = form.Encode(a.form, filledIn(r, a))
	}
	for _, name := range []string{"of", "area"} {
		if x := r.URL.Query().Get(name); x != "" {
			v["_"+name] = []string{x}
		}
	}
	page := s.actPage(r, a, v, nil)
	if kept, at := s.draftOf(r, page.Draft); kept != nil {
		page = s.actPage(r, a, kept, nil)
		page.Kept = at
	}
	return view.ActPage(r.Page, page), nil
}

// filledIn is what the record knows of a form's inputs; a correction begins with
// the value that stands.
func filledIn(r *request, a acting) map[string]any {
	if name := r.URL.Query().Get("field"); a.act.Action == engine.ActCorrect && name != "" {
		return map[string]any{"value": a.rec.Fields[name]}
	}
	return a.rec.Fields
}

// mayBegin refuses the form itself to those who could never send it.
func (s *server) mayBegin(r *request, a acting) error {
	if err := s.signedIn(r); err != nil {
		return err
	}
	if a.rec == nil && !s.holdsAny(r, a.act.Roles) {
		return domain.Failf(domain.Forbidden, "", "role", "您没有办理此事项的权限，需要的角色：%s", "you have no grant for this; it needs one of the roles: %s", s.roleList(r.words, a.act.Roles))
	}
	if a.rec != nil && ofOneself(a.act) && a.rec.Ref != r.sight.Viewer.Person {
		return domain.Fail(domain.Forbidden, "", "own", "这是本人登记的事项，只能由其本人办理", "this is entered by the person concerned, and nobody else")
	}
	if a.rec != nil && s.mayNot(r, a.rec, a.act.Action) {
		return domain.Failf(domain.Forbidden, "", "role", "您没有在该辖区办理此事项的权限，需要的角色：%s", "you have no grant for this here; it needs one of the roles: %s", s.roleList(r.words, a.act.Roles))
	}
	return nil
}

// ofOneself reports whether an action is what people enter about themselves.
func ofOneself(a *catalogue.Action) bool { return slices.Equal(a.Roles, []string{"staff"}) }

// actSend takes a filled form: to do it, to see what it would do, or to drop
// the draft.
func (s *server) actSend(w http.ResponseWriter, r *request, a acting) {
	sent, err := s.sent(r)
	if err == nil {
		err = s.mayBegin(r, a)
	}
	if err != nil {
		s.fail(w, r.Request, err)
		return
	}
	if sent.Get("drop") != "" {
		s.dropDraft(r, s.draftName(a))
		http.Redirect(w, r.Request, a.to, http.StatusSeeOther)
		return
	}
	in, bad := form.Decode(a.form, sent, s.resolver(r))
	cmd, more := s.command(r, a, sent, in)
	bad = append(append(bad, more...), r.badFiles...)
	if len(bad) == 0 {
		bad = s.claimFiles(r, a.form.Fields, in)
	}
	if len(bad) > 0 {
		s.again(w, r, a, sent, &domain.Error{Code: domain.Invalid, Problems: bad})
		return
	}
	if sent.Get("_preview") != "" {
		s.preview(w, r, a, sent, cmd)
		return
	}
	cmd.Input = s.addSealedFiles(r.Context(), a, cmd.Input)
	rec, err := s.Engine.Do(r.Context(), cmd)
	if err != nil {
		s.again(w, r, a, sent, err)
		return
	}
	s.dropDraft(r, s.draftName(a))
	http.Redirect(w, r.Request, address(rec.Record.Class, rec.Record.Ref)+"?done="+url.QueryEscape(a.act.Action), http.StatusSeeOther)
}

// sent reads the form of a request. Files that come with it are stored and
// their values added; those refused are told with what else is wrong.
func (s *server) sent(r *request) (url.Values, error) {
	var err error
	if strings.HasPrefix(r.Header.Get("Content-Type"), "multipart/form-data") {
		err = r.ParseMultipartForm(formMemory)
	} else {
		err = r.ParseForm()
	}
	if big := new(http.MaxBytesError); errors.As(err, &big) {
		return nil, err // too large is told as such
	}
	if err != nil {
		return nil, domain.Fail(domain.Invalid, "", "form", "表单没有完整送达，请返回后重新提交", "the form did not arrive whole; go back and send it again")
	}
	if r.MultipartForm != nil {
		r.badFiles = s.takeFiles(r, r.PostForm)
	}
	return r.PostForm, nil
}

const formMemory = 1 << 20 // bytes of a form held in memory; the rest waits on the disk

// command makes the command of a form. What its own inputs lack is told with
// everything else that is wrong.
func (s *server) command(r *request, a acting, sent url.Values, in map[string]any) (domain.Command, []domain.Problem) {
	v := r.sight.Viewer
	seq, _ := strconv.Atoi(sent.Get("_seq"))
	cmd := domain.Command{Kind: a.kind.Name, Action: a.act.Action, Input: in, Actor: v.Actor, Seq: seq, Key: sent.Get("_key"),
		On: domain.Date(strings.TrimSpace(sent.Get("_on"))), Reason: strings.TrimSpace(sent.Get("_reason")), Approver: s.personID(r, sent.Get("_approver"))}
	if len(cmd.Key) > maxKey {
		cmd.Key = ""
	}
	if a.rec != nil {
		cmd.Record = a.rec.Ref
		if isBuiltin(a.act.Action) {
			cmd.Input = builtinInput(cmd.Action, in, r.URL.Query())
		}
		return cmd, nil
	}
	cmd.Seq = 0
	var bad []domain.Problem
	if of := s.resolver(r)(&form.Field{Type: "ref", Pick: "/pick/ref/" + a.kind.Subject}, sent.Get("_of")); of != "" {
		cmd.Of, _ = domain.ParseRef(of)
	} else if sent.Get("_of") != "" {
		bad = append(bad, domain.Problem{Field: "of", Rule: "ref", Reason: domain.Text{ZH: "没有找到唯一的监管对象，请从搜索结果中选择", EN: "no single subject fits; choose one from the search"}})
	}
	if area := s.resolver(r)(&form.Field{Type: "area", Pick: "/pick/area"}, sent.Get("_area")); area != "" {
		cmd.Area = area
	} else if sent.Get("_area") != "" {
		cmd.Area = sent.Get("_area")
	}
	return cmd, bad
}

const maxKey = 64

// newKey makes a key under which a form is done once, however often it is sent.
// It cannot be guessed (80 bits); it begins with the time, so that the keys of
// an hour lie side by side in their table.
func newKey() string {
	b := make([]byte, 10)
	_, _ = rand.Read(b) // never fails
	return fmt.Sprintf("%012x%x", time.Now().UnixMilli(), b)
}

// signedIn refuses a form to strangers.
func (s *server) signedIn(r *request) error {
	if r.sight.Viewer.Known() {
		return nil
	}
	return domain.Fail(domain.Forbidden, "", "login", "请先登录再办理", "sign in to do this")
}

// do serves the pages on which actions are done.
func (s *server) do(find func(*request) (acting, error)) (get, post http.HandlerFunc) {
	form := s.page(func(r *request) (templ.Component, error) {
		a, err := find(r)
		if err != nil {
			return nil, err
		}
		return s.actForm(r, a)
	})
	get = func(w http.ResponseWriter, h *http.Request) {
		if a, err := find(s.request(w, h)); err == nil && ownPageOf(a) != "" {
			http.Redirect(w, h, ownPageOf(a), http.StatusSeeOther)
			return
		}
		form(w, h)
	}
	post = func(w http.ResponseWriter, h *http.Request) {
		r := s.request(w, h)
		if s.parked(w, r) {
			return
		}
		a, err := find(r)
		if err != nil {
			s.fail(w, h, err)
			return
		}
		if to := ownPageOf(a); to != "" {
			http.Redirect(w, h, to, http.StatusSeeOther)
			return
		}
		s.actSend(w, r, a)
	}
	return get, post
}
