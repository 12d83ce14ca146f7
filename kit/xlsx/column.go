package xlsx

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf16"

	"github.com/xuri/excelize/v2"

	"github.com/dinghai/dinghai/kit/calendar"
	"github.com/dinghai/dinghai/kit/table"
)

// Type is what the cells of a column hold, and the Go type of its values.
type Type int

const (
	Text    Type = iota // string
	Code                // string that must stay one: an identifier, a telephone number
	Int                 // int64
	Decimal             // int64, counting 10^-Places
	Date                // calendar.Date, "" if empty
	Bool                // bool, written 是 and 否
	Choice              // string, one of Choices
)

// Column is a column of a sheet with typed cells.
type Column struct {
	table.Column
	Title   string // heading, default the first alias, else the name
	Type    Type
	Places  int      // of Decimal
	Choices []string // of Choice; a list to pick from in the sheet
	Filled  bool     // an empty cell is an error
	Width   float64  // in characters, default by heading and type
}

func (c Column) title() string {
	switch {
	case c.Title != "":
		return c.Title
	case len(c.Aliases) > 0:
		return c.Aliases[0]
	}
	return c.Name
}

// IDColumn is the heading of the hidden first column that keeps identifiers, so
// that rows find their records again however people sort and edit them.
const IDColumn = "记录标识"

// ErrorColumn is the heading under which [MarkErrors] writes.
const ErrorColumn = "导入错误"

// Reasons of row errors beyond those of package table.
const (
	ReasonEmpty     = "empty"
	ReasonChoice    = "choice"
	ReasonBool      = "bool"
	ReasonDuplicate = "duplicate_id" // a row was copied together with its hidden identifier
)

// Record is a row with typed values.
type Record struct {
	table.Row
	ID     string            // of the hidden column, "" for a row that people added
	Values []any             // by column; nil where the cell is empty or wrong
	Errors []*table.RowError // every fault of the row
}

// Records yields the rows of a sheet below its header with typed values. Faults
// of rows are in the records; an error is the last thing it yields.
func (f *File) Records(sheet string, columns []Column) func(func(Record, error) bool) {
	wanted := []table.Column{{Name: IDColumn}, {Name: ErrorColumn}}
	for _, c := range columns {
		c.Column.Aliases = append(slices.Clip(c.Aliases), c.title())
		wanted = append(wanted, c.Column)
	}
	return func(yield func(Record, error) bool) {
		seen := map[string]bool{}
		for row, err := range f.Rows(sheet, wanted) {
			var re *table.RowError
			if err != nil && !asRow(err, &re) {
				yield(Record{}, err)
				return
			}
			r := record(row, columns)
			if re != nil {
				r.Errors = append(r.Errors, re)
			}
			if r.ID != "" && seen[r.ID] {
				r.Errors = append(r.Errors, &table.RowError{Row: row.Number, Column: IDColumn, Reason: ReasonDuplicate, Value: r.ID})
			}
			if seen[r.ID] = true; !yield(r, nil) {
				return
			}
		}
	}
}

func asRow(err error, re **table.RowError) (ok bool) {
	*re, ok = err.(*table.RowError)
	return ok
}

func record(row table.Row, columns []Column) Record {
	r := Record{Row: row, ID: row.Get(IDColumn).Text(), Values: make([]any, len(columns))}
	for i, c := range columns {
		v, err := c.read(row.Get(c.Name))
		var re *table.RowError
		if err != nil {
			asRow(err, &re)
			r.Errors = append(r.Errors, re)
			continue
		}
		r.Values[i] = v
	}
	return r
}

// read returns the typed value of a cell. Its errors are all *table.RowError.
func (c Column) read(cell table.Cell) (any, error) {
	bad := func(reason string) error {
		return &table.RowError{Row: cell.Row, Column: cell.Column, Reason: reason, Value: cell.Value}
	}
	if cell.Empty() {
		if c.Filled {
			return nil, bad(ReasonEmpty)
		}
		return nil, nil
	}
	switch c.Type {
	case Code:
		return keep(cell.Code())
	case Int:
		return keep(cell.Int())
	case Decimal:
		return keep(cell.Scaled(c.Places))
	case Date:
		return keep(cell.Date())
	case Bool:
		if v, ok := bools[strings.ToLower(cell.Text())]; ok {
			return v, nil
		}
		return nil, bad(ReasonBool)
	case Choice:
		if !slices.Contains(c.Choices, cell.Text()) {
			return nil, bad(ReasonChoice)
		}
	}
	return cell.Text(), nil
}

// keep drops the value where there is an error.
func keep[T any](v T, err error) (any, error) {
	if err != nil {
		return nil, err
	}
	return v, nil
}

var bools = map[string]bool{
	"是": true, "有": true, "对": true, "true": true, "1": true, "y": true, "yes": true, "√": true,
	"否": false, "无": false, "错": false, "false": false, "0": false, "n": false, "no": false, "×": false,
}

// format is the number format of the column's cells.
func (c Column) format() string {
	switch c.Type {
	case Code, Text, Choice:
		return "@" // what is typed stays as typed
	case Int:
		return "0"
	case Decimal:
		if c.Places > 0 {
			return "#,##0." + strings.Repeat("0", c.Places)
		}
		return "#,##0"
	case Date:
		return "yyyy-mm-dd"
	}
	return "General"
}

func (c Column) width() float64 {
	if c.Width > 0 {
		return c.Width
	}
	least := map[Type]int{Text: 20, Code: 20, Bool: 8, Choice: 12}[c.Type]
	return float64(max(12, least, 2*len([]rune(c.title()))+2))
}

// TypeError says that a program wrote a value of the wrong type.
type TypeError struct {
	Column string
	Value  any
}

func (e *TypeError) Error() string {
	return fmt.Sprintf("xlsx: column %q: a value of type %T", e.Column, e.Value)
}

// serial is the number that spreadsheets keep for a date.
func serial(d calendar.Date, mac1904 bool) int {
	if mac1904 {
		return d.Sub("1904-01-01")
	}
	return d.Sub("1899-12-30")
}

// maxList is what Excel takes for a list of choices in one formula.
const maxList = 255

// validation is the list to pick from, nil if the column has none. A list too
// long for a formula lies in a column of a hidden sheet.
func (c Column) validation(f *excelize.File, at int) (*excelize.DataValidation, error) {
	choices := c.Choices
	if c.Type == Bool {
		choices = []string{"是", "否"}
	}
	if c.Type != Bool && c.Type != Choice || len(choices) == 0 {
		return nil, nil
	}
	letter, err := excelize.ColumnNumberToName(at)
	if err != nil {
		return nil, err
	}
	dv := excelize.NewDataValidation(true)
	dv.Sqref = fmt.Sprintf("%s2:%s%d", letter, letter, excelize.TotalRows)
	dv.ShowErrorMessage = true
	joined := strings.Join(choices, ",")
	if len(utf16.Encode([]rune(joined))) <= maxList && !slices.ContainsFunc(choices, func(s string) bool { return strings.ContainsAny(s, `,"`) }) {
		return dv, dv.SetDropList(choices)
	}
	if _, err := f.NewSheet(listSheet); err != nil {
		return nil, err
	}
	if err := f.SetSheetVisible(listSheet, false); err != nil {
		return nil, err
	}
	cells := make([]any, len(choices))
	for i, s := range choices {
		cells[i] = s
	}
	if err := f.SetSheetCol(listSheet, letter+"1", &cells); err != nil {
		return nil, err
	}
	dv.SetSqrefDropList(fmt.Sprintf("%s!$%s$1:$%s$%d", listSheet, letter, letter, len(choices)))
	return dv, nil
}

const listSheet = "_lists"
