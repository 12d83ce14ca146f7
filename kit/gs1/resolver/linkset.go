package resolver

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"regexp"
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

// The forms that the JSON schema of GS1 link sets demands.
var (
	webURL     = regexp.MustCompile(`^https?://[A-Za-z0-9.\[-][^\s<>"{}|\\^` + "`" + `]*$`)
	relation   = regexp.MustCompile(`^([a-z][a-z0-9.-]*|https?://\S+)$`)
	languageID = regexp.MustCompile(`^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$`)
	mediaType  = regexp.MustCompile(`^[\w.+-]+/[\w.+-]+$`)
)

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

// Check tells what keeps an entry from being published: every link needs target
// and title, and there is exactly one default link, without attributes, whose
// target a second and descriptive link type has too. Entries that carry no
// default link of their own inherit that of the entry above, so none is needed.
func (e *Entry) Check() error {
	if !webURL.MatchString(e.Anchor) && !strings.HasPrefix(e.Anchor, "/") {
		return &Error{"/anchor", "no web address"}
	}
	if e.Description == "" {
		return &Error{"/itemDescription", "missing"}
	}
	for _, typ := range e.types() {
		n := 0
		for _, l := range e.Links {
			if l.Type != typ {
				continue
			}
			if reason := l.check(); reason != "" {
				return &Error{fmt.Sprintf("/%s/%d", strings.ReplaceAll(typ, "/", "~1"), n), reason}
			}
			n++
		}
	}
	return e.checkDefault()
}

func (l *Link) check() string {
	switch {
	case !relation.MatchString(l.Type):
		return "link type is neither a web address nor a registered name"
	case !webURL.MatchString(l.Href):
		return "href is no web address"
	case l.Title == "":
		return "title is missing"
	case l.MediaType != "" && !mediaType.MatchString(l.MediaType):
		return "type is no media type"
	}
	if _, err := url.Parse(l.Href); err != nil {
		return "href is no web address"
	}
	for _, h := range l.Hreflang {
		if !languageID.MatchString(h) {
			return "hreflang has no language tag"
		}
	}
	return ""
}

func (e *Entry) checkDefault() error {
	at := "/" + strings.ReplaceAll(DefaultLink, "/", "~1")
	var def *Link
	for i, l := range e.Links {
		if l.Type != DefaultLink {
			continue
		}
		if def != nil {
			return &Error{at, "more than one default link"}
		}
		def = &e.Links[i]
	}
	if def == nil {
		return nil
	}
	if def.MediaType != "" || def.Hreflang != nil || def.Context != nil {
		return &Error{at + "/0", "a default link has a title and no other attribute"}
	}
	for _, l := range e.Links {
		if l.Type != DefaultLink && l.Href == def.Href {
			return nil
		}
	}
	return &Error{at + "/0", "no other link type says what the target is"}
}
