package view

import "strings"

// Home is the first page.
type Home struct {
	Progress *Progress
	Tiles    []Tile
	Matters  []Count
	Subjects []Count
	Latest   []Row
	// Published are the latest published reports.
	Published []PublishedRow
	Period    string
	Empty     bool
}

// Progress is how far a load is.
type Progress struct {
	Stage       string
	Done, Total int
	Share       string
}

// Tile is a figure on the home page.
type Tile struct {
	Label, Value, Unit, Period, Href, Parts string
}

// Count is how many records of a kind there are.
type Count struct {
	System string
	Link
	Total, Open, Recent string
}

// Search is the page of found records.
type Search struct {
	Text  string
	Kinds []Option
	Rows  []Row
	Pager Pager
	Empty bool // nothing asked yet
	Fresh bool // nothing in the register yet
}

// isDate reports whether a word is a date with hyphens.
func isDate(word string) bool {
	return len(word) >= 7 && word[0] >= '0' && word[0] <= '9' && strings.Contains(word, "-")
}
