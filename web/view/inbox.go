package view

// Inbox is what somebody must do next.
type Inbox struct {
	Tab   string
	Tabs  []Tab
	Chips []Link // filters in force; each link takes its own away
	Kinds []Option
	Late  bool
	Rows  []TaskRow
	Pager Pager
	Saved Saved
}

// Tab is one list of several, with its true number.
type Tab struct {
	Link
	Count int
	Here  bool
}

// TaskRow is one task with the record it stands on.
type TaskRow struct {
	Title                                                  Link
	Number, Kind, Subject, State, Todo, Officer, Area, Day string
	Due                                                    *Due
	Take                                                   *Take
}

// Saved is the person's own views of a page.
type Saved struct {
	Page, Query string
	Views       []Link
	Offer       bool // the page is narrowed: it can be saved
}
