package gs1

import "strings"

// URI reads a GS1 Digital Link URI, version 1.6. What stands before the
// rightmost primary key of the path is the stem and means nothing; so do the
// fragment and query parameters whose names are not all digits.
func (p Parser) URI(s string) (*Message, error) {
	m := new(Message)
	if err := p.URIInto(m, s); err != nil {
		return nil, err
	}
	return m, nil
}

// URIInto is like URI but puts the elements into m, in place of what was there,
// so that a loop over many URIs can do with one Message.
func (p Parser) URIInto(m *Message, s string) error {
	m.reset()
	m.loose = p.UnknownAttributes
	if err := checkSize(s); err != nil {
		return err
	}
	if i := outside(s, setU); i >= 0 {
		return &Error{Value: s, Pos: i, Len: 1, Reason: ReasonURIChar, end: len(s)}
	}
	u, err := splitURI(s)
	if err != nil {
		return err
	}
	r := uriReader{Parser: p, s: s, m: m}
	if err := r.readPath(u); err != nil {
		return err
	}
	if err := r.readQuery(u); err != nil {
		return err
	}
	return p.finish(m)
}

// parts are positions in a URI.
type parts struct {
	path, pathEnd   int // path begins with its slash
	query, queryEnd int // query without its question mark
}

// splitURI finds the parts and checks scheme and host.
func splitURI(s string) (u parts, err error) {
	host := 0
	for _, scheme := range [...]string{"https://", "HTTPS://", "http://", "HTTP://"} {
		if strings.HasPrefix(s, scheme) {
			host = len(scheme)
		}
	}
	if host == 0 {
		return u, wrong(s, 0, ReasonScheme)
	}
	u.path = len(s)
	if i := strings.IndexByte(s[host:], '/'); i >= 0 {
		u.path = host + i
	}
	if !validHost(s[host:u.path]) {
		return u, &Error{Value: s, Pos: host, Len: u.path - host, Reason: ReasonHost, end: len(s)}
	}
	end := len(s)
	if i := strings.IndexByte(s[u.path:], '#'); i >= 0 {
		end = u.path + i
	}
	u.pathEnd, u.query, u.queryEnd = end, end, end
	if i := strings.IndexByte(s[u.path:end], '?'); i >= 0 {
		u.pathEnd, u.query = u.path+i, u.path+i+1
	}
	return u, nil
}

// validHost takes a name, an IPv4 address or an IPv6 address in brackets, and
// perhaps a port. User information and zones have no place in a Digital Link.
func validHost(h string) bool {
	name, port := h, ""
	if i := strings.LastIndexByte(h, ':'); i >= 0 && !strings.HasSuffix(h, "]") {
		name, port = h[:i], h[i+1:]
		if port == "" || len(port) > 5 || outside(port, setN) >= 0 || len(port) == 5 && port > "65535" {
			return false
		}
	}
	if inner, ok := strings.CutPrefix(name, "["); ok {
		inner, ok = strings.CutSuffix(inner, "]")
		return ok && inner != "" && strings.Trim(inner, "0123456789abcdefABCDEF:.") == ""
	}
	return name != "" && outside(name, setH) < 0
}

// alphas are the names that stood for AIs in paths until URI Syntax 1.3.
var alphas = map[string]string{
	"sscc": "00", "gtin": "01", "lot": "10", "ser": "21", "cpv": "22", "gdti": "253", "glnx": "254", "gcn": "255",
	"ginc": "401", "gsin": "402", "gln": "414", "payTo": "415", "party": "417", "grai": "8003", "giai": "8004",
	"itip": "8006", "cpid": "8010", "cpsn": "8011", "gmn": "8013", "gsrnp": "8017", "gsrn": "8018", "srin": "8019",
	"refno": "8020",
}

type uriReader struct {
	Parser
	s string
	m *Message
}

// code reads an AI of a path.
func (r *uriReader) code(segment string) (string, *AI) {
	if r.ConvenienceAlphas {
		if c, ok := alphas[segment]; ok {
			segment = c
		}
	}
	return segment, r.lookup(segment)
}

// readPath looks from the end for pairs /AI/value back to a primary key, then
// reads them.
func (r *uriReader) readPath(u parts) error {
	path, base := r.s[u.path:u.pathEnd], u.path
	if r.TrailingSlash {
		path = strings.TrimSuffix(path, "/")
	}
	if path == "" {
		return wrong(r.s, base, ReasonNoKey)
	}
	start := r.findKey(path)
	if start < 0 {
		if strings.HasSuffix(path, "/") {
			return wrong(r.s, base+len(path)-1, ReasonTrailingSlash)
		}
		return wrong(r.s, base, ReasonNoKey)
	}
	for pos := start; pos < len(path); {
		value := strings.IndexByte(path[pos+1:], '/') + pos + 1
		end := len(path)
		if i := strings.IndexByte(path[value+1:], '/'); i >= 0 {
			end = value + 1 + i
		}
		code, ai := r.code(path[pos+1 : value])
		if err := r.add(ai, code, path[value+1:end], false); err != nil {
			return err
		}
		pos = end
	}
	r.m.path = len(r.m.elems)
	if !inSequence(r.m.elems) {
		return &Error{Value: r.s, Pos: base + start, Len: len(path) - start, Reason: ReasonPath, end: len(r.s)}
	}
	return nil
}

// findKey returns where the rightmost primary key begins, with its slash, -1
// when something else than AIs stands behind it.
func (r *uriReader) findKey(path string) int {
	end := len(path)
	for {
		value := strings.LastIndexByte(path[:end], '/')
		if value < 0 {
			return -1
		}
		at := strings.LastIndexByte(path[:value], '/')
		if at < 0 {
			return -1
		}
		_, ai := r.code(path[at+1 : value])
		if ai == nil {
			return -1
		}
		if ai.Key {
			return at
		}
		end = at
	}
}

// readQuery reads the attributes.
func (r *uriReader) readQuery(u parts) error {
	for pos := u.query; pos < u.queryEnd; {
		end := u.queryEnd
		if i := strings.IndexByte(r.s[pos:end], '&'); i >= 0 {
			end = pos + i
		}
		eq := strings.IndexByte(r.s[pos:end], '=')
		if eq > 0 && outside(r.s[pos:pos+eq], setN) < 0 {
			if err := r.attribute(r.s[pos:pos+eq], r.s[pos+eq+1:end], pos); err != nil {
				return err
			}
		}
		pos = end + 1
	}
	return nil
}

func (r *uriReader) attribute(code, value string, pos int) error {
	ai := r.lookup(code)
	bad := func(reason Reason) error {
		return &Error{AI: code, Value: r.s, Pos: pos, Len: len(code), Reason: reason, end: len(r.s)}
	}
	switch {
	case ai == nil:
		return bad(ReasonUnknownAI)
	case r.m.find(code) != nil:
		return bad(ReasonDuplicate)
	case !ai.Attribute, ai.unknown && !r.UnknownAttributes, couldQualify(r.m.elems[:r.m.path], code):
		return bad(ReasonNotAttribute)
	}
	return r.add(ai, code, value, true)
}

// add decodes and checks a value.
func (r *uriReader) add(ai *AI, code, value string, query bool) error {
	if strings.IndexByte(value, '%') >= 0 || query && strings.IndexByte(value, '+') >= 0 {
		var room [96]byte
		value = string(appendUnescaped(room[:0], value, query))
		if i := strings.IndexByte(value, 0); i >= 0 {
			return &Error{AI: code, Value: value, Pos: i, Len: 1, Reason: ReasonNUL, end: len(value)}
		}
	}
	if n := len(value); r.ZeroSuppressedGTIN && code == "01" && (n == 8 || n == 12 || n == 13) {
		value = "000000"[:14-n] + value
	}
	return r.element(r.m, ai, code, value)
}

// inSequence tells whether qualifiers follow a key in the order of one of its
// alternative sequences.
func inSequence(elems []Element) bool {
	if len(elems) == 1 {
		return true
	}
	for _, seq := range elems[0].ai.qualifiers {
		if ordered(elems[1:], seq) {
			return true
		}
	}
	return false
}

func ordered(elems []Element, seq []string) bool {
	for _, code := range seq {
		if len(elems) > 0 && elems[0].AI == code {
			elems = elems[1:]
		}
	}
	return len(elems) == 0
}

// couldQualify tells whether code could stand in the path beside what stands
// there, and so must not be an attribute.
func couldQualify(path []Element, code string) bool {
	for _, seq := range path[0].ai.qualifiers {
		if contains(seq, code) && ordered(path[1:], seq) {
			return true
		}
	}
	return false
}

func contains(list []string, s string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}
