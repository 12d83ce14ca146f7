package xlsx

import (
	"fmt"
	"math"
	"strconv"
	"unicode/utf8"

	"github.com/dinghai/dinghai/kit/calendar"
)

// maxText is the most UTF-16 units of a cell.
const maxText = 32767

// write writes a cell.
func (s *sheetFiller) write(p fillCell, attrs string) {
	c := qualified(s.prefix, "c")
	if p.kind != "" {
		attrs += ` t="` + p.kind + `"`
	}
	s.out.WriteString("<" + c + attrs)
	if p.inner == nil {
		s.out.WriteString("/>")
		return
	}
	s.out.WriteString(">" + p.inner(s.prefix) + "</" + c + ">")
}

// content encodes a value: the kind of cell, and what the cell holds given the
// prefix of the namespace, nil if nothing. A reason says why it cannot.
func content(v any, mac1904 bool) (kind string, inner func(prefix string) string, reason string) {
	number := func(s string) (string, func(string) string, string) {
		return "", func(prefix string) string {
			v := qualified(prefix, "v")
			return "<" + v + ">" + s + "</" + v + ">"
		}, ""
	}
	switch x := v.(type) {
	case nil:
		return "", nil, ""
	case string:
		if reason := badText(x); reason != "" {
			return "", nil, reason
		}
		return "inlineStr", func(prefix string) string { return inline(prefix, x) }, ""
	case bool:
		_, inner, _ := number(map[bool]string{true: "1", false: "0"}[x])
		return "b", inner, ""
	case int, int8, int16, int32, int64, uint, uint8, uint16, uint32, uint64:
		return number(fmt.Sprint(x))
	case float32:
		return content(float64(x), mac1904)
	case float64:
		if math.IsNaN(x) || math.IsInf(x, 0) {
			return "", nil, ReasonValue
		}
		return number(strconv.FormatFloat(x, 'g', -1, 64))
	case calendar.Date:
		if x == "" {
			return "", nil, ""
		}
		// Before March 1900 the two calendars of spreadsheets disagree.
		if !x.Valid() || x < "1904-01-02" {
			return "", nil, ReasonValue
		}
		return number(strconv.Itoa(serial(x, mac1904)))
	}
	return "", nil, ReasonValue
}

func inline(prefix, s string) string {
	is, t := qualified(prefix, "is"), qualified(prefix, "t")
	return "<" + is + "><" + t + ` xml:space="preserve">` + string(appendEscaped(nil, s)) + "</" + t + "></" + is + ">"
}

// badText refuses what XML 1.0 cannot hold.
func badText(s string) string {
	if utf16Len(s) > maxText {
		return ReasonValue
	}
	for i, r := range s {
		_, n := utf8.DecodeRuneInString(s[i:])
		if r == utf8.RuneError && n == 1 || r < ' ' && r != '\t' && r != '\n' && r != '\r' || r == 0xfffe || r == 0xffff {
			return ReasonText
		}
	}
	return ""
}
