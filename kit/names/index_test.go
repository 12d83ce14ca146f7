package names_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/dinghai/dinghai/kit/names"
	"github.com/dinghai/dinghai/kit/names/namestest"
)

func index(t testing.TB, entries ...names.Entry) *names.Index {
	t.Helper()
	x, err := names.NewIndex(zhejiang(t), entries)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

func TestReasons(t *testing.T) {
	tests := []struct {
		asked, name string
		reason      names.Reason
		block       bool
	}{
		{"舟山市海达水产有限公司", "舟山市海达水产有限公司", names.SameName, true},
		{"海达（舟山）水产有限公司", "舟山海达水产有限公司", names.SameName, true},
		{"海达水产（舟山）有限公司", "海达（舟山）水产有限公司", names.SameName, true},
		{"舟山市海达水产有限公司", "岱山县海达水产有限责任公司", names.SameShop, true},  // division, form
		{"舟山市海达水产养殖有限公司", "舟山海达海水养殖有限公司", names.SameShop, true}, // same substance
		{"舟山市海达水产有限公司", "舟山市海达有限公司", names.SameShop, true},      // no industry
		{"舟山市海达水产有限公司", "舟山市海达渔业有限公司", names.SimilarIndustry, false},
		{"舟山市海达水产有限公司", "舟山市海达软件开发有限公司", names.None, false},
		{"舟山市海达水产有限公司", "舟山市海大水产有限公司", names.SameSound, false},
		{"舟山市长兴达水产有限公司", "舟山市常星大水产有限公司", names.SameSound, false},
		{"舟山市海兴达水产有限公司", "舟山市海新达水产有限公司", names.OneDiffers, false}, // middle of three
		{"舟山市海兴达水产有限公司", "舟山市海兴水产有限公司", names.Contains, false},
		{"舟山市海兴达利水产有限公司", "舟山市海兴达餐饮有限公司", names.OneDiffers, false},
		{"舟山市海达水产有限公司", "舟山市新海达航运有限公司", names.Contains, false},
		{"舟山市海达水产品加工有限公司", "舟山市泰达水产品加工有限公司", names.Alike, false},
		{"舟山市海达水产品加工有限公司", "舟山市永盛水产品加工有限公司", names.None, false}, // only the industry
		{"舟山市海达水产有限公司", "舟山市永盛餐饮有限公司", names.None, false},
		{"舟山市海达水产有限公司第一分公司", "舟山市海达水产有限公司", names.Parent, false},
		{"海达水产有限公司第一分公司", "舟山市海达水产有限公司", names.Parent, false},
		{"舟山市海达水产有限公司", "舟山市海达水产有限公司第一分公司", names.Branch, false},
		{"舟山市海达水产有限公司第二分公司", "舟山市海达水产有限公司第一分公司", names.Sibling, false},
		{"舟山市海达水产有限公司第一分公司", "舟山市海达水产有限公司第一分公司", names.SameName, true},
		{"舟山市海达水产有限公司第一分公司", "岱山县海达水产有限责任公司", names.SameShop, false}, // has its parent's name
	}
	for _, tt := range tests {
		x := index(t, names.Entry{Name: tt.name, Registry: 7})
		got, err := x.Similar(names.Query{Name: tt.asked, Registry: 7}, 0)
		if err != nil {
			t.Fatal(err)
		}
		reason, block := names.None, false
		if len(got) > 0 {
			reason, block = got[0].Reason, got[0].Block
		}
		if reason != tt.reason || block != tt.block {
			t.Errorf("%s, %s: %q %t, want %q %t", tt.asked, tt.name, reason, block, tt.reason, tt.block)
		}
		same, _ := x.Same(names.Query{Name: tt.asked, Registry: 7})
		if (len(same) == 1) != tt.block {
			t.Errorf("%s, %s: Same gives %v", tt.asked, tt.name, same)
		}
	}
}

func TestRegistryAndLinks(t *testing.T) {
	x := index(t, names.Entry{Name: "舟山市海达水产有限公司", Registry: 1}, names.Entry{Name: "岱山县海达水产有限公司", Registry: 2})
	ask := func(q names.Query) (refs []names.Ref) {
		same, err := x.Same(q)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range same {
			refs = append(refs, m.Ref)
		}
		return refs
	}
	q := names.Query{Name: "舟山海达水产有限公司", Registry: 2}
	if d := cmp.Diff([]names.Ref{1}, ask(q)); d != "" {
		t.Error("another registry does not block:", d)
	}
	q.Linked = func(r names.Ref) bool { return r == 1 }
	if got := ask(q); got != nil {
		t.Error("an investment relation does not block:", got)
	}
	q.Name = "舟山市海达水产有限公司"
	if d := cmp.Diff([]names.Ref{0}, ask(q)); d != "" {
		t.Error("the very same name blocks anywhere:", d)
	}
}

// queries makes questions out of a register: names of it, and names with one
// character changed, left out or doubled.
func queries(r *namestest.Register, n int, seed uint64) (out []string) {
	rnd := rand.New(rand.NewPCG(seed, 9))
	for range n {
		u := []rune(r.Entries[rnd.IntN(len(r.Entries))].Name)
		i := rnd.IntN(len(u))
		switch rnd.IntN(5) {
		case 0:
			u[i] = []rune(r.Entries[rnd.IntN(len(r.Entries))].Name)[0]
		case 1:
			u = append(u[:i:i], u[i+1:]...)
		case 2:
			u = append(u[:i:i], u[max(0, i-1):]...)
		case 3:
			i = 2 + rnd.IntN(3)
			u[i] = []rune("海达新永盛")[rnd.IntN(5)]
		}
		out = append(out, string(u))
	}
	return out
}

// What the index finds is what comparing with every name finds, also after
// names have come and gone.
func TestEqualToBruteForce(t *testing.T) {
	r := namestest.New(8_000, 3)
	x := index(t, r.Entries[:6_000]...)
	rnd := rand.New(rand.NewPCG(4, 5))
	asked, found := 0, 0
	compare := func(when string, seed uint64) {
		for _, name := range queries(r, 80, seed) {
			q := names.Query{Name: name, Registry: uint32(rnd.IntN(100))}
			for _, limit := range []int{0, 10} {
				want, err := x.BruteForce(q, limit, false)
				if err != nil {
					t.Fatal(err)
				}
				got, _ := x.Similar(q, limit)
				if d := cmp.Diff(want, got); d != "" {
					t.Fatalf("%s: similar to %s: %s", when, name, d)
				}
				found += len(got)
			}
			want, _ := x.BruteForce(q, 0, true)
			got, _ := x.Same(q)
			if d := cmp.Diff(want, got); d != "" {
				t.Fatalf("%s: same as %s: %s", when, name, d)
			}
			asked++
		}
	}
	compare("built", 1)
	for i, e := range r.Entries[6_000:] {
		ref, err := x.Add(e)
		if err != nil || int(ref) != 6_000+i {
			t.Fatal(ref, err)
		}
		if i%2 == 0 {
			x.Remove(names.Ref(rnd.IntN(6_000 + i)))
		}
	}
	compare("after 2,000 came and 1,000 went", 2)
	t.Logf("%d questions, %d names found", asked, found)
	if found < asked {
		t.Error("next to nothing was found: the test tests nothing")
	}
}

// Every branch finds its parent among the first three.
func TestBranchFindsParent(t *testing.T) {
	r := namestest.New(30_000, 5)
	x := index(t, r.Entries...)
	places := [4]int{}
	for branch, parent := range r.Parent {
		got, err := x.Similar(names.Query{Name: r.Entries[branch].Name}, 3)
		if err != nil {
			t.Fatal(err)
		}
		at := 3
		for i, m := range got {
			if r.Entries[m.Ref].Name == r.Entries[parent].Name {
				at = min(at, i)
			}
		}
		if places[at]++; at == 3 {
			t.Errorf("%s does not find %s but %v", r.Entries[branch].Name, r.Entries[parent].Name, got)
		}
	}
	t.Logf("of %d branches, parent first %d, second %d, third %d, missing %d", len(r.Parent), places[0], places[1], places[2], places[3])
	if len(r.Parent) < 2000 {
		t.Error("too few branches")
	}
}

func TestAddRemove(t *testing.T) {
	x := index(t)
	if _, err := x.Add(names.Entry{Name: " "}); err == nil {
		t.Error("took a blank")
	}
	a, _ := x.Add(names.Entry{Name: "海达(舟山)水产有限公司", Registry: 3})
	b, _ := x.Add(names.Entry{Name: "舟山海達水產有限公司", Registry: 4})
	if e, ok := x.Get(a); !ok || e != (names.Entry{Name: "海达(舟山)水产有限公司", Registry: 3}) {
		t.Error("does not come back as written:", e)
	}
	if x.Len() != 2 || a == b {
		t.Error(x.Len(), a, b)
	}
	same, _ := x.Same(names.Query{Name: "舟山海达水产有限公司"})
	if len(same) != 2 {
		t.Error(same)
	}
	if !x.Remove(a) || x.Remove(a) || x.Remove(99) || x.Len() != 1 {
		t.Error("Remove")
	}
	if _, ok := x.Get(a); ok {
		t.Error("a removed name is still there")
	}
	if same, _ = x.Same(names.Query{Name: "舟山海达水产有限公司"}); len(same) != 1 || same[0].Ref != b {
		t.Error(same)
	}
}

func TestBadEntries(t *testing.T) {
	x, err := names.NewIndex(names.Default(), []names.Entry{{Name: "舟山海达店"}, {Name: ""}, {Name: "\xff"}, {Name: "舟山海大店"}})
	var e *names.EntryError
	if !errors.As(err, &e) || e.Ref != 1 || strings.Count(err.Error(), "names: entry") != 2 || x.Len() != 2 {
		t.Error(err, x.Len())
	}
	if got, _ := x.Similar(names.Query{Name: "舟山海打店"}, 0); len(got) != 2 || got[1].Ref != 3 {
		t.Error(got)
	}
	if _, err := x.Similar(names.Query{Name: ""}, 0); err == nil {
		t.Error("asked for nothing")
	}
}

// Names come and go while others ask.
func TestConcurrent(t *testing.T) {
	r := namestest.New(3000, 6)
	x := index(t, r.Entries[:2000]...)
	var wg sync.WaitGroup
	for i := range 4 {
		wg.Go(func() {
			for j := range 200 {
				if _, err := x.Similar(names.Query{Name: r.Entries[(i*200+j)%3000].Name}, 5); err != nil {
					t.Error(err)
				}
			}
		})
	}
	for i, e := range r.Entries[2000:] {
		if _, err := x.Add(e); err != nil {
			t.Error(err)
		}
		x.Remove(names.Ref(i))
	}
	wg.Wait()
	if x.Len() != 2000 {
		t.Error(x.Len())
	}
}

func ExampleIndex_Same() {
	x, _ := names.NewIndex(names.Default(), []names.Entry{{Name: "舟山市海达水产有限公司", Registry: 1}})
	blocking, err := x.Same(names.Query{Name: "舟山海达水产有限责任公司", Registry: 1})
	for _, m := range blocking {
		fmt.Println(m.Name, m.Reason)
	}
	fmt.Println(err)
	// Output:
	// 舟山市海达水产有限公司 same_shop
	// <nil>
}
