// Package linediff compares texts line by line and joins two edits of the same
// text, so that of two people writing nobody loses a line.
package linediff

import "slices"

// Op is one line of a comparison.
type Op struct {
	Kind byte // '=' in both, '-' only before, '+' only after
	Line string
}

// most bounds the table of a comparison; longer texts count as wholly changed.
const most = 4 << 20

// Diff lists the lines of both texts in order; what was dropped comes before
// what took its place.
func Diff(before, after []string) []Op {
	var out []Op
	i, j := 0, 0
	for _, p := range append(matches(before, after), [2]int{len(before), len(after)}) {
		for ; i < p[0]; i++ {
			out = append(out, Op{'-', before[i]})
		}
		for ; j < p[1]; j++ {
			out = append(out, Op{'+', after[j]})
		}
		if i < len(before) {
			out = append(out, Op{'=', before[i]})
			i, j = i+1, j+1
		}
	}
	return out
}

// matches pairs the lines of a longest common subsequence.
func matches(a, b []string) (out [][2]int) {
	head := 0
	for head < len(a) && head < len(b) && a[head] == b[head] {
		out = append(out, [2]int{head, head})
		head++
	}
	tail := 0
	for tail < len(a)-head && tail < len(b)-head && a[len(a)-1-tail] == b[len(b)-1-tail] {
		tail++
	}
	out = append(out, middle(a[:len(a)-tail], b[:len(b)-tail], head)...)
	for k := tail; k > 0; k-- {
		out = append(out, [2]int{len(a) - k, len(b) - k})
	}
	return out
}

// middle is the table walk for what neither begins nor ends both texts.
func middle(a, b []string, from int) (out [][2]int) {
	n, m := len(a)-from, len(b)-from
	if n*m > most {
		return nil
	}
	long := make([]int32, (n+1)*(m+1)) // of the common subsequence of the rests
	for i := n - 1; i >= 0; i-- {
		for j := m - 1; j >= 0; j-- {
			v := max(long[(i+1)*(m+1)+j], long[i*(m+1)+j+1])
			if a[from+i] == b[from+j] {
				v = long[(i+1)*(m+1)+j+1] + 1
			}
			long[i*(m+1)+j] = v
		}
	}
	for i, j := 0, 0; i < n && j < m; {
		switch {
		case a[from+i] == b[from+j]:
			out = append(out, [2]int{from + i, from + j})
			i, j = i+1, j+1
		case long[(i+1)*(m+1)+j] >= long[i*(m+1)+j+1]:
			i++
		default:
			j++
		}
	}
	return out
}

// Merge joins two edits of base. Where both changed the same lines, clash says
// what stands there; it is given both wordings.
func Merge(base, mine, theirs []string, clash func(mine, theirs []string) []string) (out []string, clashes int) {
	inMine, inTheirs := placeOf(base, mine), placeOf(base, theirs)
	i, j, at := 0, 0, 0
	for k := 0; k <= len(base); k++ {
		x, y := len(mine), len(theirs)
		if k < len(base) {
			if inMine[k] < 0 || inTheirs[k] < 0 {
				continue // changed by one of them
			}
			x, y = inMine[k], inTheirs[k]
		}
		was, me, other := base[at:k], mine[i:x], theirs[j:y]
		switch {
		case slices.Equal(me, was) || slices.Equal(me, other):
			out = append(out, other...)
		case slices.Equal(other, was):
			out = append(out, me...)
		default:
			out = append(out, clash(me, other)...)
			clashes++
		}
		if k < len(base) {
			out = append(out, base[k])
			i, j, at = x+1, y+1, k+1
		}
	}
	return out, clashes
}

// placeOf tells where each line of base stands in an edit, -1 for nowhere.
func placeOf(base, edit []string) []int {
	out := make([]int, len(base))
	for i := range out {
		out[i] = -1
	}
	for _, p := range matches(base, edit) {
		out[p[0]] = p[1]
	}
	return out
}
