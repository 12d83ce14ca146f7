package domain

import "slices"

// Viewer is a person as pages, lists and exports know them: what they may do
// (Actor) and which records they may see (Scope).
type Viewer struct {
	Actor
	Person Ref      // the person's own record; zero = a stranger
	StaffN string   // number shown to the public instead of the name
	For    []string // ids of absent colleagues this person stands in for
	Scope  Scope
	Admin  string // system_admin | security_admin | audit_admin: the three separate administrators; "" = none
	Strong bool   // signed in with user verification (passkey) in this session
}

// Known reports whether somebody is signed in.
func (v Viewer) Known() bool { return !v.Person.Zero() }

// Scope is a row right: the records a person may see. It is a closed set of
// clauses, so that lists, counts, search and exports compile it to SQL.
type Scope struct {
	All bool     // every record (checks, trials); Any is ignored
	Any []Clause // a record is seen if one clause covers it …
	Not []Ref    // … unless it is one of these: cases the person withdrew from (recusal)
}

// Clause covers records that fit all of its parts that are set.
type Clause struct {
	Kinds    []string // nil = every kind
	Area     string   // with everything below it
	Organ    string   // handled by that organ
	Assignee string   // with an open or done task of that person
	Of       Ref      // about that subject, or the subject itself: one's own
	Role     string   // the grant it comes from, for "why can I see this"
}

// Covers reports whether the scope lets its holder see a record.
func (s *Scope) Covers(r *Record) bool {
	if s == nil {
		return true
	}
	if slices.Contains(s.Not, r.Ref) {
		return false
	}
	return s.All || s.Through(r) != nil
}

// Through finds the clause by which a record is seen: the answer to "why can I
// see this"; nil if there is none.
func (s *Scope) Through(r *Record) *Clause {
	for i := range s.Any {
		if s.Any[i].covers(r) {
			return &s.Any[i]
		}
	}
	return nil
}

func (c *Clause) covers(r *Record) bool {
	return (c.Kinds == nil || slices.Contains(c.Kinds, r.Kind)) && Within(r.Area, c.Area) &&
		(c.Organ == "" || c.Organ == r.Organ) && (c.Of.Zero() || c.Of == r.Of || c.Of == r.Ref) &&
		(c.Assignee == "" || slices.ContainsFunc(r.Tasks, func(t Task) bool { return t.Assignee == c.Assignee }))
}

// Narrow makes a scope as small as a query of one kind and area lets it be:
// nil when everything the query can find is seen anyway. area is the query's
// own, or a clause's where that one alone decides.
func (s *Scope) Narrow(kind, area string) (narrowed *Scope, within string) {
	if s == nil || s.All && len(s.Not) == 0 {
		return nil, area
	}
	out := &Scope{All: s.All, Not: s.Not}
	for _, c := range s.Any {
		if kind != "" && c.Kinds != nil && !slices.Contains(c.Kinds, kind) {
			continue
		}
		if kind != "" {
			c.Kinds = nil
		}
		plain := c.Kinds == nil && c.Organ == "" && c.Assignee == "" && c.Of.Zero()
		if plain && Within(area, c.Area) && len(s.Not) == 0 {
			return nil, area
		}
		out.Any = append(out.Any, c)
	}
	if len(out.Any) == 1 && len(s.Not) == 0 {
		if c := out.Any[0]; c.Kinds == nil && c.Organ == "" && c.Assignee == "" && c.Of.Zero() && Within(c.Area, area) {
			return nil, c.Area
		}
	}
	return out, area
}
