package demo

import (
	"math/rand/v2"
	"slices"

	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/kit/calendar"
)

// months are weights of January to December.
type months [12]int

// How the year runs on the islands: visitors in summer, registration after the
// Spring Festival, the fleet at sea from August.
var (
	evenly   = months{10, 10, 10, 10, 10, 10, 10, 10, 10, 10, 10, 10}
	founding = months{6, 9, 13, 12, 11, 11, 10, 9, 9, 8, 8, 7}
	tourism  = months{7, 6, 8, 9, 11, 12, 17, 18, 10, 10, 7, 6}
	eating   = months{4, 6, 11, 13, 14, 13, 10, 8, 8, 8, 7, 6}
	checking = months{4, 7, 10, 11, 12, 11, 9, 9, 11, 9, 10, 8}
)

// year draws dates.
type year struct{ cal *calendar.Calendar }

// days lists the days of a period, or only those on which offices work.
func (y year) days(from, to domain.Date, office bool) []domain.Date {
	var out []domain.Date
	if !from.Valid() || !to.Valid() {
		return nil
	}
	for d := from; d <= to; d = d.AddDays(1) {
		if !office || y.cal.IsWorkday(d) {
			out = append(out, d)
		}
	}
	return out
}

// dates draws n dates in a period by season, in order.
func (y year) dates(r *rand.Rand, n int, from, to domain.Date, m months, office bool) []domain.Date {
	days := y.days(from, to, office)
	if len(days) == 0 {
		days = []domain.Date{to}
	}
	w := make([]int, len(days))
	for i, d := range days {
		w[i] = m[d.Month()-1] * 10
		if !office && !y.cal.IsWorkday(d) {
			w[i] = w[i] * 13 / 10 // days off bring customers
		}
	}
	p := newPicker(days, w)
	out := make([]domain.Date, n)
	for i := range out {
		out[i] = p.draw(r)
	}
	slices.Sort(out)
	return out
}

// office is the day itself or the next one on which offices work.
func (y year) office(d domain.Date) domain.Date {
	if y.cal.IsWorkday(d) {
		return d
	}
	return y.cal.Next(d)
}

// after is n working days later.
func (y year) after(d domain.Date, n int) domain.Date {
	if n == 0 {
		return y.office(d)
	}
	return y.cal.AddWorkdays(d, n)
}
