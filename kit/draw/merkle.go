package draw

import (
	"crypto/sha256"
	"slices"
)

// PoolRoot is the Merkle tree hash, RFC 6962 section 2.1, of the lines in the
// order of their bytes. Equal sets of lines have equal roots however they were
// listed. Lines that repeat are an error, as a pool is a set.
func PoolRoot(lines []string) (Hash, error) {
	sorted := slices.Clone(lines)
	slices.Sort(sorted)
	for i := 1; i < len(sorted); i++ {
		if sorted[i] == sorted[i-1] {
			return Hash{}, &Error{"line", sorted[i], "twice"}
		}
	}
	return ListRoot(sorted), nil
}

// ListRoot is the Merkle tree hash of the lines as they stand, for results,
// where order means something.
func ListRoot(lines []string) Hash {
	// Complete subtrees on the left edge wait here, one for each bit set in the
	// number of leaves so far; so memory is logarithmic.
	var stack []Hash
	buf := make([]byte, 0, 128)
	for i, line := range lines {
		buf = append(append(buf[:0], 0), line...)
		h := Hash(sha256.Sum256(buf))
		for n := i; n&1 == 1; n >>= 1 {
			h = node(stack[len(stack)-1], h)
			stack = stack[:len(stack)-1]
		}
		stack = append(stack, h)
	}
	if len(stack) == 0 {
		return sha256.Sum256(nil)
	}
	root := stack[len(stack)-1]
	for i := len(stack) - 2; i >= 0; i-- {
		root = node(stack[i], root)
	}
	return root
}

func node(left, right Hash) Hash {
	var b [65]byte
	b[0] = 1
	copy(b[1:], left[:])
	copy(b[33:], right[:])
	return sha256.Sum256(b[:])
}
