package domain

// ListQuery asks for records. Zero values do not filter.
type ListQuery struct {
	Kind   string
	Class  string
	States []string
	Area   string // with everything below it
	Of     Ref
	Text   string            // full text, as in Search
	Fields map[string]string // declared filter fields, equality
	Spans  []Span            // declared date fields, within days
	From   Date              // opened from
	To     Date              // opened to
	DueTo  Date              // an open clock is due by then
	Sort   string            // opened (default) | due | number; due lists only what is due
	Asc    bool              // smallest first; due always is
	Voided bool              // include voided records
	Scope  *Scope            // row rights; nil = no restriction (the platform itself)
	After  string            // cursor of the previous page
	Limit  int
}

// Span is a declared date field between two days; "" leaves a side open.
type Span struct {
	Field    string
	From, To Date
}

// ListPage is one page with the true total.
type ListPage struct {
	Rows  []ListRow
	Total int
	Next  string // cursor; "" = no more
}

// ListRow is a record as lists show it.
type ListRow struct {
	Ref
	Kind, Class, State, Number, Title, Code, Area, Organ string
	Of                                                   Ref
	Opened, Closed                                       Date
	Due                                                  Date // earliest open clock
	Voided                                               bool
}

// SearchQuery finds records by name, code, number or pinyin initials.
type SearchQuery struct {
	Text  string
	Kind  string
	Area  string
	Scope *Scope
	After string
	Limit int
}

// TaskQuery asks for open tasks, earliest due first.
type TaskQuery struct {
	Roles     []string
	May       []Grant // for one of these roles, in its area
	Area      string
	Assignees []string // of any of these
	Free      bool     // nobody's yet
	Kind      string
	DueTo     Date
	Scope     *Scope
	After     string
	Limit     int
}

// ClockQuery asks for clocks that run, by due date.
type ClockQuery struct {
	From, To Date // due in these days
	Area     string
	Kind     string
	Code     string
	Scope    *Scope
	After    string // cursor of the previous page
	Limit    int
}

// DayCount is how many fall on a day.
type DayCount struct {
	Day   Date
	Count int
}

// Mode says how the rows of a slice become a total.
type Mode string

// The modes.
const (
	ModeSum      Mode = "sum"      // add Num and Den of the rows dated in [From, To]
	ModeStock    Mode = "stock"    // add Num and Den of the spells that hold on To
	ModeDistinct Mode = "distinct" // count distinct keys dated in [From, To]
	ModeFirst    Mode = "first"    // count keys whose first row ever is dated in [From, To]
	ModeLatest   Mode = "latest"   // per key only the latest row (by day, then position) dated in [From, To]
	ModeEvery    Mode = "every"    // per key: 1 in Num if its Num equals its Den over [From, To], 1 in Den
)

// Slice names rows of one indicator version: a period, an area or zone, and
// optionally the log positions of a frozen report.
type Slice struct {
	Indicator string
	Version   int
	Mode      Mode
	From, To  Date
	Area      string        // with everything below it; "" = all
	Zone      string        // only rows that carry the zone
	At        map[int]int64 // positions per home; nil = now
	Keys      []string      // only these keys; nil = all
}

// Total is a sum with the number of rows (or keys) it rests on.
type Total struct {
	Num, Den int64
	Rows     int
}

// SliceRow is one row behind a total with what identifies its record.
type SliceRow struct {
	Contribution
	Kind, State, Number, Title string
	Of                         Ref
}

// Cursor is where a task stands in the order of Tasks: the After of the next page.
func (t TaskRow) Cursor() string {
	due := t.Due
	if due == "" {
		due = Forever // tasks without a date come last
	}
	return string(due) + "~" + t.Record + "~" + t.ID
}

// Cursor is where a clock stands in the order of Clocks.
func (c ClockRow) Cursor() string {
	return string(c.Due) + "~" + c.Record + "~" + c.ID
}
