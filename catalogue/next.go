package catalogue

import "slices"

// Ordinary names the steps most cases go on with from a state, the more usual
// first: what the state's `next` says, else the one way on that is open to the
// role whose task it is. Nothing is ordinary where nobody has a task and the
// catalogue names no step: what can be done there is rare by nature.
func (k *Kind) Ordinary(state string) []string {
	st := k.StateOf(state)
	if st == nil {
		return nil
	}
	if st.Next != nil {
		return st.Next
	}
	if on := k.waysOn(st); len(on) == 1 {
		return on
	}
	return nil
}

// waysOn are the actions by which the role that has the task leaves a state.
func (k *Kind) waysOn(st *State) []string {
	if st.Todo == nil {
		return nil
	}
	var out []string
	for _, act := range k.Actions {
		leads := slices.ContainsFunc(targets(act), func(to string) bool { return to != st.State })
		if leads && k.StartsFrom(act, st.State) && slices.Contains(act.Roles, st.Todo.Role) {
			out = append(out, act.Action)
		}
	}
	return out
}

// checkNext holds what a state calls ordinary against the actions there are,
// and asks for it where there are several ways on.
func (k *Kind) checkNext(a at, st *State) {
	if st.Next == nil {
		if on := k.waysOn(st); len(on) > 1 {
			a.bad("state %s has several ways on (%v): name the ordinary one in next, or [] if none is", st.State, on)
		}
		return
	}
	for _, name := range st.Next {
		act := k.ActionOf(name)
		switch {
		case act == nil:
			a.in(".next").bad("no action %s", name)
		case !k.StartsFrom(act, st.State):
			a.in(".next").bad("action %s does not start from state %s", name, st.State)
		case len(act.Roles) == 0:
			a.in(".next").bad("action %s is the platform's own; nobody goes on with it", name)
		}
	}
}
