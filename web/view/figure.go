package view

// Figure is the page of one figure.
type Figure struct {
	ID, Label, About, Kind, System string
	Value, Unit                    string
	Num, Den                       string
	Period, PeriodRule, Area       string
	Version                        int
	Hash                           string
	Of                             Link
	Clocks                         []Link
	Where, Expr                    string
	Rated, Metered, Stranger       bool
	Total, Sum                     string
	Form                           Ask
	Parts                          []Part
	Items                          []Item
	Rows                           []FigureRow
	Pager                          Pager
	CSV                            string
	Months                         []Month
	Published                      *AsPublished // nil: as the records are now
}

// AsPublished says in which report a figure stood so, and what it is now.
type AsPublished struct {
	Report    Link
	At        string
	Now       Link // value and address by the records of now; no text: not compared
	Moved     bool
	Redefined string // what is counted has been defined anew since
}

// Ask is a period and area to choose.
type Ask struct {
	From, To string
	Areas    []Option
}

// Part is an input of a derived figure.
type Part struct {
	Name string
	Link
	Value, Unit, Period, Rows string
}

// FigureRow is one row behind a figure.
type FigureRow struct {
	Link
	Day, Until, Number, Kind, Area, Result, Verdict, Quantity, Key string
}

// Month is the value of one month.
type Month struct {
	Name, Value, Unit, Raw, Rows, Href string
}

// Item is a watch item or bell of the catalogue.
type Item struct {
	Code, Label, Mode, Live, Basis, On string
	Replay                             string // address; "" = it cannot be replayed
}

// IndicatorGroup is the figures of one system.
type IndicatorGroup struct {
	System, Label string
	Rows          []Indicator
}

// Indicator is one line of the list of figures.
type Indicator struct {
	Link
	About, Kind, Unit string
	Of                Link
	Version           int
}
