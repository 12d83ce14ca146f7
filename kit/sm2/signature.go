package sm2

import (
	"golang.org/x/crypto/cryptobyte"
	"golang.org/x/crypto/cryptobyte/asn1"
)

// A Signature is the pair (r, s). Programs exchange it as DER (GM/T 0009,
// certificates) or as the 64 bytes r‖s (smart cards, JOSE-like formats).
type Signature struct{ r, s [32]byte }

// ParseRaw reads r‖s, big-endian, 32 bytes each.
func ParseRaw(b []byte) (sig Signature, err error) {
	if len(b) != 64 {
		return sig, refuse("signature", ReasonLength)
	}
	copy(sig.r[:], b[:32])
	copy(sig.s[:], b[32:])
	return sig, nil
}

// Raw returns r‖s.
func (s Signature) Raw() []byte { return append(append(make([]byte, 0, 64), s.r[:]...), s.s[:]...) }

// ParseDER reads a SEQUENCE of two INTEGERs. Only the one shortest encoding is
// accepted, nothing may follow, and both are at most 32 bytes.
func ParseDER(b []byte) (sig Signature, err error) {
	in := cryptobyte.String(b)
	var seq cryptobyte.String
	if !in.ReadASN1(&seq, asn1.SEQUENCE) {
		return sig, &Error{"signature", 0, ReasonEncoding}
	}
	if !in.Empty() {
		return sig, &Error{"signature", len(b) - len(in), ReasonEncoding}
	}
	for _, v := range []*[32]byte{&sig.r, &sig.s} {
		pos := len(b) - len(seq)
		var i []byte
		if !seq.ReadASN1Integer(&i) {
			return sig, &Error{"signature", pos, ReasonEncoding}
		}
		if len(i) > len(v) {
			return sig, &Error{"signature", pos, ReasonRange}
		}
		copy(v[len(v)-len(i):], i)
	}
	if !seq.Empty() {
		return sig, &Error{"signature", len(b) - len(seq), ReasonEncoding}
	}
	return sig, nil
}

// DER returns what ParseDER reads.
func (s Signature) DER() []byte {
	b := make([]byte, 0, 72)
	b = append(b, byte(asn1.SEQUENCE), 0)
	b = appendInteger(b, s.r[:])
	b = appendInteger(b, s.s[:])
	b[1] = byte(len(b) - 2)
	return b
}

func appendInteger(b, v []byte) []byte {
	for len(v) > 1 && v[0] == 0 {
		v = v[1:]
	}
	if v[0] >= 0x80 {
		b = append(b, byte(asn1.INTEGER), byte(len(v)+1), 0)
	} else {
		b = append(b, byte(asn1.INTEGER), byte(len(v)))
	}
	return append(b, v...)
}
