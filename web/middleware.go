package web

import (
	"context"
	"net/http"
	"net/url"
	"runtime/debug"
	"strings"
	"time"
	"unicode/utf8"
)

const (
	maxBody = 8 << 20  // a draft with its file, a piece of an upload
	maxForm = 60 << 20 // a form with its files, sent without script
	maxURL  = 4 << 10
)

// handler wraps the routes: outermost first.
func (s *server) handler() http.Handler {
	routes := s.routes()
	var h http.Handler = http.NewCrossOriginProtection().Handler(routes)
	h = limits(h)
	h = s.recovered(h)
	h = compressed(h)
	h = s.metered(routes, h)
	h = headers(h)
	return s.bounded(h)
}

// policy lets a page load only what comes with the product. Style sheets of
// the component library carry small drawings as data addresses.
const policy = "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

func headers(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("X-Frame-Options", "DENY")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Permissions-Policy", "camera=(), microphone=(), geolocation=(self)")
		if r.TLS != nil {
			h.Set("Strict-Transport-Security", "max-age=31536000")
		}
		next.ServeHTTP(w, r)
	})
}

// limits bounds address, body and time of a request.
func limits(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if len(r.RequestURI) > maxURL {
			http.Error(w, "网址过长 / the address is too long", http.StatusRequestURITooLong)
			return
		}
		if asked, err := url.QueryUnescape(r.URL.RawQuery); err == nil && !utf8.ValidString(r.URL.Path+asked) {
			http.Error(w, "网址中的文字不是 UTF-8 编码，请重新输入 / the address is not written in UTF-8; type it again", http.StatusBadRequest)
			return
		}
		r.Body = http.MaxBytesReader(w, r.Body, bodyLimit(r))
		ctx, cancel := context.WithTimeout(r.Context(), timeLimit(r))
		defer cancel()
		next.ServeHTTP(w, r.WithContext(ctx))
	})
}

// bodyLimit is larger for forms that may bring files along.
func bodyLimit(r *http.Request) int64 {
	p := r.URL.Path
	if strings.HasPrefix(r.Header.Get("Content-Type"), "multipart/") &&
		(strings.Contains(p, "/do/") || strings.HasPrefix(p, "/new/") || p == "/complain" || strings.HasPrefix(p, "/follow/")) {
		return maxForm
	}
	return maxBody
}

// timeLimit is longer where a whole list or file is sent.
func timeLimit(r *http.Request) time.Duration {
	if bodyLimit(r) > maxBody || strings.Contains(r.URL.Path, "/files/") || strings.Contains(r.URL.Path, "/export.") || strings.HasSuffix(r.URL.Path, "/rows.csv") {
		return exportTimeout
	}
	return timeout
}

// bounded turns requests away when all slots are taken: a quick plain answer
// is better than a slow one for everybody.
func (s *server) bounded(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		select {
		case s.slots <- struct{}{}:
			defer func() { <-s.slots }()
			next.ServeHTTP(w, r)
		default:
			w.Header().Set("Retry-After", "2")
			http.Error(w, "访问人数较多，请稍后再试 / busy; please try again in a moment", http.StatusServiceUnavailable)
		}
	})
}

// recovered turns a panic into the plain error page; the stack goes to the log.
func (s *server) recovered(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			p := recover()
			if p == nil {
				return
			}
			if p == http.ErrAbortHandler { //nolint:errorlint // as net/http compares it
				panic(p)
			}
			s.Log.Error("panic", "path", r.URL.Path, "panic", p, "stack", string(debug.Stack()))
			s.fail(w, r, errPanic)
		}()
		next.ServeHTTP(w, r)
	})
}
