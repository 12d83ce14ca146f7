package catalogue

import (
	"slices"

	"github.com/dinghai/dinghai/domain"
)

// What a role sees, within the area of the grant.
const (
	SeesWorked = "worked" // the kinds it acts on or reads, what these are about, and the open registers
	SeesAll    = "all"    // every kind that is not secret
	SeesOrgan  = "organ"  // as worked, but only records its own organ handles
	SeesOwn    = "own"    // records about the person or firm itself
	SeesNone   = "none"   // no business records: the three administrators see the organisation only
)

var sees = []string{"", SeesWorked, SeesAll, SeesOrgan, SeesOwn, SeesNone}

// SeenBy lists the kinds a role sees, in order. Every request asks, so the
// answer is kept; do not change it.
func (c *Catalogue) SeenBy(role string) []string {
	if list, ok := c.seen.Load(role); ok {
		return list.([]string)
	}
	list := c.seenBy(role)
	if c.Roles[role] != nil { // only as many as there are roles
		c.seen.Store(role, list)
	}
	return list
}

func (c *Catalogue) seenBy(role string) []string {
	r := c.Roles[role]
	if r == nil || r.Sees == SeesOwn {
		return nil
	}
	var out []string
	for _, k := range c.Ordered() {
		if k.workedBy(role) || r.Sees == SeesAll && !k.Secret || r.Sees != SeesNone && k.openRegister() {
			out = append(out, k.Name)
			if k.Subject != "" {
				out = append(out, k.Subject)
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// workedBy reports whether a role acts on a kind, has tasks on it or reads it.
func (k *Kind) workedBy(role string) bool {
	return slices.Contains(k.Read, role) ||
		slices.ContainsFunc(k.Actions, func(a *Action) bool { return slices.Contains(a.Roles, role) }) ||
		slices.ContainsFunc(k.States, func(s *State) bool { return s.Todo != nil && s.Todo.Role == role })
}

// openRegister is a register of subjects the public may consult: any officer may.
func (k *Kind) openRegister() bool {
	return k.Class == domain.Subject && k.Public != nil && k.Public.When != ""
}

// Readers lists the roles that see a kind: those that act on it or read it, and
// those that see all.
func (c *Catalogue) Readers(kind string) []string {
	k := c.Kinds[kind]
	if k == nil {
		return nil
	}
	var out []string
	for _, r := range c.RoleList() {
		if k.workedBy(r.Role) && r.Sees != SeesOwn && r.Role != "importer" || r.Sees == SeesAll && !k.Secret && r.Role != "system" {
			out = append(out, r.Role)
		}
	}
	return out
}

// AreaName is an area's name, or its code where it is unknown.
func (c *Catalogue) AreaName(code string) string {
	if a := c.Areas[code]; a != nil {
		return a.ZH
	}
	return code
}

func (c *Catalogue) checkRole(r *Role) {
	if !slices.Contains(sees, r.Sees) {
		c.problem("base/roles.yaml", "$.roles", "role "+r.Role+" sees "+r.Sees+": choose worked, all, organ, own or none")
	}
}
