package epcis

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// Decoder reads documents. The zero Decoder is strict.
type Decoder struct {
	// Lenient returns the document in spite of faults, beside the error that
	// lists them. Unknown members of events are then lost.
	Lenient bool
	// AnyOrder lets members of XML events stand in any order, as those of JSON may.
	AnyOrder bool
	// Contexts are further JSON-LD contexts that documents may name: their address
	// and the prefixes that they declare.
	Contexts map[string][]Prefix
}

// DecodeJSON reads a JSON-LD document strictly: capture or query document, or a
// bare event.
func DecodeJSON(text []byte) (*Document, error) { return Decoder{}.JSON(text) }

// JSON reads a JSON-LD document.
func (d Decoder) JSON(text []byte) (*Document, error) {
	value, err := readJSON(text)
	if err != nil {
		return nil, err
	}
	r := &jsonReader{Decoder: d, binder: binder{anyOrder: true}, doc: new(Document), spaces: map[string]string{}}
	for p, space := range builtin {
		r.spaces[p] = space
	}
	r.document(value)
	return r.result(r.doc, d.Lenient)
}

func (b *binder) result(doc *Document, lenient bool) (*Document, error) {
	if err := b.err(); err != nil && !lenient {
		return nil, err
	} else if err != nil {
		return doc, err
	}
	return doc, nil
}

// value is a JSON value whose members are in their order.
type value struct {
	kind  jsontext.Kind
	text  string // of strings; numbers and booleans as written
	names []string
	items []value // of arrays and, beside names, of objects
	pos   int64
}

func (v *value) get(name string) *value {
	if i := slices.Index(v.names, name); i >= 0 {
		return &v.items[i]
	}
	return nil
}

func (v *value) string(name string) string {
	if m := v.get(name); m != nil && m.kind == '"' {
		return m.text
	}
	return ""
}

// readJSON parses strictly: no duplicate members, no invalid UTF-8, no more than
// MaxDepth levels.
func readJSON(text []byte) (*value, error) {
	dec := jsontext.NewDecoder(bytes.NewReader(text))
	nodes := 0
	v, err := readValue(dec, 0, &nodes)
	if err == nil {
		if _, err = dec.ReadToken(); err == io.EOF {
			return v, nil
		}
		if err == nil {
			err = errors.New("data after the document")
		}
	}
	var e *Error
	if errors.As(err, &e) {
		return nil, Errors{e}
	}
	var s *jsontext.SyntacticError
	if errors.As(err, &s) {
		return nil, Errors{{string(s.JSONPointer), s.ByteOffset, s.Err.Error()}}
	}
	return nil, Errors{{string(dec.StackPointer()), dec.InputOffset(), err.Error()}}
}

func readValue(dec *jsontext.Decoder, depth int, nodes *int) (*value, error) {
	if *nodes++; depth > MaxDepth || *nodes > MaxNodes {
		return nil, &Error{string(dec.StackPointer()), dec.InputOffset(), "nested too deep or too big"}
	}
	tok, err := dec.ReadToken()
	if err != nil {
		return nil, err
	}
	v := &value{kind: tok.Kind(), pos: dec.InputOffset()}
	switch v.kind {
	case '"', '0', 't', 'f':
		v.text = tok.String()
		if v.kind != '"' && len(v.text) > 400 {
			return nil, &Error{string(dec.StackPointer()), dec.InputOffset(), "number too long"}
		}
	case '{', '[':
		closing := v.kind + 2 // ] and } come two after their opening
		for dec.PeekKind() != closing {
			if v.kind == '{' {
				name, err := dec.ReadToken()
				if err != nil {
					return nil, err
				}
				v.names = append(v.names, name.String())
			}
			item, err := readValue(dec, depth+1, nodes)
			if err != nil {
				return nil, err
			}
			v.items = append(v.items, *item)
		}
		if _, err := dec.ReadToken(); err != nil {
			return nil, err
		}
	}
	return v, nil
}

// jsonReader turns JSON-LD into nodes of the form that XML has, and these into
// events.
type jsonReader struct {
	Decoder
	binder
	doc    *Document
	spaces map[string]string // prefixes in force
}

func (r *jsonReader) document(v *value) {
	if v.kind != '{' {
		r.add("", v.pos, "no JSON object")
		return
	}
	if c := v.get("@context"); c == nil {
		r.add("/@context", v.pos, "missing")
	} else {
		r.context(c, "/@context")
	}
	typ := v.string("type")
	if _, ok := members[EventType(typ)]; ok {
		r.doc.Events = []Event{r.readEvent(v, "")}
		return
	}
	r.doc.Type = DocumentType(typ)
	if r.doc.Type != EventDocument && r.doc.Type != QueryDocument {
		r.add("/type", v.pos, "%q is no EPCIS document", typ)
	}
	r.header(v)
	r.body(v.get("epcisBody"), v.pos)
}

func (r *jsonReader) header(v *value) {
	d := r.doc
	d.ID, d.SchemaVersion = v.string("id"), v.string("schemaVersion")
	d.Sender, d.Receiver, d.InstanceIdentifier = v.string("sender"), v.string("receiver"), v.string("instanceIdentifier")
	if c := v.get("creationDate"); c != nil {
		d.Created = r.time(&Node{Text: c.text, pos: c.pos}, "/creationDate")
	} else if d.Type == EventDocument {
		r.add("/creationDate", v.pos, "missing")
	}
	r.ignore(v)
}

// ignore notes the extensions that a member such as repository:ignoreFields
// takes out of hash IDs.
func (r *jsonReader) ignore(v *value) {
	for i, name := range v.names {
		if !strings.HasSuffix(name, ":ignoreFields") {
			continue
		}
		for _, field := range v.items[i].items {
			if n, ok := r.name(field.text); ok {
				r.doc.ignored = append(r.doc.ignored, n)
			}
		}
	}
}

func (r *jsonReader) body(v *value, pos int64) {
	path := "/epcisBody"
	if v == nil {
		r.add(path, pos, "missing")
		return
	}
	if e := v.get("event"); e != nil {
		r.doc.Events = []Event{r.readEvent(e, path+"/event")}
		return
	}
	if q := v.get("queryResults"); q != nil {
		r.doc.QueryName, r.doc.SubscriptionID = q.string("queryName"), q.string("subscriptionID")
		path += "/queryResults/resultsBody"
		r.ignore(q)
		if v = q.get("resultsBody"); v == nil {
			r.add(path, q.pos, "missing")
			return
		}
	}
	list := v.get("eventList")
	if list == nil || list.kind != '[' {
		r.add(path+"/eventList", v.pos, "missing or no array")
		return
	}
	r.doc.Events = make([]Event, 0, len(list.items))
	for i := range list.items {
		r.doc.Events = append(r.doc.Events, r.readEvent(&list.items[i], fmt.Sprintf("%s/eventList/%d", path, i)))
	}
}

// context takes prefixes from an inline context and refuses unknown remote ones.
func (r *jsonReader) context(c *value, path string) {
	switch c.kind {
	case '[':
		for i := range c.items {
			r.context(&c.items[i], fmt.Sprintf("%s/%d", path, i))
		}
	case '"':
		prefixes, ok := r.Contexts[c.text]
		if !ok && !slices.Contains(knownContexts, c.text) {
			r.add(path, c.pos, "%q is not among the pinned contexts; none is fetched", c.text)
		}
		for _, p := range prefixes {
			r.declare(p.Prefix, p.Space, c, path)
		}
	case '{':
		for i, prefix := range c.names {
			if item := &c.items[i]; item.kind == '"' && !strings.HasPrefix(prefix, "@") {
				r.declare(prefix, item.text, item, path)
			}
		}
	default:
		r.add(path, c.pos, "neither an address nor an object")
	}
}

func (r *jsonReader) declare(prefix, space string, at *value, path string) {
	if len(r.doc.Prefixes) == MaxPrefixes {
		r.add(path, at.pos, "too many prefixes")
		return
	}
	r.spaces[prefix] = space
	if p := (Prefix{prefix, space}); !slices.Contains(r.doc.Prefixes, p) {
		r.doc.Prefixes = append(r.doc.Prefixes, p)
	}
}

// name resolves a member name that has a prefix or is a web address.
func (r *jsonReader) name(s string) (Name, bool) {
	if strings.HasPrefix(s, "http://") || strings.HasPrefix(s, "https://") {
		i := strings.LastIndexAny(s, "/#") + 1
		return Name{s[:i], s[i:]}, i < len(s)
	}
	prefix, local, ok := strings.Cut(s, ":")
	space := r.spaces[prefix]
	return Name{space, local}, ok && space != "" && local != ""
}
