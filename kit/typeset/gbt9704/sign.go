package gbt9704

import (
	"strconv"
	"strings"

	"github.com/dinghai/dinghai/kit/typeset"
)

// signature sets issuer and date, on one page with at least two lines of what
// stands before them (7.3.5).
func (l *layout) signature() (typeset.Block, error) {
	issuer, date := span(typeset.FangSong, l.doc.Issuer), span(typeset.FangSong, Day(l.doc.Date))
	wi, err := l.fonts.Width(issuer)
	if err != nil {
		return nil, err
	}
	wd, err := l.fonts.Width(date)
	if err != nil {
		return nil, err
	}
	line := func(s typeset.Span, left typeset.Length) typeset.Paragraph {
		return typeset.Paragraph{Spans: []typeset.Span{s}, Align: typeset.Start, Left: max(0, left), Leading: Row, Snap: true}
	}
	if l.doc.NoSeal {
		// The date begins two characters right of the issuer; neither comes
		// nearer to the margin than two.
		x := min(bodyWidth-2*Char-wi, bodyWidth-4*Char-wd)
		return typeset.Keep{Pull: 2, Blocks: []typeset.Block{blank(1), line(issuer, x), line(date, x+2*Char)}}, nil
	}
	// The issuer is centred over the date, which ends four characters from the
	// margin, or further where the issuer is too long for that.
	middle := min(bodyWidth-4*Char-wd/2, bodyWidth-wi/2)
	day := line(date, middle-wd/2)
	width := SealWidth
	if l.doc.Seal != nil {
		width = l.doc.Seal.Height
		day.Insets = []typeset.Inset{{Image: l.doc.Seal, DY: -Row/2 - sealAbove}}
	}
	return typeset.Keep{Pull: 2, Blocks: []typeset.Block{blank(above(width)), line(issuer, middle-wi/2), day}}, nil
}

// above returns how many rows stay free above the issuer, so that the seal's
// upper edge is below the text and within one row of it.
func above(seal typeset.Length) int {
	need := seal/2 + sealAbove - Row
	return max(1, int((need+Row-1)/Row))
}

// cornerBlocks are copy number, secrecy and urgency, one below the other
// (7.2.1–3).
func (l *layout) cornerBlocks() (blocks []typeset.Block) {
	for _, s := range []typeset.Span{span(typeset.FangSong, l.doc.Copy), span(typeset.HeiTi, l.doc.Secrecy), span(typeset.HeiTi, l.doc.Urgency)} {
		if s.Text != "" {
			blocks = append(blocks, typeset.Paragraph{Spans: []typeset.Span{s}, Leading: Row})
		}
	}
	return blocks
}

// corner puts them in the first page's corner.
func (l *layout) corner(out *typeset.Document) error {
	y := l.frame.Top
	for _, b := range l.cornerBlocks() {
		h, err := out.Pages[0].Put(l.fonts, l.frame.Left, y, bodyWidth, b.(typeset.Paragraph))
		if err != nil {
			return err
		}
		y += h
	}
	return nil
}

// imprintRows are what stands between the lines of the imprint (7.4.2–3).
func (l *layout) imprintRows() (rows [][]typeset.Paragraph) {
	st := typeset.Style{Family: typeset.FangSong, Size: typeset.Size4}
	line := func(s string) typeset.Paragraph {
		return typeset.Paragraph{Spans: []typeset.Span{{Text: s, Style: st}}, Leading: imprintLeading, Left: st.Size, Right: st.Size}
	}
	if l.doc.CopyTo != "" {
		p := line("抄送：" + strings.TrimRight(l.doc.CopyTo, "。.") + "。")
		// Further lines begin under the first name.
		p.First, p.Left = -3*st.Size, p.Left+3*st.Size
		rows = append(rows, []typeset.Paragraph{p})
	}
	if l.doc.Printer != "" {
		right := line(Day(l.doc.Printed) + "印发")
		right.Align = typeset.End
		rows = append(rows, []typeset.Paragraph{line(l.doc.Printer), right})
	}
	return rows
}

// imprintBlocks are the imprint of a draft, wherever it comes to stand.
func (l *layout) imprintBlocks() (blocks []typeset.Block) {
	for i, row := range l.imprintRows() {
		thick := innerLine
		if i == 0 {
			blocks, thick = append(blocks, blank(1)), outerLine
		}
		blocks = append(blocks, typeset.Line{Thick: thick})
		if len(row) == 1 {
			blocks = append(blocks, row[0])
			continue
		}
		blocks = append(blocks, typeset.Table{Columns: []typeset.Length{0, bodyWidth * 2 / 5}, Rows: []typeset.Row{{Cells: []typeset.Cell{
			{Paragraphs: row[:1]}, {Paragraphs: row[1:]}}}}})
	}
	if len(blocks) > 0 {
		blocks = append(blocks, typeset.Line{Thick: outerLine})
	}
	return blocks
}

// imprint puts the imprint at the foot of the last page, which must be an even
// one; pages are added until it is (7.4).
func (l *layout) imprint(out *typeset.Document) error {
	rows := l.imprintRows()
	if len(rows) == 0 {
		return nil
	}
	height, err := l.heights(rows)
	if err != nil {
		return err
	}
	free := l.frame.Bottom() - out.End
	if len(out.Pages)%2 != 0 {
		l.addPage(out)
	} else if free < height+Row/2 {
		l.addPage(out)
		l.addPage(out)
	}
	return l.drawImprint(&out.Pages[len(out.Pages)-1], rows, l.frame.Bottom()-height)
}

func (l *layout) addPage(out *typeset.Document) {
	out.Pages = append(out.Pages, typeset.Page{Width: paperWidth, Height: paperHeight})
}

// heights measures the imprint by drawing it on a page that nobody sees.
func (l *layout) heights(rows [][]typeset.Paragraph) (typeset.Length, error) {
	var page typeset.Page
	var sum typeset.Length
	for _, row := range rows {
		h, err := page.Put(l.fonts, 0, 0, bodyWidth, row[0])
		if err != nil {
			return 0, err
		}
		sum += h
	}
	return sum, nil
}

func (l *layout) drawImprint(page *typeset.Page, rows [][]typeset.Paragraph, y typeset.Length) error {
	rule := func(thick, y typeset.Length) {
		page.Rules = append(page.Rules, typeset.Rule{X: left, Y: y - thick, Width: bodyWidth, Height: thick})
	}
	rule(outerLine, y)
	for i, row := range rows {
		var h typeset.Length
		for _, p := range row {
			got, err := page.Put(l.fonts, left, y, bodyWidth, p)
			if err != nil {
				return err
			}
			h = max(h, got)
		}
		y += h
		if i < len(rows)-1 {
			rule(innerLine, y)
		}
	}
	// The last line is at the edge of the type area.
	rule(outerLine, y)
	return nil
}

// numbers sets page numbers between dashes below the type area, at the outer
// side of the sheet (7.5). Pages that only the imprint needs have none.
func (l *layout) numbers(out *typeset.Document, n int) error {
	st := typeset.Style{Family: typeset.SongTi, Size: typeset.Size4}
	for i := range out.Pages[:n] {
		p := typeset.Paragraph{Spans: []typeset.Span{{Text: "— " + strconv.Itoa(i+1) + " —", Style: st}},
			Leading: st.Size, Align: typeset.End, Right: Char}
		if i%2 == 1 {
			p.Align, p.Left, p.Right = typeset.Start, Char, 0
		}
		// The dash is half an em below the top of its box.
		y := l.frame.Bottom() + pageNumber - st.Size/2
		if _, err := out.Pages[i].Put(l.fonts, left, y, bodyWidth, p); err != nil {
			return err
		}
	}
	return nil
}
