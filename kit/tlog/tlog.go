// Package tlog is a transparency log: an append-only list of entries that its
// operator cannot rewrite without being found out, and the proofs with which
// anybody holding one small file checks an entry offline.
//
// Trees and hashes are those of RFC 6962; checkpoints, cosignatures, policies,
// tiles and proof files are those of C2SP (tlog-checkpoint, tlog-cosignature,
// tlog-policy, tlog-tiles, tlog-proof). Hashing and signed notes come from
// golang.org/x/mod/sumdb. Log is the writer, over a Store of few methods;
// everything else verifies and needs no store.
//
// Package entry says what the entries of a disclosure log are, package witness
// is the other side of a cosignature.
package tlog

import (
	"encoding/base64"
	"errors"
	"fmt"
	"math"
	"strconv"

	"golang.org/x/mod/sumdb/tlog"
)

// Hash is a SHA-256 value of a leaf, node or tree. It prints in base64.
type Hash = tlog.Hash

// EmptyRoot is the root of a tree without leaves.
var EmptyRoot = Hash{0xe3, 0xb0, 0xc4, 0x42, 0x98, 0xfc, 0x1c, 0x14, 0x9a, 0xfb, 0xf4, 0xc8, 0x99, 0x6f, 0xb9, 0x24,
	0x27, 0xae, 0x41, 0xe4, 0x64, 0x9b, 0x93, 0x4c, 0xa4, 0x95, 0x99, 0x1b, 0x78, 0x52, 0xb8, 0x55}

// LeafHash is the hash of an entry in the tree, RFC 6962 section 2.1. It differs
// from the hash of every inner node.
func LeafHash(entry []byte) Hash { return tlog.RecordHash(entry) }

// An Error tells what of a log, note, proof or policy was refused and why.
type Error struct {
	Field    string // "index", "size", "proof", "root", "note", "origin", "signature", "cosignature", "quorum", "key", "policy", "path", "tile", "entry", "checkpoint"
	Position int    // line, or index within a list, from 0; -1 where there is none
	Reason   string // "range", "length", "syntax", "mismatch", "missing", "unknown", "duplicate", "conflict", "below_floor", "fork", "empty"
}

func (e *Error) Error() string {
	if e.Position < 0 {
		return fmt.Sprintf("tlog: %s: %s", e.Field, e.Reason)
	}
	return fmt.Sprintf("tlog: %s %d: %s", e.Field, e.Position, e.Reason)
}

func fail(field, reason string) error { return &Error{field, -1, reason} }

// VerifyInclusion checks that the leaf stands at the index of the tree with the
// given size and root, RFC 6962 section 2.1.1.
func VerifyInclusion(proof []Hash, index, size uint64, leaf, root Hash) error {
	if size > math.MaxInt64 || index >= size {
		return fail("index", "range")
	}
	if tlog.CheckRecord(proof, int64(size), root, int64(index), leaf) != nil {
		return fail("proof", "mismatch")
	}
	return nil
}

// VerifyConsistency checks that the tree of the first size and root is the
// beginning of the second, RFC 6962 section 2.1.2. The empty tree begins every
// tree, which proves nothing and so is refused.
func VerifyConsistency(proof []Hash, size1, size2 uint64, root1, root2 Hash) error {
	switch {
	case size2 > math.MaxInt64 || size1 > size2 || size1 == 0 && size2 > 0:
		return fail("size", "range")
	case size1 == 0:
		return errors.Join(same(proof, root1, EmptyRoot), same(proof, root2, EmptyRoot))
	case size1 == size2:
		return same(proof, root1, root2)
	case len(proof) == 0 || len(proof) > maxPath+1:
		return fail("proof", "length")
	}
	if tlog.CheckTree(proof, int64(size2), root2, int64(size1), root1) != nil {
		return fail("proof", "mismatch")
	}
	return nil
}

// same is consistency where the roots alone decide.
func same(proof []Hash, a, b Hash) error {
	if len(proof) > 0 {
		return fail("proof", "length")
	}
	if a != b {
		return fail("root", "mismatch")
	}
	return nil
}

// maxPath is the longest path there is in a tree of up to 2^63-1 leaves.
const maxPath = 63

// parseHash reads 32 bytes of base64 in the one form that String writes.
func parseHash(s string) (h Hash, ok bool) {
	b, err := base64.StdEncoding.Strict().DecodeString(s)
	if err != nil || len(b) != len(h) || len(s) != 44 {
		return h, false
	}
	return Hash(b), true
}

// parseNumber reads a decimal number without superfluous zeros or sign.
func parseNumber(s string) (uint64, bool) {
	n, err := strconv.ParseUint(s, 10, 63)
	return n, err == nil && strconv.FormatUint(n, 10) == s
}
