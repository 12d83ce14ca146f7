package table

import (
	"math"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/width"

	"github.com/dinghai/dinghai/kit/calendar"
)

// Cell is one cell and where it stands.
type Cell struct {
	Row     int
	Column  string
	Value   string // as the file has it
	mac1904 bool
}

func (c Cell) bad(reason string) error {
	return &RowError{Row: c.Row, Column: c.Column, Reason: reason, Value: c.Value}
}

// Empty reports whether the cell holds nothing but blanks.
func (c Cell) Empty() bool { return c.Text() == "" }

// Text returns the text without surrounding blanks.
func (c Cell) Text() string { return strings.TrimSpace(c.Value) }

// Code returns the text of a cell that holds an identifier. Spreadsheets keep
// 15 digits of a number; an identifier that became a longer number has lost its
// last digits for good, which is an error rather than a guess.
func (c Cell) Code() (string, error) {
	s := c.Text()
	mantissa, exp, ok := strings.Cut(s, "E+")
	if !ok || mantissa == "" || strings.Trim(mantissa, "0123456789.") != "" {
		return s, nil
	}
	if n, err := strconv.Atoi(exp); err != nil || n >= 15 {
		return "", c.bad("rounded")
	}
	f, err := strconv.ParseFloat(s, 64)
	if err != nil || f != math.Trunc(f) {
		return "", c.bad("rounded")
	}
	return strconv.FormatFloat(f, 'f', 0, 64), nil
}

// number strips what people write around figures: "￥1，234.50 元".
func (c Cell) number() string {
	s := width.Narrow.String(c.Text())
	s = strings.TrimSuffix(s, "元")
	return strings.TrimSpace(strings.NewReplacer(",", "", "¥", "", "￥", "", "￦", "").Replace(s))
}

// Float reads a number.
func (c Cell) Float() (float64, error) {
	f, err := strconv.ParseFloat(c.number(), 64)
	if err != nil || math.IsNaN(f) || math.IsInf(f, 0) {
		return 0, c.bad("number")
	}
	return f, nil
}

// Int reads a whole number; "12.0" is one.
func (c Cell) Int() (int64, error) { return c.Scaled(0) }

// Scaled reads a decimal number as a count of 10^-places, exactly: with two
// places "12.5" is 1250. Digits beyond are rounded away only where they are the
// noise of binary fractions that spreadsheets store (12.300000000000001).
func (c Cell) Scaled(places int) (int64, error) {
	f, err := c.Float()
	if err != nil {
		return 0, err
	}
	scaled := f * math.Pow10(places)
	n := math.Round(scaled)
	if math.Abs(n) > 1<<53 || math.Abs(scaled-n) > 1e-9*max(1, math.Abs(n)) {
		return 0, c.bad("number")
	}
	return int64(n), nil
}

// Date reads a date: 2023-11-24, 2023/11/24, 2023.11.24, 2023年11月24日 or
// 20231124, single digits allowed and a time of day ignored, or the serial
// number that spreadsheets keep. Forms that do not begin with a four-digit year
// are ambiguous and refused. An empty cell gives "" and no error.
func (c Cell) Date() (calendar.Date, error) {
	s := width.Narrow.String(c.Text())
	if s == "" {
		return "", nil
	}
	if d, ok := c.serial(s); ok {
		return d, nil
	}
	if d, ok := written(s); ok {
		return d, nil
	}
	return "", c.bad("date")
}

// serial reads a day count, of at most five digits before the point. The
// system of 1900 counts a 29 February 1900 that never was, so that counts begin
// on 30 December 1899 for every later day.
func (c Cell) serial(s string) (calendar.Date, bool) {
	whole, fraction, _ := strings.Cut(s, ".")
	n, err := strconv.Atoi(whole)
	if err != nil || len(whole) > 5 || n < 61 || strings.Trim(fraction, "0123456789") != "" {
		return "", false
	}
	epoch := calendar.Date("1899-12-30")
	if c.mac1904 {
		epoch = "1904-01-01"
	}
	return epoch.AddDays(n), true
}

func written(s string) (calendar.Date, bool) {
	if len(s) == 8 && strings.Trim(s, "0123456789") == "" {
		s = s[:4] + "-" + s[4:6] + "-" + s[6:]
	}
	if i := strings.IndexAny(s, " T"); i > 0 {
		s = s[:i]
	}
	s = strings.TrimSuffix(strings.NewReplacer("年", "-", "月", "-", "/", "-", ".", "-").Replace(s), "日")
	t, err := time.Parse("2006-1-2", s)
	if err != nil {
		return "", false
	}
	return calendar.DateOf(t), calendar.DateOf(t).Valid()
}
