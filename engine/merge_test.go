package engine_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/engine"
	"github.com/dinghai/dinghai/engine/indicator"
	"github.com/dinghai/dinghai/journey"
	"github.com/dinghai/dinghai/journey/journeytest"
	"github.com/dinghai/dinghai/store/sqlite"
)

// TestCasesFollowAMerge: the cases of a duplicate, in its own home and in
// another, belong to the record it was merged into; so do those that name it
// later. A figure that counts subjects then counts one.
func TestCasesFollowAMerge(t *testing.T) {
	st, err := sqlite.Open(t.Context(), sqlite.Options{Path: filepath.Join(t.TempDir(), "d.db")})
	if err != nil {
		t.Fatal(err)
	}
	r := journeytest.New(t, journeytest.Options{Catalogue: journeytest.Layer(t, os.DirFS("../systems"), os.DirFS("testdata")), Store: st})
	shop, twin := must(t, r, load("东海鲜面馆", code1)).Record.Ref, must(t, r, load("东海鲜面馆二", code2)).Record.Ref
	write := func(of domain.Ref, area string) domain.Ref {
		return must(t, r, domain.Command{Kind: "mini.letter", Action: "receive", Of: of, Area: area, Actor: as("citizen"),
			Input: map[string]any{"about": "短斤缺两"}}).Record.Ref
	}
	letters := []domain.Ref{write(shop, town), write(twin, town), write(twin, "330921100")}
	written(t, r, 2)
	must(t, r, domain.Command{Record: twin, Action: engine.ActMerge, Actor: domain.System("test"), Reason: "同一户", Input: map[string]any{"into": shop.String()}})
	if _, err := r.Jobs.Drain(t.Context()); err != nil {
		t.Fatal(err)
	}
	letters = append(letters, write(twin, town))
	for i, ref := range letters {
		rec, err := r.Engine.Reader().Record(t.Context(), ref)
		if err != nil || rec.Of != shop {
			t.Errorf("letter %d: of %v, want %v (%v)", i, rec.Of, shop, err)
		}
	}
	list, err := r.Engine.Reader().LinkedTo(t.Context(), shop, "of", "mini.letter")
	if err != nil || len(list) != len(letters) {
		t.Errorf("%d letters are found by their shop, want %d (%v)", len(list), len(letters), err)
	}
	written(t, r, 1)
	if _, err := r.Engine.Do(t.Context(), domain.Command{Record: letters[0], Action: engine.ActFollow, Actor: as("mediator"),
		Input: map[string]any{"from": shop.String(), "into": twin.String()}}); domain.ErrorCode(err) != domain.Forbidden {
		t.Errorf("an officer moved a case by hand: %v", err)
	}
	rebuilt(t, r, st)
}

// written checks how many shops got letters.
func written(t *testing.T, r *journey.Runner, want int64) {
	t.Helper()
	f, err := r.Engine.Figures().Value(t.Context(), r.Engine.Reader(), "mini_shops_written", indicator.Query{From: "2020-01-01", To: "2030-12-31"})
	if err != nil || f.Num != want {
		t.Errorf("%d shops were written about, want %d (%v)", f.Num, want, err)
	}
}
