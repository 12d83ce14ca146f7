package web

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/a-h/templ"

	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/engine"
	"github.com/dinghai/dinghai/web/view"
)

// request is one request with what its page needs to know.
type request struct {
	*http.Request
	*view.Page
	words
	sight    *engine.Sight     // what this viewer may see
	badFiles []domain.Problem  // files that came with the form and were refused
	secret   bool              // the page shows what must stay in no cache
	people   map[string]string // names of colleagues shown on this page, by id
}

// handler of one page: it fills the page and says which template shows it.
type pageFunc func(*request) (templ.Component, error)

func (s *server) page(f pageFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		q := s.request(w, r)
		c, err := f(q)
		if err != nil {
			s.fail(w, r, err)
			return
		}
		s.render(w, q, http.StatusOK, c)
	}
}

// request reads language, theme and size from the address and cookies.
func (s *server) request(w http.ResponseWriter, r *http.Request) *request {
	lang := r.URL.Query().Get("lang")
	if s.langs[lang] != nil {
		keep(w, "lang", lang)
	} else if lang = cookie(r, "lang"); s.langs[lang] == nil {
		lang = "zh"
	}
	p := &view.Page{
		Lang: s.langs[lang], Bureau: s.Title.In(lang), Demo: s.Demo,
		Dark: cookie(r, "theme") == "dark", Large: cookie(r, "size") == "large",
		Here: r.URL, Asset: s.assets.Path,
	}
	v := s.viewer(r)
	p.Officer, p.Who, p.SignIn, p.Admin = v.Known() || v.Scope.All, v.Name, s.Access != nil, v.Admin != ""
	p.Bell = p.Who != "" && s.Access != nil && s.Work != nil
	q := &request{Request: r, Page: p, words: words{s.cat, lang, p.Lang, s.Engine.Organ}, sight: s.Engine.As(v), people: map[string]string{}}
	p.Reports = v.Known() && s.cat.Kinds[workReport] != nil && s.seesKind(q, workReport)
	return q
}

// viewer is who asks: the person signed in, else a stranger. A session that
// cannot be read is no session.
func (s *server) viewer(r *http.Request) domain.Viewer {
	if s.Viewer == nil {
		return domain.Viewer{}
	}
	v, err := s.Viewer(r)
	if err != nil {
		s.Log.Error("session", "path", r.URL.Path, "error", err)
		return domain.Viewer{}
	}
	return v
}

func cookie(r *http.Request, name string) string {
	c, err := r.Cookie(name)
	if err != nil {
		return ""
	}
	return c.Value
}

const aYear = 365 * 24 * 3600

func keep(w http.ResponseWriter, name, value string) {
	http.SetCookie(w, &http.Cookie{Name: name, Value: value, Path: "/", MaxAge: aYear, HttpOnly: true, SameSite: http.SameSiteLaxMode})
}

// choices are the display settings and the values each may take.
var choices = map[string][]string{
	"lang":  {"zh", "en"},
	"theme": {"light", "dark"},
	"size":  {"normal", "large"},
}

// settings keeps one display setting and goes back to the page it came from.
func (s *server) settings(w http.ResponseWriter, r *http.Request) {
	for name, values := range choices {
		for _, v := range values {
			if r.PostFormValue(name) == v {
				keep(w, name, v)
			}
		}
	}
	http.Redirect(w, r, back(r.PostFormValue("back")), http.StatusSeeOther)
}

// back lets a form return only to a page of ours. A lang in the address would
// override the choice just made.
func back(to string) string {
	u, err := url.Parse(to)
	if err != nil || u.Host != "" || u.Scheme != "" || !strings.HasPrefix(u.Path, "/") || strings.HasPrefix(u.Path, "//") || strings.Contains(to, "\\") {
		return "/"
	}
	q := u.Query()
	q.Del("lang")
	u.RawQuery = q.Encode()
	return u.RequestURI()
}

// through is the last day of the default period.
func (s *server) through() domain.Date {
	if s.Through != nil {
		return s.Through()
	}
	return s.Engine.Today()
}

// period reads from and to; the default is the year to date.
func (s *server) period(r *request) (from, to domain.Date, err error) {
	from, to = domain.Date(r.FormValue("from")), domain.Date(r.FormValue("to"))
	if to == "" {
		to = s.through()
	}
	if !to.Valid() {
		return "", "", badDate("to", string(to))
	}
	if from == "" {
		from = to[:4] + "-01-01"
	}
	if !from.Valid() {
		return "", "", badDate("from", string(from))
	}
	if from > to {
		return "", "", domain.Failf(domain.Invalid, "from", "order", "开始日期 %s 晚于结束日期 %s，请对调", "the period begins on %s, after its end on %s; swap them", from, to)
	}
	return from, to, nil
}

func badDate(field, text string) error {
	return domain.Failf(domain.Invalid, field, "date", "「%s」不是有效日期，请写成 2023-11-18", "%q is not a date; write it like 2023-11-18", text)
}

// area reads the area asked for; the default is the whole bureau.
func (s *server) area(r *request) (string, error) {
	a := r.FormValue("area")
	if a == "" {
		return s.Area, nil
	}
	if s.cat.Areas[a] == nil {
		return "", domain.Failf(domain.NotFound, "area", "exists", "没有编号为「%s」的辖区", "there is no area %q", a)
	}
	return a, nil
}
