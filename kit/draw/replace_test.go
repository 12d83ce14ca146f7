package draw_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/dinghai/dinghai/kit/draw"
)

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

// A business gets its line and a proof of about twenty hashes, and checks alone
// that it was in the pool.
func TestProveObject(t *testing.T) {
	for _, n := range []int{1, 2, 5, 8192, 8193, 20001, 24576} {
		lines := poolLines(n)
		root := draw.ListRoot(lines)
		for _, i := range []int{0, n / 2, n - 1, min(8191, n-1), min(8192, n-1), min(16384, n-1)} {
			id, _, _ := strings.Cut(lines[i], ",")
			line, at, proof, err := draw.ProveObject(strings.NewReader(joined(lines)), id)
			if err != nil || line != lines[i] || at != i || draw.VerifyLine(root, n, at, line, proof) != nil {
				t.Fatalf("%d of %d: %q at %d, %d hashes, %v", i, n, line, at, len(proof), err)
			}
			if draw.VerifyLine(root, n, at, line+"x", proof) == nil {
				t.Fatal("another line was accepted")
			}
		}
	}
	for _, text := range []string{"", "a,s,,\n", "a,s,,\na,s,,\n", "x"} {
		if _, _, _, err := draw.ProveObject(strings.NewReader(text), "b"); err == nil {
			t.Errorf("%q: found", text)
		}
	}
}

// An object that falls away frees its team: with one visit each, the two who were
// to see it are the only ones who can see the next.
func TestReplacementFreesLoad(t *testing.T) {
	w := newWorldLists(t)
	w.pairs = nil
	w.people = []draw.Inspector{{No: "Z1", Qualifications: []string{"food"}, Available: true, MaxLoad: 1}, {No: "Z2", Qualifications: []string{"food"}, Available: true, MaxLoad: 1}}
	x := w.files()
	p := w.planFor(x)
	for i := range p.Strata {
		p.Strata[i].P, p.Strata[i].Q = 0, 1
	}
	p.Strata[1].P, p.Strata[1].Q = 1, 100
	r := must(draw.Run(p, seedOf(1), x.readers(), 3))
	if len(r.Lines) != 1 || len(r.Lines[0].Members) != 2 {
		t.Fatal(resultLines(r))
	}
	rep, err := r.ReplaceObject(r.Lines[0].Object, "closed")
	if err != nil || len(rep.Members) != 2 {
		t.Errorf("%+v, %v", rep, err)
	}
	// A member who steps back does not come again; nobody else is left, so the
	// object is unstaffed and the other is free for the next.
	if rep, err := r.ReplaceMember(rep.In, rep.Members[0], "recused"); err != nil || rep.In != "" || rep.Members != nil {
		t.Errorf("%+v, %v", rep, err)
	}
	if rep, err := r.ReplaceObject(r.Lines[1].Object, "closed"); err != nil || len(rep.Members) != 2 {
		t.Errorf("%+v, %v", rep, err)
	}
}
