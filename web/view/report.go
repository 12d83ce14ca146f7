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
