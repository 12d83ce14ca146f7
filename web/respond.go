package web

import (
	"bytes"
	"errors"
	"net/http"
	"sync"
	"unicode"
	"unicode/utf8"

	"github.com/a-h/templ"

	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/web/view"
)

var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// render writes a page only when it is whole: a failing template gives the
// error page, not half of this one.
func (s *server) render(w http.ResponseWriter, r *request, code int, c templ.Component) {
	b := buffers.Get().(*bytes.Buffer)
	defer buffers.Put(b)
	b.Reset()
	r.Page.Unread = s.unread(r)
	if err := view.Layout(r.Page, c).Render(r.Context(), b); err != nil {
		s.Log.Error("render", "path", r.URL.Path, "error", err)
		http.Error(w, r.T("error.internal"), http.StatusInternalServerError)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Cache-Control", "private, no-cache")
	if r.secret {
		h.Set("Cache-Control", "no-store")
	}
	h.Add("Vary", "Cookie")
	w.WriteHeader(code)
	_, _ = w.Write(b.Bytes()) // the reader has gone; nothing to tell anyone
}

// statuses is the one table from error codes to HTTP.
var statuses = map[domain.Code]int{
	domain.Invalid: http.StatusBadRequest, domain.Forbidden: http.StatusForbidden, domain.NotFound: http.StatusNotFound,
	domain.NotNow: http.StatusConflict, domain.Guarded: http.StatusUnprocessableEntity, domain.Conflict: http.StatusConflict,
	domain.Refused: http.StatusForbidden, domain.Unavailable: http.StatusServiceUnavailable, domain.Internal: http.StatusInternalServerError,
}

var errPanic = errors.New("panic")

// fail shows what went wrong in plain words. What is unknown to us is logged
// and never shown.
func (s *server) fail(w http.ResponseWriter, r *http.Request, err error) {
	var big *http.MaxBytesError
	if errors.As(err, &big) {
		err = domain.Failf(domain.Invalid, "", "size", "内容超过 %d MB，请分次提交", "it is larger than %d MB; send it in parts", big.Limit>>20)
	}
	if s.toLogin(w, r, err) {
		return
	}
	code := domain.ErrorCode(err)
	if code == domain.Internal && !errors.Is(err, errPanic) {
		s.Log.Error("page", "path", r.URL.Path, "error", err)
	}
	q := s.request(w, r)
	e := view.Failure{Code: string(code)}
	if code == domain.Forbidden && q.Who != "" {
		e.Code = "noright"
	}
	q.Title = q.T("error.title." + e.Code)
	var d *domain.Error
	if code != domain.Internal && errors.As(err, &d) {
		for _, p := range d.Problems {
			e.Problems = append(e.Problems, sentence(p.Reason, q.lang))
		}
	}
	s.render(w, q, statuses[code], view.Error(q.Page, e))
}

// missing answers addresses we do not have.
func (s *server) missing(*request) (templ.Component, error) {
	return nil, domain.Fail(domain.NotFound, "", "page", "没有这个页面，网址可能已变更或输入有误", "there is no such page; the address may have changed or been mistyped")
}

// sentence is a wording of its own: in English it begins with a capital.
func sentence(t domain.Text, lang string) string {
	s := t.In(lang)
	if first, n := utf8.DecodeRuneInString(s); lang == "en" && n > 0 {
		return string(unicode.ToUpper(first)) + s[n:]
	}
	return s
}

// problemTexts are the reasons of an error in the reader's language.
func problemTexts(r *request, err error) []string {
	var d *domain.Error
	if !errors.As(err, &d) {
		return []string{r.T("error.internal")}
	}
	out := make([]string, len(d.Problems))
	for i, p := range d.Problems {
		out[i] = sentence(p.Reason, r.lang)
	}
	if len(out) == 0 {
		out = append(out, r.T("error."+string(d.Code)))
	}
	return out
}

// fragment renders a part of a page that a script puts in its place.
func (s *server) fragment(w http.ResponseWriter, r *request, c templ.Component) {
	b := buffers.Get().(*bytes.Buffer)
	defer buffers.Put(b)
	b.Reset()
	if err := c.Render(r.Context(), b); err != nil {
		s.fail(w, r.Request, err)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	_, _ = w.Write(b.Bytes()) // the reader has gone; nothing to tell anyone
}
