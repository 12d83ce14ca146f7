package catalogue

import (
	"errors"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/parser"
)

// problem notes a mistake at a YAML path ("$.actions[3].to"; "" = the file).
// The line is looked up only now: mistakes are rare.
func (c *Catalogue) problem(file, at, text string) {
	c.problems.List = append(c.problems.List, Problem{File: file, Line: c.lineOf(file, at), Text: text})
}

// lineOf finds the line of a YAML path, or of the nearest enclosing one.
func (c *Catalogue) lineOf(file, at string) int {
	f, err := parser.ParseBytes(c.files[file], 0)
	if err != nil {
		return 1
	}
	for at != "" && at != "$" {
		if p, err := yaml.PathString(at); err == nil {
			if n, err := p.FilterFile(f); err == nil && n != nil {
				return n.GetToken().Position.Line
			}
		}
		at = enclosing(at)
	}
	return 1
}

func enclosing(at string) string {
	i := strings.LastIndexAny(at, ".[")
	if i <= 0 {
		return ""
	}
	return at[:i]
}

// yamlProblem turns a decoder's error into file, line and reason.
func yamlProblem(file string, err error) Problem {
	var e yaml.Error
	if errors.As(err, &e) && e.GetToken() != nil {
		return Problem{File: file, Line: e.GetToken().Position.Line, Text: e.GetMessage()}
	}
	return Problem{File: file, Line: 1, Text: strings.SplitN(err.Error(), "\n", 2)[0]}
}
