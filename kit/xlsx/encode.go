package xlsx

import (
	"fmt"
	"math"
	"strconv"
	"time"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"

	"github.com/dinghai/dinghai/kit/calendar"
)

// value encodes a cell of the row begun; column counts from 0.
func (w *Writer) value(column int, v any) {
	switch v := v.(type) {
	case nil:
	case string:
		w.text(column, 0, v)
	case bool:
		w.open(column, 0, "b")
		w.close(strconv.AppendInt(w.buf, map[bool]int64{true: 1}[v], 10))
	case int:
		w.integer(column, 0, int64(v))
	case int8, int16, int32, uint8, uint16, uint32, uint, uint64:
		w.open(column, 0, "")
		w.close(fmt.Append(w.buf, v))
	case int64:
		w.integer(column, 0, v)
	case float32:
		w.float(column, 0, float64(v))
	case float64:
		w.float(column, 0, v)
	case calendar.Date:
		w.day(column, w.date, v)
	case time.Time:
		days := v.Sub(time.Date(1899, 12, 30, 0, 0, 0, 0, v.Location())).Hours() / 24
		w.float(column, w.moment, days)
	default:
		w.text(column, 0, fmt.Sprint(v))
	}
}

// open begins a cell with a value.
func (w *Writer) open(column, style int, kind string) {
	for column >= len(w.letters) {
		letter, err := excelize.ColumnNumberToName(len(w.letters) + 1)
		if err != nil && w.failed == nil {
			w.failed = fmt.Errorf("xlsx: write row %d: %w", w.row, err)
		}
		w.letters = append(w.letters, letter)
	}
	b := append(append(w.buf, `<c r="`...), w.letters[column]...)
	b = strconv.AppendInt(b, int64(w.row), 10)
	if style > 0 {
		b = strconv.AppendInt(append(b, `" s="`...), int64(style), 10)
	}
	if kind != "" {
		b = append(append(b, `" t="`...), kind...)
	}
	w.buf = append(b, `"><v>`...)
}

// close takes the buffer with the value in it.
func (w *Writer) close(b []byte) { w.buf = append(b, `</v></c>`...) }

func (w *Writer) integer(column, style int, n int64) {
	w.open(column, style, "")
	w.close(strconv.AppendInt(w.buf, n, 10))
}

// float writes a number; what is none becomes text.
func (w *Writer) float(column, style int, f float64) {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		w.text(column, style, strconv.FormatFloat(f, 'g', -1, 64))
		return
	}
	w.open(column, style, "")
	w.close(strconv.AppendFloat(w.buf, f, 'f', -1, 64))
}

// day writes a date; what is none becomes text. Before March 1900 spreadsheets
// count one day too many, so such dates are text as well.
func (w *Writer) day(column, style int, d calendar.Date) {
	switch {
	case d == "":
	case !d.Valid() || d < "1900-03-01":
		w.text(column, style, string(d))
	default:
		w.integer(column, style, int64(serial(d, false)))
	}
}

func (w *Writer) text(column, style int, s string) {
	if s == "" {
		return
	}
	if len(s) > maxText && utf16Len(s) > maxText && w.failed == nil {
		w.failed = fmt.Errorf("xlsx: write row %d: text of %d bytes", w.row, len(s))
		return
	}
	w.open(column, style, "inlineStr")
	b := append(w.buf[:len(w.buf)-len("<v>")], `<is><t xml:space="preserve">`...)
	w.buf = append(appendEscaped(b, s), `</t></is></c>`...)
}

// appendEscaped writes text for XML and for spreadsheets, which take _x0041_
// for a character's code.
func appendEscaped(b []byte, s string) []byte {
	from := 0
	for i := 0; i < len(s); i++ {
		with := ""
		switch c := s[i]; {
		case c >= 0x80:
			r, n := utf8.DecodeRuneInString(s[i:])
			if r == utf8.RuneError && n == 1 || r == 0xfffe || r == 0xffff {
				b = append(append(b, s[from:i]...), "\ufffd"...)
				from = i + n
			}
			i += n - 1
			continue
		case c == '<':
			with = "&lt;"
		case c == '>':
			with = "&gt;"
		case c == '&':
			with = "&amp;"
		case c == '\r':
			with = "_x000D_"
		case c == '_' && codeLike(s[i:]):
			with = "_x005F_"
		case c < ' ' && c != '\t' && c != '\n':
			with = "\ufffd"
		default:
			continue
		}
		b = append(append(b, s[from:i]...), with...)
		from = i + 1
	}
	return append(b, s[from:]...)
}

// codeLike reports whether s begins like _x0041_.
func codeLike(s string) bool {
	if len(s) < 7 || s[1] != 'x' || s[6] != '_' {
		return false
	}
	for _, c := range []byte(s[2:6]) {
		if (c < '0' || c > '9') && (c|0x20 < 'a' || c|0x20 > 'f') {
			return false
		}
	}
	return true
}

func utf16Len(s string) (n int) {
	for _, r := range s {
		if n++; r > 0xffff {
			n++
		}
	}
	return n
}
