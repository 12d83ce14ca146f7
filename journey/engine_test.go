package journey_test

import (
	"os"
	"testing"

	"github.com/dinghai/dinghai/catalogue"
	"github.com/dinghai/dinghai/journey"
	"github.com/dinghai/dinghai/journey/journeytest"
)

func trial(t testing.TB) *catalogue.Catalogue {
	return journeytest.Layer(t, os.DirFS("../systems"), os.DirFS("../engine/testdata"))
}

// TestTrialSystem runs a system that no Go knows of: data alone is enough.
func TestTrialSystem(t *testing.T) {
	cat := trial(t)
	cover := journey.NewCoverage(cat)
	list, err := journey.Load(os.DirFS("../engine/testdata"))
	if err != nil {
		t.Fatal(err)
	}
	for _, j := range list {
		t.Run(j.Title.EN, func(t *testing.T) {
			r := journeytest.New(t, journeytest.Options{Catalogue: cat, Cover: cover, Authority: j.Authority})
			if err := r.Run(t.Context(), j); err != nil {
				t.Fatal(err)
			}
		})
	}
	lines, _ := cover.Report(journey.Of(cat.Ordered(), "mini"))
	if len(lines) != 3 {
		t.Errorf("coverage knows %d kinds of the trial system, want 3", len(lines))
	}
	for _, l := range lines {
		t.Log(l)
	}
}
