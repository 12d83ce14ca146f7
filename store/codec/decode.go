package codec

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"time"
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

func (d *decoder) object(v reflect.Value, fields map[string]*field) error {
	if d.null() {
		v.SetZero()
		return nil
	}
	return d.members(func(key string) error {
		if f := fields[key]; f != nil {
			return f.dec(d, f.of(v))
		}
		_, err := d.any() // a field of an older schema
		return err
	})
}

func (d *decoder) slice(v reflect.Value, t reflect.Type, elem *plan) error {
	if d.null() {
		v.SetZero()
		return nil
	}
	v.Set(reflect.MakeSlice(t, 0, 4))
	return d.elements(func() error {
		n := v.Len()
		if n == v.Cap() {
			v.Grow(1)
		}
		v.SetLen(n + 1)
		return elem.dec(d, v.Index(n))
	})
}

func decString(d *decoder, v reflect.Value) error {
	if d.null() {
		v.SetString("")
		return nil
	}
	s, err := d.str()
	v.SetString(s)
	return err
}

func decBool(d *decoder, v reflect.Value) error {
	switch {
	case d.word("true"):
		v.SetBool(true)
	case d.word("false"), d.null():
		v.SetBool(false)
	default:
		return d.fail("boolean")
	}
	return nil
}

func decInt(d *decoder, v reflect.Value) error {
	n, err := strconv.ParseInt(d.number(), 10, 64)
	v.SetInt(n)
	return err
}

func decTime(d *decoder, v reflect.Value) error {
	s, err := d.str()
	if err != nil {
		return err
	}
	t, err := time.Parse(time.RFC3339Nano, s)
	v.Set(reflect.ValueOf(t))
	return err
}

func decAny(d *decoder, v reflect.Value) error {
	x, err := d.any()
	if err != nil || x == nil {
		v.SetZero()
		return err
	}
	v.Set(reflect.ValueOf(x))
	return nil
}

// decForeign leaves a type we have no plan for to encoding/json.
func decForeign(d *decoder, v reflect.Value) error {
	d.space()
	start := d.i
	if _, err := d.any(); err != nil {
		return err
	}
	return json.Unmarshal([]byte(d.s[start:d.i]), v.Addr().Interface())
}

func decStringMap(d *decoder, v reflect.Value) error {
	if d.null() {
		v.SetZero()
		return nil
	}
	m := map[string]string{}
	v.Set(reflect.ValueOf(m))
	return d.members(func(key string) (err error) {
		m[key], err = d.str()
		return err
	})
}

func decAnyMap(d *decoder, v reflect.Value) error {
	if d.null() {
		v.SetZero()
		return nil
	}
	m, err := d.anyMap()
	v.Set(reflect.ValueOf(m))
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
