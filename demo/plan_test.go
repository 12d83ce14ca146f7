package demo

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/dinghai/dinghai/domain"
)

// changed is the shipped file with some values replaced.
func changed(t *testing.T, values map[string]float64) *Targets {
	t.Helper()
	f := file(t)
	c := *f
	c.Targets = nil
	for _, x := range f.Targets {
		y := *x
		if v, ok := values[x.Recipe]; ok {
			y.Value = v
		}
		c.Targets = append(c.Targets, &y)
	}
	return &c
}

// TestImpossibleTargets: what no whole records can give is refused with the
// reason, and nothing is written.
func TestImpossibleTargets(t *testing.T) {
	cat := shipped(t)
	for name, c := range map[string]struct {
		recipe string
		value  float64
		says   string
	}{
		"part more than whole":   {"papers.new.changed", 900, "more than the whole"},
		"parts and sum":          {"papers.old", 996, "its parts come to 995"},
		"negative":               {"cases.price", -1, "not a whole number"},
		"fraction":               {"risks.found", 66.5, "not a whole number"},
		"negative money":         {"cases.price.fines", -5, "negative"},
		"share over a hundred":   {"risks.closed", 101, "not between 0 and 100"},
		"no whole number":        {"hazards.serious.mended", 99.7, "the nearest are"},
		"chain of parts":         {"cases.burning.crimes", 6, "more than the whole"},
		"failed more than all":   {"sampling.failed", 5000, "more than the whole"},
		"more new than in stock": {"registry.stock", 9000, "more is founded"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Expect(cat, changed(t, map[string]float64{c.recipe: c.value}), 0, 0)
			if domain.ErrorCode(err) != domain.Invalid || !strings.Contains(err.Error(), c.says) || !strings.Contains(err.Error(), c.recipe) {
				t.Errorf("got %v, want a refusal that names %s and says %q", err, c.recipe, c.says)
			}
		})
	}
}

// TestRefusedBeforeWriting: a refused file leaves the store empty.
func TestRefusedBeforeWriting(t *testing.T) {
	b := bureauOf(t, shipped(t), changed(t, map[string]float64{"papers.old": 996}), 1, nil)
	if b.err == nil || events(t, b) != 0 {
		t.Errorf("error %v, %d events", b.err, events(t, b))
	}
}

// TestShareSaysTheNearest: 2.76 % of 4,878 is no number of batches.
func TestShareSaysTheNearest(t *testing.T) {
	p := newPlan(&Targets{Scale: 1, Targets: []*Target{{Recipe: "x", Value: 2.76, Step: 0.01}}})
	p.share("x", 4878)
	err := p.problem()
	if err == nil || !strings.Contains(err.Error(), "134 (2.7470 %)") || !strings.Contains(err.Error(), "135 (2.7675 %)") {
		t.Errorf("got %v", err)
	}
}

func TestUnknownAndMissingRecipes(t *testing.T) {
	cat, f := shipped(t), file(t)
	more := *f
	more.Targets = append(append([]*Target{}, f.Targets...), &Target{Recipe: "ships.launched", Value: 3})
	if _, err := Expect(cat, &more, 0, 0); err == nil || !strings.Contains(err.Error(), "ships.launched") {
		t.Errorf("unknown recipe: %v", err)
	}
	less := *f
	less.Targets = f.Targets[1:]
	if _, err := Expect(cat, &less, 0, 0); err == nil || !strings.Contains(err.Error(), f.Targets[0].Recipe) {
		t.Errorf("missing recipe: %v", err)
	}
}

func TestReadIsStrict(t *testing.T) {
	for name, text := range map[string]string{
		"unknown key": "opening: 2023-01-01\nuntil: 2023-11-15\nclock: 2023-11-18T09:00:00+08:00\nspeed: 3\n",
		"no recipe":   "opening: 2023-01-01\nuntil: 2023-11-15\nclock: 2023-11-18T09:00:00+08:00\ntargets: [{value: 3}]\n",
		"dates":       "opening: 2023-12-01\nuntil: 2023-11-15\nclock: 2023-11-18T09:00:00+08:00\n",
	} {
		if _, err := Read([]byte(text)); err == nil {
			t.Errorf("%s: read", name)
		}
	}
}

// TestNoFigureInTheGenerator: the generator must not know what is computed
// from its records; only the targets file and this test name figures.
func TestNoFigureInTheGenerator(t *testing.T) {
	sources, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range sources {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, x := range file(t).Targets {
			if x.Figure != "" && strings.Contains(string(b), x.Figure) {
				t.Errorf("%s names the figure %s", path, x.Figure)
			}
		}
	}
}

// TestBrandsDiffer: no two firms of the demo share an invented name.
func TestBrandsDiffer(t *testing.T) {
	seen := map[string]bool{}
	for i := range uint64(200_000) {
		if b := brand(i); seen[b] {
			t.Fatalf("brand %d, %s, is taken", i, b)
		} else {
			seen[b] = true
		}
	}
}

func TestSpreadIsExact(t *testing.T) {
	r := stream(1, "spread")
	for n := range 40 {
		parts := spread(652500, uneven(r, n+1))
		sum := int64(0)
		for _, p := range parts {
			sum += p
			if p < 0 {
				t.Fatalf("a part of %d", p)
			}
		}
		if sum != 652500 {
			t.Fatalf("%d parts come to %d", n+1, sum)
		}
	}
}
