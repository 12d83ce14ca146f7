package names

import "slices"

// Splitter takes names apart. It may be used by many at once.
type Splitter struct {
	divisions  *divisions
	forms      *trie // backwards
	industries *trie // backwards
	branches   *trie // backwards
	zones      *trie

	formList     []Form
	industryList []Industry
	classes      []string // distinct, the first is ""
	formClass    []uint16 // index into classes
	wordClass    []uint16
}

// NewSplitter prepares lists for use. Of a word listed twice, the last counts.
func NewSplitter(l Lists) (*Splitter, error) {
	s := &Splitter{
		forms: newTrie(), industries: newTrie(), branches: newTrie(), zones: newTrie(),
		formList: l.Forms, industryList: l.Industries, classes: []string{""},
	}
	var err error
	add := func(t *trie, list string, i int, word string, backwards bool) {
		u := units(word)
		if len(u) == 0 && err == nil {
			err = &Error{list, i + 1, ReasonSyntax}
		}
		t.add(u, backwards, int32(i))
	}
	class := func(list string, i int, c string) uint16 {
		if c != "" && !validClass(c) && err == nil {
			err = &Error{list, i + 1, ReasonSyntax}
		}
		return s.class(c)
	}
	for i, f := range l.Forms {
		add(s.forms, "forms", i, f.Word, true)
		s.formClass = append(s.formClass, class("forms", i, f.Class))
	}
	for i, w := range l.Industries {
		add(s.industries, "industries", i, w.Word, true)
		s.wordClass = append(s.wordClass, class("industries", i, w.Class))
	}
	for i, w := range l.Branches {
		add(s.branches, "branches", i, w, true)
	}
	for i, w := range l.Zones {
		add(s.zones, "zones", i, w, false)
	}
	if s.divisions = newDivisions(l.Divisions, l.Home); err != nil {
		return nil, err
	}
	return s, nil
}

// validClass wants the two to four digits of a division, group or class.
func validClass(c string) bool {
	if len(c) < 2 || len(c) > 4 {
		return false
	}
	for i := range len(c) {
		if c[i] < '0' || c[i] > '9' {
			return false
		}
	}
	return c >= "01" && c < "98"
}

func (s *Splitter) class(c string) uint16 {
	i := slices.Index(s.classes, c)
	if i < 0 {
		i = len(s.classes)
		s.classes = append(s.classes, c)
	}
	return uint16(i)
}

// Split takes a name apart. It fails only on a text that is no name at all.
func (s *Splitter) Split(name string) (Name, error) {
	var w work
	p, err := s.split(&w, name)
	if err != nil {
		return Name{}, err
	}
	n := Name{
		Division: text(p.division()), Shop: text(p.shop()), Industry: text(p.industry()), Form: text(p.form()), Branch: text(p.branch()),
		Class: s.classes[p.class], Moved: p.moved,
	}
	if p.kind >= 0 {
		n.FormKind = s.formList[p.kind].Kind
	}
	return n, nil
}

// parts is a name taken apart: one text in the usual order, and the ends of
// division, shop, industry and form in it.
type parts struct {
	u     []uint16
	end   [4]uint8
	class uint16
	kind  int32 // of the form list, -1 for none
	moved bool
}

func (p *parts) division() []uint16 { return p.u[:p.end[0]] }
func (p *parts) shop() []uint16     { return p.u[p.end[0]:p.end[1]] }
func (p *parts) industry() []uint16 { return p.u[p.end[1]:p.end[2]] }
func (p *parts) form() []uint16     { return p.u[p.end[2]:p.end[3]] }
func (p *parts) head() []uint16     { return p.u[:p.end[3]] }
func (p *parts) branch() []uint16   { return p.u[p.end[3]:] }

// work is memory to split with, used again and again.
type work struct {
	text, head, out []uint16
	stops           []stop
}

func (s *Splitter) split(w *work, name string) (parts, error) {
	u, err := normalize(w.text[:0], name)
	w.text = u
	if err != nil {
		return parts{}, err
	}
	var p parts
	headEnd := s.headEnd(u)
	head := append(w.head[:0], u[:headEnd]...)
	formStart, kind, class := s.form(head)
	p.kind, p.class = kind, class
	middle, moved := s.takeBracketed(head[:formStart], w)
	divEnd, shopEnd, class := s.body(middle, w)
	if class != 0 {
		p.class = class
	}
	w.head = head
	s.compose(&p, w, middle[:divEnd], moved, middle[divEnd:shopEnd], middle[shopEnd:], u[formStart:headEnd], u[headEnd:])
	return p, nil
}

// compose writes the parts one behind the other.
func (s *Splitter) compose(p *parts, w *work, division, moved, shop, industry, form, branch []uint16) {
	out := append(w.out[:0], division...)
	if len(moved) > 0 && len(division) == 0 {
		out = append(out, moved...)
		p.moved = true
	}
	p.end[0] = uint8(len(out))
	out = append(out, shop...)
	p.end[1] = uint8(len(out))
	out = append(out, industry...)
	p.end[2] = uint8(len(out))
	out = append(out, form...)
	p.end[3] = uint8(len(out))
	p.u = append(out, branch...)
	w.out = p.u
}
