package names

import "math/bits"

// trie finds the longest word of a list at a place of a text, forwards or
// backwards. Its edges are one hash table, since a million names ask it some
// forty times each.
type trie struct {
	edges []edge  // open addressing; the length is a power of two
	used  int     // edges in use
	value []int32 // of nodes that end a word, else -1
}

// edge leads from a node by a unit to another; node 0 is never reached, so that
// a zero edge is free.
type edge struct {
	from int32
	unit uint16
	to   int32
}

func newTrie() *trie { return &trie{edges: make([]edge, 64), value: []int32{-1}} }

func (t *trie) slot(from int32, unit uint16) *edge {
	mask := uint64(len(t.edges) - 1)
	h := (uint64(from)<<16 | uint64(unit)) * 0x9e3779b97f4a7c15
	for i := h >> (64 - bits.Len64(mask)); ; i = (i + 1) & mask {
		if e := &t.edges[i]; e.to == 0 || e.from == from && e.unit == unit {
			return e
		}
	}
}

func (t *trie) add(word []uint16, backwards bool, value int32) {
	node := int32(0)
	for i := range word {
		c := word[i]
		if backwards {
			c = word[len(word)-1-i]
		}
		e := t.slot(node, c)
		if e.to == 0 {
			*e = edge{node, c, int32(len(t.value))}
			t.value = append(t.value, -1)
			if node = e.to; 2*t.used > len(t.edges) {
				t.grow()
			}
			t.used++
			continue
		}
		node = e.to
	}
	t.value[node] = value
}

func (t *trie) grow() {
	old := t.edges
	t.edges = make([]edge, 2*len(old))
	for _, e := range old {
		if e.to != 0 {
			*t.slot(e.from, e.unit) = e
		}
	}
}

// prefix returns the length and value of the longest word that u begins with
// and that ok, if not nil, accepts; 0 if none does.
func (t *trie) prefix(u []uint16, ok func(value int32) bool) (n int, value int32) {
	node := int32(0)
	for i, c := range u {
		if node = t.slot(node, c).to; node == 0 {
			break
		}
		if v := t.value[node]; v >= 0 && (ok == nil || ok(v)) {
			n, value = i+1, v
		}
	}
	return n, value
}

// suffix returns the length and value of the longest word that u ends with, out
// of words added backwards.
func (t *trie) suffix(u []uint16) (n int, value int32) {
	node := int32(0)
	for i := len(u) - 1; i >= 0; i-- {
		if node = t.slot(node, u[i]).to; node == 0 {
			break
		}
		if v := t.value[node]; v >= 0 {
			n, value = len(u)-i, v
		}
	}
	return n, value
}
