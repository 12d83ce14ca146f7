package catalogue

import "slices"

// checkMachine walks the states: every one must be reachable, every one that
// is not an end must have a way out, every action must have somebody to do it.
func (c *Catalogue) checkMachine(a at, k *Kind) {
	reached := map[string]bool{}
	for _, act := range k.Actions {
		if act.Opens {
			mark(reached, act)
		}
	}
	if len(reached) == 0 && len(k.Actions) > 0 {
		a.bad("kind %s: no action opens a record", k.Name)
	}
	for changed := true; changed; {
		changed = false
		for _, act := range k.Actions {
			if fromAny(k, act, reached) && mark(reached, act) {
				changed = true
			}
		}
	}
	for i, s := range k.States {
		sa := a.in(".states[%d]", i)
		sa.label(s.Label, "state "+s.State)
		if !reached[s.State] {
			sa.bad("state %s is never reached", s.State)
		}
		if !s.End && !left(k, s.State) {
			sa.bad("state %s is a dead end: no action leaves it and it is not marked end", s.State)
		}
		k.checkNext(sa, s)
		if s.Todo == nil {
			continue
		}
		sa.in(".todo").label(s.Todo.Label, "task of state "+s.State)
		if c.Roles[s.Todo.Role] == nil {
			sa.in(".todo.role").bad("no role %s", s.Todo.Role)
		}
		if s.Todo.Clock != "" && k.Uses(s.Todo.Clock) == nil {
			sa.in(".todo.clock").bad("clock %s is not in the kind's clocks", s.Todo.Clock)
		}
	}
	c.checkDoers(a, k)
}

func mark(reached map[string]bool, act *Action) bool {
	changed := false
	for _, t := range targets(act) {
		if !reached[t] {
			reached[t], changed = true, true
		}
	}
	return changed
}

func targets(act *Action) []string {
	var out []string
	if act.To != "" {
		out = append(out, act.To)
	}
	for _, b := range act.Branch {
		out = append(out, b.To)
	}
	return out
}

func fromAny(k *Kind, act *Action, reached map[string]bool) bool {
	for s := range reached {
		if k.StartsFrom(act, s) {
			return true
		}
	}
	return false
}

func left(k *Kind, state string) bool {
	for _, act := range k.Actions {
		for _, t := range targets(act) {
			if t != state && k.StartsFrom(act, state) {
				return true
			}
		}
	}
	return false
}

// checkDoers finds actions nobody may do: no role, no effect, no lapse.
func (c *Catalogue) checkDoers(a at, k *Kind) {
	called := c.calledActions()
	for i, act := range k.Actions {
		lapses := slices.ContainsFunc(k.Clocks, func(u *ClockUse) bool { return u.Lapse == act.Action })
		if len(act.Roles) == 0 && !lapses && !called[k.Name+"."+act.Action] {
			a.in(".actions[%d]", i).bad("nobody may do %s: no role, no effect and no lapse names it", act.Action)
		}
	}
}

// calledActions are those effects name, and those a hook of the same system may
// order: a hook is Go, the catalogue cannot look inside.
func (c *Catalogue) calledActions() map[string]bool {
	called := map[string]bool{}
	hooked := map[string]bool{}
	for _, k := range c.Kinds {
		for _, act := range k.Actions {
			for _, e := range act.Effects {
				called[e.Do] = true
			}
			hooked[k.System] = hooked[k.System] || act.Hook != ""
		}
	}
	for _, k := range c.Kinds {
		for _, act := range k.Actions {
			called[k.Name+"."+act.Action] = called[k.Name+"."+act.Action] || hooked[k.System]
		}
	}
	return called
}

// checkClockUse demands that each clock a kind uses exists, is started and can
// be stopped, and that steps name only declared clocks.
func (c *Catalogue) checkClockUse(a at, k *Kind) {
	started, stopped := map[string]bool{}, map[string]bool{}
	for _, act := range k.Actions {
		if act.Clocks == nil {
			continue
		}
		for _, s := range act.Clocks.Start {
			started[s.Clock], stopped[s.Clock] = true, stopped[s.Clock] || s.Met
		}
		for code := range act.Clocks.Stop {
			stopped[code] = true
		}
	}
	for i, u := range k.Clocks {
		ua := a.in(".clocks[%d]", i)
		if c.Clocks[u.Clock] == nil {
			ua.bad("no clock rule %s", u.Clock)
		}
		if !started[u.Clock] {
			ua.bad("nothing starts clock %s", u.Clock)
		}
		if !stopped[u.Clock] && u.Lapse == "" {
			ua.bad("nothing stops clock %s", u.Clock)
		}
		if u.Lapse != "" && k.acts[u.Lapse] == nil {
			ua.in(".lapse").bad("no action %s", u.Lapse)
		}
	}
}

func (c *Catalogue) checkClockSteps(a at, k *Kind, act *Action) {
	s := act.Clocks
	if s == nil {
		return
	}
	known := func(p at, code string) {
		if k.Uses(code) == nil {
			p.bad("clock %s is not in the kind's clocks", code)
		}
	}
	for i, st := range s.Start {
		p := a.in(".clocks.start[%d]", i)
		known(p, st.Clock)
		p.in(".when").expr(st.WhenX)
		p.in(".from").expr(st.FromX)
		p.in(".period").expr(st.PeriodX)
		p.in(".each").expr(st.EachX)
		p.in(".act").expr(st.ActX)
	}
	for _, code := range sortedKeys(s.Stop) {
		out := s.Stop[code]
		known(a.in(".clocks.stop.%s", code), code)
		if !slices.Contains([]string{"met", "lapsed", "cancelled"}, out) {
			a.in(".clocks.stop.%s", code).bad("outcome %s is not met, lapsed or cancelled", out)
		}
	}
	for _, code := range sortedKeys(s.Pause) {
		p := a.in(".clocks.pause.%s", code)
		if known(p, code); !c.excludes(code, s.Pause[code]) {
			p.bad("the rule of clock %s excludes no time for %s", code, s.Pause[code])
		}
	}
	for i, code := range s.Resume {
		known(a.in(".clocks.resume[%d]", i), code)
	}
	if s.Extend != nil {
		known(a.in(".clocks.extend"), s.Extend.Clock)
		a.in(".clocks.extend.n").expr(s.Extend.NX)
		if r := c.Clocks[s.Extend.Clock]; r != nil && !slices.ContainsFunc(r.Rules, func(v *RuleVersion) bool { return r.ExtendOf(v.Version) != nil }) {
			a.in(".clocks.extend").bad("the rule of clock %s allows no extension", s.Extend.Clock)
		}
	}
}

// excludes reports whether some version of a rule knows a ground of pause.
func (c *Catalogue) excludes(code, ground string) bool {
	r := c.Clocks[code]
	return r == nil || slices.ContainsFunc(r.Rules, func(v *RuleVersion) bool { return slices.Contains(r.PausesOf(v.Version), ground) })
}
