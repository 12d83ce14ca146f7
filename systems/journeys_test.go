package systems_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/dinghai/dinghai/catalogue"
	"github.com/dinghai/dinghai/engine"
	"github.com/dinghai/dinghai/jobs"
	"github.com/dinghai/dinghai/journey"
	"github.com/dinghai/dinghai/store/sqlite"
	"github.com/dinghai/dinghai/systems"
)

// earnest are the systems whose journeys must cover everything.
var earnest = []string{"registration", "complaint", "food", "inspection", "penalty"}

// TestJourneys runs every system's acceptance tests. JOURNEY=text runs only
// those whose file or title contains it.
func TestJourneys(t *testing.T) {
	cat, err := catalogue.Load(systems.Files)
	if err != nil {
		t.Fatal(err)
	}
	if err := cat.Check(); err != nil {
		t.Fatal(err)
	}
	list, err := journey.Load(systems.Files)
	if err != nil {
		t.Fatal(err)
	}
	cover := journey.NewCoverage(cat)
	want := os.Getenv("JOURNEY")
	ran := 0
	for _, j := range list {
		name := j.System + "/" + j.File + "/" + j.Title.ZH
		if want != "" && !strings.Contains(name, want) {
			continue
		}
		ran++
		t.Run(name, func(t *testing.T) {
			if err := runnerOn(t, cat, cover, j).Run(t.Context(), j); err != nil {
				t.Error(err)
			}
		})
	}
	t.Logf("%d journeys", ran)
	report(t, cover, cat, want == "")
}

// report prints the coverage; the systems in earnest must miss nothing.
func report(t *testing.T, cover *journey.Coverage, cat *catalogue.Catalogue, strict bool) {
	lines, _ := cover.Report(cat.Ordered())
	for _, l := range lines {
		t.Log(l)
	}
	_, missing := cover.Report(journey.Of(cat.Ordered(), earnest...))
	if strict && len(missing) > 0 {
		t.Errorf("not covered (%d):\n%s", len(missing), strings.Join(missing, "\n"))
	}
}

func runnerOn(t testing.TB, cat *catalogue.Catalogue, cover *journey.Coverage, j *journey.Journey) *journey.Runner {
	t.Helper()
	st, err := sqlite.Open(t.Context(), sqlite.Options{Path: filepath.Join(t.TempDir(), "d.db")})
	if err != nil {
		t.Fatal(err)
	}
	hooks, err := systems.Hooks()
	if err != nil {
		t.Fatal(err)
	}
	clk := &journey.Clock{}
	vault := keys{}
	eng := engine.New(engine.Config{Catalogue: cat, Store: st, Vault: vault, Now: clk.Now, NewID: ids(), Hooks: hooks, Authority: j.Authority})
	t.Cleanup(func() { eng.Close(); st.Close() })
	return &journey.Runner{Engine: eng, Clock: clk, Cover: cover, Jobs: &jobs.Jobs{Engine: eng, Outbox: st, Eraser: vault}}
}

// keys is a key store for one test.
type keys map[string][]byte

func (k keys) Add(_ context.Context, add map[string][]byte) error {
	for id, b := range add {
		k[id] = b
	}
	return nil
}
func (k keys) Key(_ context.Context, id string) ([]byte, error) { return k[id], nil }
func (k keys) Destroy(_ context.Context, id string) error       { delete(k, id); return nil }
func (k keys) BlindKey() []byte                                 { return []byte("a test's blind key") }

// ids makes the same ids in every run.
func ids() func(time.Time) string {
	n := uint64(0)
	return func(t time.Time) string {
		n++
		return fmt.Sprintf("%08x-0000-7000-8000-%012x", t.Unix()&0xffffffff, n)
	}
}
