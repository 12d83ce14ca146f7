package draw_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/dinghai/dinghai/kit/draw"
)

func seedOf(n uint64) draw.Hash {
	return sha256.Sum256(binary.BigEndian.AppendUint64([]byte("seed"), n))
}

func objects(n int) []string {
	out := make([]string, n)
	for i := range out {
		out[i] = fmt.Sprintf("913309%012d", i)
	}
	return out
}

func sel(t testing.TB, seed draw.Hash, pools map[string][]string, quotas map[string]int) []draw.Stratum {
	t.Helper()
	out, err := draw.Select(seed, "2023-001", pools, quotas)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// The bytes that are hashed are fixed by the design, so they are spelt out here.
func TestTicketBytes(t *testing.T) {
	h := func(key, msg []byte) []byte {
		m := hmac.New(sha256.New, key)
		m.Write(msg)
		return m.Sum(nil)
	}
	seed := seedOf(1)
	key := h(seed[:], []byte("obj\x002023-001\x00food/A"))
	want := draw.Hash(h(key, []byte("91330900000000000X")))
	if got := draw.Ticket(draw.StratumKey(seed, "2023-001", "food/A"), "91330900000000000X"); got != want {
		t.Errorf("object ticket %s, want %s", got, want)
	}
	key = h(seed[:], []byte("insp\x002023-001"))
	want = draw.Hash(h(key, []byte("91330900000000000X\x00Z07")))
	if got := draw.InspectorTicket(draw.InspectorKey(seed, "2023-001"), "91330900000000000X", "Z07"); got != want {
		t.Errorf("inspector ticket %s, want %s", got, want)
	}
	got := sel(t, seed, map[string][]string{"food/A": {"91330900000000000X"}}, map[string]int{"food/A": 1})
	if s := got[0].Order[0].Ticket; s != draw.Ticket(draw.StratumKey(seed, "2023-001", "food/A"), "91330900000000000X") {
		t.Error("Select and Ticket differ")
	}
}

func TestSelect(t *testing.T) {
	pools := map[string][]string{"b": objects(10), "a": {"x", "y"}, "c": nil}
	got := sel(t, seedOf(2), pools, map[string]int{"b": 3, "a": 0})
	var codes []string
	for _, s := range got {
		codes = append(codes, s.Code)
	}
	if d := cmp.Diff([]string{"a", "b", "c"}, codes); d != "" {
		t.Error(d)
	}
	b := got[1]
	if len(b.Selected()) != 3 || len(b.Reserve()) != 7 {
		t.Errorf("%d drawn, %d in reserve", len(b.Selected()), len(b.Reserve()))
	}
	limit, ok := b.Threshold()
	for i, d := range b.Order {
		if i > 0 && b.Order[i-1].Ticket.Compare(d.Ticket) > 0 {
			t.Error("not in the order of tickets")
		}
		if drawn := d.Ticket.Compare(limit) <= 0; !ok || drawn != (i < 3) {
			t.Errorf("the threshold does not tell whether %s is drawn", d.Object)
		}
	}
	if _, ok := got[0].Threshold(); ok {
		t.Error("a threshold where nothing is drawn")
	}
}

func TestSelectErrors(t *testing.T) {
	tests := []struct {
		want   draw.Error
		drawNo string
		pools  map[string][]string
		quotas map[string]int
	}{
		{draw.Error{Field: "draw_no", Value: "1\x00", Reason: "nul"}, "1\x00", nil, nil},
		{draw.Error{Field: "stratum", Value: "a\x00b", Reason: "nul"}, "1", map[string][]string{"a\x00b": nil}, nil},
		{draw.Error{Field: "object", Value: "x", Reason: "twice"}, "1", map[string][]string{"a": {"x", "y", "x"}}, nil},
		{draw.Error{Field: "object", Value: "x", Reason: "twice"}, "1", map[string][]string{"a": {"x"}, "b": {"x"}}, nil},
		{draw.Error{Field: "object", Reason: "empty"}, "1", map[string][]string{"a": {""}}, nil},
		{draw.Error{Field: "quota", Value: "a", Reason: "range"}, "1", map[string][]string{"a": {"x"}}, map[string]int{"a": 2}},
		{draw.Error{Field: "quota", Value: "a", Reason: "range"}, "1", map[string][]string{"a": {"x"}}, map[string]int{"a": -1}},
		{draw.Error{Field: "quota", Value: "b", Reason: "range"}, "1", map[string][]string{"a": {"x"}}, map[string]int{"b": 1}},
	}
	for _, tt := range tests {
		_, err := draw.Select(seedOf(0), tt.drawNo, tt.pools, tt.quotas)
		var e *draw.Error
		if !errors.As(err, &e) || *e != tt.want {
			t.Errorf("got %v, want %v", err, &tt.want)
		}
	}
}

func TestOrderOfInputIsIrrelevant(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		pool := rapid.SliceOfNDistinct(rapid.StringN(1, 9, -1), 1, 30, rapid.ID).Draw(t, "pool")
		seed, quotas := seedOf(rapid.Uint64().Draw(t, "seed")), map[string]int{"a": len(pool) / 2}
		one, err1 := draw.Select(seed, "1", map[string][]string{"a": pool}, quotas)
		two, err2 := draw.Select(seed, "1", map[string][]string{"a": rapid.Permutation(pool).Draw(t, "order")}, quotas)
		if err1 != nil || err2 != nil || !cmp.Equal(one, two) {
			t.Fatalf("%v, %v: %s", err1, err2, cmp.Diff(one, two))
		}
	})
}

// Removing an object leaves the order of all others as it was.
func TestObjectsAreIndependent(t *testing.T) {
	pool := objects(50)
	all := sel(t, seedOf(3), map[string][]string{"a": pool}, nil)[0].Order
	less := sel(t, seedOf(3), map[string][]string{"a": pool[1:]}, nil)[0].Order
	rest := slices.DeleteFunc(slices.Clone(all), func(d draw.Drawn) bool { return d.Object == pool[0] })
	if d := cmp.Diff(rest, less); d != "" {
		t.Error(d)
	}
}

func TestHashText(t *testing.T) {
	want := seedOf(1)
	b, err := json.Marshal(want)
	var got draw.Hash
	if err2 := json.Unmarshal(b, &got); err != nil || err2 != nil || got != want || len(b) != 66 {
		t.Error(string(b), err, err2)
	}
	for _, s := range []string{`"00"`, `"` + strings.Repeat("zz", 32) + `"`} {
		if json.Unmarshal([]byte(s), &got) == nil {
			t.Error(s, "was accepted")
		}
	}
}

func FuzzSelect(f *testing.F) {
	f.Add("1", "a", "x", "y", uint64(1))
	f.Add("\x00", "a", "x", "x", uint64(2))
	f.Add("1", "\x00", "", "y", uint64(3))
	f.Fuzz(func(t *testing.T, no, code, a, b string, n uint64) {
		got, err := draw.Select(seedOf(n), no, map[string][]string{code: {a, b}}, map[string]int{code: 1})
		if err != nil {
			return
		}
		back, err := draw.Select(seedOf(n), no, map[string][]string{code: {b, a}}, map[string]int{code: 1})
		if err != nil || !cmp.Equal(got, back) || len(got[0].Selected()) != 1 {
			t.Fatal(got, back, err)
		}
	})
}

func BenchmarkSelect158200(b *testing.B) {
	pool := objects(158_200)
	rand.New(rand.NewPCG(1, 2)).Shuffle(len(pool), func(i, j int) { pool[i], pool[j] = pool[j], pool[i] })
	pools := map[string][]string{"A": pool[:100_000], "B": pool[100_000:140_000], "C": pool[140_000:]}
	b.ReportAllocs()
	for b.Loop() {
		sel(b, seedOf(1), pools, map[string]int{"A": 3000, "B": 2000, "C": 1820})
	}
}

func BenchmarkTicket(b *testing.B) {
	key := draw.StratumKey(seedOf(1), "1", "A")
	b.ReportAllocs()
	for b.Loop() {
		draw.Ticket(key, "91330900000000000X")
	}
}

func ExampleSelect() {
	seed := draw.Hash(sha256.Sum256([]byte("beacon")))
	pools := map[string][]string{"food/B": {"shop 1", "shop 2", "shop 3", "shop 4"}}
	n, err := draw.Fraction{P: 1, Q: 4}.Of(len(pools["food/B"]))
	if err != nil {
		fmt.Println(err)
		return
	}
	strata, err := draw.Select(seed, "2023-001", pools, map[string]int{"food/B": n})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, d := range strata[0].Selected() {
		fmt.Printf("%s %.8s\n", d.Object, d.Ticket)
	}
	fmt.Println(len(strata[0].Reserve()), "in reserve")
	// Output:
	// shop 1 7209907f
	// 3 in reserve
}
