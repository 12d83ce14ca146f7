package calendar_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	. "github.com/dinghai/dinghai/kit/calendar"
)

func TestReckon(t *testing.T) {
	c := china(t)
	wd := func(n int) Rule { return Rule{N: n, Unit: UnitWorkday} }
	nd := func(n int) Rule { return Rule{N: n, Unit: UnitDay} }
	tests := []struct {
		name          string
		start         Date
		rule          Rule
		pauses        []Pause
		ext           []Extension
		asOf          Date
		unrolled, due Date
		excluded      int
		provisional   bool
	}{
		{name: "working days", start: "2023-09-28", rule: wd(7), unrolled: "2023-10-13", due: "2023-10-13"},
		{name: "zero days rolls", start: "2023-10-01", rule: nd(0), unrolled: "2023-10-01", due: "2023-10-07"},
		{name: "month clamps then rolls", start: "2023-08-31", rule: Rule{N: 1, Unit: UnitMonth}, unrolled: "2023-09-30", due: "2023-10-07"},
		{name: "year", start: "2024-02-29", rule: Rule{N: 1, Unit: UnitYear}, unrolled: "2025-02-28", due: "2025-02-28"},
		{name: "no roll", start: "2023-09-04", rule: Rule{N: 30, Unit: UnitDay, NoRoll: true}, unrolled: "2023-10-04", due: "2023-10-04"},
		{name: "backward working days", start: "2023-10-09", rule: Rule{N: 3, Unit: UnitWorkday, Back: true}, unrolled: "2023-09-28", due: "2023-09-28"},
		{name: "backward days roll back", start: "2023-10-09", rule: Rule{N: 7, Unit: UnitDay, Back: true}, unrolled: "2023-10-02", due: "2023-09-28"},
		{name: "backward month", start: "2024-03-31", rule: Rule{N: 1, Unit: UnitMonth, Back: true}, unrolled: "2024-02-29", due: "2024-02-29"},
		{name: "window this year", start: "2024-01-01", rule: Rule{Unit: UnitWindow, Window: "06-30"}, unrolled: "2024-06-30", due: "2024-06-30"},
		{name: "window on its day", start: "2024-06-30", rule: Rule{Unit: UnitWindow, Window: "06-30"}, unrolled: "2024-06-30", due: "2024-06-30"},
		{name: "window next year", start: "2024-07-01", rule: Rule{Unit: UnitWindow, Window: "06-30"}, unrolled: "2025-06-30", due: "2025-06-30"},
		{name: "window clamps", start: "2023-01-01", rule: Rule{Unit: UnitWindow, Window: "02-29"}, unrolled: "2023-02-28", due: "2023-02-28"},
		{name: "window extended", start: "2024-01-01", rule: Rule{Unit: UnitWindow, Window: "06-30"}, ext: []Extension{{1, UnitMonth}}, unrolled: "2024-07-30", due: "2024-07-30"},

		{name: "pause takes out working days", start: "2023-09-25", rule: wd(5), pauses: []Pause{{"2023-09-27", "2023-10-09"}}, unrolled: "2023-10-12", due: "2023-10-12", excluded: 4},
		{name: "pause over days off alone", start: "2023-09-25", rule: wd(5), pauses: []Pause{{"2023-09-29", "2023-10-07"}}, unrolled: "2023-10-08", due: "2023-10-08"},
		{name: "pause takes out natural days", start: "2023-11-01", rule: nd(30), pauses: []Pause{{"2023-11-10", "2023-11-20"}}, unrolled: "2023-12-11", due: "2023-12-11", excluded: 10},
		{name: "pause after a month", start: "2023-11-01", rule: Rule{N: 1, Unit: UnitMonth}, pauses: []Pause{{"2023-11-10", "2023-11-20"}}, unrolled: "2023-12-11", due: "2023-12-11", excluded: 10},
		{name: "overlapping pauses count once", start: "2023-11-01", rule: nd(30), pauses: []Pause{{"2023-11-15", "2023-11-20"}, {"2023-11-10", "2023-11-17"}}, unrolled: "2023-12-11", due: "2023-12-11", excluded: 10},
		{name: "pause before the start", start: "2023-11-01", rule: nd(30), pauses: []Pause{{"2023-10-10", "2023-10-20"}}, unrolled: "2023-12-01", due: "2023-12-01"},
		{name: "pause over the start", start: "2023-11-01", rule: nd(30), pauses: []Pause{{"2023-10-25", "2023-11-04"}}, unrolled: "2023-12-03", due: "2023-12-04", excluded: 2},
		{name: "pause after the end", start: "2023-11-01", rule: nd(30), pauses: []Pause{{"2023-12-02", "2023-12-20"}}, unrolled: "2023-12-01", due: "2023-12-01"},
		{name: "pause made current by another", start: "2023-11-01", rule: nd(30), pauses: []Pause{{"2023-12-02", "2023-12-12"}, {"2023-11-10", "2023-11-20"}}, unrolled: "2023-12-21", due: "2023-12-21", excluded: 20},
		{name: "open pause", start: "2023-11-01", rule: nd(30), pauses: []Pause{{"2023-11-10", ""}}, asOf: "2023-11-20", unrolled: "2023-12-11", due: "2023-12-11", excluded: 10},
		{name: "open pause begun today", start: "2023-11-01", rule: nd(30), pauses: []Pause{{"2023-11-10", ""}}, asOf: "2023-11-10", unrolled: "2023-12-01", due: "2023-12-01"},
		{name: "pause on a day added by rolling", start: "2023-11-09", rule: nd(30), pauses: []Pause{{"2023-12-11", "2023-12-20"}}, unrolled: "2023-12-20", due: "2023-12-20", excluded: 11},

		{name: "same unit", start: "2023-09-28", rule: wd(7), ext: []Extension{{8, UnitWorkday}}, unrolled: "2023-10-25", due: "2023-10-25"},
		{name: "days before rolling", start: "2023-09-04", rule: nd(30), ext: []Extension{{30, UnitDay}}, unrolled: "2023-11-03", due: "2023-11-03"},
		{name: "months together", start: "2023-01-31", rule: Rule{N: 1, Unit: UnitMonth}, ext: []Extension{{2, UnitMonth}}, unrolled: "2023-04-30", due: "2023-05-04"},
		{name: "years are months", start: "2023-01-31", rule: Rule{N: 13, Unit: UnitMonth}, ext: []Extension{{1, UnitYear}}, unrolled: "2025-02-28", due: "2025-02-28"},
		{name: "working days after days", start: "2023-09-04", rule: nd(30), ext: []Extension{{2, UnitWorkday}}, unrolled: "2023-10-08", due: "2023-10-08"},
		{name: "pause in the extension", start: "2023-09-04", rule: nd(30), ext: []Extension{{2, UnitWorkday}}, pauses: []Pause{{"2023-10-08", "2023-10-11"}}, unrolled: "2023-10-11", due: "2023-10-11", excluded: 3},

		{name: "next year not out", start: "2026-12-01", rule: nd(60), unrolled: "2027-01-30", due: "2027-02-01", provisional: true},
		{name: "working days into it", start: "2026-12-20", rule: wd(20), unrolled: "2027-01-18", due: "2027-01-18", provisional: true},
		{name: "last week is settled by the next notice", start: "2026-12-20", rule: nd(10), unrolled: "2026-12-30", due: "2026-12-30", provisional: true},
		{name: "window needs no notice", start: "2027-01-01", rule: Rule{Unit: UnitWindow, Window: "06-30"}, unrolled: "2027-06-30", due: "2027-06-30"},
		{name: "days need the notice of the last day only", start: "2021-12-01", rule: nd(60), unrolled: "2022-01-30", due: "2022-01-30"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := c.Reckon(tt.start, tt.rule, tt.pauses, tt.ext, tt.asOf)
			if err != nil {
				t.Fatal(err)
			}
			got.Skipped = nil
			want := Reckoning{Start: tt.start, Unrolled: tt.unrolled, Due: tt.due, Excluded: tt.excluded, Provisional: tt.provisional}
			if d := cmp.Diff(want, got); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestSkipped(t *testing.T) {
	got, err := china(t).Reckon("2023-09-27", Rule{N: 3, Unit: UnitDay}, nil, nil, "")
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"2023-09-30", "2023-10-01", "2023-10-02", "2023-10-03", "2023-10-04", "2023-10-05", "2023-10-06"}
	var dates []string
	for _, d := range got.Skipped {
		dates = append(dates, string(d.Date))
		if d.Why() != "holiday:中秋节、国庆节" {
			t.Errorf("%s: %s", d.Date, d.Why())
		}
	}
	if d := cmp.Diff(want, dates); d != "" {
		t.Error(d)
	}
}

func TestReckonErrors(t *testing.T) {
	c := china(t)
	tests := []struct {
		field  string
		start  Date
		rule   Rule
		pauses []Pause
		ext    []Extension
	}{
		{field: "start", rule: Rule{N: 1, Unit: UnitDay}},
		{field: "n", start: "2023-01-01", rule: Rule{N: -1, Unit: UnitDay}},
		{field: "unit", start: "2023-01-01", rule: Rule{N: 1, Unit: UnitHour}},
		{field: "unit", start: "2023-01-01", rule: Rule{N: 1}},
		{field: "window", start: "2023-01-01", rule: Rule{Unit: UnitWindow, Window: "6-30"}},
		{field: "window", start: "2023-01-01", rule: Rule{Unit: UnitWindow, Window: "06-31"}},
		{field: "pause", start: "2023-01-01", rule: Rule{N: 1, Unit: UnitDay}, pauses: []Pause{{"2023-01-03", "2023-01-02"}}},
		{field: "pause", start: "2023-01-01", rule: Rule{N: 1, Unit: UnitDay}, pauses: []Pause{{"", "2023-01-02"}}},
		{field: "extension", start: "2023-01-01", rule: Rule{N: 1, Unit: UnitDay}, ext: []Extension{{1, UnitHour}}},
		{field: "extension", start: "2023-01-01", rule: Rule{N: 1, Unit: UnitDay, Back: true}, ext: []Extension{{1, UnitDay}}},
		{field: "due", start: "9999-01-01", rule: Rule{N: 9, Unit: UnitYear}},
		{field: "due", start: "9999-01-01", rule: Rule{N: 900, Unit: UnitWorkday}},
	}
	for _, tt := range tests {
		_, err := c.Reckon(tt.start, tt.rule, tt.pauses, tt.ext, "2023-06-01")
		var re *RuleError
		if !errors.As(err, &re) || re.Field != tt.field {
			t.Errorf("%+v: got %v, want field %s", tt, err, tt.field)
		}
	}
}

func anyPauses(t *rapid.T, after Date) []Pause {
	var out []Pause
	for i := range rapid.IntRange(0, 4).Draw(t, "pauses") {
		from := after.AddDays(rapid.IntRange(1, 80).Draw(t, fmt.Sprint("from", i)))
		out = append(out, Pause{from, from.AddDays(rapid.IntRange(0, 40).Draw(t, fmt.Sprint("len", i)))})
	}
	return out
}

var anyUnit = rapid.SampledFrom([]Unit{UnitWorkday, UnitDay, UnitMonth, UnitYear})

func anyRule(t *rapid.T) Rule {
	r := Rule{N: rapid.IntRange(0, 60).Draw(t, "n"), Unit: anyUnit.Draw(t, "unit")}
	if r.Unit == UnitMonth || r.Unit == UnitYear {
		r.N %= 7
	}
	return r
}

func due(t *rapid.T, c *Calendar, start Date, r Rule, p []Pause, e []Extension) Reckoning {
	got, err := c.Reckon(start, r, p, e, "")
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// Before rolling the end moves by exactly the units excluded.
func TestPausesMoveExactly(t *testing.T) {
	c := china(t)
	rapid.Check(t, func(t *rapid.T) {
		start, r := anyDate(t, "start"), anyRule(t)
		base := due(t, c, start, r, nil, nil)
		got := due(t, c, start, r, anyPauses(t, start), nil)
		moved := got.Unrolled.Sub(base.Unrolled)
		if r.Unit == UnitWorkday {
			moved = c.Workdays(base.Unrolled, got.Unrolled)
		}
		if moved != got.Excluded {
			t.Fatalf("moved %d, excluded %d: %+v", moved, got.Excluded, got)
		}
		if got.Due != c.Next(got.Unrolled) {
			t.Fatalf("rolled %s to %s", got.Unrolled, got.Due)
		}
	})
}

// A period in days ends on the n-th day that no pause covers.
func TestPausesAgreeWithWalking(t *testing.T) {
	c := china(t)
	rapid.Check(t, func(t *rapid.T) {
		start, r := anyDate(t, "start"), Rule{N: rapid.IntRange(1, 60).Draw(t, "n"), Unit: UnitWorkday}
		r.NoRoll = rapid.Bool().Draw(t, "natural")
		if r.NoRoll {
			r.Unit = UnitDay
		}
		pauses := anyPauses(t, start)
		want := start
		for left := r.N; left > 0; {
			want = want.AddDays(1)
			counts := r.NoRoll || c.IsWorkday(want)
			for _, p := range pauses {
				counts = counts && (want < p.From || want >= p.To)
			}
			if counts {
				left--
			}
		}
		if got := due(t, c, start, r, pauses, nil); got.Due != want {
			// A pause beginning on the last day moves the end past it.
			for _, p := range pauses {
				if p.From == want.AddDays(1) {
					t.Skip()
				}
			}
			t.Fatalf("got %+v, want %s", got, want)
		}
	})
}

func TestDueIsMonotone(t *testing.T) {
	c := china(t)
	rapid.Check(t, func(t *rapid.T) {
		start, r := anyDate(t, "start"), anyRule(t)
		later := start.AddDays(rapid.IntRange(0, 40).Draw(t, "later"))
		pauses := anyPauses(t, later)
		ext := []Extension{{rapid.IntRange(0, 20).Draw(t, "ext"), r.Unit}}
		base := due(t, c, start, r, pauses, ext)
		longer := r
		longer.N++
		more := append(pauses, anyPauses(t, later)...)
		for name, got := range map[string]Reckoning{
			"start":     due(t, c, later, r, pauses, ext),
			"n":         due(t, c, start, longer, pauses, ext),
			"pauses":    due(t, c, start, r, more, ext),
			"extension": due(t, c, start, r, pauses, append(ext, Extension{1, r.Unit})),
		} {
			if got.Due < base.Due || got.Unrolled < base.Unrolled {
				t.Fatalf("growing %s: %+v, before %+v", name, got, base)
			}
		}
		if base.Due < base.Start {
			t.Fatal("due before start")
		}
	})
}

// A clock never runs out before the pause that stopped it ends.
func TestDueIsNotBeforeResuming(t *testing.T) {
	c := china(t)
	rapid.Check(t, func(t *rapid.T) {
		start, r := anyDate(t, "start"), anyRule(t)
		r.N++
		p := anyPauses(t, start)
		got := due(t, c, start, r, p, nil)
		for _, p := range p {
			if p.From <= got.Due && p.From < p.To && got.Due < p.To && c.Workdays(p.From.AddDays(-1), p.To.AddDays(-1)) > 0 {
				t.Fatalf("due %s within pause %v", got.Due, p)
			}
		}
	})
}

func TestReckonHours(t *testing.T) {
	start := time.Date(2023, 9, 30, 15, 4, 0, 0, time.UTC)
	if got := ReckonHours(start, 48); got.Sub(start) != 48*time.Hour {
		t.Error(got)
	}
}

func BenchmarkReckon(b *testing.B) {
	c := china(b)
	pauses := []Pause{{"2023-10-09", "2023-10-16"}}
	b.ReportAllocs()
	for b.Loop() {
		_, _ = c.Reckon("2023-09-28", Rule{N: 15, Unit: UnitWorkday}, pauses, nil, "2023-11-01")
	}
}

func ExampleCalendar_Reckon() {
	c, err := Load([]byte(`
years:
  2023:
    status: announced
    days_off:
      - {date: 2023-09-29, name: 中秋节}
    make_up_workdays: []
`))
	if err != nil {
		fmt.Println(err)
		return
	}
	r, err := c.Reckon("2023-09-27", Rule{N: 2, Unit: UnitDay}, nil, nil, "2023-09-27")
	fmt.Println(r.Unrolled, r.Due, err)
	for _, d := range r.Skipped {
		fmt.Println(d.Date, d.Why())
	}
	// Output:
	// 2023-09-29 2023-10-02 <nil>
	// 2023-09-29 holiday:中秋节
	// 2023-09-30 weekend
	// 2023-10-01 weekend
}
