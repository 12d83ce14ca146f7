package resolver

import (
	"crypto/tls"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/dinghai/dinghai/kit/gs1"
)

// suite is the file of the official test suite: its checks, the conformance
// statements, and a model link set.
type suite struct {
	Checks []struct{ ID, Statement string } `json:"suite_checks"`
	// The statements are those of Digital Link 1.2, which the suite still names.
	Statements []string        `json:"conformance_statements_dl_1_2"`
	Model      json.RawMessage `json:"model_linkset"`
}

func loadSuite(t testing.TB) (s suite) {
	t.Helper()
	text, err := os.ReadFile("testdata/resolver-conformance.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, &s); err != nil {
		t.Fatal(err)
	}
	return s
}

// site is a resolver on the network that serves the model link set.
type site struct {
	*testing.T
	server *httptest.Server
	store  *Memory
}

const (
	item   = "/01/09506000164908"
	serial = item + "/21/1234"
)

func newSite(t *testing.T) *site {
	t.Helper()
	entries, err := ParseLinkset(loadSuite(t).Model)
	if err != nil {
		t.Fatal(err)
	}
	s := &site{T: t, store: new(Memory)}
	for _, e := range entries {
		if err := s.store.Put(e); err != nil {
			t.Fatal(err)
		}
	}
	var h *Handler
	s.server = httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { h.ServeHTTP(w, r) }))
	s.server.EnableHTTP2 = true
	s.server.StartTLS()
	t.Cleanup(s.server.Close)
	if h, err = New(s.store, Description{Name: "Test", ResolverRoot: s.server.URL}); err != nil {
		t.Fatal(err)
	}
	s.server.Client().CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return s
}

type answer struct {
	*http.Response
	body string
}

// get asks for path with headers given as name, value pairs.
func (s *site) get(path string, headers ...string) *answer { return s.do("GET", path, headers...) }

func (s *site) do(method, path string, headers ...string) *answer {
	s.Helper()
	req, err := http.NewRequest(method, s.server.URL+path, nil)
	if err != nil {
		s.Fatal(err)
	}
	for i := 0; i < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	resp, err := s.server.Client().Do(req)
	if err != nil {
		s.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		s.Fatal(err)
	}
	return &answer{resp, string(body)}
}

func (s *site) status(a *answer, want int) *answer {
	s.Helper()
	if a.StatusCode != want {
		s.Errorf("%s: status %d, want %d: %s", a.Request.URL, a.StatusCode, want, a.body)
	}
	return a
}

func (s *site) location(a *answer, want string) {
	s.Helper()
	s.status(a, http.StatusTemporaryRedirect)
	if got := a.Header.Get("Location"); got != want {
		s.Errorf("%s: goes to %q, want %q", a.Request.URL, got, want)
	}
}

// linkset wants a link set and no redirect.
func (s *site) linkset(a *answer) []Entry {
	s.Helper()
	s.status(a, http.StatusOK)
	if got := a.Header.Get("Content-Type"); got != "application/linkset+json" {
		s.Errorf("%s: content type %q", a.Request.URL, got)
	}
	entries, err := ParseLinkset([]byte(a.body))
	if err != nil {
		s.Fatalf("%s: %v in %s", a.Request.URL, err, a.body)
	}
	return entries
}

// linkHeader tells whether a Link header has a target with that relation.
func (a *answer) linkHeader(target, rel string) bool {
	return slices.ContainsFunc(a.Header.Values("Link"), func(h string) bool {
		return strings.HasPrefix(h, "<"+target) && strings.Contains(h, `rel="`+rel+`"`)
	})
}

const (
	menu      = "https://ref.gs1.org/tools/demo/2024retail/"
	pip       = "https://ref.gs1.org/tools/demo/2024retail/pip"
	wrongGTIN = "/01/09506000164907"
)

// checks are those of the official suite, which run in a browser there.
var checks = map[string]func(*site){
	"isURL": func(s *site) {
		for _, e := range s.linkset(s.get(serial + "?linkType=linkset")) {
			if u, err := url.Parse(e.Anchor); err != nil || !u.IsAbs() {
				s.Errorf("anchor %q is no URL", e.Anchor)
			}
		}
	},
	"validDL": func(s *site) {
		for _, e := range s.linkset(s.get(serial + "?linkType=linkset")) {
			if _, err := gs1.ParseURI(e.Anchor); err != nil {
				s.Errorf("anchor %q: %v", e.Anchor, err)
			}
		}
	},
	"isHttps": func(s *site) {
		if a := s.get(item); a.Request.URL.Scheme != "https" || a.TLS == nil {
			s.Errorf("served without TLS")
		}
	},
	"plausibleDL": func(s *site) {
		for path, want := range map[string]int{item: 307, "/some/stem" + item: 307, "/products/17": 400, "/": 400, "/01": 400} {
			s.status(s.get(path), want)
		}
	},
	"tlsOK": func(s *site) {
		if a := s.get(item); a.TLS == nil || !a.TLS.HandshakeComplete || a.TLS.Version < tls.VersionTLS12 {
			s.Errorf("TLS %+v", a.TLS)
		}
	},
	"rdFile": func(s *site) {
		a := s.status(s.get("/.well-known/gs1resolver"), 200)
		var d struct {
			Name         string
			ResolverRoot string
			Keys         []string `json:"supportedPrimaryKeys"`
			Contact      map[string]string
		}
		if err := json.Unmarshal([]byte(a.body), &d); err != nil || d.ResolverRoot != s.server.URL || d.Name == "" || len(d.Keys) == 0 {
			s.Errorf("%v: %s", err, a.body)
		}
		if got := a.Header.Get("Content-Type"); got != "application/json" {
			s.Errorf("content type %q", got)
		}
	},
	"httpVersion": func(s *site) {
		if a := s.get(item); !a.ProtoAtLeast(1, 1) {
			s.Errorf("served as %s", a.Proto)
		}
	},
	"corsCheck": func(s *site) {
		for _, path := range []string{item, item + "?linkType=linkset", wrongGTIN, "/.well-known/gs1resolver"} {
			if got := s.get(path, "Origin", "https://app.example").Header.Get("Access-Control-Allow-Origin"); got != "*" {
				s.Errorf("%s: allowed origin %q", path, got)
			}
		}
	},
	"linkOnRedirect": func(s *site) {
		if a := s.status(s.get(item), 307); !a.linkHeader(s.server.URL+item+"?linkType=linkset", "linkset") {
			s.Errorf("Link headers %q", a.Header.Values("Link"))
		}
	},
	"legacyLinkHeaders": func(s *site) {
		for _, h := range s.get(item).Header.Values("Link") {
			if strings.Contains(h, "/voc/") || strings.Contains(h, "demo/2024retail") {
				s.Errorf("Link header exposes %s", h)
			}
		}
	},
	"methodsCheck": func(s *site) {
		s.status(s.do("GET", item), 307)
		if a := s.status(s.do("HEAD", item), 307); a.Header.Get("Location") != menu || a.body != "" {
			s.Errorf("HEAD goes to %q with body %q", a.Header.Get("Location"), a.body)
		}
		if a := s.status(s.do("OPTIONS", item), 204); !strings.Contains(a.Header.Get("Access-Control-Allow-Methods"), "HEAD") {
			s.Errorf("OPTIONS: %v", a.Header)
		}
		s.status(s.do("POST", item), 405)
	},
	"reportWith400": func(s *site) {
		for _, path := range []string{wrongGTIN, "/01/9506000164908", item + "/10/", item + "/21/1/10/2", item + "?17=261332",
			item + "?10=A", item + "/21/%E4%B8%AD", item + "/21/%00", "/01/AAAAAAAAAAAAAA", "/AQnY"} {
			s.status(s.get(path), 400)
		}
	},
	"noErrorWith200": func(s *site) {
		for _, path := range []string{wrongGTIN, "/01/09506000134352", item + "?linkType=gs1:epil", "/01/09506000134352?linkType=linkset", "/x"} {
			if a := s.get(path); a.StatusCode < 400 || a.Header.Get("Content-Type") != "application/problem+json" {
				s.Errorf("%s: %d %s", path, a.StatusCode, a.body)
			}
		}
	},
	"trailingSlash": func(s *site) {
		s.location(s.get(item+"/"), menu)
		s.location(s.get(serial+"/?a=b"), menu+"?a=b")
	},
	"basicWalkUp": func(s *site) {
		for _, q := range []string{"/22/V", "/10/L", "/21/S", "/22/V/10/L/21/S", "/235/T"} {
			s.location(s.get(item+q), menu)
		}
		s.location(s.get(serial+"?linkType=gs1:dpp"), "https://example.com/dpp/7132mlkG?linkType=gs1:dpp")
		s.status(s.get(item+"?linkType=gs1:dpp"), 404) // not down
	},
	"ltLinksetNoRedirect": func(s *site) { s.linkset(s.get(item + "?linkType=linkset")) },
	"ltAllNoRedirect":     func(s *site) { s.linkset(s.get(item + "?linkType=all")) },
	"ltAcceptHeader": func(s *site) {
		s.linkset(s.get(item, "Accept", "application/linkset+json"))
		s.linkset(s.get(item, "Accept", "text/html;q=0.5, application/linkset+json"))
		s.location(s.get(item, "Accept", "text/html, application/linkset+json;q=0.5"), menu)
	},
	"validLinkset": func(s *site) {
		if got := s.linkset(s.get(serial + "?linkType=linkset")); len(got) != 2 {
			s.Errorf("%d entries", len(got))
		}
	},
	"linksetJsonldCheck": func(s *site) {
		if a := s.get(item + "?linkType=linkset"); !a.linkHeader("https://", "http://www.w3.org/ns/json-ld#context") {
			s.Errorf("Link headers %q", a.Header.Values("Link"))
		}
	},
	"declaredContentType": func(s *site) {
		a := s.get(item, "Accept", "application/linkset+json")
		var doc struct{ Linkset []map[string]any }
		if err := json.Unmarshal([]byte(a.body), &doc); err != nil || doc.Linkset[0]["anchor"] != s.server.URL+item {
			s.Errorf("%v: %s", err, a.body)
		}
	},
	"hackedLinkset": func(s *site) {
		doc := s.get(item + "?linkType=linkset").body
		for old, bad := range map[string]string{
			`"anchor"`: `"anchored"`, `"href":"https`: `"href":"javascript`, `"title":"Menu"`: `"title":""`,
			`"hreflang":["en"]`: `"hreflang":["english!"]`, `"itemDescription"`: `"https://ref.gs1.org/voc/x y"`,
			`"type":"text/html"`: `"type":"html"`, `"linkset":`: `"links":`,
		} {
			hacked := strings.Replace(doc, old, bad, 1)
			if _, err := ParseLinkset([]byte(hacked)); hacked == doc || err == nil {
				s.Errorf("%s: accepted", bad)
			}
		}
	},
	"qsPassedOn": func(s *site) {
		s.location(s.get(item+"?foo=bar&x=%2F"), menu+"?foo=bar&x=%2F")
		s.location(s.get(item+"?17=261231&linkType=gs1:pip"), pip+"?17=261231&linkType=gs1:pip")
	},
	"defaultLinkExists": func(s *site) {
		e := s.linkset(s.get(item + "?linkType=linkset"))[0]
		if got := e.ofType(DefaultLink); len(got) != 1 || got[0].Title == "" || got[0].MediaType != "" || got[0].Hreflang != nil || got[0].Context != nil {
			s.Errorf("%+v", got)
		}
	},
	"singleDefaulLink": func(s *site) {
		e := s.linkset(s.get(item + "?linkType=linkset"))[0]
		e.Links = append(e.Links, Link{Type: DefaultLink, Href: pip, Title: "Other"})
		if err := s.store.Put(e); err == nil {
			s.Errorf("an entry with two default links was stored")
		}
	},
	"singleMultiLink": func(s *site) {
		e, _ := s.store.Entry(s.Context(), item)
		multi := *e
		for _, lang := range []string{"fr", "ja"} {
			multi.Links = append(slices.Clip(multi.Links), Link{Type: DefaultLinkMulti, Href: menu + lang, Title: "Menu", Hreflang: []string{lang}})
		}
		if err := s.store.Put(multi); err != nil {
			s.Fatal(err)
		}
		s.location(s.get(item, "Accept-Language", "ja, en;q=0.5"), menu+"ja")
		s.location(s.get(item, "Accept-Language", "de"), menu)
		s.location(s.get(item), menu)
	},
	"linkTypesDefined": func(s *site) {
		for _, e := range s.linkset(s.get(serial + "?linkType=linkset")) {
			for _, typ := range e.types() {
				if name, ok := strings.CutPrefix(typ, Namespace); !ok || !regexp.MustCompile(`^[a-z][A-Za-z]+$`).MatchString(name) {
					s.Errorf("link type %q is not of the GS1 Web Vocabulary", typ)
				}
			}
		}
	},
	"defaultTarget": func(s *site) {
		s.location(s.get(item), menu)
		s.location(s.get(item, "Accept", "text/html,*/*;q=0.8", "Accept-Language", "zh-CN"), menu)
	},
	"specificLinkTypeNotFound": func(s *site) {
		s.status(s.get(item+"?linkType=gs1:epil"), 404)
		s.status(s.get(item+"?linkType=nonsense"), 404)
	},
}

func TestSuiteChecks(t *testing.T) {
	passed := 0
	all := loadSuite(t).Checks
	for _, c := range all {
		check, ok := checks[c.ID]
		if !ok {
			t.Errorf("check %s is missing", c.ID)
			continue
		}
		if t.Run(c.ID, func(t *testing.T) { check(newSite(t)) }) {
			passed++
		}
	}
	t.Logf("%d of %d checks of the official suite pass", passed, len(all))
}

// statements are in the order of the file.
var statements = []func(*site){
	checks["methodsCheck"],
	checks["tlsOK"],
	checks["corsCheck"],
	func(s *site) { s.location(s.get(s.compressed(item)), menu) },
	func(s *site) {
		short := s.compressed(item + "/10/LOT-7")
		for _, query := range []string{"", "?linkType=linkset"} {
			if a := s.get(short + query); !a.linkHeader(s.server.URL+item+"/10/LOT-7", "owl:sameAs") {
				s.Errorf("Link headers %q", a.Header.Values("Link"))
			}
		}
	},
	checks["reportWith400"],
	checks["noErrorWith200"],
	func(s *site) {
		for _, path := range []string{serial, s.compressed(serial)} {
			var anchors []string
			for _, e := range s.linkset(s.get(path + "?linkType=all")) {
				anchors = append(anchors, e.Anchor)
			}
			if want := []string{s.server.URL + serial, s.server.URL + item}; !slices.Equal(anchors, want) {
				s.Errorf("%s: anchors %q, want %q", path, anchors, want)
			}
		}
	},
	checks["linkOnRedirect"],
	checks["defaultTarget"],
	func(s *site) {
		for _, e := range s.linkset(s.get(serial + "?linkType=linkset")) {
			for _, l := range e.Links {
				if l.Href == "" || l.Type == "" || l.Title == "" {
					s.Errorf("%+v", l)
				}
			}
		}
	},
	checks["singleMultiLink"],
	func(s *site) {
		for _, typ := range []string{"gs1:pip", Namespace + "pip", "https://gs1.org/voc/pip"} {
			q := "?linkType=" + url.QueryEscape(typ)
			s.location(s.get(item+q), pip+q)
		}
	},
	checks["qsPassedOn"],
	checks["rdFile"],
	func(s *site) {
		checks["linkTypesDefined"](s)
		if a := s.get("/.well-known/gs1resolver"); !strings.Contains(a.body, Namespace) {
			s.Errorf("vocabulary not declared: %s", a.body)
		}
	},
	func(s *site) {
		s.store.PutDelegate("01", "0690", "https://id.gs1cn.example")
		const path = "/01/06901234567892/10/A?x=1"
		a := s.get(path)
		s.location(a, "https://id.gs1cn.example"+path)
		if !a.linkHeader("https://id.gs1cn.example"+path, HandledBy) {
			s.Errorf("Link headers %q", a.Header.Values("Link"))
		}
	},
	checks["trailingSlash"],
}

// compressed returns the path of the compressed form.
func (s *site) compressed(path string) string {
	s.Helper()
	short, err := gs1.Compress(gs1.CanonicalStem+path, true)
	if err != nil || !gs1.IsCompressed(short) {
		s.Fatalf("%s: compressed to %q, %v", path, short, err)
	}
	return strings.TrimPrefix(short, gs1.CanonicalStem)
}

func TestConformanceStatements(t *testing.T) {
	all := loadSuite(t).Statements
	if len(all) != len(statements) {
		t.Fatalf("%d statements, %d tests", len(all), len(statements))
	}
	passed := 0
	for i, text := range all {
		if t.Run(text[:min(40, len(text))], func(t *testing.T) { statements[i](newSite(t)) }) {
			passed++
		}
	}
	t.Logf("%d of %d conformance statements hold", passed, len(all))
}
