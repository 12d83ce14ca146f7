package epcis

import (
	"fmt"
	"regexp"
)

// prefixes gives every namespace of a document one prefix.
type prefixes struct {
	bySpace map[string]string
	taken   map[string]bool
	list    []Prefix
}

var prefixForm = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_.-]*$`)

// assign collects the namespaces that the events use. The document's prefixes
// are kept where they are unique and legal in XML; others are made.
func (d *Document) assign(nodes []Node) *prefixes {
	p := &prefixes{bySpace: map[string]string{}, taken: map[string]bool{"epcis": true, "epcisq": true, "sbdh": true, "xml": true, "xmlns": true, "xsi": true}}
	used := map[string]bool{}
	var walk func([]Node)
	walk = func(ns []Node) {
		for i := range ns {
			used[ns[i].Name.Space] = true
			walk(ns[i].Children)
		}
	}
	walk(nodes)
	for _, n := range d.ignored {
		used[n.Space] = true
	}
	delete(used, "")
	for _, c := range append(d.Prefixes, Prefix{"cbvmda", mdaSpace}, Prefix{"rdfs", rdfsSpace}) {
		if used[c.Space] && p.bySpace[c.Space] == "" && !p.taken[c.Prefix] && prefixForm.MatchString(c.Prefix) {
			p.add(c)
		}
	}
	for _, space := range sortedKeys(used) {
		for n := 1; p.bySpace[space] == ""; n++ {
			if c := (Prefix{fmt.Sprintf("ns%d", n), space}); !p.taken[c.Prefix] {
				p.add(c)
			}
		}
	}
	return p
}

func (p *prefixes) add(c Prefix) {
	p.bySpace[c.Space], p.taken[c.Prefix] = c.Prefix, true
	p.list = append(p.list, c)
}

func (p *prefixes) name(n Name) string {
	if n.Space == "" {
		return n.Local
	}
	return p.bySpace[n.Space] + ":" + n.Local
}

// nodes are the events as nodes.
func (d *Document) nodes() []Node {
	out := make([]Node, len(d.Events))
	for i := range d.Events {
		out[i] = d.Events[i].node()
	}
	return out
}

// compacted is the short form of a term in JSON: its bare word.
func compacted(parent, name, text string) string {
	switch name {
	case "bizStep":
		return bizSteps.compact(text)
	case "disposition", "set", "unset":
		return dispositions.compact(text)
	case "reason":
		return errorReasons.compact(text)
	case "type":
		switch parent {
		case "bizTransaction":
			return transactionTypes.compact(text)
		case "source", "destination":
			return partyTypes.compact(text)
		}
		return measurements.compact(text)
	case "exception":
		return measurements.compact(text)
	case "component":
		return components.compact(text)
	}
	return text
}
