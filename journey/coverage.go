package journey

import (
	"errors"
	"fmt"
	"slices"
	"sort"
	"strings"

	"github.com/dinghai/dinghai/catalogue"
	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/engine/clock"
)

var zone = clock.Zone

// Coverage notes what of the catalogue was exercised.
type Coverage struct {
	cat  *catalogue.Catalogue
	seen map[string]bool // kind/what/name
}

// NewCoverage starts an empty one.
func NewCoverage(c *catalogue.Catalogue) *Coverage {
	return &Coverage{cat: c, seen: map[string]bool{}}
}

func (c *Coverage) note(kind, what, name string) { c.seen[kind+"/"+what+"/"+name] = true }

// needs reports whether a refusal of an action was not yet seen.
func (c *Coverage) needs(kind, action, what string) bool {
	return !c.seen[kind+"/refused by "+what+"/"+action]
}

// did notes the actions and clock outcomes of a receipt.
func (c *Coverage) did(r domain.Receipt) {
	for _, e := range r.Events {
		c.note(e.Kind, "action", e.Action)
		for _, k := range e.Changes.Clocks {
			switch {
			case k.Outcome == domain.MetLate:
				c.note(e.Kind, "clock met", k.Code)
			case k.Outcome != "":
				c.note(e.Kind, "clock "+k.Outcome, k.Code)
			}
			if len(k.Pauses) > 0 {
				c.note(e.Kind, "clock paused", k.Code)
			}
			if len(k.Ext) > 0 {
				c.note(e.Kind, "clock extended", k.Code)
			}
		}
	}
}

func (c *Coverage) refused(kind, action string, err error) {
	var e *domain.Error
	if !errors.As(err, &e) {
		return
	}
	switch e.Code {
	case domain.Forbidden:
		c.note(kind, "refused by role", action)
	case domain.NotNow:
		c.note(kind, "refused by state", action)
	case domain.Guarded:
		for _, p := range e.Problems {
			c.note(kind, "guard", action+"."+p.Rule)
		}
	}
}

// Wanted lists what the journeys of a kind must show.
func (c *Coverage) Wanted(k *catalogue.Kind) []string {
	var want []string
	add := func(what, name string) { want = append(want, k.Name+"/"+what+"/"+name) }
	paused, extended, metable := map[string]bool{}, map[string]bool{}, map[string]bool{}
	for _, a := range k.Actions {
		add("action", a.Action)
		add("refused by role", a.Action)
		if a.Opens || anyOtherState(k, a) {
			add("refused by state", a.Action)
		}
		for _, g := range a.Guards {
			add("guard", a.Action+"."+g.Guard)
		}
		if a.Clocks == nil {
			continue
		}
		for code := range a.Clocks.Pause {
			paused[code] = true
		}
		if a.Clocks.Extend != nil {
			extended[a.Clocks.Extend.Clock] = true
		}
		for code, o := range a.Clocks.Stop {
			if o == domain.Met {
				metable[code] = true
			}
		}
	}
	for _, u := range k.Clocks {
		if metable[u.Clock] {
			add("clock met", u.Clock)
			if u.Lapse == "" && !c.back(u.Clock) {
				add("clock missed", u.Clock)
			}
		}
		if paused[u.Clock] {
			add("clock paused", u.Clock)
		}
		if extended[u.Clock] {
			add("clock extended", u.Clock)
		}
	}
	return want
}

func (c *Coverage) back(code string) bool {
	r := c.cat.Clocks[code]
	return r != nil && len(r.Rules) > 0 && r.Rules[0].Back
}

func anyOtherState(k *catalogue.Kind, a *catalogue.Action) bool {
	return slices.ContainsFunc(k.States, func(s *catalogue.State) bool { return !k.StartsFrom(a, s.State) })
}

// Report gives one line per kind and the list of what is missing.
func (c *Coverage) Report(kinds []*catalogue.Kind) (lines, missing []string) {
	for _, k := range kinds {
		want := c.Wanted(k)
		have := 0
		for _, w := range want {
			if c.seen[w] {
				have++
			} else {
				missing = append(missing, w)
			}
		}
		if len(want) > 0 {
			lines = append(lines, fmt.Sprintf("%-32s %4d of %4d  %3d%%", k.Name, have, len(want), have*100/len(want)))
		}
	}
	sort.Strings(missing)
	return lines, missing
}

// Of filters kinds by system.
func Of(kinds []*catalogue.Kind, systems ...string) []*catalogue.Kind {
	var out []*catalogue.Kind
	for _, k := range kinds {
		if slices.Contains(systems, strings.SplitN(k.Name, ".", 2)[0]) {
			out = append(out, k)
		}
	}
	return out
}
