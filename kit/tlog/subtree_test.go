package tlog

import (
	"testing"

	"pgregory.net/rapid"
)

// subtreeProof is section 4.4.1 of the draft, from the text.
func subtreeProof(start, end int, leaves []Hash, known bool) []Hash {
	if start == 0 && end == len(leaves) {
		if known {
			return nil
		}
		return []Hash{rootOf(leaves)}
	}
	k := 1
	for 2*k < len(leaves) {
		k *= 2
	}
	switch {
	case end <= k:
		return append(subtreeProof(start, end, leaves[:k], known), rootOf(leaves[k:]))
	case start >= k:
		return append(subtreeProof(start-k, end-k, leaves[k:], known), rootOf(leaves[:k]))
	}
	return append(subtreeProof(0, end-k, leaves[k:], false), rootOf(leaves[:k]))
}

func TestSubtreeEqualsDefinition(t *testing.T) {
	leaves := make([]Hash, 70)
	for i := range leaves {
		leaves[i] = LeafHash([]byte{byte(i)})
	}
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, len(leaves)).Draw(t, "n")
		width := 1 << rapid.IntRange(0, 6).Draw(t, "level")
		start := rapid.IntRange(0, (n-1)/width).Draw(t, "start") * width
		end := rapid.IntRange(start+1, min(start+width, n)).Draw(t, "end")
		sub, root := rootOf(leaves[start:end]), rootOf(leaves[:n])
		p := subtreeProof(start, end, leaves[:n], true)
		if err := VerifySubtreeConsistency(p, uint64(start), uint64(end), uint64(n), sub, root); err != nil {
			t.Fatal(err)
		}
		for i := range p {
			p[i][0] ^= 1
			if VerifySubtreeConsistency(p, uint64(start), uint64(end), uint64(n), sub, root) == nil {
				t.Fatal("a changed proof was accepted")
			}
			p[i][0] ^= 1
		}
		if VerifySubtreeConsistency(append(p, root), uint64(start), uint64(end), uint64(n), sub, root) == nil {
			t.Fatal("a longer proof was accepted")
		}
		i := rapid.IntRange(start, end-1).Draw(t, "leaf")
		in := subtreeProof(i-start, i-start+1, leaves[start:end], true)
		if err := VerifySubtreeInclusion(in, uint64(i), uint64(start), uint64(end), leaves[i], sub); err != nil {
			t.Fatal(err)
		}
	})
}
