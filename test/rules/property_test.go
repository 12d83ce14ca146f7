package rules

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"github.com/dinghai/dinghai/catalogue"
	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/engine/clock"
	"github.com/dinghai/dinghai/kit/calendar"
)

// run is one drawn clock; every real rule version is reckoned with it.
type run struct {
	start, later domain.Date
	pauses, more []domain.Pause // more holds pauses too
	ext          int            // units of an extension, where the rule allows one
}

func drawRun(t *rapid.T) run {
	r := run{start: domain.Date("2022-01-01").AddDays(rapid.IntRange(0, 5*365).Draw(t, "start"))}
	r.later = r.start.AddDays(rapid.IntRange(0, 40).Draw(t, "later"))
	r.pauses = drawPauses(t, "pause", r.later)
	r.more = append(append([]domain.Pause{}, r.pauses...), drawPauses(t, "more", r.later)...)
	r.ext = rapid.IntRange(0, 40).Draw(t, "extension")
	return r
}

func drawPauses(t *rapid.T, name string, after domain.Date) []domain.Pause {
	var out []domain.Pause
	for i := range rapid.IntRange(0, 3).Draw(t, name) {
		from := after.AddDays(rapid.IntRange(1, 90).Draw(t, fmt.Sprint(name, "From", i)))
		out = append(out, domain.Pause{From: from, To: from.AddDays(rapid.IntRange(0, 40).Draw(t, fmt.Sprint(name, "Len", i)))})
	}
	return out
}

// subject is a rule version with a clock of it.
type subject struct {
	book  clock.Book
	rule  *catalogue.RuleVersion
	clock domain.Clock
}

func (s subject) reckon(t *rapid.T) calendar.Reckoning {
	k, err := s.book.Explain(s.clock, s.clock.Start)
	if err != nil {
		t.Fatalf("%+v: %v", s.clock, err)
	}
	return k
}

// with reckons after a change of the clock.
func (s subject) with(t *rapid.T, change func(*domain.Clock)) calendar.Reckoning {
	change(&s.clock)
	return s.reckon(t)
}

// longer is the same clock under a rule one unit longer.
func (s subject) longer() subject {
	v, r := *s.rule, *s.book.Rules[s.clock.Code]
	v.N++
	r.Rules = []*catalogue.RuleVersion{&v}
	s.book.Rules = map[string]*catalogue.ClockRule{s.clock.Code: &r}
	return s
}

// fixed tells rules that pauses do not move: counted back, or a day of the year.
func (s subject) fixed() bool { return s.rule.Back || s.rule.Unit == "window" }

// eachSubject calls do for every rule version reckoned in days.
func eachSubject(b clock.Book, r run, do func(subject)) {
	eachVersion(b, func(code string, v *catalogue.RuleVersion) {
		if v.Unit == "hour" {
			return
		}
		k := domain.Clock{Code: code, Version: v.Version, Start: r.start, Pauses: r.pauses}
		if x := b.Rules[code].Extend; x != nil && r.ext > 0 {
			k.Ext = []domain.Extension{{N: r.ext, Unit: x.Unit}}
		}
		do(subject{book: b, rule: v, clock: k})
	})
}

// Before rolling, the end moves by exactly the units taken out.
func TestPausesMoveEveryRuleExactly(t *testing.T) {
	_, b := load(t)
	versions := map[*catalogue.RuleVersion]bool{}
	rapid.Check(t, func(t *rapid.T) {
		eachSubject(b, drawRun(t), func(s subject) {
			versions[s.rule] = true
			// Where the extension has a unit of its own a pause counts in the
			// unit of the part it breaks; one measure does not do.
			if e := s.clock.Ext; len(e) > 0 && e[0].Unit != s.rule.Unit {
				s.clock.Ext = nil
			}
			base := s.with(t, func(k *domain.Clock) { k.Pauses = nil })
			got := s.reckon(t)
			if n := walk(b.Calendar, s.rule.Unit, base.Unrolled, got.Unrolled); n != got.Excluded || base.Excluded != 0 {
				t.Fatalf("%+v: moved by %d, excluded %d", s.clock, n, got.Excluded)
			}
			if s.fixed() && got.Due != base.Due {
				t.Fatalf("%+v: a pause moved a fixed day from %s to %s", s.clock, base.Due, got.Due)
			}
			checkRolled(t, s, got)
		})
	})
	t.Logf("%d rule versions", len(versions))
}

// checkRolled demands that the due day is worked where the rule rolls, that no
// worked day was jumped over, and that it is the day reached where it does not.
func checkRolled(t *rapid.T, s subject, got calendar.Reckoning) {
	if s.rule.NoRoll || s.rule.Unit == "window" {
		if got.Due != got.Unrolled {
			t.Fatalf("%+v: rolled from %s to %s", s.clock, got.Unrolled, got.Due)
		}
		return
	}
	step := 1
	if s.rule.Back {
		step = -1
	}
	d := got.Unrolled
	for !s.book.Calendar.IsWorkday(d) {
		d = d.AddDays(step)
	}
	if d != got.Due {
		t.Fatalf("%+v: rolled from %s to %s, want %s", s.clock, got.Unrolled, got.Due, d)
	}
}

// A later start, more pauses, a longer limit or extension never make the due
// day earlier. Counted back, a longer limit never makes it later.
func TestEveryRuleIsMonotone(t *testing.T) {
	_, b := load(t)
	rapid.Check(t, func(t *rapid.T) {
		r := drawRun(t)
		eachSubject(b, r, func(s subject) {
			base := s.reckon(t)
			notEarlier(t, s, "start", base, s.with(t, func(k *domain.Clock) { k.Start = r.later }))
			notEarlier(t, s, "pauses", base, s.with(t, func(k *domain.Clock) { k.Pauses = r.more }))
			if len(s.clock.Ext) > 0 {
				e := s.clock.Ext[0]
				e.N++
				notEarlier(t, s, "extension", base, s.with(t, func(k *domain.Clock) { k.Ext = []domain.Extension{e} }))
			}
			switch long := s.longer(); {
			case s.rule.Back:
				notEarlier(t, s, "shorter", long.reckon(t), base)
			default:
				notEarlier(t, s, "length", base, long.reckon(t))
			}
		})
	})
}

func notEarlier(t *rapid.T, s subject, grown string, base, got calendar.Reckoning) {
	if got.Due < base.Due || got.Unrolled < base.Unrolled {
		t.Fatalf("%+v: with more %s due %s (%s), before %s (%s)", s.clock, grown, got.Due, got.Unrolled, base.Due, base.Unrolled)
	}
}
