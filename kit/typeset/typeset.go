// Package typeset lays out Chinese text on pages: it breaks lines by the rules
// of GB/T 15834 (what may not begin or end a line), mixes fonts by which of
// them has a glyph, justifies, and carries paragraphs and tables over pages.
//
// The result is a Document of glyphs at places; package pdf writes it. Nothing
// is ever left out: a character without a glyph is an error that names it, and
// every character but the spaces at a wrapped line's end is on a page.
// Lengths are whole thousandths of a point, so a layout is the same everywhere.
//
// There is no shaping: scripts that need it (Arabic, Tibetan, Indic) are not
// set, and their characters are refused because the fonts here lack them.
package typeset

// A Color is an sRGB color; the zero value is black.
type Color struct{ R, G, B uint8 }

// A Style says how text looks.
type Style struct {
	Family    Family
	Size      Length // of the em
	Pitch     Length // advance of a full-width character; 0 means Size. Others keep their proportion to it
	Color     Color
	Underline bool
}

// A Span is text of one style. A line feed ends a line; other control
// characters have no glyph and are refused.
type Span struct {
	Text string
	Style
}

// An Align tells where lines stand between the margins.
type Align uint8

// Alignments. Justified lines reach both margins, but for the last.
const (
	Justify Align = iota
	Start
	Center
	End
)

// A Block is a part of a flow: Paragraph, Table, Gap, Line, PageBreak or Keep.
type Block interface{ block() }

// A Paragraph is text with its shape. Indents add to the margins; First adds to
// Left in the first line.
type Paragraph struct {
	Spans              []Span
	Align              Align
	First, Left, Right Length
	Leading            Length // from line to line; 0 means one and a half of the largest size
	Before, After      Length // blank space, dropped at the top of a page
	Snap               bool   // lines stand on the frame's grid
	Balance            bool   // lines of like length, as in titles
	KeepNext           bool   // on one page with the first line of what follows
	Bookmark           string // title in the document's outline, or ""
	Level              int    // of the bookmark, from 0
	Insets             []Inset
}

// An Inset is a picture laid over a paragraph, such as a seal: its centre is
// put DX to the right of and DY below the centre of the first line's text.
type Inset struct {
	Image  *Image
	DX, DY Length
}

// A Gap is blank space. It stays at the top of a page only if Fixed.
type Gap struct {
	Height Length
	Fixed  bool
}

// A Line is a rule from margin to margin, drawn downwards from its place.
type Line struct {
	Thick Length
	Color Color
}

// A PageBreak begins a new page.
type PageBreak struct{}

// Keep holds blocks together on a page. Pull lines of the paragraph before it
// come along when it has to move to the next page.
type Keep struct {
	Blocks []Block
	Pull   int
}

func (Paragraph) block() {}
func (Gap) block()       {}
func (Line) block()      {}
func (PageBreak) block() {}
func (Keep) block()      {}
func (Table) block()     {}

// A Frame is a sheet with its type area.
type Frame struct {
	Width, Height         Length // of the paper
	Left, Top             Length // of the type area
	BodyWidth, BodyHeight Length // of the type area
	Grid                  Length // pitch of the grid lines, for Snap
	MaxPages              int    // an error beyond; 0 means 10,000
}

// Bottom returns where the type area ends.
func (f Frame) Bottom() Length { return f.Top + f.BodyHeight }

// Right returns where the type area ends.
func (f Frame) Right() Length { return f.Left + f.BodyWidth }
