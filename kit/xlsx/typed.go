package xlsx

import (
	"io"
	"math"
	"slices"

	"github.com/xuri/excelize/v2"

	"github.com/dinghai/dinghai/kit/calendar"
)

// Table writes a sheet of typed columns, ready for people to fill in and hand
// back to [File.Records]: formats by type, lists to pick from, and a hidden
// column of identifiers.
type Table struct {
	w       *Writer
	columns []Column
	heads   []heading
	ids     bool
}

// NewTable begins a sheet; with ids there is the hidden column.
func NewTable(out io.Writer, sheet string, columns []Column, ids bool) (*Table, error) {
	t := &Table{columns: columns, ids: ids}
	if ids {
		t.heads = append(t.heads, heading{title: IDColumn, width: 20, format: "@", hidden: true})
	}
	first := len(t.heads) + 1
	for _, c := range columns {
		t.heads = append(t.heads, heading{title: c.title(), width: c.width(), format: c.format()})
	}
	var err error
	t.w, err = newWriter(out, sheet, t.heads, func(f *excelize.File) error {
		for i, c := range columns {
			dv, err := c.validation(f, first+i)
			if err == nil && dv != nil {
				err = f.AddDataValidation(sheet, dv)
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
	return t, err
}

// Write adds a row: the identifier, which is left out without ids, and a value
// of each column's type or nil. A value of another type is a *[TypeError], and
// the row is not written.
func (t *Table) Write(id string, values ...any) error {
	for i, v := range values {
		if i >= len(t.columns) {
			return &TypeError{"", v}
		}
		if v != nil && !t.columns[i].takes(v) {
			return &TypeError{t.columns[i].Name, v}
		}
	}
	t.w.beginRow()
	at := 0
	if t.ids {
		t.w.text(0, t.heads[0].style, id)
		at = 1
	}
	for i, v := range values {
		t.columns[i].write(t.w, at+i, t.heads[at+i].style, v)
	}
	return t.w.endRow()
}

// Close writes the end of the file.
func (t *Table) Close() error { return t.w.Close() }

// exact is the largest count that a spreadsheet, which keeps 15 digits, holds.
const exact = 1e15

// takes reports whether a value is of the column's type.
func (c Column) takes(v any) bool {
	switch x := v.(type) {
	case string:
		return c.Type == Text || c.Type == Code || c.Type == Choice && (x == "" || slices.Contains(c.Choices, x))
	case int64:
		return (c.Type == Int || c.Type == Decimal) && math.Abs(float64(x)) < exact
	case int:
		return c.takes(int64(x))
	case calendar.Date:
		return c.Type == Date && (x == "" || x.Valid())
	case bool:
		return c.Type == Bool
	}
	return false
}

// write encodes a value that takes has seen.
func (c Column) write(w *Writer, column, style int, v any) {
	switch x := v.(type) {
	case string:
		w.text(column, style, x)
	case int:
		c.write(w, column, style, int64(x))
	case int64:
		if c.Type == Int {
			w.integer(column, style, x)
		} else {
			w.float(column, style, float64(x)/math.Pow10(c.Places))
		}
	case calendar.Date:
		w.day(column, style, x)
	case bool:
		w.text(column, style, map[bool]string{true: "是", false: "否"}[x])
	}
}
