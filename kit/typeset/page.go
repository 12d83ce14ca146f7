package typeset

import (
	"crypto/sha256"
	"image"
	"image/draw"
	"strings"

	"github.com/dinghai/dinghai/kit/typeset/truetype"
)

// A Document is what a layout comes to: pages with everything at its place.
type Document struct {
	Pages     []Page
	Bookmarks []Bookmark
	End       Length // where the flow ended on the last page
}

// A Page is one side of a sheet. Places are measured from its top left.
type Page struct {
	Width, Height Length
	Runs          []Run
	Rules         []Rule
	Pictures      []Picture
	Forced        int // lines broken against the rules because nothing else was possible
}

// A Run is glyphs of one font on one baseline.
type Run struct {
	Font   *truetype.Font
	Size   Length
	Color  Color
	X, Y   Length // of the first glyph's origin
	Glyphs []Glyph
}

// A Glyph is a character in its font.
type Glyph struct {
	ID      truetype.GID
	Rune    rune
	Advance Length // to the next glyph of the run
}

// Text returns the characters of a run.
func (r Run) Text() string {
	var b strings.Builder
	for _, g := range r.Glyphs {
		b.WriteRune(g.Rune)
	}
	return b.String()
}

// A Rule is a filled rectangle; thin ones are lines.
type Rule struct {
	X, Y, Width, Height Length
	Color               Color
}

// A Picture is an image at a place.
type Picture struct {
	Image               *Image
	X, Y, Width, Height Length
}

// An Image is a raster with the size it has on paper.
type Image struct {
	Width, Height Length
	Pixels        *image.NRGBA
	Key           [32]byte // of the pixels; equal images are stored once
}

// NewImage takes an image to be shown so wide; the height follows.
func NewImage(m image.Image, width Length) *Image {
	b := m.Bounds()
	n := image.NewNRGBA(image.Rect(0, 0, b.Dx(), b.Dy()))
	draw.Draw(n, n.Rect, m, b.Min, draw.Src)
	height := Length(0)
	if b.Dx() > 0 {
		height = width * Length(b.Dy()) / Length(b.Dx())
	}
	return &Image{Width: width, Height: height, Pixels: n, Key: sha256.Sum256(n.Pix)}
}

// A Bookmark is an entry of the outline.
type Bookmark struct {
	Title string
	Level int
	Page  int // from 0
	Y     Length
}

// Text returns the text of a page, run by run as they were set.
func (p Page) Text() string {
	var b strings.Builder
	for _, r := range p.Runs {
		b.WriteString(r.Text())
	}
	return b.String()
}

// Put sets a paragraph at a place of its own, as page numbers are, in a column
// so wide, and returns its height.
func (p *Page) Put(fonts *Fonts, x, y, width Length, par Paragraph) (Length, error) {
	lines, err := newSetter(fonts).lines(&par, width)
	if err != nil {
		return 0, err
	}
	at := y
	for i := range lines {
		from, to := lines[i].draw(p, x, at, leading(&par), par.Align)
		if i == 0 {
			inset(p, par.Insets, (from+to)/2, at+leading(&par)/2)
		}
		at += leading(&par)
	}
	return at - y, nil
}

// Width returns how wide spans are in one line.
func (fs *Fonts) Width(spans ...Span) (w Length, err error) {
	cells, err := newSetter(fs).shape(spans)
	for _, c := range cells {
		w += c.advance
	}
	return w, err
}
