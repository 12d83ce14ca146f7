package ids

import (
	_ "embed"
	"iter"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// Region is a division of GB/T 2260 in the years in which its code stood for
// that name. The years before 2002, and the gaps between the dated lists, are
// known roughly; spans are then too wide rather than too narrow.
type Region struct {
	Code string // six digits
	Name string // its own: "定海区"
	From int    // 1980 at the earliest, when codes began
	To   int    // 0: in force in the newest list, of 2023
}

// In reports whether the code had that name in a year.
func (r Region) In(year int) bool { return year >= r.From && (r.To == 0 || year <= r.To) }

//go:embed data/regions.tsv
var regionsTSV string

// regions is sorted by code, then by year.
var regions = sync.OnceValue(func() []Region {
	_, rest, _ := strings.Cut(regionsTSV, "\n")
	out := make([]Region, 0, strings.Count(rest, "\n"))
	for line := range strings.Lines(rest) {
		f := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		from, _ := strconv.Atoi(f[2])
		to, _ := strconv.Atoi(f[3])
		out = append(out, Region{f[0], f[1], from, to})
	}
	return out
})

// AllRegions yields every span of every code, by code and year.
func AllRegions() iter.Seq[Region] { return slices.Values(regions()) }

// Regions returns what a code has stood for, oldest first, and nothing if it
// never was one. The result must not be changed.
func Regions(code string) []Region {
	all := regions()
	i, _ := slices.BinarySearchFunc(all, code, func(r Region, c string) int { return strings.Compare(r.Code, c) })
	n := i
	for n < len(all) && all[n].Code == code {
		n++
	}
	return all[i:n]
}

// RegionAt returns what a code stood for in a year. In a year of change, the
// newer name is the answer.
func RegionAt(code string, year int) (Region, bool) {
	spans := Regions(code)
	for i := len(spans) - 1; i >= 0; i-- {
		if spans[i].In(year) {
			return spans[i], true
		}
	}
	return Region{}, false
}

// RegionName returns the name of a code in a year with those above it,
// "浙江省舟山市定海区", and "" if the code was not in force. Levels that exist
// on paper only, such as 市辖区, are left out.
func RegionName(code string, year int) string {
	r, ok := RegionAt(code, year)
	if !ok || len(code) != 6 {
		return ""
	}
	name := r.Name
	for _, above := range [...]string{code[:4] + "00", code[:2] + "0000"} {
		if above == code {
			name = r.Name
			continue
		}
		if up, ok := RegionAt(above, year); ok && !paper[up.Name] && up.Name != name {
			name = up.Name + name
		}
	}
	return name
}

var paper = map[string]bool{
	"市辖区": true, "县": true, "省直辖县级行政区划": true, "自治区直辖县级行政区划": true,
}

// PlaceNote says what is odd about the region code of an identity number. It
// is a warning: codes are not wrong because a list lacks them.
type PlaceNote string

const (
	PlaceKnown   PlaceNote = ""
	PlaceUnknown PlaceNote = "unknown" // in no list of any year
	PlaceEnded   PlaceNote = "ended"   // given up before the birth
)

// firstCards is the year in which numbers were first given out, to everyone of
// age.
const firstCards = 1984

// Place returns the name of the region as it was when the number was given: at
// birth, or in 1984 for those born before, or when the code came into force if
// that was later. For a foreigner it is the province that issued the card.
func (r ResidentID) Place() (name string, note PlaceNote) {
	code := r.Region
	switch r.Kind {
	case Foreign:
		code = r.Region[1:3] + "0000"
	case Compatriot:
		code = r.Region[:2] + "0000"
	}
	spans := Regions(code)
	if len(spans) == 0 {
		return "", PlaceUnknown
	}
	year := max(r.Birth.Year, firstCards)
	for _, s := range spans {
		if s.To == 0 || s.To >= year {
			return RegionName(code, max(year, s.From)), PlaceKnown
		}
	}
	return RegionName(code, spans[len(spans)-1].To), PlaceEnded
}
