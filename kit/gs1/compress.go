package gs1

import (
	"math/big"
	"slices"
	"strings"
)

// Compress returns the compressed form of a Digital Link URI, or the URI itself
// when there is none that is safe and shorter. Safe means that it decompresses
// to the same message, here and with decoders that hold numbers in floating
// point, which lose leading zeros and what lies beyond 2^53. Other query
// parameters and the fragment stay as they are. With optimise, common pairs of
// AIs share one byte.
func Compress(uri string, optimise bool) (string, error) { return Parser{}.Compress(uri, optimise) }

// Compress is like the function of that name, with the parser's tolerances.
func (p Parser) Compress(uri string, optimise bool) (string, error) {
	m, err := p.URI(uri)
	if err != nil {
		return "", err
	}
	packed, ok := m.pack(optimise)
	if !ok {
		return uri, nil
	}
	stem, rest := splitStem(uri)
	short := stem + "/" + packed + rest
	if len(short) >= len(uri) || !p.sameMessage(short, m) {
		return uri, nil
	}
	return short, nil
}

// splitStem parts what stands before the primary key from what has to follow a
// compressed path: parameters that are no AIs, and the fragment.
func splitStem(uri string) (stem, rest string) {
	u, _ := splitURI(uri)
	r := uriReader{s: uri}
	stem = uri[:u.path+max(0, r.findKey(uri[u.path:u.pathEnd]))]
	if q := otherParameters(uri[u.query:u.queryEnd]); q != "" {
		rest = "?" + q
	}
	return stem, rest + uri[u.queryEnd:]
}

// otherParameters drops the AIs from a query.
func otherParameters(query string) string {
	keep := slices.DeleteFunc(strings.Split(query, "&"), func(p string) bool {
		name, _, assigned := strings.Cut(p, "=")
		return p == "" || assigned && name != "" && outside(name, setN) < 0
	})
	return strings.Join(keep, "&")
}

func (p Parser) sameMessage(compressed string, m *Message) bool {
	plain, err := p.Decompress(compressed)
	if err != nil {
		return false
	}
	got, err := p.URI(plain)
	if err != nil || len(got.elems) != len(m.elems) {
		return false
	}
	for _, e := range m.elems {
		if f := got.find(e.AI); f == nil || f.Value != e.Value {
			return false
		}
	}
	return true
}

// pack returns the binary form in base64url; not ok when a value has no safe one.
func (m *Message) pack(optimise bool) (string, bool) {
	var w bitWriter
	var codes []string
	for i := range m.elems {
		codes = append(codes, m.elems[i].AI)
	}
	slices.Sort(codes)
	for optimise {
		best := bestSequence(codes)
		if best < 0 {
			break
		}
		seq := sequences[best]
		codes = slices.DeleteFunc(codes, func(c string) bool { return contains(seq.ais, c) })
		w.write(uint64(seq.code), 8)
		for _, c := range seq.ais {
			if !w.value(c, m.Value(c)) {
				return "", false
			}
		}
	}
	for _, c := range codes {
		for _, d := range []byte(c) {
			w.write(uint64(d-'0'), 4)
		}
		if !w.value(c, m.Value(c)) {
			return "", false
		}
	}
	return w.base64(), true
}

// bestSequence is the index of the sequence within codes that saves most.
func bestSequence(codes []string) int {
	best, most := -1, 0
next:
	for i, seq := range sequences {
		saves := 0
		for _, c := range seq.ais {
			if !contains(codes, c) {
				continue next
			}
			saves += len(c)
		}
		if saves > most {
			best, most = i, saves
		}
	}
	return best
}

// bitWriter collects bits, six to a character.
type bitWriter struct {
	out []byte
	acc uint64 // the last n bits
	n   int
}

func (w *bitWriter) write(v uint64, bits int) {
	for i := bits - 1; i >= 0; i-- {
		w.acc = w.acc<<1 | v>>uint(i)&1
		if w.n++; w.n == 6 {
			w.out = append(w.out, base64url[w.acc&63])
			w.n = 0
		}
	}
}

func (w *bitWriter) base64() string {
	if w.n > 0 {
		w.write(0, 6-w.n)
	}
	return string(w.out)
}

// number writes digits as one number of valueBits.
func (w *bitWriter) number(digits string) {
	n, _ := new(big.Int).SetString("0"+digits, 10)
	for i := valueBits(len(digits)) - 1; i >= 0; i-- {
		w.write(uint64(n.Bit(i)), 1)
	}
}

// floatMost is the greatest integer up to which floating point has them all.
const floatMost = "9007199254740991"

// value writes the value of an AI; false when a decoder that computes in
// floating point would read it wrong.
func (w *bitWriter) value(code, value string) bool {
	fields, ok := formats[code]
	if !ok {
		return false
	}
	for i, f := range fields {
		part := value
		if f.fixed || i < len(fields)-1 {
			part = value[:min(f.max, len(value))]
		}
		value = value[len(part):]
		switch {
		case !f.numeric:
			w.text(part, f)
		case !floatSafe(part, f.fixed):
			return false
		default:
			if !f.fixed {
				w.write(uint64(len(part)), lengthBits(f.max))
			}
			w.number(part)
		}
	}
	return true
}

// floatSafe tells whether a number survives floating point. Leading zeros do
// where the length is fixed.
func floatSafe(digits string, fixed bool) bool {
	if !fixed && len(digits) > 0 && digits[0] == '0' {
		return false
	}
	n := strings.TrimLeft(digits, "0")
	return len(n) < len(floatMost) || len(n) == len(floatMost) && n <= floatMost
}

// text writes characters in the narrowest encoding that holds them.
func (w *bitWriter) text(s string, f field) {
	enc := narrowest(s)
	w.write(uint64(enc), 3)
	if !f.fixed {
		w.write(uint64(len(s)), lengthBits(f.max))
	}
	if enc == encDigits {
		w.number(s)
		return
	}
	for i := range len(s) {
		v := uint64(s[i])
		if enc != encASCII {
			v = uint64(strings.IndexByte(alphabets[enc], s[i]))
		}
		w.write(v, width[enc])
	}
}

func narrowest(s string) encoding {
	if s != "" && outside(s, setN) < 0 && floatSafe(s, false) {
		return encDigits
	}
	for _, enc := range []encoding{encUpper, encLower, encBase64} {
		if s != "" && strings.Trim(s, alphabets[enc]) == "" {
			return enc
		}
	}
	return encASCII
}
