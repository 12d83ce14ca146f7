package epcis

import (
	"fmt"
	"strings"
)

// Limits of input. Beyond them decoding stops with an error.
const (
	MaxDepth    = 64        // nesting of elements or objects
	MaxNodes    = 4_000_000 // elements, attributes and members of a document
	MaxPrefixes = 1000      // prefixes that a document declares
	maxErrors   = 100       // faults that are collected before giving up
)

// Name is the name of an extension: its namespace and local part. Names of EPCIS
// itself have no namespace.
type Name struct{ Space, Local string }

// Kind is the JSON type of a value.
type Kind uint8

const (
	KindText Kind = iota
	KindNumber
	KindBool
)

// Node is a piece of an event as XML has it: an element with text, or with
// children. Extensions are kept as nodes.
type Node struct {
	Name     Name
	Text     string
	Kind     Kind // JSON type of Text
	List     bool // stood in a JSON array, so that one of one comes out as an array again
	Attr     bool // is an XML attribute
	Children []Node

	pos int64 // where it was in the input
}

// Error is one fault of a document.
type Error struct {
	Path   string // "/eventList/0/action"; empty means the document
	Offset int64  // byte in the input
	Reason string
}

func (e *Error) Error() string {
	return fmt.Sprintf("epcis: %s (byte %d): %s", e.Path, e.Offset, e.Reason)
}

// Errors are all faults of a document, at most a hundred.
type Errors []*Error

func (e Errors) Error() string {
	var b strings.Builder
	for i, x := range e {
		if i > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(x.Error())
	}
	return b.String()
}

// Unwrap lets errors.As find each of them.
func (e Errors) Unwrap() []error {
	out := make([]error, len(e))
	for i := range e {
		out[i] = e[i]
	}
	return out
}

// faults collects errors.
type faults struct{ list Errors }

func (f *faults) add(path string, pos int64, format string, args ...any) {
	if len(f.list) < maxErrors {
		f.list = append(f.list, &Error{path, pos, fmt.Sprintf(format, args...)})
	}
}

func (f *faults) err() error {
	if len(f.list) == 0 {
		return nil
	}
	return f.list
}

// leaf is a node with text only.
func leaf(name, text string) Node { return Node{Name: Name{Local: name}, Text: text} }

// attr is a leaf that is an XML attribute.
func attr(name, text string) Node { return Node{Name: Name{Local: name}, Text: text, Attr: true} }

// get returns the first child of EPCIS with that name.
func (n *Node) get(name string) *Node {
	for i := range n.Children {
		if c := &n.Children[i]; c.Name.Space == "" && c.Name.Local == name {
			return c
		}
	}
	return nil
}

// value is the text of the child with that name.
func (n *Node) value(name string) string {
	if c := n.get(name); c != nil {
		return c.Text
	}
	return ""
}

func (n Name) String() string {
	if n.Space == "" {
		return n.Local
	}
	return "{" + n.Space + "}" + n.Local
}
