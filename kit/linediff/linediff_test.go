package linediff

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func lines(s string) []string { return strings.Split(s, "") }

func join(mine, theirs []string) []string {
	return slices.Concat([]string{"<"}, theirs, []string{"|"}, mine, []string{">"})
}

func TestMerge(t *testing.T) {
	for _, c := range []struct {
		base, mine, theirs, want string
		clashes                  int
	}{
		{"abcd", "abcd", "abcd", "abcd", 0},
		{"abcd", "aXcd", "abcY", "aXcY", 0},
		{"abcd", "acd", "abcde", "acde", 0},
		{"abcd", "aXcd", "aXcd", "aXcd", 0},
		{"abcd", "aXcd", "aYcd", "a<Y|X>cd", 1},
		{"ab", "", "ab", "", 0},
		{"", "m", "t", "<t|m>", 1},
	} {
		got, n := Merge(lines(c.base), lines(c.mine), lines(c.theirs), join)
		if s := strings.Join(got, ""); s != c.want || n != c.clashes {
			t.Errorf("%s, %s, %s: %s (%d), want %s (%d)", c.base, c.mine, c.theirs, s, n, c.want, c.clashes)
		}
	}
}

// TestDiffRebuilds: both texts come back from their comparison; an edit merged
// with the base alone is the edit.
func TestDiffRebuilds(t *testing.T) {
	letter := rapid.SampledFrom([]string{"a", "b", "c"})
	rapid.Check(t, func(t *rapid.T) {
		a, b := rapid.SliceOfN(letter, 0, 12).Draw(t, "a"), rapid.SliceOfN(letter, 0, 12).Draw(t, "b")
		var before, after []string
		for _, op := range Diff(a, b) {
			if op.Kind != '+' {
				before = append(before, op.Line)
			}
			if op.Kind != '-' {
				after = append(after, op.Line)
			}
		}
		if !slices.Equal(before, a) || !slices.Equal(after, b) {
			t.Fatalf("%v, %v: %v, %v", a, b, before, after)
		}
		if got, n := Merge(a, b, a, join); n != 0 || !slices.Equal(got, b) {
			t.Fatalf("merged with the base: %v", got)
		}
		if got, n := Merge(a, a, b, join); n != 0 || !slices.Equal(got, b) {
			t.Fatalf("merged with the base: %v", got)
		}
	})
}
