package rules

import (
	"os"
	"testing"

	"github.com/goccy/go-yaml"

	"github.com/dinghai/dinghai/catalogue"
	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/engine/clock"
)

// TestEveryClockHasLines demands two lines, of the seed's year and of today,
// for each clock that a kind uses, and both sides of each change of a rule.
func TestEveryClockHasLines(t *testing.T) {
	c, _ := load(t)
	starts := startsByClock(t)
	used := usedClocks(c)
	for code, kind := range used {
		if s := starts[code]; !some(s, inSeedYear) || !some(s, sinceToday) {
			t.Errorf("%s uses %s, but rules.csv lacks a line of %d or of %s and later", kind, code, seedYear, today)
		}
	}
	changes := 0
	for code, s := range starts {
		r := c.Clocks[code]
		if r == nil {
			t.Errorf("rules.csv has lines for %s, which is no rule", code)
			continue
		}
		for _, d := range edges(r) {
			changes++
			if !s[d] {
				t.Errorf("%s changes, but rules.csv has no line from %s", code, d)
			}
		}
	}
	t.Logf("%d clocks used by kinds, %d clocks with lines, %d days at a change of a rule", len(used), len(starts), changes)
}

func startsByClock(t *testing.T) map[string]map[domain.Date]bool {
	out := map[string]map[domain.Date]bool{}
	for _, l := range read(t, "rules.csv", "clock", "start", "due", "version", "note") {
		s := out[l["clock"]]
		if s == nil {
			s = map[domain.Date]bool{}
			out[l["clock"]] = s
		}
		s[domain.Date(l["start"][:10])] = true
	}
	return out
}

func usedClocks(c *catalogue.Catalogue) map[string]string {
	out := map[string]string{}
	for _, k := range c.Kinds {
		for _, u := range k.Clocks {
			out[u.Clock] = k.Name
		}
	}
	return out
}

func some(s map[domain.Date]bool, is func(domain.Date) bool) bool {
	for d := range s {
		if is(d) {
			return true
		}
	}
	return false
}

func inSeedYear(d domain.Date) bool { return d.Year() == seedYear }
func sinceToday(d domain.Date) bool { return d >= today }

// edges are the last day before and the first day of each change. Of rules
// older than the calendar only the day without a rule can be told.
func edges(r *catalogue.ClockRule) []domain.Date {
	var out []domain.Date
	for i, v := range r.Rules {
		if v.From != "" {
			out = append(out, v.From.AddDays(-1))
			if v.From >= "2022-01-01" {
				out = append(out, v.From)
			}
		}
		if last := i == len(r.Rules)-1; last && v.To != "" {
			out = append(out, v.To, v.To.AddDays(1))
		}
	}
	return out
}

// TestVectors reckons the calendar's worked examples by every real rule of
// their shape, whatever the day it came into force.
func TestVectors(t *testing.T) {
	_, b := load(t)
	vectors := readVectors(t)
	matched, runs := 0, 0
	for _, v := range vectors {
		n := 0
		eachVersion(b, func(code string, r *catalogue.RuleVersion) {
			if r.N != v.N || r.Unit != v.unit() || r.Back || r.NoRoll {
				return
			}
			n++
			got := again(t, b, domain.Clock{Code: code, Version: r.Version, Start: v.Start})
			if got.Due != v.Expect {
				t.Errorf("%s from %s: due %s, want %s", code, v.Start, got.Due, v.Expect)
			}
		})
		if runs += n; n > 0 {
			matched++
		}
	}
	if len(vectors) != 23 || matched == 0 {
		t.Errorf("%d vectors, %d with a rule of their shape", len(vectors), matched)
	}
	t.Logf("%d vectors, %d with a rule of their shape, reckoned by %d rule versions", len(vectors), matched, runs)
}

// vector is a worked example of the calendar.
type vector struct {
	Start  domain.Date
	N      int
	Unit   string
	Expect domain.Date
}

func (v vector) unit() string {
	if v.Unit == "working" {
		return "workday"
	}
	return "day"
}

func readVectors(t *testing.T) []vector {
	t.Helper()
	raw, err := os.ReadFile("../../kit/calendar/testdata/holidays.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var f struct {
		Vectors []vector `yaml:"test_vectors"`
	}
	if err := yaml.Unmarshal(raw, &f); err != nil {
		t.Fatal(err)
	}
	return f.Vectors
}

func eachVersion(b clock.Book, do func(code string, v *catalogue.RuleVersion)) {
	for code, r := range b.Rules {
		for _, v := range r.Rules {
			do(code, v)
		}
	}
}
