package recount

import (
	"fmt"
	"regexp"
	"slices"
	"testing"

	"github.com/dinghai/dinghai/journey"
	"github.com/dinghai/dinghai/kit/ids"
	"github.com/dinghai/dinghai/systems"
)

// allJourneys plays the acceptance tests of every system one after another
// into one store. Codes that may exist only once are made anew for each. A
// journey that another one disturbs stops half-way, which leaves records as odd
// as any.
func allJourneys(t *testing.T) *bureau {
	t.Helper()
	list, err := journey.Load(systems.Files)
	if err != nil {
		t.Fatal(err)
	}
	slices.SortStableFunc(list, func(a, b *journey.Journey) int {
		return slices.Compare([]string{a.Now}, []string{b.Now})
	})
	b := open(t)
	cover := journey.NewCoverage(b.Catalogue)
	whole := 0
	for i, j := range list {
		t0, err := journey.Start(j)
		if err != nil {
			t.Fatal(err)
		}
		b.clk.Set(t0)
		fresh(i, j)
		r := &journey.Runner{Engine: b.Engine, Jobs: b.Jobs, Clock: b.clk, Cover: cover}
		if err := r.Run(t.Context(), j); err == nil {
			whole++
		} else {
			t.Logf("%s/%s: %v", j.System, j.File, err)
		}
	}
	t.Logf("%d of %d journeys ran to their end", whole, len(list))
	if whole*10 < len(list)*9 {
		t.Errorf("too many journeys were disturbed")
	}
	return b
}

var creditCode = regexp.MustCompile(`^9[0-9][0-9]{6}[0-9A-Z]{10}$`)

// onlyOnce are the inputs that name a thing.
var onlyOnce = []string{"sample_no", "permit_no", "code", "market_no", "maker_no", "object_id", "cert_no", "old_reg_no"}

// fresh takes the looks and refusals out of a journey and gives its things
// names of their own.
func fresh(i int, j *journey.Journey) {
	names := map[string]string{}
	for _, steps := range [][]journey.Step{j.Given, j.Steps} {
		for k := range steps {
			steps[k].Then, steps[k].Figures = nil, nil
			rename(i, steps[k].With, names)
		}
	}
	refused := func(s journey.Step) bool { return s.Refused != "" }
	j.Given, j.Steps = slices.DeleteFunc(j.Given, refused), slices.DeleteFunc(j.Steps, refused)
}

func rename(i int, with map[string]any, names map[string]string) {
	for key, v := range with {
		with[key] = renamed(i, key, v, names)
	}
}

func renamed(i int, key string, v any, names map[string]string) any {
	switch x := v.(type) {
	case string:
		switch {
		case names[x] != "":
		case creditCode.MatchString(x):
			names[x] = ids.NewUSCC(x[:1], x[1:2], x[2:8], uint64(1000*i+len(names)+1)) //nolint:gosec // small
		case slices.Contains(onlyOnce, key):
			names[x] = fmt.Sprintf("%s-%d", x, i)
		default:
			return x
		}
		return names[x]
	case []any:
		for n := range x {
			x[n] = renamed(i, "", x[n], names)
		}
	case map[string]any:
		rename(i, x, names)
	}
	return v
}
