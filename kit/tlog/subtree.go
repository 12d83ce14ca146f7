package tlog

import (
	"math"
	"math/bits"

	"golang.org/x/mod/sumdb/tlog"
)

// checkSubtree reports whether leaves [start, end) make a subtree: start is a
// multiple of the smallest power of two that is not below their number.
// draft-ietf-plants-merkle-tree-certs section 4.1.
func checkSubtree(start, end uint64) error {
	if start >= end {
		return fail("size", "range")
	}
	width := bits.Len64(end - start - 1) // the power of two is 1 << width
	if width > maxPath || start&(1<<width-1) != 0 {
		return fail("size", "range")
	}
	return nil
}

// VerifySubtreeInclusion checks that the leaf stands at the index of the log,
// within the subtree [start, end) with the given root.
func VerifySubtreeInclusion(proof []Hash, index, start, end uint64, leaf, root Hash) error {
	if err := checkSubtree(start, end); err != nil {
		return err
	}
	if index < start {
		return fail("index", "range")
	}
	return VerifyInclusion(proof, index-start, end-start, leaf, root)
}

// VerifySubtreeConsistency checks that the subtree [start, end) with root sub is
// part of the tree of the given size and root. The empty subtree is part of every
// tree.
// draft-ietf-plants-merkle-tree-certs section 4.4.3.
func VerifySubtreeConsistency(proof []Hash, start, end, size uint64, sub, root Hash) error {
	if end > size || size > math.MaxInt64 {
		return fail("size", "range")
	}
	if start == end {
		return same(proof, sub, EmptyRoot)
	}
	if err := checkSubtree(start, end); err != nil {
		return err
	}
	w := subtreeWalk{start, end - 1, size - 1}
	for w.first != w.last && (w.last == w.all || w.last&1 == 1) {
		w.up()
	}
	fr, sr := sub, sub
	if w.first != w.last {
		if len(proof) == 0 {
			return fail("proof", "length")
		}
		fr, sr, proof = proof[0], proof[0], proof[1:]
	}
	for _, p := range proof {
		if w.all == 0 {
			return fail("proof", "length")
		}
		fr, sr = w.step(p, fr, sr)
	}
	if w.all != 0 {
		return fail("proof", "length")
	}
	if fr != sub || sr != root {
		return fail("proof", "mismatch")
	}
	return nil
}

// subtreeWalk holds, one level at a time, the places of the subtree's first and
// last node and of the tree's last.
type subtreeWalk struct{ first, last, all uint64 }

func (w *subtreeWalk) up() { w.first, w.last, w.all = w.first>>1, w.last>>1, w.all>>1 }

// step takes one hash of the proof into the roots of subtree and tree.
func (w *subtreeWalk) step(p, fr, sr Hash) (Hash, Hash) {
	if w.last&1 == 1 || w.last == w.all {
		if w.first < w.last {
			fr = tlog.NodeHash(p, fr)
		}
		sr = tlog.NodeHash(p, sr)
		for w.last&1 == 0 {
			w.up()
		}
	} else {
		sr = tlog.NodeHash(sr, p)
	}
	w.up()
	return fr, sr
}
