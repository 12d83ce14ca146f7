package rights

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/test/routes"
	"github.com/dinghai/dinghai/web"
	"github.com/dinghai/dinghai/web/webtest"
)

// fill puts a record or a name into a route's gaps.
func (b *bureau) fill(route string) (method, path string) {
	method, path, _ = strings.Cut(route, " ")
	ref, kind := b.records["complaint.complaint"].Ref.String(), "complaint.complaint"
	if strings.Contains(path, "/subjects/") {
		ref = b.records["registration.entity"].Ref.String()
	}
	if strings.Contains(path, "/reports/") {
		ref = b.records["summary.report"].Ref.String()
	}
	if strings.Contains(path, "/admin/") {
		ref = b.records["organisation.person"].Ref.String()
	}
	return method, strings.NewReplacer("{$}", "", "{ref}", ref, "{action}", "receive", "{kind}", kind, "{version}", "1", "{id}", "new_individual_businesses", "{code}", "CMP-ACCEPT",
		"{list}", "demand", "{field}", "complainant", "{provider}", "none", "{n}", "0", "{item}", "T18").Replace(path)
}

// TestRoutes: what each page answers to each role, at home, in another county,
// and to strangers. No page ever answers with a fault of its own.
func TestRoutes(t *testing.T) {
	b := open(t)
	var who domain.Viewer
	h, err := web.New(web.Config{Engine: b.Engine, Title: webtest.Title, Area: webtest.Area, Work: b.Store, Access: b.Access, Viewer: func(*http.Request) (domain.Viewer, error) { return who, nil }})
	if err != nil {
		t.Fatal(err)
	}
	ask := func(route string) int {
		method, path := b.fill(route)
		r := httptest.NewRequest(method, path, strings.NewReader(""))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		_, _ = io.Copy(io.Discard, w.Body)
		if w.Code >= 500 {
			t.Errorf("%s as %v: %d", route, who.Grants, w.Code)
		}
		return w.Code
	}
	var lines []string
	all, err := routes.All()
	if err != nil {
		t.Fatal(err)
	}
	for _, route := range all {
		who = domain.Viewer{}
		line := fmt.Sprintf("%s: stranger %d", route, ask(route))
		for _, area := range []string{own, other, city} {
			by := map[int][]string{}
			for _, role := range b.roles() {
				who = domain.Viewer{Actor: with(role, area), Person: domain.Ref{Home: 330900, ID: "00000000-0000-7000-9000-000000000001"}}
				if who.Scope, err = b.Engine.ScopeOf(t.Context(), who); err != nil {
					t.Fatal(err)
				}
				if strings.HasSuffix(role, "_admin") {
					who.Admin = role
				}
				code := ask(route)
				by[code] = append(by[code], role)
			}
			line += " | " + map[string]string{own: "own", other: "other", city: "city"}[area] + " " + grouped(by, len(b.roles()))
		}
		lines = append(lines, line)
	}
	t.Logf("%d routes", len(lines))
	compare(t, "routes.txt", lines)
}

// grouped names the roles of each answer; the most common one has no names.
func grouped(by map[int][]string, all int) string {
	most := 0
	for code, roles := range by {
		if len(roles) > len(by[most]) || len(roles) == len(by[most]) && code < most {
			most = code
		}
	}
	out := fmt.Sprintf("%d", most)
	for code := 100; code < 600; code++ {
		if roles := by[code]; len(roles) > 0 && code != most {
			out += fmt.Sprintf(", %d: %s", code, strings.Join(roles, " "))
		}
	}
	return out
}
