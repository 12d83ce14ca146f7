package epcis

import (
	"bytes"
	"maps"
	"slices"

	"github.com/go-json-experiment/json/jsontext"
)

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

// EncodeJSON writes the document as JSON-LD of EPCIS 2.0. Terms of CBV become
// bare words.
func (d *Document) EncodeJSON() ([]byte, error) {
	nodes := d.nodes()
	var b bytes.Buffer
	w := &jsonWriter{enc: jsontext.NewEncoder(&b, jsontext.WithIndent("  ")), prefixes: d.assign(nodes)}
	w.token(jsontext.BeginObject)
	w.context()
	if d.Type == BareEvent && len(nodes) == 1 {
		w.members(&nodes[0], "type")
	} else {
		w.document(d, nodes)
	}
	w.token(jsontext.EndObject)
	return b.Bytes(), w.err
}

type jsonWriter struct {
	enc      *jsontext.Encoder
	prefixes *prefixes
	err      error
}

func (w *jsonWriter) token(t jsontext.Token) {
	if w.err == nil {
		w.err = w.enc.WriteToken(t)
	}
}

func (w *jsonWriter) string(s string) { w.token(jsontext.String(s)) }

func (w *jsonWriter) pair(name, text string) {
	if text != "" {
		w.string(name)
		w.string(text)
	}
}

func (w *jsonWriter) context() {
	w.string("@context")
	w.token(jsontext.BeginArray)
	w.string(knownContexts[0])
	if len(w.prefixes.list) > 0 {
		w.token(jsontext.BeginObject)
		for _, p := range w.prefixes.list {
			w.pair(p.Prefix, p.Space)
		}
		w.token(jsontext.EndObject)
	}
	w.token(jsontext.EndArray)
}

func (w *jsonWriter) document(d *Document, nodes []Node) {
	w.pair("id", d.ID)
	typ := d.Type
	if typ == BareEvent {
		typ = EventDocument
	}
	w.pair("type", string(typ))
	w.pair("schemaVersion", "2.0")
	if !d.Created.IsZero() {
		w.pair("creationDate", formatTime(d.Created))
	}
	w.pair("sender", d.Sender)
	w.pair("receiver", d.Receiver)
	w.pair("instanceIdentifier", d.InstanceIdentifier)
	w.string("epcisBody")
	w.token(jsontext.BeginObject)
	if typ == QueryDocument {
		w.string("queryResults")
		w.token(jsontext.BeginObject)
		w.pair("subscriptionID", d.SubscriptionID)
		w.pair("queryName", d.QueryName)
		w.string("resultsBody")
		w.token(jsontext.BeginObject)
	}
	w.string("eventList")
	w.token(jsontext.BeginArray)
	for i := range nodes {
		w.token(jsontext.BeginObject)
		w.members(&nodes[i], "type")
		w.token(jsontext.EndObject)
	}
	w.token(jsontext.EndArray)
	if typ == QueryDocument {
		w.token(jsontext.EndObject)
		w.token(jsontext.EndObject)
	}
	w.token(jsontext.EndObject)
}

// members writes the children of n; under typeName, the name of n itself.
func (w *jsonWriter) members(n *Node, typeName string) {
	if typeName != "" {
		w.pair(typeName, n.Name.Local)
	}
	groups, order := map[Name][]*Node{}, []Name{}
	for i := range n.Children {
		c := &n.Children[i]
		if groups[c.Name] == nil {
			order = append(order, c.Name)
		}
		groups[c.Name] = append(groups[c.Name], c)
	}
	for _, name := range order {
		same := groups[name]
		w.string(w.prefixes.name(name))
		if len(same) == 1 && !same[0].List && !always(n, same[0]) {
			w.value(n, same[0])
			continue
		}
		w.token(jsontext.BeginArray)
		for _, c := range same {
			w.value(n, c)
		}
		w.token(jsontext.EndArray)
	}
}

// always tells whether a member is an array even when there is only one.
func always(parent, c *Node) bool {
	if c.Name.Space != "" {
		return false
	}
	switch c.Name.Local {
	case "sensorReport":
		return true
	case "set", "unset":
		return parent.Name.Local == "persistentDisposition"
	}
	return false
}

func (w *jsonWriter) value(parent, n *Node) {
	name := n.Name.Local
	_, isList := itemNames[name]
	switch {
	case n.Name.Space == "" && isList:
		w.token(jsontext.BeginArray)
		for i := range n.Children {
			w.item(n, &n.Children[i])
		}
		w.token(jsontext.EndArray)
	case len(n.Children) > 0 || n.Name.Space == "" && (name == "ilmd" || name == "sensorMetadata" || name == "persistentDisposition"):
		w.token(jsontext.BeginObject)
		w.pair("#text", n.Text)
		w.members(n, "")
		w.token(jsontext.EndObject)
	default:
		w.scalar(n, parent)
	}
}

// item writes an element of a list.
func (w *jsonWriter) item(parent, n *Node) {
	switch n.Name.Local {
	case "bizTransaction", "source", "destination":
		w.token(jsontext.BeginObject)
		w.members(n, "")
		w.pair(n.Name.Local, n.Text)
		w.token(jsontext.EndObject)
	case "quantityElement", "sensorElement":
		w.token(jsontext.BeginObject)
		w.members(n, "")
		w.token(jsontext.EndObject)
	default:
		w.scalar(n, parent)
	}
}

func (w *jsonWriter) scalar(n, parent *Node) {
	text := n.Text
	if n.Name.Space == "" {
		text = compacted(parent.Name.Local, n.Name.Local, text)
	}
	switch {
	case n.Kind == KindBool && text == "true":
		w.token(jsontext.True)
	case n.Kind == KindBool && text == "false":
		w.token(jsontext.False)
	case n.Kind == KindNumber && w.err == nil && jsonNumber(text) != "":
		w.err = w.enc.WriteValue(jsontext.Value(jsonNumber(text)))
	default:
		w.string(text)
	}
}

// jsonNumber is a number in the form of JSON, which XML has more freely; "" when
// it is none.
func jsonNumber(s string) string {
	if v := jsontext.Value(s); v.IsValid() && v.Kind() == '0' {
		return s
	}
	if numberForm.MatchString(s) {
		if s = canonicalNumber(s); jsontext.Value(s).IsValid() {
			return s
		}
	}
	return ""
}
