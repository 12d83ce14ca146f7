package demo

import (
	"fmt"
	"math/rand/v2"
	"strings"

	"github.com/dinghai/dinghai/catalogue"
	"github.com/dinghai/dinghai/domain"
)

// gen is what recipes work with: the plan, the places, the firms, the people,
// and the lists they add to.
type gen struct {
	cat   *catalogue.Catalogue
	file  *Targets
	plan  *plan
	names *names
	year  year

	places           []place
	town             *picker[int] // index of a place, by weight
	firms            []*firm
	shops, companies *picker[int] // index of a trade
	cast             map[string]domain.Actor
	organs           map[string]string        // town → organ that looks after it
	people           map[string]*domain.Actor // by id, shared by their steps

	peek func(domain.Ref) *domain.Record // a record as it stands, while the year is played

	who     string // recipe at work
	rnd     *rand.Rand
	loads   []load
	olds    []*story
	stories []*story
}

// place is a village or community where businesses are.
type place struct {
	area   string
	county string // code
	town   string // code
	words  string // as addresses begin
	short  string // as names of firms begin
	zones  []any
	ftz    bool // the free trade zone reaches into the town
}

// settle reads the places of the bureau from the catalogue.
func (g *gen) settle() error {
	g.cast, g.people, g.organs = map[string]domain.Actor{}, map[string]*domain.Actor{}, map[string]string{}
	weights, err := townWeights()
	if err != nil {
		return err
	}
	byTown := map[string]int{}
	inside := domain.TrimArea(g.file.Bureau.Area)
	for _, code := range sortedAreas(g.cat) {
		if strings.HasPrefix(code, inside) && len(code) == 12 {
			g.places = append(g.places, g.place(code))
			byTown[code[:9]]++
		}
	}
	if len(g.places) == 0 {
		return fmt.Errorf("demo: the catalogue has no villages in area %q", g.file.Bureau.Area)
	}
	idx, w := make([]int, len(g.places)), make([]int, len(g.places))
	for i, p := range g.places {
		idx[i], w[i] = i, 1+1000*max(weights[p.town], 1)/byTown[p.town]
	}
	g.town = newPicker(idx, w)
	return nil
}

func (g *gen) place(code string) place {
	a, t, c := g.cat.Areas[code], g.cat.Areas[code[:9]], g.cat.Areas[code[:6]]
	p := place{area: code, town: t.Code, county: c.Code, ftz: t.FTZ}
	village := strings.NewReplacer("社区居委会", "社区", "村委会", "村", "居委会", "").Replace(a.ZH)
	p.words = c.ZH + t.ZH + village
	p.short = strings.TrimRight(t.ZH, "街道镇乡")
	for _, z := range zonesOf(g.cat, t.Code) {
		p.zones = append(p.zones, z)
	}
	return p
}

// organ is the station of a town, or the bureau of its county; of a county it
// is the bureau.
func (g *gen) organ(town string) string {
	if o, ok := g.organs[town]; ok {
		return o
	}
	best := ""
	for _, o := range g.cat.OrganList() {
		switch {
		case len(town) > 6 && o.Area == town && (o.Kind == "station" || o.Kind == "branch"):
			best = o.Organ
		case best == "" && o.Area == town[:6] && o.Kind == "county":
			best = o.Organ
		}
	}
	g.organs[town] = best
	return best
}

// local is who acts in a role for the organ that looks after a place.
func (g *gen) local(role string, p place) domain.Actor {
	return g.actor(role, g.organ(p.town), p.county)
}

// county is who acts in a role for the bureau of a place's county.
func (g *gen) county(role string, p place) domain.Actor {
	if o := g.organ(p.county); o != "" {
		return g.actor(role, o, p.county)
	}
	return g.city(role)
}

// city is who acts in a role for the whole bureau.
func (g *gen) city(role string) domain.Actor { return g.actor(role, "", g.file.Bureau.Area) }

// actor is the one person of a role and organ, with the grant for its area.
func (g *gen) actor(role, organ, area string) domain.Actor {
	key := role + "." + organ
	a, ok := g.cast[key]
	if !ok {
		a = domain.Actor{ID: strings.TrimSuffix(key, "."), Name: g.names.person(hash(key)), Organ: organ,
			Grants: []domain.Grant{{Role: role, Area: area}}}
		g.cast[key] = a
	}
	return a
}

// shared is the one copy of an actor that the many steps of a year point to.
func (g *gen) shared(a domain.Actor) *domain.Actor {
	if p := g.people[a.ID]; p != nil {
		return p
	}
	g.people[a.ID] = &a
	return &a
}

// pair names the two officers a visit takes.
func (g *gen) pair(p place) []any {
	o := g.organ(p.town)
	return []any{g.names.person(hash("first." + o)), g.names.person(hash("second." + o))}
}

func hash(s string) uint64 {
	h := uint64(14695981039346656037)
	for _, b := range []byte(s) {
		h = (h ^ uint64(b)) * 1099511628211
	}
	return mix(h)
}
