package demo

import (
	"strings"

	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/kit/ids"
)

// Kinds of firm, as the register types them.
const (
	onePerson = iota // individual business
	family
	company
	sole
	partnership
	stockCompany
	cooperative
	branchOffice
	foreign
)

var typeCodes = [...]string{"IND-P", "IND-F", "LLC", "SPE", "LP", "JSC", "COOP", "BR", "FOR-LLC"}

// firm is a business of the demo. Its name, code, people and papers follow
// from its number; only what other records point to is kept.
type firm struct {
	n       int // from 1
	ref     domain.Ref
	place   int // index
	trade   int // index
	kind    int
	zone    bool        // in the free trade zone
	small   bool        // small or micro enterprise
	founded domain.Date // "" = long ago, see since
	gone    domain.Date // day it begins to leave the register; "" = stays
	left    domain.Date // day it is struck off
	licence domain.Ref  // its electronic licence
	owner   *firm       // the individual business it came from
	state   string      // as the old register has it; "" = active
	got     bool        // e-licence downloaded before the opening
	fetched domain.Date // or on this day
}

func (f *firm) individual() bool { return f.kind <= family }

// serial spreads the number, so that neighbours differ in everything.
func (f *firm) serial() uint64 { return mix(uint64(f.n)) }

// since is the founding date; the register goes back to 1985, most firms do not.
func (f *firm) since() domain.Date {
	if f.founded != "" {
		return f.founded
	}
	h := f.serial()
	age := float64(h>>40&0xffff) / 0x10000
	days := int(age * age * 13500) // 37 years, the young ones more often
	return domain.Date("2022-12-28").AddDays(-days)
}

// name is place, invented word, trade and legal form.
func (g *gen) nameOf(f *firm) string {
	t, p := g.names.trades[f.trade], g.places[f.place]
	word := brand(uint64(f.n))
	h := f.serial()
	if f.individual() {
		return g.cat.Areas[g.file.Bureau.Area].ZH + g.cat.Areas[p.county].ZH + p.short + word + t.shop[h%uint64(len(t.shop))]
	}
	return g.cityShort() + word + t.firm[h%uint64(len(t.firm))] + legalForm[f.kind]
}

var legalForm = [...]string{"", "", "有限公司", "厂（个人独资）", "合伙企业（有限合伙）", "股份有限公司", "专业合作社", "有限公司分公司", "（中外合资）有限公司"}

func (g *gen) cityShort() string {
	return strings.TrimSuffix(g.cat.Areas[g.file.Bureau.Area].ZH, "市")
}

// addressOf is a door in the firm's village.
func (g *gen) addressOf(f *firm) string {
	return g.places[f.place].words + numeral(1+int(f.serial()>>20%290)) + "号"
}

func (g *gen) personOf(f *firm) string {
	if f.owner != nil {
		return g.personOf(f.owner)
	}
	return g.names.person(f.serial())
}

func (g *gen) codeOf(f *firm) string {
	kind := "1"
	switch {
	case f.individual():
		kind = "2"
	case f.kind == cooperative:
		kind = "3"
	}
	return ids.NewUSCC("9", kind, g.places[f.place].county, uint64(f.n))
}

// capitalOf is in fen: a few ten thousand yuan for a shop, a million for a
// company, now and then very much more.
func (g *gen) capitalOf(f *firm) int64 {
	h := f.serial() >> 8
	steps := []int64{1, 2, 3, 5, 5, 10, 10, 20}
	if !f.individual() {
		steps = []int64{10, 50, 50, 100, 100, 100, 200, 300, 500, 500, 1000, 2000, 5000}
	}
	return steps[h%uint64(len(steps))] * 10_000 * 100
}

// areaOf is the village code.
func (g *gen) areaOf(f *firm) string { return g.places[f.place].area }

func (g *gen) placeOf(f *firm) place { return g.places[f.place] }

// newFirm draws a firm of a group.
func (g *gen) newFirm(individual bool) *firm {
	f := &firm{n: len(g.firms) + 1, place: g.town.draw(g.rnd)}
	if individual {
		f.trade = g.shops.draw(g.rnd)
		if g.rnd.IntN(12) == 0 {
			f.kind = family
		}
	} else {
		f.trade = g.companies.draw(g.rnd)
		f.kind = companyKinds.draw(g.rnd)
		f.small = g.rnd.IntN(100) < 95
		f.zone = g.places[f.place].ftz && g.rnd.IntN(100) < 55
	}
	g.firms = append(g.firms, f)
	return f
}

var companyKinds = newPicker([]int{company, sole, partnership, stockCompany, cooperative, branchOffice, foreign}, []int{790, 90, 25, 6, 30, 52, 7})
