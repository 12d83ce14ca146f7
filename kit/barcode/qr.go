package barcode

import (
	"unicode/utf8"

	"rsc.io/qr/coding"
)

// Level is how much of a QR Code may be dirty or torn.
type Level int

const (
	L Level = iota // 7 %
	M              // 15 %
	Q              // 25 %
	H              // 30 %
)

// QR draws text as the smallest QR Code of the level that holds it.
func QR(content string, level Level) (*Symbol, error) {
	code, err := encodeQR(content, level)
	if err != nil {
		return nil, err
	}
	s := newSymbol(KindQR, code.Size, code.Size, 4, 4)
	for y := range code.Size {
		for x := range code.Size {
			s.dark[y*s.Width+x] = code.Black(x, y)
		}
	}
	return s, nil
}

// QRVersion is the version, 1 to 40, of the QR Code that [QR] would draw.
func QRVersion(content string, level Level) (int, error) {
	_, v, err := plan(content, level)
	return int(v), err
}

func encodeQR(content string, level Level) (*coding.Code, error) {
	segments, v, err := plan(content, level)
	if err != nil {
		return nil, err
	}
	var best *coding.Code
	least := 0
	for mask := coding.Mask(0); mask < 8; mask++ {
		p, err := coding.NewPlan(v, coding.Level(level), mask)
		if err != nil {
			return nil, err
		}
		code, err := p.Encode(segments...)
		if err != nil {
			return nil, err
		}
		if n := penalty(code); best == nil || n < least {
			best, least = code, n
		}
	}
	return best, nil
}

// plan cuts the content into segments and finds the smallest version. The best
// cut depends on the version, by its class of three only.
func plan(content string, level Level) ([]coding.Encoding, coding.Version, error) {
	if level < L || level > H {
		return nil, 0, &Error{KindQR, 0, ReasonLevel}
	}
	if i := invalidUTF8(content); i >= 0 {
		return nil, 0, &Error{KindQR, i + 1, ReasonUTF8}
	}
	if content == "" {
		return nil, 0, &Error{KindQR, 0, ReasonEmpty}
	}
	if len(content) > maxQR {
		return nil, 0, &Error{KindQR, maxQR + 1, ReasonTooLong}
	}
	for _, class := range [...][2]coding.Version{{1, 9}, {10, 26}, {27, 40}} {
		segments := cut(content, class[0])
		bits := 0
		for _, s := range segments {
			bits += s.Bits(class[0])
		}
		for v := class[0]; v <= class[1]; v++ {
			if bits <= 8*v.DataBytes(coding.Level(level)) {
				return segments, v, nil
			}
		}
	}
	return nil, 0, &Error{KindQR, 0, ReasonTooLong}
}

// maxQR is the most digits that the largest symbol holds.
const maxQR = 7089

func invalidUTF8(s string) int {
	for i, r := range s {
		if r != utf8.RuneError {
			continue
		}
		if _, n := utf8.DecodeRuneInString(s[i:]); n == 1 {
			return i
		}
	}
	return -1
}

// eci is the segment that announces UTF-8.
type eci struct{}

func (eci) Check() error                            { return nil }
func (eci) Bits(coding.Version) int                 { return 4 + 8 }
func (eci) Encode(b *coding.Bits, _ coding.Version) { b.Write(7, 4); b.Write(26, 8) }

// The modes, cheapest first. Costs are in sixths of a bit, so that ten bits for
// three digits and eleven for two letters are whole.
const (
	numeric = iota
	alphanumeric
	bytes
	modes
)

var charCost = [modes]int{20, 33, 48}

func allows(mode int, c byte) bool {
	switch digit := c-'0' <= 9; mode {
	case numeric:
		return digit
	case alphanumeric:
		return digit || alphaSigns[c]
	}
	return true
}

var alphaSigns = func() (t [256]bool) {
	const set = "ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
	for i := range len(set) {
		t[set[i]] = true
	}
	return t
}()

func segment(mode int, s string) coding.Encoding {
	switch mode {
	case numeric:
		return coding.Num(s)
	case alphanumeric:
		return coding.Alpha(s)
	}
	return coding.String(s)
}

// cut finds the segments that take the fewest bits: for every byte and mode the
// cheapest way to get there, then back along the way.
func cut(s string, v coding.Version) []coding.Encoding {
	var head [modes]int // cost of beginning a segment
	for m := range modes {
		head[m] = 6 * segment(m, "").Bits(v)
	}
	const never = 1 << 30
	cost := head
	from := make([][modes]uint8, len(s)) // mode of the byte before
	for i := range len(s) {
		next := [modes]int{never, never, never}
		for m := range modes {
			if !allows(m, s[i]) {
				continue
			}
			for p := range modes {
				c := cost[p] + charCost[m]
				if p != m {
					c = (cost[p]+5)/6*6 + head[m] + charCost[m] // a segment ends on a whole bit
				}
				if i == 0 {
					c = head[m] + charCost[m]
				}
				if c < next[m] {
					next[m], from[i][m] = c, uint8(p)
				}
			}
		}
		cost = next
	}
	return collect(s, from, cost)
}

func collect(s string, from [][modes]uint8, cost [modes]int) (out []coding.Encoding) {
	mode := uint8(numeric)
	for m := range uint8(modes) {
		if cost[m] < cost[mode] {
			mode = m
		}
	}
	is := make([]uint8, len(s))
	ascii := true
	for i := len(s) - 1; i >= 0; i-- {
		is[i], mode = mode, from[i][mode]
		ascii = ascii && s[i] < 0x80
	}
	if !ascii {
		out = append(out, eci{})
	}
	for start, i := 0, 1; i <= len(s); i++ {
		if i == len(s) || is[i] != is[start] {
			out = append(out, segment(int(is[start]), s[start:i]))
			start = i
		}
	}
	return out
}
