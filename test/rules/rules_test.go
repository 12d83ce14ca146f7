// Package rules holds the statutory limits against dates that were reckoned
// apart from this program, from the limits as the law states them and the
// published days off. A rule edited by mistake turns a line red.
//
//	testdata/rules.csv       clock, start, due, version, note
//	testdata/extensions.csv  the same with the extension the law allows
//	testdata/pauses.csv      the same with ten days that do not count
//
// "none" says that the rule was not in force: no clock starts.
package rules

import (
	"strconv"
	"testing"
	"time"

	"github.com/dinghai/dinghai/catalogue"
	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/engine/clock"
	"github.com/dinghai/dinghai/systems"
)

// seedYear is the year of the seed's figures; today is the day since which the
// present rules on complaints hold.
const (
	seedYear = 2023
	today    = domain.Date("2026-04-15")
)

func load(t *testing.T) (*catalogue.Catalogue, clock.Book) {
	t.Helper()
	c, err := catalogue.Load(systems.Files)
	if err != nil {
		t.Fatal(err)
	}
	return c, clock.Book{Rules: c.Clocks, Calendar: c.Calendar}
}

// TestRules compares every line of the table.
func TestRules(t *testing.T) {
	_, b := load(t)
	lines := read(t, "rules.csv", "clock", "start", "due", "version", "note")
	seen, none := map[string]bool{}, 0
	for _, l := range lines {
		seen[l["clock"]] = true
		due, version := reckon(t, b, l)
		if due != l["due"] || version != l["version"] {
			t.Errorf("line %s: %s from %s: due %s by version %s, want %s by %s (%s)",
				l["line"], l["clock"], l["start"], due, version, l["due"], l["version"], l["note"])
		}
		if due == "none" {
			none++
		}
	}
	t.Logf("%d lines, %d clocks, %d lines where no rule was in force", len(lines), len(seen), none)
}

// reckon starts the clock of a line; limits in hours have instants.
func reckon(t *testing.T, b clock.Book, l line) (due, version string) {
	t.Helper()
	at, hours := l.at(t)
	c := start(t, b, l["clock"], domain.Date(at.Format(time.DateOnly)), at)
	switch {
	case c == nil:
		return "none", "none"
	case !hours:
		return string(c.Due), strconv.Itoa(c.Version)
	case c.DueAt == nil:
		return string(c.Due) + " without an hour", strconv.Itoa(c.Version)
	}
	if end := c.DueAt.In(clock.Zone); end.Format(time.DateOnly) != string(c.Due) {
		t.Errorf("line %s: due on %s, but at %s", l["line"], c.Due, end)
	}
	return c.DueAt.In(clock.Zone).Format(minutes), strconv.Itoa(c.Version)
}

func start(t *testing.T, b clock.Book, code string, on domain.Date, at time.Time) *domain.Clock {
	t.Helper()
	c, err := b.Start(code, clock.Dates{Start: on, Case: on, Act: on}, at)
	if err != nil {
		t.Fatalf("%s from %s: %v", code, on, err)
	}
	return c
}
