package xlsx

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/xuri/excelize/v2"

	"github.com/dinghai/dinghai/kit/table"
)

// Cells are values by cell reference, "B5". A value is a string, a number, a
// bool, a calendar.Date, or nil to empty the cell.
type Cells map[string]any

// CellError tells which cell of a workbook cannot be filled and why.
type CellError struct {
	Sheet, Cell string
	Reason      string
}

// Reasons of a CellError.
const (
	ReasonReference = "reference" // no cell has that name
	ReasonFormula   = "formula"   // the workbook computes this cell
	ReasonMerged    = "merged"    // covered by a merged cell that begins elsewhere
	ReasonValue     = "value"     // of a type that cells do not have, or too long
	ReasonText      = "text"      // a character that no workbook can hold
)

func (e *CellError) Error() string {
	return fmt.Sprintf("xlsx: sheet %q, cell %s: bad %s", e.Sheet, e.Cell, e.Reason)
}

// ErrSigned says that a workbook is signed: filling it would break the
// signature.
var ErrSigned = errors.New("xlsx: signed workbook")

// Fill copies a workbook and puts values into cells, by sheet; the sheet "" is
// the first. A key that no sheet has is taken for a defined name that stands
// for one cell, and its value is under "".
//
// Cells keep their format, or get that of their row or column. Nothing else
// changes: parts of the file that hold no filled cell are copied byte by byte,
// and in those that do, all but the filled cells. Formulas are computed anew
// when a spreadsheet program opens the file. Nothing is written to dst if a cell
// cannot be filled.
func Fill(dst io.Writer, src io.ReaderAt, size int64, sheets map[string]Cells, l Limits) (err error) {
	defer recovered(&err)
	p, err := openPackage(src, size, l)
	if err != nil {
		return err
	}
	changed, err := p.fill(sheets)
	if err != nil {
		return err
	}
	out := zip.NewWriter(dst)
	for _, f := range p.files {
		if b, ok := changed[f.Name]; ok {
			w, err := out.CreateHeader(&zip.FileHeader{Name: f.Name, Method: zip.Deflate, Modified: f.Modified})
			if err == nil {
				_, err = w.Write(b)
			}
			if err != nil {
				return fmt.Errorf("xlsx: fill: %w", err)
			}
			continue
		}
		if err := out.Copy(f); err != nil {
			return fmt.Errorf("xlsx: fill: %w", err)
		}
	}
	if err := out.Close(); err != nil {
		return fmt.Errorf("xlsx: fill: %w", err)
	}
	return nil
}

// pack is an open workbook as a package of parts.
type pack struct {
	files  []*zip.File
	byName map[string]*zip.File
	left   int64 // bytes that may still be unpacked
	book   workbook
}

// maxParts bounds the directory of the archive.
const maxParts = 10_000

func openPackage(src io.ReaderAt, size int64, l Limits) (*pack, error) {
	z, err := zip.NewReader(src, size)
	if err != nil {
		return nil, fmt.Errorf("xlsx: open: %w", err)
	}
	limit := l.options().UnzipSizeLimit
	p := &pack{files: z.File, byName: map[string]*zip.File{}, left: limit}
	if len(z.File) > maxParts {
		return nil, ErrTooLarge
	}
	total := uint64(0)
	for _, f := range z.File {
		name := strings.ToLower(f.Name) // part names do not tell case apart
		if p.byName[name] != nil {
			return nil, fmt.Errorf("xlsx: open: part %q twice", f.Name)
		}
		if strings.HasPrefix(name, "_xmlsignatures/") {
			return nil, ErrSigned
		}
		p.byName[name] = f
		if total += f.UncompressedSize64; total > uint64(limit) || f.UncompressedSize64 > uint64(limit) {
			return nil, ErrTooLarge
		}
	}
	return p, p.readWorkbook()
}

// read unpacks a part.
func (p *pack) read(name string) ([]byte, error) {
	f := p.byName[strings.ToLower(name)]
	if f == nil {
		return nil, fmt.Errorf("xlsx: open: no part %q", name)
	}
	r, err := f.Open()
	if err != nil {
		return nil, fmt.Errorf("xlsx: open: %w", err)
	}
	defer r.Close()
	b, err := io.ReadAll(io.LimitReader(r, p.left+1))
	if err != nil {
		return nil, fmt.Errorf("xlsx: open: %w", err)
	}
	if p.left -= int64(len(b)); p.left < 0 {
		return nil, ErrTooLarge
	}
	return b, nil
}

// fill returns the parts that change, by the name of their file.
func (p *pack) fill(sheets map[string]Cells) (map[string][]byte, error) {
	bySheet, err := p.resolve(sheets)
	if err != nil {
		return nil, err
	}
	changed := map[string][]byte{}
	for _, name := range sortedKeys(bySheet) {
		part := p.book.sheets[slices.IndexFunc(p.book.sheets, func(s sheetPart) bool { return s.name == name })].part
		b, err := p.read(part)
		if err != nil {
			return nil, err
		}
		s := sheetFiller{name: name, data: b, mac1904: p.book.mac1904}
		if changed[p.byName[strings.ToLower(part)].Name], err = s.fill(bySheet[name]); err != nil {
			return nil, err
		}
	}
	if len(changed) > 0 {
		changed[p.byName[strings.ToLower(p.book.part)].Name] = p.book.recalculated()
	}
	return changed, nil
}

// resolve turns sheet "" and defined names into sheets.
func (p *pack) resolve(sheets map[string]Cells) (map[string]Cells, error) {
	out := map[string]Cells{}
	put := func(sheet, cell string, v any) error {
		ref, ok := normalRef(cell)
		switch {
		case !slices.ContainsFunc(p.book.sheets, func(s sheetPart) bool { return s.name == sheet }):
			return fmt.Errorf("%w: %q", ErrNoSheet, sheet)
		case !ok:
			return &CellError{sheet, cell, ReasonReference}
		case out[sheet] == nil:
			out[sheet] = Cells{}
		}
		if _, twice := out[sheet][ref]; twice {
			return &CellError{sheet, cell, ReasonReference}
		}
		out[sheet][ref] = v
		return nil
	}
	for _, sheet := range sortedKeys(sheets) {
		cells := sheets[sheet]
		for _, cell := range sortedKeys(cells) {
			to, at := sheet, cell
			switch named, ok := p.book.names[sheet]; {
			case sheet == "" && len(p.book.sheets) > 0:
				to = p.book.sheets[0].name
			case ok && cell == "":
				to, at = named.sheet, named.cell
			}
			if err := put(to, at, cells[cell]); err != nil {
				return nil, err
			}
		}
	}
	return out, nil
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// MarkErrors copies a workbook that people filled in and writes what is wrong
// with a row behind it, under ErrorColumn: behind the last heading, or where an
// earlier call put that column. texts are by row number; "" empties the cell of a
// row that is right by now.
func MarkErrors(dst io.Writer, src io.ReaderAt, size int64, sheet string, h *table.Header, texts map[int]string, l Limits) error {
	at, ok := h.At(ErrorColumn)
	if !ok {
		at = h.Width
	}
	cells := Cells{}
	put := func(row int, v any) error {
		ref, err := excelize.CoordinatesToCellName(at+1, row)
		cells[ref] = v
		return err
	}
	if err := put(h.Number, ErrorColumn); err != nil {
		return fmt.Errorf("xlsx: mark errors: %w", err)
	}
	for row, text := range texts {
		var v any
		if text != "" {
			v = text
		}
		if err := put(row, v); err != nil {
			return fmt.Errorf("xlsx: mark errors: %w", err)
		}
	}
	return Fill(dst, src, size, map[string]Cells{sheet: cells}, l)
}

// FillBytes is Fill for a workbook in memory.
func FillBytes(src []byte, sheets map[string]Cells, l Limits) ([]byte, error) {
	var b bytes.Buffer
	if err := Fill(&b, bytes.NewReader(src), int64(len(src)), sheets, l); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}
