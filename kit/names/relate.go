package names

import "slices"

// Reason is what makes two names alike.
type Reason string

const (
	None            Reason = ""
	SameName        Reason = "same_name"        // all parts the same, in whatever order
	Parent          Reason = "parent"           // the asked name is this one's branch
	SameShop        Reason = "same_shop"        // same shop name in the same industry, or in none
	Branch          Reason = "branch"           // this one is a branch of the asked name
	SimilarIndustry Reason = "similar_industry" // same shop name in a similar industry
	SameSound       Reason = "same_sound"       // shop names of the same sound, written differently
	OneDiffers      Reason = "one_differs"      // shop names of three characters or more, one of which differs, is missing or added
	Contains        Reason = "contains"         // one shop name holds the other
	Alike           Reason = "alike"            // the texts of shop name and industry have most pairs of characters in common
	Sibling         Reason = "sibling"          // branches of one firm
)

// base orders reasons. Closeness of industry and likeness of text add less than
// 200 to it.
var base = map[Reason]int{
	SameName: 2000, Parent: 1800, SameShop: 1600, Branch: 1400,
	SimilarIndustry: 700, SameSound: 600, OneDiffers: 550, Contains: 500, Alike: 400, Sibling: 100,
}

// Closeness of two industries.
const (
	otherIndustry   = iota
	sameSection     // manufacturing and manufacturing
	similarIndustry // of one division (two digits)
	sameIndustry    // the same words or class, or one says none
)

// view is a name as it is compared: its parts, the sound of its shop name, and
// the distinct pairs of its core.
type view struct {
	parts
	sound []uint16
	pairs []uint32
}

// core is what tells firms apart: shop name, industry and branch.
func (v *view) core(emit func(a, b uint16, inShop bool)) {
	last := uint16(0)
	from, to := int(v.end[0]), int(v.end[2])
	for i := from; i < to; i++ {
		if i > from {
			emit(last, v.u[i], i-1 < int(v.end[1]))
		}
		last = v.u[i]
	}
	for _, c := range v.branch() {
		emit(last, c, false)
		last = c
	}
}

// prepare fills in what is derived from the parts.
func (v *view) prepare(sound *[1 << 16]uint16) {
	v.sound = v.sound[:0]
	for _, c := range v.shop() {
		v.sound = append(v.sound, sound[c])
	}
	v.pairs = v.pairs[:0]
	v.core(func(a, b uint16, _ bool) {
		if p := pair(a, b); !slices.Contains(v.pairs, p) {
			v.pairs = append(v.pairs, p)
		}
	})
}

func pair(a, b uint16) uint32 { return uint32(a)<<16 | uint32(b) }

// relate compares a name that is asked about with one of the register. It is
// the whole definition of what is alike; the index only saves calling it for
// every name.
func (s *Splitter) relate(q, n *view) (Reason, int) {
	near := s.closeness(q, n)
	r := kin(q, n)
	if r == None {
		r = rival(q, n, near)
	}
	alike := likeness(q.pairs, n.pairs)
	if r == None {
		if alike < alikeFrom || !touching(q, n) {
			return None, 0
		}
		r = Alike
	}
	score := base[r] + 30*near + alike
	if r == Parent {
		score = base[r] + len(n.u) // the nearest of several
	}
	return r, score
}

// alikeFrom is the least likeness, of 100, that is worth a warning.
const alikeFrom = 60

// kin finds branches and their parents by the parent's whole name, or by all of
// it but the division where one of the two leaves that out.
func kin(q, n *view) Reason {
	qb, nb := q.branch(), n.branch()
	switch {
	case q.end != n.end || !slices.Equal(q.head(), n.head()):
		if len(qb) > 0 && len(nb) == 0 && (q.end[0] == 0 || n.end[0] == 0) && sameBody(q, n) {
			return Parent
		}
		return None
	case slices.Equal(qb, nb):
		return SameName
	case len(nb) < len(qb) && slices.Equal(nb, qb[:len(nb)]):
		return Parent
	case len(qb) < len(nb) && slices.Equal(qb, nb[:len(qb)]):
		return Branch
	}
	return Sibling
}

// sameBody reports whether shop name, industry and form are the same.
func sameBody(q, n *view) bool {
	return slices.Equal(q.shop(), n.shop()) && slices.Equal(q.industry(), n.industry()) && slices.Equal(q.form(), n.form())
}

// rival compares shop names.
func rival(q, n *view, near int) Reason {
	a, b := q.shop(), n.shop()
	switch {
	case slices.Equal(a, b):
		switch near {
		case sameIndustry:
			return SameShop
		case similarIndustry:
			return SimilarIndustry
		}
		return None
	case len(a) == len(b) && slices.Equal(q.sound, n.sound):
		return SameSound
	case len(a) >= 3 && len(b) >= 3 && oneDiffers(a, b):
		return OneDiffers
	case holds(a, b) || holds(b, a):
		return Contains
	}
	return None
}

func (s *Splitter) closeness(q, n *view) int {
	a, b := s.classes[q.class], s.classes[n.class]
	switch {
	case len(q.industry()) == 0 && a == "" || len(n.industry()) == 0 && b == "":
		return sameIndustry
	case slices.Equal(q.industry(), n.industry()) && len(q.industry()) > 0:
		return sameIndustry
	case a == "" || b == "":
		return otherIndustry
	case a == b && len(a) > 2:
		return sameIndustry
	case a[:2] == b[:2]:
		return similarIndustry
	case section(a) == section(b):
		return sameSection
	}
	return otherIndustry
}

// sectionEnds are the last divisions of the sections of GB/T 4754-2017, A to T.
var sectionEnds = [...]int{5, 12, 43, 46, 50, 52, 60, 62, 65, 69, 70, 72, 75, 79, 82, 83, 85, 90, 96, 97}

func section(class string) int {
	division := int(class[0]-'0')*10 + int(class[1]-'0')
	i, _ := slices.BinarySearch(sectionEnds[:], division)
	return i
}

// oneDiffers reports whether two texts are one replaced, added or left out
// character apart.
func oneDiffers(a, b []uint16) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	i := 0
	for i < len(a) && a[i] == b[i] {
		i++
	}
	switch len(b) - len(a) {
	case 0:
		return i < len(a) && slices.Equal(a[i+1:], b[i+1:])
	case 1:
		return slices.Equal(a[i:], b[i+1:])
	}
	return false
}

// holds reports whether a text of at least two characters is part of a longer
// one.
func holds(long, short []uint16) bool {
	for i := 0; len(short) >= 2 && len(short) < len(long) && i+len(short) <= len(long); i++ {
		if slices.Equal(long[i:i+len(short)], short) {
			return true
		}
	}
	return false
}

// touching reports whether the cores share a pair that begins in the asked
// name's shop name; what they share in industry alone makes no two firms alike.
func touching(q, n *view) bool {
	found := false
	q.core(func(a, b uint16, inShop bool) {
		found = found || inShop && slices.Contains(n.pairs, pair(a, b))
	})
	return found
}

// likeness is Dice's coefficient of two sets of pairs, in hundredths.
func likeness(a, b []uint32) int {
	if len(a)+len(b) == 0 {
		return 0
	}
	both := 0
	for _, p := range a {
		if slices.Contains(b, p) {
			both++
		}
	}
	return 200 * both / (len(a) + len(b))
}
