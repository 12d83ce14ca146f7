package epcis

import (
	"strings"

	"github.com/dinghai/dinghai/kit/gs1"
)

// scheme says how an EPC URN of one kind becomes a Digital Link URI: the
// company prefix and the reference together have ref digits (0: any text), a
// check digit follows, and the rest is a serial number or a qualifier.
type scheme struct {
	key    string // AI of the primary key
	digits int    // digits of prefix and reference
	lead   string // before the prefix
	swap   bool   // the first digit of the reference goes before the prefix
	pieces int    // parts of two digits after it: piece and total of an ITIP
	joined bool   // the serial number is part of the key's value
	next   string // AI of the qualifier that the serial number is
	serial int    // greatest number of characters of the serial number, 0 for none
	number bool   // the serial number is digits
}

var schemes = map[string]scheme{
	"sgtin": {key: "01", digits: 13, swap: true, next: "21", serial: 20},
	"lgtin": {key: "01", digits: 13, swap: true, next: "10", serial: 20},
	"upui":  {key: "01", digits: 13, swap: true, next: "235", serial: 28},
	"itip":  {key: "8006", digits: 13, swap: true, pieces: 2, next: "21", serial: 20},
	"sscc":  {key: "00", digits: 17, swap: true},
	"sgln":  {key: "414", digits: 12, next: "254", serial: 20},
	"pgln":  {key: "417", digits: 12},
	"grai":  {key: "8003", digits: 12, lead: "0", joined: true, serial: 16},
	"gdti":  {key: "253", digits: 12, joined: true, serial: 17},
	"sgcn":  {key: "255", digits: 12, joined: true, serial: 12, number: true},
	"gsrn":  {key: "8018", digits: 17},
	"gsrnp": {key: "8017", digits: 17},
	"gsin":  {key: "402", digits: 16},
	"giai":  {key: "8004"},
	"ginc":  {key: "401"},
	"cpi":   {key: "8010", next: "8011", serial: 12, number: true},
}

// FromURN turns an EPC URN (urn:epc:id, class or idpat; EPC Tag Data Standard)
// into a Digital Link URI under the canonical stem. Patterns become the class
// that they stand for.
func FromURN(urn string) (string, bool) {
	kind, rest, ok := strings.Cut(strings.TrimPrefix(urn, "urn:epc:"), ":")
	name, rest, ok2 := strings.Cut(rest, ":")
	s, known := schemes[name]
	if !ok || !ok2 || !known || !strings.HasPrefix(urn, "urn:epc:") || kind != "id" && kind != "class" && kind != "idpat" ||
		(name == "lgtin") != (kind == "class") {
		return "", false
	}
	prefix, rest, ok := strings.Cut(rest, ".")
	if !ok || len(prefix) < 6 || len(prefix) > 12 || !digits(prefix) {
		return "", false
	}
	if s.digits == 0 {
		return s.fromText(prefix, rest, kind == "idpat")
	}
	return s.fromDigits(prefix, rest, kind == "idpat")
}

// fromText converts keys whose reference is text: prefix and reference joined,
// without check digit.
func (s *scheme) fromText(prefix, rest string, pattern bool) (string, bool) {
	tail := ""
	if s.next != "" {
		i := strings.LastIndexByte(rest, '.')
		if i < 0 {
			return "", false
		}
		serial := rest[i+1:]
		rest = rest[:i]
		if !pattern && !s.validSerial(serial) || pattern && serial != "*" {
			return "", false
		}
		if !pattern {
			tail = "/" + s.next + "/" + serial
		}
	}
	if n := textLen(rest); n < 1 || n+len(prefix) > 30 {
		return "", false
	}
	return gs1.CanonicalStem + "/" + s.key + "/" + prefix + encodeDL(rest) + tail, true
}

func (s *scheme) fromDigits(prefix, rest string, pattern bool) (string, bool) {
	n := s.digits - len(prefix)
	parts := strings.SplitN(rest, ".", 2+s.pieces)
	if len(parts[0]) != n || !digits(parts[0]) {
		return "", false
	}
	body := s.lead + prefix + parts[0]
	if s.swap {
		body = parts[0][:1] + prefix + parts[0][1:]
	}
	value, err := gs1.AddCheckDigit(body)
	if err != nil {
		return "", false
	}
	parts = parts[1:]
	for range s.pieces {
		if len(parts) == 0 || len(parts[0]) != 2 || !digits(parts[0]) {
			return "", false
		}
		value += parts[0]
		parts = parts[1:]
	}
	uri := gs1.CanonicalStem + "/" + s.key + "/" + value
	switch {
	case s.serial == 0:
		return uri, len(parts) == 0
	case len(parts) != 1:
		return "", false
	case pattern:
		return uri, parts[0] == "*"
	case s.key == "414" && parts[0] == "0": // no extension
		return uri, true
	case !s.validSerial(parts[0]):
		return "", false
	case s.joined:
		return uri + encodeDL(parts[0]), true
	}
	return uri + "/" + s.next + "/" + encodeDL(parts[0]), true
}

func (s *scheme) validSerial(serial string) bool {
	n := textLen(serial)
	return n >= 1 && n <= s.serial && (!s.number || digits(serial))
}

func digits(s string) bool { return strings.Trim(s, "0123456789") == "" }

// textLen counts the characters of a URN component, -1 when it has illegal ones.
func textLen(s string) (n int) {
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '%':
			if i+2 >= len(s) || !isHex(s[i+1]) || !isHex(s[i+2]) {
				return -1
			}
			i += 2
		case c >= '0' && c <= '9', c >= 'A' && c <= 'Z', c >= 'a' && c <= 'z', strings.IndexByte("!'()*+,-.:;=_", c) >= 0:
		default:
			return -1
		}
		n++
	}
	return n
}

func isHex(c byte) bool { return strings.IndexByte("0123456789abcdefABCDEF", c) >= 0 }

// encodeDL percent-encodes what a URN may have as it is but a Digital Link URI
// may not. Apostrophe, semicolon and equals sign stay, as in the reference
// implementation of event hash IDs.
var encodeDL = strings.NewReplacer("!", "%21", "(", "%28", ")", "%29", "*", "%2A", "+", "%2B", ",", "%2C", ":", "%3A").Replace

// ToURN turns a Digital Link URI into an EPC URN. The length of the company
// prefix is not in the URI and has to be known, 6 to 12 digits. A URI without
// serial number becomes a pattern where there is one.
func ToURN(uri string, prefixLen int) (string, bool) {
	m, err := gs1.Parser{SkipAssociations: true}.URI(uri)
	if err != nil || prefixLen < 6 || prefixLen > 12 {
		return "", false
	}
	id := m.Identity()
	qualifier := gs1.Element{}
	if len(id) > 1 {
		qualifier = id[len(id)-1]
	}
	for _, name := range schemeOrder {
		s := schemes[name]
		if s.key != id[0].AI || qualifier.AI != "" && qualifier.AI != s.next {
			continue
		}
		return s.toURN(name, id[0].Value, qualifier.Value, prefixLen)
	}
	return "", false
}

// schemeOrder tries schemes of the same key in this order.
var schemeOrder = []string{"sgtin", "lgtin", "upui", "itip", "sscc", "sgln", "pgln", "grai", "gdti", "sgcn", "gsrn", "gsrnp", "gsin", "giai", "ginc", "cpi"}

func (s *scheme) toURN(name, value, serial string, prefixLen int) (string, bool) {
	prefix, ref, ok := s.split(&value, prefixLen)
	if !ok {
		return "", false
	}
	out := prefix + "." + ref
	for range s.pieces {
		out += "." + value[:2]
		value = value[2:]
	}
	if s.joined {
		serial = value
	}
	kind := "id"
	switch {
	case name == "lgtin":
		kind = "class"
	case name == "sgln" && serial == "":
		serial = "0"
	}
	switch {
	case s.serial == 0:
	case serial == "":
		kind, out = "idpat", out+".*"
	default:
		out += "." + encodeURN(serial)
	}
	return "urn:epc:" + kind + ":" + name + ":" + out, true
}

// split takes prefix and reference off the value; what remains is pieces and
// serial number.
func (s *scheme) split(value *string, prefixLen int) (prefix, ref string, ok bool) {
	v := *value
	if s.digits == 0 {
		*value = ""
		return v[:min(prefixLen, len(v))], encodeURN(v[min(prefixLen, len(v)):]), len(v) > prefixLen
	}
	n := len(s.lead) + s.digits
	if len(v) < n+1 || s.digits < prefixLen {
		return "", "", false
	}
	body := v[len(s.lead):n]
	*value = v[n+1:] // without the check digit
	if s.swap {
		return body[1 : 1+prefixLen], body[:1] + body[1+prefixLen:], true
	}
	return body[:prefixLen], body[prefixLen:], true
}

// encodeURN percent-encodes what a component of an EPC URN may not have.
var encodeURN = strings.NewReplacer("%", "%25", `"`, "%22", "&", "%26", "/", "%2F", "<", "%3C", ">", "%3E", "?", "%3F", "#", "%23").Replace
