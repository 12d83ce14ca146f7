// Package calendar counts working days and reckons statutory deadlines.
//
// It knows the working-day calendar of mainland China as the yearly notices of
// the State Council General Office set it: days off that fall on weekdays, and
// make-up working days (调休) that fall on weekends. Outside the years it was
// given, Monday to Friday are working days.
//
// Deadlines follow the counting rules common to Chinese procedural law (Civil
// Code, articles 200 to 204, and the orders modelled on it): the day of the
// event is not counted, and a period whose last day is a day off ends on the
// next working day.
package calendar

import "time"

// Kind says what a day is.
type Kind string

const (
	Workday Kind = "workday" // ordinary Monday to Friday
	Weekend Kind = "weekend" // ordinary Saturday or Sunday
	Holiday Kind = "holiday" // day off by notice, weekend days of the block included
	Makeup  Kind = "makeup"  // weekend day worked by notice
)

// Day is a date with what it is and, for Holiday and Makeup, the feast's name.
type Day struct {
	Date Date
	Kind Kind
	Name string
}

// Why returns the kind, followed by ":" and the name where there is one:
// "weekend", "holiday:国庆节".
func (d Day) Why() string {
	if d.Name == "" {
		return string(d.Kind)
	}
	return string(d.Kind) + ":" + d.Name
}

// set is an immutable set of days off and make-up working days over all years.
//
// rank numbers the working days: exactly, by table, between the first and the
// last exception, and by formula outside. Every count is then one subtraction.
type set struct {
	years map[int]Year
	named map[int]Day // exceptions by day number

	lo    int     // day number of the first exception
	ranks []int32 // rank of day lo+i
	days  []int32 // day number of rank first+i
	first int     // rank of days[0]
	shift int     // what exceptions add to the formula after the table
}

// build computes the tables from the exceptions.
func (c *set) build() {
	if len(c.named) == 0 {
		return
	}
	lo, hi := maxDay, minDay
	for day := range c.named {
		lo, hi = min(lo, day), max(hi, day)
	}
	c.lo, c.first = lo, plainRank(lo-1)+1
	rank := c.first - 1
	c.ranks = make([]int32, 0, hi-lo+1)
	for day := lo; day <= hi; day++ {
		if c.works(day) {
			rank++
			c.days = append(c.days, int32(day))
		}
		c.ranks = append(c.ranks, int32(rank))
	}
	c.shift = rank - plainRank(hi)
}

func (c *set) works(day int) bool {
	if d, ok := c.named[day]; ok {
		return d.Kind == Makeup
	}
	return plainWorkday(day)
}

// rank counts the working days up to and including day, from a fixed origin.
func (c *set) rank(day int) int {
	switch i := day - c.lo; {
	case i < 0:
		return plainRank(day)
	case i >= len(c.ranks):
		return plainRank(day) + c.shift
	default:
		return int(c.ranks[i])
	}
}

// nth returns the day number of the working day with the given rank.
func (c *set) nth(rank int) int {
	switch i := rank - c.first; {
	case i < 0:
		return plainNth(rank)
	case i >= len(c.days):
		return plainNth(rank - c.shift)
	default:
		return int(c.days[i])
	}
}

// IsWorkday reports whether d is worked. A Date that is none is not.
func (c *set) IsWorkday(d Date) bool {
	day := d.day()
	return day != noDay && c.works(day)
}

// Day tells what d is; its Kind is "" if d is not a date.
func (c *set) Day(d Date) Day {
	day := d.day()
	if day == noDay {
		return Day{Date: d}
	}
	return c.dayAt(day)
}

func (c *set) dayAt(day int) Day {
	if d, ok := c.named[day]; ok {
		return d
	}
	if plainWorkday(day) {
		return Day{Date: fromDay(day), Kind: Workday}
	}
	return Day{Date: fromDay(day), Kind: Weekend}
}

// Why tells what d is as one neutral code, see [Day.Why]; "" if d is no date.
func (c *set) Why(d Date) string { return c.Day(d).Why() }

// Final reports whether the year's days off are those of its published notice.
func (c *set) Final(year int) bool { return c.years[year].Final }

// Source names where the year's days come from, or "".
func (c *set) Source(year int) string { return c.years[year].Source }

// Next returns d if it is a working day, else the next one.
func (c *set) Next(d Date) Date {
	day := d.day()
	if day == noDay || c.works(day) {
		return d
	}
	return fromDay(c.nth(c.rank(day) + 1))
}

// Prev returns d if it is a working day, else the one before.
func (c *set) Prev(d Date) Date {
	day := d.day()
	if day == noDay || c.works(day) {
		return d
	}
	return fromDay(c.nth(c.rank(day)))
}

// AddWorkdays returns the n-th working day after d, or before d if n is
// negative. The start day is not counted; n = 0 returns d.
func (c *set) AddWorkdays(d Date, n int) Date {
	day := d.day()
	switch {
	case day == noDay:
		return ""
	case n > 0:
		return fromDay(c.nth(c.rank(day) + n))
	case n < 0:
		return fromDay(c.nth(c.rank(day-1) + 1 + n))
	}
	return d
}

// Workdays counts the working days after from, up to and including to. It is
// negative if to is before from, and 0 if either is not a date.
func (c *set) Workdays(from, to Date) int {
	a, b := from.day(), to.day()
	if a == noDay || b == noDay {
		return 0
	}
	return c.rank(b) - c.rank(a)
}

// ReckonHours returns the end of a period of n hours. Hours run from the
// instant itself, through nights and days off.
func ReckonHours(start time.Time, n int) time.Time {
	return start.Add(time.Duration(n) * time.Hour)
}

const monday = 4 // day number of Monday 1970-01-05

func plainWorkday(day int) bool {
	w := weekday(day)
	return w != time.Saturday && w != time.Sunday
}

func plainRank(day int) int {
	week := floorDiv(day-monday, 7)
	return 5*week + min(day-monday-7*week+1, 5)
}

func plainNth(rank int) int {
	week := floorDiv(rank-1, 5)
	return monday + 7*week + rank - 1 - 5*week
}
