package resolver

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestLinksetFiles(t *testing.T) {
	read := func(name string) []byte {
		text, err := os.ReadFile(filepath.Join("testdata", "linkset", name))
		if err != nil {
			t.Fatal(err)
		}
		return text
	}
	for name, want := range map[string]string{
		"valid-gs1-example.json":     "",
		"valid-basic-example.json":   "/linkset/0/itemDescription: missing", // GS1 wants one, RFC 9264 does not
		"invalid-gs1-example.json":   `/linkset/0/prev/0/titlekkkkk: unknown object member name`,
		"invalid-basic-example.json": `/linkset/0/prev/0/hrefkkkkk: unknown object member name`,
		// An illustration of JSON-LD which its own schema refuses.
		"ExampleLinkset.json": `/@context: unknown object member name`,
	} {
		_, err := ParseLinkset(read(name))
		if got := errorText(err); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	const twice = `{"linkset":[{"anchor":"https://a/","anchor":"https://b/"}]}`
	if _, err := ParseLinkset([]byte(twice)); errorText(err) != `/linkset/0/anchor: duplicate object member name` {
		t.Errorf("duplicate member: %v", err)
	}
	t.Log("6 link set files: 2 valid, 2 invalid and 1 example judged as their schema does; the schemas and the context are rules, not cases")
}

func errorText(err error) string {
	if err == nil {
		return ""
	}
	return strings.TrimPrefix(err.Error(), "resolver: ")
}

// ceRecord is how the resolver of the community edition stores an item.
type ceRecord struct {
	Anchor      string
	Description string `json:"itemDescription"`
	Default     string `json:"defaultLinktype"`
	Links       []struct {
		Linktype, Href, Title, Type string
		Hreflang, Context           []string
	}
}

func (r *ceRecord) entry() Entry {
	e := Entry{Anchor: r.Anchor, Description: r.Description}
	for _, l := range r.Links {
		e.Links = append(e.Links, Link{Expand(l.Linktype), l.Href, l.Title, l.Type, l.Hreflang, l.Context, false})
	}
	for _, l := range r.Links {
		if l.Linktype == r.Default {
			e.Links = append(e.Links, Link{Type: DefaultLink, Href: l.Href, Title: l.Title})
			break
		}
	}
	return e
}

func (r *ceRecord) template() bool {
	for _, l := range r.Links {
		if strings.Contains(l.Href, "{") {
			return true
		}
	}
	return false
}

// loadCE stores the records and names those that it leaves out: their targets
// have {templates}, which only that edition fills.
func loadCE(t testing.TB, store *Memory) (loaded int, left []string) {
	t.Helper()
	for _, name := range []string{"test_01_09506000134352", "test_01_09506000134376", "test_8004_095060001343", "test_8004_0950600013430000001"} {
		text, err := os.ReadFile(filepath.Join("testdata", "resolver-ce", name+".json"))
		if err != nil {
			t.Fatal(err)
		}
		var records []ceRecord
		if err := json.Unmarshal(text, &records); err != nil {
			records = make([]ceRecord, 1)
			if err := json.Unmarshal(text, &records[0]); err != nil {
				t.Fatal(err)
			}
		}
		for i, r := range records {
			if r.template() {
				left = append(left, fmt.Sprintf("%s[%d]", name, i))
				continue
			}
			loaded++
			if err := store.Put(r.entry()); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
		}
	}
	return loaded, left
}

// ask asks without a network.
func ask(t testing.TB, h http.Handler, path string, headers ...string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequest("GET", path, nil)
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func newHandler(t testing.TB, store Store) *Handler {
	t.Helper()
	h, err := New(store, Description{Name: "Test", ResolverRoot: "https://id.example.com/"})
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func TestCommunityRecords(t *testing.T) {
	store := new(Memory)
	loaded, left := loadCE(t, store)
	h := newHandler(t, store)
	t.Logf("%d of %d records of the community edition load; left out for their templates: %s", loaded, loaded+len(left), strings.Join(left, ", "))
	const base = "https://dalgiardino.com/risotto-rice-with-mushrooms/"
	for _, tt := range []struct {
		path, language string
		status         int
		location       string
	}{
		{"/01/09506000134352?linkType=gs1:pip", "ja", 307, base + "index.html.ja?test_lt=gs1:pip&test_lang=ja&linkType=gs1:pip"},
		{"/01/09506000134352?linkType=gs1:pip", "en-US", 307, base + "?test_lt=gs1:pip&test_lang=en-US&linkType=gs1:pip"},
		{"/01/09506000134352?linkType=gs1:pip", "en-GB,es;q=0.9", 307, base + "?test_lt=gs1:pip&test_lang=en&linkType=gs1:pip"},
		{"/01/09506000134352/10/L/21/S?linkType=gs1:pip", "de, vi;q=0.1", 307, base + "index.html.vi?test_lt=gs1:pip&test_lang=vi&linkType=gs1:pip"},
		{"/01/09506000134352?linkType=gs1:pip", "de", 300, ""},
		{"/01/09506000134352?linkType=gs1:pip", "", 300, ""},
		{"/01/09506000134352", "vi", 307, "https://dalgiardino.com/about/?test_lt=gs1:sustainabilityInfo&test_lang=en"},
		{"/8004/0950600013430000001", "", 307, "https://dalgiardino.com/medicinal-compound/assets/8004/0950600013430000001.html"},
	} {
		w := ask(t, h, tt.path, "Accept-Language", tt.language)
		if w.Code != tt.status || w.Header().Get("Location") != tt.location {
			t.Errorf("%s (%s): %d %q, want %d %q", tt.path, tt.language, w.Code, w.Header().Get("Location"), tt.status, tt.location)
		}
	}
}

func TestMultipleChoices(t *testing.T) {
	store := new(Memory)
	err := store.Put(Entry{"/01/06901234567892", "Tea <1>", []Link{
		{Type: Namespace + "certificationInfo", Href: "https://a.example/1", Title: "A&B"},
		{Type: Namespace + "certificationInfo", Href: "https://a.example/2", Title: "C"},
		{Type: Namespace + "certificationInfo", Href: "https://a.example/2", Title: "C again"},
		{Type: Namespace + "certificationInfo", Href: "https://a.example/cn", Title: "CN", Context: []string{"CN"}},
	}})
	if err != nil {
		t.Fatal(err)
	}
	h := newHandler(t, store)
	const path = "/01/06901234567892?linkType=gs1:certificationInfo"
	w := ask(t, h, path)
	got, err := ParseLinkset(w.Body.Bytes())
	if w.Code != 300 || err != nil || len(got[0].Links) != 2 || got[0].Anchor != "https://id.example.com/01/06901234567892" {
		t.Errorf("%d %v: %s", w.Code, err, w.Body)
	}
	page := ask(t, h, path, "Accept", "text/html").Body.String()
	if !strings.Contains(page, "Tea &lt;1&gt;") || !strings.Contains(page, `<a href="https://a.example/1">A&amp;B</a>`) {
		t.Errorf("page: %s", page)
	}
	if w := ask(t, h, path+"&context=CN"); w.Code != 307 || !strings.HasPrefix(w.Header().Get("Location"), "https://a.example/cn?") {
		t.Errorf("context: %d %s", w.Code, w.Header().Get("Location"))
	}
}

func TestPutRefuses(t *testing.T) {
	ok := Link{Type: Namespace + "pip", Href: "https://a.example/", Title: "A"}
	def := Link{Type: DefaultLink, Href: "https://a.example/", Title: "A"}
	entry := func(links ...Link) Entry { return Entry{"/01/06901234567892", "Tea", links} }
	lang, other, script, bare := def, def, ok, ok
	lang.Hreflang = []string{"en"}
	other.Href = "https://b.example/"
	script.Href = "javascript:alert(1)"
	bare.Title = ""
	var e *Error
	for name, bad := range map[string]Entry{
		"no description": {"/01/06901234567892", "", []Link{ok}},
		"two defaults":   entry(ok, def, def),
		"attribute":      entry(ok, lang),
		"undescribed":    entry(ok, other),
		"script":         entry(script),
		"no title":       entry(bare),
	} {
		if err := new(Memory).Put(bad); !errors.As(err, &e) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := new(Memory).Put(Entry{"/01/06901234567893", "Tea", []Link{ok}}); err == nil {
		t.Error("a wrong check digit was stored")
	}
	if err := new(Memory).Put(entry(ok, def)); err != nil {
		t.Error(err)
	}
}

type brokenStore struct{}

func (brokenStore) Entry(context.Context, string) (*Entry, error) { return nil, errors.New("secret") }

func TestStoreFails(t *testing.T) {
	w := ask(t, newHandler(t, brokenStore{}), "/01/06901234567892")
	if w.Code != 500 || strings.Contains(w.Body.String(), "secret") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

func TestWithQuery(t *testing.T) {
	for _, tt := range [][3]string{
		{"https://a/", "x=1", "https://a/?x=1"}, {"https://a/?", "x=1", "https://a/?x=1"},
		{"https://a/?y=2#f", "x=1", "https://a/?y=2&x=1#f"}, {"https://a/#f", "", "https://a/#f"},
	} {
		if got := withQuery(tt[0], tt[1]); got != tt[2] {
			t.Errorf("%q + %q = %q", tt[0], tt[1], got)
		}
	}
	h := newHandler(t, new(Memory))
	if w := ask(t, h, "/01/06901234567892"); w.Code != 404 {
		t.Errorf("%d", w.Code)
	}
}

func FuzzResolve(f *testing.F) {
	for _, path := range []string{"/01/09506000134352", "/01/09506000134352/10/A?linkType=all", "/DBZlXgDkDE1XgkY", "/8004/0950600013430000001?17=%2F"} {
		f.Add(path, "application/linkset+json;q=0.1", "en-GB, *")
	}
	store := new(Memory)
	loadCE(f, store)
	h := newHandler(f, store)
	f.Fuzz(func(t *testing.T, path, accept, language string) {
		r, err := http.NewRequest("GET", "https://id.example.com"+path, nil)
		if err != nil {
			return
		}
		r.Header = http.Header{"Accept": {accept}, "Accept-Language": {language}}
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		switch w.Code {
		case 200, 300, 307, 400, 404:
		default:
			t.Fatalf("%q: %d", path, w.Code)
		}
		if strings.ContainsAny(w.Header().Get("Location"), "\r\n") {
			t.Fatalf("%q: Location %q", path, w.Header().Get("Location"))
		}
	})
}

func FuzzParseLinkset(f *testing.F) {
	for _, name := range []string{"valid-gs1-example.json", "invalid-gs1-example.json", "ExampleLinkset.json"} {
		text, err := os.ReadFile(filepath.Join("testdata", "linkset", name))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, doc []byte) {
		entries, err := ParseLinkset(doc)
		if err != nil {
			return
		}
		text, err := MarshalLinkset(entries)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := ParseLinkset(text); err != nil {
			t.Fatalf("%s: %v", text, err)
		}
	})
}

func BenchmarkResolve(b *testing.B) {
	store := new(Memory)
	loadCE(b, store)
	h := newHandler(b, store)
	r := httptest.NewRequest("GET", "/01/09506000134352/10/L/21/S?linkType=gs1:pip", nil)
	r.Header.Set("Accept-Language", "ja")
	b.ReportAllocs()
	for b.Loop() {
		w := httptest.NewRecorder()
		if h.ServeHTTP(w, r); w.Code != 307 {
			b.Fatal(w.Code)
		}
	}
}
