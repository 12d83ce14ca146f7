package pdf

import (
	"bytes"
	"fmt"

	"github.com/dinghai/dinghai/kit/typeset"
)

// page writes a page and its content.
func (f *file) page(i int) {
	p := &f.doc.Pages[i]
	n := firstPage + 2*i
	var fonts, pictures bytes.Buffer
	seen := map[string]bool{}
	for _, r := range p.Runs {
		if u := f.fonts.by[r.Font]; !seen[u.name] {
			seen[u.name] = true
			fmt.Fprintf(&fonts, "/%s %d 0 R", u.name, u.object)
		}
	}
	for _, pic := range p.Pictures {
		if name, object := f.pictureOf(pic.Image); !seen[name] {
			seen[name] = true
			fmt.Fprintf(&pictures, "/%s %d 0 R", name, object)
		}
	}
	size := append(append(number(nil, int64(p.Width)), ' '), number(nil, int64(p.Height))...)
	f.object(n, fmt.Sprintf("<</Type/Page/Parent %d 0 R/MediaBox[0 0 %s]/Resources<</Font<<%s>>/XObject<<%s>>>>/Contents %d 0 R>>",
		treeObject, size, fonts.String(), pictures.String(), n+1))
	f.stream(n+1, "", f.content(p))
}

// painter writes drawing operators, places measured from the page's foot.
type painter struct {
	b      []byte
	height typeset.Length
	color  typeset.Color
}

// content draws rules first and pictures last: a seal is pressed on the text.
func (f *file) content(p *typeset.Page) []byte {
	w := &painter{height: p.Height}
	for _, r := range p.Rules {
		w.paint(r.Color)
		w.numbers(r.X, w.height-r.Y-r.Height, r.Width, r.Height)
		w.b = append(w.b, "re f\n"...)
	}
	if len(p.Runs) > 0 {
		w.b = append(w.b, "BT\n"...)
		font, size := "", typeset.Length(0)
		for i := range p.Runs {
			r := &p.Runs[i]
			u := f.fonts.by[r.Font]
			if u.name != font || r.Size != size {
				font, size = u.name, r.Size
				w.b = append(append(w.b, '/'), font...)
				w.b = append(number(append(w.b, ' '), int64(size)), " Tf\n"...)
			}
			w.run(r, u)
		}
		w.b = append(w.b, "ET\n"...)
	}
	for _, pic := range p.Pictures {
		name, _ := f.pictureOf(pic.Image)
		w.b = append(w.b, "q "...)
		w.numbers(pic.Width, 0, 0, pic.Height, pic.X, w.height-pic.Y-pic.Height)
		w.b = append(append(append(w.b, "cm /"...), name...), " Do Q\n"...)
	}
	return w.b
}

func (w *painter) paint(c typeset.Color) {
	if c == w.color {
		return
	}
	w.color = c
	for _, v := range []uint8{c.R, c.G, c.B} {
		w.b = append(number(w.b, (int64(v)*1000+127)/255), ' ')
	}
	w.b = append(w.b, "rg\n"...)
}

func (w *painter) numbers(ls ...typeset.Length) {
	for _, l := range ls {
		w.b = append(number(w.b, int64(l)), ' ')
	}
}

// run shows a run. Where a glyph's place is not where the one before it ends,
// the difference is written, in thousandths of the size; it is measured from
// the run's start, so that rounding does not add up.
func (w *painter) run(r *typeset.Run, u *usedFont) {
	w.paint(r.Color)
	w.b = append(w.b, "1 0 0 1 "...)
	w.numbers(r.X, w.height-r.Y)
	w.b = append(w.b, "Tm["...)
	open := false
	var wanted typeset.Length
	at := 0
	for i, g := range r.Glyphs {
		place := int((wanted*1000 + r.Size/2) / r.Size)
		if shift := at - place; shift != 0 && i > 0 {
			if open {
				w.b = append(w.b, '>')
				open = false
			}
			w.b = number(w.b, int64(shift)*1000)
			at = place
		}
		if !open {
			w.b = append(w.b, '<')
			open = true
		}
		code := u.codes[g.Rune]
		w.b = hex4(w.b, code)
		at += u.widths[code]
		wanted += g.Advance
	}
	if open {
		w.b = append(w.b, '>')
	}
	w.b = append(w.b, "]TJ\n"...)
}
