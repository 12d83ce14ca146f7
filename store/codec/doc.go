// Package codec writes and reads the JSON the store keeps. It follows the json
// tags of the domain types like encoding/json, but a plan per type is made only
// once, decoded strings share the memory of the document, and a whole number in
// a free value comes back as int64. Reason: every command encodes an event and
// its records, and encoding/json alone would cost a third of the write budget.
package codec

import (
	"encoding/json"
	"reflect"
	"strings"
	"sync"
	"time"
	"unsafe"
)

// Append adds the JSON of *v to b.
func Append[T any](b []byte, v *T) []byte {
	return planOf(reflect.TypeFor[T]()).enc(b, unsafe.Pointer(v))
}

var rooms = sync.Pool{New: func() any { return new([]byte) }}

// String gives the JSON of *v.
func String[T any](v *T) string {
	room := rooms.Get().(*[]byte)
	*room = Append((*room)[:0], v)
	s := string(*room)
	if cap(*room) <= 1<<16 {
		rooms.Put(room)
	}
	return s
}

// Decode reads s into *v. Strings inside *v may share the memory of s.
func Decode[T any](s string, v *T) error {
	p := planOf(reflect.TypeFor[T]())
	d := decoder{s: s}
	if err := p.dec(&d, unsafe.Pointer(v)); err != nil {
		return err
	}
	return d.end()
}

// plan is how the values of one type are written and read. They are reached
// through their address, because package reflect would cost as much as the
// writing itself; a plan never outlives the call that has the value.
type plan struct {
	enc   func([]byte, unsafe.Pointer) []byte
	dec   func(*decoder, unsafe.Pointer) error
	empty func(unsafe.Pointer) bool // omitempty and omitzero: no type of ours tells them apart
}

var plans sync.Map // reflect.Type → *plan

var (
	timeType      = reflect.TypeFor[time.Time]()
	anyType       = reflect.TypeFor[any]()
	marshalerType = reflect.TypeFor[json.Marshaler]()
	stringMap     = reflect.TypeFor[map[string]string]()
	anyMap        = reflect.TypeFor[map[string]any]()
)

func planOf(t reflect.Type) *plan {
	if p, ok := plans.Load(t); ok {
		return p.(*plan)
	}
	p := makePlan(t)
	plans.Store(t, p)
	return p
}

func makePlan(t reflect.Type) *plan {
	switch {
	case t == timeType:
		return &plan{encTime, decTime, zero(t)}
	case t == anyType:
		return &plan{encAny, decAny, func(p unsafe.Pointer) bool { return *(*any)(p) == nil }}
	case t == stringMap:
		return &plan{encStringMap, decStringMap, func(p unsafe.Pointer) bool { return len(*(*map[string]string)(p)) == 0 }}
	case t == anyMap:
		return &plan{encAnyMap, decAnyMap, func(p unsafe.Pointer) bool { return len(*(*map[string]any)(p)) == 0 }}
	case t.Implements(marshalerType):
		return foreignPlan(t)
	}
	switch t.Kind() {
	case reflect.String:
		return &plan{encString, decString, func(p unsafe.Pointer) bool { return *(*string)(p) == "" }}
	case reflect.Bool:
		return &plan{encBool, decBool, func(p unsafe.Pointer) bool { return !*(*bool)(p) }}
	case reflect.Int, reflect.Int64:
		if t.Size() == 8 {
			return &plan{encInt, decInt, func(p unsafe.Pointer) bool { return *(*int64)(p) == 0 }}
		}
	case reflect.Slice:
		return slicePlan(planOf(t.Elem()), t)
	case reflect.Pointer:
		return pointerPlan(planOf(t.Elem()), t)
	case reflect.Struct:
		return structPlan(t)
	}
	return foreignPlan(t)
}

// zero tests for the zero value of a type.
func zero(t reflect.Type) func(unsafe.Pointer) bool {
	return func(p unsafe.Pointer) bool { return reflect.NewAt(t, p).Elem().IsZero() }
}

// field is one tagged member of a struct, of an embedded one too.
type field struct {
	offset uintptr
	name   string // as in the document
	head   string // ,"name":
	omit   bool
	*plan
}

// fieldsOf lists the members of a struct, embedded structs without a tag flattened.
func fieldsOf(t reflect.Type) []field {
	var list []field
	for i := range t.NumField() {
		f := t.Field(i)
		tag, has := f.Tag.Lookup("json")
		if f.Anonymous && !has && f.Type.Kind() == reflect.Struct {
			for _, inner := range fieldsOf(f.Type) {
				inner.offset += f.Offset
				list = append(list, inner)
			}
			continue
		}
		name, opts, _ := strings.Cut(tag, ",")
		if name == "-" || !f.IsExported() {
			continue
		}
		if name == "" {
			name = f.Name
		}
		list = append(list, field{
			offset: f.Offset, name: name, head: `,"` + name + `":`,
			omit: strings.Contains(opts, "omit"), plan: planOf(f.Type),
		})
	}
	return list
}
