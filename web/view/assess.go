package view

// AssessList is the assessment sheets.
type AssessList struct {
	Tabs  []NavTab
	Rows  []AssessRow
	Pager Pager
	New   *Form
}

// AssessRow is one sheet of the list.
type AssessRow struct {
	Link
	Area, Period, State string
	Score, Full         string
}

// AssessSheet is one sheet with its score.
type AssessSheet struct {
	Tabs                 []NavTab
	Here, Record         string
	Seq                  int
	Title, State, Area   string
	Period, To           string
	May                  bool
	Note                 string
	Problems             []string
	Score, Full, Missing string
	Lines                []AssessLine
	Choice               AskChoice
	Rules                []Option
	Typed                map[string]string // the form of one line
}

// AssessLine is one line of a sheet.
type AssessLine struct {
	Number              int
	Item, What          string
	Target, Weight      string
	Value               Link // to the rows behind it
	Rule, Formula       string
	Score, Missing, Gap string
	Full                bool // nothing is missing
	Wrong               string
	Edit                string
}
