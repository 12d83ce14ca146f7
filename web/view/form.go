package view

import (
	"encoding/json"
	"strconv"
	"strings"

	"github.com/dinghai/dinghai/web/form"
)

// Inputs is a form with what is in it and what is wrong with it.
type Inputs struct {
	form.Form
	Values   form.Values
	Names    map[string]string   // how a chosen value of a search reads, by value
	Problems map[string][]string // by input
}

// Act is the page on which one action is done.
type Act struct {
	Title, Help   string // the action, what it does
	About         []Fact // the record it is done on
	Back          string
	To            string // address the form is sent to
	Inputs        Inputs
	Top           []Link // problems, each leading to its input
	Today         string
	Seq           int
	Key           string // makes a double click one act
	Draft         string // key under which what is typed is kept
	Kept          string // when a draft was kept, "" = none
	Changed       []Event
	Preview       *Preview
	Late          bool // a date before today was given: approver asked
	Danger        bool // ends or voids something: say so
	Button        string
	Needs         []Pair // guards with their statutes, to know beforehand
	Approver      bool   // a second person must be named
	AreaPick      bool   // opening: where it is
	SubjectKind   string // opening: what it is about
	SubjectLabel  string // what such a subject is called
	SubjectNeeded bool
	Public        bool           // for people who are not officers: no dates of effect, no approver
	Rec           map[string]any // what conditions of the form need of the record
}

// Preview is what an action would do.
type Preview struct {
	State  string
	Clocks []Pair // clock, due date
	Tasks  []Pair
	Papers []string
	Number string
	More   []string
}

// blankRows is how many empty rows a table offers where no script adds them.
const blankRows = 3

func (i *Inputs) name(name string) string { return i.Names[i.Values.First(name)] }

func cell(name string, row int, col string) string { return name + "." + strconv.Itoa(row) + "." + col }

func (i *Inputs) rowCount(name string) int { return max(i.Values.Rows(name)+1, blankRows) }

func inputType(f *form.Field) string {
	switch f.Type {
	case "date":
		return "date"
	case "datetime":
		return "datetime-local"
	case "phone":
		return "tel"
	}
	return "text"
}

// mode chooses a phone's keyboard.
func mode(f *form.Field) string {
	switch f.Type {
	case "int":
		return "numeric"
	case "money", "number":
		return "decimal"
	}
	return ""
}

func longest(f *form.Field) string {
	n := f.MaxLen
	if n == 0 {
		n = 200
		if f.Type == "note" {
			n = 4000
		}
	}
	return strconv.Itoa(n)
}

func unitOf(p *Page, f *form.Field) string {
	if f.Type == "money" {
		return p.T("yuan")
	}
	return f.Unit
}

func helpID(name string) string { return "h-" + name }

func wrongID(name string) string { return "e-" + name }

// described names the texts that explain an input.
func described(i *Inputs, f *form.Field, name string) string {
	s := ""
	if len(i.Problems[name]) > 0 {
		s = wrongID(name)
	}
	if f.Help != "" {
		if s != "" {
			s += " "
		}
		s += helpID(name)
	}
	return s
}

// Can is an action on a record: a link to do it, or why not yet.
type Can struct {
	Link
	First  bool   // the usual next step
	Why    []Pair // reason and article; none = it can be done
	Theirs bool   // it is other people's to do, whatever the state
}

// theirs counts what is other people's to do.
// doable counts what can be done at once.
func doable(list []Can) (n int) {
	for _, o := range list {
		if len(o.Why) == 0 {
			n++
		}
	}
	return n
}

func theirs(list []Can) (n int) {
	for _, o := range list {
		if o.Theirs {
			n++
		}
	}
	return n
}

// fileName is the name in a file value: hash:size:type:name.
func fileName(v string) string {
	part := strings.SplitN(v, ":", 4)
	return part[len(part)-1]
}

// fileWords are the texts the page's script needs to upload files.
func fileWords(p *Page) string {
	words := map[string]string{}
	for _, k := range []string{"sending", "lost", "failed", "drop", "large", "sign", "clear", "wait"} {
		words[k] = p.T("files." + k)
	}
	b, err := json.Marshal(words)
	if err != nil {
		return "{}"
	}
	return string(b)
}
