package view

// AskChoice is what a form offers to name a figure.
type AskChoice struct {
	Figure, FigureName    string
	Periods, Areas, Shows []Option
}

// FormList is the workbooks of higher offices.
type FormList struct {
	Tabs     []NavTab
	Rows     []FormRow
	Pager    Pager
	MayNew   bool
	Title    string // as typed
	Areas    []Option
	Problems []string
}

// FormRow is one workbook of the list.
type FormRow struct {
	Link
	Area, State string
	Last, Waits string // day of the latest filling; what is still to be filled
	Cells       int
}

// BookPage is the page of a workbook.
type BookPage struct {
	Tabs          []NavTab
	Here          string
	Record, Blank string // address of the record, of the blank file
	Seq           int
	Title, State  string
	Area          string
	May           bool
	Note          string
	Problems      []string
	Sheets        []NavTab
	Sheet, Cell   string // chosen
	Cols          []string
	Grid          []SheetRow
	GridMore      bool
	Choice        AskChoice
	Scales        []Option
	Tied          []TiedCell
	To            string // day the figures run to
	Filled        []FillingRow
	Fillings      int
}

// SheetRow is a row of the grid.
type SheetRow struct {
	Number int
	Cells  []SheetCell
}

// SheetCell is a cell of the grid.
type SheetCell struct {
	Ref, Text, Href  string
	Formula, Chosen  bool
	Tied             string // what it is tied to
	ColSpan, RowSpan int
}

// TiedCell is a cell with what it is tied to.
type TiedCell struct {
	Place, Sheet, Cell, Href string
	What, Value, Rows        string // Rows: address of the rows behind the value
}

// FillingRow is one filling of the list.
type FillingRow struct {
	Link
	On, File string
}

// FilledPage is one filling.
type FilledPage struct {
	Tabs             []NavTab
	Title, To, On    string
	File, Case       string
	Before           string // day of the filling it is compared with; "" = it is the first
	Changed, Differs int
	Cells            []FilledCell
}

// FilledCell is a cell with its source.
type FilledCell struct {
	Place              string
	What               Link
	Value, Was, Change string
	Differs            string // what the records say now at the same positions, where it is not the value
}
