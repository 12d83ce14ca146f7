package view

// Writing is the list of reports and the form that begins one.
type Writing struct {
	Tabs  []NavTab
	Rows  []WritingRow
	Pager Pager
	New   *Form // nil: the viewer may not begin one
}

// WritingRow is one report of the list.
type WritingRow struct {
	Link
	Template, Period, Area, State string
}

// Write is the page on which a report is written.
type Write struct {
	Tabs                  []NavTab
	Here, Case            string // address of the page and of the record
	Seq                   int
	Draft, Kept           string // key of the draft; when one was kept
	Title, From, To, Body string
	Area, State, Plain    string
	Language              string // of the report
	May                   bool   // the viewer may change it now
	MayPublish            bool
	MayWithdraw, MayDrop  bool
	Public                string // where everybody reads it; "" = not published
	Frozen, PublishedAt   string // hash of the published file
	Note                  string // what was done
	Problems              []Link
	Changed               *TextChange
	Moves                 []MovedFigure // which a refresh would change
	Refreshed             []MovedFigure // which the latest refresh changed
	JustRefreshed         bool
	Look                  TextLook
	Pick                  FigurePick
	Versions              []TextVersion
}

// TextLook is the text with its figures, and what is to be said about it.
type TextLook struct {
	Blocks  []Block
	Wrong   []string      // marks nobody can fill
	Numbers []DraftNumber // typed numbers the records do not bear out
	Agree   int           // typed numbers they do
}

// TextChange is what somebody else saved meanwhile.
type TextChange struct {
	Events  []Event
	Lines   []DiffLine
	Clashes int // places both changed
}

// DiffLine is a line that came or went.
type DiffLine struct {
	Added bool
	Text  string
}

// MovedFigure is a figure that reads differently now.
type MovedFigure struct {
	Link
	Old, New string
}

// TextVersion is an earlier state of the text.
type TextVersion struct {
	Event Event
	Href  string // loads it into the form; "" = the present one, or no text
}

// FigurePick is the search for a figure.
type FigurePick struct {
	Query                 string
	Periods, Areas, Shows []Option
	Asked                 bool
	Found                 []FoundFigure
	More                  int // found beyond those shown
}

// FoundFigure is one answer of the search.
type FoundFigure struct {
	Label, System, Value, Unit, Mark string
}
