package draw_test

import (
	"bytes"
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/dinghai/dinghai/kit/draw"
)

// naive is steps 4 and 5 from their text: all tickets, sorted; all inspectors,
// sorted.
func naive(w *world, p *draw.Plan, seed draw.Hash) []string {
	quotas := must(p.Quotas())
	barred := map[[2]string]bool{}
	for _, o := range w.pairs {
		barred[[2]string{o.Inspector, o.Object}] = true
	}
	load, out := map[string]int{}, []string(nil)
	for _, s := range p.Strata {
		var all []draw.Object
		for _, o := range w.objects {
			if o.Stratum == s.Code && o.Excluded == "" {
				all = append(all, o)
			}
		}
		ticket := func(o draw.Object) draw.Hash { return draw.Ticket(draw.StratumKey(seed, p.DrawNo, s.Code), o.ID) }
		slices.SortFunc(all, func(a, b draw.Object) int { return ticket(a).Compare(ticket(b)) })
		for _, o := range all[:quotas[s.Code]] {
			out = append(out, fmt.Sprintf("%s,%s,%s,%s", o.ID, s.Code, ticket(o), strings.Join(naiveTeam(w, p, seed, o, s.Need, barred, load), "+")))
		}
	}
	return out
}

func naiveTeam(w *world, p *draw.Plan, seed draw.Hash, o draw.Object, need []string, barred map[[2]string]bool, load map[string]int) []string {
	var may []draw.Inspector
	for _, i := range w.people {
		area := p.AreaRule == draw.AnyArea || i.Area == "" || o.Area == "" || i.Area == o.Area
		holds := !slices.ContainsFunc(need, func(n string) bool { return !slices.Contains(i.Qualifications, n) })
		if i.Available && area && holds && !barred[[2]string{i.No, o.ID}] && load[i.No] < i.MaxLoad {
			may = append(may, i)
		}
	}
	if len(may) < p.Team {
		return nil
	}
	key := draw.InspectorKey(seed, p.DrawNo)
	slices.SortFunc(may, func(a, b draw.Inspector) int {
		return cmp.Or(draw.InspectorTicket(key, o.ID, a.No).Compare(draw.InspectorTicket(key, o.ID, b.No)), strings.Compare(a.No, b.No))
	})
	var team []string
	for _, i := range may[:p.Team] {
		team = append(team, i.No)
		load[i.No]++
	}
	return team
}

func resultLines(r *draw.Result) []string {
	var out []string
	for _, l := range r.Lines {
		out = append(out, l.String())
	}
	return out
}

// Random lists, in random order: the streams give what the text of the design
// gives, and the order in which the office wrote them down is irrelevant.
func TestRunEqualsDefinition(t *testing.T) {
	unstaffed, opened := 0, 0
	rapid.Check(t, func(rt *rapid.T) {
		w := newWorldLists(t)
		rnd := rand.New(rand.NewPCG(rapid.Uint64().Draw(rt, "random"), 1))
		shuffle(rnd, w.objects)
		shuffle(rnd, w.people)
		shuffle(rnd, w.pairs)
		w.objects = w.objects[:rapid.IntRange(1, len(w.objects)).Draw(rt, "objects")]
		w.people = w.people[:rapid.IntRange(0, len(w.people)).Draw(rt, "people")]
		w.pairs = w.pairs[:rapid.IntRange(0, len(w.pairs)).Draw(rt, "pairs")]
		for i := range w.people {
			w.people[i].MaxLoad = rapid.IntRange(0, 6).Draw(rt, "load")
		}
		x := w.files()
		p := w.planFor(x)
		p.AreaRule = rapid.SampledFrom([]string{draw.SameArea, draw.AnyArea}).Draw(rt, "rule")
		p.Team = rapid.IntRange(2, 3).Draw(rt, "team")
		for i := range p.Strata {
			p.Strata[i].P = rapid.Uint64Range(0, 5).Draw(rt, "p")
			p.Strata[i].Need = rapid.SampledFrom([][]string{nil, {"food"}, {"drug", "food"}}).Draw(rt, "need")
			if p.Strata[i].P == 0 && p.Strata[i].Q == 0 {
				rt.Skip()
			}
		}
		seed := seedOf(rapid.Uint64().Draw(rt, "seed"))
		r, err := draw.Run(p, seed, x.readers(), rapid.IntRange(0, 3).Draw(rt, "reserve"))
		if err != nil {
			rt.Fatal(err)
		}
		want := naive(w, p, seed)
		if d := gocmp.Diff(want, resultLines(r)); d != "" {
			rt.Fatal(d)
		}
		if r.Root != draw.ListRoot(want) {
			rt.Fatal("root")
		}
		unstaffed += r.Unstaffed()
		// The conflicts that mattered are enough, and none of them can be missed.
		used := r.Used()
		x.openings = file2(used)
		if d := gocmp.Diff(want, resultLines(must(draw.Run(p, seed, x.readers(), 0)))); d != "" {
			rt.Fatal("other conflicts than those used matter", d)
		}
		if len(used) > 0 {
			x.openings = file2(used[1:])
			if gocmp.Equal(want, resultLines(must(draw.Run(p, seed, x.readers(), 0)))) {
				rt.Fatal("a conflict that did not matter was opened", used[0])
			}
			opened++
		}
		shuffle(rnd, w.objects)
		shuffle(rnd, w.people)
		shuffle(rnd, w.pairs)
		if y := w.files(); !bytes.Equal(x.objects, y.objects) || !bytes.Equal(x.inspectors, y.inspectors) || !bytes.Equal(x.conflicts, y.conflicts) {
			rt.Fatal("the order of input matters")
		}
	})
	if unstaffed == 0 || opened == 0 {
		t.Error("a case is not covered", unstaffed, opened)
	}
}

func shuffle[T any](r *rand.Rand, s []T) {
	r.Shuffle(len(s), func(i, j int) { s[i], s[j] = s[j], s[i] })
}

// newWorldLists is a world of lists only.
func newWorldLists(t testing.TB) *world {
	w := &world{t: t, key: officeKey}
	w.lists()
	return w
}

// Many chunks and many more candidates than a picker keeps: the smallest tickets
// are found all the same.
func TestRunLarge(t *testing.T) {
	const n = 60_000
	w := newWorldLists(t)
	w.objects, w.pairs = nil, nil
	for i := range n {
		w.objects = append(w.objects, draw.Object{ID: fmt.Sprintf("9133%014d", i), Stratum: []string{"A", "B"}[i*i%2], Area: "E"})
	}
	for i := range w.people {
		w.people[i].MaxLoad = 1 << 20
	}
	x := w.files()
	p := w.planFor(x)
	p.Strata[0].P, p.Strata[0].Q, p.Strata[1].Q = 1, 100, 3
	seed := seedOf(5)
	r, err := draw.Run(p, seed, x.readers(), 10)
	if err != nil {
		t.Fatal(err)
	}
	pools := map[string][]string{}
	for _, o := range w.objects {
		pools[o.Stratum] = append(pools[o.Stratum], o.ID)
	}
	var got, want []string
	for _, s := range must(draw.Select(seed, p.DrawNo, pools, must(p.Quotas()))) {
		for _, o := range s.Selected() {
			want = append(want, o.Object+o.Ticket.String())
		}
	}
	for _, l := range r.Lines {
		got = append(got, l.Object+l.Ticket.String())
	}
	if d := gocmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}
