package engine

import (
	"slices"

	"github.com/dinghai/dinghai/catalogue/expr"
	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/engine/reduce"
)

// write lets the reducer apply the event and notes the result in the draft.
func (s *step) write() error {
	pos, err := s.d.head(s.rec.Home)
	if err != nil {
		return err
	}
	s.ev.Pos = pos + 1
	after, err := reduce.Apply(s.prior, &s.ev)
	if err != nil {
		return domain.Wrap(domain.Internal, err)
	}
	s.d.heads[s.rec.Home] = s.ev.Pos
	s.d.events = append(s.d.events, s.ev)
	s.d.put(s.prior, after)
	for n, o := range s.ev.Changes.Out {
		s.d.out = append(s.d.out, domain.OutboxRow{Home: s.ev.Home, Pos: s.ev.Pos, N: n, State: s.outState(o.Kind),
			Event: s.ev.ID, Type: s.ev.Type, Rec: s.ev.Record, On: s.ev.On, Out: o})
	}
	if !s.ev.Opening && s.watched(after) {
		s.d.out = append(s.d.out, domain.OutboxRow{Home: s.ev.Home, Pos: s.ev.Pos, N: len(s.ev.Changes.Out), State: domain.OutPending,
			Event: s.ev.ID, Type: s.ev.Type, Rec: s.ev.Record, On: s.ev.On, Out: domain.Out{Kind: "trigger"}})
	}
	s.tellAssigned()
	s.rec = after
	s.vars.Rec = expr.Of(after, s.cmd.On, s.vars.Rec.World)
	return s.claim(after)
}

// watched reports whether an item that watches this type of event may fire: its
// condition holds, or cannot be told here. What is counted is counted later.
func (s *step) watched(after *domain.Record) bool {
	on := s.ev.On
	var sub *domain.Record
	if s.vars.Sub != nil {
		sub = s.vars.Sub.Rec
	}
	far := sub == nil && !after.Of.Zero() // the subject lies in another home
	for _, t := range s.e.watched[s.ev.Type] {
		if !t.Fires(after.Kind, on) {
			continue
		}
		ok, err := t.WhereX.Bool(&expr.Vars{Rec: expr.Of(after, on, nil), Sub: expr.Of(sub, on, nil), On: on, Today: on})
		if ok || err != nil || far {
			return true
		}
	}
	return false
}

// OutAssigned is the outbox entry of a task that somebody else gave to a
// person.
const OutAssigned = "assigned"

// tellAssigned lets people know of tasks others gave them. Opening balances
// tell nobody.
func (s *step) tellAssigned() {
	if s.ev.Opening {
		return
	}
	n := len(s.ev.Changes.Out) + 1 // behind the entry of the watched items
	for _, t := range s.ev.Changes.Tasks {
		if t.Assignee == "" || t.Done != "" || t.Assignee == s.cmd.Actor.ID || s.had(t) {
			continue
		}
		s.d.out = append(s.d.out, domain.OutboxRow{Home: s.ev.Home, Pos: s.ev.Pos, N: n, State: domain.OutPending,
			Event: s.ev.ID, Type: s.ev.Type, Rec: s.ev.Record, On: s.ev.On, Out: domain.Out{Kind: OutAssigned, Data: map[string]any{"task": t.ID}}})
		n++
	}
}

// had reports whether the task was its assignee's before.
func (s *step) had(t domain.Task) bool {
	return s.prior != nil && slices.ContainsFunc(s.prior.Tasks, func(o domain.Task) bool { return o.ID == t.ID && o.Assignee == t.Assignee })
}

// outState: rendering, disclosure and credentials are recorded now; the
// consumers that perform them are not part of this release. Opening balances
// tell nobody anything.
func (s *step) outState(kind string) string {
	if kind == "do" || kind == "erase" || kind == "notify" && !s.ev.Opening {
		return domain.OutPending
	}
	return domain.OutDeferred
}

// claim holds the unique values of a record against every other one.
func (s *step) claim(r *domain.Record) error {
	for _, f := range s.kind.Fields {
		v, _ := r.Fields[f.Field].(string)
		if !f.Unique || v == "" || r.Voided {
			continue
		}
		owner, err := s.d.claimed(f.Field, v)
		if err != nil {
			return err
		}
		if !owner.Zero() && owner != r.Ref {
			return domain.Failf(domain.Conflict, f.Field, "unique", "%s「%s」已登记在另一户名下", "%s %q already belongs to another record", f.Label.In("zh"), v)
		}
		s.d.claims[[2]string{f.Field, v}] = r.Ref
	}
	return nil
}
