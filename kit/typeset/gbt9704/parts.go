package gbt9704

import (
	"fmt"
	"strings"

	"github.com/dinghai/dinghai/kit/typeset"
)

func blank(rows int) typeset.Gap { return typeset.Gap{Height: typeset.Length(rows) * Row, Fixed: true} }

func span(f typeset.Family, s string) typeset.Span { return typeset.Span{Text: s, Style: Style(f)} }

// head returns masthead, number, red line, title and addressees (7.2, 7.3.1–2).
func (l *layout) head() ([]typeset.Block, error) {
	d := l.doc
	mast, err := l.masthead()
	if err != nil {
		return nil, err
	}
	blocks := []typeset.Block{typeset.Gap{Height: mastheadTop, Fixed: true}, mast, blank(2)}
	blocks = append(blocks, l.number()...)
	blocks = append(blocks,
		typeset.Gap{Height: belowNumber - (Row-typeset.Size3)/2},
		typeset.Line{Thick: redLine, Color: red}, blank(2), title(d.Title, 0), blank(1))
	if d.To != "" {
		p := Text(strings.TrimRight(d.To, "：:") + "：")
		p.First = 0
		blocks = append(blocks, p)
	}
	return blocks, nil
}

// masthead is as large as the type area allows, in one line.
func (l *layout) masthead() (typeset.Paragraph, error) {
	st := typeset.Style{Family: typeset.XiaoBiaoSong, Size: mastheadSize, Color: red}
	width, err := l.fonts.Width(typeset.Span{Text: l.doc.Masthead, Style: st})
	if err != nil {
		return typeset.Paragraph{}, err
	}
	if width > bodyWidth {
		// Rounded down to half points.
		st.Size = st.Size * bodyWidth / width / (typeset.Pt / 2) * (typeset.Pt / 2)
	}
	return typeset.Paragraph{Spans: []typeset.Span{{Text: l.doc.Masthead, Style: st}}, Align: typeset.Center, Leading: st.Size}, nil
}

// number is in the middle, or at the left when those who sign are at the right.
func (l *layout) number() []typeset.Block {
	no := typeset.Paragraph{Spans: []typeset.Span{span(typeset.FangSong, l.doc.Number.String())}, Align: typeset.Center, Leading: Row}
	if len(l.doc.Signers) == 0 {
		return []typeset.Block{no}
	}
	no.Align, no.Left = typeset.Start, Char
	t := typeset.Table{Columns: []typeset.Length{0, 13 * Char}}
	for i := 0; i < len(l.doc.Signers); i += 2 {
		names := strings.Join(l.doc.Signers[i:min(i+2, len(l.doc.Signers))], "　")
		lead := "　　　　"
		if i == 0 {
			lead = "签发人："
		}
		right := typeset.Paragraph{Spans: []typeset.Span{span(typeset.FangSong, lead), span(typeset.KaiTi, names)}, Align: typeset.Start, Leading: Row}
		if len(l.doc.Signers) == 1 {
			right.Align, right.Right = typeset.End, Char
		}
		var number []typeset.Paragraph
		if i+2 >= len(l.doc.Signers) {
			number = []typeset.Paragraph{no}
		}
		t.Rows = append(t.Rows, typeset.Row{Cells: []typeset.Cell{{Paragraphs: number}, {Paragraphs: []typeset.Paragraph{right}}}})
	}
	return []typeset.Block{t}
}

func title(s string, level int) typeset.Paragraph {
	return typeset.Paragraph{Spans: []typeset.Span{{Text: s, Style: typeset.Style{Family: typeset.XiaoBiaoSong, Size: typeset.Size2}}},
		Align: typeset.Center, Balance: true, Leading: titleLeading, Bookmark: strings.ReplaceAll(s, "\n", ""), Level: level}
}

// families of headings by level (7.3.3).
var families = []typeset.Family{typeset.FangSong, typeset.HeiTi, typeset.KaiTi, typeset.FangSong, typeset.FangSong}

// body numbers headings and sets text. The outline goes under depth.
func (l *layout) body(parts []Part, depth int) ([]typeset.Block, error) {
	var blocks []typeset.Block
	var counts [5]int
	for i, p := range parts {
		if p.Level < 0 || p.Level > 4 {
			return nil, &FieldError{"Body", fmt.Sprintf("part %d has level %d, 0 to 4 exist", i+1, p.Level)}
		}
		if p.Level > 0 {
			counts[p.Level]++
			clear(counts[p.Level+1:])
			blocks = append(blocks, heading(p, mark(p.Level, counts[p.Level]), depth))
		}
		rest := p.Text
		if p.Level > 1 {
			_, rest, _ = strings.Cut(p.Text, "\n")
		}
		if rest != "" {
			for _, s := range strings.Split(rest, "\n") {
				blocks = append(blocks, Text(s))
			}
		}
		blocks = append(blocks, p.Blocks...)
	}
	return blocks, nil
}

// heading stands in a line of its own at level 1; below, the first paragraph of
// its text follows in the same line.
func heading(p Part, mark string, depth int) typeset.Paragraph {
	h := Text("")
	h.Spans = []typeset.Span{span(families[p.Level], mark+p.Heading)}
	if p.Level > 1 {
		first, _, _ := strings.Cut(p.Text, "\n")
		h.Spans = append(h.Spans, span(typeset.FangSong, first))
	}
	if p.Heading != "" {
		h.Bookmark, h.Level = mark+p.Heading, depth+p.Level
	}
	return h
}

// tail returns what follows the body (7.3.4–7).
func (l *layout) tail() ([]typeset.Block, error) {
	d := l.doc
	blocks := enclosures(d.Enclosures)
	sign, err := l.signature()
	if err != nil {
		return nil, err
	}
	blocks = append(blocks, sign)
	if d.Note != "" {
		blocks = append(blocks, Text("（"+strings.Trim(d.Note, "（）()")+"）"))
	}
	for i, a := range d.Annexes {
		name := "附件"
		if len(d.Annexes) > 1 {
			name += fmt.Sprint(i + 1)
		}
		first := typeset.Paragraph{Spans: []typeset.Span{span(typeset.HeiTi, name)}, Leading: Row, Snap: true}
		head := title(a.Title, 0)
		head.Bookmark = name + " " + head.Bookmark
		blocks = append(blocks, typeset.PageBreak{}, first, blank(1), head, blank(1))
		body, err := l.body(a.Body, 0)
		if err != nil {
			return nil, err
		}
		blocks = append(blocks, body...)
	}
	return blocks, nil
}

// enclosures lists the annexes one line below the text, with titles that wrap
// under their own first character (7.3.4).
func enclosures(titles []string) []typeset.Block {
	if len(titles) == 0 {
		return nil
	}
	cell := func(s string, right typeset.Length) typeset.Cell {
		return typeset.Cell{Top: true, Paragraphs: []typeset.Paragraph{{Spans: []typeset.Span{span(typeset.FangSong, s)}, Leading: Row, Right: right}}}
	}
	// What just fits here may be a hair wider in a word processor.
	const lax = -typeset.Size3 / 2
	t := typeset.Table{Columns: []typeset.Length{2 * Char, 3 * Char, Char, 0}}
	for i, s := range titles {
		lead, number := "", mark(3, i+1)
		if i == 0 {
			lead = "附件："
		}
		r := typeset.Row{Cells: []typeset.Cell{{}, cell(lead, lax), cell(number, lax), cell(s, 0)}}
		if len(titles) == 1 {
			r.Cells = []typeset.Cell{{}, cell(lead, lax), {Span: 2, Top: true, Paragraphs: cell(s, 0).Paragraphs}}
		}
		t.Rows = append(t.Rows, r)
	}
	return []typeset.Block{blank(1), t}
}
