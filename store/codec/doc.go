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
)

// Append adds the JSON of *v to b.
func Append[T any](b []byte, v *T) []byte {
	p := planOf(reflect.TypeFor[T]())
	return p.enc(b, reflect.ValueOf(v).Elem())
}

// String gives the JSON of *v.
func String[T any](v *T) string { return string(Append(nil, v)) }

// Decode reads s into *v. Strings inside *v may share the memory of s.
func Decode[T any](s string, v *T) error {
	p := planOf(reflect.TypeFor[T]())
	d := decoder{s: s}
	if err := p.dec(&d, reflect.ValueOf(v).Elem()); err != nil {
		return err
	}
	return d.end()
}

// plan is how one type is written and read.
type plan struct {
	enc func([]byte, reflect.Value) []byte
	dec func(*decoder, reflect.Value) error
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
		return &plan{encTime, decTime}
	case t == anyType:
		return &plan{encAny, decAny}
	case t == stringMap:
		return &plan{encStringMap, decStringMap}
	case t == anyMap:
		return &plan{encAnyMap, decAnyMap}
	case t.Implements(marshalerType):
		return &plan{encForeign, decForeign}
	}
	switch t.Kind() {
	case reflect.String:
		return &plan{encString, decString}
	case reflect.Bool:
		return &plan{encBool, decBool}
	case reflect.Int, reflect.Int64, reflect.Int32:
		return &plan{encInt, decInt}
	case reflect.Slice:
		return slicePlan(planOf(t.Elem()), t)
	case reflect.Pointer:
		return pointerPlan(planOf(t.Elem()), t)
	case reflect.Struct:
		return structPlan(t)
	}
	return &plan{encForeign, decForeign}
}

// field is one tagged member of a struct; index leads through embedded ones.
type field struct {
	index []int
	name  string // as in the document
	head  string // ,"name":
	omit  bool
	*plan
}

func (f *field) of(v reflect.Value) reflect.Value {
	if len(f.index) == 1 {
		return v.Field(f.index[0])
	}
	return v.FieldByIndex(f.index)
}

// fieldsOf lists the members of a struct, embedded structs without a tag flattened.
func fieldsOf(t reflect.Type) []field {
	var list []field
	for i := range t.NumField() {
		f := t.Field(i)
		tag, has := f.Tag.Lookup("json")
		if f.Anonymous && !has && f.Type.Kind() == reflect.Struct {
			for _, inner := range fieldsOf(f.Type) {
				inner.index = append([]int{i}, inner.index...)
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
			index: []int{i}, name: name, head: `,"` + name + `":`,
			omit: strings.Contains(opts, "omit"), plan: planOf(f.Type),
		})
	}
	return list
}
