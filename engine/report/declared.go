package report

import (
	"encoding/json"
	"fmt"
	"strconv"

	"github.com/dinghai/dinghai/domain"
)

// Declared is the list of figures somebody states: the bureau's own text, or
// the form an upper bureau asks for.
type Declared struct {
	Title      domain.Text            `yaml:"title"`
	Source     domain.Text            `yaml:"source"` // where the statements can be read
	From       domain.Date            `yaml:"from"`
	To         domain.Date            `yaml:"to"`
	Units      map[string]domain.Text `yaml:"units"`
	Systems    map[string]domain.Text `yaml:"systems"`
	Identities []Identity             `yaml:"identities"`
	Figures    []Stated               `yaml:"figures"`
}

// Stated is one figure of the list.
type Stated struct {
	ID        string      `yaml:"id"`
	Section   string      `yaml:"section"` // chapter.paragraph
	Label     domain.Text `yaml:"label"`
	Value     Amount      `yaml:"value"`
	Unit      string      `yaml:"unit"`
	Kind      string      `yaml:"kind"` // count sum rate rank growth duration text
	Cmp       string      `yaml:"cmp"`  // eq ge gt round all
	Step      float64     `yaml:"step,omitempty"`
	Checkable bool        `yaml:"checkable"`
	System    string      `yaml:"system"`
	Period    string      `yaml:"period,omitempty"` // as in indicators; default the period asked for
	Reason    domain.Text `yaml:"reason,omitempty"` // why no record can tell it
}

// Identity is a relation that has to hold between figures.
type Identity struct {
	ID    string      `yaml:"id"`
	Expr  string      `yaml:"expr"`
	Label domain.Text `yaml:"label"`
	Holds bool        `yaml:"holds"` // whether the statements themselves keep it
}

// Find returns the stated figure of an id, nil if the list has none.
func (d *Declared) Find(id string) *Stated {
	for i := range d.Figures {
		if d.Figures[i].ID == id {
			return &d.Figures[i]
		}
	}
	return nil
}

// Amount is a number, a word where a text states no number ("all"), or
// nothing.
type Amount struct {
	Number float64
	Word   string
	Known  bool
}

// Number is an Amount that is known.
func Number(v float64) Amount { return Amount{Number: tidy(v), Known: true} }

// tidy drops the noise of binary fractions: 652550.0000000001 yuan.
func tidy(v float64) float64 { return Tidy(v) }

// Tidy drops what binary fractions leave behind, so that 33.3 is 33.3.
func Tidy(v float64) float64 {
	t, err := strconv.ParseFloat(strconv.FormatFloat(v, 'g', 15, 64), 64)
	if err != nil {
		return v
	}
	return t
}

// Numeric reports whether there is a number to compare or print.
func (a Amount) Numeric() bool { return a.Known && a.Word == "" }

// String writes the exact value.
func (a Amount) String() string {
	switch {
	case !a.Known:
		return ""
	case a.Word != "":
		return a.Word
	}
	return strconv.FormatFloat(a.Number, 'f', -1, 64)
}

// MarshalJSON writes a number, a text or null.
func (a Amount) MarshalJSON() ([]byte, error) {
	switch {
	case !a.Known:
		return []byte("null"), nil
	case a.Word != "":
		return json.Marshal(a.Word)
	}
	return json.Marshal(a.Number)
}

// UnmarshalJSON reads what MarshalJSON writes.
func (a *Amount) UnmarshalJSON(b []byte) error {
	var v any
	if err := json.Unmarshal(b, &v); err != nil {
		return err
	}
	return a.set(v)
}

// UnmarshalYAML takes a number or a word. Anything else is no value: the loader
// reports it with its line, which is not known here.
func (a *Amount) UnmarshalYAML(unmarshal func(any) error) error {
	var v any
	if err := unmarshal(&v); err != nil {
		return err
	}
	if a.set(v) != nil {
		*a = Amount{}
	}
	return nil
}

func (a *Amount) set(v any) error {
	switch x := v.(type) {
	case nil:
		*a = Amount{}
	case string:
		*a = Amount{Word: x, Known: true}
	case float64:
		*a = Amount{Number: x, Known: true}
	case uint64:
		*a = Amount{Number: float64(x), Known: true}
	case int64:
		*a = Amount{Number: float64(x), Known: true}
	default:
		return fmt.Errorf("%v is neither a number nor a word", v)
	}
	return nil
}
