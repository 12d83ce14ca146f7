package catalogue

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// strict decodes one YAML document: unknown and repeated keys, wrong types and
// anything behind the document are mistakes, each with its line.
func strict(file string, b []byte, into any) (bad []Problem) {
	defer func() {
		if x := recover(); x != nil {
			bad = append(bad, Problem{file, 1, fmt.Sprintf("not YAML: %v", x)})
		}
	}()
	d := yaml.NewDecoder(bytes.NewReader(b))
	d.KnownFields(true)
	err := d.Decode(into)
	if err == nil {
		if err = d.Decode(new(yaml.Node)); err == nil {
			return []Problem{{file, 1, "more than one document in a file"}}
		}
	}
	if err == nil || errors.Is(err, io.EOF) {
		return nil
	}
	var types *yaml.TypeError
	if errors.As(err, &types) {
		for _, text := range types.Errors {
			bad = append(bad, located(file, text))
		}
		return bad
	}
	return []Problem{located(file, strings.TrimPrefix(err.Error(), "yaml: "))}
}

var (
	lineForm    = regexp.MustCompile(`^line (\d+): (.*)$`)
	unknownForm = regexp.MustCompile(`^field (.*) not found in type .*$`)
	wrongForm   = regexp.MustCompile("^cannot unmarshal !!(\\w+)( `.*`)? into .*$")
	twiceForm   = regexp.MustCompile(`^mapping key (".*") already defined at line (\d+)$`)
)

// located words a decoder's message for whoever writes the catalogue.
func located(file, text string) Problem {
	p := Problem{File: file, Line: 1, Text: text}
	if m := lineForm.FindStringSubmatch(text); m != nil {
		p.Line, _ = strconv.Atoi(m[1])
		p.Text = m[2]
	}
	if m := unknownForm.FindStringSubmatch(p.Text); m != nil {
		p.Text = fmt.Sprintf("unknown key %q", m[1])
	} else if m := wrongForm.FindStringSubmatch(p.Text); m != nil {
		p.Text = fmt.Sprintf("a value of another type is wanted here, not %s%s", kindOfYAML[m[1]], m[2])
	} else if m := twiceForm.FindStringSubmatch(p.Text); m != nil {
		p.Text = fmt.Sprintf("key %s stands twice, first on line %s", m[1], m[2])
	}
	return p
}

var kindOfYAML = map[string]string{"str": "text", "int": "a whole number", "float": "a number", "bool": "yes or no", "seq": "a list", "map": "a mapping", "null": "nothing",
	"timestamp": "a date"}

// lineOf finds the line of a YAML path, or of the nearest enclosing one.
func (c *Catalogue) lineOf(file, at string) int {
	n := c.trees[file]
	if n == nil {
		n = &yaml.Node{}
		if err := yaml.Unmarshal(c.files[file], n); err != nil || len(n.Content) == 0 {
			return 1
		}
		c.trees[file] = n
	}
	n = n.Content[0]
	line := n.Line
	for _, part := range pathForm.FindAllString(strings.TrimPrefix(at, "$"), -1) {
		if n = child(n, part); n == nil {
			break
		}
		line = n.Line
	}
	return line
}

var pathForm = regexp.MustCompile(`\.[^.\[]+|\[\d+\]`)

// child follows one step of a path: .name or [index].
func child(n *yaml.Node, part string) *yaml.Node {
	if n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	if part[0] == '[' {
		i, _ := strconv.Atoi(part[1 : len(part)-1])
		if n.Kind == yaml.SequenceNode && i < len(n.Content) {
			return n.Content[i]
		}
		return nil
	}
	for i := 0; n.Kind == yaml.MappingNode && i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == part[1:] {
			return n.Content[i+1]
		}
	}
	return nil
}
