// Package figures reads the list of stated figures a report is held against.
// It is a source file chosen at run time: a bureau brings its own, and the
// report then says how far that bureau's records bear it out. The embedded list
// belongs to the demo.
package figures

import (
	_ "embed"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/parser"

	"github.com/dinghai/dinghai/engine/report"
)

//go:embed zhoushan-2023.yaml
var zhoushan2023 string

// Set is a loaded and checked list.
type Set = report.Declared

// Error is a mistake in a list, with the line it stands on.
type Error struct {
	Line int
	Text string
}

// Error gives line: text.
func (e *Error) Error() string { return fmt.Sprintf("line %d: %s", e.Line, e.Text) }

// limit bounds the file: the shipped list has 60 kB.
const limit = 4 << 20

// Default is the embedded list.
func Default() (*Set, error) { return Load(strings.NewReader(zhoushan2023)) }

// Load reads and checks a list. The error is an *Error for the first mistake.
func Load(r io.Reader) (*Set, error) {
	b, err := io.ReadAll(io.LimitReader(r, limit+1))
	if err != nil {
		return nil, err
	}
	if len(b) > limit {
		return nil, &Error{1, "the list is larger than 4 MiB"}
	}
	s := &Set{}
	if err := yaml.UnmarshalWithOptions(b, s, yaml.Strict()); err != nil {
		return nil, yamlError(err)
	}
	c := &checker{text: b, set: s, seen: map[string]bool{}}
	if err := c.check(); err != nil {
		return nil, err
	}
	return s, nil
}

func yamlError(err error) error {
	var e yaml.Error
	if errors.As(err, &e) && e.GetToken() != nil {
		return &Error{e.GetToken().Position.Line, e.GetMessage()}
	}
	return &Error{1, strings.SplitN(err.Error(), "\n", 2)[0]}
}

type checker struct {
	text []byte
	set  *Set
	seen map[string]bool
}

func (c *checker) check() error {
	if !c.set.From.Valid() || !c.set.To.Valid() || c.set.To < c.set.From {
		return c.at("$.from", "from and to must be dates in order")
	}
	for i := range c.set.Figures {
		if field, why := c.figure(&c.set.Figures[i]); why != "" {
			return c.at(fmt.Sprintf("$.figures[%d]%s", i, field), why)
		}
	}
	if len(c.set.Figures) == 0 {
		return c.at("$", "no figures")
	}
	for i, x := range c.set.Identities {
		if why := c.identity(x); why != "" {
			return c.at(fmt.Sprintf("$.identities[%d].expr", i), why)
		}
	}
	return nil
}

var (
	idForm = regexp.MustCompile(`^[a-z][a-z0-9_]*$`)
	kinds  = []string{"count", "sum", "rate", "rank", "growth", "duration", "text"}
	rules  = []string{"eq", "ge", "gt", "round", "all"}
)

// figure returns the field that is wrong and why.
func (c *checker) figure(f *report.Stated) (field, why string) {
	again := c.seen[f.ID]
	c.seen[f.ID] = true
	switch {
	case !idForm.MatchString(f.ID):
		return "", fmt.Sprintf("%q is no id of a figure", f.ID)
	case again:
		return ".id", "figure " + f.ID + " stands twice"
	case f.Label.ZH == "" || f.Label.EN == "":
		return "", "figure " + f.ID + " needs a label in zh and en"
	case !slices.Contains(kinds, f.Kind):
		return ".kind", fmt.Sprintf("no kind %q", f.Kind)
	case !slices.Contains(rules, f.Cmp):
		return ".cmp", fmt.Sprintf("no rule %q", f.Cmp)
	case f.Cmp == "round" && f.Step <= 0:
		return "", "figure " + f.ID + ": round needs a step above zero"
	case !f.Value.Known:
		return "", "figure " + f.ID + " states no value"
	case f.Value.Word != "" && f.Cmp != "all":
		return ".value", "figure " + f.ID + ": a word agrees only by the rule all"
	case !f.Checkable && f.Reason.ZH == "":
		return "", "figure " + f.ID + " needs a reason why no record can tell it"
	}
	if _, ok := c.set.Units[f.Unit]; !ok {
		return ".unit", fmt.Sprintf("no unit %q", f.Unit)
	}
	return "", ""
}

func (c *checker) identity(x report.Identity) string {
	r, err := report.ParseRelation(x.Expr)
	if err != nil {
		return err.Error()
	}
	for _, n := range r.Names() {
		if !c.seen[n] {
			return "no figure " + n
		}
	}
	return ""
}

// at finds the line of a YAML path, only now that it is needed.
func (c *checker) at(path, why string) error {
	line := 1
	if f, err := parser.ParseBytes(c.text, 0); err == nil {
		if p, err := yaml.PathString(path); err == nil {
			if n, err := p.FilterFile(f); err == nil && n != nil {
				line = n.GetToken().Position.Line
			}
		}
	}
	return &Error{line, why}
}
