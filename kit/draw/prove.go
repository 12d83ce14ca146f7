package draw

import (
	"fmt"
	"io"
	"slices"

	"github.com/dinghai/dinghai/kit/tlog"
)

// ProveLine makes the inclusion proof of a line as drawn, from 0. With it an
// inspector shows that his visit was in the result before anybody was told. It
// may not be called concurrently.
func (r *Result) ProveLine(i int) (line string, proof []Hash, err error) {
	if i < 0 || i >= r.drawn {
		return "", nil, refuse("line", fmt.Sprint(i), "range")
	}
	for k := len(r.leaves); k < r.drawn; k++ {
		r.leaves = append(r.leaves, leafHash([]byte(r.asDrawn(k))))
	}
	return r.asDrawn(i), path(r.leaves, i), nil
}

// asDrawn is a line as it was before replacements of members.
func (r *Result) asDrawn(i int) string {
	l := r.Lines[i]
	for _, rep := range r.log {
		if rep.Kind == MemberReplaced && rep.line == i {
			l.Members = rep.before
			break
		}
	}
	return l.String()
}

// path is the inclusion proof of leaf i, RFC 6962 section 2.1.1.
func path(leaves []Hash, i int) []Hash {
	if len(leaves) <= 1 {
		return nil
	}
	k := 1
	for 2*k < len(leaves) {
		k *= 2
	}
	if i < k {
		return append(path(leaves[:k], i), treeHash(leaves[k:]))
	}
	return append(path(leaves[k:], i-k), treeHash(leaves[:k]))
}

func treeHash(leaves []Hash) Hash {
	var m merkle
	for _, h := range leaves {
		m.addHash(h)
	}
	return m.root()
}

// VerifyLine checks that a line is the one at i, from 0, of count lines under a
// root: of a result, or of a pool.
func VerifyLine(root Hash, count, i int, line string, proof []Hash) error {
	if count < 0 || i < 0 {
		return refuse("line", fmt.Sprint(i), "range")
	}
	hashes := make([]tlog.Hash, len(proof))
	for k, h := range proof {
		hashes[k] = tlog.Hash(h)
	}
	return tlog.VerifyInclusion(hashes, uint64(i), uint64(count), tlog.LeafHash([]byte(line)), tlog.Hash(root))
}

// ProveObject finds an object in the file of the pool and proves its line under
// the pool's root, about 1 KB for ten million objects. Memory grows with the file
// divided by 8,192.
func ProveObject(objects io.Reader, id string) (line string, at int, proof []Hash, err error) {
	var roots, leaves, mine []Hash // of chunks, of the chunk at hand, of the object's chunk
	at, n := -1, 0
	flush := func() {
		if at >= 0 && mine == nil {
			mine = slices.Clone(leaves)
		}
		roots, leaves = append(roots, treeHash(leaves)), leaves[:0]
	}
	var columns objectColumns
	_, err = readLines(objects, "object", func(b []byte) (string, string) {
		if reason := columns.read(b); reason != "" {
			return "", reason
		}
		if len(leaves) == chunkLines {
			flush()
		}
		if string(columns.id()) == id {
			line, at = string(b), n
		}
		leaves = append(leaves, leafHash(b))
		n++
		return string(columns.id()), ""
	})
	if err == nil && at < 0 {
		err = refuse("object", id, "unknown")
	}
	if err != nil {
		return "", 0, nil, err
	}
	flush()
	// The tree over the roots of chunks is the upper part of the tree over lines.
	return line, at, append(path(mine, at%chunkLines), path(roots, at/chunkLines)...), nil
}

// WasDrawn checks one object alone, without any list: whether its ticket is not
// above the published threshold of its stratum.
func WasDrawn(seed Hash, drawNo, stratum, object string, threshold Hash) bool {
	return Ticket(StratumKey(seed, drawNo, stratum), object).Compare(threshold) <= 0
}
