package engine

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"github.com/dinghai/dinghai/catalogue"
	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/engine/clock"
)

func keysOf[K cmp.Ordered, V any](m map[K]V) []K { return slices.Sorted(maps.Keys(m)) }

// stepClocks stops, resumes, extends, pauses and starts clocks, in that order,
// so that an action may stop a clock and start it again.
func (s *step) stepClocks() error {
	if s.act.Clocks == nil {
		return s.endClocks()
	}
	c := s.act.Clocks
	for _, code := range keysOf(c.Stop) {
		if err := s.stopClock(code, c.Stop[code]); err != nil {
			return err
		}
	}
	for _, code := range c.Resume {
		if err := s.resumeClock(code); err != nil {
			return err
		}
	}
	if c.Extend != nil {
		if err := s.extendClock(c.Extend); err != nil {
			return err
		}
	}
	for _, code := range keysOf(c.Pause) {
		s.pauseClock(code, c.Pause[code])
	}
	for _, st := range c.Start {
		if err := s.startClock(st); err != nil {
			return err
		}
	}
	return s.endClocks()
}

// put notes a clock in the working copy and the event.
func (s *step) putClock(c domain.Clock) {
	s.rec.Clocks = replaceClock(s.rec.Clocks, c)
	s.ev.Changes.Clocks = replaceClock(s.ev.Changes.Clocks, c)
}

func replaceClock(list []domain.Clock, c domain.Clock) []domain.Clock {
	out := slices.Clone(list)
	if i := slices.IndexFunc(out, func(h domain.Clock) bool { return h.ID == c.ID }); i >= 0 {
		out[i] = c
		return out
	}
	return append(out, c)
}

// stopClock ends the running clock of a code. A stop dated before the due date
// but entered after it is a late entry: it needs an approver and a reason
// (evidence), and is marked.
func (s *step) stopClock(code, outcome string) error {
	c := s.runningClock(code)
	if c == nil {
		return nil
	}
	n := *c
	if n.Paused() {
		closePause(&n, s.cmd.On)
		if err := s.e.book.Reckon(&n, s.cmd.On); err != nil {
			return domain.Wrap(domain.Internal, err)
		}
	}
	n.Stopped, n.Outcome = s.cmd.On, outcome
	if outcome == domain.Met {
		switch {
		case clock.Late(n, s.cmd.On, s.at):
			n.Outcome = domain.Missed
		case s.today > n.Due && s.cmd.On < s.today && !s.cmd.Opening:
			if s.cmd.Approver == "" || s.cmd.Reason == "" {
				return domain.Failf(domain.Invalid, "approver", "late_entry",
					"期限 %s 已过，补录此前的办理须填写批准人和依据", "the limit %s has passed: entering an earlier step needs an approver and evidence", n.Due)
			}
			n.Outcome, s.ev.Late = domain.MetLate, true
		}
	}
	s.putClock(n)
	return nil
}

// runningClock finds the clock to stop; for duties the input names its period.
func (s *step) runningClock(code string) *domain.Clock {
	if p, _ := s.in["period"].(string); p != "" {
		for i := range s.rec.Clocks {
			if c := &s.rec.Clocks[i]; c.Code == code && c.Period == p && c.Open() {
				return c
			}
		}
		if c := s.rec.OpenClock(code); c != nil && c.Period == "" {
			return c
		}
		return nil
	}
	return s.rec.OpenClock(code)
}

func (s *step) resumeClock(code string) error {
	c := s.rec.OpenClock(code)
	if c == nil || !c.Paused() {
		return nil
	}
	n := *c
	closePause(&n, s.cmd.On)
	if err := s.e.book.Reckon(&n, s.cmd.On); err != nil {
		return domain.Wrap(domain.Internal, err)
	}
	s.putClock(n)
	return nil
}

func closePause(c *domain.Clock, on domain.Date) {
	c.Pauses = slices.Clone(c.Pauses)
	c.Pauses[len(c.Pauses)-1].To = on
}

// pauseClock stops the count on a ground that the rule of that version knows;
// on any other the period runs on.
func (s *step) pauseClock(code, ground string) {
	c := s.rec.OpenClock(code)
	if c == nil || c.Paused() || !slices.Contains(s.e.cat.Clocks[code].PausesOf(c.Version), ground) {
		return
	}
	n := *c
	n.Pauses = append(slices.Clip(n.Pauses), domain.Pause{From: s.cmd.On, Ground: ground})
	s.putClock(n)
}

// extendClock lengthens a clock by the extension its version of the rule allows,
// or by the number the decision fixes, and only before the old due date has
// passed.
func (s *step) extendClock(x *catalogue.ClockExtend) error {
	c := s.rec.OpenClock(x.Clock)
	if c == nil {
		return domain.Failf(domain.NotNow, "", "clock", "没有在计的期限「%s」可以延长", "no running limit %s to extend", x.Clock)
	}
	rule := s.e.cat.Clocks[x.Clock].ExtendOf(c.Version)
	if rule == nil {
		return domain.Failf(domain.Refused, "", "extend", "该期限适用的规定（第%d版）不允许延长", "the rule this limit runs under (version %d) allows no extension", c.Version)
	}
	if s.cmd.On > c.Due {
		return domain.Failf(domain.Refused, "on", "extend_late", "期限已于 %s 届满，延长须在届满前决定", "the limit ended on %s; an extension must be decided before", c.Due)
	}
	if rule.Times > 0 && len(c.Ext) >= rule.Times {
		return domain.Failf(domain.Refused, "", "extend_times", "该期限依法只能延长 %d 次", "this limit may be extended %d time(s) only", rule.Times)
	}
	n, err := x.NX.Int(s.vars, int64(rule.N))
	if err != nil {
		return domain.Wrap(domain.Internal, err)
	}
	if n <= 0 {
		return domain.Fail(domain.Invalid, "n", "extend", "请填写延长的期限", "say by how much the limit is extended")
	}
	k := *c
	k.Ext = append(slices.Clip(k.Ext), domain.Extension{N: int(n), Unit: rule.Unit, Approver: s.approver(), Reason: s.cmd.Reason, On: s.cmd.On, Old: c.Due})
	if err := s.e.book.Reckon(&k, s.cmd.On); err != nil {
		return domain.Wrap(domain.Internal, err)
	}
	s.putClock(k)
	return nil
}

func (s *step) approver() string {
	if s.cmd.Approver != "" {
		return s.cmd.Approver
	}
	return s.cmd.Actor.ID
}

func (s *step) startClock(st *catalogue.ClockStart) error {
	ok, err := st.WhenX.Bool(s.vars)
	if err != nil {
		return domain.Wrap(domain.Internal, err)
	}
	if !ok {
		return nil
	}
	if st.EachX != nil {
		list, err := st.EachX.List(s.vars)
		if err != nil {
			return domain.Wrap(domain.Internal, err)
		}
		for _, d := range texts(list) {
			if err := s.addClock(st, domain.Date(d), d); err != nil {
				return err
			}
		}
		return nil
	}
	from, err := st.FromX.Text(s.vars)
	if err != nil {
		return domain.Wrap(domain.Internal, err)
	}
	if from == "" {
		from = string(s.cmd.On)
	}
	period, err := st.PeriodX.Text(s.vars)
	if err != nil {
		return domain.Wrap(domain.Internal, err)
	}
	return s.addClock(st, domain.Date(from), period)
}

func (s *step) addClock(st *catalogue.ClockStart, from domain.Date, period string) error {
	act, err := st.ActX.Text(s.vars)
	if err != nil {
		return domain.Wrap(domain.Internal, err)
	}
	c, err := s.e.book.Start(st.Clock, clock.Dates{Start: from, Case: s.rec.Opened, Act: domain.Date(act)}, s.at)
	if err != nil {
		return domain.Wrap(domain.Internal, err)
	}
	if c == nil {
		return nil // the rule was not in force: no duty, no clock
	}
	c.Period = period
	if n := s.countClocks(st.Clock); n > 0 {
		c.ID = fmt.Sprintf("%s#%d", st.Clock, n+1)
	}
	if st.Met {
		c.Stopped, c.Outcome = s.cmd.On, domain.Met
		if clock.Late(*c, s.cmd.On, s.at) {
			c.Outcome = domain.Missed
		}
	}
	s.putClock(*c)
	return nil
}

func (s *step) countClocks(code string) int {
	n := 0
	for _, c := range s.rec.Clocks {
		if c.Code == code {
			n++
		}
	}
	return n
}

// endClocks cancels what still runs when a record reaches an end state: its
// reason has fallen away. Overdue clocks become missed instead.
func (s *step) endClocks() error {
	st := s.kind.StateOf(s.ev.Changes.State)
	if st == nil || !st.End {
		return nil
	}
	for _, c := range s.rec.Clocks {
		if !c.Open() || slices.Contains(s.act.Starts(), c.Code) {
			continue
		}
		c.Stopped, c.Outcome = s.cmd.On, domain.Cancelled
		if !c.Paused() && clock.Late(c, s.cmd.On, s.at) {
			c.Outcome = domain.Missed
		}
		s.putClock(c)
	}
	return nil
}
