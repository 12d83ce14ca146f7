package jobs_test

import (
	"testing"
	"time"

	"github.com/dinghai/dinghai/catalogue"
	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/jobs"
)

// TestReplay: an item is run over the past by the records as they stood then;
// nothing is opened, and what lies outside the span is not looked at.
func TestReplay(t *testing.T) {
	_, st, r := shipped(t)
	var refs []domain.Ref
	for i, trader := range []string{"甲店", "乙店", "甲店"} {
		r.Clock.Set(time.Date(2023, 5, 8+i, 1, 0, 0, 0, time.UTC))
		refs = append(refs, do(t, r, domain.Command{Kind: "complaint.complaint", Action: "receive", Area: "330902",
			Input: map[string]any{"complainant": "何一", "trader": trader, "demand": []any{"refund"}}}).Ref)
	}
	// what is entered later does not change what held then
	do(t, r, domain.Command{Record: refs[1], Action: "accept", Input: map[string]any{"seat": "place", "trader": "甲店"}})
	item := &catalogue.Trigger{Trigger: "X", On: "complaint.received", Of: "complaint.complaint"}
	before, _ := r.Engine.Reader().Heads(t.Context())
	var got []jobs.Fired
	looked, err := jobs.Replay(t.Context(), r.Engine, st, item, "2023-05-08", "2023-05-09", func(f jobs.Fired) error { got = append(got, f); return nil })
	if err != nil || looked != 2 || len(got) != 2 {
		t.Fatalf("looked at %d, fired %d, %v", looked, len(got), err)
	}
	if f := got[1]; f.Record.State != "received" || f.Record.Fields["trader"] != "乙店" || f.On != "2023-05-09" {
		t.Errorf("the record is not as it stood: %s %v", f.Record.State, f.Record.Fields["trader"])
	}
	if after, _ := r.Engine.Reader().Heads(t.Context()); after[330902] != before[330902] {
		t.Error("something was written")
	}
}
