package epcis

import (
	"slices"
	"strings"

	"github.com/dinghai/dinghai/kit/gs1"
)

// shape is the form of a primary key's value: so many digits, then text.
type shape struct {
	digits     int
	text       int // greatest number of characters
	numeric    bool
	qualifiers []string // from coarse to fine; only the finest one stays
}

// shapes are the keys that identify what events are about.
var shapes = map[string]shape{
	"00": {digits: 18}, "01": {digits: 14, qualifiers: []string{"22", "10", "21", "235"}},
	"8006": {digits: 18, qualifiers: []string{"22", "10", "21"}},
	"253":  {digits: 13, text: 17}, "255": {digits: 13, text: 12, numeric: true},
	"401": {text: 30}, "402": {digits: 17},
	"414": {digits: 13, qualifiers: []string{"254"}}, "417": {digits: 13},
	"8003": {digits: 14, text: 16}, "8004": {text: 30}, "8010": {text: 30, qualifiers: []string{"8011"}},
	"8013": {text: 25}, "8017": {digits: 18}, "8018": {digits: 18},
}

// alphas are the names that stood for AIs in earlier Digital Link URIs.
var alphas = map[string]string{
	"gtin": "01", "itip": "8006", "cpid": "8010", "cpsn": "8011", "gln": "414", "glnx": "254", "party": "417",
	"gsrnp": "8017", "gsrn": "8018", "gcn": "255", "sscc": "00", "gdti": "253", "ginc": "401", "gsin": "402",
	"grai": "8003", "giai": "8004", "gmn": "8013", "cpv": "22", "lot": "10", "ser": "21",
}

// Normalize gives all URIs of one thing the same form: EPC URNs and Digital Link
// URIs of any domain, with short names or zero-suppressed GTINs, become
// canonical Digital Link URIs of the finest level, without consumer product
// variant and attributes (CBV 2.0 section 8.9, "dl_normaliser"). Check digits are
// not judged here. It is false when uri is neither.
func Normalize(uri string) (string, bool) {
	if strings.HasPrefix(uri, "urn:epc:") {
		return FromURN(uri)
	}
	rest, ok := strings.CutPrefix(uri, "https://")
	if !ok {
		if rest, ok = strings.CutPrefix(uri, "http://"); !ok {
			return "", false
		}
	}
	if i := strings.IndexAny(rest, "?#"); i >= 0 {
		rest = rest[:i]
	}
	parts := strings.Split(strings.TrimSuffix(rest, "/"), "/")[1:]
	for i, p := range parts {
		if ai, ok := alphas[p]; ok && (len(parts)-i)%2 == 0 {
			parts[i] = ai
		}
	}
	for i := len(parts) - 2; i >= 0; i -= 2 {
		if s, ok := shapes[parts[i]]; ok {
			return s.canonical(parts[i], parts[i+1], parts[i+2:])
		}
	}
	return "", false
}

// canonical writes a key with the finest of its qualifiers, which come as pairs
// in the order of the standard.
func (s *shape) canonical(key, value string, pairs []string) (string, bool) {
	if key == "01" && digits(value) && (len(value) == 8 || len(value) == 12 || len(value) == 13) {
		value = "000000"[:14-len(value)] + value
	}
	if !s.fits(value) {
		return "", false
	}
	last, finest := -1, ""
	for ; len(pairs) >= 2; pairs = pairs[2:] {
		at := slices.Index(s.qualifiers, pairs[0])
		if at <= last || pairs[1] == "" || textLen(pairs[1]) > 30 {
			return "", false
		}
		last = at
		if pairs[0] != "22" {
			finest = "/" + pairs[0] + "/" + pairs[1]
		}
	}
	return gs1.CanonicalStem + "/" + key + "/" + value + finest, true
}

func (s *shape) fits(value string) bool {
	if len(value) < s.digits || !digits(value[:s.digits]) {
		return false
	}
	tail := value[s.digits:]
	n := textLen(tail)
	if s.digits == 0 && (n < 4 || !digits(value[:4])) { // begins with a company prefix
		return false
	}
	return n >= 0 && n <= s.text && (!s.numeric || digits(tail))
}
