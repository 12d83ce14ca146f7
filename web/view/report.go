package view

// Report is the page of the work report.
type Report struct {
	Missing  bool // no template installed
	Form     Ask
	Langs    []Option
	Summary  string
	Blocks   []Block
	Findings []Finding
	Figures  []ReportFigure
	Markdown string // addresses of the downloads
	JSON     string
}

// Block is a heading, a paragraph or a list of the text.
type Block struct {
	Kind  string // h1 h2 h3 h4 p ul
	Items [][]Piece
}

// Piece is text, or a figure.
type Piece struct {
	Text, Href, Value, Definition string
	Mark                          string // as the text has it
	Figure, Missing               bool
}

// Finding is something the reader has to know.
type Finding struct {
	Kind, Text string
	Figures    []Link
}

// ReportFigure is one number of the report.
type ReportFigure struct {
	Link
	Stated, Computed, Verdict, Parts string
}

// Draft is the page of the draft checker.
type Draft struct {
	Missing bool
	Form    Ask
	Problem string
	Done    bool
	Summary string
	Pieces  []DraftPiece
	Numbers []DraftNumber
	Text    string
}

// DraftPiece is text of the draft, marked where it is a number.
type DraftPiece struct {
	Text, Verdict, Href, Note string
}

// DraftNumber is one number of the draft held against the records.
type DraftNumber struct {
	Text, Context, Verdict, Word, Record string
	Figure                               Link
}

// PublishedList is the page of the reports that were published.
type PublishedList struct {
	Rows    []PublishedRow
	Pager   Pager
	Officer bool // who looks works on reports
}

// PublishedRow is one of them.
type PublishedRow struct {
	Link
	Organ, Area, Period, On, Language string
	State                             string // "" = it stands
}

// PublishedReport is a report as it was published.
type PublishedReport struct {
	PublishedRow
	At        string // the minute it was frozen
	Lang      string
	Foreign   bool // in another language than the page
	Blocks    []Block
	Moves     []MovedFigure // which records entered since would change
	Withdrawn string        // when and why; "" = it stands
	Hash      string
	Key       string
	Signature string
	File      string // address of the signed file
	Name      string // and what it is called
	Desk      string // where it was written, for those who may go there
}
