// Package gbt9704 lays out official documents of the common form by GB/T
// 9704-2012: the type area of 156 × 225 mm with 22 lines of 28 characters, the
// red masthead and separator, numbered headings in their typefaces, signature,
// seal and date, and the imprint on the last even page.
//
// Where the standard leaves a choice (thickness of the red line, leading of
// titles) the constants here say what was chosen. Letters, orders and minutes,
// which the standard treats apart, are not made.
package gbt9704

import (
	"fmt"

	"github.com/dinghai/dinghai/kit/calendar"
	"github.com/dinghai/dinghai/kit/typeset"
)

// Measures of the standard, with the clause that sets them.
var (
	paperWidth  = typeset.MM(210) // 5.1
	paperHeight = typeset.MM(297)
	top         = typeset.MM(37) // 5.2.1
	left        = typeset.MM(28)
	bodyWidth   = typeset.MM(156)
	bodyHeight  = typeset.MM(225)

	mastheadTop  = typeset.MM(35)   // 7.2.4, from the type area
	mastheadSize = typeset.MM(22)   // not larger, by custom
	belowNumber  = typeset.MM(4)    // 7.2.7, from the number to the red line
	redLine      = typeset.MM(0.5)  // chosen
	outerLine    = typeset.MM(0.35) // 7.4.1
	innerLine    = typeset.MM(0.25)
	pageNumber   = typeset.MM(7) // 7.5, below the type area

	titleLeading   = 33 * typeset.Pt // chosen
	imprintLeading = typeset.MM(7.5) // chosen
	sealAbove      = typeset.MM(2)   // chosen: the text stands below the seal's centre
)

// SealWidth is the usual width of a bureau's seal.
var SealWidth = typeset.MM(42)

// The grid: 28 characters to a line, 22 lines to a page (5.2.3).
var (
	Char = bodyWidth / 28
	Row  = bodyHeight / 22
)

var red = typeset.Color{R: 0xE6}

// Frame returns the sheet and its type area.
func Frame() typeset.Frame {
	return typeset.Frame{Width: paperWidth, Height: paperHeight, Left: left, Top: top,
		BodyWidth: bodyWidth, BodyHeight: bodyHeight, Grid: Row}
}

// Style returns the style of body text in a family: size 3 on the grid.
func Style(f typeset.Family) typeset.Style {
	return typeset.Style{Family: f, Size: typeset.Size3, Pitch: Char}
}

// Text returns a paragraph of body text, its first line indented by two.
func Text(s string) typeset.Paragraph {
	return typeset.Paragraph{Spans: []typeset.Span{{Text: s, Style: Style(typeset.FangSong)}},
		First: 2 * Char, Leading: Row, Snap: true}
}

// A Document is an official document. Empty fields are left out, but for those
// that Typeset says it needs.
type Document struct {
	Copy       string   // 份号, six digits
	Secrecy    string   // 密级和保密期限, as in 秘密★1年
	Urgency    string   // 紧急程度: 特急 or 加急
	Masthead   string   // 发文机关标志, needed
	Number     Number   // 发文字号, needed
	Signers    []string // 签发人, of documents to a superior
	Title      string   // 标题, needed; a line feed breaks it where meant
	To         string   // 主送机关
	Body       []Part   // 正文, needed
	Enclosures []string // 附件说明: titles of the annexes
	Issuer     string   // 发文机关署名, needed
	Date       calendar.Date
	Seal       *typeset.Image // laid over issuer and date; nil leaves room for it
	NoSeal     bool           // 不加盖印章: no room is left
	Note       string         // 附注
	Annexes    []Annex
	CopyTo     string // 抄送机关
	Printer    string // 印发机关
	Printed    calendar.Date
}

// A Part is a heading with text, or text alone (Level 0). Levels 1 to 4 are
// numbered 一、（一）1.（1） in 黑体, 楷体 and 仿宋. Line feeds in Text begin new
// paragraphs. Blocks, such as tables, follow it.
type Part struct {
	Level         int
	Heading, Text string
	Blocks        []typeset.Block
}

// An Annex begins on a page of its own.
type Annex struct {
	Title string
	Body  []Part
}

// A FieldError says which field of a document is wrong, and how.
type FieldError struct{ Field, Reason string }

func (e *FieldError) Error() string { return fmt.Sprintf("gbt9704: %s: %s", e.Field, e.Reason) }

func (d *Document) check() error {
	for _, f := range []struct {
		name  string
		empty bool
	}{{"Masthead", d.Masthead == ""}, {"Title", d.Title == ""}, {"Issuer", d.Issuer == ""}, {"Body", len(d.Body) == 0}} {
		if f.empty {
			return &FieldError{f.name, "is needed"}
		}
	}
	if err := d.Number.check(); err != nil {
		return err
	}
	if !d.Date.Valid() {
		return &FieldError{"Date", fmt.Sprintf("%q is no date", d.Date)}
	}
	if d.Printer != "" && !d.Printed.Valid() {
		return &FieldError{"Printed", fmt.Sprintf("%q is no date", d.Printed)}
	}
	if d.Copy != "" && (len(d.Copy) != 6 || !digits(d.Copy)) {
		return &FieldError{"Copy", "six digits are wanted"}
	}
	if n := len(d.Signers); n > 6 {
		return &FieldError{"Signers", fmt.Sprintf("%d are too many for the first page", n)}
	}
	return nil
}

// Typeset lays the document out. A first page without any body text, which the
// standard forbids, is a FitError.
func (d *Document) Typeset(fonts *typeset.Fonts) (*typeset.Document, error) {
	if err := d.check(); err != nil {
		return nil, err
	}
	l := &layout{doc: d, fonts: fonts, frame: Frame()}
	head, err := l.head()
	if err != nil {
		return nil, err
	}
	if err := l.firstPage(head); err != nil {
		return nil, err
	}
	body, err := l.body(d.Body, 0)
	if err != nil {
		return nil, err
	}
	tail, err := l.tail()
	if err != nil {
		return nil, err
	}
	out, err := typeset.Typeset(fonts, l.frame, append(append(head, body...), tail...)...)
	if err != nil {
		return nil, err
	}
	numbered := len(out.Pages)
	if err := l.corner(out); err != nil {
		return nil, err
	}
	if err := l.imprint(out); err != nil {
		return nil, err
	}
	return out, l.numbers(out, numbered)
}

// layout is a document in work.
type layout struct {
	doc   *Document
	fonts *typeset.Fonts
	frame typeset.Frame
}

func (l *layout) firstPage(head []typeset.Block) error {
	alone, err := typeset.Typeset(l.fonts, l.frame, head...)
	if err != nil {
		return err
	}
	if need := alone.End + Row - l.frame.Top; len(alone.Pages) > 1 || need > bodyHeight {
		return &typeset.FitError{What: "the first page with its title and a line of text", Need: need, Room: bodyHeight}
	}
	return nil
}

// Flow returns the document as blocks without fixed places, for a draft that is
// edited in a word processor: with copy number, secrecy and urgency above the
// masthead and the imprint at the end, but without seal and page numbers.
func (d *Document) Flow(fonts *typeset.Fonts) ([]typeset.Block, error) {
	if err := d.check(); err != nil {
		return nil, err
	}
	draft := *d
	draft.Seal = nil
	l := &layout{doc: &draft, fonts: fonts, frame: Frame()}
	head, err := l.head()
	if err != nil {
		return nil, err
	}
	body, err := l.body(d.Body, 0)
	if err != nil {
		return nil, err
	}
	tail, err := l.tail()
	if err != nil {
		return nil, err
	}
	blocks := l.cornerBlocks()
	head[0] = typeset.Gap{Height: mastheadTop - typeset.Length(len(blocks))*Row, Fixed: true}
	blocks = append(append(append(blocks, head...), body...), tail...)
	return append(blocks, l.imprintBlocks()...), nil
}
