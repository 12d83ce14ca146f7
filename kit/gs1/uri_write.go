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

func (m *Message) uri(stem string, identity bool) (string, error) {
	key, ok := m.Key()
	if !ok {
		return "", &Error{Value: m.Bracketed(), Reason: ReasonNoKey}
	}
	seq := m.sequence(key)
	out := append(make([]byte, 0, len(stem)+64), strings.TrimSuffix(stem, "/")...)
	out = appendPair(out, "/", key.AI, "/", key.Value, false)
	for _, code := range seq {
		if e := m.find(code); e != nil {
			out = appendPair(out, "/", code, "/", e.Value, false)
		}
	}
	if identity {
		return string(out), nil
	}
	return m.appendAttributes(out, key.AI, seq)
}

// sequence chooses the qualifier sequence that has most of the elements; the
// first of equal ones.
func (m *Message) sequence(key Element) (best []string) {
	most := 0
	for _, seq := range key.ai.qualifiers {
		n := 0
		for _, code := range seq {
			if m.find(code) != nil {
				n++
			}
		}
		if n > most {
			best, most = seq, n
		}
	}
	return best
}

func appendPair(dst []byte, before, code, between, value string, query bool) []byte {
	dst = append(append(append(dst, before...), code...), between...)
	return appendEscaped(dst, value, query)
}

func (m *Message) appendAttributes(out []byte, key string, path []string) (string, error) {
	sep := "?"
	for _, separated := range [...]bool{false, true} {
		for i := range m.elems {
			e := &m.elems[i]
			if e.AI == key || contains(path, e.AI) || e.ai.Separated != separated || m.find(e.AI) != e {
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
