package engine

import (
	"slices"

	"github.com/dinghai/dinghai/domain"
)

// FlagHold is the overlay of a record under legal hold.
const FlagHold = "legal_hold"

// hold keeps a record whole for a dispute, an audit or an inquiry.
func (s *step) hold() error {
	if err := s.reason(); err != nil {
		return err
	}
	if s.prior.Flagged(FlagHold, s.today) {
		return domain.Fail(domain.NotNow, "", FlagHold, "该记录已在证据保全中", "the record is under legal hold already")
	}
	s.ev.Changes.Quiet = true
	s.ev.Changes.Flags = []domain.Flag{{Code: FlagHold, From: s.today, Why: s.cmd.Reason}}
	return nil
}

// release ends the hold.
func (s *step) release() error {
	if err := s.reason(); err != nil {
		return err
	}
	i := slices.IndexFunc(s.prior.Flags, func(f domain.Flag) bool { return f.Code == FlagHold && f.To == "" })
	if i < 0 {
		return domain.Fail(domain.NotNow, "", FlagHold, "该记录不在证据保全中", "the record is not under legal hold")
	}
	f := s.prior.Flags[i]
	f.To = s.today
	s.ev.Changes.Quiet, s.ev.Changes.Flags = true, []domain.Flag{f}
	return nil
}

// erase destroys the key of the record's sealed data, unless a retention
// period still runs.
func (s *step) erase() error {
	if err := s.reason(); err != nil {
		return err
	}
	s.ev.Changes.Erase = true
	s.ev.Changes.Out = []domain.Out{{Kind: "erase", To: s.prior.Ref}}
	s.forget()
	if s.cmd.Actor.System {
		return nil // done over after a restore: a person decided it before
	}
	if s.prior.Flagged(FlagHold, s.today) {
		return domain.Fail(domain.Refused, "", "legal_hold", "该记录处于证据保全，不能删除个人信息", "the record is under legal hold; its personal data cannot be erased")
	}
	if r := s.kind.Retain; r != nil {
		if s.prior.Closed == "" {
			return domain.Fail(domain.Refused, "", "open", "办理尚未结束，不能删除个人信息", "the case is not closed; its personal data cannot be erased yet")
		}
		if end := s.prior.Closed.AddYears(r.Years); end > s.today {
			return domain.Failf(domain.Refused, "", "retention", "依%[1]s须保存至 %[3]s", "by %[2]s it must be kept until %[3]s", r.Law, s.e.cat.Law(r.Law, "en"), end)
		}
	}
	return nil
}

// forget takes the record out of the blind index: nobody may be found by what
// was erased.
func (s *step) forget() {
	for _, f := range s.kind.Fields {
		if f.Blind && s.prior.Fields[f.Field] != nil {
			s.ev.Changes.Blind = append(s.ev.Changes.Blind, domain.Blind{Field: f.Field})
		}
	}
}
