package calendar

import (
	"fmt"
	"time"
)

// Date is a local calendar date written "2006-01-02"; "" means no date.
//
// A Date has no time zone. Dates of four-digit years compare correctly with
// the operators < and >, which is why it is a string: it can be a map key, a
// database column and a JSON value without conversion. Arithmetic on "" or on
// a malformed Date gives "", so that an unknown date stays unknown.
type Date string

// A DateError tells why a text is not a Date.
type DateError struct {
	Text   string
	Reason string // "form", "digit", "month", "day", "range"
}

func (e *DateError) Error() string {
	return fmt.Sprintf("calendar: date %q: bad %s", e.Text, e.Reason)
}

// Day numbers count days since 1970-01-01. Years run from 1 to 9999.
const (
	minDay = -719162
	maxDay = 2932896
	noDay  = minDay - 1
)

// ParseDate reads a date in the one form "2006-01-02". It accepts nothing
// else: no surrounding space, no single-digit month, no day that does not exist.
func ParseDate(s string) (Date, error) {
	if _, reason := parse(s); reason != "" {
		return "", &DateError{Text: s, Reason: reason}
	}
	return Date(s), nil
}

// DateOf returns the date of t in t's own location.
func DateOf(t time.Time) Date {
	y, m, d := t.Date()
	return fromDay(dayNumber(y, int(m), d))
}

// Valid reports whether d is a real date ("" is not).
func (d Date) Valid() bool { return d.day() != noDay }

// AddDays returns the date n days after d, or before it if n is negative.
func (d Date) AddDays(n int) Date {
	day := d.day()
	if day == noDay {
		return ""
	}
	return fromDay(day + n)
}

// AddMonths returns the same day of the month n months later. Where that month
// is too short the result is its last day: a month after 31 January is 28 or 29
// February.
func (d Date) AddMonths(n int) Date {
	day := d.day()
	if day == noDay {
		return ""
	}
	y, m, dom := civil(day)
	months := y*12 + (m - 1) + n
	y, m = floorDiv(months, 12), months-12*floorDiv(months, 12)+1
	if y < 1 || y > 9999 {
		return ""
	}
	return fromDay(dayNumber(y, m, min(dom, daysIn(y, m))))
}

// AddYears is AddMonths(12*n): 29 February becomes 28 February where needed.
func (d Date) AddYears(n int) Date { return d.AddMonths(12 * n) }

// Sub returns the number of days from o to d, or 0 if either is not a date.
func (d Date) Sub(o Date) int {
	a, b := d.day(), o.day()
	if a == noDay || b == noDay {
		return 0
	}
	return a - b
}

// Weekday returns the day of the week; Sunday if d is not a date.
func (d Date) Weekday() time.Weekday {
	day := d.day()
	if day == noDay {
		return time.Sunday
	}
	return weekday(day)
}

// Year returns the year, or 0 if d is not a date.
func (d Date) Year() int { y, _, _ := d.split(); return y }

// Month returns the month from 1 to 12, or 0 if d is not a date.
func (d Date) Month() int { _, m, _ := d.split(); return m }

// Day returns the day of the month, or 0 if d is not a date.
func (d Date) Day() int { _, _, dom := d.split(); return dom }

// MonthKey returns "2006-01", the key by which months are grouped, or "".
func (d Date) MonthKey() string {
	if !d.Valid() {
		return ""
	}
	return string(d[:7])
}

// MonthStart returns the first day of d's month.
func (d Date) MonthStart() Date {
	y, m, _ := d.split()
	if y == 0 {
		return ""
	}
	return fromDay(dayNumber(y, m, 1))
}

// MonthEnd returns the last day of d's month.
func (d Date) MonthEnd() Date {
	y, m, _ := d.split()
	if y == 0 {
		return ""
	}
	return fromDay(dayNumber(y, m, daysIn(y, m)))
}

// Time returns midnight at the start of d in loc, or the zero time.
func (d Date) Time(loc *time.Location) time.Time {
	y, m, dom := d.split()
	if y == 0 {
		return time.Time{}
	}
	return time.Date(y, time.Month(m), dom, 0, 0, 0, 0, loc)
}

func (d Date) day() int {
	day, reason := parse(string(d))
	if reason != "" {
		return noDay
	}
	return day
}

func (d Date) split() (y, m, dom int) {
	day := d.day()
	if day == noDay {
		return 0, 0, 0
	}
	return civil(day)
}

func parse(s string) (day int, reason string) {
	if len(s) != 10 || s[4] != '-' || s[7] != '-' {
		return noDay, "form"
	}
	y1, ok1 := pair(s[0], s[1])
	y2, ok2 := pair(s[2], s[3])
	m, ok3 := pair(s[5], s[6])
	d, ok4 := pair(s[8], s[9])
	y := y1*100 + y2
	switch {
	case !(ok1 && ok2 && ok3 && ok4):
		return noDay, "digit"
	case y < 1:
		return noDay, "range"
	case m < 1 || m > 12:
		return noDay, "month"
	case d < 1 || d > daysIn(y, m):
		return noDay, "day"
	}
	return dayNumber(y, m, d), ""
}

func pair(a, b byte) (int, bool) {
	a, b = a-'0', b-'0'
	return int(a)*10 + int(b), a < 10 && b < 10
}

func fromDay(day int) Date {
	if day < minDay || day > maxDay {
		return ""
	}
	y, m, d := civil(day)
	b := [10]byte{
		byte('0' + y/1000), byte('0' + y/100%10), byte('0' + y/10%10), byte('0' + y%10), '-',
		byte('0' + m/10), byte('0' + m%10), '-',
		byte('0' + d/10), byte('0' + d%10),
	}
	return Date(b[:])
}

var monthDays = [13]int{0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31}

func daysIn(y, m int) int {
	if m == 2 && y%4 == 0 && (y%100 != 0 || y%400 == 0) {
		return 29
	}
	return monthDays[m]
}

// dayNumber and civil count years from March, so that the leap day is the last
// day of the year and the month lengths follow one linear formula.
func dayNumber(y, m, d int) int {
	if m <= 2 {
		y--
		m += 12
	}
	era := floorDiv(y, 400)
	yoe := y - era*400
	doy := (153*(m-3)+2)/5 + d - 1
	return era*146097 + yoe*365 + yoe/4 - yoe/100 + doy - 719468
}

func civil(day int) (y, m, d int) {
	z := day + 719468
	era := floorDiv(z, 146097)
	doe := z - era*146097
	yoe := (doe - doe/1460 + doe/36524 - doe/146096) / 365
	doy := doe - (365*yoe + yoe/4 - yoe/100)
	mp := (5*doy + 2) / 153
	y, m, d = yoe+era*400, mp+3, doy-(153*mp+2)/5+1
	if m > 12 {
		return y + 1, m - 12, d
	}
	return y, m, d
}

func weekday(day int) time.Weekday {
	return time.Weekday(day + 4 - 7*floorDiv(day+4, 7)) // 1970-01-01 was a Thursday
}

func floorDiv(a, b int) int {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}
