package names

import (
	"embed"
	"io/fs"
	"strings"
	"sync"

	"github.com/dinghai/dinghai/kit/ids"
)

//go:embed data/*.tsv
var dataFS embed.FS

// Lists are the words by which names are taken apart.
type Lists struct {
	Divisions  []Division
	Forms      []Form
	Industries []Industry
	Branches   []string // endings of branches: 分公司, 加油站
	Zones      []string // endings of development zones: 保税区

	// Home is the province, two digits of GB/T 2260, whose counties may begin
	// a name without 县, 市 or 区: 余姚三兴 in Zhejiang.
	Home string
}

// Division is an administrative division.
type Division struct {
	Code string // six digits of GB/T 2260
	Name string // its own: 定海区
}

// Form is a word of organisation.
type Form struct{ Word, Kind, Class string }

// Industry is a word of industry. A generic one, such as 科技, gives its class
// only if no other word does.
type Industry struct {
	Word, Class string
	Generic     bool
}

// DefaultLists returns the lists of this package, and all divisions since 1980
// of package ids.
func DefaultLists() Lists {
	l := Lists{}
	for r := range ids.AllRegions() {
		l.Divisions = append(l.Divisions, Division{r.Code, r.Name})
	}
	for f := range table("forms.tsv") {
		l.Forms = append(l.Forms, Form{f[0], f[1], f[2]})
	}
	for f := range table("industries.tsv") {
		l.Industries = append(l.Industries, Industry{f[0], f[1], f[2] == "1"})
	}
	for f := range table("branches.tsv") {
		l.Branches = append(l.Branches, f[0])
	}
	for f := range table("zones.tsv") {
		l.Zones = append(l.Zones, f[0])
	}
	return l
}

// table yields the fields of the lines below the header of an embedded list.
func table(name string) func(func([]string) bool) {
	b, err := fs.ReadFile(dataFS, "data/"+name)
	if err != nil {
		panic("names: " + err.Error())
	}
	return func(yield func([]string) bool) {
		first := true
		for line := range strings.Lines(string(b)) {
			if !first && !yield(strings.Split(strings.TrimSuffix(line, "\n"), "\t")) {
				return
			}
			first = false
		}
	}
}

// Default returns a Splitter of the default lists.
var Default = sync.OnceValue(func() *Splitter {
	s, err := NewSplitter(DefaultLists())
	if err != nil {
		panic(err) // the lists are embedded, and tested
	}
	return s
})
