// Package indicator turns records into contribution rows and rows into
// figures. Rows are a pure function of one record under a definition, so a
// correction restates the period it belongs to, and a new definition can be
// applied to old records.
package indicator

import (
	"fmt"
	"slices"
	"sort"
	"strings"

	"github.com/dinghai/dinghai/catalogue"
	"github.com/dinghai/dinghai/catalogue/expr"
	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/engine/clock"
)

// Set is the base indicators by kind of record.
type Set struct {
	cat    *catalogue.Catalogue
	byKind map[string][]*catalogue.Indicator
}

// NewSet sorts the catalogue's indicators by the kind they read.
func NewSet(c *catalogue.Catalogue) *Set {
	s := &Set{cat: c, byKind: map[string][]*catalogue.Indicator{}}
	for _, x := range c.Indicators {
		if x.Kind != "derived" && x.Kind != "catalogue" {
			s.byKind[x.Of] = append(s.byKind[x.Of], x)
		}
	}
	for _, l := range s.byKind {
		sort.Slice(l, func(i, j int) bool { return l[i].Indicator < l[j].Indicator })
	}
	return s
}

// Rows lists everything a record contributes. A missing, voided or merged
// record contributes nothing.
func (s *Set) Rows(r *domain.Record) ([]domain.Contribution, error) {
	if r == nil || r.Voided {
		return nil, nil
	}
	var out []domain.Contribution
	for _, x := range s.byKind[r.Kind] {
		rows, err := rowsOf(x, r)
		if err != nil {
			return nil, fmt.Errorf("indicator %s on %s: %w", x.Indicator, r.Ref, err)
		}
		out = append(out, rows...)
	}
	return out, nil
}

func rowsOf(x *catalogue.Indicator, r *domain.Record) ([]domain.Contribution, error) {
	if x.Mark != "" && r.Marked(x.Mark) == "" {
		return nil, nil // the commonest case, without evaluating anything
	}
	v := &expr.Vars{Rec: expr.Of(r, r.Opened, nil), On: r.Opened}
	ok, err := x.WhereX.Bool(v)
	if err != nil || !ok {
		return nil, err
	}
	switch x.Kind {
	case "stock":
		return spells(x, r, v)
	case "due", "every":
		return dueRows(x, r, v)
	case "duration":
		return durations(x, r, v)
	}
	return points(x, r, v)
}

// row fills what every row of a record shares.
func row(x *catalogue.Indicator, r *domain.Record, n int, day domain.Date) domain.Contribution {
	return domain.Contribution{Indicator: x.Indicator, Version: x.Version, Home: r.Home, Record: r.ID, N: n,
		Area: areaOn(r, day), Zones: r.Zones, Day: day, Num: 1}
}

// areaOn is where the record was on a day.
func areaOn(r *domain.Record, day domain.Date) string {
	area := ""
	for _, m := range r.Trail {
		if m.Area != "" && (area == "" || m.On <= day) {
			area = m.Area
		}
	}
	if area == "" {
		return r.Area
	}
	return area
}

// points are dated by an event or by a computed day.
func points(x *catalogue.Indicator, r *domain.Record, v *expr.Vars) ([]domain.Contribution, error) {
	days, err := daysOf(x, r, v)
	if err != nil {
		return nil, err
	}
	var out []domain.Contribution
	for i, d := range days {
		if !d.Valid() {
			continue
		}
		c := row(x, r, i, d)
		if err := values(&c, x, v); err != nil {
			return nil, err
		}
		out = append(out, c)
	}
	return out, nil
}

func daysOf(x *catalogue.Indicator, r *domain.Record, v *expr.Vars) ([]domain.Date, error) {
	if x.DayX != nil {
		d, err := x.DayX.Text(v)
		return []domain.Date{domain.Date(d)}, err
	}
	if !x.Each {
		return []domain.Date{r.Marked(x.Mark)}, nil
	}
	var days []domain.Date
	for _, m := range r.Trail {
		if m.Event == x.Mark {
			days = append(days, m.On)
		}
	}
	return days, nil
}

// values computes numerator, denominator and key.
func values(c *domain.Contribution, x *catalogue.Indicator, v *expr.Vars) (err error) {
	if c.Num, err = x.ValueX.Int(v, 1); err != nil {
		return err
	}
	if c.Den, err = x.WeightX.Int(v, 0); err != nil {
		return err
	}
	c.Key, err = x.KeyX.Text(v)
	return err
}

// spells are the intervals in which a stock counts the record: while it is in
// one of the states, cut where it moved to another area.
func spells(x *catalogue.Indicator, r *domain.Record, v *expr.Vars) ([]domain.Contribution, error) {
	since, err := x.SinceX.Text(v)
	if err != nil {
		return nil, err
	}
	var out []domain.Contribution
	state, area := "", ""
	open := -1
	for _, m := range r.Trail {
		was := slices.Contains(x.States, state)
		if m.State != "" {
			state = m.State
		}
		moved := m.Area != "" && m.Area != area
		if m.Area != "" {
			area = m.Area
		}
		in := slices.Contains(x.States, state)
		if was && open >= 0 && (!in || moved) {
			out[open].Until = m.On
			open = -1
		}
		if in && open < 0 {
			day := m.On
			if len(out) == 0 && since != "" {
				day = domain.Date(since)
			}
			c := row(x, r, len(out), day)
			c.Area, c.Until = area, domain.Forever
			if err := values(&c, x, v); err != nil {
				return nil, err
			}
			out = append(out, c)
			open = len(out) - 1
		}
	}
	return withFlag(x, r, dropEmpty(out)), nil
}

// dropEmpty leaves out spells that ended on the day they began.
func dropEmpty(list []domain.Contribution) []domain.Contribution {
	return slices.DeleteFunc(list, func(c domain.Contribution) bool { return c.Until <= c.Day })
}

// withFlag keeps the parts of the spells on which an overlay held.
func withFlag(x *catalogue.Indicator, r *domain.Record, list []domain.Contribution) []domain.Contribution {
	if x.Flag == "" {
		return list
	}
	var out []domain.Contribution
	for _, c := range list {
		for _, f := range r.Flags {
			if f.Code != x.Flag {
				continue
			}
			to := f.To
			if to == "" {
				to = domain.Forever
			}
			p := c
			p.Day, p.Until, p.N = max(c.Day, f.From), min(c.Until, to), len(out)
			if p.Day < p.Until {
				out = append(out, p)
			}
		}
	}
	return out
}

// dueRows give one row per clock, dated by its due date; what is undecided
// counts as not met. Cancelled clocks left the cohort.
func dueRows(x *catalogue.Indicator, r *domain.Record, v *expr.Vars) ([]domain.Contribution, error) {
	codes := strings.Split(x.Clock, ",")
	var out []domain.Contribution
	for _, c := range r.Clocks {
		if !slices.Contains(codes, c.Code) || c.Outcome == domain.Cancelled {
			continue
		}
		n := row(x, r, len(out), c.Due)
		n.Num, n.Den = 0, 1
		if c.Outcome == domain.Met || c.Outcome == domain.MetLate {
			n.Num = 1
		}
		key, err := x.KeyX.Text(v)
		if err != nil {
			return nil, err
		}
		n.Key = key
		out = append(out, n)
	}
	return out, nil
}

// durations give the days a clock ran without its pauses, dated by its stop.
func durations(x *catalogue.Indicator, r *domain.Record, v *expr.Vars) ([]domain.Contribution, error) {
	var out []domain.Contribution
	for _, c := range r.Clocks {
		if c.Code != x.Clock || c.Open() || c.Outcome == domain.Cancelled {
			continue
		}
		n := row(x, r, len(out), c.Stopped)
		n.Num, n.Den = int64(clock.Elapsed(c, c.Stopped)), 1
		out = append(out, n)
	}
	return out, nil
}
