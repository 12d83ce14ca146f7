package engine_test

import (
	"os"
	"testing"

	"github.com/dinghai/dinghai/catalogue"
	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/engine"
	"github.com/dinghai/dinghai/journey"
	"github.com/dinghai/dinghai/journey/journeytest"
)

// TestSealedValuesTravel: a complaint sent on to another county, and the report
// split from one in this county, have the complainant's data under a seal of
// their own; erasing the first leaves them as they are.
func TestSealedValuesTravel(t *testing.T) {
	cat, err := catalogue.Load(os.DirFS("../systems"))
	if err != nil {
		t.Fatal(err)
	}
	r := journeytest.New(t, journeytest.Options{Catalogue: cat})
	const phone = "13800138000"
	receive := func() domain.Ref {
		return must(t, r, domain.Command{Kind: "complaint.complaint", Action: "receive", Area: town, Actor: as("citizen"),
			Input: map[string]any{"complainant": "王小满", "phone": phone, "goods": "带鱼", "summary": "短斤缺两"}}).Record.Ref
	}
	sent, split := receive(), receive()
	must(t, r, domain.Command{Record: sent, Action: "offer", Actor: as("complaint_handler"), Input: map[string]any{"to_area": "330921100", "moved_to": "岱山县局"}})
	must(t, r, domain.Command{Record: split, Action: "split", Actor: as("complaint_handler"), Input: map[string]any{"clue_summary": "疑似以次充好"}})
	if _, err := r.Jobs.Drain(t.Context()); err != nil {
		t.Fatal(err)
	}
	carried(t, r, sent, "complainant", "王小满")
	carried(t, r, split, "reporter", "王小满")
	found, err := r.Engine.Reader().ByBlind(t.Context(), "phone", r.Engine.BlindHash("phone", phone))
	if err != nil || len(found) != 4 {
		t.Errorf("%d records are found by the telephone, want 4 (%v)", len(found), err)
	}
	if err := r.Jobs.Eraser.Destroy(t.Context(), sent.String()); err != nil {
		t.Fatal(err)
	}
	carried(t, r, sent, "complainant", "王小满")
}

// carried checks a sealed value of the record another one opened.
func carried(t *testing.T, r *journey.Runner, from domain.Ref, field, want string) {
	t.Helper()
	list, err := r.Engine.Reader().LinkedTo(t.Context(), from, "parent", "")
	if err != nil || len(list) != 1 {
		t.Fatalf("opened %d records, want 1 (%v)", len(list), err)
	}
	v := list[0].Fields[field]
	open, ok, err := r.Engine.Unseal(t.Context(), list[0].Ref, field, v)
	if !engine.IsSealed(v) || !ok || err != nil || open != want {
		t.Errorf("%s of %s is %v (%v, %v), want %q under seal", field, list[0].Kind, open, ok, err, want)
	}
}
