package recount

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"testing"
	"time"

	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/engine/indicator"
)

// view is a period and an area. Periods end with a quarter, since the figures
// of the register run to the last completed one.
type view struct{ from, to, area string }

var views = []view{
	{"2023-01-01", "2023-12-31", ""},
	{"2023-01-01", "2023-09-30", "330900"},
	{"2022-01-01", "2022-12-31", ""},
	{"2026-01-01", "2026-12-31", ""},
	ever,
	{"2023-01-01", "2023-12-31", "330902"},
	{"2023-04-01", "2023-06-30", "330903"},
	{"2022-07-01", "2026-06-30", "330902002"},
}

// told is what the product says of every figure counted here.
func (b *bureau) told(t *testing.T, v view) map[string]Value {
	t.Helper()
	out := map[string]Value{}
	q := indicator.Query{From: domain.Date(v.from), To: domain.Date(v.to), Area: v.area}
	for name := range figures() {
		f, err := b.Engine.Figures().Value(t.Context(), b.Engine.Reader(), name, q)
		if err != nil {
			t.Fatal(err)
		}
		if math.IsNaN(f.Value) || !f.Defined {
			f.Value = 0
		}
		out[name] = Value{Num: f.Num, Den: f.Den, Value: f.Value}
	}
	return out
}

// partial are figures that the product derives from one rate alone; it then
// shows no denominator of their own.
var partial = []string{"pre_opening_before", "pre_opening_after", "recheck_before", "recheck_after"}

func same(name string, a, b Value) bool {
	if slices.Contains(partial, name) {
		a.Den, b.Den = 0, 0
	}
	return a.Num == b.Num && a.Den == b.Den && math.Abs(a.Value-b.Value) < 1e-6*max(1, math.Abs(a.Value))
}

// differences lists the figures on which two counts disagree.
func differences(product, recount map[string]Value, but ...string) []string {
	var out []string
	for _, name := range slices.Sorted(maps.Keys(recount)) {
		if !slices.Contains(but, name) && !same(name, product[name], recount[name]) {
			out = append(out, fmt.Sprintf("%s: the product says %+v, the recount %+v", name, product[name], recount[name]))
		}
	}
	return out
}

func agree(t *testing.T, b *bureau, f *folder, but ...string) {
	t.Helper()
	something := map[string]bool{}
	for _, v := range views {
		mine := f.count(v.from, v.to, v.area)
		for _, d := range differences(b.told(t, v), mine, but...) {
			t.Errorf("%v %s", v, d)
		}
		for name, x := range mine {
			something[name] = something[name] || x.Num != 0
		}
	}
	for name := range figures() {
		if !something[name] {
			t.Logf("%s is 0 wherever it was looked at", name)
		}
	}
}

func TestFigures(t *testing.T) {
	if n := len(figures()); n != 62 {
		t.Fatalf("%d figures are counted, want 62", n)
	}
	if _, err := Count(t.TempDir(), "2023-01-01", "2023-12-31", ""); err == nil {
		t.Error("an empty folder was counted")
	}
}

// TestJourneys holds the recount against the product after everything that the
// acceptance tests do, and again after two hundred changes of single records.
func TestJourneys(t *testing.T) {
	prove(t, allJourneys(t))
}

// TestDemo does the same over a fiftieth of the demo bureau.
func TestDemo(t *testing.T) {
	if testing.Short() {
		t.Skip("makes a bureau of ten thousand records")
	}
	prove(t, year2023(t))
}

// prove compares, changes, and compares again from a new export.
func prove(t *testing.T, b *bureau) {
	t.Helper()
	b.clk.Set(time.Date(2031, 1, 2, 1, 0, 0, 0, time.UTC))
	f := b.export(t)
	agree(t, b, f)
	disturb(t, b, f)
	agree(t, b, b.export(t), twoRecords)
}
