package draw_test

import (
	"fmt"
	"testing"

	"github.com/dinghai/dinghai/kit/draw"
)

// tally counts how often each of n, and each pair of them, is drawn when every
// draw takes two.
type tally struct {
	draws  int
	first  []int
	single []int
	pairs  map[[2]int]int
}

func newTally(n int) *tally {
	return &tally{first: make([]int, n), single: make([]int, n), pairs: map[[2]int]int{}}
}

func (c *tally) add(i, j int) {
	c.draws++
	c.first[i]++
	c.single[i]++
	c.single[j]++
	c.pairs[[2]int{min(i, j), max(i, j)}]++
}

func chiSquare(counts []int, draws int) float64 {
	x, want := 0.0, float64(draws)/float64(len(counts))
	for _, c := range counts {
		x += (float64(c) - want) * (float64(c) - want) / want
	}
	return x
}

// check compares with the 99.9 % points of chi-square. Two of n make one of
// n(n-1)/2 pairs, which makes the pair test exact. Inclusions are drawn without
// replacement: their variance is (1-p) of Poisson's, and the sum is fixed.
func (c *tally) check(t *testing.T, what string, limitSingle, limitPairs float64) {
	t.Helper()
	n := float64(len(c.single))
	var pairs []int
	for _, k := range c.pairs {
		pairs = append(pairs, k)
	}
	single := chiSquare(c.single, 2*c.draws) / (1 - 2/n) * (n - 1) / n
	for _, tt := range []struct {
		name     string
		x, limit float64
	}{
		{"first", chiSquare(c.first, c.draws), limitSingle}, {"single inclusion", single, limitSingle}, {"pair inclusion", chiSquare(pairs, c.draws), limitPairs},
	} {
		t.Logf("%s, %s over %d draws: chi-square %.2f, limit %.2f", what, tt.name, c.draws, tt.x, tt.limit)
		if tt.x > tt.limit {
			t.Errorf("%s, %s: %.2f > %.2f", what, tt.name, tt.x, tt.limit)
		}
	}
	if len(pairs) != len(c.single)*(len(c.single)-1)/2 {
		t.Errorf("%s: %d pairs", what, len(pairs))
	}
}

// 100,000 draws of two objects out of eight, and of two inspectors out of six for
// one of them.
func TestFairness(t *testing.T) {
	pool, people := objects(8), people(6, 1)
	at := map[string]int{}
	for i, o := range pool {
		at[o] = i
	}
	for i, p := range people {
		at[p.No] = i
	}
	drawn, teams := newTally(8), newTally(6)
	pools, quotas := map[string][]string{"a": pool}, map[string]int{"a": 2}
	for n := range uint64(100_000) {
		seed := seedOf(n)
		s := sel(t, seed, pools, quotas)[0].Selected()
		drawn.add(at[s[0].Object], at[s[1].Object])
		team, err := draw.Staff(seed, "2023-001", []draw.Visit{{Object: s[0].Object}}, people, nil, 2)
		if err != nil {
			t.Fatal(err)
		}
		teams.add(at[team[0].Members[0]], at[team[0].Members[1]])
	}
	drawn.check(t, "objects", 24.32, 55.48) // 7 and 27 degrees of freedom
	teams.check(t, "teams", 20.52, 36.12)   // 5 and 14
}

// A draw that leans towards one by a twentieth must fail the test above.
func TestFairnessTestCanFail(t *testing.T) {
	c := newTally(8)
	for n := range uint64(100_000) {
		h := seedOf(n)
		i, j := int(h[0])%8, int(h[1])%7
		if j >= i {
			j++
		}
		if i != 0 && j != 0 && h[2] < 13 {
			i = 0
		}
		c.add(i, j)
	}
	if x := chiSquare(c.single, 2*c.draws) / (1 - 2.0/8) * 7 / 8; x < 24.32 {
		t.Errorf("a crooked draw passes with %.2f", x)
	}
}

// The number of objects in other strata, and which, changes nothing in this one.
func TestStrataAreIndependent(t *testing.T) {
	alone := sel(t, seedOf(9), map[string][]string{"a": objects(40)}, map[string]int{"a": 5})[0]
	beside := sel(t, seedOf(9), map[string][]string{"a": objects(40), "b": {"x", "y"}}, map[string]int{"a": 5})[0]
	if fmt.Sprint(alone) != fmt.Sprint(beside) {
		t.Error("another stratum changed the draw")
	}
}
