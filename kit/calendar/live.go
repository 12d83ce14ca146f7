package calendar

import (
	"maps"
	"slices"
	"sync/atomic"
)

// Calendar knows the days off and make-up working days of all years. The zero
// Calendar has neither. Methods may be called concurrently, also while another
// calendar is taken over.
type Calendar struct{ at atomic.Pointer[set] }

// Year is the notice of one year: its days off and make-up working days, some
// of which may lie in the neighbouring years.
type Year struct {
	Year   int
	Final  bool // as the published notice has it
	Source string
	Days   []Day
}

// New makes a calendar of notices. A later one replaces an earlier one of the
// same year.
func New(years ...Year) (*Calendar, error) {
	last := map[int]Year{}
	for _, y := range years {
		last[y.Year] = y
	}
	s := &set{years: make(map[int]Year, len(last)), named: map[int]Day{}}
	for _, y := range slices.Sorted(maps.Keys(last)) {
		if err := s.addYear(last[y]); err != nil {
			return nil, err
		}
	}
	s.build()
	c := &Calendar{}
	c.at.Store(s)
	return c, nil
}

var none = &set{}

func (c *Calendar) now() *set {
	if s := c.at.Load(); s != nil {
		return s
	}
	return none
}

// Take makes c say what other says: whoever holds c counts by it from then on.
func (c *Calendar) Take(other *Calendar) { c.at.Store(other.now()) }

// Years gives the notices, in order.
func (c *Calendar) Years() []Year {
	s := c.now()
	var out []Year
	for _, y := range slices.Sorted(maps.Keys(s.years)) {
		out = append(out, s.years[y])
	}
	return out
}

// With gives a calendar in which some notices replace or join those of c.
func (c *Calendar) With(years ...Year) (*Calendar, error) {
	return New(append(c.Years(), years...)...)
}

// IsWorkday reports whether d is worked. A Date that is none is not.
func (c *Calendar) IsWorkday(d Date) bool { return c.now().IsWorkday(d) }

// Day tells what d is; its Kind is "" if d is not a date.
func (c *Calendar) Day(d Date) Day { return c.now().Day(d) }

// Why tells what d is as one neutral code, see [Day.Why]; "" if d is no date.
func (c *Calendar) Why(d Date) string { return c.now().Why(d) }

// Final reports whether the year's days off are those of its published notice.
func (c *Calendar) Final(year int) bool { return c.now().Final(year) }

// Source names where the year's days come from, or "".
func (c *Calendar) Source(year int) string { return c.now().Source(year) }

// Next returns d if it is a working day, else the next one.
func (c *Calendar) Next(d Date) Date { return c.now().Next(d) }

// Prev returns d if it is a working day, else the one before.
func (c *Calendar) Prev(d Date) Date { return c.now().Prev(d) }

// AddWorkdays returns the n-th working day after d, or before d if n is
// negative. The start day is not counted; n = 0 returns d.
func (c *Calendar) AddWorkdays(d Date, n int) Date { return c.now().AddWorkdays(d, n) }

// Workdays counts the working days after from, up to and including to. It is
// negative if to is before from, and 0 if either is not a date.
func (c *Calendar) Workdays(from, to Date) int { return c.now().Workdays(from, to) }

// Reckon finds the last day of a period that begins with an event on start.
//
// The start day is not counted. A period of working days ends on the n-th one;
// pauses take out the working days within them. A period of days, months or
// years is first counted by the calendar (the end of a short month stands in
// for a missing day), then lengthened by the natural days of the pauses.
// Rolling to a working day comes last, and once.
//
// Extensions in the unit of the rule lengthen the rule; a year is twelve
// months. Those in another unit are counted on from the unrolled end, in the
// order given. A pause that begins after the end has no effect.
//
// Windows neither roll nor heed pauses, since their date is fixed; nor do
// pauses move a date counted backward. asOf matters only to open pauses.
//
// Unrolled moves by exactly Excluded. Due never becomes earlier when the
// period, a pause or the start grows; where months are clamped, the last holds
// for pauses that begin after the start.
func (c *Calendar) Reckon(start Date, r Rule, pauses []Pause, ext []Extension, asOf Date) (Reckoning, error) {
	return c.now().Reckon(start, r, pauses, ext, asOf)
}
