package calendar_test

import (
	"errors"
	"os"
	"testing"
	"time"

	"github.com/goccy/go-yaml"
	"pgregory.net/rapid"

	. "github.com/dinghai/dinghai/kit/calendar"
)

func china(t testing.TB) *Calendar {
	t.Helper()
	b, err := os.ReadFile("testdata/holidays.yaml")
	if err != nil {
		t.Fatal(err)
	}
	c, err := Load(b)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

type worked struct {
	Totals  map[int]int `yaml:"workday_totals"`
	Special []struct {
		Date Date
	} `yaml:"special_cases"`
	Vectors []struct {
		Start  Date
		N      int
		Unit   string
		Expect Date
	} `yaml:"test_vectors"`
}

func examples(t *testing.T) worked {
	t.Helper()
	b, err := os.ReadFile("testdata/holidays.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var w worked
	if err := yaml.Unmarshal(b, &w); err != nil {
		t.Fatal(err)
	}
	return w
}

func TestVectors(t *testing.T) {
	c, w := china(t), examples(t)
	units := map[string]Unit{"working": UnitWorkday, "natural": UnitDay}
	for _, v := range w.Vectors {
		got, err := c.Reckon(v.Start, Rule{N: v.N, Unit: units[v.Unit]}, nil, nil, v.Start)
		if err != nil || got.Due != v.Expect {
			t.Errorf("%s + %d %s: got %s, %v, want %s", v.Start, v.N, v.Unit, got.Due, err, v.Expect)
		}
	}
	if len(w.Vectors) != 23 {
		t.Errorf("ran %d vectors, want 23", len(w.Vectors))
	}
	t.Logf("%d vectors", len(w.Vectors))
}

func TestWorkdayTotals(t *testing.T) {
	c, w := china(t), examples(t)
	for y, want := range w.Totals {
		end := Date(time.Date(y, 12, 31, 0, 0, 0, 0, time.UTC).Format(time.DateOnly))
		if got := c.Workdays(end.AddYears(-1), end); got != want {
			t.Errorf("%d has %d working days, want %d", y, got, want)
		}
	}
	if len(w.Totals) != 5 {
		t.Errorf("saw %d totals, want 5", len(w.Totals))
	}
}

func TestKinds(t *testing.T) {
	c := china(t)
	tests := []struct {
		d    Date
		work bool
		why  string
	}{
		{"2024-02-09", true, "workday"},     // New Year's Eve 2024 was not a day off
		{"2022-12-31", false, "holiday:元旦"}, // by the notice for 2023
		{"2023-10-07", true, "makeup:中秋节、国庆节"},
		{"2023-10-04", false, "holiday:中秋节、国庆节"},
		{"2023-10-14", false, "weekend"},
		{"2019-10-01", true, "workday"}, // no data for the year
		{"2035-10-06", false, "weekend"},
		{"", false, ""},
	}
	for _, tt := range tests {
		if got := c.IsWorkday(tt.d); got != tt.work {
			t.Errorf("IsWorkday(%s) = %v", tt.d, got)
		}
		if got := c.Why(tt.d); got != tt.why {
			t.Errorf("Why(%s) = %q, want %q", tt.d, got, tt.why)
		}
	}
	if !c.Final(2026) || c.Final(2027) || c.Final(2019) {
		t.Error("2026 is final, 2027 and 2019 are not")
	}
	if c.Source(2026) == "" || c.Source(2019) != "" {
		t.Error("sources")
	}
}

func TestNextPrev(t *testing.T) {
	c := china(t)
	tests := []struct{ d, next, prev Date }{
		{"2023-09-29", "2023-10-07", "2023-09-28"},
		{"2023-10-07", "2023-10-07", "2023-10-07"},
		{"2022-12-31", "2023-01-03", "2022-12-30"},
		{"2024-02-11", "2024-02-18", "2024-02-09"},
		{"", "", ""},
	}
	for _, tt := range tests {
		if n, p := c.Next(tt.d), c.Prev(tt.d); n != tt.next || p != tt.prev {
			t.Errorf("%s: next %s, prev %s, want %s, %s", tt.d, n, p, tt.next, tt.prev)
		}
	}
}

func anyDate(t *rapid.T, label string) Date {
	return Date("2021-06-01").AddDays(rapid.IntRange(0, 2700).Draw(t, label))
}

// Walking day by day with IsWorkday is the oracle for the tables.
func TestTablesAgreeWithWalking(t *testing.T) {
	cals := map[string]*Calendar{"china": china(t), "plain": {}}
	for name, c := range cals {
		t.Run(name, rapid.MakeCheck(func(t *rapid.T) {
			d, n := anyDate(t, "start"), rapid.IntRange(-80, 80).Draw(t, "n")
			want, step := d, 1
			if n < 0 {
				step = -1
			}
			for left := n; left != 0; {
				if want = want.AddDays(step); c.IsWorkday(want) {
					left -= step
				}
			}
			if got := c.AddWorkdays(d, n); got != want {
				t.Fatalf("AddWorkdays(%s, %d) = %s, want %s", d, n, got, want)
			}
			if n > 0 && c.Workdays(d, want) != n {
				t.Fatalf("Workdays(%s, %s) = %d, want %d", d, want, c.Workdays(d, want), n)
			}
			if c.Workdays(d, want) != -c.Workdays(want, d) {
				t.Fatal("Workdays is not antisymmetric")
			}
		}))
	}
}

func TestLoadErrors(t *testing.T) {
	year := func(rest string) string { return "years:\n  2023: {status: announced, " + rest + "}\n" }
	tests := []struct{ name, in, reason string }{
		{"date", year("days_off: [{date: 2023-02-30}]"), "date"},
		{"far", year("days_off: [{date: 2032-02-03}]"), "far"},
		{"twice", year("days_off: [{date: 2023-01-02}, {date: 2023-01-02}]"), "twice"},
		{"both", year("days_off: [{date: 2023-01-28}], make_up_workdays: [{date: 2023-01-28}]"), "twice"},
		{"weekday", year("make_up_workdays: [{date: 2023-01-03}]"), "weekday"},
		{"year", "years: {20233: {status: announced}}", "year"},
		{"status", "years: {2023: {source: x}}", "status"},
	}
	for _, tt := range tests {
		_, err := Load([]byte(tt.in))
		var le *LoadError
		if !errors.As(err, &le) || le.Reason != tt.reason {
			t.Errorf("%s: got %v", tt.name, err)
		}
	}
	if _, err := Load([]byte("years: [")); err == nil {
		t.Error("broken YAML was read")
	}
	if c, err := Load(nil); err != nil || !c.IsWorkday("2023-10-02") {
		t.Error("an empty file is a plain calendar:", err)
	}
}

func FuzzLoad(f *testing.F) {
	f.Add([]byte("years:\n  2023:\n    status: announced\n    days_off: [{date: 2023-01-02, name: 元旦}]\n"))
	f.Add([]byte("years: {2023: {status: x, make_up_workdays: [{date: 2023-01-28}]}}"))
	f.Add([]byte("years: 3"))
	f.Add([]byte("years:\n 2000:\n    status: 0\n    days_off: !00 00")) // panicked in the YAML package
	f.Fuzz(func(t *testing.T, b []byte) {
		c, err := Load(b)
		if err != nil {
			return
		}
		if d := Date("2023-01-01"); c.Workdays(d, c.AddWorkdays(d, 30)) != 30 {
			t.Fatal("counting 30 working days does not count 30")
		}
	})
}

func BenchmarkAddWorkdays(b *testing.B) {
	c := china(b)
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		c.AddWorkdays("2023-09-28", i%60)
	}
}

func BenchmarkIsWorkday(b *testing.B) {
	c := china(b)
	b.ReportAllocs()
	for b.Loop() {
		c.IsWorkday("2023-09-28")
	}
}

func BenchmarkLoad(b *testing.B) {
	data, err := os.ReadFile("testdata/holidays.yaml")
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Load(data); err != nil {
			b.Fatal(err)
		}
	}
}
