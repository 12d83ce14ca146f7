package draw_test

import (
	"bytes"
	"errors"
	"io"
	"iter"
	"slices"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/dinghai/dinghai/kit/draw"
	"github.com/dinghai/dinghai/kit/tlog/entry"
)

func TestPlanRoundTrip(t *testing.T) {
	w := newWorldLists(t)
	p := w.planFor(w.files())
	b := must(must(p.Entry(office, matter, "2023-08-23")).Bytes())
	got, e, err := draw.ParsePlan(b)
	if err != nil || e.Office != office || e.Matter != matter || e.Type != entry.DrawPlan {
		t.Fatal(e, err)
	}
	if d := gocmp.Diff(p, got); d != "" {
		t.Error(d)
	}
	for what, bad := range map[string][]byte{
		"percent as float": bytes.Replace(b, []byte(`"p":1,`), []byte(`"p":1.0,`), 1),
		"unknown member":   bytes.Replace(b, []byte(`"mode"`), []byte(`"luck":1,"mode"`), 1),
		"another type":     bytes.Replace(b, []byte(`draw-plan`), []byte(`draw-key`), 1),
		"nothing":          nil,
	} {
		if _, _, err := draw.ParsePlan(bad); err == nil || bytes.Equal(bad, b) {
			t.Errorf("%s was accepted", what)
		}
	}
}

func TestPlanCheck(t *testing.T) {
	tests := []struct {
		field  string
		change func(*draw.Plan)
	}{
		{"algorithm", func(p *draw.Plan) { p.Algorithm = "lot" }},
		{"mode", func(p *draw.Plan) { p.Mode = "secret" }},
		{"mode", func(p *draw.Plan) { p.Key = nil }},
		{"mode", func(p *draw.Plan) { p.Mode = draw.Open }},
		{"team", func(p *draw.Plan) { p.Team = 1 }},
		{"team", func(p *draw.Plan) { p.Team = 17 }},
		{"area_rule", func(p *draw.Plan) { p.AreaRule = "near" }},
		{"draw_no", func(p *draw.Plan) { p.DrawNo = "2023-1" }},
		{"draw_no", func(p *draw.Plan) { p.DrawNo = "2023-001\x00" }},
		{"draw_no", func(p *draw.Plan) { p.DrawNo = "2023-0001" }},
		{"draw_no", func(p *draw.Plan) { p.DrawNo = "2023-000" }},
		{"deadline", func(p *draw.Plan) { p.Deadline = "2023-12-31" }},
		{"deadline", func(p *draw.Plan) { p.Deadline = "2024-01-01T00:00:00+08:00" }},
		{"beacon", func(p *draw.Plan) { p.Beacon.Kind = "dice" }},
		{"beacon", func(p *draw.Plan) { p.Beacon.Round = 0 }},
		{"beacon", func(p *draw.Plan) { p.Beacon.Fallback = 1001 }},
		{"beacon", func(p *draw.Plan) { p.Beacon.Sources = []string{"x"} }},
		{"beacon", func(p *draw.Plan) { p.Beacon = draw.BeaconRule{Kind: "list", At: "2023-08-24T07:00:00Z"} }},
		{"beacon", func(p *draw.Plan) { p.Beacon = draw.BeaconRule{Kind: "list", Sources: []string{"x"}, At: "tomorrow"} }},
		{"objects", func(p *draw.Plan) { p.Objects.Count++ }},
		{"objects", func(p *draw.Plan) { p.Objects.Count = -1 }},
		{"conflicts", func(p *draw.Plan) { p.Conflicts.Count = 0 }},
		{"changes", func(p *draw.Plan) { p.Changes = &draw.Root{} }},
		{"stratum", func(p *draw.Plan) { slices.Reverse(p.Strata) }},
		{"stratum", func(p *draw.Plan) { p.Strata[0].Code = "a,b" }},
		{"stratum", func(p *draw.Plan) { p.Strata[0].Eligible = -1 }},
		{"need", func(p *draw.Plan) { p.Strata[0].Need = []string{""} }},
		{"quota", func(p *draw.Plan) { p.Strata[0].Q = 0 }},
		{"quota", func(p *draw.Plan) { p.Strata[0].P = 6 }},
		{"quota", func(p *draw.Plan) { p.Total = 5 }},
	}
	for i, tt := range tests {
		w := newWorldLists(t)
		p := w.planFor(w.files())
		tt.change(p)
		var e *draw.Error
		if err := p.Check(); !errors.As(err, &e) || e.Field != tt.field {
			t.Errorf("%d: %v, want %s", i, err, tt.field)
		}
		if _, err := draw.Run(p, draw.Hash{}, w.files().readers(), 0); err == nil {
			t.Errorf("%d: run", i)
		}
	}
}

// A fixed total is divided by largest remainder.
func TestPlanTotal(t *testing.T) {
	w := newWorldLists(t)
	x := w.files()
	p := w.planFor(x)
	p.Total = 10
	for i := range p.Strata {
		p.Strata[i].P, p.Strata[i].Q = 0, 0
	}
	r, err := draw.Run(p, seedOf(1), x.readers(), 0)
	if err != nil || len(r.Lines) != 10 {
		t.Fatal(err)
	}
	p.Total = 91
	if _, err := p.Quotas(); err == nil {
		t.Error("more than there are")
	}
}

// The files must be the plan's; a pool that does not have the plan's strata is
// not, even with its root in the plan.
func TestRunRefusesOtherFiles(t *testing.T) {
	for name, tt := range map[string]struct {
		step   string
		change func(*draw.Plan, *texts)
	}{
		"objects":    {draw.StepObjects, func(p *draw.Plan, x *texts) { x.objects = bytes.SplitAfterN(x.objects, []byte("\n"), 2)[1] }},
		"inspectors": {draw.StepInspectors, func(p *draw.Plan, x *texts) { x.inspectors = nil }},
		"conflicts":  {draw.StepConflicts, func(p *draw.Plan, x *texts) { x.conflicts = x.conflicts[65:] }},
		"sizes": {draw.StepObjects, func(p *draw.Plan, x *texts) {
			p.Strata[0].Eligible, p.Strata[1].Eligible = p.Strata[0].Eligible+1, p.Strata[1].Eligible-1
		}},
		"stratum": {draw.StepObjects, func(p *draw.Plan, x *texts) { p.Strata[2].Code = "food/D" }},
		"left out": {draw.StepObjects, func(p *draw.Plan, x *texts) {
			p.Strata[1].Eligible, p.Strata[1].Excluded = p.Strata[1].Eligible+p.Strata[2].Eligible, p.Strata[1].Excluded+p.Strata[2].Excluded
			p.Strata = p.Strata[:2]
		}},
	} {
		w := newWorldLists(t)
		x := w.files()
		p := w.planFor(x)
		tt.change(p, &x)
		_, err := draw.Run(p, seedOf(1), x.readers(), 0)
		wantStep(t, name, err, tt.step)
	}
}

func TestWriters(t *testing.T) {
	var b bytes.Buffer
	for field, err := range map[string]error{
		"object":        draw.WriteObjects(&b, []draw.Object{{ID: "", Stratum: "s"}}),
		"stratum":       draw.WriteObjects(&b, []draw.Object{{ID: "a"}}),
		"area":          draw.WriteObjects(&b, []draw.Object{{ID: "a", Stratum: "s", Area: "a\nb"}}),
		"flags":         draw.WriteObjects(&b, []draw.Object{{ID: "a", Stratum: "s", Excluded: "a,b"}}),
		"inspector":     draw.WriteInspectors(&b, []draw.Inspector{{No: "Z1"}, {No: "Z1"}}),
		"max_load":      draw.WriteInspectors(&b, []draw.Inspector{{No: "Z1", MaxLoad: -1}}),
		"qualification": draw.WriteInspectors(&b, []draw.Inspector{{No: "Z1", Qualifications: []string{"a+b"}}}),
		"conflict":      draw.WriteConflicts(&b, []draw.Opening{{Inspector: "a", Object: "b"}, {Inspector: "a", Object: "b"}}),
	} {
		var e *draw.Error
		if !errors.As(err, &e) || e.Field != field {
			t.Errorf("%s: %v", field, err)
		}
	}
	if err := draw.WriteObjects(failing{}, []draw.Object{{ID: "a", Stratum: "s"}}); err == nil {
		t.Error("a failing writer")
	}
}

type failing struct{}

func (failing) Write([]byte) (int, error) { return 0, io.ErrClosedPipe }

func TestReadInspectors(t *testing.T) {
	good := "A1,E,drug+food,1,5\nB1,,,0,0\n"
	got, root, err := draw.ReadInspectors(strings.NewReader(good))
	want := []draw.Inspector{{No: "A1", Area: "E", Qualifications: []string{"drug", "food"}, Available: true, MaxLoad: 5}, {No: "B1"}}
	if d := gocmp.Diff(want, got); d != "" || err != nil || root != draw.ListRoot(strings.Split(good, "\n")[:2]) {
		t.Error(d, err)
	}
	for text, reason := range map[string]string{
		"A1,E,food+drug,1,5\n":                        "syntax", // not sorted
		"A1,E,food+food,1,5\n":                        "syntax",
		"A1,E,food+,1,5\n":                            "syntax",
		"A1,E,food,yes,5\n":                           "syntax",
		"A1,E,food,1,05\n":                            "syntax",
		"A1,E,food,1,-1\n":                            "syntax",
		"A1,E,food,1,99999999999999999999\n":          "syntax",
		"A1,E,food,1\n":                               "syntax",
		"+,E,food,1,1\n":                              "syntax",
		"A1,E,food,1,5":                               "syntax",
		"B1,,,1,1\nA1,,,1,1\n":                        "order",
		"A1,,,1,1\nA1,,,0,1\n":                        "twice",
		"A1,,,1,1\nA12,,,1,1\n":                       "ambiguous",
		"A1,," + strings.Repeat("x", 2000) + ",1,1\n": "length",
	} {
		var e *draw.Error
		if _, _, err := draw.ReadInspectors(strings.NewReader(text)); !errors.As(err, &e) || e.Reason != reason || e.Position == 0 {
			t.Errorf("%.40q: %v, want %s", text, err, reason)
		}
	}
}

func TestReadConflicts(t *testing.T) {
	a, b := strings.Repeat("0a", 32), strings.Repeat("0b", 32)
	got, _, err := draw.ReadConflicts(strings.NewReader(a + "\n" + b + "\n"))
	if err != nil || len(got) != 2 {
		t.Error(got, err)
	}
	for text, reason := range map[string]string{b + "\n" + a + "\n": "order", a + "\n" + a + "\n": "twice", strings.ToUpper(a) + "\n": "syntax", a[1:] + "\n": "syntax", a: "syntax"} {
		var e *draw.Error
		if _, _, err := draw.ReadConflicts(strings.NewReader(text)); !errors.As(err, &e) || e.Reason != reason {
			t.Errorf("%.40q: %v, want %s", text, err, reason)
		}
	}
	for text, reason := range map[string]string{a + ",Z1\n": "syntax", a + ",Z1,\n": "syntax", "0A" + a[2:] + ",Z1,x\n": "syntax", a[2:] + ",Z1,x\n": "syntax", a + ",Z1,x\n" + a + ",Z1,x\n": "twice"} {
		var e *draw.Error
		if _, _, err := draw.ReadOpenings(strings.NewReader(text)); !errors.As(err, &e) || e.Reason != reason {
			t.Errorf("%.80q: %v, want %s", text, err, reason)
		}
	}
}

func TestAudit(t *testing.T) {
	w := newWorldLists(t)
	p := w.planFor(w.files())
	var log [][]byte
	add := func(e *entry.Entry) uint64 {
		log = append(log, must(e.Bytes()))
		return uint64(len(log) - 1)
	}
	plan := func(no, matter string, change func(*draw.Plan)) uint64 {
		q := *p
		q.DrawNo, q.Strata = no, slices.Clone(p.Strata)
		if change != nil {
			change(&q)
		}
		return add(must(q.Entry(office, matter, "2023-08-23")))
	}
	follow := func(kind entry.Type, target uint64) {
		add(&entry.Entry{Type: kind, Office: office, Date: "2023-09-01", Target: &target, Detail: []byte(`{}`)})
	}
	resize := func(q *draw.Plan) {
		q.Strata[0].Eligible, q.Strata[0].Excluded = q.Strata[0].Eligible-1, q.Strata[0].Excluded+1
	}
	one := plan("2023-001", "a", nil)
	follow(entry.DrawResult, one)
	follow(entry.DrawReveal, one)
	three := plan("2023-003", "a", nil) // gap
	follow(entry.DrawReveal, three)
	follow(entry.DrawReveal, three)       // twice
	four := plan("2023-004", "a", resize) // unexplained, never revealed
	again := plan("2023-004", "b", nil)   // twice, never revealed
	five := plan("2023-005", "a", func(q *draw.Plan) { q.Changes = &draw.Root{Count: 1} })
	follow(entry.DrawReveal, five)
	late := plan("2024-001", "a", func(q *draw.Plan) { q.Deadline = "2024-12-31T16:00:00Z"; q.Changes = &draw.Root{Count: 1} })
	follow(entry.DrawResult, 99)
	log = append(log, []byte("not an entry"))
	bad := add(&entry.Entry{Type: entry.DrawPlan, Office: office, Matter: "a", Date: "2023-09-01", Detail: []byte(`{}`)})
	entries := func(yield func(uint64, []byte) bool) {
		for i, b := range log {
			if !yield(uint64(i), b) {
				return
			}
		}
	}
	want := []draw.Finding{
		{Index: three, Office: office, DrawNo: "2023-003", Reason: "gap"},
		{Index: three + 2, Office: office, DrawNo: "2023-003", Reason: "twice"},
		{Index: four, Office: office, DrawNo: "2023-004", Reason: "unexplained_change"},
		{Index: four, Office: office, DrawNo: "2023-004", Reason: "no_reveal"},
		{Index: again, Office: office, DrawNo: "2023-004", Reason: "twice"},
		{Index: again, Office: office, DrawNo: "2023-004", Reason: "no_reveal"},
		{Index: late + 1, Office: office, Reason: "no_plan"},
		{Index: bad, Reason: "malformed"},
	}
	got := draw.Audit(iter.Seq2[uint64, []byte](entries), time.Date(2024, 6, 1, 0, 0, 0, 0, time.UTC))
	if d := gocmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}
