package gs1

// Validate checks which elements stand together: none that exclude one another,
// all that are required, none with two values.
func (m *Message) Validate() error {
	for _, check := range [...]func(*Message) error{
		(*Message).checkExclusions, (*Message).checkRequirements, (*Message).checkRepeats, (*Message).checkSignature,
	} {
		if err := check(m); err != nil {
			return err
		}
	}
	return nil
}

// match tells whether code fits a pattern such as "310n": digits, then n for
// any digit.
func match(pattern, code string) bool {
	if len(pattern) != len(code) {
		return false
	}
	for i := range len(pattern) {
		if pattern[i] != code[i] && pattern[i] != 'n' {
			return false
		}
	}
	return true
}

// other finds an element that fits the pattern and is not of the AI self.
func (m *Message) other(pattern, self string) *Element {
	for i := range m.elems {
		if e := &m.elems[i]; match(pattern, e.AI) && e.AI != self {
			return e
		}
	}
	return nil
}

func (m *Message) checkExclusions() error {
	for i := range m.elems {
		e := &m.elems[i]
		for _, pattern := range e.ai.excludes {
			if o := m.other(pattern, e.AI); o != nil {
				return &Error{AI: e.AI, Value: e.Value, Reason: ReasonExclusive, Other: o.AI}
			}
		}
	}
	return nil
}

func (m *Message) checkRequirements() error {
	for i := range m.elems {
		e := &m.elems[i]
		for _, list := range e.ai.requires {
			if !m.anyGroup(list, e.AI) {
				return &Error{AI: e.AI, Value: e.Value, Reason: ReasonRequired, Other: groupText(list)}
			}
		}
	}
	return nil
}

func (m *Message) anyGroup(list [][]string, self string) bool {
next:
	for _, group := range list {
		for _, pattern := range group {
			if m.other(pattern, self) == nil {
				continue next
			}
		}
		return true
	}
	return false
}

// groupText writes groups as the dictionary does: "01+21,8006+21".
func groupText(list [][]string) (s string) {
	for i, group := range list {
		for j, pattern := range group {
			switch {
			case j > 0:
				s += "+"
			case i > 0:
				s += ","
			}
			s += pattern
		}
	}
	return s
}

func (m *Message) checkRepeats() error {
	for i := range m.elems {
		for j := range m.elems[:i] {
			if a, b := &m.elems[j], &m.elems[i]; a.AI == b.AI && a.Value != b.Value {
				return &Error{AI: b.AI, Value: b.Value, Reason: ReasonRepeated}
			}
		}
	}
	return nil
}

// checkSignature wants the optional serial component of a key that a digital
// signature is made over.
func (m *Message) checkSignature() error {
	if m.find("8030") == nil {
		return nil
	}
	for _, code := range [...]string{"253", "255", "8003"} {
		if e := m.find(code); e != nil && len(e.Value) == e.ai.MinLen() {
			return &Error{AI: code, Value: e.Value, Pos: len(e.Value), Reason: ReasonNoSerial}
		}
	}
	return nil
}
