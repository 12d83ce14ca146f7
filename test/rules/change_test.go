package rules

import (
	"testing"

	"github.com/dinghai/dinghai/catalogue"
	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/engine/clock"
	"github.com/dinghai/dinghai/kit/calendar"
)

// TestExtensions lengthens every clock that the law allows to be lengthened.
func TestExtensions(t *testing.T) {
	c, b := load(t)
	lines := read(t, "extensions.csv", "clock", "start", "n", "unit", "due", "version", "note")
	seen := map[string]bool{}
	for _, l := range lines {
		seen[l["clock"]] = true
		if got := extended(t, b, l); got != l.date(t, "due") {
			t.Errorf("line %s: %s from %s + %s %s: due %s, want %s (%s)",
				l["line"], l["clock"], l["start"], l["n"], l["unit"], got, l["due"], l["note"])
		}
	}
	for _, r := range c.ClockList() {
		if r.Extend != nil && !seen[r.Clock] {
			t.Errorf("%s may be extended, but extensions.csv has no line for it", r.Clock)
		}
	}
	t.Logf("%d lines, %d clocks", len(lines), len(seen))
}

// extended reckons a clock of version l["version"] with the line's extension.
func extended(t *testing.T, b clock.Book, l line) domain.Date {
	t.Helper()
	at, _ := l.at(t)
	k, n := start(t, b, l["clock"], l.date(t, "start"), at), l.number(t, "n")
	if k == nil || k.Version != l.number(t, "version") {
		t.Fatalf("line %s: got clock %+v, want version %s", l["line"], k, l["version"])
	}
	x := b.Rules[k.Code].Extend
	if x == nil || x.Unit != l["unit"] || x.N > 0 && x.N != n {
		t.Fatalf("line %s: the rule's extension is %+v", l["line"], x)
	}
	k.Ext = []domain.Extension{{N: n, Unit: l["unit"]}}
	return again(t, b, *k).Due
}

func again(t *testing.T, b clock.Book, k domain.Clock) calendar.Reckoning {
	t.Helper()
	r, err := b.Explain(k, k.Start)
	if err != nil {
		t.Fatalf("%+v: %v", k, err)
	}
	return r
}

// TestPauses takes ten days out of every clock that some matter pauses.
func TestPauses(t *testing.T) {
	c, b := load(t)
	lines := read(t, "pauses.csv", "clock", "start", "extended", "from", "to", "excluded", "unrolled", "due", "version")
	seen := map[string]bool{}
	for _, l := range lines {
		seen[l["clock"]] = true
		checkPause(t, b, l)
	}
	for code, kind := range pausedClocks(c) {
		if !seen[code] {
			t.Errorf("%s pauses %s, but pauses.csv has no line for it", kind, code)
		}
	}
	t.Logf("%d lines, %d clocks", len(lines), len(seen))
}

func checkPause(t *testing.T, b clock.Book, l line) {
	t.Helper()
	at, _ := l.at(t)
	k := start(t, b, l["clock"], l.date(t, "start"), at)
	if k == nil || k.Version != l.number(t, "version") {
		t.Errorf("line %s: got clock %+v, want version %s", l["line"], k, l["version"])
		return
	}
	if n := l.number(t, "extended"); n > 0 {
		k.Ext = []domain.Extension{{N: n, Unit: k.Unit}}
	}
	before := again(t, b, *k)
	from, to := l.date(t, "from"), l.date(t, "to")
	if to.Sub(from) != 10 {
		t.Errorf("line %s: a pause of %d days", l["line"], to.Sub(from))
	}
	k.Pauses = []domain.Pause{{From: from, To: to}}
	got := again(t, b, *k)
	if got.Due != l.date(t, "due") || got.Unrolled != l.date(t, "unrolled") || got.Excluded != l.number(t, "excluded") {
		t.Errorf("line %s: %s from %s: %+v, want %s, %s, %s", l["line"], k.Code, k.Start, got, l["unrolled"], l["due"], l["excluded"])
	}
	if n := walk(b.Calendar, k.Unit, before.Unrolled, got.Unrolled); n != got.Excluded {
		t.Errorf("line %s: moved by %d, excluded %d", l["line"], n, got.Excluded)
	}
}

// walk counts the units of a pause from one day to another, day by day.
func walk(cal *calendar.Calendar, unit string, from, to domain.Date) int {
	n := 0
	for d := from; d < to; {
		if d = d.AddDays(1); unit != "workday" || cal.IsWorkday(d) {
			n++
		}
	}
	return n
}

// pausedClocks tells which kind pauses a clock.
func pausedClocks(c *catalogue.Catalogue) map[string]string {
	out := map[string]string{}
	for _, k := range c.Kinds {
		for _, a := range k.Actions {
			if a.Clocks == nil {
				continue
			}
			for code := range a.Clocks.Pause {
				out[code] = k.Name
			}
		}
	}
	return out
}
