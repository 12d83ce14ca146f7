package entry

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"slices"
	"strings"

	"github.com/dinghai/dinghai/kit/jcs"
)

// group is what the number of commitments is rounded up to, so that it does not
// tell how many fields a record has.
const group = 4

// Salt hides a value that could be guessed. It is random, never derived: a
// derived salt could be made again after an erasure.
type Salt [32]byte

// MarshalText writes hexadecimal.
func (s Salt) MarshalText() ([]byte, error) { return hex.AppendEncode(nil, s[:]), nil }

// UnmarshalText reads hexadecimal.
func (s *Salt) UnmarshalText(b []byte) error { return (*Hash)(s).UnmarshalText(b) }

// Opening is a field with its salt: what an erasure destroys, and what a
// disclosure shows.
type Opening struct {
	Name  string          `json:"name"`
	Salt  Salt            `json:"salt"`
	Value json.RawMessage `json:"value"` // canonical JSON
}

// Commitment is SHA-256 of "dinghai-c1", salt, name and canonical value, with a
// zero byte between each.
func (o Opening) Commitment() (Hash, error) {
	if o.Name == "" || strings.Contains(o.Name, "\x00") {
		return Hash{}, &Error{"name", -1, "syntax"}
	}
	value, err := jcs.TransformExact(o.Value)
	if err != nil {
		return Hash{}, err
	}
	return sha256.Sum256(bytes.Join([][]byte{[]byte("dinghai-c1"), o.Salt[:], []byte(o.Name), value}, []byte{0})), nil
}

// Seal commits to fields: it draws a salt for each from rand, usually
// crypto/rand.Reader, and returns the openings by name and the commitments,
// sorted and filled up with decoys to a multiple of four. Values are encoded as
// JSON; numbers must be integers.
func Seal(rand io.Reader, fields map[string]any) ([]Opening, []Hash, error) {
	var openings []Opening
	var list []Hash
	for name, v := range fields {
		value, err := jcs.Marshal(v)
		if err != nil {
			return nil, nil, err
		}
		openings = append(openings, Opening{Name: name, Value: value})
	}
	slices.SortFunc(openings, func(a, b Opening) int { return strings.Compare(a.Name, b.Name) })
	for i := range openings {
		if _, err := io.ReadFull(rand, openings[i].Salt[:]); err != nil {
			return nil, nil, err
		}
		c, err := openings[i].Commitment()
		if err != nil {
			return nil, nil, err
		}
		list = append(list, c)
	}
	for len(list)%group != 0 {
		var decoy Hash
		if _, err := io.ReadFull(rand, decoy[:]); err != nil {
			return nil, nil, err
		}
		list = append(list, decoy)
	}
	slices.SortFunc(list, func(a, b Hash) int { return bytes.Compare(a[:], b[:]) })
	return openings, list, nil
}

// Disclosed checks openings against an entry and returns the values by name.
// Every opening must be committed to, and no name may occur twice.
func Disclosed(e *Entry, openings []Opening) (map[string]json.RawMessage, error) {
	out := make(map[string]json.RawMessage, len(openings))
	for i, o := range openings {
		c, err := o.Commitment()
		if err != nil {
			return nil, err
		}
		if !slices.Contains(e.Commitments, c) {
			return nil, &Error{"value", i, "mismatch"}
		}
		if _, twice := out[o.Name]; twice {
			return nil, &Error{"name", i, "duplicate"}
		}
		out[o.Name] = o.Value
	}
	return out, nil
}
