package beacon

import (
	"cmp"
	"crypto/md5"
	"crypto/sha256"
	"encoding/binary"
	"math/big"
	"slices"
	"strings"
)

// Source is what one public source gave: its numbers as decimal text, in any
// order. An index such as 3123.66 has a fraction.
type Source []string

// maxDigits bounds one number; lottery numbers and indices have fewer.
const maxDigits = 40

// Key joins sources, in their order, to the string of RFC 3797 section 4: each
// number ends in a period or has one inside, has no superfluous zeros, numbers
// of one source go from small to large and end in a slash.
func Key(sources []Source) (string, error) {
	var b strings.Builder
	if len(sources) == 0 {
		return "", &Error{Field: "source", Reason: "empty"}
	}
	for i, s := range sources {
		values := make([]string, len(s))
		for j, v := range s {
			n, ok := number(v)
			if !ok {
				return "", &Error{"source", i, "syntax"}
			}
			values[j] = n
		}
		if len(values) == 0 {
			return "", &Error{"source", i, "empty"}
		}
		slices.SortFunc(values, compareNumbers)
		b.WriteString(strings.Join(values, "") + "/")
	}
	return b.String(), nil
}

// number brings a decimal number into the one form RFC 3797 allows.
func number(s string) (string, bool) {
	whole, fraction, _ := strings.Cut(s, ".")
	if len(s) > maxDigits || !digits(whole) || whole == "" || !digits(fraction) {
		return "", false
	}
	whole = strings.TrimLeft(whole, "0")
	return cmp.Or(whole, "0") + "." + strings.TrimRight(fraction, "0"), true
}

func digits(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r < '0' || r > '9' })
}

func compareNumbers(a, b string) int {
	aw, af, _ := strings.Cut(a, ".")
	bw, bf, _ := strings.Cut(b, ".")
	return cmp.Or(cmp.Compare(len(aw), len(bw)), strings.Compare(aw, bw), strings.Compare(af, bf))
}

// KeyRandomness is the value a draw takes from a key: its SHA-256. RFC 3797
// itself uses MD5 and a modulus; see Order.
func KeyRandomness(key string) [32]byte { return sha256.Sum256([]byte(key)) }

// Digest is the i-th MD5 value of RFC 3797 section 4, i from 0.
func Digest(key string, i uint16) [md5.Size]byte {
	n := binary.BigEndian.AppendUint16(nil, i)
	return md5.Sum(slices.Concat(n, []byte(key), n))
}

// Order selects k of a numbered list of n as RFC 3797 section 4 does, and
// returns their positions from 1. It is here to recompute selections of others.
// Do not draw with it: MD5 is broken, the modulus has a bias, and the result
// depends on the order of the list.
func Order(key string, n, k int) ([]int, error) {
	const most = 1 << 16 // the counter has two bytes
	if n < 1 || n > most || k < 0 || k > n {
		return nil, &Error{Field: "pool", Reason: "range"}
	}
	left := make([]int, n)
	for i := range left {
		left[i] = i + 1
	}
	out := make([]int, 0, k)
	for i := range k {
		d := Digest(key, uint16(i))
		at := int(new(big.Int).Mod(new(big.Int).SetBytes(d[:]), big.NewInt(int64(len(left)))).Int64())
		out = append(out, left[at])
		left = slices.Delete(left, at, at+1)
	}
	return out, nil
}
