package gbt9704

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/dinghai/dinghai/kit/calendar"
)

// A Number is the number of a document (发文字号): whose, of which year, which.
type Number struct {
	Organ  string // 机关代字, as in 舟市监
	Year   int
	Serial int
}

// String writes the number as the standard wants it (7.2.5): the year in full
// in six-cornered brackets, no 第, no leading zeros.
func (n Number) String() string { return fmt.Sprintf("%s〔%d〕%d号", n.Organ, n.Year, n.Serial) }

func (n Number) check() error {
	switch {
	case n.Organ == "" || strings.ContainsAny(n.Organ, "〔〕[]［］\n"):
		return &FieldError{"Number", fmt.Sprintf("%q is no organ's short name", n.Organ)}
	case n.Year < 1949 || n.Year > 9999:
		return &FieldError{"Number", fmt.Sprintf("year %d", n.Year)}
	case n.Serial < 1:
		return &FieldError{"Number", fmt.Sprintf("serial %d", n.Serial)}
	}
	return nil
}

// ParseNumber reads a number and tells what about it is against the standard.
func ParseNumber(s string) (Number, error) {
	organ, rest, ok := strings.Cut(s, "〔")
	if !ok {
		return Number{}, &FieldError{"Number", "six-cornered brackets 〔〕 are wanted around the year"}
	}
	year, rest, ok := strings.Cut(rest, "〕")
	if !ok {
		return Number{}, &FieldError{"Number", "the bracket 〕 after the year is missing"}
	}
	if len(year) != 4 || !digits(year) {
		return Number{}, &FieldError{"Number", fmt.Sprintf("year %q is not written in full", year)}
	}
	serial, ok := strings.CutSuffix(rest, "号")
	switch {
	case !ok:
		return Number{}, &FieldError{"Number", "号 is missing at the end"}
	case strings.HasPrefix(serial, "第"):
		return Number{}, &FieldError{"Number", "第 does not belong before the serial"}
	case serial == "" || len(serial) > 9 || !digits(serial):
		return Number{}, &FieldError{"Number", fmt.Sprintf("serial %q is not a number", serial)}
	case serial[0] == '0':
		return Number{}, &FieldError{"Number", fmt.Sprintf("serial %q begins with 0", serial)}
	}
	// Both were checked to be short strings of digits.
	y, _ := strconv.Atoi(year)
	n, _ := strconv.Atoi(serial)
	out := Number{organ, y, n}
	return out, out.check()
}

func digits(s string) bool {
	for _, c := range s {
		if c < '0' || c > '9' {
			return false
		}
	}
	return true
}

// Day writes a date in Arabic digits, the year in full and month and day
// without leading zeros (7.3.5.4).
func Day(d calendar.Date) string {
	if !d.Valid() {
		return ""
	}
	return fmt.Sprintf("%d年%d月%d日", d.Year(), d.Month(), d.Day())
}

// mark numbers a heading of a level.
func mark(level, n int) string {
	switch level {
	case 1:
		return numeral(n) + "、"
	case 2:
		return "（" + numeral(n) + "）"
	case 3:
		return strconv.Itoa(n) + "."
	default:
		return "（" + strconv.Itoa(n) + "）"
	}
}

// numeral writes a number below 100 in Chinese; larger ones, which no document
// has, in Arabic.
func numeral(n int) string {
	d := []string{"", "一", "二", "三", "四", "五", "六", "七", "八", "九"}
	switch {
	case n < 1 || n > 99:
		return strconv.Itoa(n)
	case n < 10:
		return d[n]
	case n < 20:
		return "十" + d[n-10]
	}
	return d[n/10] + "十" + d[n%10]
}
