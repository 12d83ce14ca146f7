package expr

import (
	"fmt"
	"reflect"
	"strings"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
	"cel.dev/cel-go/common/types/traits"
)

// provider tells CEL the fields of our schemas and turns Facts into values.
type provider struct {
	*types.Registry
	schemas map[string]*Schema
}

func (p *provider) FindStructType(name string) (*types.Type, bool) {
	if p.schemas[name] == nil {
		return p.Registry.FindStructType(name)
	}
	return types.NewTypeTypeWithParam(types.NewObjectType(name)), true
}

func (p *provider) FindStructFieldNames(name string) ([]string, bool) {
	s := p.schemas[name]
	if s == nil {
		return p.Registry.FindStructFieldNames(name)
	}
	names := make([]string, 0, len(s.Fields))
	for f := range s.Fields {
		names = append(names, f)
	}
	return names, true
}

func (p *provider) FindStructFieldType(name, field string) (*types.FieldType, bool) {
	s := p.schemas[name]
	if s == nil {
		return p.Registry.FindStructFieldType(name, field)
	}
	t, ok := s.Fields[field]
	if !ok {
		return nil, false
	}
	zero := zeroOf(t)
	return &types.FieldType{
		Type: celType(t),
		IsSet: func(target any) bool {
			f, ok := target.(*Facts)
			return ok && f != nil && f.Fields[field] != nil
		},
		GetFrom: func(target any) (any, error) {
			f, ok := target.(*Facts)
			if !ok {
				return nil, fmt.Errorf("%T has no field %s", target, field)
			}
			if f != nil {
				if v := f.Fields[field]; v != nil {
					return widen(v, t), nil
				}
			}
			return zero, nil
		},
	}, true
}

// widen lets a whole number stand where a measured one is declared.
func widen(v any, t Type) any {
	if n, ok := v.(int64); ok && t == Number {
		return float64(n)
	}
	return v
}

// NativeToValue wraps Facts; everything else goes the usual way.
func (p *provider) NativeToValue(v any) ref.Val {
	if f, ok := v.(*Facts); ok {
		return &factsVal{f, p}
	}
	return p.Registry.NativeToValue(v)
}

func celType(t Type) *cel.Type {
	switch t {
	case Bool:
		return cel.BoolType
	case String:
		return cel.StringType
	case Int:
		return cel.IntType
	case Number:
		return cel.DoubleType
	case List:
		return cel.ListType(cel.DynType)
	}
	return cel.DynType
}

func zeroOf(t Type) any {
	switch t {
	case Bool:
		return false
	case String:
		return ""
	case Int:
		return int64(0)
	case Number:
		return float64(0)
	case List:
		return []any{}
	}
	return types.NullValue
}

// factsVal is Facts as a CEL value: indexable by field name where its shape is
// unknown to the checker, and an argument of our functions.
type factsVal struct {
	f *Facts
	a types.Adapter
}

var factsType = types.NewObjectType("dinghai.Facts", traits.IndexerType|traits.FieldTesterType)

func (v *factsVal) ConvertToNative(t reflect.Type) (any, error) {
	return nil, fmt.Errorf("a record does not convert to %v", t)
}
func (v *factsVal) ConvertToType(t ref.Type) ref.Val {
	return types.NewErr("a record does not convert to %s", t.TypeName())
}
func (v *factsVal) Equal(o ref.Val) ref.Val {
	w, ok := o.(*factsVal)
	return types.Bool(ok && w.f == v.f)
}
func (v *factsVal) Type() ref.Type { return factsType }
func (v *factsVal) Value() any     { return v.f }

func (v *factsVal) Get(i ref.Val) ref.Val {
	name, _ := i.Value().(string)
	if v.f != nil {
		if x := v.f.Fields[name]; x != nil {
			return v.a.NativeToValue(x)
		}
	}
	return types.NullValue
}

func (v *factsVal) IsSet(i ref.Val) ref.Val {
	name, _ := i.Value().(string)
	return types.Bool(v.f != nil && v.f.Fields[name] != nil)
}

func native(v ref.Val) any {
	switch x := v.(type) {
	case types.Null:
		return nil
	case *factsVal:
		return x.f
	case traits.Lister:
		n := int(x.Size().(types.Int))
		out := make([]any, n)
		for i := range n {
			out[i] = native(x.Get(types.Int(i)))
		}
		return out
	case traits.Mapper:
		out := map[string]any{}
		for it := x.Iterator(); it.HasNext() == types.True; {
			k := it.Next()
			out[fmt.Sprint(k.Value())] = native(x.Get(k))
		}
		return out
	}
	return v.Value()
}

func split(s string) []string {
	if s == "" {
		return nil
	}
	return strings.Split(s, ",")
}
