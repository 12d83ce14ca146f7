package systems_test

import (
	"os"
	"strings"
	"testing"

	"github.com/dinghai/dinghai/catalogue"
	"github.com/dinghai/dinghai/journey"
	"github.com/dinghai/dinghai/journey/journeytest"
	"github.com/dinghai/dinghai/store/pgtest"
	"github.com/dinghai/dinghai/store/postgres"
	"github.com/dinghai/dinghai/systems"
)

// earnest are the systems whose journeys must cover everything.
var earnest = []string{"registration", "complaint", "food", "inspection", "penalty", "organisation", "summary"}

func TestMain(m *testing.M) {
	code := m.Run()
	pgtest.Stop()
	os.Exit(code)
}

// TestJourneysSQLite and TestJourneysPostgres run every system's acceptance
// tests. JOURNEY=text runs only those whose file or title contains it.
func TestJourneysSQLite(t *testing.T) { journeys(t, func(*testing.T) journeytest.Store { return nil }) }

func TestJourneysPostgres(t *testing.T) {
	pgtest.Start(t) // skipped or failed once, by name, when there is no server
	journeys(t, func(t *testing.T) journeytest.Store {
		st, err := postgres.Open(t.Context(), postgres.Options{DSN: pgtest.Start(t), Conns: 4})
		if err != nil {
			t.Fatal(err)
		}
		return st
	})
}

func journeys(t *testing.T, store func(*testing.T) journeytest.Store) {
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
	hooks, err := systems.Hooks()
	if err != nil {
		t.Fatal(err)
	}
	for _, j := range list {
		name := j.System + "/" + j.File + "/" + j.Title.ZH
		if want != "" && !strings.Contains(name, want) {
			continue
		}
		ran++
		t.Run(name, func(t *testing.T) {
			r := journeytest.New(t, journeytest.Options{Catalogue: cat, Store: store(t), Cover: cover, Hooks: hooks, Authority: j.Authority})
			if err := r.Run(t.Context(), j); err != nil {
				t.Error(err)
			}
			if _, err := r.Undo(t.Context()); err != nil {
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
	t.Logf("indicators no journey looks at: %v", cover.Unseen())
	if strict && len(missing) > 0 {
		t.Errorf("not covered (%d):\n%s", len(missing), strings.Join(missing, "\n"))
	}
}
