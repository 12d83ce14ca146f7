package codec

import (
	"encoding/json"
	"maps"
	"math"
	"reflect"
	"slices"
	"strconv"
	"time"
	"unicode/utf8"

	"github.com/dinghai/dinghai/kit/calendar"
)

func structPlan(t reflect.Type) *plan {
	fields := fieldsOf(t)
	byName := make(map[string]*field, len(fields))
	for i := range fields {
		byName[fields[i].name] = &fields[i]
	}
	return &plan{
		enc: func(b []byte, v reflect.Value) []byte { return encStruct(b, v, fields) },
		dec: func(d *decoder, v reflect.Value) error { return d.object(v, byName) },
	}
}

func encStruct(b []byte, v reflect.Value, fields []field) []byte {
	start := len(b)
	for i := range fields {
		f := &fields[i]
		m := f.of(v)
		if f.omit && empty(m) {
			continue
		}
		b = append(b, f.head...)
		b = f.enc(b, m)
	}
	if len(b) == start {
		return append(b, "{}"...)
	}
	b[start] = '{'
	return append(b, '}')
}

// empty joins omitempty and omitzero: no type of ours tells them apart.
func empty(v reflect.Value) bool {
	switch v.Kind() {
	case reflect.String, reflect.Slice, reflect.Map:
		return v.Len() == 0
	case reflect.Int, reflect.Int64, reflect.Int32:
		return v.Int() == 0
	case reflect.Bool:
		return !v.Bool()
	case reflect.Pointer, reflect.Interface:
		return v.IsNil()
	}
	return v.IsZero()
}

func slicePlan(elem *plan, t reflect.Type) *plan {
	return &plan{
		enc: func(b []byte, v reflect.Value) []byte {
			if v.IsNil() {
				return append(b, "null"...)
			}
			b = append(b, '[')
			for i := range v.Len() {
				if i > 0 {
					b = append(b, ',')
				}
				b = elem.enc(b, v.Index(i))
			}
			return append(b, ']')
		},
		dec: func(d *decoder, v reflect.Value) error { return d.slice(v, t, elem) },
	}
}

func pointerPlan(elem *plan, t reflect.Type) *plan {
	return &plan{
		enc: func(b []byte, v reflect.Value) []byte {
			if v.IsNil() {
				return append(b, "null"...)
			}
			return elem.enc(b, v.Elem())
		},
		dec: func(d *decoder, v reflect.Value) error {
			if d.null() {
				v.SetZero()
				return nil
			}
			v.Set(reflect.New(t.Elem()))
			return elem.dec(d, v.Elem())
		},
	}
}

func encString(b []byte, v reflect.Value) []byte { return appendString(b, v.String()) }
func encBool(b []byte, v reflect.Value) []byte   { return strconv.AppendBool(b, v.Bool()) }
func encInt(b []byte, v reflect.Value) []byte    { return strconv.AppendInt(b, v.Int(), 10) }
func encAny(b []byte, v reflect.Value) []byte    { return appendAny(b, v.Interface()) }

func encTime(b []byte, v reflect.Value) []byte {
	b = append(b, '"')
	b = v.Interface().(time.Time).AppendFormat(b, time.RFC3339Nano)
	return append(b, '"')
}

func encForeign(b []byte, v reflect.Value) []byte { return appendForeign(b, v.Interface()) }

// appendForeign leaves a type we have no plan for to encoding/json. What that
// refuses (channels, NaN) is a programming error and becomes null.
func appendForeign(b []byte, v any) []byte {
	j, err := json.Marshal(v)
	if err != nil {
		return append(b, "null"...)
	}
	return append(b, j...)
}

func encStringMap(b []byte, v reflect.Value) []byte {
	m := v.Interface().(map[string]string)
	if m == nil {
		return append(b, "null"...)
	}
	b = append(b, '{')
	for i, k := range slices.Sorted(maps.Keys(m)) {
		b = appendKey(b, i, k)
		b = appendString(b, m[k])
	}
	return append(b, '}')
}

func encAnyMap(b []byte, v reflect.Value) []byte {
	return appendMap(b, v.Interface().(map[string]any))
}

// appendMap sorts the keys, so that equal records have equal documents.
func appendMap(b []byte, m map[string]any) []byte {
	if m == nil {
		return append(b, "null"...)
	}
	var room [24]string
	keys := room[:0]
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	b = append(b, '{')
	for i, k := range keys {
		b = appendKey(b, i, k)
		b = appendAny(b, m[k])
	}
	return append(b, '}')
}

func appendKey(b []byte, i int, k string) []byte {
	if i > 0 {
		b = append(b, ',')
	}
	return append(appendString(b, k), ':')
}

func appendAny(b []byte, v any) []byte {
	switch x := v.(type) {
	case nil:
		return append(b, "null"...)
	case string:
		return appendString(b, x)
	case calendar.Date:
		return appendString(b, string(x))
	case int64:
		return strconv.AppendInt(b, x, 10)
	case int:
		return strconv.AppendInt(b, int64(x), 10)
	case bool:
		return strconv.AppendBool(b, x)
	case float64:
		return appendFloat(b, x)
	case map[string]any:
		return appendMap(b, x)
	case []any:
		return appendList(b, x)
	case []string:
		return appendList(b, x)
	case []map[string]any:
		return appendList(b, x)
	}
	return appendForeign(b, v)
}

func appendList[T any](b []byte, list []T) []byte {
	if list == nil {
		return append(b, "null"...)
	}
	b = append(b, '[')
	for i, v := range list {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendAny(b, v)
	}
	return append(b, ']')
}

// appendFloat writes a float as encoding/json does.
func appendFloat(b []byte, f float64) []byte {
	if math.IsInf(f, 0) || math.IsNaN(f) {
		return append(b, "null"...)
	}
	format := byte('f')
	if abs := math.Abs(f); abs != 0 && (abs < 1e-6 || abs >= 1e21) {
		format = 'e'
	}
	return strconv.AppendFloat(b, f, format, -1, 64)
}

const hexDigits = "0123456789abcdef"

// appendString quotes s. Only what JSON demands is escaped; bytes that are no
// UTF-8 become U+FFFD, since PostgreSQL would refuse them, and so does NUL.
func appendString(b []byte, s string) []byte {
	b = append(b, '"')
	start := 0
	for i := 0; i < len(s); {
		c := s[i]
		if c >= 0x20 && c != '"' && c != '\\' && c < utf8.RuneSelf {
			i++
			continue
		}
		if c >= utf8.RuneSelf {
			r, n := utf8.DecodeRuneInString(s[i:])
			if r == utf8.RuneError && n == 1 {
				b = append(append(b, s[start:i]...), "\uFFFD"...)
				start = i + 1
			}
			i += n
			continue
		}
		b = append(b, s[start:i]...)
		b = appendEscape(b, c)
		i++
		start = i
	}
	return append(append(b, s[start:]...), '"')
}

func appendEscape(b []byte, c byte) []byte {
	switch c {
	case '"', '\\':
		return append(b, '\\', c)
	case '\n':
		return append(b, '\\', 'n')
	case '\t':
		return append(b, '\\', 't')
	case 0:
		return append(b, "\uFFFD"...)
	}
	return append(b, '\\', 'u', '0', '0', hexDigits[c>>4], hexDigits[c&15])
}
