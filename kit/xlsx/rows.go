package xlsx

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"slices"
	"strconv"

	"github.com/xuri/excelize/v2"
)

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
