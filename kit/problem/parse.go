package problem

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"unicode/utf8"
)

// MaxSize is the largest document that Parse reads, in bytes.
const MaxSize = 64 << 10

// maxDepth bounds nesting, so that a program which walks an extension by
// recursion is safe too.
const maxDepth = 32

// SyntaxError says why a document is refused and where.
type SyntaxError struct {
	Offset int64  // byte, from 0
	Member string // top-level member, if known
	Reason string // "size", "utf8", "json", "depth", "duplicate", "object"
}

func (e *SyntaxError) Error() string {
	return fmt.Sprintf("problem: bad %s at %d (member %q)", e.Reason, e.Offset, e.Member)
}

// FromResponse reads the problem that a response carries, and nil if it carries
// none. The body is read but not closed. A document without status gets the
// response's.
func FromResponse(r *http.Response) (*Problem, error) {
	if t, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || t != ContentType {
		return nil, nil
	}
	b, err := io.ReadAll(io.LimitReader(r.Body, MaxSize+1))
	if err != nil {
		return nil, err
	}
	p, err := Parse(b)
	if err == nil && p.Status == 0 {
		p.Status = r.StatusCode
	}
	return p, err
}

// Parse reads a document. Standard members of another type than the RFC's are
// passed over, as it wants (§3.1); everything else stays in Extensions.
// Duplicate members, which two readers would understand differently, are
// refused at any depth.
func Parse(b []byte) (*Problem, error) {
	if len(b) > MaxSize {
		return nil, &SyntaxError{Offset: MaxSize, Reason: "size"}
	}
	if err := scan(b); err != nil {
		return nil, err
	}
	var members map[string]json.RawMessage
	if err := json.Unmarshal(b, &members); err != nil {
		return nil, &SyntaxError{Reason: "json"}
	}
	p := &Problem{}
	for name, to := range map[string]any{
		"type": &p.Type, "title": &p.Title, "detail": &p.Detail, "instance": &p.Instance,
	} {
		take(members, name, to)
	}
	take(members, "status", &p.Status)
	if p.Status < 100 || p.Status > 599 {
		p.Status = 0
	}
	if raw, ok := members["errors"]; ok && json.Unmarshal(raw, &p.Errors) == nil {
		delete(members, "errors")
	} else {
		p.Errors = nil // another API's errors; they stay in Extensions
	}
	for name, raw := range members {
		if p.Extensions == nil {
			p.Extensions = map[string]any{}
		}
		p.Extensions[name] = raw
	}
	return p, nil
}

// take moves a member into its field; of a wrong type it is dropped.
func take[T any](members map[string]json.RawMessage, name string, to T) {
	if raw, ok := members[name]; ok {
		_ = json.Unmarshal(raw, to)
		delete(members, name)
	}
}

// scan walks all tokens: UTF-8, one object, no duplicate member, bounded depth.
func scan(b []byte) error {
	if i := invalidUTF8(b); i >= 0 {
		return &SyntaxError{Offset: int64(i), Reason: "utf8"}
	}
	s := scanner{dec: json.NewDecoder(bytes.NewReader(b))}
	s.dec.UseNumber()
	if t, err := s.dec.Token(); err != nil || t != json.Delim('{') {
		return s.bad("object")
	}
	if err := s.object(1); err != nil {
		return err
	}
	if _, err := s.dec.Token(); !errors.Is(err, io.EOF) {
		return s.bad("json")
	}
	return nil
}

func invalidUTF8(b []byte) int {
	for i := 0; i < len(b); {
		r, n := utf8.DecodeRune(b[i:])
		if r == utf8.RuneError && n == 1 {
			return i
		}
		i += n
	}
	return -1
}

type scanner struct {
	dec    *json.Decoder
	member string
}

func (s *scanner) bad(reason string) error {
	return &SyntaxError{Offset: s.dec.InputOffset(), Member: s.member, Reason: reason}
}

// object reads on from behind the opening brace to the closing one.
func (s *scanner) object(depth int) error {
	seen := map[string]bool{}
	for s.dec.More() {
		t, err := s.dec.Token()
		name, ok := t.(string)
		if err != nil || !ok {
			return s.bad("json")
		}
		if depth == 1 {
			s.member = name
		}
		if seen[name] {
			return s.bad("duplicate")
		}
		seen[name] = true
		if err := s.value(depth); err != nil {
			return err
		}
	}
	return s.end()
}

func (s *scanner) array(depth int) error {
	for s.dec.More() {
		if err := s.value(depth); err != nil {
			return err
		}
	}
	return s.end()
}

func (s *scanner) end() error {
	if _, err := s.dec.Token(); err != nil {
		return s.bad("json")
	}
	return nil
}

func (s *scanner) value(depth int) error {
	t, err := s.dec.Token()
	if err != nil {
		return s.bad("json")
	}
	d, nested := t.(json.Delim)
	switch {
	case nested && depth >= maxDepth:
		return s.bad("depth")
	case d == '{':
		return s.object(depth + 1)
	case d == '[':
		return s.array(depth + 1)
	}
	return nil
}
