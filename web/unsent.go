package web

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/store"
	"github.com/dinghai/dinghai/web/form"
	"github.com/dinghai/dinghai/web/format"
)

// Work keeps what people have under way beside the records: drafts, their own
// views of lists, and the log of who looked at what.
type Work interface {
	Tellings
	Meta(ctx context.Context, name string) (string, error)
	SetMeta(ctx context.Context, name, value string) error
	EventsOfType(ctx context.Context, typ string, from, to domain.Date, home int, pos int64, limit int) ([]domain.Event, error)
	RetryOutbox(ctx context.Context, home int, pos int64, n int) (int64, error)
	KeepDraft(ctx context.Context, d store.Draft) error
	DropDraft(ctx context.Context, person, name string) error
	Draft(ctx context.Context, person, name string) (*store.Draft, error)
	Drafts(ctx context.Context, person string) ([]store.Draft, error)
	Save(ctx context.Context, s store.Saved) error
	SavedOf(ctx context.Context, person, page string) ([]store.Saved, error)
	LogAccess(ctx context.Context, list ...store.Access) error
	Accesses(ctx context.Context, target string, limit int) ([]store.Access, error)
}

const maxUnsent = 768 << 10 // a long report, as a form sends it

// draftName is the name under which what is typed into a form is kept.
func (s *server) draftName(a acting) string { return strings.TrimPrefix(a.to, "/") }

// keepDraft keeps what a person is typing. The body is encrypted: it may hold
// personal data.
func (s *server) keepDraft(w http.ResponseWriter, h *http.Request) {
	r := s.request(w, h)
	if s.Work == nil || !r.sight.Viewer.Known() {
		http.Error(w, r.T("draft.signedout"), http.StatusUnauthorized)
		return
	}
	h.Body = http.MaxBytesReader(w, h.Body, maxUnsent)
	if err := h.ParseForm(); err != nil {
		http.Error(w, r.T("draft.large"), http.StatusRequestEntityTooLarge)
		return
	}
	name := h.PostForm.Get("_draft")
	h.PostForm.Del("_draft")
	if err := s.lockDraft(r, r.sight.Viewer.ID, name, h.PostForm); err != nil {
		s.Log.Error("draft", "error", err)
		http.Error(w, r.T("draft.failed"), http.StatusServiceUnavailable)
		return
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, _ = w.Write([]byte(r.T("draft.kept", format.Moment(s.Engine.Now()))))
}

func (s *server) lockDraft(r *request, person, name string, v url.Values) error {
	body, err := s.Engine.Lock(person+"/"+name, v.Encode())
	if err != nil {
		return err
	}
	return s.Work.KeepDraft(r.Context(), store.Draft{Person: person, Name: name, At: s.Engine.Now(), Body: body})
}

// draftOf finds what was typed into a form before: the person's own draft, or
// what was sent when the session had run out.
func (s *server) draftOf(r *request, name string) (form.Values, string) {
	if s.Work == nil {
		return nil, ""
	}
	if v, at := s.openDraft(r, parkedBy+cookie(r.Request, parkCookie), name); v != nil {
		return v, at
	}
	return s.openDraft(r, r.sight.Viewer.ID, name)
}

func (s *server) openDraft(r *request, person, name string) (form.Values, string) {
	d, err := s.Work.Draft(r.Context(), person, name)
	if err != nil || d == nil {
		return nil, ""
	}
	text, ok := s.Engine.Unlock(person+"/"+name, d.Body)
	v, err := url.ParseQuery(text)
	if !ok || err != nil {
		return nil, ""
	}
	v.Del("_seq")
	v.Del("_key")
	return form.Values(v), format.Moment(d.At)
}

func (s *server) dropDraft(r *request, name string) {
	if s.Work == nil {
		return
	}
	for _, person := range []string{r.sight.Viewer.ID, parkedBy + cookie(r.Request, parkCookie)} {
		if err := s.Work.DropDraft(r.Context(), person, name); err != nil {
			s.Log.Error("draft", "error", err)
		}
	}
}

const (
	parkCookie = "parked"
	parkedBy   = "parked:"
)

// parked takes a form that arrived after its session ran out: what was typed
// waits, encrypted, until the person has signed in again.
func (s *server) parked(w http.ResponseWriter, r *request) bool {
	if s.Work == nil || s.Viewer == nil || r.sight.Viewer.Known() || !hadSession(r.Request) {
		return false
	}
	r.Request.Body = http.MaxBytesReader(w, r.Request.Body, maxUnsent)
	sent, err := s.sent(r)
	if err != nil {
		return false
	}
	token, name := newKey(), strings.TrimPrefix(r.URL.RequestURI(), "/")
	if err := s.lockDraft(r, parkedBy+token, name, sent); err != nil {
		s.Log.Error("draft", "error", err)
		return false
	}
	http.SetCookie(w, &http.Cookie{Name: parkCookie, Value: token, Path: "/", MaxAge: int(parkTime / time.Second), HttpOnly: true, Secure: r.TLS != nil, SameSite: http.SameSiteLaxMode})
	http.Redirect(w, r.Request, "/login?next="+url.QueryEscape(r.URL.RequestURI()), http.StatusSeeOther)
	return true
}

const parkTime = 2 * time.Hour

func hadSession(r *http.Request) bool {
	for _, c := range r.Cookies() {
		if strings.HasSuffix(c.Name, "session") {
			return true
		}
	}
	return false
}
