// Package barcode draws the symbols that goods and papers carry, as SVG and
// PNG:
//
//   - QR Code, ISO/IEC 18004, all four levels of error correction
//   - GS1 DataMatrix, ISO/IEC 16022 ECC 200 with FNC1 in first position
//   - Code 128, ISO/IEC 15417, and GS1-128 with FNC1
//
// Text beyond ASCII in a QR Code is announced as UTF-8 (ECI 26). Without that,
// readers guess, and some take every tenth Chinese text for another encoding.
//
// The GS1 symbols take an element string: application identifiers and values
// run together, and a GS character (0x1D) behind every value of variable length
// that is not the last. Which identifiers there are is not looked at here.
package barcode

import (
	"fmt"
	"strings"

	"github.com/boombuler/barcode"
	"github.com/boombuler/barcode/code128"
	"github.com/boombuler/barcode/datamatrix"
)

// GS separates the elements of a GS1 element string.
const GS = '\x1d'

// Kind names a symbology in an Error.
type Kind string

const (
	KindQR         Kind = "qr"
	KindDataMatrix Kind = "gs1_datamatrix"
	KindCode128    Kind = "code128"
	KindGS1128     Kind = "gs1_128"
)

// Reason says what is wrong, as a stable code.
type Reason string

const (
	ReasonEmpty     Reason = "empty"
	ReasonChar      Reason = "char"      // not in the symbology's alphabet
	ReasonUTF8      Reason = "utf8"      // invalid UTF-8
	ReasonSeparator Reason = "separator" // GS first, last or twice
	ReasonTooLong   Reason = "too_long"  // more than the largest symbol holds
	ReasonLevel     Reason = "level"     // no such level of error correction
	ReasonScale     Reason = "scale"     // module size out of range
)

// Error tells why a symbol cannot be drawn and which byte of the content,
// counted from 1, is to blame; 0 means the whole.
type Error struct {
	Kind   Kind
	Pos    int
	Reason Reason
}

func (e *Error) Error() string {
	return fmt.Sprintf("barcode: %s: bad %s at %d", e.Kind, e.Reason, e.Pos)
}

// Symbol is a symbol as a grid of modules, the smallest squares or bars.
type Symbol struct {
	Kind          Kind
	Width, Height int // in modules, without the quiet zone

	quietX, quietY int // free modules on each side that readers need
	dark           []bool
}

func newSymbol(k Kind, width, height, quietX, quietY int) *Symbol {
	return &Symbol{k, width, height, quietX, quietY, make([]bool, width*height)}
}

// Dark reports whether the module in column x and row y is dark. Modules
// outside are light.
func (s *Symbol) Dark(x, y int) bool {
	return x >= 0 && y >= 0 && x < s.Width && y < s.Height && s.dark[y*s.Width+x]
}

// Size is the width and height in modules with the quiet zone.
func (s *Symbol) Size() (width, height int) { return s.Width + 2*s.quietX, s.Height + 2*s.quietY }

// MaxCode128 is the most characters that Code128 takes; longer symbols are too
// wide for most readers.
const MaxCode128 = 80

// MaxGS1128 is the most characters of a GS1-128 symbol, separators included
// (GS1 General Specifications 5.4.2).
const MaxGS1128 = 48

// Code128 draws ASCII text, control characters included.
func Code128(content string) (*Symbol, error) {
	if content == "" {
		return nil, &Error{KindCode128, 0, ReasonEmpty}
	}
	for i := range len(content) {
		if content[i] >= 0x80 {
			return nil, &Error{KindCode128, i + 1, ReasonChar}
		}
	}
	if len(content) > MaxCode128 {
		return nil, &Error{KindCode128, MaxCode128 + 1, ReasonTooLong}
	}
	return linear(KindCode128, content)
}

// GS1128 draws a GS1 element string as GS1-128.
func GS1128(elements string) (*Symbol, error) {
	if err := checkElements(KindGS1128, elements); err != nil {
		return nil, err
	}
	if len(elements) > MaxGS1128 {
		return nil, &Error{KindGS1128, MaxGS1128 + 1, ReasonTooLong}
	}
	return linear(KindGS1128, withFNC1(elements, string(code128.FNC1)))
}

// linear draws bars of a height of 15 % of the width, as ISO/IEC 15417 wants
// for reading by hand, and at least of 32 modules.
func linear(k Kind, content string) (*Symbol, error) {
	code, err := code128.Encode(content)
	if err != nil {
		return nil, &Error{k, 0, ReasonChar}
	}
	w := code.Bounds().Dx()
	s := newSymbol(k, w, max(32, (w*15+99)/100), 10, 0)
	readRow(s, code, 0)
	for y := 1; y < s.Height; y++ {
		copy(s.dark[y*w:], s.dark[:w])
	}
	return s, nil
}

// maxDataMatrix is the most digits that the largest symbol holds beside FNC1.
const maxDataMatrix = 3114

// GS1DataMatrix draws a GS1 element string as a square Data Matrix.
func GS1DataMatrix(elements string) (*Symbol, error) {
	if err := checkElements(KindDataMatrix, elements); err != nil {
		return nil, err
	}
	if len(elements) > maxDataMatrix {
		return nil, &Error{KindDataMatrix, maxDataMatrix + 1, ReasonTooLong}
	}
	code, err := datamatrix.Encode(withFNC1(elements, string([]byte{datamatrix.FNC1})))
	if err != nil {
		return nil, &Error{KindDataMatrix, 0, ReasonTooLong}
	}
	s := newSymbol(KindDataMatrix, code.Bounds().Dx(), code.Bounds().Dy(), 1, 1)
	for y := range s.Height {
		readRow(s, code, y)
	}
	return s, nil
}

func readRow(s *Symbol, code barcode.Barcode, y int) {
	for x := range s.Width {
		r, _, _, _ := code.At(x, y).RGBA()
		s.dark[y*s.Width+x] = r == 0
	}
}

// checkElements wants the characters of GS1's set 82 with single separators
// between.
func checkElements(k Kind, s string) error {
	if s == "" {
		return &Error{k, 0, ReasonEmpty}
	}
	for i := range len(s) {
		switch {
		case s[i] == GS && (i == 0 || i == len(s)-1 || s[i-1] == GS):
			return &Error{k, i + 1, ReasonSeparator}
		case s[i] != GS && !set82[s[i]]:
			return &Error{k, i + 1, ReasonChar}
		}
	}
	return nil
}

// set82 is the ISO/IEC 646 subset of GS1 General Specifications figure 7.11-1.
var set82 = func() (t [256]bool) {
	const signs = `!"%&'()*+,-./:;<=>?_`
	for i := range len(signs) {
		t[signs[i]] = true
	}
	for c := range 26 {
		t['A'+c], t['a'+c] = true, true
	}
	for c := range 10 {
		t['0'+c] = true
	}
	return t
}()

// withFNC1 puts FNC1 in front, which says that GS1 data follow, and for every
// separator.
func withFNC1(elements, fnc1 string) string {
	return fnc1 + strings.ReplaceAll(elements, string(GS), fnc1)
}
