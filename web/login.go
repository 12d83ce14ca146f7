package web

import (
	"errors"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"github.com/a-h/templ"

	"github.com/dinghai/dinghai/access"
	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/web/view"
)

// reply is what a form that was sent leads to: another page, or the same one
// with what was wrong.
type reply struct {
	to   string
	body templ.Component
	code int // of body; 0 = 422
}

// answer answers a form. Its function may set cookies before it replies.
func (s *server) answer(f func(http.ResponseWriter, *request) (reply, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		q := s.request(w, r)
		a, err := f(w, q)
		switch {
		case err != nil:
			s.fail(w, r, err)
		case a.body != nil:
			if a.code == 0 {
				a.code = http.StatusUnprocessableEntity
			}
			s.render(w, q, a.code, a.body)
		default:
			http.Redirect(w, r, a.to, http.StatusSeeOther)
		}
	}
}

// ownPage lets only people with a session through; others are sent to sign in
// and come back.
func (s *server) ownPage(f pageFunc) http.HandlerFunc {
	page := s.page(func(r *request) (templ.Component, error) {
		r.secret = true
		return f(r)
	})
	return func(w http.ResponseWriter, r *http.Request) {
		if s.known(w, r) {
			page(w, r)
		}
	}
}

func (s *server) ownForm(f func(http.ResponseWriter, *request) (reply, error)) http.HandlerFunc {
	answer := s.answer(f)
	return func(w http.ResponseWriter, r *http.Request) {
		if s.known(w, r) {
			answer(w, r)
		}
	}
}

func (s *server) known(w http.ResponseWriter, r *http.Request) bool {
	v, err := s.Viewer(r)
	if err != nil {
		s.fail(w, r, err)
		return false
	}
	if !v.Known() {
		to := "/account"
		if r.Method == http.MethodGet {
			to = r.URL.RequestURI()
		}
		http.Redirect(w, r, "/login?next="+url.QueryEscape(to), http.StatusSeeOther)
	}
	return v.Known()
}

// The cookies of a session and of a browser that is known. Over TLS the name
// itself demands that no other host or path can set them.
func (s *server) cookieName(name string) string {
	if s.secure() {
		return "__Host-" + name
	}
	return name
}

func (s *server) secure() bool { return strings.HasPrefix(s.PublicURL, "https://") }

func (s *server) token(r *http.Request) string { return cookie(r, s.cookieName("session")) }

func (s *server) setCookie(w http.ResponseWriter, name, value string, age time.Duration) {
	c := &http.Cookie{Name: s.cookieName(name), Value: value, Path: "/", MaxAge: int(age / time.Second), HttpOnly: true, Secure: s.secure(), SameSite: http.SameSiteLaxMode}
	if value == "" {
		c.MaxAge = -1
	}
	http.SetCookie(w, c)
}

// keepSession puts the secrets of a session into the browser.
func (s *server) keepSession(w http.ResponseWriter, o *access.Opened) {
	s.setCookie(w, "session", o.Token, 24*time.Hour) // the server ends it earlier
	s.setCookie(w, "device", o.Device, aYear*time.Second)
}

// client is where a request comes from.
func (s *server) client(r *http.Request) access.Client {
	return access.Client{Agent: r.UserAgent(), Network: s.remote(r), Token: s.token(r), Device: cookie(r, s.cookieName("device"))}
}

// remote is the address of the client: of the connection, or what a proxy of
// ours says, read from the right until a host we do not trust.
func (s *server) remote(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		host = r.RemoteAddr
	}
	hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for i := len(hops) - 1; i >= 0 && s.proxied(host); i-- {
		a, err := netip.ParseAddr(strings.TrimSpace(hops[i]))
		if err != nil {
			break
		}
		host = a.String()
	}
	return host
}

func (s *server) proxied(host string) bool {
	a, err := netip.ParseAddr(host)
	if err != nil {
		return false
	}
	for _, p := range s.Proxies {
		if p.Contains(a.Unmap()) {
			return true
		}
	}
	return false
}

// login is the page to sign in on; who is signed in has no use for it.
func (s *server) login(w http.ResponseWriter, r *http.Request) {
	q := s.request(w, r)
	if q.Who != "" {
		http.Redirect(w, r, landing(r.URL.Query().Get("next")), http.StatusSeeOther)
		return
	}
	s.render(w, q, http.StatusOK, s.loginPage(q, "", nil))
}

// firstPage leads people who signed in without having asked for another page
// to their work.
const firstPage = "/desk"

// desk sends administrators to what they administer, everybody else to the inbox.
func (s *server) desk(w http.ResponseWriter, h *http.Request) {
	to := "/inbox"
	if s.request(w, h).sight.Viewer.Admin != "" {
		to = "/admin"
	}
	http.Redirect(w, h, to, http.StatusSeeOther)
}

// landing is where a person goes who just signed in.
func landing(next string) string {
	if to := back(next); to != "/" && !strings.HasPrefix(to, "/login") && !strings.HasPrefix(to, "/setup") {
		return to
	}
	return firstPage
}

func (s *server) loginPage(r *request, login string, errs []string) templ.Component {
	r.Title = r.T("login.title")
	next := r.FormValue("next")
	l := view.Login{Next: landing(next)}
	if next != "" && landing(next) != firstPage {
		l.Note = r.T("login.first")
	}
	l.Form = view.Form{Action: "/login", Button: r.T("login.go"), Errors: errs, Hidden: []view.Pair{{Label: "next", Text: landing(next)}},
		Entries: []view.Entry{
			{Name: "login", Label: r.T("login.name"), Value: login, Auto: "username", First: login == "", Max: 40},
			{Name: "password", Label: r.T("login.password"), Type: "password", Auto: "current-password", First: login != ""},
		}}
	l.Passkey, l.Why, r.Keys = s.Access.Passkeys(), s.whyNoPasskeys(r), true
	l.Outside = s.outsideLinks(r, l.Next)
	if r.URL.Query().Get("set") == "up" {
		l.Note = r.T("setup.done")
	}
	if s.Demo && s.Access.DemoPasswords {
		l.DemoNote = r.T("login.demo")
	}
	return view.LoginPage(r.Page, l)
}

// signIn opens a session for a name and a password.
func (s *server) signIn(w http.ResponseWriter, r *request) (reply, error) {
	login := r.PostFormValue("login")
	o, err := s.Access.SignIn(r.Context(), login, r.PostFormValue("password"), s.client(r.Request))
	var wait *access.WaitError
	switch {
	case errors.As(err, &wait):
		w.Header().Set("Retry-After", plain(seconds(wait.After)))
		return reply{body: s.loginPage(r, login, []string{r.waiting(wait)}), code: http.StatusTooManyRequests}, nil
	case domain.ErrorCode(err) == domain.Forbidden:
		return reply{body: s.loginPage(r, login, reasons(err, r.lang)), code: http.StatusForbidden}, nil
	case err != nil:
		return reply{}, err
	}
	s.keepSession(w, o)
	return reply{to: landing(r.PostFormValue("next"))}, nil
}

// signOut ends this session.
func (s *server) signOut(w http.ResponseWriter, r *request) (reply, error) {
	err := s.Access.SignOut(r.Context(), s.token(r.Request))
	s.setCookie(w, "session", "", 0)
	return reply{to: "/"}, err
}

// seconds rounds a wait up: who comes back then need not wait again.
func seconds(d time.Duration) int { return int((d + time.Second - 1) / time.Second) }

func (r *request) waiting(w *access.WaitError) string {
	n := seconds(w.After)
	if n >= 120 {
		return r.T("login.wait.minutes", plain((n+59)/60))
	}
	return r.T("login.wait", plain(n))
}

// reasons are the words of an error that belong to no field.
func reasons(err error, lang string) []string {
	var d *domain.Error
	var out []string
	if errors.As(err, &d) {
		for _, p := range d.Problems {
			out = append(out, sentence(p.Reason, lang))
		}
	}
	return out
}

// place puts what is wrong at its field, the rest on top of the form. It gives
// false for an error that is none of the input's.
func place(f *view.Form, err error, lang string) bool {
	var d *domain.Error
	if !errors.As(err, &d) || d.Code == domain.Internal || d.Code == domain.Unavailable {
		return false
	}
next:
	for _, p := range d.Problems {
		for i := range f.Entries {
			if e := &f.Entries[i]; e.Name == p.Field && e.Error == "" {
				e.Error = sentence(p.Reason, lang)
				continue next
			}
		}
		f.Errors = append(f.Errors, sentence(p.Reason, lang))
	}
	return len(d.Problems) > 0
}

// toLogin sends a stranger who asks for a page of ours to sign in, and back
// afterwards.
func (s *server) toLogin(w http.ResponseWriter, r *http.Request, err error) bool {
	var d *domain.Error
	if s.Access == nil || r.Method != http.MethodGet || !errors.As(err, &d) || d.Code != domain.Forbidden || len(d.Problems) != 1 || d.Problems[0].Rule != "login" {
		return false
	}
	http.Redirect(w, r, "/login?next="+url.QueryEscape(r.URL.RequestURI()), http.StatusSeeOther)
	return true
}
