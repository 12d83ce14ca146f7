package xlsx

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"path"
	"strings"

	"github.com/xuri/excelize/v2"
)

// workbook is what filling needs to know of the workbook part.
type workbook struct {
	part    string
	data    []byte
	sheets  []sheetPart
	names   map[string]cellAt // defined names of one cell
	mac1904 bool
}

type sheetPart struct{ name, part string }

type cellAt struct{ sheet, cell string }

// relationships reads a .rels part: target by identifier, and the first target
// by the last word of its type.
func (p *pack) relationships(name, base string) (byID, byType map[string]string, err error) {
	b, err := p.read(name)
	if err != nil {
		return nil, nil, err
	}
	var doc struct {
		Relationship []struct {
			ID         string `xml:"Id,attr"`
			Type       string `xml:"Type,attr"`
			Target     string `xml:"Target,attr"`
			TargetMode string `xml:"TargetMode,attr"`
		}
	}
	if err := xml.Unmarshal(b, &doc); err != nil {
		return nil, nil, fmt.Errorf("xlsx: open: %s: %w", name, err)
	}
	byID, byType = map[string]string{}, map[string]string{}
	for _, r := range doc.Relationship {
		if r.TargetMode == "External" {
			continue
		}
		target := strings.TrimPrefix(path.Join(base, r.Target), "/")
		if strings.HasPrefix(r.Target, "/") {
			target = strings.TrimPrefix(path.Clean(r.Target), "/")
		}
		byID[r.ID] = target
		if t := path.Base(r.Type); byType[t] == "" {
			byType[t] = target
		}
	}
	return byID, byType, nil
}

func (p *pack) readWorkbook() error {
	_, byType, err := p.relationships("_rels/.rels", "")
	if err != nil {
		return err
	}
	w := workbook{part: byType["officeDocument"], names: map[string]cellAt{}}
	if w.data, err = p.read(w.part); err != nil {
		return err
	}
	var doc struct {
		Pr struct {
			Date1904 bool `xml:"date1904,attr"`
		} `xml:"workbookPr"`
		Sheet []struct {
			Name string     `xml:"name,attr"`
			Attr []xml.Attr `xml:",any,attr"`
		} `xml:"sheets>sheet"`
		Name []struct {
			Name  string `xml:"name,attr"`
			Local string `xml:"localSheetId,attr"`
			Ref   string `xml:",chardata"`
		} `xml:"definedNames>definedName"`
	}
	if err := xml.Unmarshal(w.data, &doc); err != nil {
		return fmt.Errorf("xlsx: open: %s: %w", w.part, err)
	}
	dir, file := path.Split(w.part)
	byID, _, err := p.relationships(dir+"_rels/"+file+".rels", dir)
	if err != nil {
		return err
	}
	w.mac1904 = doc.Pr.Date1904
	for _, s := range doc.Sheet {
		for _, a := range s.Attr {
			if a.Name.Local == "id" && a.Name.Space != "" {
				w.sheets = append(w.sheets, sheetPart{s.Name, byID[a.Value]})
			}
		}
	}
	for _, n := range doc.Name {
		if at, ok := oneCell(n.Ref); ok && n.Local == "" {
			w.names[n.Name] = at
		}
	}
	p.book = w
	return nil
}

// oneCell reads Sheet!$B$5 or 'a sheet'!$B$5.
func oneCell(ref string) (cellAt, bool) {
	i := strings.LastIndexByte(ref, '!')
	if i < 0 {
		return cellAt{}, false
	}
	sheet := ref[:i]
	if n := len(sheet); n >= 2 && sheet[0] == '\'' && sheet[n-1] == '\'' {
		sheet = strings.ReplaceAll(sheet[1:n-1], "''", "'")
	}
	cell, ok := normalRef(strings.ReplaceAll(ref[i+1:], "$", ""))
	return cellAt{sheet, cell}, ok
}

// normalRef checks a cell reference and writes it in capitals.
func normalRef(s string) (string, bool) {
	col, row, err := excelize.CellNameToCoordinates(s)
	if err != nil {
		return "", false
	}
	ref, err := excelize.CoordinatesToCellName(col, row)
	return ref, err == nil
}

// afterCalc are the elements that may follow calcPr in a workbook.
var afterCalc = map[string]bool{
	"oleSize": true, "customWorkbookViews": true, "pivotCaches": true, "smartTagPr": true, "smartTagTypes": true,
	"webPublishing": true, "fileRecoveryPr": true, "webPublishObjects": true, "extLst": true,
}

// recalculated is the workbook part with the order to compute all formulas when
// it is opened.
func (w *workbook) recalculated() []byte {
	d := xml.NewDecoder(bytes.NewReader(w.data))
	depth := 0
	for {
		start := int(d.InputOffset())
		t, err := d.RawToken()
		if err != nil {
			if err == io.EOF {
				return w.data
			}
			return w.data // readWorkbook has read it, so this does not happen
		}
		end := int(d.InputOffset())
		switch t := t.(type) {
		case xml.StartElement:
			switch {
			case depth == 1 && t.Name.Local == "calcPr":
				return splice(w.data, start, end, setAttr(w.data[start:end], "fullCalcOnLoad", "1"))
			case depth == 1 && afterCalc[t.Name.Local]:
				return splice(w.data, start, start, calcPr(t.Name.Space))
			}
			depth++
		case xml.EndElement:
			if depth--; depth == 0 {
				return splice(w.data, start, start, calcPr(t.Name.Space))
			}
		}
	}
}

func calcPr(prefix string) []byte {
	return []byte("<" + qualified(prefix, "calcPr") + ` fullCalcOnLoad="1"/>`)
}

// qualified puts the namespace prefix of a neighbour before a name.
func qualified(prefix, name string) string {
	if prefix == "" {
		return name
	}
	return prefix + ":" + name
}

func splice(b []byte, from, to int, with []byte) []byte {
	out := make([]byte, 0, len(b)+len(with))
	return append(append(append(out, b[:from]...), with...), b[to:]...)
}
