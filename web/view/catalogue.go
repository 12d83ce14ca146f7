package view

import (
	"fmt"
	"strings"

	"github.com/dinghai/dinghai/web/diagram"
)

// SystemCard is one system with its kinds.
type SystemCard struct {
	ID, Label, About string
	Matters          []KindLine
	Subjects         []KindLine
	Indicators       Link
}

// KindLine is one kind in the list.
type KindLine struct {
	Link
	About string
	Note  string // 5 states, 9 actions, 3 clocks
}

// Kind is the page of one kind of record.
type Kind struct {
	Label, Name, Class, About string
	System                    Link
	Facts                     []Pair
	Laws                      []string
	Drawing                   diagram.Drawing
	States                    []State
	Actions                   []Action
	Clocks                    []RuleCard
	Fields                    []FieldLine
	Papers                    []PaperLine
	Public                    []string
	Indicators                []Link
}

// State is a place in the life of a record.
type State struct {
	ID, Label, Plain, Todo string
	End                    bool
}

// Action is a step, with all the law hangs on it.
type Action struct {
	ID, Label, Help, Emits string
	Arrow                  string // from → to
	Roles                  []string
	Platform               bool
	Inputs                 []FieldLine
	Guards                 []Guard
	Does                   []Link // clocks, papers, numbers, effects: what follows
}

// Guard is a condition of the law.
type Guard struct{ Text, Law string }

// RuleCard is a clock rule with its dated versions.
type RuleCard struct {
	Code, Label, Href, Note string
	Versions                []RuleLine
	Extend, Pause           string
	UsedBy                  []Link
}

// Today is the version in force, nil if none is.
func (c *RuleCard) Today() *RuleLine {
	for i := range c.Versions {
		if c.Versions[i].Today {
			return &c.Versions[i]
		}
	}
	return nil
}

// Has reports whether a text stands in the name, the code, a statute or a
// matter of the rule.
func (c *RuleCard) Has(text string) bool {
	all := c.Code + "\n" + c.Label
	for _, v := range c.Versions {
		all += "\n" + v.Law
	}
	for _, u := range c.UsedBy {
		all += "\n" + u.Text
	}
	return strings.Contains(strings.ToLower(all), strings.ToLower(strings.TrimSpace(text)))
}

// RuleIndex is a page of the list of limits.
type RuleIndex struct {
	Query string
	Rules []RuleCard
	Pager Pager
}

// RuleLine is one version of a rule.
type RuleLine struct {
	Version                             int
	Force, Limit, Law, Confidence, Note string
	Today                               bool
}

// FieldLine is one datum or input.
type FieldLine struct {
	Label, Type, Note string
	Link              Link
	Class             string
	Required          bool
}

// PaperLine is an official document.
type PaperLine struct{ Label, Form, Law, Fields string }

// CodeList is a code list.
type CodeList struct {
	Label, Name, Note string
	Items             []ListItem
	Pager             Pager
	Query             string
}

// ListItem is one code.
type ListItem struct{ Code, Label, Other, Parent, Attr string }

// fits is how wide a drawing may be to be shrunk into the page; a wider one
// would be too small to read and scrolls instead.
const fits = 1700

func num(x float64) string { return fmt.Sprintf("%.1f", x) }

func viewBox(d diagram.Drawing) string { return fmt.Sprintf("0 0 %.0f %.0f", d.W, d.H) }

// baseline is where line i of n lines of a box stands.
func baseline(b diagram.Box, i, height int) string {
	n := len(b.Lines)
	return num(b.Y + float64((2*i-n+1)*height)/2)
}
