// Package rights walks every action, every kind of record and every page with
// every role, in its own area, in another one and without log-in, and compares
// what is allowed with tables that people have read and checked in.
//
//	go test ./test/rights -update   writes the tables again: read the difference
package rights

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/dinghai/dinghai/catalogue"
	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/web/webtest"
)

var update = flag.Bool("update", false, "write the tables again")

const (
	here  = "330902002" // where the records are
	own   = "330902"
	other = "330922"
	city  = "330900"
)

// bureau is the shipped catalogue with one record of every kind.
type bureau struct {
	*webtest.Bureau
	cat     *catalogue.Catalogue
	records map[string]*domain.Record
}

func open(t *testing.T) *bureau {
	t.Helper()
	b, err := webtest.OpenEmpty(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = b.Close() })
	out := &bureau{Bureau: b, cat: b.Engine.Catalogue(), records: map[string]*domain.Record{}}
	for i, k := range out.cat.Ordered() {
		home := 330902
		if k.Home == "city" {
			home = 330900
		}
		r := &domain.Record{Ref: domain.Ref{Home: home, ID: fmt.Sprintf("00000000-0000-7000-8000-%012d", i+1)}, Kind: k.Name, Class: k.Class, Process: k.Version,
			State: stateOf(k), Area: here, Opened: "2023-01-02", Seq: 1, Fields: map[string]any{}}
		out.records[k.Name] = r
		err := b.Store.Update(t.Context(), home, func(tx domain.Tx) error {
			return tx.Write(&domain.WriteSet{Records: []domain.RecordRow{{Record: r, New: true, Title: k.Name}}, Heads: map[int]int64{home: int64(i + 1)}})
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return out
}

// stateOf is a state in which the record is not closed.
func stateOf(k *catalogue.Kind) string {
	for _, s := range k.States {
		if !s.End {
			return s.State
		}
	}
	return k.States[0].State
}

func (b *bureau) roles() []string {
	var out []string
	for _, r := range b.cat.RoleList() {
		out = append(out, r.Role)
	}
	return out
}

func with(role, area string) domain.Actor {
	if role == "" {
		return domain.Actor{ID: "nobody"}
	}
	return domain.Actor{ID: "330900-00000000-0000-7000-9000-000000000001", Grants: []domain.Grant{{Role: role, Area: area}}}
}

// may reports whether the engine would let somebody do an action, as far as
// rights go.
func (b *bureau) may(ctx context.Context, k *catalogue.Kind, a *catalogue.Action, who domain.Actor) bool {
	cmd := domain.Command{Kind: k.Name, Action: a.Action, Actor: who}
	if a.Opens {
		cmd.Area = here
	} else {
		cmd.Record = b.records[k.Name].Ref
	}
	_, err := b.Engine.Check(ctx, cmd)
	return domain.ErrorCode(err) != domain.Forbidden
}

// TestActions: who may do what. In another area, or without a grant, nobody may
// do anything but what is open to the public.
func TestActions(t *testing.T) {
	b := open(t)
	var lines []string
	n := 0
	for _, k := range b.cat.Ordered() {
		for _, a := range k.Actions {
			if a.Opens && k.Home == "city" {
				continue // where it is registered does not depend on the area
			}
			if b.may(t.Context(), k, a, with("", "")) {
				t.Errorf("%s %s: without any grant", k.Name, a.Action)
			}
			var may []string
			for _, role := range b.roles() {
				n += 2
				if b.may(t.Context(), k, a, with(role, own)) {
					may = append(may, role)
				}
				if b.may(t.Context(), k, a, with(role, other)) {
					t.Errorf("%s %s: %s of another county", k.Name, a.Action, role)
				}
			}
			lines = append(lines, fmt.Sprintf("%s %s: %s", k.Name, a.Action, strings.Join(may, " ")))
		}
	}
	t.Logf("%d actions, %d questions", len(lines), n)
	compare(t, "actions.txt", lines)
}

// TestReading: who sees which kind of record; another county's officers see none
// of it, and nobody without log-in.
func TestReading(t *testing.T) {
	b := open(t)
	var lines []string
	for _, k := range b.cat.Ordered() {
		rec := b.records[k.Name]
		var sees []string
		for _, role := range b.roles() {
			for _, area := range []string{own, other, ""} {
				v := domain.Viewer{Actor: with(role, area)}
				if area == "" {
					v = domain.Viewer{}
				}
				var err error
				if v.Scope, err = b.Engine.ScopeOf(t.Context(), v); err != nil {
					t.Fatal(err)
				}
				sight := b.Engine.As(v)
				got, err := sight.Record(t.Context(), rec.Ref)
				listed, e := sight.List(t.Context(), domain.ListQuery{Kind: k.Name})
				if e != nil {
					t.Fatal(e)
				}
				if (got != nil) != (listed.Total == 1) || (got == nil) != (domain.ErrorCode(err) == domain.Forbidden) {
					t.Errorf("%s for %s in %q: opened %v, listed %d, error %v", k.Name, role, area, got != nil, listed.Total, err)
				}
				switch {
				case got != nil && area == own:
					sees = append(sees, role)
				case got != nil:
					t.Errorf("%s is seen by %s of %q", k.Name, role, area)
				}
			}
		}
		lines = append(lines, k.Name+": "+strings.Join(sees, " "))
	}
	compare(t, "reading.txt", lines)
}

// compare holds lines against a checked-in table.
func compare(t *testing.T, name string, lines []string) {
	t.Helper()
	slices.Sort(lines)
	path, now := filepath.Join("testdata", name), strings.Join(lines, "\n")+"\n"
	if *update {
		if err := os.WriteFile(path, []byte(now), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	was := strings.Split(strings.TrimSpace(string(b)), "\n")
	for _, l := range lines {
		if !slices.Contains(was, l) {
			t.Errorf("%s: new or changed: %s", name, l)
		}
	}
	for _, l := range was {
		if !slices.Contains(lines, l) {
			t.Errorf("%s: no longer so: %s", name, l)
		}
	}
}
