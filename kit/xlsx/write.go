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
// become a formula.
type Writer struct {
	out    io.Writer
	f      *excelize.File
	s      *excelize.StreamWriter
	date   int // style
	row    int
	failed error
}

// NewWriter begins a sheet with a header in bold that stays in view. Close must
// be called to write anything to out.
func NewWriter(out io.Writer, sheet string, header ...string) (*Writer, error) {
	w := &Writer{out: out, f: excelize.NewFile()}
	if err := w.begin(sheet, header); err != nil {
		_ = w.f.Close()
		return nil, fmt.Errorf("xlsx: write: %w", err)
	}
	return w, nil
}

func (w *Writer) begin(sheet string, header []string) (err error) {
	if err = w.f.SetSheetName("Sheet1", sheet); err != nil {
		return err
	}
	format := "yyyy-mm-dd"
	if w.date, err = w.f.NewStyle(&excelize.Style{CustomNumFmt: &format}); err != nil {
		return err
	}
	bold, err := w.f.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}})
	if err != nil {
		return err
	}
	if w.s, err = w.f.NewStreamWriter(sheet); err != nil {
		return err
	}
	return w.head(header, bold)
}

// head sets widths and the frozen pane, which a stream wants before any row.
func (w *Writer) head(header []string, style int) error {
	cells := make([]any, len(header))
	for i, h := range header {
		cells[i] = excelize.Cell{StyleID: style, Value: h}
		if err := w.s.SetColWidth(i+1, i+1, float64(max(12, 2*utf8.RuneCountInString(h)+2))); err != nil {
			return err
		}
	}
	if len(header) == 0 {
		return nil
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
