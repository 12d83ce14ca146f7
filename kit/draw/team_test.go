package draw_test

import (
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/dinghai/dinghai/kit/draw"
)

func TestFraction(t *testing.T) {
	tests := []struct {
		p, q    uint64
		n, want int
	}{
		{1, 4, 8, 2}, {1, 4, 9, 3}, {1, 4, 1, 1}, {0, 4, 9, 0}, {4, 4, 9, 9}, {3, 100, 158200, 4746}, {1, 3, 0, 0},
		{1<<63 - 1, 1 << 63, 1 << 40, 1 << 40},
	}
	for _, tt := range tests {
		if got, err := (draw.Fraction{P: tt.p, Q: tt.q}).Of(tt.n); got != tt.want || err != nil {
			t.Errorf("%d/%d of %d: got %d, %v, want %d", tt.p, tt.q, tt.n, got, err, tt.want)
		}
	}
	for _, f := range []draw.Fraction{{1, 0}, {3, 2}} {
		if _, err := f.Of(5); err == nil {
			t.Errorf("%v was accepted", f)
		}
	}
	got, err := draw.Quotas(map[string]int{"A": 10, "B": 3}, draw.Fraction{P: 1, Q: 5})
	if d := cmp.Diff(map[string]int{"A": 2, "B": 1}, got); d != "" || err != nil {
		t.Error(err, d)
	}
}

func TestApportion(t *testing.T) {
	tests := []struct {
		total       int
		sizes, want map[string]int
	}{
		{10, map[string]int{"A": 50, "B": 30, "C": 20}, map[string]int{"A": 5, "B": 3, "C": 2}},
		{1, map[string]int{"B": 5, "A": 5}, map[string]int{"A": 1, "B": 0}},
		{2, map[string]int{"A": 1, "B": 1, "C": 1}, map[string]int{"A": 1, "B": 1, "C": 0}},
		{0, map[string]int{"A": 0}, map[string]int{"A": 0}},
		{3, map[string]int{"A": 3, "B": 0}, map[string]int{"A": 3, "B": 0}},
	}
	for _, tt := range tests {
		got, err := draw.Apportion(tt.total, tt.sizes)
		if d := cmp.Diff(tt.want, got); d != "" || err != nil {
			t.Error(tt.total, tt.sizes, err, d)
		}
	}
	if _, err := draw.Apportion(4, map[string]int{"A": 3}); err == nil {
		t.Error("more than there are")
	}
}

func TestApportionIsFairAndExact(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		sizes := rapid.MapOfN(rapid.StringN(1, 3, -1), rapid.IntRange(0, 1000), 1, 8).Draw(t, "sizes")
		all := 0
		for _, n := range sizes {
			all += n
		}
		total := rapid.IntRange(0, all).Draw(t, "total")
		got, err := draw.Apportion(total, sizes)
		if err != nil {
			t.Fatal(err)
		}
		sum := 0
		for code, q := range got {
			sum += q
			if q > sizes[code] || all > 0 && (q < total*sizes[code]/all || q > total*sizes[code]/all+1) {
				t.Fatalf("%d of %v gives %v", total, sizes, got)
			}
		}
		if sum != total {
			t.Fatalf("%d divided into %d", total, sum)
		}
	})
}

func people(n, load int) []draw.Inspector {
	out := make([]draw.Inspector, n)
	for i := range out {
		out[i] = draw.Inspector{No: fmt.Sprintf("Z%02d", i), Available: true, MaxLoad: load}
	}
	return out
}

func visits(n int) []draw.Visit {
	out := make([]draw.Visit, n)
	for i, o := range objects(n) {
		out[i].Object = o
	}
	return out
}

func staff(t testing.TB, v []draw.Visit, p []draw.Inspector, c map[draw.Conflict]bool) []draw.Team {
	t.Helper()
	out, err := draw.Staff(seedOf(7), "2023-001", v, p, c, 2)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestStaffRules(t *testing.T) {
	p := []draw.Inspector{
		{No: "away", MaxLoad: 9},
		{No: "east", Available: true, MaxLoad: 9, Area: "E", Qualifications: []string{"food", "lift"}},
		{No: "west", Available: true, MaxLoad: 9, Area: "W", Qualifications: []string{"food"}},
		{No: "all", Available: true, MaxLoad: 9, Qualifications: []string{"lift", "food"}},
		{No: "busy", Available: true, Qualifications: []string{"food", "lift"}},
	}
	tests := []struct {
		name      string
		visit     draw.Visit
		conflicts map[draw.Conflict]bool
		want      string
	}{
		{"area", draw.Visit{Object: "o", Area: "E"}, nil, "all east"},
		{"qualification", draw.Visit{Object: "o", Qualification: []string{"lift", "food"}}, nil, "all east"},
		{"conflict", draw.Visit{Object: "o"}, map[draw.Conflict]bool{{"all", "o"}: true}, "east west"},
		{"other conflict", draw.Visit{Object: "o", Area: "W"}, map[draw.Conflict]bool{{"all", "x"}: true}, "all west"},
		{"too few", draw.Visit{Object: "o", Area: "W"}, map[draw.Conflict]bool{{"all", "o"}: true}, ""},
	}
	for _, tt := range tests {
		got := staff(t, []draw.Visit{tt.visit}, p, tt.conflicts)[0]
		slices.Sort(got.Members)
		if s := strings.Join(got.Members, " "); s != tt.want || got.Unstaffed != (tt.want == "") {
			t.Errorf("%s: got %q", tt.name, s)
		}
	}
}

func TestLoadIsKept(t *testing.T) {
	load := map[string]int{}
	unstaffed := 0
	for _, team := range staff(t, visits(20), people(5, 4), nil) {
		if team.Unstaffed {
			unstaffed++
		}
		for _, m := range team.Members {
			load[m]++
		}
	}
	for no, n := range load {
		if n > 4 {
			t.Errorf("%s has %d", no, n)
		}
	}
	if unstaffed < 10 {
		t.Errorf("%d visits without a team, of 20 with places for 10", unstaffed)
	}
}

// A conflict changes the team of its own object and nothing else.
func TestConflictChangesOnlyItsPair(t *testing.T) {
	v, p := visits(200), people(12, 1000)
	before := staff(t, v, p, nil)
	for _, pick := range []int{0, 57, 199} {
		c := draw.Conflict{Inspector: before[pick].Members[0], Object: v[pick].Object}
		after := staff(t, v, p, map[draw.Conflict]bool{c: true})
		for i := range after {
			if changed := !cmp.Equal(before[i], after[i]); changed != (i == pick) {
				t.Errorf("conflict at %d: object %d changed: %v", pick, i, changed)
			}
		}
		if after[pick].Members[0] != before[pick].Members[1] {
			t.Error("the next smallest ticket does not move up")
		}
	}
}

func TestRemovingOneChangesOnlyHisObjects(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		v, p := visits(40), people(9, 1000)
		gone := rapid.IntRange(0, 8).Draw(t, "gone")
		before, err1 := draw.Staff(seedOf(7), "1", v, p, nil, 2)
		less := rapid.Permutation(slices.Delete(slices.Clone(p), gone, gone+1)).Draw(t, "order")
		after, err2 := draw.Staff(seedOf(7), "1", v, less, nil, 2)
		if err1 != nil || err2 != nil {
			t.Fatal(err1, err2)
		}
		for i := range after {
			had := slices.Contains(before[i].Members, p[gone].No)
			if changed := !cmp.Equal(before[i], after[i]); changed != had {
				t.Fatalf("object %d changed: %v, had him: %v", i, changed, had)
			}
		}
	})
}

func TestStaffErrors(t *testing.T) {
	twice := append(people(2, 1), people(1, 1)...)
	tests := []struct {
		field, reason string
		no            string
		v             []draw.Visit
		p             []draw.Inspector
		size          int
	}{
		{"draw_no", "nul", "\x00", nil, nil, 2},
		{"team", "range", "1", nil, nil, 0},
		{"inspector", "twice", "1", nil, twice, 2},
		{"inspector", "empty", "1", nil, []draw.Inspector{{}}, 2},
		{"object", "nul", "1", []draw.Visit{{Object: "a\x00b"}}, nil, 2},
		{"object", "twice", "1", []draw.Visit{{Object: "a"}, {Object: "a"}}, nil, 2},
	}
	for _, tt := range tests {
		_, err := draw.Staff(seedOf(0), tt.no, tt.v, tt.p, nil, tt.size)
		var e *draw.Error
		if !errors.As(err, &e) || e.Field != tt.field || e.Reason != tt.reason {
			t.Errorf("got %v, want %s %s", err, tt.field, tt.reason)
		}
	}
}

// The leaves and roots that the implementations of RFC 6962 share as a test.
func TestListRoot(t *testing.T) {
	var lines []string
	for _, s := range []string{"", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"} {
		b, err := hex.DecodeString(s)
		if err != nil {
			t.Fatal(err)
		}
		lines = append(lines, string(b))
	}
	for n, want := range []string{
		"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
		"6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
		"fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
		"aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
		"d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
		"4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
		"76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
		"ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
		"5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
	} {
		if got := draw.ListRoot(lines[:n]).String(); got != want {
			t.Errorf("%d leaves: got %s, want %s", n, got, want)
		}
	}
}

func TestPoolRoot(t *testing.T) {
	a, err1 := draw.PoolRoot([]string{"b", "a", "c"})
	b, err2 := draw.PoolRoot([]string{"c", "b", "a"})
	if a != b || err1 != nil || err2 != nil || a != draw.ListRoot([]string{"a", "b", "c"}) {
		t.Error("order matters", err1, err2)
	}
	if _, err := draw.PoolRoot([]string{"a", "b", "a"}); err == nil {
		t.Error("a repeated line was accepted")
	}
}

func BenchmarkStaff(b *testing.B) {
	v, p := visits(1000), people(40, 1000)
	b.ReportAllocs()
	for b.Loop() {
		staff(b, v, p, nil)
	}
}

func BenchmarkPoolRoot158200(b *testing.B) {
	lines := objects(158_200)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := draw.PoolRoot(lines); err != nil {
			b.Fatal(err)
		}
	}
}
