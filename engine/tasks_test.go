package engine_test

import (
	"os"
	"testing"

	"github.com/dinghai/dinghai/catalogue"
	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/engine"
	"github.com/dinghai/dinghai/journey/journeytest"
)

// TestTheNextStepStaysWithWhoDidTheLast, where it is of the same role; a step of
// another role is free.
func TestTheNextStepStaysWithWhoDidTheLast(t *testing.T) {
	cat, err := catalogue.Load(os.DirFS("../systems"))
	if err != nil {
		t.Fatal(err)
	}
	r := journeytest.New(t, journeytest.Options{Catalogue: cat})
	holder := func(rec *domain.Record) string { return rec.Tasks[len(rec.Tasks)-1].Assignee }
	rec := must(t, r, domain.Command{Kind: "complaint.complaint", Action: "receive", Area: town, Actor: as("citizen"),
		Input: map[string]any{"complainant": "王小满", "phone": "13800138000", "goods": "带鱼", "trader": "东海鲜面馆", "demand": []any{"refund"}}}).Record
	do := func(action string, who domain.Actor, in map[string]any) {
		t.Helper()
		must(t, r, domain.Command{Record: rec.Ref, Action: engine.ActAssign, Actor: who, Input: map[string]any{"task": rec.Tasks[len(rec.Tasks)-1].ID, "assignee": who.ID}})
		rec = must(t, r, domain.Command{Record: rec.Ref, Action: action, Actor: who, Input: in}).Record
	}
	do("accept", as("complaint_handler"), map[string]any{"seat": "place"})
	if got := holder(rec); got != "" {
		t.Errorf("the mediator's step is %q's, who accepted", got)
	}
	do("invite", as("mediator"), map[string]any{"mediator": "周岚", "mode": "phone", "both_agree": true})
	if got := holder(rec); got != as("mediator").ID {
		t.Errorf("the next step of mediation is %q's, want the mediator's", got)
	}
}
