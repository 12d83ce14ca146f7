// Package clock turns dated rules into clocks on a record: it picks the rule
// version that holds, reckons due dates and decides outcomes. Arithmetic is
// kit/calendar's.
package clock

import (
	"fmt"
	"time"

	"github.com/dinghai/dinghai/catalogue"
	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/kit/calendar"
)

// Zone is the time zone of all due dates.
var Zone = mustZone()

func mustZone() *time.Location {
	z, err := time.LoadLocation("Asia/Shanghai")
	if err != nil {
		panic(err) // tzdata is embedded by the binary
	}
	return z
}

// Book is the rules with the calendar they count by.
type Book struct {
	Rules    map[string]*catalogue.ClockRule
	Calendar *calendar.Calendar
}

// Dates are what may choose a rule version.
type Dates struct {
	Start domain.Date // of the clock
	Case  domain.Date // the case was opened
	Act   domain.Date // of the act the case is about; "" = unknown
}

// Version picks the rule version by what the rule itself says chooses it.
func (b Book) Version(code string, d Dates) (*catalogue.RuleVersion, error) {
	r := b.Rules[code]
	if r == nil {
		return nil, fmt.Errorf("no clock rule %s", code)
	}
	for i := len(r.Rules) - 1; i >= 0; i-- {
		v := r.Rules[i]
		day := pick(v.By, d)
		if (v.From == "" || v.From <= day) && (v.To == "" || day <= v.To) {
			return v, nil
		}
	}
	return nil, nil
}

func pick(by string, d Dates) domain.Date {
	switch {
	case by == "case_start" && d.Case != "":
		return d.Case
	case by == "act_date" && d.Act != "":
		return d.Act
	}
	return d.Start
}

// Start makes a running clock. It returns nil when no version of the rule was
// in force: the duty did not exist then. at is the instant, for hour limits.
func (b Book) Start(code string, d Dates, at time.Time) (*domain.Clock, error) {
	v, err := b.Version(code, d)
	if v == nil || err != nil {
		return nil, err
	}
	c := &domain.Clock{ID: code, Code: code, Version: v.Version, N: v.N, Unit: v.Unit, Back: v.Back, Start: d.Start}
	if v.Unit == "hour" {
		due := at.Add(time.Duration(v.N) * time.Hour)
		c.DueAt = &due
	}
	return c, b.Reckon(c, d.Start)
}

// Reckon sets the due date from rule, start, pauses and extensions.
func (b Book) Reckon(c *domain.Clock, asOf domain.Date) error {
	if c.Unit == "hour" {
		due := c.DueAt.In(Zone)
		c.Due = calendar.DateOf(due)
		return nil
	}
	k, err := b.Explain(*c, asOf)
	if err != nil {
		return err
	}
	c.Due = k.Due
	return nil
}

// Explain reckons a clock again and says how the date comes about.
func (b Book) Explain(c domain.Clock, asOf domain.Date) (calendar.Reckoning, error) {
	v := b.versionOf(c)
	if v == nil {
		return calendar.Reckoning{}, fmt.Errorf("clock %s has no rule version %d", c.Code, c.Version)
	}
	rule := calendar.Rule{N: v.N, Unit: calendar.Unit(v.Unit), Back: v.Back, NoRoll: v.NoRoll, Window: v.Window}
	var pauses []calendar.Pause
	for _, p := range c.Pauses {
		pauses = append(pauses, calendar.Pause{From: p.From, To: p.To})
	}
	var ext []calendar.Extension
	for _, e := range c.Ext {
		ext = append(ext, calendar.Extension{N: e.N, Unit: calendar.Unit(e.Unit)})
	}
	return b.Calendar.Reckon(c.Start, rule, pauses, ext, asOf)
}

func (b Book) versionOf(c domain.Clock) *catalogue.RuleVersion {
	if r := b.Rules[c.Code]; r != nil {
		return r.Version(c.Version)
	}
	return nil
}

// Law names the statute a clock rests on.
func (b Book) Law(c domain.Clock) catalogue.Text {
	if v := b.versionOf(c); v != nil {
		return v.Law
	}
	return catalogue.Text{}
}

// Late reports whether a stop on a day (or at an instant, for hours) is after
// the due date.
func Late(c domain.Clock, on domain.Date, at time.Time) bool {
	if c.DueAt != nil {
		return at.After(*c.DueAt)
	}
	return on > c.Due
}

// Elapsed counts the natural days a clock ran, pauses left out; to is the day
// it stopped, or today.
func Elapsed(c domain.Clock, to domain.Date) int {
	if c.Stopped != "" {
		to = c.Stopped
	}
	n := to.Sub(c.Start)
	for _, p := range c.Pauses {
		end := p.To
		if end == "" || end > to {
			end = to
		}
		if end > p.From {
			n -= end.Sub(p.From)
		}
	}
	return max(n, 0)
}
