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
