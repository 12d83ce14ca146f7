// Package form turns the inputs of an action into the fields of an HTML form
// and what a form sends back into the inputs of an action. It checks shapes
// only; whether values are right is the engine's to say.
package form

import (
	"slices"
	"strconv"

	"github.com/dinghai/dinghai/catalogue"
	"github.com/dinghai/dinghai/domain"
)

// Form is one action as a form.
type Form struct {
	Kind, Action string
	Version      int
	Fields       []Field
	Reason       bool // a reason must be given
}

// Field is one input of a form.
type Field struct {
	Name              string
	Type              string // of the catalogue
	Label, Help, Unit string
	Optional, Many    bool
	Sealed            bool
	Show              string // condition as JSON for the page's script; "" = always asked
	Options           []Option
	Pick              string // address to search for values; "" = none
	MaxLen            int
	Min, Max          string
	Columns           []Field // of a table of rows
}

// Option is one choice.
type Option struct{ Value, Text string }

// Long lists are searched, not scrolled.
const (
	fewOptions  = 6  // shown as buttons
	manyOptions = 40 // beyond that a search
)

// Lines reports whether several values are typed into one box, one a line.
func (f *Field) Lines() bool {
	return f.Many && len(f.Options) == 0 && f.Pick == "" && !slices.Contains([]string{"file", "photo", "signature", "rows"}, f.Type)
}

// Few reports whether the choices are shown all at once.
func (f *Field) Few() bool { return len(f.Options) > 0 && (len(f.Options) <= fewOptions || f.Many) }

// Builder makes forms of a catalogue in a language, for a day.
type Builder struct {
	Cat  *catalogue.Catalogue
	Lang string
	Day  domain.Date
}

// Of makes the form of an action.
func (b Builder) Of(k *catalogue.Kind, a *catalogue.Action) Form {
	out := Form{Kind: k.Name, Action: a.Action, Version: k.Version, Reason: a.Ask == "reason"}
	for _, f := range a.Form {
		x := b.Field(f.Def)
		x.Name, x.Optional = f.Field, f.Optional || f.DefaultX != nil
		if f.Show != "" {
			x.Show = Condition(f.Show, b.Cat)
		}
		out.Fields = append(out.Fields, x)
	}
	return out
}

// Field makes an input of a field of the catalogue.
func (b Builder) Field(f *catalogue.Field) Field {
	x := Field{Name: f.Field, Type: f.Type, Label: f.Label.In(b.Lang), Help: f.Help.In(b.Lang), Unit: f.Unit.In(b.Lang),
		Optional: !f.Required, Many: f.Many, Sealed: f.Sealed(), MaxLen: f.MaxLen, Min: limit(f, f.Min), Max: limit(f, f.Max)}
	switch f.Type {
	case "code":
		b.choices(&x, f.List)
	case "industry":
		x.Pick = "/pick/list/industry"
	case "area":
		x.Pick = "/pick/area"
	case "ref":
		x.Pick = "/pick/ref/" + f.Kind
	case "rows":
		for _, c := range f.Of {
			x.Columns = append(x.Columns, b.Field(c))
		}
	}
	return x
}

func (b Builder) choices(x *Field, list string) {
	l := b.Cat.Lists[list]
	if l == nil {
		return
	}
	if len(l.Items) > manyOptions {
		x.Pick = "/pick/list/" + list
		return
	}
	for _, it := range l.Items {
		if (it.From == "" || it.From <= b.Day) && (it.To == "" || b.Day <= it.To) {
			x.Options = append(x.Options, Option{it.Code, b.Cat.Label(list, it.Code, b.Lang)})
		}
	}
}

// limit writes a bound as the person types it: money is typed in yuan.
func limit(f *catalogue.Field, n *float64) string {
	if n == nil {
		return ""
	}
	if f.Type == "money" {
		return strconv.FormatFloat(*n/100, 'f', -1, 64)
	}
	return strconv.FormatFloat(*n, 'f', -1, 64)
}
