package xlsx

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"
)

// Writer writes a spreadsheet of one sheet, row by row. Text is written as
// text: an identifier keeps all its digits, and what begins with "=" does not
// become a formula.
//
// Rows are compressed and go to out as they come, so that memory does not grow
// with them. After an error, or without Close, what was written is no workbook.
type Writer struct {
	out     *zip.Writer
	sheet   io.Writer
	buf     []byte
	rest    []byte   // of the sheet, behind the rows
	letters []string // of the columns
	date    int      // styles
	moment  int
	row     int
	failed  error
}

// heading is a column as it is laid out.
type heading struct {
	title  string
	width  float64
	format string // of the whole column, "" for none
	hidden bool
	style  int
}

// NewWriter begins a sheet with a header in bold that stays in view.
func NewWriter(out io.Writer, sheet string, header ...string) (*Writer, error) {
	columns := make([]heading, len(header))
	for i, h := range header {
		columns[i] = heading{title: h, width: float64(max(12, 2*utf8.RuneCountInString(h)+2))}
	}
	return newWriter(out, sheet, columns, nil)
}

// newWriter has a workbook with the header laid out by excelize, and then takes
// over where the rows go.
func newWriter(out io.Writer, sheet string, columns []heading, more func(*excelize.File) error) (*Writer, error) {
	w := &Writer{out: zip.NewWriter(out), row: 1}
	w.out.RegisterCompressor(zip.Deflate, func(out io.Writer) (io.WriteCloser, error) { return flate.NewWriter(out, flate.BestSpeed) })
	if len(columns) == 0 {
		w.row = 0
	}
	f := excelize.NewFile()
	defer f.Close()
	err := w.layOut(f, sheet, columns)
	if err == nil && more != nil {
		err = more(f)
	}
	var b bytes.Buffer
	if err == nil {
		err = f.Write(&b)
	}
	if err == nil {
		err = w.begin(b.Bytes())
	}
	if err != nil {
		return nil, fmt.Errorf("xlsx: write: %w", err)
	}
	return w, nil
}

func (w *Writer) layOut(f *excelize.File, sheet string, columns []heading) (err error) {
	if err = f.SetSheetName("Sheet1", sheet); err != nil {
		return err
	}
	style := func(format string) (id int) {
		if err == nil {
			id, err = f.NewStyle(&excelize.Style{CustomNumFmt: &format})
		}
		return id
	}
	w.date, w.moment = style("yyyy-mm-dd"), style("yyyy-mm-dd hh:mm:ss")
	for i := range columns {
		h := &columns[i]
		if h.format != "" {
			h.style = style(h.format)
		}
		if err == nil {
			err = layOutColumn(f, sheet, i+1, *h)
		}
	}
	if err != nil || len(columns) == 0 {
		return err
	}
	bold, err := f.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}})
	if err != nil {
		return err
	}
	if err := f.SetRowStyle(sheet, 1, 1, bold); err != nil {
		return err
	}
	return f.SetPanes(sheet, &excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"})
}

func layOutColumn(f *excelize.File, sheet string, n int, h heading) error {
	letter, err := excelize.ColumnNumberToName(n)
	if err != nil {
		return err
	}
	if err := f.SetColWidth(sheet, letter, letter, h.width); err != nil {
		return err
	}
	if h.format != "" {
		if err := f.SetColStyle(sheet, letter, h.style); err != nil {
			return err
		}
	}
	if h.hidden {
		if err := f.SetColVisible(sheet, letter, false); err != nil {
			return err
		}
	}
	return f.SetCellStr(sheet, letter+"1", h.title)
}

const firstSheet = "xl/worksheets/sheet1.xml"

// dimension is left out, since the number of rows is not known yet and readers
// believe it.
var dimension = regexp.MustCompile(`<dimension [^>]*(/>|></dimension>)`)

// begin copies the workbook up to the place of the rows.
func (w *Writer) begin(book []byte) error {
	z, err := zip.NewReader(bytes.NewReader(book), int64(len(book)))
	if err != nil {
		return err
	}
	var sheet []byte
	for _, f := range z.File {
		if f.Name != firstSheet {
			if err := w.out.Copy(f); err != nil {
				return err
			}
			continue
		}
		r, err := f.Open()
		if err != nil {
			return err
		}
		if sheet, err = io.ReadAll(r); err != nil {
			return err
		}
	}
	sheet = dimension.ReplaceAll(sheet, nil)
	sheet = bytes.Replace(sheet, []byte("<sheetData/>"), []byte("<sheetData></sheetData>"), 1)
	at := bytes.Index(sheet, []byte("</sheetData>"))
	if at < 0 {
		return errors.New("no place for rows")
	}
	if w.sheet, err = w.out.Create(firstSheet); err != nil {
		return err
	}
	w.rest = sheet[at:]
	_, err = w.sheet.Write(sheet[:at])
	return err
}

// Write adds a row of strings, numbers, bools, dates (calendar.Date or
// time.Time) or nil for an empty cell. Characters that no workbook can hold
// become U+FFFD; a text of more than 32,767 characters is an error.
func (w *Writer) Write(values ...any) error {
	w.beginRow()
	for i, v := range values {
		w.value(i, v)
	}
	return w.endRow()
}

func (w *Writer) beginRow() {
	w.row++
	w.buf = append(w.buf, `<row r="`...)
	w.buf = strconv.AppendInt(w.buf, int64(w.row), 10)
	w.buf = append(w.buf, `">`...)
	if w.row > excelize.TotalRows && w.failed == nil {
		w.failed = fmt.Errorf("xlsx: write: %w", ErrTooLarge)
	}
}

// chunk is how much is compressed at a time.
const chunk = 64 << 10

func (w *Writer) endRow() error {
	w.buf = append(w.buf, `</row>`...)
	if len(w.buf) >= chunk {
		w.flush()
	}
	return w.failed
}

func (w *Writer) flush() {
	if w.failed == nil {
		if _, err := w.sheet.Write(w.buf); err != nil {
			w.failed = fmt.Errorf("xlsx: write row %d: %w", w.row, err)
		}
	}
	w.buf = w.buf[:0]
}

// Close writes the end of the file.
func (w *Writer) Close() error {
	w.buf = append(w.buf, w.rest...)
	if w.flush(); w.failed != nil {
		return w.failed
	}
	if err := w.out.Close(); err != nil {
		return fmt.Errorf("xlsx: write: %w", err)
	}
	return nil
}
