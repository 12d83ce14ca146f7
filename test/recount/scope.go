package recount

import (
	"fmt"
	"strconv"
	"strings"
)

// scope is a folder seen over a period and an area.
type scope struct {
	*folder
	from, to, area string
}

// in reports whether something of a record belongs here: its day lies in the
// period, and on that day the record was in the area.
func (s *scope) in(r *record, day string) bool {
	return len(day) == len("2006-01-02") && s.from <= day && day <= s.to && s.holds(r, day)
}

// holds reports whether the record was in the area on a day.
func (s *scope) holds(r *record, day string) bool { return strings.HasPrefix(r.place(day), s.area) }

// live are the records of a kind that were not entered by mistake or twice.
func (s *scope) live(kind string) []*record {
	var out []*record
	for _, r := range s.kinds[kind] {
		if !r.voided {
			out = append(out, r)
		}
	}
	return out
}

// sum adds what each record brings on a day of its own.
func (s *scope) sum(kind string, of func(*record) (day string, n int64)) int64 {
	total := int64(0)
	for _, r := range s.live(kind) {
		if day, n := of(r); n != 0 && s.in(r, day) {
			total += n
		}
	}
	return total
}

// marked counts the records of a kind by the day a step was first taken.
func (s *scope) marked(kind, event string, when func(*record) bool) int64 {
	return s.sum(kind, func(r *record) (string, int64) {
		if !when(r) {
			return "", 0
		}
		return r.first(event), 1
	})
}

// dated counts the records of a kind by a date they carry.
func (s *scope) dated(kind, field string, when func(*record) bool) int64 {
	return s.sum(kind, func(r *record) (string, int64) {
		if !when(r) {
			return "", 0
		}
		return r.f[field], 1
	})
}

// kept holds the limits that fell due against those that were kept. A limit
// that was called off belongs to neither; one still open was not kept.
func (s *scope) kept(kind string, codes ...string) Value {
	n, d := int64(0), int64(0)
	for _, r := range s.live(kind) {
		for _, l := range r.limits {
			if !has(codes, l.code) || l.outcome == "cancelled" || !s.in(r, l.due) {
				continue
			}
			d++
			if l.inTime() {
				n++
			}
		}
	}
	return percent(n, d)
}

// standing counts the records of a kind that were in one of the states when
// the period ended.
func (s *scope) standing(kind string, since func(*record) string, states ...string) int64 {
	n := int64(0)
	for _, r := range s.live(kind) {
		if r.stood(s.to, since(r), states) && s.holds(r, s.to) {
			n++
		}
	}
	return n
}

// over looks at the same folder and area over another period.
func (s *scope) over(from, to string) *scope {
	return &scope{folder: s.folder, from: from, to: to, area: s.area}
}

// lastYear is the same period a year before; 29 February becomes the 28th.
func (s *scope) lastYear() *scope { return s.over(yearBefore(s.from), yearBefore(s.to)) }

// wholeLastYear is the calendar year before the one the period begins in.
func (s *scope) wholeLastYear() *scope {
	y := year(s.from) - 1
	return s.over(fmt.Sprintf("%04d-01-01", y), fmt.Sprintf("%04d-12-31", y))
}

func yearBefore(day string) string {
	rest := day[4:]
	if rest == "-02-29" {
		rest = "-02-28"
	}
	return fmt.Sprintf("%04d%s", year(day)-1, rest)
}

func year(day string) int {
	y, _ := strconv.Atoi(day[:4])
	return y
}

// trimArea makes a province or city code the prefix of all below it.
func trimArea(code string) string {
	if len(code) == 6 {
		code = strings.TrimSuffix(strings.TrimSuffix(code, "00"), "00")
	}
	return code
}

func always(*record) bool { return true }

func has[T comparable](list []T, x T) bool {
	for _, y := range list {
		if x == y {
			return true
		}
	}
	return false
}
