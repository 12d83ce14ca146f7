package xlsx

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"
)

// sheetFiller rewrites the cells of one sheet and copies all else.
type sheetFiller struct {
	name    string
	data    []byte
	mac1904 bool

	dec     *xml.Decoder
	out     bytes.Buffer
	copied  int // of data
	pending []fillCell
	styles  []colStyle
	prefix  string // of the namespace, mostly none
}

// fillCell is a cell to be filled.
type fillCell struct {
	col, row int
	ref      string
	kind     string // attribute t
	inner    func(prefix string) string
}

// colStyle is the style of columns.
type colStyle struct {
	from, to int
	style    string
}

func (s *sheetFiller) bad(ref, reason string) error { return &CellError{s.name, ref, reason} }

func (s *sheetFiller) fill(cells Cells) ([]byte, error) {
	for ref, v := range cells {
		col, row, err := excelize.CellNameToCoordinates(ref)
		if err != nil {
			return nil, s.bad(ref, ReasonReference)
		}
		kind, inner, reason := content(v, s.mac1904)
		if reason != "" {
			return nil, s.bad(ref, reason)
		}
		s.pending = append(s.pending, fillCell{col, row, ref, kind, inner})
	}
	slices.SortFunc(s.pending, func(a, b fillCell) int {
		if a.row != b.row {
			return a.row - b.row
		}
		return a.col - b.col
	})
	if err := s.checkMerged(); err != nil {
		return nil, err
	}
	s.dec = xml.NewDecoder(bytes.NewReader(s.data))
	if err := s.run(); err != nil {
		return nil, err
	}
	s.out.Write(s.data[s.copied:])
	return s.out.Bytes(), nil
}

// checkMerged refuses cells that a merged cell covers: what is written there
// would never be seen.
func (s *sheetFiller) checkMerged() error {
	d := xml.NewDecoder(bytes.NewReader(s.data))
	for {
		t, err := d.RawToken()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return s.malformed(err)
		}
		e, ok := t.(xml.StartElement)
		if !ok || e.Name.Local != "mergeCell" {
			continue
		}
		from, to, _ := strings.Cut(attr(e, "ref"), ":")
		c1, r1, err1 := excelize.CellNameToCoordinates(from)
		c2, r2, err2 := excelize.CellNameToCoordinates(to)
		if err1 != nil || err2 != nil {
			continue
		}
		for _, p := range s.pending {
			if p.col >= c1 && p.col <= c2 && p.row >= r1 && p.row <= r2 && (p.col != c1 || p.row != r1) {
				return s.bad(p.ref, ReasonMerged)
			}
		}
	}
}

func (s *sheetFiller) malformed(err error) error {
	return fmt.Errorf("xlsx: sheet %q: %w", s.name, err)
}

// flush copies the data up to an offset.
func (s *sheetFiller) flush(to int) {
	s.out.Write(s.data[s.copied:to])
	s.copied = to
}

// token returns the next token and where it begins and ends.
func (s *sheetFiller) token() (t xml.Token, start, end int, err error) {
	start = int(s.dec.InputOffset())
	t, err = s.dec.RawToken()
	if err != nil {
		return nil, 0, 0, s.malformed(err)
	}
	return t, start, int(s.dec.InputOffset()), nil
}

// run walks to the rows, noting the styles of columns on the way.
func (s *sheetFiller) run() error {
	for {
		t, start, end, err := s.token()
		if err != nil {
			return err
		}
		e, ok := t.(xml.StartElement)
		if !ok {
			continue
		}
		switch e.Name.Local {
		case "dimension":
			s.flush(start)
			s.out.Write(setAttr(s.data[start:end], "ref", s.dimension(attr(e, "ref"))))
			s.copied = end
		case "col":
			from, _ := strconv.Atoi(attr(e, "min"))
			to, _ := strconv.Atoi(attr(e, "max"))
			if st := attr(e, "style"); st != "" {
				s.styles = append(s.styles, colStyle{from, to, st})
			}
		case "sheetData":
			s.prefix = e.Name.Space
			return s.rows(e, start, end)
		}
	}
}

// dimension widens a range so that it holds the filled cells.
func (s *sheetFiller) dimension(ref string) string {
	from, to, ok := strings.Cut(ref, ":")
	if !ok {
		to = from
	}
	c1, r1, err1 := excelize.CellNameToCoordinates(from)
	c2, r2, err2 := excelize.CellNameToCoordinates(to)
	if err1 != nil || err2 != nil {
		return ref
	}
	for _, p := range s.pending {
		c1, r1, c2, r2 = min(c1, p.col), min(r1, p.row), max(c2, p.col), max(r2, p.row)
	}
	a, _ := excelize.CoordinatesToCellName(c1, r1)
	b, _ := excelize.CoordinatesToCellName(c2, r2)
	return a + ":" + b
}

// closed reports whether a start tag is an empty element too; RawToken then
// hands out an end of its own that takes no bytes.
func (s *sheetFiller) closed(end int) bool { return s.data[end-2] == '/' }

// open writes a start tag, as one that is not empty.
func (s *sheetFiller) open(tag []byte) {
	if bytes.HasSuffix(tag, []byte("/>")) {
		tag = append(bytes.TrimRight(tag[:len(tag)-2], " \t\r\n"), '>')
	}
	s.out.Write(tag)
}

func (s *sheetFiller) rows(e xml.StartElement, start, end int) error {
	s.flush(start)
	s.open(slices.Clone(s.data[start:end]))
	s.copied = end
	number := 0
	for {
		t, start, end, err := s.token()
		if err != nil {
			return err
		}
		switch t := t.(type) {
		case xml.StartElement:
			before := number
			if number++; attr(t, "r") != "" {
				number, err = strconv.Atoi(attr(t, "r"))
			}
			if err != nil || number <= before || number > excelize.TotalRows {
				return s.malformed(fmt.Errorf("row %q after row %d", attr(t, "r"), before))
			}
			s.flush(start)
			s.newRows(number)
			if err := s.row(t, number, start, end); err != nil {
				return err
			}
		case xml.EndElement: // of sheetData
			s.flush(start)
			s.newRows(excelize.TotalRows + 1)
			if start == end {
				s.out.WriteString("</" + qualified(s.prefix, "sheetData") + ">")
			}
			return nil
		}
	}
}

// newRows writes rows of pending cells above the given one.
func (s *sheetFiller) newRows(before int) {
	for len(s.pending) > 0 && s.pending[0].row < before {
		row := s.pending[0].row
		fmt.Fprintf(&s.out, `<%s r="%d">`, qualified(s.prefix, "row"), row)
		s.newCells(row, excelize.MaxColumns+1, "")
		s.out.WriteString("</" + qualified(s.prefix, "row") + ">")
	}
}

// newCells writes pending cells of a row left of the given column.
func (s *sheetFiller) newCells(row, before int, rowStyle string) {
	for len(s.pending) > 0 && s.pending[0].row == row && s.pending[0].col < before {
		p := s.pending[0]
		style := rowStyle
		for _, c := range s.styles {
			if style == "" && p.col >= c.from && p.col <= c.to {
				style = c.style
			}
		}
		attrs := ` r="` + p.ref + `"`
		if style != "" {
			attrs += ` s="` + style + `"`
		}
		s.write(p, attrs)
		s.pending = s.pending[1:]
	}
}

// row copies a row with its pending cells put in.
func (s *sheetFiller) row(e xml.StartElement, number, start, end int) error {
	if len(s.pending) == 0 || s.pending[0].row != number {
		return s.skip()
	}
	style := ""
	if c := attr(e, "customFormat"); c == "1" || c == "true" {
		style = attr(e, "s")
	}
	// spans is a hint that new cells would make wrong.
	s.open(setAttr(s.data[start:end], "spans", ""))
	empty := s.closed(end)
	s.copied = end
	col := 0
	for {
		t, start, end, err := s.token()
		if err != nil {
			return err
		}
		switch t := t.(type) {
		case xml.StartElement:
			if t.Name.Local != "c" {
				if err := s.skip(); err != nil {
					return err
				}
				continue
			}
			before := col
			if col++; attr(t, "r") != "" {
				col, _, err = excelize.CellNameToCoordinates(attr(t, "r"))
			}
			if err != nil || col <= before {
				return s.malformed(fmt.Errorf("row %d: cell %q after column %d", number, attr(t, "r"), before))
			}
			s.flush(start)
			s.newCells(number, col, style)
			if err := s.cell(t, number, col, end); err != nil {
				return err
			}
		case xml.EndElement:
			s.flush(start)
			s.newCells(number, excelize.MaxColumns+1, style)
			if empty {
				s.out.WriteString("</" + qualified(s.prefix, "row") + ">")
			}
			return nil
		}
	}
}

// cell replaces the content of a cell that is to be filled, and leaves any
// other for flush to copy.
func (s *sheetFiller) cell(e xml.StartElement, row, col, end int) error {
	if len(s.pending) == 0 || s.pending[0].row != row || s.pending[0].col != col {
		return s.skip()
	}
	p := s.pending[0]
	for depth := 1; depth > 0; {
		t, _, to, err := s.token()
		if err != nil {
			return err
		}
		switch t := t.(type) {
		case xml.StartElement:
			if t.Name.Local == "f" {
				return s.bad(p.ref, ReasonFormula)
			}
			depth++
		case xml.EndElement:
			depth--
		}
		end = to
	}
	attrs := ` r="` + p.ref + `"`
	if st := attr(e, "s"); st != "" {
		attrs += ` s="` + st + `"`
	}
	s.write(p, attrs)
	s.pending, s.copied = s.pending[1:], end
	return nil
}

// skip reads to the end of the element just begun.
func (s *sheetFiller) skip() error {
	for depth := 1; depth > 0; {
		t, _, _, err := s.token()
		if err != nil {
			return err
		}
		switch t.(type) {
		case xml.StartElement:
			depth++
		case xml.EndElement:
			depth--
		}
	}
	return nil
}

func attr(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name && a.Name.Space == "" {
			return a.Value
		}
	}
	return ""
}

var attrs = map[string]*regexp.Regexp{"ref": attrPattern("ref"), "spans": attrPattern("spans"), "fullCalcOnLoad": attrPattern("fullCalcOnLoad")}

func attrPattern(name string) *regexp.Regexp {
	return regexp.MustCompile(`\s+` + name + `\s*=\s*("[^"]*"|'[^']*')`)
}

// setAttr sets one of attrs in a start tag, or removes it if the value is "".
func setAttr(tag []byte, name, value string) []byte {
	found := attrs[name]
	with := ""
	if value != "" {
		with = ` ` + name + `="` + value + `"`
	}
	if at := found.FindIndex(tag); at != nil {
		return splice(tag, at[0], at[1], []byte(with))
	}
	end := len(tag) - 1
	if end > 0 && tag[end-1] == '/' {
		end--
	}
	return splice(tag, end, end, []byte(with))
}
