package gs1

import "strings"

// CanonicalStem is the stem of canonical Digital Link URIs.
const CanonicalStem = "https://id.gs1.org"

// CanonicalURI returns the canonical Digital Link URI of the message: first
// primary key, its qualifiers in the order of the dictionary, the rest as
// attributes, those of predefined length first.
func (m *Message) CanonicalURI() (string, error) { return m.URI(CanonicalStem) }

// URI returns the Digital Link URI of the message under another stem, a URL
// without query, for example "https://example.com/codes".
func (m *Message) URI(stem string) (string, error) { return m.uri(stem, false) }

// IdentityURI is like URI but leaves out the attributes: what the message
// identifies, without what it says about it.
func (m *Message) IdentityURI(stem string) (string, error) { return m.uri(stem, true) }

// Identity returns the elements that say what the message is about: the primary
// key and its qualifiers, as they stand in the path of a Digital Link URI. A URI
// says itself which ones these are; of other messages it is the first primary
// key with the qualifier sequence that has most of the elements, the first of
// equal ones. The slice must not be changed.
func (m *Message) Identity() []Element {
	if m.path > 0 {
		return m.elems[:m.path]
	}
	key, ok := m.Key()
	if !ok {
		return nil
	}
	best := []Element{key}
	for _, seq := range key.ai.qualifiers {
		path := []Element{key}
		for _, code := range seq {
			if e := m.find(code); e != nil {
				path = append(path, *e)
			}
		}
		if len(path) > len(best) {
			best = path
		}
	}
	return best
}

func (m *Message) uri(stem string, identity bool) (string, error) {
	path := m.Identity()
	if path == nil {
		return "", &Error{Value: m.Bracketed(), Reason: ReasonNoKey}
	}
	out := append(make([]byte, 0, len(stem)+64), strings.TrimSuffix(stem, "/")...)
	for _, e := range path {
		out = appendPair(out, "/", e.AI, "/", e.Value, false)
	}
	if identity {
		return string(out), nil
	}
	return m.appendAttributes(out, path)
}

func appendPair(dst []byte, before, code, between, value string, query bool) []byte {
	dst = append(append(append(dst, before...), code...), between...)
	return appendEscaped(dst, value, query)
}

func (m *Message) appendAttributes(out []byte, path []Element) (string, error) {
	sep := "?"
	for _, separated := range [...]bool{false, true} {
		for i := range m.elems {
			e := &m.elems[i]
			if within(path, e.AI) || e.ai.Separated != separated || m.find(e.AI) != e {
				continue
			}
			if !e.ai.Attribute || e.ai.unknown && !m.loose {
				return "", &Error{AI: e.AI, Value: e.Value, Reason: ReasonNotAttribute}
			}
			out = appendPair(out, sep, e.AI, "=", e.Value, true)
			sep = "&"
		}
	}
	return string(out), nil
}

func within(path []Element, code string) bool {
	for i := range path {
		if path[i].AI == code {
			return true
		}
	}
	return false
}
