package jobs_test

import (
	"testing"
	"time"

	"github.com/dinghai/dinghai/catalogue"
	"github.com/dinghai/dinghai/catalogue/expr"
	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/engine"
)

// TestWatchedEventWaits: an event whose condition does not hold leaves nothing
// for the jobs to look at; one whose condition holds opens its check.
func TestWatchedEventWaits(t *testing.T) {
	_, st, r := shipped(t)
	r.Clock.Set(time.Date(2023, 5, 8, 1, 0, 0, 0, time.UTC))
	for _, injury := range []bool{false, true} {
		do(t, r, domain.Command{Kind: "complaint.complaint", Action: "receive", Area: "330902",
			Input: map[string]any{"complainant": "何一", "trader": "甲店", "demand": []any{"refund"}, "injury": injury}})
		want := 0
		if injury {
			want = 1
		}
		waiting, err := st.Reader().Outbox(t.Context(), domain.OutPending, r.Clock.Now(), 10)
		if err != nil || len(waiting) != want {
			t.Errorf("injury %v: %d entries wait, want %d; %v", injury, len(waiting), want, err)
		}
	}
	if _, err := r.Jobs.Drain(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n, err := st.Reader().Count(t.Context(), domain.ListQuery{Kind: "watch.check"}); err != nil || n != 1 {
		t.Errorf("%d checks, want 1; %v", n, err)
	}
}

// TestWatchDay: an item that follows a deadline looks at every clock of the
// day, also behind one whose record does not meet its condition, and fires each
// once.
func TestWatchDay(t *testing.T) {
	cat, _, r := shipped(t, &catalogue.Trigger{Trigger: "X", Label: domain.Text{ZH: "逾期未受理", EN: "Not accepted in time"}, Clock: "CMP-ACCEPT", Mode: "V", Days: 5, Live: "2023-01-01",
		Count: &catalogue.Window{Of: "record.noted", In: 30, Least: 1}})
	r.Clock.Set(time.Date(2023, 5, 8, 1, 0, 0, 0, time.UTC))
	var due domain.Date
	for _, noted := range []bool{false, true, false, true} {
		rec := do(t, r, domain.Command{Kind: "complaint.complaint", Action: "receive", Area: "330902", Input: map[string]any{"complainant": "何一", "trader": "甲店", "demand": []any{"refund"}}})
		if noted {
			do(t, r, domain.Command{Record: rec.Ref, Action: engine.ActNote, Input: map[string]any{"text": "电话未接通"}})
		}
		due = rec.OpenClock("CMP-ACCEPT").Due
	}
	r.Clock.Set(due.AddDays(1).Time(time.UTC).Add(time.Hour))
	for _, want := range []int{2, 2} { // a second look opens nothing more
		if _, err := r.Jobs.Watch(t.Context()); err != nil {
			t.Fatal(err)
		}
		if n, err := r.Engine.Reader().Count(t.Context(), domain.ListQuery{Kind: "watch.check"}); err != nil || n != want {
			t.Errorf("%d checks, want %d; %v", n, want, err)
		}
	}
	page, err := r.Engine.Reader().List(t.Context(), domain.ListQuery{Kind: "watch.check", Limit: 1})
	if err != nil || len(page.Rows) == 0 {
		t.Fatal(err)
	}
	rec, err := r.Engine.Reader().Record(t.Context(), page.Rows[0].Ref)
	if err != nil {
		t.Fatal(err)
	}
	k := cat.Kinds["watch.check"]
	for x, want := range map[*expr.Program]string{k.TitleX: "X 逾期未受理", k.TitleENX: "X Not accepted in time"} {
		if got, err := x.Text(&expr.Vars{Rec: expr.Of(rec, rec.Opened, nil), On: rec.Opened}); err != nil || got != want {
			t.Errorf("a check is titled %q, not %q (%v)", got, want, err)
		}
	}
}
