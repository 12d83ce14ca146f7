package demo

import (
	"github.com/dinghai/dinghai/domain"
)

// story is the life of one record: dated acts, each of which may use what the
// ones before brought about.
type story struct {
	who  string // recipe
	acts []act
	next int
	ref  domain.Ref   // the record
	kids []domain.Ref // records it led to, in order
}

// act is one step. It happens on a day and is entered on the same day, or
// later when late is set.
type act struct {
	on   domain.Date
	late domain.Date
	do   func(s *story) domain.Command
	then func(s *story, r domain.Receipt)
}

// entered is the day somebody types the act in.
func (a act) entered() domain.Date {
	if a.late != "" {
		return a.late
	}
	return a.on
}

// tell adds a story to the year.
func (g *gen) tell(acts ...act) *story {
	s := &story{who: g.who, acts: acts}
	g.stories = append(g.stories, s)
	return s
}

// past adds a story that ended before the bureau began to keep its records
// here: all its acts are taken over as opening balances.
func (g *gen) past(acts ...act) *story {
	s := &story{who: g.who, acts: acts}
	g.olds = append(g.olds, s)
	return s
}

// to aims a command at the story's own record.
func (s *story) to(action string, by domain.Actor, in map[string]any) domain.Command {
	return domain.Command{Record: s.ref, Action: action, Actor: by, Input: in}
}

// kid aims a command at a record the story led to.
func (s *story) kid(n int, action string, by domain.Actor, in map[string]any) domain.Command {
	return domain.Command{Record: s.kids[n], Action: action, Actor: by, Input: in}
}

// done notes what an act brought about.
func (s *story) done(r domain.Receipt) {
	a := s.acts[s.next]
	s.next++
	if s.ref.Zero() {
		s.ref = r.Record.Ref
	}
	if a.then != nil {
		a.then(s, r)
	}
}

// made keeps the records of a kind that an act opened beside its own.
func made(kind string) func(*story, domain.Receipt) {
	return func(s *story, r domain.Receipt) {
		for _, e := range r.Events {
			if e.Kind == kind && e.Changes.Open != nil {
				s.kids = append(s.kids, domain.Ref{Home: e.Home, ID: e.Record})
			}
		}
	}
}
