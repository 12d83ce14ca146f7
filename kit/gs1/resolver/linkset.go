package resolver

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	strict "github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// Namespace is the GS1 Web Vocabulary, which gs1: abbreviates.
const Namespace = "https://ref.gs1.org/voc/"

// Link types that the resolver itself knows about.
const (
	DefaultLink      = Namespace + "defaultLink"      // where to go when nothing is asked for
	DefaultLinkMulti = Namespace + "defaultLinkMulti" // variants of it by language, media type or context
	HandledBy        = Namespace + "handledBy"        // another resolver that knows more
)

// Link is one link of an item.
type Link struct {
	Type      string   // link type: a URI, or a registered name of RFC 8288
	Href      string   // target
	Title     string   // for people
	MediaType string   // of the target
	Hreflang  []string // languages of the target
	Context   []string // where or for whom the link is meant
	NoQuery   bool     // do not pass on the query of the request
}

// Entry is what is known of one identified thing.
type Entry struct {
	Anchor      string // its Digital Link URI, or in a Store the path of that
	Description string // what it is
	Links       []Link
}

// target is a link as RFC 9264 writes it.
type target struct {
	Href      string   `json:"href"`
	Title     string   `json:"title,omitempty"`
	MediaType string   `json:"type,omitempty"`
	Hreflang  []string `json:"hreflang,omitempty"`
	Context   []string `json:"context,omitempty"`
	Forward   *bool    `json:"fwqs,omitempty"`
	Public    *bool    `json:"public,omitempty"`
}

// MarshalLinkset writes entries as a link set document, RFC 9264 section 4.2.
func MarshalLinkset(entries []Entry) ([]byte, error) {
	var b bytes.Buffer
	b.WriteString(`{"linkset":[`)
	for i, e := range entries {
		if i > 0 {
			b.WriteByte(',')
		}
		if err := e.write(&b); err != nil {
			return nil, err
		}
	}
	b.WriteString("]}")
	return b.Bytes(), nil
}

// write writes members in a fixed order: the link types as they first come.
func (e *Entry) write(b *bytes.Buffer) error {
	b.WriteString(`{"anchor":`)
	if err := writeJSON(b, e.Anchor); err != nil {
		return err
	}
	b.WriteString(`,"itemDescription":`)
	if err := writeJSON(b, e.Description); err != nil {
		return err
	}
	for _, typ := range e.types() {
		var targets []target
		for _, l := range e.Links {
			if l.Type == typ {
				targets = append(targets, l.target())
			}
		}
		b.WriteByte(',')
		if err := writeJSON(b, typ); err != nil {
			return err
		}
		b.WriteByte(':')
		if err := writeJSON(b, targets); err != nil {
			return err
		}
	}
	b.WriteByte('}')
	return nil
}

func (l *Link) target() target {
	t := target{Href: l.Href, Title: l.Title, MediaType: l.MediaType, Hreflang: l.Hreflang, Context: l.Context}
	if l.NoQuery {
		t.Forward = new(bool)
	}
	return t
}

func writeJSON(b *bytes.Buffer, v any) error {
	enc := json.NewEncoder(b)
	enc.SetEscapeHTML(false)
	err := enc.Encode(v)
	b.Truncate(b.Len() - 1) // the line feed
	return err
}

// types are the link types of e in the order of their first links.
func (e *Entry) types() (out []string) {
	for _, l := range e.Links {
		if !slices.Contains(out, l.Type) {
			out = append(out, l.Type)
		}
	}
	return out
}

// Error tells where a link set is wrong.
type Error struct {
	Pointer string // JSON Pointer, RFC 6901
	Reason  string
}

func (e *Error) Error() string { return fmt.Sprintf("resolver: %s: %s", e.Pointer, e.Reason) }

// ParseLinkset reads a GS1 link set document strictly: members that the schema
// of GS1 link sets does not know are errors, and so is all that [Entry.Check]
// finds.
func ParseLinkset(doc []byte) ([]Entry, error) {
	var set struct {
		Linkset []map[string]jsontext.Value `json:"linkset"`
	}
	if err := decodeStrict(doc, &set); err != nil {
		return nil, jsonError("", err)
	}
	if set.Linkset == nil {
		return nil, &Error{"/linkset", "missing"}
	}
	entries := make([]Entry, len(set.Linkset))
	for i, members := range set.Linkset {
		at := fmt.Sprintf("/linkset/%d", i)
		if err := entries[i].read(members, at); err != nil {
			return nil, err
		}
		if err := entries[i].Check(); err != nil {
			err.(*Error).Pointer = at + err.(*Error).Pointer
			return nil, err
		}
	}
	return entries, nil
}

// jsonError adds what the decoder says to the place that was decoded.
func jsonError(at string, err error) error {
	var syntactic *jsontext.SyntacticError
	var semantic *strict.SemanticError
	switch {
	case errors.As(err, &semantic):
		reason := "wrong type"
		if semantic.Err != nil {
			reason = semantic.Err.Error()
		}
		return &Error{at + string(semantic.JSONPointer), reason}
	case errors.As(err, &syntactic):
		return &Error{at + string(syntactic.JSONPointer), syntactic.Err.Error()}
	}
	return &Error{at, err.Error()}
}

// decodeStrict refuses unknown and duplicate members and invalid UTF-8.
func decodeStrict(doc []byte, v any) error {
	return strict.Unmarshal(doc, v, strict.RejectUnknownMembers(true))
}

func (e *Entry) read(members map[string]jsontext.Value, at string) error {
	for _, name := range sortedKeys(members) {
		here := at + "/" + strings.NewReplacer("~", "~0", "/", "~1").Replace(name)
		var err error
		switch name {
		case "anchor":
			err = decodeStrict(members[name], &e.Anchor)
		case "itemDescription":
			err = decodeStrict(members[name], &e.Description)
		default:
			var targets []target
			err = decodeStrict(members[name], &targets)
			for _, t := range targets {
				e.Links = append(e.Links, Link{name, t.Href, t.Title, t.MediaType, t.Hreflang, t.Context, t.Forward != nil && !*t.Forward})
			}
		}
		if err != nil {
			return jsonError(here, err)
		}
	}
	return nil
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
