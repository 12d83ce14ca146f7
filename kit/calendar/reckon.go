package calendar

import (
	"cmp"
	"fmt"
	"slices"
)

// Unit is what a period is counted in.
type Unit string

const (
	UnitWorkday Unit = "workday"
	UnitDay     Unit = "day"
	UnitMonth   Unit = "month"
	UnitYear    Unit = "year"
	UnitHour    Unit = "hour"   // reckoned on instants, see ReckonHours
	UnitWindow  Unit = "window" // a fixed day of the year
)

// Rule is the length of a period.
type Rule struct {
	N      int
	Unit   Unit
	Back   bool   // counted backward from the start; rolls to the previous working day
	NoRoll bool   // ends on the day reached, worked or not
	Window string // for UnitWindow, the month and day "06-30"
}

// Pause is time that does not count: From is the first such day, To the day on
// which counting resumes. To == "" means still paused, and is reckoned as if
// counting resumed on the day asked for.
type Pause struct{ From, To Date }

// Extension lengthens a period.
type Extension struct {
	N    int
	Unit Unit
}

// Reckoning is a deadline with its grounds.
type Reckoning struct {
	Start    Date
	Unrolled Date  // last day of the period before rolling
	Due      Date  // last day on which the act is in time
	Excluded int   // units taken out by pauses: working days or natural days
	Skipped  []Day // days off not counted, or rolled over, in order

	// Provisional says that the result rests on a year whose notice is not
	// out. Notices also settle the last week of the year before.
	Provisional bool
}

// A RuleError tells which argument of Reckon is wrong.
type RuleError struct {
	Field  string // "start", "n", "unit", "window", "pause", "extension", "due"
	Index  int    // which pause or extension
	Reason string
}

func (e *RuleError) Error() string {
	return fmt.Sprintf("calendar: %s[%d]: %s", e.Field, e.Index, e.Reason)
}

// Reckon is what Calendar.Reckon says.
func (c *set) Reckon(start Date, r Rule, pauses []Pause, ext []Extension, asOf Date) (Reckoning, error) {
	if err := check(start, r, ext); err != nil {
		return Reckoning{}, err
	}
	holes, err := merge(pauses, asOf)
	if err != nil {
		return Reckoning{}, err
	}
	k := newClock(c, start, r, holes)
	switch {
	case r.Unit == UnitWindow:
		k.window(ext)
	case r.Back:
		k.advance(-r.N, r.Unit)
	default:
		k.forward(ext)
	}
	if k.end < minDay || k.end > maxDay {
		return Reckoning{}, &RuleError{Field: "due", Reason: "out of range"}
	}
	return k.result(), nil
}

func check(start Date, r Rule, ext []Extension) error {
	switch {
	case !start.Valid():
		return &RuleError{Field: "start", Reason: "not a date"}
	case r.N < 0 || r.N > maxCount:
		return &RuleError{Field: "n", Reason: "out of range"}
	case r.Unit == UnitWindow && (r.Back || !Date("2000-"+r.Window).Valid()):
		return &RuleError{Field: "window", Reason: "not a forward month and day"}
	case r.Unit != UnitWindow && !r.Unit.counted():
		return &RuleError{Field: "unit", Reason: "not counted in dates: " + string(r.Unit)}
	case r.Back && len(ext) > 0:
		return &RuleError{Field: "extension", Reason: "backward rule"}
	}
	for i, e := range ext {
		if e.N < 0 || e.N > maxCount || !e.Unit.counted() {
			return &RuleError{Field: "extension", Index: i, Reason: "bad number or unit"}
		}
	}
	return nil
}

// maxCount keeps arithmetic far from overflow; no period is longer.
const maxCount = 1_000_000

func (u Unit) counted() bool {
	return u == UnitWorkday || u == UnitDay || u == UnitMonth || u == UnitYear
}

// hole is a pause as day numbers [from, to).
type hole struct{ from, to int }

// merge sorts pauses and joins those that overlap, lest a day be taken out twice.
func merge(pauses []Pause, asOf Date) ([]hole, error) {
	holes := make([]hole, 0, len(pauses))
	for i, p := range pauses {
		if p.To == "" {
			p.To = max(asOf, p.From)
		}
		h := hole{p.From.day(), p.To.day()}
		if h.from == noDay || h.to == noDay || h.to < h.from {
			return nil, &RuleError{Field: "pause", Index: i, Reason: "not an interval of dates"}
		}
		if h.from < h.to {
			holes = append(holes, h)
		}
	}
	slices.SortFunc(holes, func(a, b hole) int { return cmp.Compare(a.from, b.from) })
	out := holes[:0]
	for _, h := range holes {
		if n := len(out); n > 0 && h.from <= out[n-1].to {
			out[n-1].to = max(out[n-1].to, h.to)
			continue
		}
		out = append(out, h)
	}
	return out, nil
}
