package app

import (
	"encoding/json"
	"io"
	"reflect"
	"strings"

	"github.com/dinghai/dinghai/catalogue"
)

type catalogueSchema struct {
	What string `arg:"" optional:"" default:"kind" enum:"kind,clocks,indicators,triggers,papers,list" help:"kind, clocks, indicators, triggers, papers or list"`
}

// Run prints the JSON Schema an editor can check catalogue files with.
func (c catalogueSchema) Run(out io.Writer) error {
	types := map[string]any{
		"kind": catalogue.Kind{},
		"clocks": struct {
			Clocks []*catalogue.ClockRule `yaml:"clocks"`
		}{},
		"indicators": struct {
			Indicators []*catalogue.Indicator `yaml:"indicators"`
		}{},
		"triggers": struct {
			Triggers []*catalogue.Trigger `yaml:"triggers"`
		}{},
		"papers": struct {
			Papers []*catalogue.PaperKind `yaml:"papers"`
		}{},
		"list": catalogue.List{},
	}
	g := schemaMaker{defs: map[string]any{}}
	root := g.of(reflect.TypeOf(types[c.What]))
	root["$schema"], root["$defs"] = "https://json-schema.org/draft/2020-12/schema", g.defs
	enc := json.NewEncoder(out)
	enc.SetIndent("", " ")
	return enc.Encode(root)
}

// schemaMaker writes the schema of the catalogue's own Go types, so that the
// two cannot disagree.
type schemaMaker struct{ defs map[string]any }

func (g schemaMaker) of(t reflect.Type) map[string]any {
	switch t.Kind() {
	case reflect.Pointer:
		return g.of(t.Elem())
	case reflect.Slice:
		return map[string]any{"type": "array", "items": g.of(t.Elem())}
	case reflect.Map:
		return map[string]any{"type": "object", "additionalProperties": g.of(t.Elem())}
	case reflect.Struct:
		return g.object(t)
	case reflect.Bool:
		return map[string]any{"type": "boolean"}
	case reflect.Int, reflect.Float64:
		return map[string]any{"type": "number"}
	}
	return map[string]any{"type": "string"}
}

// object refers to named types, so that recursion ends.
func (g schemaMaker) object(t reflect.Type) map[string]any {
	if t.Name() == "" {
		return g.fields(t)
	}
	if g.defs[t.Name()] == nil {
		g.defs[t.Name()] = map[string]any{} // holds the place
		g.defs[t.Name()] = g.fields(t)
	}
	return map[string]any{"$ref": "#/$defs/" + t.Name()}
}

func (g schemaMaker) fields(t reflect.Type) map[string]any {
	props, required := map[string]any{}, []string{}
	for i := range t.NumField() {
		f := t.Field(i)
		name, opts, _ := strings.Cut(f.Tag.Get("yaml"), ",")
		if name == "" || name == "-" {
			continue
		}
		props[name] = g.of(f.Type)
		if !strings.Contains(opts, "omitempty") && f.Type.Kind() != reflect.Slice {
			required = append(required, name)
		}
	}
	return map[string]any{"type": "object", "properties": props, "required": required, "additionalProperties": false}
}
