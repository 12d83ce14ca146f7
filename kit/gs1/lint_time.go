package gs1

// clock is a two-digit part of a time of day.
type clock struct {
	name    string // for reasons: ILLEGAL_HOUR, HOUR_TOO_SHORT …
	illegal Reason
	limit   int
}

var (
	hours   = clock{"HOUR", "ILLEGAL_HOUR", 24}
	minutes = clock{"MINUTE", "ILLEGAL_MINUTE", 60}
	seconds = clock{"SECOND", "ILLEGAL_SECOND", 60}
)

// lint checks s, which must be two digits below the limit.
func (c *clock) lint(s string) fault {
	if f := lintLen(s, 2, c.name); f.reason != "" {
		return f
	}
	if two(s) >= c.limit {
		return whole(s, c.illegal)
	}
	return clean
}

// lintLen wants exactly n digits.
func lintLen(s string, n int, name string) fault {
	switch {
	case len(s) < n:
		return whole(s, Reason(name+"_TOO_SHORT"))
	case len(s) > n:
		return whole(s, Reason(name+"_TOO_LONG"))
	}
	return lintCsetnumeric(s, nil)
}

// two reads two digits.
func two(s string) int { return int(s[0]-'0')*10 + int(s[1]-'0') }

func lintHh(s string, _ GCPLookup) fault { return hours.lint(s) }
func lintMi(s string, _ GCPLookup) fault { return minutes.lint(s) }
func lintSs(s string, _ GCPLookup) fault { return seconds.lint(s) }

func lintHhmi(s string, _ GCPLookup) fault {
	if f := lintLen(s, 4, "HOUR_WITH_MINUTE"); f.reason != "" {
		return f
	}
	if f := hours.lint(s[:2]); f.reason != "" {
		return f
	}
	f := minutes.lint(s[2:])
	if f.reason != "" {
		f.pos += 2
	}
	return f
}

// lintDate checks a date of n digits, whose last four are month and day. Two
// digits of a year suffice for leap years: those within 50 years of today are
// 1951 to 2049, where every fourth is one.
func lintDate(s string, n int, zeroDay bool) fault {
	if f := lintLen(s, n, "DATE"); f.reason != "" {
		return f
	}
	year, month, day := two(s[n-6:]), two(s[n-4:]), two(s[n-2:])
	if month < 1 || month > 12 {
		return fault{"ILLEGAL_MONTH", n - 4, 2}
	}
	if n == 8 {
		year += two(s) * 100
	} else {
		year += 2000
	}
	if day == 0 && zeroDay {
		return clean
	}
	if day < 1 || day > monthDays(year, month) {
		return fault{"ILLEGAL_DAY", n - 2, 2}
	}
	return clean
}

func monthDays(year, month int) int {
	switch month {
	case 2:
		if year%4 == 0 && (year%100 != 0 || year%400 == 0) {
			return 29
		}
		return 28
	case 4, 6, 9, 11:
		return 30
	}
	return 31
}

func lintYymmdd(s string, _ GCPLookup) fault   { return lintDate(s, 6, false) }
func lintYymmd0(s string, _ GCPLookup) fault   { return lintDate(s, 6, true) }
func lintYyyymmdd(s string, _ GCPLookup) fault { return lintDate(s, 8, false) }
func lintYyyymmd0(s string, _ GCPLookup) fault { return lintDate(s, 8, true) }
