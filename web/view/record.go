package view

// Tones of a due date: what colour and word it carries. Colour means nothing
// else on these pages.
const (
	Overdue = "overdue"
	Soon    = "soon"
	Next    = "next"
	Done    = "done"
	Kept    = "kept" // met in time
)

// Record is the page of one subject or case.
type Record struct {
	Kind    Link
	Title   string
	Number  string
	Facts   []Fact // state, subject, area, dates
	Plain   string // what the state means, for the public
	Marks   []string
	Reduced bool // what a stranger sees
	Public  bool
	Due     []Due
	Clocks  []Clock
	Data    []Datum
	Parties []Related
	Related []Related
	Papers  []Paper
	Events  []Event
	Cases   *CaseList
	Can     []Can  // what can be done now, and what not yet
	More    []Link // built-in actions
	Done    string // notice after an action
}

// Fact is a short labelled truth at the head of a record.
type Fact struct {
	Label string
	Link
}

// Due is what must happen next and by when.
type Due struct {
	Tone, Task, Who, Left, Day, Href string
	Take                             *Take // the task can be taken or given back
}

// Take is the button beside a task.
type Take struct {
	To, Task, Back string
	Mine           bool   // give it back
	Over           string // address to hand it over
}

// Opened is a sealed value shown once.
type Opened struct {
	Label, Text, Back string
	Files             []File
	Gone              bool // erased
}

// Clock is a statutory period and how its date comes about.
type Clock struct {
	ID, Label, Href     string
	Tone, Status        string
	Start, Due, Stopped string
	Why                 Why
}

// Why answers "why this date?".
type Why struct {
	Steps   []Pair // rule, statute, start, pauses, extensions, result: in order
	Skipped []Pair // day, reason
	Notes   []string
}

// Related is another record with its role towards this one.
type Related struct {
	Role string
	Link
	State string
}

// Paper is an official document of the case.
type Paper struct {
	Label, Number, On string
	Draft, Void       bool
	Data              []Pair
}

// Event is one step of the time line.
type Event struct {
	On      string
	Action  string
	State   string // state it led to
	Who     string
	Source  string
	Reason  string
	Marks   []string // late entry, opening balance …
	Details []Pair
}

// CaseList is the cases about a subject.
type CaseList struct {
	Rows  []Row
	Pager Pager
}

// Row is a record in a list.
type Row struct {
	Link
	Kind, Number, State, Area, Opened, Code string
	Due                                     *Due
}
