// Package xlsx reads and writes spreadsheets, Office Open XML (ISO/IEC 29500),
// row by row.
//
// Columns are found by their headings, see package table. Cells are read raw:
// a date is the serial number that the file holds, whatever it looks like on
// screen, and table.Cell reads it as a date where the program expects one.
//
// A spreadsheet is a ZIP archive, and a small one can unpack to any size.
// Reading is bounded by [Limits], and large sheets are unpacked to temporary
// files, not to memory.
package xlsx

import (
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"
	"strings"

	"github.com/xuri/excelize/v2"

	"github.com/dinghai/dinghai/kit/table"
)

// Limits bound what a file may unpack to.
type Limits struct {
	Size int64 // bytes in all, default 512 MiB
	XML  int64 // bytes of one part kept in memory, default 16 MiB
	Rows int   // rows of one sheet, default 1,048,576
}

var (
	// ErrTooLarge says that a file exceeds its Limits.
	ErrTooLarge = errors.New("xlsx: too large")
	// ErrNoSheet says that a file lacks the sheet asked for.
	ErrNoSheet = errors.New("xlsx: no such sheet")
)

// File is an open spreadsheet.
type File struct {
	f       *excelize.File
	rows    int
	mac1904 bool
}

func (l Limits) options() excelize.Options {
	o := excelize.Options{UnzipSizeLimit: l.Size, UnzipXMLSizeLimit: l.XML, RawCellValue: true}
	if o.UnzipSizeLimit <= 0 {
		o.UnzipSizeLimit = 512 << 20
	}
	if o.UnzipXMLSizeLimit <= 0 {
		o.UnzipXMLSizeLimit = 16 << 20
	}
	o.UnzipXMLSizeLimit = min(o.UnzipXMLSizeLimit, o.UnzipSizeLimit)
	return o
}

// Open opens a file by path. The caller closes it.
func Open(path string, l Limits) (*File, error) {
	return wrap(l, func() (*excelize.File, error) { return excelize.OpenFile(path, l.options()) })
}

// Read opens a file from a stream. Compressed, it is held in memory.
func Read(r io.Reader, l Limits) (*File, error) {
	bounded := &io.LimitedReader{R: r, N: l.options().UnzipSizeLimit + 1}
	f, err := wrap(l, func() (*excelize.File, error) { return excelize.OpenReader(bounded, l.options()) })
	if err != nil && bounded.N <= 0 {
		return nil, ErrTooLarge
	}
	return f, err
}

// wrap opens a file; a panic of the parser on a crafted file is an error.
func wrap(l Limits, open func() (*excelize.File, error)) (out *File, err error) {
	defer recovered(&err)
	f, err := open()
	if err != nil {
		if strings.Contains(err.Error(), "unzip size exceeds") {
			return nil, fmt.Errorf("%w: %w", ErrTooLarge, err)
		}
		return nil, fmt.Errorf("xlsx: open: %w", err)
	}
	out = &File{f: f, rows: l.Rows}
	if out.rows <= 0 {
		out.rows = excelize.TotalRows
	}
	if p, err := f.GetWorkbookProps(); err == nil && p.Date1904 != nil {
		out.mac1904 = *p.Date1904
	}
	return out, nil
}

func recovered(err *error) {
	if p := recover(); p != nil {
		*err = fmt.Errorf("xlsx: malformed file: %v", p)
	}
}

// Close removes temporary files.
func (f *File) Close() error { return f.f.Close() }

// Sheets lists the sheets in order.
func (f *File) Sheets() []string { return f.f.GetSheetList() }

// Rows yields the rows of a sheet below its header; the sheet "" is the first.
// It may be ranged over again.
func (f *File) Rows(sheet string, columns []table.Column) iter.Seq2[table.Row, error] {
	return table.Rows(f.raw(sheet), table.Options{Columns: columns, Mac1904: f.mac1904})
}

func (f *File) raw(sheet string) iter.Seq2[table.Raw, error] {
	return func(yield func(table.Raw, error) bool) {
		s, err := f.open(sheet)
		if err != nil {
			yield(table.Raw{}, err)
			return
		}
		defer s.Close()
		for n := 1; ; n++ {
			cells, more, err := next(s)
			if err == nil && more && n > f.rows {
				err = ErrTooLarge
			}
			if err != nil {
				yield(table.Raw{}, err)
				return
			}
			if !more || !yield(table.Raw{Number: n, Line: n, Cells: cells}, nil) {
				return
			}
		}
	}
}

func (f *File) open(sheet string) (s *excelize.Rows, err error) {
	defer recovered(&err)
	sheets := f.Sheets()
	if sheet == "" && len(sheets) > 0 {
		sheet = sheets[0]
	}
	if !slices.Contains(sheets, sheet) {
		return nil, fmt.Errorf("%w: %q", ErrNoSheet, sheet)
	}
	if s, err = f.f.Rows(sheet); err != nil {
		return nil, fmt.Errorf("xlsx: sheet %q: %w", sheet, err)
	}
	return s, nil
}

func next(s *excelize.Rows) (cells []string, more bool, err error) {
	defer recovered(&err)
	if !s.Next() {
		return nil, false, s.Error()
	}
	cells, err = s.Columns(excelize.Options{RawCellValue: true})
	if err != nil {
		return nil, false, fmt.Errorf("xlsx: read: %w", err)
	}
	return cells, true, nil
}

// Rows opens a file by path, yields the rows of one sheet and closes the file.
func Rows(path, sheet string, columns []table.Column, l Limits) iter.Seq2[table.Row, error] {
	return func(yield func(table.Row, error) bool) {
		f, err := Open(path, l)
		if err != nil {
			yield(table.Row{}, err)
			return
		}
		defer f.Close()
		for row, err := range f.Rows(sheet, columns) {
			if !yield(row, err) {
				return
			}
		}
	}
}
