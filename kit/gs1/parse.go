package gs1

import "strings"

// Parser reads the faces of a GS1 message. The zero Parser is strict: AIs of
// the dictionary only, every value and every combination checked.
type Parser struct {
	UnknownAIs         bool // accept AIs outside the dictionary where brackets or a URI show their length
	UnknownAttributes  bool // accept them in the query of a URI too; needs UnknownAIs
	ZeroSuppressedGTIN bool // in a URI, pad GTINs of 8, 12 and 13 digits, legal until 2023
	ConvenienceAlphas  bool // in the path of a URI, read /gtin/ for /01/ and the like, legal until 2022
	TrailingSlash      bool // tolerate one at the end of the path, as resolvers should
	SkipAssociations   bool // check every element by itself, not which ones may or must stand together
	GCP                GCPLookup
}

// ParseBracketed reads "(01)09521234543213(10)AB" strictly.
func ParseBracketed(s string) (*Message, error) { return Parser{}.Bracketed(s) }

// ParseElementString reads "^010952123454321310AB" strictly.
func ParseElementString(s string) (*Message, error) { return Parser{}.ElementString(s) }

// ParseURI reads a GS1 Digital Link URI strictly.
func ParseURI(s string) (*Message, error) { return Parser{}.URI(s) }

// ParseScan reads what a scanner sent, beginning with a symbology identifier.
func ParseScan(s string) (*Scan, error) { return Parser{}.Scan(s) }

func (p Parser) lookup(code string) *AI {
	if a := Lookup(code); a != nil || !p.UnknownAIs {
		return a
	}
	return lookupUnknown(code)
}

// finish runs the checks over the message as a whole.
func (p Parser) finish(m *Message) error {
	if p.SkipAssociations {
		return nil
	}
	return m.Validate()
}

// Bracketed reads element strings with their AIs in brackets. An opening
// bracket that belongs to a value is escaped by a backslash.
func (p Parser) Bracketed(s string) (*Message, error) {
	if err := checkSize(s); err != nil {
		return nil, err
	}
	m := &Message{loose: p.UnknownAttributes}
	for pos := 0; pos < len(s); {
		code, value, next, err := bracket(s, pos)
		if err != nil {
			return nil, err
		}
		ai := p.lookup(code)
		if ai == nil {
			return nil, &Error{AI: code, Value: s, Pos: pos + 1, Len: len(code), Reason: ReasonUnknownAI}
		}
		if err := p.element(m, ai, code, value); err != nil {
			return nil, err
		}
		pos = next
	}
	if err := p.finish(m); err != nil {
		return nil, err
	}
	return m, nil
}

func checkSize(s string) error {
	switch {
	case s == "":
		return wrong(s, 0, ReasonEmpty)
	case len(s) > MaxInput:
		return wrong(s[:MaxInput], MaxInput, ReasonTooBig)
	}
	return nil
}

// element checks a value and adds it.
func (p Parser) element(m *Message, ai *AI, code, value string) error {
	if i := strings.IndexByte(value, fnc1); i >= 0 {
		return &Error{AI: code, Value: value, Pos: i, Len: 1, Reason: ReasonCaret, end: len(value)}
	}
	if err := ai.check(code, value, p.GCP); err != nil {
		return err
	}
	return m.add(ai, code, value)
}

// bracket reads one "(AI)value" at pos; next is where the following one begins.
func bracket(s string, pos int) (code, value string, next int, err error) {
	if s[pos] != '(' {
		return "", "", 0, wrong(s, pos, ReasonBracket)
	}
	n := strings.IndexByte(s[pos:], ')')
	if n < 0 {
		return "", "", 0, wrong(s, len(s), ReasonBracket)
	}
	code = s[pos+1 : pos+n]
	from := pos + n + 1
	escaped := false
	for next = from; next < len(s) && s[next] != '('; next++ {
		if s[next] == '\\' && next+1 < len(s) && s[next+1] == '(' {
			escaped = true
			next++
		}
	}
	value = s[from:next]
	if escaped {
		value = strings.ReplaceAll(value, `\(`, "(")
	}
	return code, value, next, nil
}

// ElementString reads concatenated element strings. They begin with FNC1,
// written ^; the separators are ^ too, or the GS character.
func (p Parser) ElementString(s string) (*Message, error) {
	if err := checkSize(s); err != nil {
		return nil, err
	}
	if s[0] != fnc1 {
		return nil, wrong(s, 0, ReasonNoFNC1)
	}
	m := new(Message)
	if err := p.elements(m, s, 1); err != nil {
		return nil, err
	}
	if err := p.finish(m); err != nil {
		return nil, err
	}
	return m, nil
}

// elements reads element strings from pos on. Unknown AIs cannot be told from
// their values here, so they are never accepted.
func (p Parser) elements(m *Message, s string, pos int) error {
	if pos >= len(s) {
		return wrong(s, pos, ReasonEmpty)
	}
	for pos < len(s) {
		n := codeLen(s[pos:])
		if n == 0 || pos+n > len(s) || Lookup(s[pos:pos+n]) == nil {
			return &Error{Value: s, Pos: pos, Len: min(2, len(s)-pos), Reason: ReasonUnknownAI}
		}
		code := s[pos : pos+n]
		ai := Lookup(code)
		pos += n
		stop := pos
		for stop < len(s) && s[stop] != fnc1 && s[stop] != gs {
			stop++
		}
		used, err := ai.take(code, s[pos:stop], p.GCP)
		if err != nil {
			return err
		}
		if ai.Separated && pos+used < stop {
			return &Error{AI: code, Value: s[pos:stop], Pos: used, Len: stop - pos - used, Reason: ReasonTooLong}
		}
		if err := m.add(ai, code, s[pos:pos+used]); err != nil {
			return err
		}
		pos += used
		if pos < len(s) && pos == stop {
			pos++ // the separator, which may also stand where it need not
		}
	}
	return nil
}
