// Package problem writes and reads RFC 9457 problem details, the JSON in which
// an HTTP API says what went wrong.
//
// A [Type] is a kind of problem with its URI, title and status; a [Problem] is
// one occurrence. The errors member lists every fault of one request, each with
// a JSON Pointer (RFC 6901) to the place, in the form of the RFC's own example.
// What caused a problem stays with the server: [Problem.Wrap] keeps it for logs
// and errors.Is, and it is never written out.
//
// The XML form of appendix B is left out.
package problem

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
)

// ContentType of a problem document.
const ContentType = "application/problem+json"

// Blank is the type of a problem that the status alone describes.
const Blank = "about:blank"

// Type is a kind of problem.
type Type struct {
	URI    string // resolves to a page that explains it; "" is Blank
	Title  string // the same at every occurrence, but for translation
	Status int
}

// New returns an occurrence of the type. detail is for people and may be "".
func (t Type) New(detail string) *Problem {
	return &Problem{Type: t.URI, Title: t.Title, Status: t.Status, Detail: detail}
}

// Problem is a problem details object. It is an error.
type Problem struct {
	Type       string         // URI reference; "" is Blank
	Title      string         // "" with Blank is the status phrase
	Status     int            // 0 if not given
	Detail     string         // this occurrence, for people
	Instance   string         // URI reference of this occurrence
	Errors     []Fault        // every fault of the request
	Extensions map[string]any // further members; [Parse] leaves json.RawMessage

	cause error
}

// Fault is one fault of a request.
type Fault struct {
	Detail  string `json:"detail"`
	Pointer string `json:"pointer,omitempty"` // see [Pointer]
	Code    string `json:"code,omitempty"`    // stable, for programs
}

// Status returns the problem that an HTTP status alone describes.
func Status(status int) *Problem { return &Problem{Status: status} }

// Wrap remembers what caused the problem; it is not part of the document.
func (p *Problem) Wrap(cause error) *Problem { p.cause = cause; return p }

// Unwrap returns what Wrap kept.
func (p *Problem) Unwrap() error { return p.cause }

// Error is for logs: title, detail and cause.
func (p *Problem) Error() string {
	s := "problem: " + p.title()
	if p.Detail != "" {
		s += ": " + p.Detail
	}
	if p.cause != nil {
		s += ": " + p.cause.Error()
	}
	return s
}

// title falls back to the status phrase, as RFC 9457 §4.2.1 wants for Blank.
func (p *Problem) title() string {
	if p.Title == "" && (p.Type == "" || p.Type == Blank) {
		return http.StatusText(p.Status)
	}
	return p.Title
}

// NameError refuses the name of an extension member.
type NameError struct{ Name string }

func (e *NameError) Error() string { return "problem: bad extension name " + strconv.Quote(e.Name) }

var standard = []string{"type", "title", "status", "detail", "instance", "errors"}

// checkName wants a letter and at least two more letters, digits or "_"
// (RFC 9457 §3.2), so that names survive in every format.
func checkName(name string) error {
	ok := len(name) >= 3 && !slices.Contains(standard, name)
	for i := range len(name) {
		c := name[i] | 0x20
		letter := c >= 'a' && c <= 'z'
		ok = ok && (letter || i > 0 && (name[i] >= '0' && name[i] <= '9' || name[i] == '_'))
	}
	if !ok {
		return &NameError{name}
	}
	return nil
}

// MarshalJSON writes the standard members in the order of the RFC and the
// extensions by name, so that equal problems are equal bytes.
func (p *Problem) MarshalJSON() ([]byte, error) {
	members := []struct {
		name  string
		value any
		given bool
	}{
		{"type", p.Type, p.Type != ""},
		{"title", p.title(), p.title() != ""},
		{"status", p.Status, p.Status != 0},
		{"detail", p.Detail, p.Detail != ""},
		{"instance", p.Instance, p.Instance != ""},
		{"errors", p.Errors, len(p.Errors) > 0},
	}
	b := []byte{'{'}
	var err error
	for _, m := range members {
		if m.given && err == nil {
			b, err = member(b, m.name, m.value)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(p.Extensions)) {
		if err == nil {
			err = checkName(name)
		}
		if err == nil {
			b, err = member(b, name, p.Extensions[name])
		}
	}
	if err != nil {
		return nil, err
	}
	return append(b, '}'), nil
}

func member(b []byte, name string, value any) ([]byte, error) {
	v, err := json.Marshal(value)
	if err != nil {
		return nil, fmt.Errorf("problem: %s: %w", name, err)
	}
	if len(b) > 1 {
		b = append(b, ',')
	}
	b = append(strconv.AppendQuote(b, name), ':')
	return append(b, v...), nil
}

// Write answers a request with the problem. A status that is none of 400 to 599
// is answered as 500. A problem that cannot be written as JSON, which is a
// programming error, is answered as a bare 500 and returned.
func (p *Problem) Write(w http.ResponseWriter) error {
	doc := *p
	if doc.Status < 400 || doc.Status > 599 {
		doc.Status = http.StatusInternalServerError
	}
	body, err := json.Marshal(&doc)
	if err != nil {
		doc.Status, body = http.StatusInternalServerError, []byte(`{"status":500}`)
	}
	h := w.Header()
	h.Set("Content-Type", ContentType)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cache-Control", "no-store")
	h.Del("ETag")
	h.Del("Content-Encoding")
	w.WriteHeader(doc.Status)
	if _, werr := w.Write(append(body, '\n')); err == nil {
		err = werr
	}
	return err
}
