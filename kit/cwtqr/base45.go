package cwtqr

import "strings"

// alphabet is that of RFC 9285, which is what QR codes hold in their
// alphanumeric mode.
const alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"

var valueOf = func() (v [256]uint8) {
	for i := range v {
		v[i] = 0xff
	}
	for i := range len(alphabet) {
		v[alphabet[i]] = uint8(i)
	}
	return v
}()

// encodeBase45 writes two bytes as three characters, a last single one as two,
// least significant first (RFC 9285 section 4).
func encodeBase45(b []byte) string {
	var s strings.Builder
	s.Grow((len(b)/2 + 1) * 3)
	for ; len(b) >= 2; b = b[2:] {
		n := int(b[0])<<8 | int(b[1])
		s.WriteByte(alphabet[n%45])
		s.WriteByte(alphabet[n/45%45])
		s.WriteByte(alphabet[n/45/45])
	}
	if len(b) == 1 {
		s.WriteByte(alphabet[b[0]%45])
		s.WriteByte(alphabet[b[0]/45])
	}
	return s.String()
}

// decodeBase45 reads what encodeBase45 wrote and nothing else: groups that
// stand for more than two bytes, or one, are errors.
func decodeBase45(s string) ([]byte, error) {
	if len(s)%3 == 1 {
		return nil, &Error{"base45", len(s) - 1, "one character left over", nil}
	}
	b := make([]byte, 0, len(s)/3*2+1)
	for i := 0; i < len(s); i += 3 {
		group := s[i:min(i+3, len(s))]
		n := 0
		for j, weight := 0, 1; j < len(group); j, weight = j+1, weight*45 {
			v := valueOf[group[j]]
			if v == 0xff {
				return nil, &Error{"base45", i + j, "not in the alphabet", nil}
			}
			n += int(v) * weight
		}
		switch {
		case len(group) == 3 && n < 1<<16:
			b = append(b, byte(n>>8), byte(n))
		case len(group) == 2 && n < 1<<8:
			b = append(b, byte(n))
		default:
			return nil, &Error{"base45", i, "stands for too large a number", nil}
		}
	}
	return b, nil
}
