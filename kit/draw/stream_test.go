package draw_test

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	gocmp "github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/dinghai/dinghai/kit/draw"
)

// poolLines makes the lines of n objects.
func poolLines(n int) []string {
	out := make([]string, n)
	for i := range out {
		out[i] = fmt.Sprintf("91330900%010d,s%d,33090%d,%s", i, i%3, i%5, []string{"", "", "", "moved"}[i%4])
	}
	return out
}

func joined(lines []string) string {
	if len(lines) == 0 {
		return ""
	}
	return strings.Join(lines, "\n") + "\n"
}

// Around the size of a chunk, and however the stream comes in pieces, the root is
// that of the list.
func TestFreezeEqualsListRoot(t *testing.T) {
	for _, n := range []int{0, 1, 2, 7, 8191, 8192, 8193, 16384, 20001} {
		lines := poolLines(n)
		text := joined(lines)
		readers := map[string]io.Reader{"whole": strings.NewReader(text), "data with EOF": iotest.DataErrReader(strings.NewReader(text)), "halves": iotest.HalfReader(strings.NewReader(text))}
		if n < 10 {
			readers["bytes"] = iotest.OneByteReader(strings.NewReader(text))
		}
		for name, r := range readers {
			p, err := draw.FreezeObjects(r)
			if err != nil || p.Root != draw.ListRoot(lines) || p.Objects != n {
				t.Fatalf("%d lines, %s: %+v, %v", n, name, p, err)
			}
			eligible, excluded := 0, 0
			for _, s := range p.Strata {
				eligible, excluded = eligible+s.Eligible, excluded+s.ExcludedAll()
			}
			if eligible+excluded != n || excluded != n/4 {
				t.Errorf("%d lines: %d eligible, %d excluded", n, eligible, excluded)
			}
		}
	}
}

func TestFreezeRefuses(t *testing.T) {
	good := poolLines(20001)
	swap := func(i, j int) func([]string) { return func(l []string) { l[i], l[j] = l[j], l[i] } }
	set := func(i int, s string) func([]string) { return func(l []string) { l[i] = s } }
	tests := []struct {
		name, reason string
		line         int
		change       func([]string)
	}{
		{"twice", "twice", 101, func(l []string) { l[100] = l[99] }},
		{"twice across chunks", "twice", 8193, func(l []string) { l[8192] = l[8191] }},
		{"order", "order", 102, swap(100, 101)},
		{"order across chunks", "order", 16385, swap(16383, 16384)},
		{"the earliest of several", "order", 9002, func(l []string) { swap(9000, 9001)(l); swap(19000, 19001)(l); l[17000] = "x" }},
		{"three columns", "syntax", 5, set(4, "a,b,c")},
		{"five columns", "syntax", 5, set(4, "a,b,c,d,e")},
		{"no identifier", "empty", 5, set(4, ",b,c,d")},
		{"no stratum", "empty", 5, set(4, "a,,c,d")},
		{"space", "syntax", 5, set(4, "a b,b,c,d")},
		{"carriage return", "syntax", 5, func(l []string) { l[4] += "\r" }},
		{"NUL", "syntax", 5, set(4, "a\x00,b,c,")},
		{"DEL", "syntax", 5, set(4, "a\x7f,b,c,")},
		{"plus", "syntax", 5, set(4, "a+b,b,c,")},
		{"not UTF-8", "syntax", 5, set(4, "a\xff,b,c,")},
		{"long column", "length", 5, set(4, strings.Repeat("9", 97)+",b,c,")},
		{"long line", "length", 5, set(4, "a,b,c,"+strings.Repeat("9", 1100))},
		{"empty line", "syntax", 20001, set(20000, "")},
	}
	for _, tt := range tests {
		lines := slices.Clone(good)
		tt.change(lines)
		_, err := draw.FreezeObjects(strings.NewReader(joined(lines)))
		var e *draw.Error
		if !errors.As(err, &e) || e.Reason != tt.reason || e.Position != tt.line {
			t.Errorf("%s: %v, want line %d: %s", tt.name, err, tt.line, tt.reason)
		}
	}
	text := joined(good)
	for name, tt := range map[string]struct {
		r      io.Reader
		reason string
	}{
		"last newline missing":     {strings.NewReader(text[:len(text)-1]), "syntax"},
		"a line without end":       {io.LimitReader(endless{}, 1<<40), "length"},
		"a line without end later": {io.MultiReader(strings.NewReader(text), io.LimitReader(endless{}, 1<<40)), "length"},
	} {
		var e *draw.Error
		if _, err := draw.FreezeObjects(tt.r); !errors.As(err, &e) || e.Reason != tt.reason {
			t.Errorf("%s: %v", name, err)
		}
	}
	boom := errors.New("boom")
	if _, err := draw.FreezeObjects(io.MultiReader(strings.NewReader(text), iotest.ErrReader(boom))); !errors.Is(err, boom) {
		t.Error(err)
	}
	if _, err := draw.FreezeObjects(stuck{}); !errors.Is(err, io.ErrNoProgress) {
		t.Error(err)
	}
}

type endless struct{}

func (endless) Read(b []byte) (int, error) { return copy(b, bytes.Repeat([]byte("9"), len(b))), nil }

type stuck struct{}

func (stuck) Read([]byte) (int, error) { return 0, nil }

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
	unstaffed := 0
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
		shuffle(rnd, w.objects)
		shuffle(rnd, w.people)
		shuffle(rnd, w.pairs)
		if y := w.files(); !bytes.Equal(x.objects, y.objects) || !bytes.Equal(x.inspectors, y.inspectors) || !bytes.Equal(x.conflicts, y.conflicts) {
			rt.Fatal("the order of input matters")
		}
	})
	if unstaffed == 0 {
		t.Error("no object was ever unstaffed: the case is not covered")
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

func TestProveLine(t *testing.T) {
	w := newWorld(t)
	x := w.files()
	r := must(draw.Run(w.planFor(x), seedOf(1), x.readers(), 3))
	w.replace(r) // later changes leave what was drawn
	count := len(r.Lines) - 1
	for i := range count {
		line, proof, err := r.ProveLine(i)
		if err != nil || draw.VerifyLine(r.Root, count, i, line, proof) != nil {
			t.Fatal(i, err)
		}
		if draw.VerifyLine(r.Root, count, i, line+"x", proof) == nil || draw.VerifyLine(r.Root, count, (i+1)%count, line, proof) == nil {
			t.Fatal("a lie was accepted")
		}
	}
	for _, i := range []int{-1, count} {
		if _, _, err := r.ProveLine(i); err == nil {
			t.Errorf("line %d was proved", i)
		}
	}
	if draw.VerifyLine(r.Root, -1, 0, "", nil) == nil || draw.VerifyLine(r.Root, 1, -1, "", nil) == nil {
		t.Error("nonsense was accepted")
	}
}

// Replacements follow the tickets and the loads, by the text of the design.
func TestReplace(t *testing.T) {
	w := newWorld(t)
	x := w.files()
	p := w.planFor(x)
	seed := seedOf(3)
	r := must(draw.Run(p, seed, x.readers(), 2))
	all := map[string][]string{}
	more := *p
	more.Strata = slices.Clone(p.Strata)
	for i := range more.Strata {
		more.Strata[i].P, more.Strata[i].Q = 1, 1
	}
	for _, l := range must(draw.Run(&more, seed, x.readers(), 0)).Lines {
		all[l.Stratum] = append(all[l.Stratum], l.Object)
	}
	first := r.Lines[0]
	quota := must(p.Quotas())[first.Stratum]
	for k := range 3 {
		rep, err := r.ReplaceObject(r.Lines[k].Object, "closed")
		want := ""
		if k < 2 { // that is how many stand by
			want = all[first.Stratum][quota+k]
		}
		if err != nil || rep.In != want || rep.Serial != k+1 {
			t.Errorf("%d: %+v, %v, want %s", k, rep, err, want)
		}
	}
	if _, err := r.ReplaceObject(first.Object, "closed"); err == nil {
		t.Error("replaced twice")
	}
	// Members step back until nobody is left.
	line := slices.IndexFunc(r.Lines, func(l draw.Line) bool { return l.Out == "" && len(l.Members) == 2 })
	object, seen := r.Lines[line].Object, map[string]bool{}
	for k := 0; len(r.Lines[line].Members) > 0; k++ {
		out := r.Lines[line].Members[k%2]
		rep, err := r.ReplaceMember(object, out, "recused")
		if err != nil || seen[rep.In] && rep.In != "" || rep.In == out {
			t.Fatalf("%+v, %v", rep, err)
		}
		seen[out] = true
	}
	if r.Unstaffed() != 1 || len(seen) < 3 {
		t.Errorf("%d unstaffed after %d stepped back", r.Unstaffed(), len(seen))
	}
	for name, err := range map[string]error{
		"unknown object":    second(r.ReplaceObject("nobody", "x")),
		"ground with comma": second(r.ReplaceObject(r.Lines[5].Object, "a,b")),
		"no ground":         second(r.ReplaceMember(r.Lines[5].Object, "Z01", "")),
		"unknown member":    second(r.ReplaceMember(r.Lines[5].Object, "Z99", "x")),
		"member of nothing": second(r.ReplaceMember("nobody", "Z01", "x")),
	} {
		var e *draw.Error
		if !errors.As(err, &e) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
