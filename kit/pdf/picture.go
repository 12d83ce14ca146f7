package pdf

import (
	"fmt"

	"github.com/dinghai/dinghai/kit/typeset"
)

// picture is an image of the document with its objects: itself and, if parts of
// it are transparent, how opaque it is.
type picture struct {
	image  *typeset.Image
	name   string
	object int
}

// findPictures lists the images used, equal ones once.
func (f *file) findPictures() {
	for i := range f.doc.Pages {
		for _, p := range f.doc.Pages[i].Pictures {
			if name, _ := f.pictureOf(p.Image); name == "" {
				f.pictures = append(f.pictures, picture{p.Image, fmt.Sprintf("I%d", len(f.pictures)+1), f.reserve(2)})
			}
		}
	}
}

// pictureOf returns name and object of an image; documents have a handful.
func (f *file) pictureOf(m *typeset.Image) (string, int) {
	for _, p := range f.pictures {
		if p.image.Key == m.Key && p.image.Pixels.Rect == m.Pixels.Rect {
			return p.name, p.object
		}
	}
	return "", 0
}

func (f *file) picture(p picture) error {
	m := p.image.Pixels
	if m.Rect.Empty() {
		return fmt.Errorf("pdf: image %s has no pixels", p.name)
	}
	n := m.Rect.Dx() * m.Rect.Dy()
	rgb, alpha := make([]byte, 0, 3*n), make([]byte, 0, n)
	for y := range m.Rect.Dy() {
		row := m.Pix[y*m.Stride : y*m.Stride+4*m.Rect.Dx()]
		for ; len(row) > 0; row = row[4:] {
			rgb, alpha = append(rgb, row[:3]...), append(alpha, row[3])
		}
	}
	entries := fmt.Sprintf("/Type/XObject/Subtype/Image/Width %d/Height %d/BitsPerComponent 8", m.Rect.Dx(), m.Rect.Dy())
	f.stream(p.object, fmt.Sprintf("%s/ColorSpace/DeviceRGB/SMask %d 0 R", entries, p.object+1), rgb)
	f.stream(p.object+1, entries+"/ColorSpace/DeviceGray", alpha)
	return nil
}
