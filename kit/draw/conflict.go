package draw

import (
	"crypto/sha256"
	"encoding/hex"
	"io"
	"slices"
)

// Opening shows one conflict: this inspector must not visit this object. Its salt
// is random and of this pair alone, so that showing one pair tells nothing about
// another.
type Opening struct {
	Salt              [32]byte
	Inspector, Object string
}

// Leaf is the commitment to the pair, the hash of a leaf of RFC 6962 over salt,
// inspector and object. Nothing stands between them: the pair can be read in one
// way only because no inspector's number begins with another's (ReadInspectors).
func (o Opening) Leaf() Hash {
	b := append([]byte{0}, o.Salt[:]...)
	return sha256.Sum256(append(append(b, o.Inspector...), o.Object...))
}

func (o Opening) line() string {
	return hex.EncodeToString(o.Salt[:]) + "," + o.Inspector + "," + o.Object
}

func (o Opening) check() error {
	return firstError(word("inspector", o.Inspector, false), word("object", o.Object, false))
}

// WriteConflicts writes the file of commitments that is frozen: their leaves in
// hexadecimal, sorted.
func WriteConflicts(w io.Writer, list []Opening) error {
	return writeSorted(w, list, func(o Opening) (string, string, error) {
		leaf := o.Leaf().String()
		return leaf, leaf, o.check()
	}, "conflict")
}

// WriteOpenings writes the file that is published with the reveal: the conflicts
// that mattered, salt,inspector,object, sorted.
func WriteOpenings(w io.Writer, list []Opening) error {
	return writeSorted(w, list, func(o Opening) (string, string, error) { return o.line(), o.line(), o.check() }, "conflict")
}

// ReadConflicts reads the file of commitments and returns them and their root,
// that of the tree with these leaves.
func ReadConflicts(r io.Reader) ([]Hash, Hash, error) {
	var out []Hash
	var m merkle
	_, err := readLines(r, "conflict", func(line []byte) (string, string) {
		var h Hash
		if h.UnmarshalText(line) != nil || h.String() != string(line) {
			return "", "syntax"
		}
		out = append(out, h)
		m.addHash(h)
		return string(line), ""
	})
	return out, m.root(), err
}

// ReadOpenings reads the file of openings and returns them and the root of its
// lines.
func ReadOpenings(r io.Reader) ([]Opening, Hash, error) {
	var out []Opening
	root, err := readLines(r, "conflict", func(line []byte) (string, string) {
		var c [3][]byte
		if reason := columns(line, c[:], false); reason != "" {
			return "", reason
		}
		o := Opening{Inspector: string(c[1]), Object: string(c[2])}
		if len(c[0]) != 64 {
			return "", "syntax"
		}
		if _, err := hex.Decode(o.Salt[:], c[0]); err != nil || o.check() != nil || o.line() != string(line) {
			return "", "syntax"
		}
		out = append(out, o)
		return string(line), ""
	})
	return out, root, err
}

// checkOpenings reports whether each opening was frozen.
func checkOpenings(openings []Opening, frozen []Hash) error {
	for i, o := range openings {
		if _, ok := slices.BinarySearchFunc(frozen, o.Leaf(), Hash.Compare); !ok {
			return &Error{"conflict", o.Inspector + "," + o.Object, "unknown", i + 1}
		}
	}
	return nil
}

// conflictSet makes the set that Staff looks up.
func conflictSet(openings []Opening) map[Conflict]bool {
	out := make(map[Conflict]bool, len(openings))
	for _, o := range openings {
		out[Conflict{o.Inspector, o.Object}] = true
	}
	return out
}
