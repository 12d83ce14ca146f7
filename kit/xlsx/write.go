package xlsx

import (
	"fmt"
	"io"
	"time"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"

	"github.com/dinghai/dinghai/kit/calendar"
)

// Writer writes a spreadsheet of one sheet, row by row. Text is written as
// text: an identifier keeps all its digits, and what begins with "=" does not
// become a formula. Rows go to a temporary file, not to memory; what is held in
// memory at the end is the compressed file.
type Writer struct {
	out    io.Writer
	f      *excelize.File
	s      *excelize.StreamWriter
	date   int // style
	row    int
	failed error
}

// heading is a column as it is laid out.
type heading struct {
	title  string
	width  float64
	format string // of the whole column, "" for none
	hidden bool
}

// NewWriter begins a sheet with a header in bold that stays in view. Close must
// be called to write anything to out.
func NewWriter(out io.Writer, sheet string, header ...string) (*Writer, error) {
	columns := make([]heading, len(header))
	for i, h := range header {
		columns[i] = heading{title: h, width: float64(max(12, 2*utf8.RuneCountInString(h)+2))}
	}
	return newWriter(out, sheet, columns, nil)
}

func newWriter(out io.Writer, sheet string, columns []heading, lists func(*excelize.File) error) (*Writer, error) {
	w := &Writer{out: out, f: excelize.NewFile()}
	if err := w.begin(sheet, columns, lists); err != nil {
		_ = w.f.Close()
		return nil, fmt.Errorf("xlsx: write: %w", err)
	}
	return w, nil
}

func (w *Writer) begin(sheet string, columns []heading, lists func(*excelize.File) error) (err error) {
	if err = w.f.SetSheetName("Sheet1", sheet); err != nil {
		return err
	}
	if w.date, err = w.style("yyyy-mm-dd"); err != nil {
		return err
	}
	bold, err := w.f.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}})
	if err != nil {
		return err
	}
	if lists != nil {
		if err := lists(w.f); err != nil {
			return err
		}
	}
	if w.s, err = w.f.NewStreamWriter(sheet); err != nil {
		return err
	}
	return w.head(columns, bold)
}

func (w *Writer) style(format string) (int, error) {
	return w.f.NewStyle(&excelize.Style{CustomNumFmt: &format})
}

// head sets the columns and the frozen pane, which a stream wants before any
// row.
func (w *Writer) head(columns []heading, bold int) error {
	if len(columns) == 0 {
		return nil
	}
	cells := make([]any, len(columns))
	for i, h := range columns {
		cells[i] = excelize.Cell{StyleID: bold, Value: h.title}
		if err := w.s.SetColWidth(i+1, i+1, h.width); err != nil {
			return err
		}
		if h.hidden {
			if err := w.s.SetColVisible(i+1, i+1, false); err != nil {
				return err
			}
		}
		if h.format == "" {
			continue
		}
		style, err := w.style(h.format)
		if err != nil {
			return err
		}
		if err := w.s.SetColStyle(i+1, i+1, style); err != nil {
			return err
		}
	}
	if err := w.s.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return err
	}
	return w.put(cells)
}

// Write adds a row of strings, numbers, bools, dates (calendar.Date or
// time.Time) or nil for an empty cell.
func (w *Writer) Write(values ...any) error {
	cells := make([]any, len(values))
	for i, v := range values {
		cells[i] = w.cell(v)
	}
	if err := w.put(cells); err != nil {
		return fmt.Errorf("xlsx: write row %d: %w", w.row, err)
	}
	return nil
}

func (w *Writer) cell(v any) any {
	switch v := v.(type) {
	case calendar.Date:
		if !v.Valid() {
			return string(v)
		}
		return excelize.Cell{StyleID: w.date, Value: v.Time(time.UTC)}
	case nil, string, bool, time.Time, int, int8, int16, int32, int64, uint, uint8, uint16, uint32, uint64, float32, float64:
		return v
	default:
		return fmt.Sprint(v)
	}
}

func (w *Writer) put(cells []any) error {
	if w.failed != nil {
		return w.failed
	}
	w.row++
	at, err := excelize.CoordinatesToCellName(1, w.row)
	if err == nil {
		err = w.s.SetRow(at, cells)
	}
	w.failed = err
	return err
}

// Close writes the file out. After an error it writes nothing.
func (w *Writer) Close() error {
	defer w.f.Close()
	if w.failed != nil {
		return w.failed
	}
	if err := w.s.Flush(); err != nil {
		return fmt.Errorf("xlsx: write: %w", err)
	}
	if err := w.f.Write(w.out); err != nil {
		return fmt.Errorf("xlsx: write: %w", err)
	}
	return nil
}

// Table writes a sheet of typed columns, ready for people to fill in and hand
// back to [File.Records]: formats by type, lists to pick from, and a hidden
// column of identifiers.
type Table struct {
	w       *Writer
	columns []Column
	ids     bool
	cells   []any
}

// NewTable begins a sheet; with ids there is the hidden column. Close must be
// called to write anything to out.
func NewTable(out io.Writer, sheet string, columns []Column, ids bool) (*Table, error) {
	var heads []heading
	if ids {
		heads = append(heads, heading{title: IDColumn, width: 20, format: "@", hidden: true})
	}
	first := len(heads) + 1
	for _, c := range columns {
		heads = append(heads, heading{title: c.title(), width: c.width(), format: c.format()})
	}
	w, err := newWriter(out, sheet, heads, func(f *excelize.File) error {
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
	if err != nil {
		return nil, err
	}
	return &Table{w: w, columns: columns, ids: ids}, nil
}

// Write adds a row: the identifier, which is left out without ids, and a value
// of each column's type or nil. A value of another type is a *[TypeError], and
// the row is not written.
func (t *Table) Write(id string, values ...any) error {
	t.cells = t.cells[:0]
	if t.ids {
		t.cells = append(t.cells, id)
	}
	for i, c := range t.columns {
		var v any
		if i < len(values) {
			v = values[i]
		}
		cell, err := c.cell(v)
		if err != nil {
			return err
		}
		t.cells = append(t.cells, cell)
	}
	if len(values) > len(t.columns) {
		return &TypeError{"", values[len(t.columns)]}
	}
	if err := t.w.put(t.cells); err != nil {
		return fmt.Errorf("xlsx: write row %d: %w", t.w.row, err)
	}
	return nil
}

// Close writes the file out. After an error it writes nothing.
func (t *Table) Close() error { return t.w.Close() }
