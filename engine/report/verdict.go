package report

import (
	"math"
	"strconv"
)

// against holds what is written against the records, at the precision in which
// it is written: 15.82万 stands for 158,150 to 158,249.
func (m *mention) against(f *Figure) (verdict, right string) {
	v, ok := m.measureOf(f)
	if !ok {
		return Differs, ""
	}
	if m.class == "all" {
		if v >= 100 {
			return Agrees, ""
		}
		return Differs, decimal(v, 2) + "%"
	}
	if m.bears(v) {
		return Agrees, ""
	}
	return Differs, m.rewrite(v)
}

// measureOf is the figure's value as the draft would count it: percent for a
// share, times where the draft says 倍.
func (m *mention) measureOf(f *Figure) (float64, bool) {
	v := f.Value.Number
	switch {
	case f.Cmp == "all":
		if f.Denominator == nil || *f.Denominator == 0 || f.Numerator == nil {
			return 0, false
		}
		return share(*f.Numerator, *f.Denominator), true
	case m.class == "times":
		v /= 100
	}
	return v, f.Value.Numeric()
}

// bears: a plain number is a rounding; 余 and 超 leave room up to the next round
// number, or a tenth above, whichever is more.
func (m *mention) bears(v float64) bool {
	room := max(m.place, m.value/10)
	switch m.qualifier {
	case "ge":
		return v >= m.value-scaled(m.value) && v < m.value+room
	case "gt":
		return v > m.value && v < m.value+room
	case "lt":
		return v < m.value && v > m.value-room
	case "about":
		return math.Abs(v-m.value) <= room
	}
	return rounded(v, m.step) == rounded(m.value, m.step)
}

// rewrite gives the right number in the draft's own manner.
func (m *mention) rewrite(v float64) string {
	s := decimal(v/m.scale, decimals(m.step/m.scale))
	switch {
	case m.class == "percent":
		return s + "%"
	case m.words && m.scale == 1:
		return strconv.FormatFloat(tidy(v), 'f', -1, 64) + m.measure
	case m.class == "times" || m.class == "money" || m.class == "count" || m.class == "days":
		return s + m.suffix + m.measure
	}
	return s
}
