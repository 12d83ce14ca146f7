package store

import (
	"cmp"
	"slices"
	"strings"

	"github.com/dinghai/dinghai/domain"
)

// Running totals kept beside the rows they add up, in the same transaction:
// rollup for figures, tally for the number of rows in a list.

// levels are the lengths of area codes figures are kept for: county and town. A
// city adds up its counties; a village reads the rows. Lists are counted for
// villages too, tallyLevels.
var (
	levels      = []int{6, 9}
	tallyLevels = []int{6, 9, 12}
)

type rollupKey struct {
	indicator   string
	version     int
	level       int
	area, month string
	home        int
}

// rollupSums counts rows in at the month they begin, out at the month they end.
type rollupSums struct{ num, den, cnt, numOut, denOut, cntOut int64 }

type rollups map[rollupKey]*rollupSums

func (r rollups) at(k rollupKey) *rollupSums {
	s := r[k]
	if s == nil {
		s = new(rollupSums)
		r[k] = s
	}
	return s
}

// add adds a row (sign 1) or takes it away (sign -1) at every level.
func (r rollups) add(c *domain.Contribution, sign int64) {
	for _, level := range levels {
		if level > levels[0] && len(c.Area) <= levels[0] {
			break // a county's own row is no town's
		}
		k := rollupKey{c.Indicator, c.Version, level, c.Area[:min(level, len(c.Area))], month(c.Day), c.Home}
		s := r.at(k)
		s.num += sign * c.Num
		s.den += sign * c.Den
		s.cnt += sign
		if c.Until == "" || c.Until >= domain.Forever {
			continue
		}
		k.month = month(c.Until)
		s = r.at(k)
		s.numOut += sign * c.Num
		s.denOut += sign * c.Den
		s.cntOut += sign
	}
}

func month(d domain.Date) string { return string(d[:min(7, len(d))]) }

type rollupLine struct {
	rollupKey
	*rollupSums
}

// sorted gives the lines in key order: the order that is kindest to the table
// and the same for every writer, so that two of them cannot block each other.
func (r rollups) sorted() []rollupLine {
	list := make([]rollupLine, 0, len(r))
	for k, s := range r {
		if *s != (rollupSums{}) {
			list = append(list, rollupLine{k, s})
		}
	}
	slices.SortFunc(list, func(a, b rollupLine) int {
		return cmp.Or(strings.Compare(a.indicator, b.indicator), cmp.Compare(a.version, b.version), cmp.Compare(a.level, b.level),
			strings.Compare(a.area, b.area), strings.Compare(a.month, b.month), cmp.Compare(a.home, b.home))
	})
	return list
}

func rollupRow(r []any, l *rollupLine) []any {
	return append(r, l.indicator, int64(l.version), int64(l.level), l.area, l.month, int64(l.home),
		l.num, l.den, l.cnt, l.numOut, l.denOut, l.cntOut)
}

type tallyKey struct {
	Was
	level int
}

type tallies map[tallyKey]int64

func (t tallies) add(w *Was, n int64) {
	for i, level := range tallyLevels {
		if i > 0 && len(w.Area) <= tallyLevels[i-1] {
			break // a county's own row is no town's
		}
		k := tallyKey{*w, level}
		k.Area = k.Area[:min(level, len(k.Area))]
		t[k] += n
	}
}

type tallyLine struct {
	tallyKey
	n int64
}

func (t tallies) sorted() []tallyLine {
	list := make([]tallyLine, 0, len(t))
	for k, n := range t {
		if n != 0 {
			list = append(list, tallyLine{k, n})
		}
	}
	slices.SortFunc(list, func(a, b tallyLine) int {
		return cmp.Or(strings.Compare(a.Kind, b.Kind), cmp.Compare(bit(a.Voided), bit(b.Voided)), cmp.Compare(a.level, b.level),
			strings.Compare(a.State, b.State), strings.Compare(a.Area, b.Area), cmp.Compare(a.Home, b.Home))
	})
	return list
}

func tallyRow(r []any, l *tallyLine) []any {
	return append(r, l.Kind, bit(l.Voided), int64(l.level), l.State, l.Area, int64(l.Home), l.Class, l.n)
}

// levelOf is the one of levels that knows an area, 0 if none does.
func levelOf(area string, levels []int) int {
	for _, level := range levels {
		if len(domain.TrimArea(area)) <= level {
			return level
		}
	}
	return 0
}
