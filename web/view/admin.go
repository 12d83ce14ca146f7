package view

// Admin is the frame of the administration's pages.
type Admin struct {
	Tabs []NavTab
	Done string
}

// NavTab is a tab that leads to another page.
type NavTab struct {
	Link
	Here bool
}

// People is the list of persons.
type People struct {
	Admin
	Text, State string
	States      []Option
	Organs      []Option
	Rows        []PersonRow
	Pager       Pager
	New         string // address of the form; "" = not this person's to do
}

// PersonRow is one person of the list.
type PersonRow struct {
	Link
	No, Organ, Duty, Login string
	Roles                  []string
	Marks                  []string // away, certificate ends, left
	Proof                  string   // how they can sign in
}

// Person is one person as the administration sees them.
type Person struct {
	Admin
	Name     string
	Record   string // address of the record itself
	Facts    []Pair
	Marks    []string
	Acts     []Link
	Grants   []AdminGrant
	Give     string // address of the form
	Proofs   []string
	Sessions []SessionRow
	MayEnd   bool
	MayLink  bool
	WhyNot   string // why no link can be made
	NewLink  string // the link just made, shown once
	Ref      string
}

// AdminGrant is a grant with what can be done to it.
type AdminGrant struct {
	GrantRow
	Person Link
	State  string
	Soon   bool // ends within a month
	Acts   []Link
}

// Grants is the list of grants.
type Grants struct {
	Admin
	Roles []Option
	Areas []Option
	Soon  bool
	Rows  []AdminGrant
	Pager Pager
	May   bool // give one
}

// Organs is the chart of authorities on a day.
type Organs struct {
	Admin
	Day   string
	Today bool
	Tree  []OrganNode
	New   string
	Count int
}

// OrganNode is an authority with those below it.
type OrganNode struct {
	Link
	Short, Kind, Area, Code string
	People                  int
	Acts                    []Link
	Below                   []OrganNode
}

// AccessLog is what was done to log-ins and who looked at what.
type AccessLog struct {
	Admin
	Form  Form
	Rows  []LogRow
	Older string
	What  []Option
	Who   string
	From  string
	To    string
}

// LogRow is one line of the access log.
type LogRow struct {
	At, Action, Detail string
	Actor, Target      Link
}
