package barcode

import (
	"bufio"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"io"
	"strconv"
)

// MaxPixels is the largest side of a PNG.
const MaxPixels = 16384

var blackOnWhite = color.Palette{color.White, color.Black}

// Image draws the symbol with its quiet zone, module pixels a module, black on
// white. Readers of paper want at least three.
func (s *Symbol) Image(module int) (*image.Paletted, error) {
	w, h := s.Size()
	if module < 1 || max(w, h) > MaxPixels/module {
		return nil, &Error{s.Kind, 0, ReasonScale}
	}
	m := image.NewPaletted(image.Rect(0, 0, w*module, h*module), blackOnWhite)
	for y := range s.Height {
		row := m.Pix[(y+s.quietY)*module*m.Stride:]
		for x := range s.Width {
			if s.Dark(x, y) {
				at := (x + s.quietX) * module
				for i := range module {
					row[at+i] = 1
				}
			}
		}
		for i := 1; i < module; i++ {
			copy(row[i*m.Stride:(i+1)*m.Stride], row[:m.Stride])
		}
	}
	return m, nil
}

// PNG writes the symbol as an image of one bit a pixel.
func (s *Symbol) PNG(w io.Writer, module int) error {
	m, err := s.Image(module)
	if err != nil {
		return err
	}
	if err := png.Encode(w, m); err != nil {
		return fmt.Errorf("barcode: png: %w", err)
	}
	return nil
}

// SVG writes the symbol with a module of mm millimetres: in print 0.25 to 1 by
// GS1, on the usual label 0.4 or so. The drawing is one path of rectangles, each
// as wide as neighbouring dark modules go, and for bars as tall as the symbol.
func (s *Symbol) SVG(w io.Writer, mm float64) error {
	if !(mm > 0 && mm <= 100) {
		return &Error{s.Kind, 0, ReasonScale}
	}
	width, height := s.Size()
	b := bufio.NewWriter(w)
	fmt.Fprintf(b, `<svg xmlns="http://www.w3.org/2000/svg" width="%smm" height="%smm" viewBox="0 0 %d %d" shape-rendering="crispEdges">`,
		decimal(float64(width)*mm), decimal(float64(height)*mm), width, height)
	fmt.Fprintf(b, `<path fill="#fff" d="M0 0h%dv%dH0z"/><path d="`, width, height)
	rows, tall := s.Height, 1
	if s.quietY == 0 { // bars
		rows, tall = 1, s.Height
	}
	for y := range rows {
		for x := 0; x < s.Width; x++ {
			start := x
			for s.Dark(x, y) {
				x++
			}
			if x > start {
				fmt.Fprintf(b, "M%d %dh%dv%dh-%dz", start+s.quietX, y+s.quietY, x-start, tall, x-start)
			}
		}
	}
	b.WriteString(`"/></svg>`)
	if err := b.Flush(); err != nil {
		return fmt.Errorf("barcode: svg: %w", err)
	}
	return nil
}

// decimal writes micrometres without an exponent.
func decimal(f float64) string {
	return strconv.FormatFloat(float64(int64(f*1000+0.5))/1000, 'f', -1, 64)
}
