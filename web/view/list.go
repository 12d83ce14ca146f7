package view

// Lists is every kind the viewer may see.
type Lists struct{ Subjects, Matters []Count }

// List is one kind of record, filtered and sorted.
type List struct {
	Kind, Title, About string
	Filter             Filter
	Chips              []Link
	Saved              Saved
	Columns            []Option
	Sorts              []Tab
	New                []Link   // actions that open such a record
	Bulk               []Option // actions on several at once
	Head               []string
	Rows               []ListRow
	Pager              Pager
	Narrowed           bool
	Query              string // address of this list as it is, for exports
}

// ListRow is one row with the cells of the chosen columns.
type ListRow struct {
	Ref    string
	Voided bool
	Cells  []Cell
}

// Cell is one value of a row.
type Cell struct {
	Link
	Lead, Num bool
	Due       *Due
}

// Filter is the form above a list.
type Filter struct {
	Text, Area, AreaName, From, To, Due string
	Voided, Open                        bool
	States                              []Option
	Fields                              []FilterField
	Columns                             []string // kept while filtering
}

// FilterField narrows by one declared field.
type FilterField struct {
	Name, Label, Value, Text, Pick, From, To string
	Date                                     bool
	Options                                  []Option
}

// Bulk is one action on several records.
type Bulk struct {
	Kind, Title, Action, Batch, Back, Reason string
	Refs                                     []string
	Inputs                                   Inputs
	Filled                                   bool // the form is filled: rows say what would happen
	Done                                     bool // rows say what happened
	Rows                                     []BulkRow
	Good, Bad                                int
}

// BulkRow is one record of a bulk step.
type BulkRow struct {
	Link
	Ref, State, To string
	Problems       []string
}

// Back is a sheet that came back: the changes it would make, or made.
type Back struct {
	Kind, Title, Reason, Batch, Changes string
	Done, Asked                         bool // made; asked for but without a reason
	Rows                                []BackRow
	Good, Bad, Ignored                  int
}

// BackRow is one changed cell.
type BackRow struct {
	Link
	Row             int
	Field, Was, Now string
	Problems        []string
}
