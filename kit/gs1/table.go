package gs1

//go:generate go run gen.go

// charset is one of the character sets of the Syntax Dictionary, as a bit.
type charset uint8

const (
	setN charset = 1 << iota // digits
	setX                     // CSET 82
	setY                     // CSET 39
	setZ                     // CSET 64: base64url with padding
	setU                     // allowed in a URI, percent included
	setP                     // unreserved in a URI: needs no percent-encoding
	setH                     // allowed in a host name
)

// component is one part of an AI's value.
type component struct {
	set      charset
	min, max int
	optional bool
	linters  []linter
}

// AI is one Application Identifier of the GS1 Barcode Syntax Dictionary.
type AI struct {
	Code      string // 2 to 4 digits
	Title     string // data title printed beside it, for example "BATCH/LOT"
	Separated bool   // needs FNC1 before the next element
	Attribute bool   // may stand in the query of a Digital Link URI
	Key       bool   // is a primary key of Digital Link URIs

	components []component
	requires   [][][]string // for each list, one of its groups must be there whole
	excludes   []string     // may not stand together with any of these
	qualifiers [][]string   // alternative sequences of key qualifiers
	unknown    bool         // made up for a code outside the dictionary
}

// MinLen is the least number of characters of a value.
func (a *AI) MinLen() (n int) {
	for i := range a.components {
		if c := &a.components[i]; !c.optional {
			n += c.min
		}
	}
	return n
}

// MaxLen is the greatest number of characters of a value.
func (a *AI) MaxLen() (n int) {
	for i := range a.components {
		n += a.components[i].max
	}
	return n
}

// Qualifiers returns the key qualifiers that may follow a primary key in a
// Digital Link URI: alternative sequences, each in its order.
func (a *AI) Qualifiers() [][]string {
	out := make([][]string, len(a.qualifiers))
	for i, q := range a.qualifiers {
		out[i] = append([]string(nil), q...)
	}
	return out
}

// Lookup returns the AI with the given code, nil when there is none.
func Lookup(code string) *AI {
	if slot, ok := slotOf(code); ok && len(code) == codeLen(code) {
		return index.ais[slot]
	}
	return nil
}

// AIs calls yield for every AI of the dictionary, in its order.
func AIs(yield func(*AI) bool) {
	for i := range table {
		if !yield(&table[i]) {
			return
		}
	}
}

// index finds AIs by code. The first two digits fix how many there are, so
// codes padded with zeros to four digits do not collide.
var index = func() (x struct {
	ais    [10000]*AI
	length [100]uint8
}) {
	for i := range table {
		a := &table[i]
		slot, _ := slotOf(a.Code)
		x.ais[slot] = a
		x.length[slot/100] = uint8(len(a.Code))
	}
	return x
}()

func slotOf(code string) (slot int, ok bool) {
	if len(code) < 2 || len(code) > 4 {
		return 0, false
	}
	for i := range 4 {
		slot *= 10
		if i < len(code) {
			d := code[i] - '0'
			if d > 9 {
				return 0, false
			}
			slot += int(d)
		}
	}
	return slot, true
}

// codeLen is the length of all codes that begin like s, 0 when there are none.
func codeLen(s string) int {
	if len(s) < 2 {
		return 0
	}
	a, b := s[0]-'0', s[1]-'0'
	if a > 9 || b > 9 {
		return 0
	}
	return int(index.length[a*10+b])
}

// predefined is the length of values by the first two digits of their AI, where
// that is fixed for ever (GS1 General Specifications, figure 7.8.5-2).
var predefined = map[string]int{
	"00": 18, "01": 14, "02": 14, "03": 14, "04": 16,
	"11": 6, "12": 6, "13": 6, "14": 6, "15": 6, "16": 6, "17": 6, "18": 6, "19": 6, "20": 2,
	"31": 6, "32": 6, "33": 6, "34": 6, "35": 6, "36": 6, "41": 13,
}

// lookupUnknown makes do for a code that the dictionary lacks. Codes that
// contradict the length of known neighbours are refused.
func lookupUnknown(code string) *AI {
	if _, ok := slotOf(code); !ok {
		return nil
	}
	if n := codeLen(code); n != 0 && n != len(code) {
		return nil
	}
	a := &AI{Code: code, Title: "UNKNOWN", Separated: true, Attribute: true, unknown: true,
		components: []component{{set: setX, min: 1, max: 90}}}
	if n := predefined[code[:2]]; n > 0 {
		a.Separated = false
		a.components[0] = component{set: setN, min: n, max: n}
	}
	return a
}
