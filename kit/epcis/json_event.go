package epcis

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// readEvent reads one event, which may have a context of its own.
func (r *jsonReader) readEvent(v *value, path string) Event {
	if v.kind != '{' {
		r.add(path, v.pos, "no JSON object")
		return Event{}
	}
	if c := v.get("@context"); c != nil && path != "" {
		defer func(s map[string]string) { r.spaces = s }(r.spaces)
		r.spaces = maps.Clone(r.spaces)
		r.context(c, path+"/@context")
	}
	n := Node{Name: Name{Local: v.string("type")}, pos: v.pos}
	for i, name := range v.names {
		if name != "type" && name != "@context" {
			n.Children = append(n.Children, r.member(name, &v.items[i], path+"/"+name)...)
		}
	}
	return r.event(&n, path)
}

// member turns a member of an event into one node, certificationInfo and arrays
// of extensions into several.
func (r *jsonReader) member(name string, v *value, path string) []Node {
	n := Node{Name: Name{Local: name}, pos: v.pos}
	item := itemNames[name]
	switch {
	case strings.Contains(name, ":"):
		return r.extension(name, v, path)
	case v.kind == 'n':
		return nil
	case name == "certificationInfo" && v.kind == '[':
		var out []Node
		for i := range v.items {
			out = append(out, r.scalar(name, &v.items[i], fmt.Sprintf("%s/%d", path, i)))
		}
		return out
	case item != "":
		if v.kind != '[' {
			r.add(path, v.pos, "no array")
			return nil
		}
		for i := range v.items {
			n.Children = append(n.Children, r.item(item, &v.items[i], fmt.Sprintf("%s/%d", path, i)))
		}
	case slices.Contains([]string{"readPoint", "bizLocation", "errorDeclaration", "persistentDisposition", "ilmd"}, name):
		n.Children = r.object(v, path)
	default:
		return []Node{r.scalar(name, v, path)}
	}
	return []Node{n}
}

// item turns an element of an array into the node that XML has in its place.
func (r *jsonReader) item(name string, v *value, path string) Node {
	n := Node{Name: Name{Local: name}, pos: v.pos}
	switch name {
	case "epc", "correctiveEventID":
		return r.scalar(name, v, path)
	case "quantityElement", "sensorElement":
		n.Children = r.object(v, path)
	default: // bizTransaction, source, destination: the identifier is the text
		for _, c := range r.object(v, path) {
			if c.Name == n.Name {
				n.Text = c.Text
				continue
			}
			n.Children = append(n.Children, c)
		}
	}
	return n
}

// object turns members into children. Arrays become several of the same name,
// but for the lists that have a wrapper.
func (r *jsonReader) object(v *value, path string) (out []Node) {
	if v.kind != '{' {
		r.add(path, v.pos, "no JSON object")
		return nil
	}
	for i, name := range v.names {
		m, here := &v.items[i], path+"/"+name
		switch {
		case strings.Contains(name, ":"):
			out = append(out, r.extension(name, m, here)...)
		case name == "correctiveEventIDs":
			out = append(out, r.member(name, m, here)...)
		case name == "sensorMetadata":
			out = append(out, Node{Name: Name{Local: name}, Children: r.object(m, here), pos: m.pos})
		case m.kind == '[':
			for j := range m.items {
				out = append(out, r.part(name, &m.items[j], fmt.Sprintf("%s/%d", here, j)))
			}
		default:
			out = append(out, r.part(name, m, here))
		}
	}
	return out
}

func (r *jsonReader) part(name string, v *value, path string) Node {
	if name == "sensorReport" {
		return Node{Name: Name{Local: name}, Children: r.object(v, path), pos: v.pos}
	}
	return r.scalar(name, v, path)
}

func (r *jsonReader) scalar(name string, v *value, path string) Node {
	n := Node{Name: Name{Local: name}, Text: strings.TrimSpace(v.text), Kind: kindOf(v), pos: v.pos}
	if v.kind == '{' || v.kind == '[' || v.kind == 'n' {
		r.add(path, v.pos, "no simple value")
	} else if want := wantedKind(name); n.Kind != want && n.Kind != KindText || want == KindNumber && n.Kind != want {
		r.add(path, v.pos, "%s has the wrong JSON type", name)
	}
	return n
}

func kindOf(v *value) Kind {
	switch v.kind {
	case '0':
		return KindNumber
	case 't', 'f':
		return KindBool
	}
	return KindText
}

// wantedKind is the JSON type of a member of EPCIS.
func wantedKind(name string) Kind {
	switch {
	case numeric[name]:
		return KindNumber
	case name == "booleanValue":
		return KindBool
	}
	return KindText
}

// extension turns a member with a prefix into nodes.
func (r *jsonReader) extension(name string, v *value, path string) []Node {
	full, ok := r.name(name)
	if !ok {
		r.add(path, v.pos, "prefix of %q is not declared", name)
		return nil
	}
	return r.generic(full, v, false)
}

// generic turns any value into nodes. Names without prefix, which JSON-LD would
// drop, are kept below an extension.
func (r *jsonReader) generic(name Name, v *value, list bool) (out []Node) {
	n := Node{Name: name, List: list, pos: v.pos}
	switch v.kind {
	case '[':
		for i := range v.items {
			out = append(out, r.generic(name, &v.items[i], true)...)
		}
		return out
	case '{':
		for i, member := range v.names {
			if member == "#text" {
				n.Text = v.items[i].text
				continue
			}
			full, ok := r.name(member)
			if !ok {
				full = Name{Local: member}
			}
			n.Children = append(n.Children, r.generic(full, &v.items[i], false)...)
		}
	case 'n':
		return nil
	default:
		n.Text, n.Kind = strings.TrimSpace(v.text), kindOf(v)
	}
	return []Node{n}
}
