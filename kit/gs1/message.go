package gs1

import "strings"

const (
	MaxInput    = 8191 // bytes of one input
	MaxElements = 64   // AIs of one message
)

// FNC1 as element strings show it, and as scanners send it.
const (
	fnc1 = '^'
	gs   = '\x1d'
)

// Element is an Application Identifier with its value.
type Element struct {
	AI    string // its code
	Value string // decoded: no percent-encoding, no escaped brackets

	ai *AI
}

// Entry is the dictionary's entry of the AI.
func (e *Element) Entry() *AI { return e.ai }

// Message is what a GS1 carrier or a Digital Link URI says: elements in their
// order. The zero Message is empty; parsers make the others.
type Message struct {
	elems []Element
	path  int  // the first elements came from the path of a URI
	loose bool // unknown AIs may stand in the query of a URI
	room  [8]Element
}

// Elements returns the elements in their order. The slice must not be changed.
func (m *Message) Elements() []Element { return m.elems }

// Value returns the value of an AI, "" when it is absent.
func (m *Message) Value(ai string) string {
	if e := m.find(ai); e != nil {
		return e.Value
	}
	return ""
}

func (m *Message) find(ai string) *Element {
	for i := range m.elems {
		if m.elems[i].AI == ai {
			return &m.elems[i]
		}
	}
	return nil
}

// Key returns the first element that is a primary key of Digital Link URIs.
func (m *Message) Key() (Element, bool) {
	for i := range m.elems {
		if m.elems[i].ai.Key {
			return m.elems[i], true
		}
	}
	return Element{}, false
}

func (m *Message) reset() {
	clear(m.elems)
	m.elems, m.path = m.elems[:0], 0
}

func (m *Message) add(ai *AI, code, value string) error {
	if m.elems == nil {
		m.elems = m.room[:0]
	}
	if len(m.elems) == MaxElements {
		return &Error{AI: code, Reason: ReasonTooMany}
	}
	m.elems = append(m.elems, Element{AI: code, Value: value, ai: ai})
	return nil
}

// Bracketed returns the message as people read it: "(01)09521234543213(10)AB".
// Opening brackets in values are escaped by a backslash.
func (m *Message) Bracketed() string {
	n := 0
	for i := range m.elems {
		n += len(m.elems[i].AI) + len(m.elems[i].Value) + 2 + strings.Count(m.elems[i].Value, "(")
	}
	var b strings.Builder
	b.Grow(n)
	for i := range m.elems {
		e := &m.elems[i]
		b.WriteByte('(')
		b.WriteString(e.AI)
		b.WriteByte(')')
		v := e.Value
		for {
			k := strings.IndexByte(v, '(')
			if k < 0 {
				break
			}
			b.WriteString(v[:k])
			b.WriteString(`\(`)
			v = v[k+1:]
		}
		b.WriteString(v)
	}
	return b.String()
}

// ElementString returns the message as a barcode carries it, with ^ for FNC1:
// "^0109521234543213" + "10AB".
func (m *Message) ElementString() string {
	return string(m.appendElements(nil, fnc1))
}

// appendElements writes elements one after another, with a separator where
// there must be one, and before the first when that is FNC1.
func (m *Message) appendElements(dst []byte, sep byte) []byte {
	separate := sep == fnc1
	for i := range m.elems {
		e := &m.elems[i]
		if separate {
			dst = append(dst, sep)
		}
		dst = append(append(dst, e.AI...), e.Value...)
		separate = e.ai.Separated
	}
	return dst
}

// String is Bracketed.
func (m *Message) String() string { return m.Bracketed() }
