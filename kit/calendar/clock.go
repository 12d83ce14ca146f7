package calendar

// clock is one run of Reckon. Days are day numbers.
type clock struct {
	cal      *set
	rule     Rule
	start    int
	end      int
	excluded int
	since    int    // earliest day from which working days were counted
	until    int    // latest such day
	holes    []hole // pauses not yet used up
}

func newClock(c *set, start Date, r Rule, holes []hole) clock {
	day := start.day()
	return clock{cal: c, rule: r, start: day, end: day, since: maxDay, until: minDay, holes: holes}
}

// advance moves end by n units and notes where the calendar was consulted.
// After it has run off the end of time it stays there.
func (k *clock) advance(n int, unit Unit) {
	if k.end < minDay || k.end > maxDay {
		return
	}
	from := k.end
	switch unit {
	case UnitWorkday:
		k.workdays(n)
		k.since = min(k.since, from, k.end)
		k.until = max(k.until, from, k.end)
	case UnitDay:
		k.end += n
	case UnitMonth:
		k.end = fromDay(from).AddMonths(n).day()
	case UnitYear:
		k.end = fromDay(from).AddYears(n).day()
	}
}

func (k *clock) workdays(n int) {
	if n > 0 {
		k.end = k.cal.nth(k.cal.rank(k.end) + n)
	}
	if n < 0 {
		k.end = k.cal.nth(k.cal.rank(k.end-1) + 1 + n)
	}
}

// forward counts the rule and then each extension in another unit as a period
// of its own, so that a pause is measured in the unit of the period it breaks.
func (k *clock) forward(ext []Extension) {
	n, unit := k.rule.N, k.rule.Unit
	if unit == UnitYear {
		n, unit = 12*n, UnitMonth
	}
	var other []Extension
	for _, e := range ext {
		if e.Unit == UnitYear {
			e = Extension{12 * e.N, UnitMonth}
		}
		if e.Unit == unit {
			n += e.N
		} else {
			other = append(other, e)
		}
	}
	k.period(n, unit, len(other) == 0)
	for i, e := range other {
		k.period(e.N, e.Unit, i == len(other)-1)
	}
}

// period moves end by n units and by the pauses that fall within.
func (k *clock) period(n int, unit Unit, last bool) {
	from := k.end
	k.advance(n, unit)
	for len(k.holes) > 0 && k.reaches(k.holes[0], last && unit != UnitWorkday) {
		x := k.count(k.holes[0], from, unit)
		k.holes = k.holes[1:]
		k.excluded += x
		if unit == UnitWorkday {
			k.advance(x, UnitWorkday)
		} else {
			k.advance(x, UnitDay)
		}
	}
}

// reaches reports whether the period is still running when the pause begins.
// At the very end that includes the days that only rolling adds.
func (k *clock) reaches(h hole, rolling bool) bool {
	if rolling && !k.rule.NoRoll {
		return h.from <= k.roll(k.end)
	}
	return h.from <= k.end
}

// count measures a pause. One that begins on a day added by rolling counts from
// the unrolled end; otherwise the period would be over before it resumes.
func (k *clock) count(h hole, from int, unit Unit) int {
	if unit == UnitWorkday {
		lo := max(h.from, from+1)
		return max(k.cal.rank(h.to-1)-k.cal.rank(lo-1), 0)
	}
	return max(h.to-max(min(h.from, k.end), from+1), 0)
}

// window takes the fixed day in the start's year, or in the next if it is past.
func (k *clock) window(ext []Extension) {
	y, _, _ := civil(k.start)
	p := Date("2000-" + k.rule.Window)
	for m, d := p.Month(), p.Day(); ; y++ {
		k.end = dayNumber(y, m, min(d, daysIn(y, m)))
		if k.end >= k.start {
			break
		}
	}
	for _, e := range ext {
		k.advance(e.N, e.Unit)
	}
}

func (k *clock) fixed() bool { return k.rule.NoRoll || k.rule.Unit == UnitWindow }

func (k *clock) roll(day int) int {
	switch {
	case k.fixed() || k.cal.works(day):
		return day
	case k.rule.Back:
		return k.cal.nth(k.cal.rank(day))
	}
	return k.cal.nth(k.cal.rank(day) + 1)
}

func (k *clock) result() Reckoning {
	due := k.roll(k.end)
	out := Reckoning{
		Start: fromDay(k.start), Unrolled: fromDay(k.end), Due: fromDay(due), Excluded: k.excluded,
	}
	lo, hi := k.since, k.until
	if !k.fixed() {
		lo, hi = min(lo, k.end, due), max(hi, k.end, due)
	}
	out.Provisional = lo <= hi && !k.cal.settled(lo, hi)
	for day := lo; day <= hi; day++ {
		if day != k.start && !k.cal.works(day) {
			out.Skipped = append(out.Skipped, k.cal.dayAt(day))
		}
	}
	return out
}

// settled reports whether every day from lo to hi is fixed by a notice. A
// notice may move days of the week before its year, as that for 2023 did.
func (c *set) settled(lo, hi int) bool {
	first, _, _ := civil(lo)
	last, _, _ := civil(hi + 7)
	for y := first; y <= last; y++ {
		if !c.Final(y) {
			return false
		}
	}
	return true
}
