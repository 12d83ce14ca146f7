package view

// Login is the page to sign in on.
type Login struct {
	Form     Form
	Outside  []Link // identity providers
	Passkey  bool   // passkeys can be used here
	Why      string // why passkeys cannot
	Note     string // what brought the reader here
	Next     string
	DemoNote string
}

// Account is a person's own page.
type Account struct {
	Name     string
	Data     []Pair
	Notes    []string // what needs doing: no passkey yet, certificate ends
	Done     string   // what was just done
	Grants   []GrantRow
	Stands   []Link // absent colleagues this person stands in for
	Passkeys []PasskeyRow
	Passkey  bool
	Fresh    bool // signed in a moment ago: no password is asked for
	Why      string
	Outside  []IdentityRow
	Sessions []SessionRow
	Absence  Form
	Away     string // the absence entered, "" = none
	Password Form
}

// GrantRow is one grant and where it comes from.
type GrantRow struct {
	Role, Area, Period string
	Why                string // who gave it, when, on what basis
	Aside              string // why it does not count in this session
	Href               string
}

// PasskeyRow is one passkey of a person.
type PasskeyRow struct{ ID, Name, Made, Used, Kind string }

// IdentityRow is a tie to an outside provider.
type IdentityRow struct{ Provider, Name, Made string }

// SessionRow is one sign-in.
type SessionRow struct {
	ID, Agent, Network, Method, Made, Seen string
	Here                                   bool
}
