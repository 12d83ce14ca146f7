package docx

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
)

// element is an XML element with its place in the part it was read from, so
// that all that is not changed can be copied as it is, byte for byte.
type element struct {
	name       string // without prefix
	word       bool   // in a namespace of WordprocessingML
	attrs      []xml.Attr
	from, to   int // of the element
	inner, end int // of its contents; equal for <a/> and <a></a>
	kids       []*element
	text       []byte // of a w:t
	controls   bool   // is a content control or holds one
}

// maxElements bounds the tree of one part; a book has some 100,000.
const maxElements = 2_000_000

// parse reads a part. Entities are never expanded: the decoder knows only the
// five of XML itself.
func parse(part []byte, l Limits) (*element, error) {
	d := xml.NewDecoder(bytes.NewReader(part))
	root := &element{to: len(part), end: len(part)}
	open := []*element{root}
	for n := 0; ; {
		from := int(d.InputOffset())
		t, err := d.Token()
		if err == io.EOF {
			return root, nil
		}
		if err != nil {
			return nil, fmt.Errorf("%w: %w", ErrFormat, err)
		}
		top := open[len(open)-1]
		switch t := t.(type) {
		case xml.StartElement:
			if n++; n > maxElements || len(open) > l.Depth {
				return nil, ErrTooLarge
			}
			e := &element{name: t.Name.Local, word: isWord(t.Name.Space), attrs: t.Attr, from: from, inner: int(d.InputOffset())}
			top.kids = append(top.kids, e)
			open = append(open, e)
		case xml.CharData:
			if top.word && top.name == "t" {
				top.text = append(top.text, t...)
			}
		case xml.EndElement:
			top.end, top.to = from, int(d.InputOffset())
			top.controls = top.controls || top.word && top.name == "sdt"
			open = open[:len(open)-1]
			parent := open[len(open)-1]
			parent.controls = parent.controls || top.controls
		}
	}
}

// kid returns the first child of a name, or nil.
func (e *element) kid(name string) *element {
	if e == nil {
		return nil
	}
	for _, k := range e.kids {
		if k.name == name {
			return k
		}
	}
	return nil
}

// find returns the first element of a name below, depth first, or nil.
func (e *element) find(name string) *element {
	for _, k := range e.kids {
		if k.name == name && k.word {
			return k
		}
		if found := k.find(name); found != nil {
			return found
		}
	}
	return nil
}

// attr returns an attribute's value by its name without prefix.
func (e *element) attr(name string) string {
	if e != nil {
		for _, a := range e.attrs {
			if a.Name.Local == name {
				return a.Value
			}
		}
	}
	return ""
}

// prefix returns the prefix that an element is written with, with its colon.
func (e *element) prefix(part []byte) string {
	tag := part[e.from+1 : e.inner]
	if i := bytes.IndexAny(tag, ": \t\r\n/>"); i >= 0 && tag[i] == ':' {
		return string(tag[:i+1])
	}
	return ""
}

// errControl is what a ControlError is in the sense of errors.Is.
var errControl = errors.New("docx: content control")

// A ControlError says which content control cannot be filled, and why.
type ControlError struct {
	Tag    string // of the control; those in rows as list[2].name
	Part   string // of the archive, "" when the control is nowhere
	Offset int    // in bytes within the part
	Reason string
}

func (e *ControlError) Error() string {
	if e.Part == "" {
		return fmt.Sprintf("docx: content control %q: %s", e.Tag, e.Reason)
	}
	return fmt.Sprintf("docx: content control %q in %s at %d: %s", e.Tag, e.Part, e.Offset, e.Reason)
}

func (e *ControlError) Unwrap() error { return errControl }
