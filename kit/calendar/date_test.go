package calendar_test

import (
	"errors"
	"testing"
	"time"

	"pgregory.net/rapid"

	. "github.com/dinghai/dinghai/kit/calendar"
)

func TestParseDate(t *testing.T) {
	tests := []struct{ in, reason string }{
		{"2023-11-24", ""},
		{"2024-02-29", ""},
		{"2000-02-29", ""},
		{"0001-01-01", ""},
		{"9999-12-31", ""},
		{"", "form"},
		{"2023-1-24", "form"},
		{"2023/11/24", "form"},
		{" 2023-11-24", "form"},
		{"2023-11-24T", "form"},
		{"2O23-11-24", "digit"},
		{"２023-11", "form"},
		{"0000-01-01", "range"},
		{"2023-13-01", "month"},
		{"2023-00-01", "month"},
		{"2023-02-29", "day"},
		{"1900-02-29", "day"},
		{"2023-04-31", "day"},
		{"2023-04-00", "day"},
	}
	for _, tt := range tests {
		d, err := ParseDate(tt.in)
		var de *DateError
		if tt.reason == "" {
			if err != nil || string(d) != tt.in || !d.Valid() {
				t.Errorf("ParseDate(%q) = %q, %v", tt.in, d, err)
			}
		} else if !errors.As(err, &de) || de.Reason != tt.reason {
			t.Errorf("ParseDate(%q): got %v, want reason %q", tt.in, err, tt.reason)
		}
	}
}

func TestDateArithmetic(t *testing.T) {
	tests := []struct {
		name      string
		got, want Date
	}{
		{"month clamps", Date("2023-01-31").AddMonths(1), "2023-02-28"},
		{"month clamps to leap day", Date("2024-01-31").AddMonths(1), "2024-02-29"},
		{"back over the year", Date("2024-01-31").AddMonths(-2), "2023-11-30"},
		{"leap day a year on", Date("2024-02-29").AddYears(1), "2025-02-28"},
		{"leap day four years on", Date("2024-02-29").AddYears(4), "2028-02-29"},
		{"days", Date("2023-12-31").AddDays(1), "2024-01-01"},
		{"month start", Date("2024-02-17").MonthStart(), "2024-02-01"},
		{"month end", Date("2024-02-17").MonthEnd(), "2024-02-29"},
		{"past the last year", Date("9999-12-31").AddDays(1), ""},
		{"before the first year", Date("0001-01-01").AddMonths(-1), ""},
		{"none stays none", Date("").AddDays(3).AddMonths(1).MonthEnd().MonthStart(), ""},
		{"of a time", DateOf(time.Date(2023, 11, 24, 23, 0, 0, 0, time.UTC)), "2023-11-24"},
		{"of a time elsewhere", DateOf(time.Date(2023, 11, 24, 23, 0, 0, 0, time.UTC).In(time.FixedZone("CST", 8*3600))), "2023-11-25"},
	}
	for _, tt := range tests {
		if tt.got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.name, tt.got, tt.want)
		}
	}
	d := Date("2023-11-24")
	if d.Year() != 2023 || d.Month() != 11 || d.Day() != 24 || d.MonthKey() != "2023-11" {
		t.Error("parts of", d)
	}
	if none := Date("x"); none.Year() != 0 || none.MonthKey() != "" || none.Sub(d) != 0 || !none.Time(time.UTC).IsZero() {
		t.Error("parts of a malformed date")
	}
}

// Package time is the oracle.
func TestDateAgreesWithTime(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		base := time.Date(1, 1, 1, 0, 0, 0, 0, time.UTC)
		x := base.AddDate(0, 0, rapid.IntRange(0, 3652058).Draw(t, "day"))
		n := rapid.IntRange(-5000, 5000).Draw(t, "n")
		d := DateOf(x)
		if string(d) != x.Format(time.DateOnly) || d.Weekday() != x.Weekday() || !d.Time(time.UTC).Equal(x) {
			t.Fatalf("%v gave %s", x, d)
		}
		if y := x.AddDate(0, 0, n); y.Year() >= 1 && y.Year() <= 9999 {
			if e := d.AddDays(n); e != DateOf(y) || e.Sub(d) != n {
				t.Fatalf("%s%+d = %s", d, n, e)
			}
		}
	})
}

func FuzzParseDate(f *testing.F) {
	for _, s := range []string{"2024-02-29", "2023-02-29", "", "0001-01-01", "9999-12-31", "２０２３-１", "2023-1-001"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		d, err := ParseDate(s)
		x, terr := time.Parse(time.DateOnly, s)
		if want := terr == nil && x.Year() >= 1; (err == nil) != want {
			t.Fatalf("ParseDate(%q): %v; time.Parse: %v", s, err, terr)
		}
		if err == nil && DateOf(x) != d {
			t.Fatalf("%q read as %s", s, d)
		}
	})
}
