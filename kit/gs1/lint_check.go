package gs1

import "strings"

// lintCsum wants the mod-10 check digit: weights 3, 1, 3 … from the right.
func lintCsum(s string, _ GCPLookup) fault {
	if s == "" {
		return fault{"TOO_SHORT_FOR_CHECK_DIGIT", 0, 0}
	}
	sum, weight := 0, 1
	for i := len(s) - 1; i >= 0; i-- {
		sum += int(s[i]-'0') * weight
		weight = 4 - weight
	}
	if i := outside(s, setN); i >= 0 {
		return fault{"NON_DIGIT_CHARACTER", i, 1}
	}
	if sum%10 != 0 {
		return fault{"INCORRECT_CHECK_DIGIT", len(s) - 1, 1}
	}
	return clean
}

const (
	cset82 = "!\"%&'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz"
	cset32 = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
)

// weight82 is the value of a character in the alphanumeric check.
var weight82 = func() (w [256]uint16) {
	for i := range len(cset82) {
		w[cset82[i]] = uint16(i)
	}
	return w
}()

// primes are the weights of the alphanumeric check, from the right.
var primes = func() (p [97]uint32) {
	n := 0
next:
	for c := uint32(2); n < len(p); c++ {
		for _, q := range p[:n] {
			if c%q == 0 {
				continue next
			}
		}
		p[n] = c
		n++
	}
	return p
}()

// lintCsumalpha wants the check character pair of GS1 General Specifications
// 7.9.5: sum of character values by primes, modulo 1021, in two base-32 digits.
func lintCsumalpha(s string, _ GCPLookup) fault {
	n := len(s) - 2
	if n < 0 {
		return whole(s, "TOO_SHORT_FOR_CHECK_PAIR")
	}
	if n > len(primes) {
		return whole(s, "TOO_LONG_FOR_CHECK_PAIR_IMPLEMENTATION")
	}
	if i := outside(s[:n], setX); i >= 0 {
		return fault{"INVALID_CSET82_CHARACTER", i, 1}
	}
	sum := uint32(0)
	for i := range n {
		sum += uint32(weight82[s[i]]) * primes[n-1-i]
	}
	sum %= 1021
	if s[n] != cset32[sum>>5] || s[n+1] != cset32[sum&31] {
		return fault{"INCORRECT_CHECK_PAIR", n, 2}
	}
	return clean
}

// gcpShortest is the length of the shortest GS1 Company Prefix.
const gcpShortest = 4

func lintGcppos1(s string, gcp GCPLookup) fault {
	if len(s) < gcpShortest {
		return whole(s, "TOO_SHORT_FOR_GCP")
	}
	if i := outside(s[:gcpShortest], setN); i >= 0 {
		return fault{"INVALID_GCP_PREFIX", i, 1}
	}
	if gcp == nil {
		return clean
	}
	switch gcp(s) {
	case GCPInvalid:
		return whole(s, "INVALID_GCP_PREFIX")
	case GCPOffline:
		return whole(s, "GCP_DATASOURCE_OFFLINE")
	}
	return clean
}

// lintGcppos2 skips the indicator or extension digit before the prefix.
func lintGcppos2(s string, gcp GCPLookup) fault {
	if len(s) < 2 {
		return whole(s, "TOO_SHORT_FOR_GCP")
	}
	f := lintGcppos1(s[1:], gcp)
	if f.reason != "" {
		f.pos++
	}
	return f
}

// lintIban wants an ISO 13616 account number with correct check digits.
func lintIban(s string, _ GCPLookup) fault {
	switch {
	case len(s) <= 4:
		return whole(s, "IBAN_TOO_SHORT")
	case len(s) > 34:
		return whole(s, "IBAN_TOO_LONG")
	}
	rest := 0
	for i := range len(s) {
		c := s[(i+4)%len(s)]
		switch {
		case c >= '0' && c <= '9':
			rest = (rest*10 + int(c-'0')) % 97
		case c >= 'A' && c <= 'Z':
			rest = (rest*100 + int(c-'A') + 10) % 97
		default:
			return fault{"INVALID_IBAN_CHARACTER", firstNot(s, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"), 1}
		}
	}
	if !isCountry(s[:2]) {
		return fault{"ILLEGAL_IBAN_COUNTRY_CODE", 0, 2}
	}
	if rest != 1 {
		return fault{"INCORRECT_IBAN_CHECKSUM", 2, 2}
	}
	return clean
}

// firstNot returns the position of the first byte of s not in chars.
func firstNot(s, chars string) int {
	return strings.IndexFunc(s, func(r rune) bool { return !strings.ContainsRune(chars, r) })
}
