// Package view turns what a page shows into HTML. Its types hold finished
// wordings; templates decide nothing but the shape.
package view

import (
	"net/url"
	"slices"

	"github.com/dinghai/dinghai/web/i18n"
)

// Page is what every page shows around its own content.
type Page struct {
	*i18n.Lang
	Title   string
	Bureau  string
	Nav     string // entry of the rail this page belongs to
	Demo    bool
	Dark    bool
	Large   bool
	Officer bool   // shown to somebody who works here
	Who     string // name of the person signed in; "" = nobody
	Reports bool   // the person works on reports and forms
	Unread  int    // notices the person has not read
	Bell    bool   // notices are kept here
	Admin   bool   // the person is one of the three administrators
	SignIn  bool   // people can sign in here
	Keys    bool   // needs the script of passkeys
	Writes  bool   // needs the script of texts with figures
	Chart   bool   // needs the chart library
	Reload  bool   // shows something that moves: reload without script
	Crumbs  []Link
	Here    *url.URL
	Asset   func(string) string
}

// With is the address of this page with one parameter changed; "" drops it.
func (p *Page) With(name, value string) string {
	u := *p.Here
	q := u.Query()
	if value == "" {
		q.Del(name)
	} else {
		q.Set(name, value)
	}
	u.RawQuery = q.Encode()
	return u.RequestURI()
}

// Link is a text that may lead somewhere.
type Link struct{ Text, Href string }

// Pair is a label with its text.
type Pair struct{ Label, Text string }

// Option is one choice of a select.
type Option struct {
	Value, Text string
	Chosen      bool
}

// Failure is what went wrong, in plain words.
type Failure struct {
	Code     string
	Problems []string
}

// Table is a small table inside a page.
type Table struct {
	Head []string
	Rows [][]Link
}

// Datum is one labelled value.
type Datum struct {
	Label  string
	Values []Link
	Table  *Table
	Files  []File // instead of values
	Sealed bool
	Open   string // address to open a sealed value; "" = not the viewer's
	Fix    string // address to correct it
}

// File is a file that can be opened, as a picture where it is one.
type File struct {
	Link
	Size  string
	Image bool
}

// Pager says where in a long list a page stands.
type Pager struct {
	First, Last, Total int
	Start, Next        string // addresses; "" = none
}

func (p *Page) theme() string {
	if p.Dark {
		return "dark"
	}
	return "light"
}

func (p *Page) size() string {
	if p.Large {
		return "large"
	}
	return "normal"
}

// other is the language one can switch to.
func (p *Page) other() string {
	if p.Code == "zh" {
		return "en"
	}
	return "zh"
}

func (p *Page) backTo() string { return p.Here.RequestURI() }

// fullTitle is what the browser's tab says.
func (p *Page) fullTitle() string {
	if p.Title == "" {
		return p.Bureau
	}
	return p.Title + " · " + p.Bureau
}

// navEntry is one entry of the rail.
type navEntry struct{ key, href, icon string }

// desk are the entries for people signed in, before the ones for everybody.
var desk = []navEntry{
	{"inbox", "/inbox", "inbox"},
	{"lists", "/list", "list"},
	{"calendar", "/calendar", "calendar"},
	{"cockpit", "/cockpit", "cockpit"},
	{"trip", "/trip", "trip"},
}

func (p *Page) nav() []navEntry {
	if p.Who == "" {
		return nav
	}
	list := append(slices.Clone(desk), nav...)
	if p.Reports {
		list = slices.Insert(list, len(desk), navEntry{"deskreports", "/desk/reports", "write"})
	}
	if p.Admin {
		list = append(list, navEntry{"admin", "/admin", "admin"})
	}
	return list
}

// inBottom is how many entries stand in the bar of a phone; the others open
// from its last place.
const inBottom = 4

// inRest reports whether this page belongs to an entry of the others.
func (p *Page) inRest() bool {
	return slices.ContainsFunc(p.nav()[inBottom:], func(e navEntry) bool { return e.key == p.Nav })
}

var nav = []navEntry{
	{"home", "/", "home"},
	{"complain", "/complain", "complain"},
	{"search", "/search", "search"},
	{"figures", "/figures", "figures"},
	{"report", "/report", "report"},
	{"draft", "/draft", "draft"},
	{"catalogue", "/catalogue", "catalogue"},
}
