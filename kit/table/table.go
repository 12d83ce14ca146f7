// Package table holds what rows of spreadsheets and of CSV files have in
// common: a header whose columns are found by name or alias, row numbers as
// people see them, and cells read as text, numbers or dates.
//
// Files are filled in by hand, so a bad row never ends a file. Iterators yield
// the row together with a *[RowError] and go on; any other error is the last
// thing they yield.
package table

import (
	"fmt"
	"iter"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/width"
)

// Column is a column that a program wants.
type Column struct {
	Name     string   // by which the program asks for it; matches as an alias too
	Aliases  []string // headings under which it is known
	Required bool     // a header without it is not the header
}

// Raw is a row as a file format delivers it.
type Raw struct {
	Number int // counted from 1, header and empty rows included
	Line   int // line on which it begins, for text files
	Cells  []string
}

// Row is a row below the header.
type Row struct {
	Number int
	Line   int
	Cells  []string

	header  *Header
	mac1904 bool
}

// Headings are the file's own, in the order of the cells.
func (r Row) Headings() []string {
	if r.header == nil {
		return nil
	}
	return r.header.Cells
}

// Get returns the cell of the named column; it is empty if the file has no such
// column or the row ends before it.
func (r Row) Get(name string) Cell {
	i, ok := r.header.At(name)
	if !ok || i >= len(r.Cells) {
		return Cell{Row: r.Number, Column: name}
	}
	return Cell{Row: r.Number, Column: name, Value: r.Cells[i], mac1904: r.mac1904}
}

// Header returns the header, nil if none was asked for.
func (r Row) Header() *Header { return r.header }

// A RowError tells what is wrong with one row or cell.
type RowError struct {
	Row    int
	Column string // "" for the row as a whole
	Reason string // "ragged", "quote", "encoding", "date", "number", "rounded"
	Value  string
}

func (e *RowError) Error() string {
	return fmt.Sprintf("table: row %d, column %q: bad %s", e.Row, e.Column, e.Reason)
}

// A HeaderError says that no row among the first ones is the header.
type HeaderError struct{ Missing []string }

func (e *HeaderError) Error() string {
	return "table: no header with columns " + strings.Join(e.Missing, ", ")
}

// Header is where the columns are.
type Header struct {
	Number  int
	Width   int
	Unknown []string // headings that no column claims
	Cells   []string // as they stand in the file
	at      map[string]int
}

// At returns the position of a column.
func (h *Header) At(name string) (int, bool) {
	if h == nil {
		return 0, false
	}
	i, ok := h.at[name]
	return i, ok
}

// match tries a row as header. Of two columns with one heading the left wins.
func match(columns []Column, raw Raw) (h *Header, missing []string) {
	h = &Header{Number: raw.Number, Width: len(raw.Cells), Cells: slices.Clone(raw.Cells), at: map[string]int{}}
	claimed := map[string]string{}
	for _, c := range columns {
		for _, alias := range append([]string{c.Name}, c.Aliases...) {
			claimed[fold(alias)] = c.Name
		}
	}
	for i, cell := range raw.Cells {
		name, ok := claimed[fold(cell)]
		if !ok {
			name, ok = claimed[fold(withoutRemark(cell))]
		}
		if _, twice := h.at[name]; ok && !twice {
			h.at[name] = i
		} else if strings.TrimSpace(cell) != "" {
			h.Unknown = append(h.Unknown, cell)
		}
	}
	for _, c := range columns {
		if _, ok := h.at[c.Name]; !ok && c.Required {
			missing = append(missing, c.Name)
		}
	}
	return h, missing
}

// fold makes headings comparable: "* 企业 名称：" and "企业名称" are one.
func fold(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsNumber(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, width.Narrow.String(s))
}

// withoutRemark cuts off what follows a bracket: "日期（必填）" is 日期.
func withoutRemark(s string) string {
	s, _, _ = strings.Cut(width.Narrow.String(s), "(")
	return s
}

// headerWithin is how many rows may stand above and including the header;
// titles and notes do.
const headerWithin = 20

// Options tell Rows how to read.
type Options struct {
	Columns []Column
	Ragged  bool // report rows narrower or wider than the header
	Mac1904 bool // numbers in date cells count days from 1904
}

// Rows finds the header in raw rows and yields the rows below that are not
// empty. The header is the first row that has every required column and at least
// one column at all. With no Columns there is no header, and rows have cells by
// position only.
func Rows(raw iter.Seq2[Raw, error], o Options) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		r := reader{Options: o, header: nil, best: names(o.Columns)}
		for rw, err := range raw {
			if err != nil && !isRow(err) {
				yield(Row{}, err)
				return
			}
			if !r.take(rw, err, yield) {
				return
			}
		}
		if r.lacksHeader() {
			yield(Row{}, &HeaderError{r.best})
		}
	}
}

func names(columns []Column) (out []string) {
	for _, c := range columns {
		if c.Required {
			out = append(out, c.Name)
		}
	}
	return out
}

func isRow(err error) bool { _, ok := err.(*RowError); return ok }

type reader struct {
	Options
	header *Header
	seen   int
	best   []string // fewest columns missing so far
}

func (r *reader) lacksHeader() bool { return len(r.Columns) > 0 && r.header == nil }

func (r *reader) take(rw Raw, err error, yield func(Row, error) bool) bool {
	if r.lacksHeader() {
		return r.tryHeader(rw, yield)
	}
	if empty(rw.Cells) && err == nil {
		return true
	}
	if err == nil {
		err = r.ragged(rw)
	}
	return yield(Row{Number: rw.Number, Line: rw.Line, Cells: rw.Cells, header: r.header, mac1904: r.Mac1904}, err)
}

func (r *reader) tryHeader(rw Raw, yield func(Row, error) bool) bool {
	h, missing := match(r.Columns, rw)
	if len(missing) == 0 && len(h.at) > 0 {
		r.header = h
		return true
	}
	if len(missing) < len(r.best) {
		r.best = missing
	}
	if r.seen++; r.seen < headerWithin {
		return true
	}
	yield(Row{}, &HeaderError{r.best})
	r.header = h // reported once
	return false
}

// ragged overlooks empty cells beyond the header, which spreadsheets leave.
func (r *reader) ragged(rw Raw) error {
	if !r.Ragged || r.header == nil || len(rw.Cells) == r.header.Width {
		return nil
	}
	if len(rw.Cells) > r.header.Width && empty(rw.Cells[r.header.Width:]) {
		return nil
	}
	return &RowError{Row: rw.Number, Reason: "ragged", Value: fmt.Sprint(len(rw.Cells))}
}

func empty(cells []string) bool {
	for _, c := range cells {
		if strings.TrimSpace(c) != "" {
			return false
		}
	}
	return true
}
