package report

import (
	"math"
	"slices"
	"strconv"
	"strings"
)

// formats are what a mark may ask for: the unit a number is written in and the
// word that follows. Chinese counts in ten thousands, English in thousands.
var formats = map[string]struct {
	scale  float64
	suffix string
}{
	"int":      {1, ""},
	"plain":    {1, ""},
	"percent":  {1, "%"},
	"wan":      {1e4, "万"},
	"yi":       {1e8, "亿"},
	"thousand": {1e3, " thousand"},
	"million":  {1e6, " million"},
	"billion":  {1e9, " billion"},
}

// format writes a value as a mark asks; digits < 0 leaves as many decimals as
// the value has.
func format(v float64, name string, digits int) string {
	f := formats[name]
	if digits < 0 && name == "int" {
		digits = 0
	}
	return decimal(v/f.scale, digits) + f.suffix
}

// decimal writes v with separators of thousands, halves rounded away from
// zero.
func decimal(v float64, digits int) string {
	s := strconv.FormatFloat(tidy(v), 'f', -1, 64)
	if digits >= 0 {
		step := math.Pow10(-digits)
		s = strconv.FormatFloat(float64(rounded(v, step))*step, 'f', digits, 64)
	}
	return separated(s)
}

func separated(s string) string {
	whole, fraction, _ := strings.Cut(s, ".")
	sign := ""
	if strings.HasPrefix(whole, "-") {
		sign, whole = "-", whole[1:]
	}
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	if fraction != "" {
		fraction = "." + fraction
	}
	return sign + whole + fraction
}

// decimals is the number of decimals a step leaves: two for 0.01.
func decimals(step float64) int {
	if step <= 0 || step >= 1 {
		return 0
	}
	return int(math.Round(-math.Log10(step)))
}

// digits writes a rate at the precision of a step.
func digits(v, step float64) string { return decimal(v, decimals(step)) }

func percent(unit string) bool { return unit == "%" || unit == "percent" }

// precision is the number of decimals a figure is shown with: as stated, else
// as its definition says, else all it has.
func (f *Figure) precision() int {
	switch {
	case f.Step > 0 && f.Step < 1:
		return decimals(f.Step)
	case f.Digits > 0:
		return f.Digits
	case percent(f.Unit) || slices.Contains([]string{"eq", "ge", "gt"}, f.Cmp):
		return 0
	}
	return -1
}

// printed is the figure as a text shows it when no format is asked for.
func printed(f *Figure) string {
	switch {
	case !f.Value.Known:
		return ""
	case f.Value.Word != "":
		return f.Value.Word
	case percent(f.Unit) || f.Cmp == "all":
		return format(f.Value.Number, "percent", f.precision())
	}
	return format(f.Value.Number, "plain", f.precision())
}
