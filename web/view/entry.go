package view

import "strings"

// Entry is one input of a hand-made form: log-in, account, administration.
// Forms of the catalogue's actions have their own renderer.
type Entry struct {
	Name    string
	Label   string
	Help    string
	Type    string // text password date tel email select note; "" = text
	Value   string
	Auto    string // autocomplete token; "" = off
	Options []Option
	Error   string // what is wrong with what was entered
	Extra   bool   // may be left empty
	First   bool   // takes the focus
	Max     int    // characters; 0 = no limit of its own
}

// Form is a hand-made form. Problems that belong to no input stand on top.
type Form struct {
	Action  string
	Title   string
	About   string
	Button  string
	Danger  bool
	Entries []Entry
	Groups  []Group // headings among the entries
	Hidden  []Pair  // Label is the name
	Errors  []string
}

// Group is a heading before the entry From.
type Group struct {
	Title, About string
	From         int
}

// group finds the heading before an entry.
func (f Form) group(entry int) *Group {
	for i := range f.Groups {
		if f.Groups[i].From == entry {
			return &f.Groups[i]
		}
	}
	return nil
}

// Bad reports whether something is wrong with what was entered.
func (f Form) Bad() bool {
	for _, e := range f.Entries {
		if e.Error != "" {
			return true
		}
	}
	return len(f.Errors) > 0
}

func (e Entry) kind() string {
	if e.Type == "" {
		return "text"
	}
	return e.Type
}

func (e Entry) auto() string {
	if e.Auto == "" {
		return "off"
	}
	return e.Auto
}

// describedBy names what a screen reader adds to the label.
func (e Entry) describedBy(form string) string {
	switch {
	case e.Error != "" && e.Help != "":
		return e.id(form) + "-error " + e.id(form) + "-help"
	case e.Error != "":
		return e.id(form) + "-error"
	case e.Help != "":
		return e.id(form) + "-help"
	}
	return ""
}

// id is unique on a page with several forms.
func (e Entry) id(form string) string {
	name := strings.ReplaceAll(e.Name, ".", "-")
	if form == "" {
		return name
	}
	return form + "-" + name
}
