package engine

import (
	"fmt"

	"github.com/dinghai/dinghai/domain"
)

// stepTasks closes the tasks of the state left and opens the one of the state
// entered.
func (s *step) stepTasks() error {
	if s.ev.Changes.State == "" || (s.prior != nil && s.prior.State == s.ev.Changes.State) {
		return s.retime()
	}
	n, mine := 0, ""
	for _, t := range s.rec.Tasks {
		n++
		if t.Done == "" {
			if t.Assignee == s.cmd.Actor.ID {
				mine = t.Role
			}
			t.Done = s.cmd.On
			s.ev.Changes.Tasks = append(s.ev.Changes.Tasks, t)
		}
	}
	st := s.kind.StateOf(s.rec.State)
	if st == nil || st.Todo == nil {
		return nil
	}
	t := domain.Task{ID: fmt.Sprint(n + 1), Todo: s.rec.State, Role: st.Todo.Role, Due: s.dueOf(st.Todo.Clock), Opened: s.cmd.On}
	if mine == t.Role {
		t.Assignee = s.cmd.Actor.ID // who did the last step goes on with the next of the same role
	}
	s.ev.Changes.Tasks = append(s.ev.Changes.Tasks, t)
	return nil
}

// retime moves the due date of an open task along with its clock.
func (s *step) retime() error {
	st := s.kind.StateOf(s.rec.State)
	if st == nil || st.Todo == nil || st.Todo.Clock == "" {
		return nil
	}
	due := s.dueOf(st.Todo.Clock)
	for _, t := range s.rec.Tasks {
		if t.Done == "" && t.Todo == s.rec.State && t.Due != due && due != "" {
			t.Due = due
			s.ev.Changes.Tasks = append(s.ev.Changes.Tasks, t)
		}
	}
	return nil
}

// dueOf reads a clock as the event leaves it.
func (s *step) dueOf(code string) domain.Date {
	var due domain.Date
	for _, c := range s.rec.Clocks {
		if c.Code == code && c.Open() {
			due = c.Due
		}
	}
	return due
}
