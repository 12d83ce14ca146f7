package docx

import (
	"fmt"

	"github.com/dinghai/dinghai/kit/typeset"
)

// addTable writes a table with fixed column widths. Head rows come again on
// each page, and rows do not break across pages.
func (b *builder) addTable(t *typeset.Table, keep bool) error {
	edges, err := t.Edges(b.frame.BodyWidth)
	if err != nil {
		return b.reject("%v", err)
	}
	if b.turn || b.table {
		// A table cannot begin a page by itself, and two would become one.
		b.gap(typeset.Pt, true)
	}
	columns := len(edges) - 1
	fmt.Fprintf(&b.out, `<w:tbl><w:tblPr><w:tblW w:w="%d" w:type="dxa"/>`, twips(edges[columns]))
	b.borders(t)
	fmt.Fprintf(&b.out, `<w:tblLayout w:type="fixed"/><w:tblCellMar><w:top w:w="%[1]d" w:type="dxa"/><w:left w:w="%[1]d" w:type="dxa"/>`+
		`<w:bottom w:w="%[1]d" w:type="dxa"/><w:right w:w="%[1]d" w:type="dxa"/></w:tblCellMar></w:tblPr><w:tblGrid>`, twips(t.Padding))
	for i := range columns {
		fmt.Fprintf(&b.out, `<w:gridCol w:w="%d"/>`, twips(edges[i+1]-edges[i]))
	}
	b.out.WriteString("</w:tblGrid>")
	for i, r := range t.Rows {
		if err := b.row(r, i < t.Head, keep || b.pull && i == len(t.Rows)-1, edges, i+1); err != nil {
			return err
		}
	}
	b.out.WriteString("</w:tbl>")
	b.table = true
	return nil
}

func (b *builder) borders(t *typeset.Table) {
	if t.Border <= 0 {
		return
	}
	b.out.WriteString("<w:tblBorders>")
	for _, side := range []string{"top", "left", "bottom", "right", "insideH", "insideV"} {
		fmt.Fprintf(&b.out, `<w:%s w:val="single" w:sz="%d" w:space="0" w:color="%02X%02X%02X"/>`,
			side, min(max(int64(t.Border+62)/125, 2), 96), t.Color.R, t.Color.G, t.Color.B)
	}
	b.out.WriteString("</w:tblBorders>")
}

func (b *builder) row(r typeset.Row, head, keep bool, edges []typeset.Length, n int) error {
	b.out.WriteString("<w:tr><w:trPr><w:cantSplit/>")
	if r.Height > 0 {
		fmt.Fprintf(&b.out, `<w:trHeight w:val="%d" w:hRule="atLeast"/>`, twips(r.Height))
	}
	if head {
		b.out.WriteString("<w:tblHeader/>")
	}
	b.out.WriteString("</w:trPr>")
	column := 0
	for _, c := range r.Cells {
		span := max(1, c.Span)
		if span > len(edges)-1-column {
			return b.reject("table row %d has more than %d columns", n, len(edges)-1)
		}
		if err := b.cell(c, edges[column+span]-edges[column], span, keep); err != nil {
			return err
		}
		column += span
	}
	if column != len(edges)-1 {
		return b.reject("table row %d fills %d of %d columns", n, column, len(edges)-1)
	}
	b.out.WriteString("</w:tr>")
	return nil
}

func (b *builder) cell(c typeset.Cell, width typeset.Length, span int, keep bool) error {
	fmt.Fprintf(&b.out, `<w:tc><w:tcPr><w:tcW w:w="%d" w:type="dxa"/>`, twips(width))
	if span > 1 {
		fmt.Fprintf(&b.out, `<w:gridSpan w:val="%d"/>`, span)
	}
	if !c.Top {
		b.out.WriteString(`<w:vAlign w:val="center"/>`)
	}
	b.out.WriteString("</w:tcPr>")
	for _, p := range c.Paragraphs {
		p.KeepNext = p.KeepNext || keep
		if err := b.paragraph(&p); err != nil {
			return err
		}
	}
	if len(c.Paragraphs) == 0 {
		b.out.WriteString("<w:p/>")
	}
	b.out.WriteString("</w:tc>")
	return nil
}
