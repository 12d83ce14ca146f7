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
			return Hash{}, refuse("line", sorted[i], "twice")
		}
	}
	return ListRoot(sorted), nil
}

// ListRoot is the Merkle tree hash of the lines as they stand, for results,
// where order means something.
func ListRoot(lines []string) Hash {
	var m merkle
	for _, line := range lines {
		m.addString(line)
	}
	return m.root()
}

// merkle computes a tree hash leaf by leaf. Complete subtrees on the left edge
// wait in the stack, one for each bit set in the number of leaves so far; so
// memory is logarithmic.
type merkle struct {
	n     int
	stack []Hash
	buf   []byte
}

func (m *merkle) add(line []byte) {
	m.buf = append(append(m.buf[:0], 0), line...)
	m.addHash(sha256.Sum256(m.buf))
}

func (m *merkle) addString(line string) {
	m.buf = append(append(m.buf[:0], 0), line...)
	m.addHash(sha256.Sum256(m.buf))
}

func (m *merkle) addHash(h Hash) { m.addTree(h, 1) }

// addTree adds a complete subtree of a power of two of leaves. The number so far
// must be a multiple of it.
func (m *merkle) addTree(h Hash, leaves int) {
	for n := m.n / leaves; n&1 == 1; n >>= 1 {
		h = node(m.stack[len(m.stack)-1], h)
		m.stack = m.stack[:len(m.stack)-1]
	}
	m.stack = append(m.stack, h)
	m.n += leaves
}

// root folds what waits. The merkle can go on afterwards.
func (m *merkle) root() Hash {
	if len(m.stack) == 0 {
		return sha256.Sum256(nil)
	}
	return fold(m.stack[:len(m.stack)-1], m.stack[len(m.stack)-1])
}

// rootWith is the root with a last subtree to the right, smaller than any
// complete one before it.
func (m *merkle) rootWith(tail Hash) Hash { return fold(m.stack, tail) }

func fold(left []Hash, h Hash) Hash {
	for _, l := range slices.Backward(left) {
		h = node(l, h)
	}
	return h
}

func (m *merkle) reset() { m.n, m.stack = 0, m.stack[:0] }

func node(left, right Hash) Hash {
	var b [65]byte
	b[0] = 1
	copy(b[1:], left[:])
	copy(b[33:], right[:])
	return sha256.Sum256(b[:])
}
