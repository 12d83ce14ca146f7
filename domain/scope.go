package domain

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
	Kinds    []string // nil = every kind that is not secret
	Area     string   // with everything below it
	Organ    string   // handled by that organ
	Assignee string   // with an open or done task of that person
	Of       Ref      // about that subject, or the subject itself: one's own
	Role     string   // the grant it comes from, for "why can I see this"
}
