// Package format writes numbers, money and dates the way the pages show them.
package format

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/engine/clock"
)

// Int writes a whole number with thousands separators: 12,345.
func Int(n int64) string {
	s := strconv.FormatInt(n, 10)
	sign := ""
	if n < 0 {
		sign, s = "-", s[1:]
	}
	return sign + group(s)
}

func group(s string) string {
	var b strings.Builder
	for i, c := range s {
		if i > 0 && (len(s)-i)%3 == 0 {
			b.WriteByte(',')
		}
		b.WriteRune(c)
	}
	return b.String()
}

// Float writes a number with a fixed count of decimals: 1,234.50.
func Float(v float64, digits int) string {
	s := strconv.FormatFloat(v, 'f', digits, 64)
	sign := ""
	if strings.HasPrefix(s, "-") {
		sign, s = "-", s[1:]
	}
	whole, rest, found := strings.Cut(s, ".")
	if found {
		rest = "." + rest
	}
	return sign + group(whole) + rest
}

// Value writes a figure: whole numbers bare, others with the decimals asked
// for, or two when none are.
func Value(v float64, digits int) string {
	if digits > 0 {
		return Float(v, digits)
	}
	if v == math.Trunc(v) {
		return Float(v, 0)
	}
	return Float(v, 2)
}

// Money writes fen as yuan with two decimals.
func Money(fen int64) string {
	sign := ""
	if fen < 0 {
		sign, fen = "-", -fen
	}
	return fmt.Sprintf("%s%s.%02d", sign, group(strconv.FormatInt(fen/100, 10)), fen%100)
}

var weekdays = map[string][7]string{
	"zh": {"周日", "周一", "周二", "周三", "周四", "周五", "周六"},
	"en": {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"},
}

// Weekday names the day of the week of a date.
func Weekday(d domain.Date, lang string) string { return weekdays[lang][d.Weekday()] }

// Day writes a date for prose: 2023年11月18日, 18 November 2023.
func Day(d domain.Date, lang string) string {
	if !d.Valid() {
		return "—"
	}
	if lang == "en" {
		return fmt.Sprintf("%d %s %d", d.Day(), time.Month(d.Month()), d.Year())
	}
	return fmt.Sprintf("%d年%d月%d日", d.Year(), d.Month(), d.Day())
}

// ShortDay writes month, day and weekday, with the year where it is another
// than today's: 7月12日(周五), Fri 12 Jul.
func ShortDay(d, today domain.Date, lang string) string {
	year := d.Year() != today.Year()
	if lang == "en" {
		s := fmt.Sprintf("%s %d %s", Weekday(d, lang), d.Day(), time.Month(d.Month()).String()[:3])
		if year {
			s += " " + strconv.Itoa(d.Year())
		}
		return s
	}
	s := fmt.Sprintf("%d月%d日(%s)", d.Month(), d.Day(), Weekday(d, lang))
	if year {
		s = strconv.Itoa(d.Year()) + "年" + s
	}
	return s
}

// Moment writes an instant as local date and time.
func Moment(t time.Time) string { return t.In(clock.Zone).Format("2006-01-02 15:04") }

// Plain writes a value for machines: no separators.
func Plain(v float64, digits int) string { return strings.ReplaceAll(Value(v, digits), ",", "") }
