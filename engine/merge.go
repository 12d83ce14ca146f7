package engine

import (
	"github.com/dinghai/dinghai/domain"
)

// merge closes a duplicate in favour of another record of its kind, which takes
// over the duplicate's cases: lists, chains and figures by subject then see one
// subject.
func (s *step) merge() error {
	if err := s.reason(); err != nil {
		return err
	}
	t, _ := s.cmd.Input["into"].(string)
	ref, err := domain.ParseRef(t)
	if err != nil {
		return domain.Fail(domain.Invalid, "into", "ref", "请选择并入的记录", "choose the record to merge into")
	}
	other, err := s.d.load(ref)
	if err != nil {
		return err
	}
	if other == nil || other.Kind != s.prior.Kind || other.Voided || ref == s.prior.Ref {
		return domain.Fail(domain.Invalid, "into", "ref", "并入的记录须为同类、有效且不是本记录", "merge into another live record of the same kind")
	}
	s.ev.Changes.Merge = &ref
	s.ev.Changes.Links = []domain.Link{{Role: "merged_into", To: ref, Kind: other.Kind}}
	s.closeAll()
	return s.sendCases()
}

// sendCases has the duplicate's cases in other homes follow, through the outbox.
func (s *step) sendCases() error {
	for _, home := range keysOf(s.e.bureaus) {
		if home == s.rec.Home {
			continue
		}
		cases, err := s.casesOf(home)
		if err != nil {
			return err
		}
		for _, r := range cases {
			s.ev.Changes.Out = append(s.ev.Changes.Out, domain.Out{Kind: "do", To: r.Ref, Data: map[string]any{
				"action": ActFollow, "input": s.whither(), "depth": int64(s.cmd.Depth + 1)}})
		}
	}
	return nil
}

// bringCases has those of the same home follow, in the same transaction.
func (s *step) bringCases() error {
	cases, err := s.casesOf(s.rec.Home)
	if err != nil {
		return err
	}
	for _, r := range cases {
		if err := s.takeAlong(r.Ref, ActFollow, s.whither()); err != nil {
			return err
		}
	}
	return nil
}

func (s *step) whither() map[string]any {
	return map[string]any{"from": s.prior.Ref.String(), "into": s.ev.Changes.Merge.String()}
}

func (s *step) casesOf(home int) ([]*domain.Record, error) {
	list, err := s.d.tx.LinkedTo(home, s.prior.Ref, "of", "")
	if err != nil {
		return nil, err
	}
	return s.d.freshen(list, func(r *domain.Record) bool { return r.Home == home && r.Of == s.prior.Ref }), nil
}

// follow moves a case to the subject its own was merged into. A case that has
// another subject by now stays where it is.
func (s *step) follow() error {
	from, err := domain.ParseRef(textOf(s.cmd.Input["from"]))
	if err != nil {
		return err
	}
	into, err := domain.ParseRef(textOf(s.cmd.Input["into"]))
	if err != nil {
		return err
	}
	s.ev.Changes.Quiet = true
	if s.prior.Of == from {
		s.ev.Changes.Of, s.ev.Changes.OfKind = &into, s.prior.OfKind
	}
	return nil
}

// followMerged opens a case on the record its subject was merged into: whoever
// names the duplicate, from an old page or another home, means that one.
func (s *step) followMerged() error {
	for !s.cmd.Of.Zero() {
		sub, err := s.d.load(s.cmd.Of)
		if err != nil || sub == nil || sub.Merged.Zero() {
			return err
		}
		s.cmd.Of = sub.Merged
	}
	return nil
}
