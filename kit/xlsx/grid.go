package xlsx

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/xuri/excelize/v2"
)

// Grid is a sheet as one sees it, to choose cells of.
type Grid struct {
	Sheet string
	Cols  []string // A, B, C …
	Rows  []GridRow
	More  bool // the sheet goes on beyond what was asked for
}

// GridRow is one row of a Grid.
type GridRow struct {
	Number int
	Cells  []GridCell // without those a merged cell covers
}

// GridCell is a cell, or several merged into one.
type GridCell struct {
	Ref              string // of its first cell
	Text             string // as shown
	Formula          bool   // the workbook computes it
	ColSpan, RowSpan int
}

// Grid reads a sheet up to so many rows and columns; the sheet "" is the first.
func (f *File) Grid(sheet string, rows, cols int) (g *Grid, err error) {
	defer recovered(&err)
	if sheet == "" && len(f.Sheets()) > 0 {
		sheet = f.Sheets()[0]
	}
	texts, more, err := f.texts(sheet, rows)
	if err != nil {
		return nil, err
	}
	g = &Grid{Sheet: sheet, More: more}
	spans, covered, width, err := f.merged(sheet, rows, cols)
	if err != nil {
		return nil, err
	}
	for _, t := range texts {
		width = max(width, len(t))
	}
	if width > cols {
		width, g.More = cols, true
	}
	for c := 1; c <= width; c++ {
		name, err := excelize.ColumnNumberToName(c)
		if err != nil {
			return nil, err
		}
		g.Cols = append(g.Cols, name)
	}
	for i := range texts {
		g.Rows = append(g.Rows, f.gridRow(sheet, i+1, width, texts[i], spans, covered))
	}
	return g, nil
}

func (f *File) gridRow(sheet string, n, width int, texts []string, spans map[string][2]int, covered map[string]bool) GridRow {
	row := GridRow{Number: n}
	for c := 1; c <= width; c++ {
		ref, _ := excelize.CoordinatesToCellName(c, n) // within bounds
		if covered[ref] {
			continue
		}
		x := GridCell{Ref: ref, ColSpan: 1, RowSpan: 1}
		if s, ok := spans[ref]; ok {
			x.ColSpan, x.RowSpan = min(s[0], width-c+1), s[1]
		}
		if c <= len(texts) {
			x.Text = texts[c-1]
		}
		formula, err := f.f.GetCellFormula(sheet, ref)
		x.Formula = err == nil && formula != ""
		row.Cells = append(row.Cells, x)
	}
	return row
}

// texts reads what the first rows show.
func (f *File) texts(sheet string, most int) (out [][]string, more bool, err error) {
	rows, err := f.f.Rows(sheet)
	if err != nil {
		var none excelize.ErrSheetNotExist
		if errors.As(err, &none) {
			return nil, false, fmt.Errorf("%w: %w", ErrNoSheet, err)
		}
		return nil, false, fmt.Errorf("xlsx: sheet %q: %w", sheet, err)
	}
	defer rows.Close()
	for rows.Next() {
		if len(out) == most {
			return out, true, nil
		}
		cells, err := rows.Columns(excelize.Options{RawCellValue: false})
		if err != nil {
			return nil, false, fmt.Errorf("xlsx: sheet %q: %w", sheet, err)
		}
		out = append(out, cells)
	}
	if err := rows.Error(); err != nil && !errors.Is(err, io.EOF) {
		return nil, false, fmt.Errorf("xlsx: sheet %q: %w", sheet, err)
	}
	return out, false, nil
}

// merged lists the merged cells within bounds: how far each reaches, what they
// cover, and how wide the sheet is by them.
func (f *File) merged(sheet string, rows, cols int) (spans map[string][2]int, covered map[string]bool, width int, err error) {
	list, err := f.f.GetMergeCells(sheet, true)
	if err != nil {
		return nil, nil, 0, fmt.Errorf("xlsx: sheet %q: %w", sheet, err)
	}
	spans, covered = map[string][2]int{}, map[string]bool{}
	for _, m := range list {
		from, to := m.GetStartAxis(), m.GetEndAxis()
		c1, r1, err1 := excelize.CellNameToCoordinates(from)
		c2, r2, err2 := excelize.CellNameToCoordinates(to)
		if err1 != nil || err2 != nil || r1 > rows || c1 > cols {
			continue
		}
		c2, r2 = min(c2, cols), min(r2, rows)
		spans[from] = [2]int{c2 - c1 + 1, r2 - r1 + 1}
		width = max(width, c2)
		for r := r1; r <= r2; r++ {
			for c := c1; c <= c2; c++ {
				if ref, _ := excelize.CoordinatesToCellName(c, r); ref != from {
					covered[ref] = true
				}
			}
		}
	}
	return spans, covered, width, nil
}

// CellRef brings a cell's name into the one form: $b$5 is B5; ok is false for
// what names no cell.
func CellRef(s string) (ref string, ok bool) {
	s = strings.ToUpper(strings.ReplaceAll(strings.TrimSpace(s), "$", ""))
	c, r, err := excelize.CellNameToCoordinates(s)
	if err != nil {
		return "", false
	}
	ref, err = excelize.CoordinatesToCellName(c, r)
	return ref, err == nil
}

// Below is the cell so many rows further down; what names no cell stays.
func Below(ref string, rows int) string {
	c, r, err := excelize.CellNameToCoordinates(ref)
	if err != nil {
		return ref
	}
	below, err := excelize.CoordinatesToCellName(c, r+rows)
	if err != nil {
		return ref
	}
	return below
}
