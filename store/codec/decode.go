package codec

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"time"
	"unsafe"
)

// decoder reads one document.
type decoder struct {
	s string
	i int
}

func (d *decoder) fail(want string) error {
	return fmt.Errorf("codec: offset %d: want %s", d.i, want)
}

func (d *decoder) space() {
	for d.i < len(d.s) && d.s[d.i] <= ' ' {
		d.i++
	}
}

// is takes c if it comes next.
func (d *decoder) is(c byte) bool {
	d.space()
	if d.i < len(d.s) && d.s[d.i] == c {
		d.i++
		return true
	}
	return false
}

func (d *decoder) word(w string) bool {
	d.space()
	if strings.HasPrefix(d.s[d.i:], w) {
		d.i += len(w)
		return true
	}
	return false
}

func (d *decoder) null() bool {
	d.space()
	return d.i < len(d.s) && d.s[d.i] == 'n' && d.word("null")
}

func (d *decoder) end() error {
	d.space()
	if d.i != len(d.s) {
		return d.fail("end of document")
	}
	return nil
}

// members calls each for every key of an object, positioned at its value.
func (d *decoder) members(each func(key string) error) error {
	if !d.is('{') {
		return d.fail("object")
	}
	if d.is('}') {
		return nil
	}
	for {
		key, err := d.str()
		if err != nil {
			return err
		}
		if !d.is(':') {
			return d.fail("':'")
		}
		if err := each(key); err != nil {
			return err
		}
		if d.is('}') {
			return nil
		}
		if !d.is(',') {
			return d.fail("',' or '}'")
		}
	}
}

// elements calls each for every element of an array.
func (d *decoder) elements(each func() error) error {
	if !d.is('[') {
		return d.fail("array")
	}
	if d.is(']') {
		return nil
	}
	for {
		if err := each(); err != nil {
			return err
		}
		if d.is(']') {
			return nil
		}
		if !d.is(',') {
			return d.fail("',' or ']'")
		}
	}
}

// object reads the members of a struct. Documents of ours have them in the
// order of the fields, so the next one is looked for from the last one on.
func (d *decoder) object(p unsafe.Pointer, fields []field, byName map[string]int) error {
	next := 0
	return d.members(func(key string) error {
		for next < len(fields) && fields[next].name != key {
			next++
		}
		if next == len(fields) {
			i, known := byName[key]
			if !known {
				_, err := d.any() // a field of an older schema
				return err
			}
			next = i
		}
		f := &fields[next]
		next++
		return f.dec(d, unsafe.Add(p, f.offset))
	})
}

func (d *decoder) slice(p unsafe.Pointer, t reflect.Type, elem *plan) error {
	v, h, size := reflect.NewAt(t, p).Elem(), (*header)(p), t.Elem().Size()
	if d.null() {
		v.SetZero()
		return nil
	}
	v.Set(reflect.MakeSlice(t, 0, 4))
	return d.elements(func() error {
		if h.len == h.cap {
			v.Grow(1)
		}
		h.len++
		return elem.dec(d, unsafe.Add(h.data, uintptr(h.len-1)*size))
	})
}

func decString(d *decoder, p unsafe.Pointer) (err error) {
	s := (*string)(p)
	if d.null() {
		*s = ""
		return nil
	}
	*s, err = d.str()
	return err
}

func decBool(d *decoder, p unsafe.Pointer) error {
	switch {
	case d.word("true"):
		*(*bool)(p) = true
	case d.word("false"), d.null():
		*(*bool)(p) = false
	default:
		return d.fail("boolean")
	}
	return nil
}

func decInt(d *decoder, p unsafe.Pointer) (err error) {
	*(*int64)(p), err = strconv.ParseInt(d.number(), 10, 64)
	return err
}

func decTime(d *decoder, p unsafe.Pointer) error {
	s, err := d.str()
	if err != nil {
		return err
	}
	*(*time.Time)(p), err = time.Parse(time.RFC3339Nano, s)
	return err
}

func decAny(d *decoder, p unsafe.Pointer) (err error) {
	*(*any)(p), err = d.any()
	return err
}

// foreign leaves a value to encoding/json; v is its address.
func (d *decoder) foreign(v any) error {
	d.space()
	start := d.i
	if _, err := d.any(); err != nil {
		return err
	}
	return json.Unmarshal([]byte(d.s[start:d.i]), v)
}

func decStringMap(d *decoder, p unsafe.Pointer) error {
	if d.null() {
		*(*map[string]string)(p) = nil
		return nil
	}
	m := map[string]string{}
	*(*map[string]string)(p) = m
	return d.members(func(key string) (err error) {
		m[key], err = d.str()
		return err
	})
}

func decAnyMap(d *decoder, p unsafe.Pointer) (err error) {
	if d.null() {
		*(*map[string]any)(p) = nil
		return nil
	}
	*(*map[string]any)(p), err = d.anyMap()
	return err
}

func (d *decoder) anyMap() (map[string]any, error) {
	m := make(map[string]any, 8)
	err := d.members(func(key string) (err error) {
		m[key], err = d.any()
		return err
	})
	return m, err
}

// any reads a free value.
func (d *decoder) any() (any, error) {
	d.space()
	if d.i >= len(d.s) {
		return nil, d.fail("value")
	}
	switch d.s[d.i] {
	case '"':
		return d.str()
	case '{':
		return d.anyMap()
	case '[':
		list := []any{}
		err := d.elements(func() error {
			x, err := d.any()
			list = append(list, x)
			return err
		})
		return list, err
	}
	switch {
	case d.word("null"):
		return nil, nil
	case d.word("true"):
		return true, nil
	case d.word("false"):
		return false, nil
	}
	return d.anyNumber()
}

func (d *decoder) number() string {
	d.space()
	start := d.i
	for d.i < len(d.s) && strings.IndexByte("+-.0123456789eE", d.s[d.i]) >= 0 {
		d.i++
	}
	return d.s[start:d.i]
}

// anyNumber gives int64 for whole numbers that fit, float64 otherwise.
func (d *decoder) anyNumber() (any, error) {
	s := d.number()
	if n, err := strconv.ParseInt(s, 10, 64); err == nil {
		return n, nil
	}
	f, err := strconv.ParseFloat(s, 64)
	if err != nil {
		return nil, d.fail("value")
	}
	return f, nil
}
