package draw

import (
	"cmp"
	"math/bits"
	"slices"
)

// Fraction is a share P/Q in whole numbers; percentages as floats differ
// between languages.
type Fraction struct{ P, Q uint64 }

// Of returns P/Q of n, rounded up: a share above zero of anything draws at
// least one.
func (f Fraction) Of(n int) (int, error) {
	if f.Q == 0 || f.P > f.Q || n < 0 {
		return 0, &Error{Field: "quota", Reason: "range"}
	}
	hi, lo := bits.Mul64(uint64(n), f.P)
	q, rem := bits.Div64(hi, lo, f.Q)
	if rem > 0 {
		q++
	}
	return int(q), nil
}

// Quotas applies one share to every stratum.
func Quotas(sizes map[string]int, f Fraction) (map[string]int, error) {
	out := make(map[string]int, len(sizes))
	for code, n := range sizes {
		q, err := f.Of(n)
		if err != nil {
			return nil, err
		}
		out[code] = q
	}
	return out, nil
}

// Apportion divides a fixed total over strata in proportion to their sizes, by
// largest remainder; equal remainders go by stratum code.
func Apportion(total int, sizes map[string]int) (map[string]int, error) {
	all := 0
	for code, n := range sizes {
		if n < 0 {
			return nil, refuse("quota", code, "range")
		}
		all += n
	}
	if total < 0 || total > all {
		return nil, &Error{Field: "quota", Reason: "range"}
	}
	type share struct {
		code string
		rem  uint64
	}
	out, left := make(map[string]int, len(sizes)), total
	shares := make([]share, 0, len(sizes))
	for code, n := range sizes {
		if all == 0 {
			out[code] = 0
			continue
		}
		hi, lo := bits.Mul64(uint64(total), uint64(n))
		q, rem := bits.Div64(hi, lo, uint64(all))
		out[code] = int(q)
		left -= int(q)
		shares = append(shares, share{code, rem})
	}
	slices.SortFunc(shares, func(a, b share) int {
		return cmp.Or(cmp.Compare(b.rem, a.rem), cmp.Compare(a.code, b.code))
	})
	for _, s := range shares[:left] {
		out[s.code]++
	}
	return out, nil
}
