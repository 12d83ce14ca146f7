package gs1

import (
	"math/big"
	"strings"
)

// Decompress returns the plain Digital Link URI that a compressed one stands
// for, under the same stem: fully compressed ones, whose last path segment holds
// all, and those with the primary key before it. Parameters and fragment of the
// URI are kept. URIs that are plain come back as they are. All elements are
// checked.
func Decompress(uri string) (string, error) { return Parser{}.Decompress(uri) }

// IsCompressed tells whether the path of a URI looks like compressed data: it
// has no pairs of AI and value back to a primary key and ends in base64url.
func IsCompressed(uri string) bool {
	u, err := splitURI(uri)
	if err != nil {
		return false
	}
	r := uriReader{s: uri}
	path := strings.TrimSuffix(uri[u.path:u.pathEnd], "/")
	last := path[strings.LastIndexByte(path, '/')+1:]
	return r.findKey(path) < 0 && last != "" && outside(last, setZ) < 0
}

// Decompress is like the function of that name, with the parser's tolerances.
func (p Parser) Decompress(uri string) (string, error) {
	if err := checkSize(uri); err != nil {
		return "", err
	}
	if i := outside(uri, setU); i >= 0 {
		return "", &Error{Value: uri, Pos: i, Len: 1, Reason: ReasonURIChar, end: len(uri)}
	}
	if !IsCompressed(uri) {
		_, err := p.URI(uri)
		return uri, err
	}
	u, _ := splitURI(uri)
	path := uri[u.path:u.pathEnd]
	if p.TrailingSlash {
		path = strings.TrimSuffix(path, "/")
	}
	cut := strings.LastIndexByte(path, '/')
	plain, err := p.unpacked(uri, uri[:u.path+cut], path[cut+1:], false)
	if err != nil {
		var again error
		if plain, again = p.unpacked(uri, uri[:u.path+cut], path[cut+1:], true); again != nil {
			return "", err
		}
	}
	plain = joinQuery(plain, uri[u.query:u.queryEnd])
	if _, err := p.URI(plain); err != nil {
		return "", err
	}
	return plain + uri[u.queryEnd:], nil
}

func joinQuery(uri, query string) string {
	switch {
	case query == "":
		return uri
	case strings.Contains(uri, "?"):
		return uri + "&" + query
	}
	return uri + "?" + query
}

// unpacked builds the plain URI from the compressed segment and the elements
// that stand before it, if any.
func (p Parser) unpacked(uri, before, segment string, published bool) (string, error) {
	m := &Message{loose: p.UnknownAttributes}
	stem := before
	u, _ := splitURI(uri)
	if r := (uriReader{Parser: p, s: uri, m: m}); u.path < len(before) {
		if at := r.findKey(before[u.path:]); at >= 0 {
			if err := r.readPath(parts{path: u.path + at, pathEnd: len(before)}); err != nil {
				return "", err
			}
			stem = before[:u.path+at]
		}
	}
	d := decoder{bitReader: bitReader{s: segment}, p: p, m: m, published: published}
	if err := d.run(); err != nil {
		return "", err
	}
	if err := p.finish(m); err != nil {
		return "", err
	}
	plain, err := m.URI(stem)
	if err != nil {
		return "", err
	}
	return joinQuery(plain, strings.Join(d.others, "&")), nil
}

// bitReader reads base64url, six bits a character.
type bitReader struct {
	s   string
	pos int // in bits
	bad bool
}

func (r *bitReader) left() int { return len(r.s)*6 - r.pos }

func (r *bitReader) bit() uint64 {
	if r.left() <= 0 {
		r.bad = true
		return 0
	}
	v := strings.IndexByte(base64url, r.s[r.pos/6])
	b := uint64(v) >> uint(5-r.pos%6) & 1
	r.pos++
	return b
}

func (r *bitReader) read(bits int) (v uint64) {
	for range bits {
		v = v<<1 | r.bit()
	}
	return v
}

// number reads so many digits.
func (r *bitReader) number(digits int) string {
	n := new(big.Int)
	for range valueBits(digits) {
		n.Lsh(n, 1)
		n.SetBit(n, 0, uint(r.bit()))
		if r.bad {
			return ""
		}
	}
	if digits == 0 {
		return ""
	}
	s := n.String()
	if len(s) > digits {
		r.bad = true
		return ""
	}
	return strings.Repeat("0", digits-len(s)) + s
}

// text reads so many characters.
func (r *bitReader) text(enc encoding, n int) string {
	switch {
	case enc == encDigits:
		return r.number(n)
	case enc > encASCII || r.left() < n*width[enc]:
		r.bad = true
		return ""
	}
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(r.read(width[enc]))
		if enc != encASCII {
			b[i] = alphabets[enc][b[i]]
		}
	}
	return string(b)
}

// decoder reads the binary form into a message.
type decoder struct {
	bitReader
	p         Parser
	m         *Message
	others    []string // parameters that are no AIs, percent-encoded
	published bool     // sequences in the order that the standard prints
}

func (d *decoder) run() error {
	for d.left() > 8 {
		at := d.pos
		if err := d.item(); err != nil {
			return err
		}
		if d.bad {
			return d.malformed(at)
		}
	}
	for d.left() > 0 { // padding
		if d.bit() != 0 {
			return d.malformed(d.pos - 1)
		}
	}
	return nil
}

func (d *decoder) malformed(bit int) error { return wrong(d.s, bit/6, ReasonCompressed) }

// item reads one element, one sequence of elements or one other parameter.
func (d *decoder) item() error {
	first, second := d.read(4), d.read(4)
	switch {
	case first <= 9 && second <= 9:
		return d.single([]byte{'0' + byte(first), '0' + byte(second)})
	case first == 15:
		d.other(second)
		return nil
	}
	code := byte(first<<4 | second)
	for _, seq := range sequences {
		if seq.code == code {
			return d.sequence(code, seq.ais)
		}
	}
	d.bad = true
	return nil
}

func (d *decoder) sequence(code byte, ais []string) error {
	if other, ok := published[code]; ok && d.published {
		ais = other
	}
	for _, c := range ais {
		if err := d.element(c); err != nil {
			return err
		}
	}
	return nil
}

func (d *decoder) single(code []byte) error {
	for range codeLen(string(code)) - 2 {
		code = append(code, '0'+byte(d.read(4)))
	}
	return d.element(string(code))
}

func (d *decoder) element(code string) error {
	fields, ok := formats[code]
	if !ok {
		d.bad = true
		return nil
	}
	value := ""
	for _, f := range fields {
		value += d.field(f)
		if d.bad {
			return nil
		}
	}
	if d.m.find(code) != nil {
		return &Error{AI: code, Value: value, Reason: ReasonDuplicate}
	}
	return d.p.element(d.m, Lookup(code), code, value)
}

func (d *decoder) field(f field) string {
	enc := encDigits
	if !f.numeric {
		enc = encoding(d.read(3))
	}
	n := f.max
	if !f.fixed {
		if n = int(d.read(lengthBits(f.max))); n > f.max {
			d.bad = true
			return ""
		}
	}
	return d.text(enc, n)
}

// other reads a parameter that is no AI: F, seven bits of length of which the
// first four are read, name, encoding, length, value.
func (d *decoder) other(high uint64) {
	name := d.text(encBase64, int(high<<3|d.read(3)))
	enc := encoding(d.read(3))
	value := d.text(enc, int(d.read(7)))
	if d.bad || outside(name, setN) < 0 {
		d.bad = true // a name of digits would pass for an AI
		return
	}
	d.others = append(d.others, string(appendEscaped(append([]byte(name), '='), value, true)))
}
