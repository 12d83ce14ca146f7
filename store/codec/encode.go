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
	"unsafe"

	"github.com/dinghai/dinghai/kit/calendar"
)

func structPlan(t reflect.Type) *plan {
	fields := fieldsOf(t)
	byName := make(map[string]int, len(fields))
	for i := range fields {
		byName[fields[i].name] = i
	}
	return &plan{
		enc: func(b []byte, p unsafe.Pointer) []byte { return encStruct(b, p, fields) },
		dec: func(d *decoder, p unsafe.Pointer) error {
			if d.null() {
				reflect.NewAt(t, p).Elem().SetZero()
				return nil
			}
			return d.object(p, fields, byName)
		},
		empty: func(p unsafe.Pointer) bool {
			for i := range fields {
				if f := &fields[i]; !f.empty(unsafe.Add(p, f.offset)) {
					return false
				}
			}
			return true
		},
	}
}

func encStruct(b []byte, p unsafe.Pointer, fields []field) []byte {
	start := len(b)
	for i := range fields {
		f := &fields[i]
		m := unsafe.Add(p, f.offset)
		if f.omit && f.empty(m) {
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

// header is a slice in memory.
type header struct {
	data     unsafe.Pointer
	len, cap int
}

func slicePlan(elem *plan, t reflect.Type) *plan {
	size := t.Elem().Size()
	return &plan{
		enc: func(b []byte, p unsafe.Pointer) []byte {
			h := (*header)(p)
			if h.data == nil {
				return append(b, "null"...)
			}
			b = append(b, '[')
			for i := range h.len {
				if i > 0 {
					b = append(b, ',')
				}
				b = elem.enc(b, unsafe.Add(h.data, uintptr(i)*size))
			}
			return append(b, ']')
		},
		dec:   func(d *decoder, p unsafe.Pointer) error { return d.slice(p, t, elem) },
		empty: func(p unsafe.Pointer) bool { return (*header)(p).len == 0 },
	}
}

func pointerPlan(elem *plan, t reflect.Type) *plan {
	return &plan{
		enc: func(b []byte, p unsafe.Pointer) []byte {
			to := *(*unsafe.Pointer)(p)
			if to == nil {
				return append(b, "null"...)
			}
			return elem.enc(b, to)
		},
		dec: func(d *decoder, p unsafe.Pointer) error {
			v := reflect.NewAt(t, p).Elem()
			if d.null() {
				v.SetZero()
				return nil
			}
			v.Set(reflect.New(t.Elem()))
			return elem.dec(d, v.UnsafePointer())
		},
		empty: func(p unsafe.Pointer) bool { return *(*unsafe.Pointer)(p) == nil },
	}
}

func encString(b []byte, p unsafe.Pointer) []byte { return appendString(b, *(*string)(p)) }
func encBool(b []byte, p unsafe.Pointer) []byte   { return strconv.AppendBool(b, *(*bool)(p)) }
func encInt(b []byte, p unsafe.Pointer) []byte    { return strconv.AppendInt(b, *(*int64)(p), 10) }
func encAny(b []byte, p unsafe.Pointer) []byte    { return appendAny(b, *(*any)(p)) }

func encTime(b []byte, p unsafe.Pointer) []byte {
	b = append(b, '"')
	b = (*time.Time)(p).AppendFormat(b, time.RFC3339Nano)
	return append(b, '"')
}

// foreignPlan leaves a type we have no plan for to encoding/json.
func foreignPlan(t reflect.Type) *plan {
	return &plan{
		enc:   func(b []byte, p unsafe.Pointer) []byte { return appendForeign(b, reflect.NewAt(t, p).Interface()) },
		dec:   func(d *decoder, p unsafe.Pointer) error { return d.foreign(reflect.NewAt(t, p).Interface()) },
		empty: func(p unsafe.Pointer) bool { return emptyForeign(reflect.NewAt(t, p).Elem()) },
	}
}

func emptyForeign(v reflect.Value) bool {
	switch v.Kind() {
	case reflect.Slice, reflect.Map:
		return v.Len() == 0
	}
	return v.IsZero()
}

// appendForeign leaves a type we have no plan for to encoding/json. What that
// refuses (channels, NaN) is a programming error and becomes null.
func appendForeign(b []byte, v any) []byte {
	j, err := json.Marshal(v)
	if err != nil {
		return append(b, "null"...)
	}
	return append(b, j...)
}

func encStringMap(b []byte, p unsafe.Pointer) []byte {
	m := *(*map[string]string)(p)
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

func encAnyMap(b []byte, p unsafe.Pointer) []byte { return appendMap(b, *(*map[string]any)(p)) }

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
	if b = append(b, '"'); plain(s) {
		return append(append(b, s...), '"')
	}
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

// plain reports whether s can stand as it is.
func plain(s string) bool {
	high := false
	for i := range len(s) {
		c := s[i]
		if c < 0x20 || c == '"' || c == '\\' {
			return false
		}
		high = high || c >= utf8.RuneSelf
	}
	return !high || utf8.ValidString(s)
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
