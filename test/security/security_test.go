// Package security tries what somebody with bad intent would: through the real
// handler, over a bureau with one record of every kind.
package security

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/dinghai/dinghai/catalogue"
	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/test/routes"
	"github.com/dinghai/dinghai/web"
	"github.com/dinghai/dinghai/web/webtest"
)

const (
	here  = "330902002" // where the records are
	own   = "330902"
	other = "330922"
)

// payload does something wherever it is taken for markup, an attribute or
// script, and stands in every text of every record.
const payload = `"'><img src=x onerror=window.xssed=1><script>window.xssed=1</script><svg/onload=window.xssed=1>${7*7}`

// bureau is the shipped catalogue with one record of every kind, whose every
// text is the payload, and a handler over it.
type bureau struct {
	*webtest.Bureau
	t       *testing.T
	cat     *catalogue.Catalogue
	records map[string]*domain.Record
	who     domain.Viewer
	log     *logged
	h       http.Handler
}

func open(t *testing.T) *bureau {
	t.Helper()
	dir := t.TempDir()
	w, err := webtest.OpenEmpty(t.Context(), dir)
	check(t, err)
	t.Cleanup(func() { _ = w.Close() })
	b := &bureau{Bureau: w, t: t, cat: w.Engine.Catalogue(), records: map[string]*domain.Record{}, log: &logged{}}
	for i, k := range b.cat.Ordered() {
		b.add(i, k)
	}
	b.h, err = web.New(web.Config{Engine: w.Engine, Title: webtest.Title, Area: webtest.Area, Work: w.Store, Access: w.Access, Files: w.Files(dir),
		Log: slog.New(slog.NewTextHandler(b.log, nil)), Viewer: func(*http.Request) (domain.Viewer, error) { return b.who, nil }})
	check(t, err)
	return b
}

// add writes a record of a kind, full of the payload.
func (b *bureau) add(i int, k *catalogue.Kind) {
	b.t.Helper()
	home := 330902
	if k.Home == "city" {
		home = 330900
	}
	r := &domain.Record{Ref: domain.Ref{Home: home, ID: fmt.Sprintf("00000000-0000-7000-8000-%012d", i+1)}, Kind: k.Name, Class: k.Class, Process: k.Version,
		State: stateOf(k), Area: here, Opened: "2023-01-02", Seq: 1, Number: payload, Fields: map[string]any{}}
	for _, f := range k.Fields {
		if v := filled(f, "#"+f.Field+"#"); v != nil && !f.Sealed() {
			r.Fields[f.Field] = v
		}
	}
	b.records[k.Name] = r
	check(b.t, b.Store.Update(b.t.Context(), home, func(tx domain.Tx) error {
		return tx.Write(&domain.WriteSet{Records: []domain.RecordRow{{Record: r, New: true, Title: payload}}, Heads: map[int]int64{home: int64(i + 1)}})
	}))
}

// filled is the payload, marked with the name of its field, as a value; nil
// where no text fits.
func filled(f *catalogue.Field, mark string) any {
	var v any
	switch f.Type {
	case "text", "note", "code", "phone", "uscc":
		v = payload + mark
	case "rows":
		row := map[string]any{}
		for _, c := range f.Of {
			row[c.Field] = filled(c, mark)
		}
		return []any{row}
	default:
		return nil
	}
	if f.Many {
		return []any{v}
	}
	return v
}

func stateOf(k *catalogue.Kind) string {
	for _, s := range k.States {
		if !s.End {
			return s.State
		}
	}
	return k.States[0].State
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// as lets somebody with roles in an area ask from now on.
func (b *bureau) as(area string, roles ...string) {
	b.t.Helper()
	person := domain.Ref{Home: 330900, ID: "00000000-0000-7000-9000-000000000001"}
	b.who = domain.Viewer{Person: person, Actor: domain.Actor{ID: person.String(), Name: "钱某"}}
	for _, r := range roles {
		b.who.Grants = append(b.who.Grants, domain.Grant{Role: r, Area: area})
	}
	var err error
	b.who.Scope, err = b.Engine.ScopeOf(b.t.Context(), b.who)
	check(b.t, err)
}

// allRoles are the roles of everybody but the administrators.
func (b *bureau) allRoles() []string {
	var out []string
	for _, r := range b.cat.RoleList() {
		if !strings.HasSuffix(r.Role, "_admin") {
			out = append(out, r.Role)
		}
	}
	return out
}

// answer is what came back.
type answer struct {
	*httptest.ResponseRecorder
	text string
}

// send asks something and reads the answer. No answer is a fault of ours.
func (b *bureau) send(method, path string, form url.Values, change ...func(*http.Request)) answer {
	b.t.Helper()
	var body io.Reader
	if form != nil {
		body = strings.NewReader(form.Encode())
	}
	r := httptest.NewRequest(method, path, body)
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for _, c := range change {
		c(r)
	}
	w := httptest.NewRecorder()
	b.h.ServeHTTP(w, r)
	a := answer{w, w.Body.String()}
	if w.Code >= 500 && w.Code != http.StatusServiceUnavailable || strings.Contains(a.text, "goroutine ") || strings.Contains(a.text, "runtime error") {
		b.t.Errorf("%s %.80s: %d %.200s", method, path, w.Code, a.text)
	}
	return a
}

// heads is how far each home's log is: what it was before nothing was written.
func (b *bureau) heads() string {
	b.t.Helper()
	h, err := b.Engine.Reader().Heads(context.Background())
	check(b.t, err)
	return fmt.Sprint(h)
}

// paths fills the gaps of every route with records of one kind of case, one of
// subject and one person.
func (b *bureau) paths() []string {
	b.t.Helper()
	all, err := routes.All()
	check(b.t, err)
	for i, route := range all {
		ref := b.records["complaint.complaint"].Ref.String()
		switch {
		case strings.Contains(route, "/subjects/"):
			ref = b.records["registration.entity"].Ref.String()
		case strings.Contains(route, "/admin/"):
			ref = b.records["organisation.person"].Ref.String()
		}
		all[i] = strings.NewReplacer("{$}", "", "{ref}", ref, "{action}", "accept", "{kind}", "complaint.complaint", "{version}", "1", "{id}", "complaints_total",
			"{code}", "CMP-ACCEPT", "{list}", "demand", "{field}", "complainant", "{provider}", "none", "{n}", "0", "{filling}", "x").Replace(route)
	}
	return all
}

// logged keeps what is logged.
type logged struct {
	mu sync.Mutex
	b  bytes.Buffer
}

// Write keeps a line.
func (l *logged) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *logged) lines() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return strings.Split(strings.TrimSpace(l.b.String()), "\n")
}

// TestForeignForms: nothing that changes something is taken from a page of
// another site, however its browser says where it comes from.
func TestForeignForms(t *testing.T) {
	b := open(t)
	b.as(own, b.allRoles()...)
	was, n := b.heads(), 0
	for _, p := range b.paths() {
		method, path, _ := strings.Cut(p, " ")
		if method == "GET" || method == "HEAD" {
			continue
		}
		n++
		for name, h := range map[string][2]string{"fetch metadata": {"Sec-Fetch-Site", "cross-site"}, "origin": {"Origin", "https://evil.example"}, "same site, other host": {"Sec-Fetch-Site", "same-site"}, "no origin": {"Origin", "null"}} {
			if a := b.send(method, path, url.Values{"_do": {"1"}}, func(r *http.Request) { r.Header.Set(h[0], h[1]) }); a.Code != http.StatusForbidden {
				t.Errorf("%s by %s: %d", p, name, a.Code)
			}
		}
	}
	if n < 30 || b.heads() != was {
		t.Errorf("%d routes; %s was %s", n, b.heads(), was)
	}
}

// TestWrongMethods: a method a page does not know gets the plain page of what
// is missing, and does nothing.
func TestWrongMethods(t *testing.T) {
	b := open(t)
	b.as(own, b.allRoles()...)
	was := b.heads()
	for _, p := range b.paths() {
		_, path, _ := strings.Cut(p, " ")
		for _, m := range []string{"PUT", "DELETE", "OPTIONS", "TRACE", "PROPFIND"} {
			if a := b.send(m, path, nil); a.Code != http.StatusNotFound && a.Code != http.StatusMethodNotAllowed && a.Code != http.StatusForbidden {
				t.Errorf("%s %s: %d", m, path, a.Code)
			}
		}
	}
	if b.heads() != was {
		t.Error("something was written")
	}
}

var marked = regexp.MustCompile(`#([a-z_]+)#`)

// TestOtherHomes: an officer of another county reads nothing of our records and
// does nothing to them, whatever id is in the address, the form or the search.
func TestOtherHomes(t *testing.T) {
	b := open(t)
	b.as(other, b.allRoles()...)
	was := b.heads()
	for _, k := range b.cat.Ordered() {
		if k.Home == "city" {
			continue // the city's own records are everybody's to see
		}
		rec := b.records[k.Name]
		at := map[string]string{domain.Subject: "/subjects/"}[k.Class]
		if at == "" {
			at = "/cases/"
		}
		at += rec.Ref.String()
		for _, path := range []string{at, at + "/visit", at + "/looks", "/list/" + k.Name, "/list/" + k.Name + "/export.csv", "/search?kind=" + k.Name + "&q=img", "/pick/ref/" + k.Name + "?q=img"} {
			a := b.send("GET", path, nil)
			for _, m := range marked.FindAllStringSubmatch(a.text, -1) {
				if k.Class != domain.Subject && (k.Public == nil || !slices.Contains(k.Public.Fields, m[1])) {
					t.Errorf("%s %s: %s of a record of another county", k.Name, path, m[1])
				}
			}
		}
		for _, act := range k.Actions {
			if act.Opens {
				continue
			}
			if a := b.send("POST", at+"/do/"+act.Action, url.Values{"_do": {"1"}, "_reason": {"x"}}); a.Code < 400 {
				t.Errorf("%s %s: %d", k.Name, act.Action, a.Code)
			}
		}
		for _, path := range []string{at + "/claim", at + "/do/correct", at + "/do/void", at + "/do/note", at + "/do/assign", at + "/open/phone"} {
			if a := b.send("POST", path, url.Values{"_do": {"1"}, "_reason": {"x"}, "why": {"x"}, "task": {"1"}}); a.Code < 400 {
				t.Errorf("%s: %d", path, a.Code)
			}
		}
		b.send("POST", "/list/"+k.Name+"/bulk", url.Values{"_action": {"note"}, "_ref": {rec.Ref.String()}, "_filled": {"1"}, "_do": {"1"}, "text": {"x"}, "_reason": {"x"}})
	}
	if b.heads() != was {
		t.Errorf("something was written: %s was %s", b.heads(), was)
	}
}

// TestStaysHere: no parameter leads to another site or makes a header.
func TestStaysHere(t *testing.T) {
	b := open(t)
	b.as(own, b.allRoles()...)
	for _, to := range []string{"https://evil.example/", "//evil.example", `/\evil.example`, `\\evil.example`, "javascript:alert(1)", "/%2f/evil.example", "/x\r\nX-Evil: 1", "\thttps://evil.example", "https:evil.example", "/.//evil.example", "///evil.example", "/ /evil.example"} {
		for path, form := range map[string]url.Values{
			"/settings": {"lang": {"en"}, "back": {to}}, "/saved": {"page": {"inbox"}, "name": {to}, "query": {to}, "back": {to}},
			"/login": {"login": {"x"}, "password": {"x"}, "next": {to}}, "/follow": {"code": {to}},
		} {
			a := b.send("POST", path, form)
			loc := a.Header().Get("Location")
			u, err := url.Parse(loc)
			if err != nil || u.Host != "" || u.Scheme != "" || strings.HasPrefix(loc, "//") || strings.Contains(loc, `\`) {
				t.Errorf("%s with %q leads to %q", path, to, loc)
			}
			if a.Header().Get("X-Evil") != "" || strings.ContainsAny(loc, "\r\n") {
				t.Errorf("%s with %q makes a header", path, to)
			}
		}
		a := b.send("GET", "/login?next="+url.QueryEscape(to), nil)
		if strings.Contains(a.text, `href="`+to) || strings.Contains(a.text, "X-Evil: 1\r\n") {
			t.Errorf("the log-in page links to %q", to)
		}
	}
	for _, name := range []string{"x\r\nX-Evil: 1", `x"; evil="1`} {
		for _, p := range []string{"/list/complaint.complaint/export.csv?q=" + url.QueryEscape(name), "/figures/complaints_received/rows.csv?area=" + url.QueryEscape(name), "/trip.xlsx?area=" + url.QueryEscape(name)} {
			a := b.send("GET", p, nil)
			for k, v := range a.Header() {
				if strings.Contains(k, "Evil") || strings.Contains(strings.Join(v, ""), "evil=") {
					t.Errorf("%s: %s %v", p, k, v)
				}
			}
		}
	}
}

// TestLogLines: line breaks in what people send forge no line of the log, nor
// of the access log.
func TestLogLines(t *testing.T) {
	b := open(t)
	b.as(own, b.allRoles()...)
	const forged = "x\ntime=2030-01-01 level=INFO msg=forged\r\n"
	q := url.QueryEscape(forged)
	for _, p := range []string{"/cases/" + url.PathEscape(forged), "/search?q=" + q, "/list/complaint.complaint/export.csv?q=" + q, "/figures/" + url.PathEscape(forged), "/login/with/" + url.PathEscape(forged)} {
		b.send("GET", p, nil)
	}
	b.send("POST", "/login", url.Values{"login": {forged}, "password": {forged}})
	b.send("POST", "/complain", url.Values{"step": {forged}, "facts": {forged}})
	b.h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "/search?q="+q, nil))
	slog.New(slog.NewTextHandler(b.log, nil)).Error("panic", "path", forged) // as the log writes what it is given
	for _, l := range b.log.lines() {
		if !strings.HasPrefix(l, "time=") || strings.HasPrefix(l, "time=2030") {
			t.Errorf("a forged line: %q", l)
		}
	}
}

// TestUndeclared: what a form does not ask for is not taken, however it is
// called.
func TestUndeclared(t *testing.T) {
	b := open(t)
	b.as(own, b.allRoles()...)
	good := url.Values{"_do": {"1"}, "_area": {here}, "_key": {"k1"}, "complainant": {"秦某"}, "trader": {"望潮面馆"}, "demand": {"refund"}, "facts": {"少找了钱"}}
	evil := url.Values{"state": {"archived"}, "number": {"伪造1号"}, "Number": {"伪造1号"}, "id": {"1"}, "home": {"330900"}, "agreed": {"true"}, "accepted_on": {"2020-01-01"}, "ended_on": {"2020-01-01"},
		"organ": {"zs"}, "area": {"330900"}, "_actor": {"system"}, "actor": {"system"}, "of": {"x"}, "opening": {"1"}, "Opening": {"1"}, "batch": {"x"}, "seq": {"99"}, "_approver": {""}, "rec.state": {"archived"},
		"__proto__": {"x"}, "fields.state": {"archived"}, "clocks": {"x"}, "tasks": {"x"}, "moved_to": {"x"}, "end_code": {"1"}}
	for k, v := range evil {
		good[k] = v
	}
	a := b.send("POST", "/new/complaint.complaint/receive", good)
	loc, _, _ := strings.Cut(strings.TrimPrefix(a.Header().Get("Location"), "/cases/"), "?")
	ref, err := domain.ParseRef(loc)
	if a.Code != http.StatusSeeOther || err != nil {
		t.Fatalf("%d %s %.400s", a.Code, a.Header().Get("Location"), a.text)
	}
	rec, err := b.Engine.Reader().Record(t.Context(), ref)
	check(t, err)
	if rec.State != "received" || strings.Contains(rec.Number, "伪造") || ref.Home != 330902 || rec.Area != here || rec.Seq != 1 {
		t.Errorf("%+v", rec)
	}
	k := b.cat.Kinds["complaint.complaint"]
	for name := range rec.Fields {
		asked := slices.ContainsFunc(k.ActionOf("receive").Form, func(f *catalogue.Form) bool { return f.Field == name })
		if !asked && evil[name] != nil {
			t.Errorf("%s was taken: %v", name, rec.Fields[name])
		}
	}
	if again := b.send("POST", "/new/complaint.complaint/receive", good); again.Header().Get("Location") != a.Header().Get("Location") {
		t.Errorf("a double click made %s and %s", a.Header().Get("Location"), again.Header().Get("Location"))
	}
}
