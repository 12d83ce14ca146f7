package epcis

import (
	"fmt"
	"strings"
)

// ParseQueryJSON reads the query object of the REST interface.
func ParseQueryJSON(text []byte) (*Query, error) {
	v, err := readJSON(text)
	if err != nil {
		return nil, err
	}
	if v.kind != '{' {
		return nil, Errors{{"", v.pos, "no JSON object"}}
	}
	if q := v.get("query"); q != nil { // a named query
		v = q
	}
	var f faults
	var prefixes []Prefix
	params := map[string][]string{}
	for i, name := range v.names {
		item := &v.items[i]
		if name == "@context" {
			prefixes = inlinePrefixes(item)
			continue
		}
		values, ok := queryValues(item)
		if !ok {
			f.add("/"+name, item.pos, "neither a value nor an array of values")
		}
		params[name] = values
	}
	if err := f.err(); err != nil {
		return nil, err
	}
	return ParseQuery(params, prefixes)
}

// inlinePrefixes takes the prefixes of a context; addresses in it mean nothing,
// since queries have no terms of their own.
func inlinePrefixes(c *value) (out []Prefix) {
	switch c.kind {
	case '[':
		for i := range c.items {
			out = append(out, inlinePrefixes(&c.items[i])...)
		}
	case '{':
		for i, name := range c.names {
			if c.items[i].kind == '"' {
				out = append(out, Prefix{name, c.items[i].text})
			}
		}
	}
	return out
}

func queryValues(v *value) (out []string, ok bool) {
	switch v.kind {
	case '"', '0', 't', 'f':
		return []string{v.text}, true
	case 'n': // EXISTS_ parameters have no value
		return []string{""}, true
	case '[':
		for i := range v.items {
			s, ok := queryValues(&v.items[i])
			if !ok || len(s) != 1 {
				return nil, false
			}
			out = append(out, s[0])
		}
		return out, true
	}
	return nil, false
}

// ParseQueryXML reads a query document of the XML interface, which polls
// SimpleEventQuery.
func ParseQueryXML(text []byte) (*Query, error) {
	root, prefixes, err := readXML(text)
	if err != nil {
		return nil, err
	}
	var f faults
	poll := root
	for _, name := range []string{"EPCISBody", "Poll"} {
		if poll = poll.get(name); poll == nil {
			return nil, Errors{{"/" + name, root.pos, "missing"}}
		}
	}
	if name := poll.value("queryName"); name != "SimpleEventQuery" {
		f.add("/EPCISBody/Poll/queryName", poll.pos, "%q is not SimpleEventQuery", name)
	}
	params := map[string][]string{}
	if list := poll.get("params"); list != nil {
		for i := range list.Children {
			p := &list.Children[i]
			name := p.value("name")
			if _, twice := params[name]; twice || name == "" {
				f.add(fmt.Sprintf("/EPCISBody/Poll/params/%d", i), p.pos, "name is missing or twice")
			}
			params[name] = xmlValues(p.get("value"), name)
		}
	}
	if err := f.err(); err != nil {
		return nil, err
	}
	return ParseQuery(params, prefixes)
}

func xmlValues(v *Node, name string) (out []string) {
	if v == nil {
		return nil
	}
	for _, c := range v.Children {
		if c.Name.Local == "string" {
			out = append(out, c.Text)
		}
	}
	if out == nil && (v.Text != "" || strings.HasPrefix(name, "EXISTS_")) {
		out = []string{v.Text}
	}
	return out
}
