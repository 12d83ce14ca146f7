package codec

import (
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// str reads a string; without escapes it shares the document's memory.
func (d *decoder) str() (string, error) {
	if !d.is('"') {
		return "", d.fail("string")
	}
	n := strings.IndexByte(d.s[d.i:], '"')
	if n < 0 {
		return "", d.fail("end of string")
	}
	plain := d.s[d.i : d.i+n]
	if strings.IndexByte(plain, '\\') < 0 {
		d.i += n + 1
		return plain, nil
	}
	return d.escaped()
}

func (d *decoder) escaped() (string, error) {
	var b []byte
	for d.i < len(d.s) {
		c := d.s[d.i]
		d.i++
		switch c {
		case '"':
			return string(b), nil
		case '\\':
			var err error
			if b, err = d.escape(b); err != nil {
				return "", err
			}
		default:
			b = append(b, c)
		}
	}
	return "", d.fail("end of string")
}

func (d *decoder) escape(b []byte) ([]byte, error) {
	if d.i >= len(d.s) {
		return b, d.fail("escape")
	}
	c := d.s[d.i]
	d.i++
	switch c {
	case 'n':
		return append(b, '\n'), nil
	case 't':
		return append(b, '\t'), nil
	case 'r':
		return append(b, '\r'), nil
	case 'b':
		return append(b, '\b'), nil
	case 'f':
		return append(b, '\f'), nil
	case '"', '\\', '/':
		return append(b, c), nil
	case 'u':
		r, err := d.hex4()
		if err == nil && utf16.IsSurrogate(r) && strings.HasPrefix(d.s[d.i:], `\u`) {
			d.i += 2
			var low rune
			low, err = d.hex4()
			r = utf16.DecodeRune(r, low)
		}
		return utf8.AppendRune(b, r), err
	}
	return b, d.fail("escape")
}

func (d *decoder) hex4() (rune, error) {
	if d.i+4 > len(d.s) {
		return 0, d.fail("four hex digits")
	}
	n, err := strconv.ParseUint(d.s[d.i:d.i+4], 16, 32)
	d.i += 4
	return rune(n), err
}
