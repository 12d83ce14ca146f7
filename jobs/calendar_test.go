package jobs_test

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/dinghai/dinghai/catalogue"
	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/journey"
	"github.com/dinghai/dinghai/journey/journeytest"
	"github.com/dinghai/dinghai/store/sqlite"
	"github.com/dinghai/dinghai/systems"
)

func bureau(t *testing.T) *journey.Runner {
	t.Helper()
	_, _, r := shipped(t)
	return r
}

// shipped is an empty bureau on a shipped catalogue of its own and some watch
// items more.
func shipped(t *testing.T, items ...*catalogue.Trigger) (*catalogue.Catalogue, *sqlite.Store, *journey.Runner) {
	t.Helper()
	cat, err := catalogue.Load(systems.Files)
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range items {
		cat.Triggers[x.Trigger] = x
	}
	hooks, err := systems.Hooks()
	if err != nil {
		t.Fatal(err)
	}
	st, err := sqlite.Open(t.Context(), sqlite.Options{Path: filepath.Join(t.TempDir(), "d.db")})
	if err != nil {
		t.Fatal(err)
	}
	return cat, st, journeytest.New(t, journeytest.Options{Catalogue: cat, Hooks: hooks, Store: st})
}

func do(t *testing.T, r *journey.Runner, c domain.Command) *domain.Record {
	t.Helper()
	c.Actor = domain.System("test")
	got, err := r.Engine.Do(t.Context(), c)
	if err != nil {
		t.Fatalf("%s %s: %v", c.Kind, c.Action, err)
	}
	return got.Record
}

func day(d, what, name string) map[string]any {
	return map[string]any{"day": d, "what": what, "name": name}
}

// TestCalendarMovesDeadlines: a year entered moves the open clocks it concerns
// and no others, once; the old dates stay; withdrawn, they move back.
func TestCalendarMovesDeadlines(t *testing.T) {
	r := bureau(t)
	ctx := t.Context()
	r.Clock.Set(time.Date(2030, 5, 6, 1, 0, 0, 0, time.UTC)) // a Monday no notice knows yet
	complaint := do(t, r, domain.Command{Kind: "complaint.complaint", Action: "receive", Area: "330902", Input: map[string]any{"complainant": "何一", "trader": "某店"}})
	was := complaint.Tasks[0].Due
	if was != "2030-05-15" {
		t.Fatalf("seven working days end on %s", was)
	}
	if changed, err := r.Jobs.Calendar(ctx); changed || err != nil {
		t.Fatalf("nothing entered, yet %v %v", changed, err)
	}
	year := do(t, r, domain.Command{Kind: "organisation.calendar", Action: "announce", Area: "330900", Input: map[string]any{"cal_year": "2030", "source": "通知", "final": true,
		"days": []any{day("2030-05-09", "off", "端午节"), day("2030-05-10", "off", "端午节"), day("2030-05-11", "work", "端午节")}}})
	if changed, err := r.Jobs.Calendar(ctx); !changed || err != nil {
		t.Fatalf("entered: %v %v", changed, err)
	}
	if changed, err := r.Jobs.Calendar(ctx); changed || err != nil {
		t.Errorf("taken over twice: %v %v", changed, err)
	}
	for want := 1; want >= 0; want-- {
		if n, err := r.Jobs.Retime(ctx); n != want || err != nil {
			t.Errorf("moved %d (%v), want %d", n, err, want)
		}
	}
	rec, err := r.Engine.Reader().Record(ctx, complaint.Ref)
	if err != nil {
		t.Fatal(err)
	}
	if c := rec.OpenClock("CMP-ACCEPT"); c.Due != "2030-05-16" || len(c.Was) != 1 || c.Was[0] != was {
		t.Errorf("moved to %s, was %v", c.Due, c.Was)
	}
	if rec.Tasks[0].Due != "2030-05-16" {
		t.Errorf("the task is due on %s", rec.Tasks[0].Due)
	}
	do(t, r, domain.Command{Record: year.Ref, Action: "withdraw", Reason: "登记有误"})
	if changed, err := r.Jobs.Calendar(ctx); !changed || err != nil {
		t.Fatalf("withdrawn: %v %v", changed, err)
	}
	if n, err := r.Jobs.Retime(ctx); n != 1 || err != nil {
		t.Errorf("moved back %d %v", n, err)
	}
	if rec, _ = r.Engine.Reader().Record(ctx, complaint.Ref); rec.OpenClock("CMP-ACCEPT").Due != was {
		t.Errorf("moved back to %s", rec.OpenClock("CMP-ACCEPT").Due)
	}
}

// TestCalendarThatContradicts is refused whole, and the old one holds on.
func TestCalendarThatContradicts(t *testing.T) {
	r := bureau(t)
	do(t, r, domain.Command{Kind: "organisation.calendar", Action: "announce", Area: "330900", Input: map[string]any{"cal_year": "2031", "source": "通知",
		"days": []any{day("2031-05-07", "work", "周三")}}})
	if _, err := r.Jobs.Calendar(t.Context()); err == nil {
		t.Error("a weekday worked in exchange was taken over")
	}
	if !r.Engine.Catalogue().Calendar.IsWorkday("2031-05-07") || r.Engine.Catalogue().Calendar.Final(2031) {
		t.Error("part of it holds")
	}
}
