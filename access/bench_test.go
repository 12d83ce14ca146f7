package access_test

import (
	"path/filepath"
	"testing"

	"github.com/dinghai/dinghai/access"
	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/engine"
	"github.com/dinghai/dinghai/journey/journeytest"
	"github.com/dinghai/dinghai/store/sqlite"
	"github.com/dinghai/dinghai/systems"
)

// BenchmarkViewer is what every request of somebody signed in pays: session,
// person, grants and scope.
func BenchmarkViewer(b *testing.B) {
	cat, err := shipped()
	if err != nil {
		b.Fatal(err)
	}
	hooks, err := systems.Hooks()
	if err != nil {
		b.Fatal(err)
	}
	st, err := sqlite.Open(b.Context(), sqlite.Options{Path: filepath.Join(b.TempDir(), "a.db")})
	if err != nil {
		b.Fatal(err)
	}
	defer st.Close()
	e := engine.New(engine.Config{Catalogue: cat, Store: st, Vault: journeytest.NewKeys(), Hooks: hooks})
	defer e.Close()
	s := access.New(access.Config{Engine: e, Store: st, Secret: []byte("trial"), Cost: cheap, ScopeOf: e.ScopeOf})
	must := func(c domain.Command) domain.Ref {
		c.Actor = domain.System("test")
		r, err := e.Do(b.Context(), c)
		if err != nil {
			b.Fatal(err)
		}
		return r.Record.Ref
	}
	o := must(domain.Command{Kind: "organisation.organ", Action: "load", Area: "330900", Input: map[string]any{"organ_code": "zs", "name": "市局", "short": "舟市监", "kind": "city"}})
	p := must(domain.Command{Kind: "organisation.person", Action: "enrol", Area: "330900", Input: map[string]any{"name": "王明", "staff_no": "0231", "organ": o.String(), "login": "wangming"}})
	for _, role := range []string{"inspector", "mediator", "case_officer", "complaint_handler"} {
		must(domain.Command{Kind: "organisation.grant", Action: "give", Area: "330902", Of: p, Input: map[string]any{"role": role}})
	}
	if err := s.SetPassword(b.Context(), p, good); err != nil {
		b.Fatal(err)
	}
	token, err := s.SignIn(b.Context(), "wangming", good, here)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if v, err := s.Viewer(b.Context(), token.Token); err != nil || !v.Known() {
			b.Fatal(err)
		}
	}
}
