package gs1

// GCPStatus is the answer of a register of GS1 Company Prefixes.
type GCPStatus int

const (
	GCPValid   GCPStatus = iota // known, or to be treated so
	GCPInvalid                  // no such prefix was allocated
	GCPOffline                  // the register cannot answer and the check must fail
)

// GCPLookup asks a register whether s begins with an allocated GS1 Company
// Prefix. UPC and GS1-8 prefixes come with their zeros.
type GCPLookup func(s string) GCPStatus

// fault is what a linter found: n bytes from pos on. No reason means none.
type fault struct {
	reason Reason
	pos, n int
}

// linter is one of the Syntax Dictionary's content checks.
type linter func(s string, gcp GCPLookup) fault

var clean fault

// whole faults all of s.
func whole(s string, r Reason) fault { return fault{r, 0, len(s)} }

// linters are the active linters of the dictionary by name.
var linters = map[string]linter{
	"couponcode": lintCouponcode, "couponposoffer": lintCouponposoffer,
	"cset39": lintCset39, "cset64": lintCset64, "cset82": lintCset82, "csetnumeric": lintCsetnumeric,
	"csum": lintCsum, "csumalpha": lintCsumalpha, "gcppos1": lintGcppos1, "gcppos2": lintGcppos2,
	"hasnondigit": lintHasnondigit, "hh": lintHh, "hhmi": lintHhmi, "hyphen": lintHyphen,
	"importeridx": lintImporteridx, "nonzero": lintNonzero, "nozeroprefix": lintNozeroprefix,
	"iban": lintIban, "iso3166": lintIso3166, "iso3166999": lintIso3166999,
	"iso3166alpha2": lintIso3166alpha2, "iso4217": lintIso4217, "iso5218": lintIso5218,
	"latitude": lintLatitude, "longitude": lintLongitude, "mediatype": lintMediatype, "mi": lintMi,
	"packagetype": lintPackagetype, "pcenc": lintPcenc, "pieceoftotal": lintPieceoftotal,
	"posinseqslash": lintPosinseqslash, "ss": lintSs, "winding": lintWinding, "yesno": lintYesno,
	"yymmd0": lintYymmd0, "yymmdd": lintYymmdd, "yyyymmd0": lintYyyymmd0, "yyyymmdd": lintYyyymmdd,
	"zero": lintZero,
}

// Lint runs one linter of the Syntax Dictionary by its name. gcp may be nil.
func Lint(name, data string, gcp GCPLookup) error {
	l, ok := linters[name]
	if !ok {
		return &Error{Value: data, Reason: "UNKNOWN_LINTER", Other: name}
	}
	if f := l(data, gcp); f.reason != "" {
		return &Error{Value: data, Pos: f.pos, Len: f.n, Reason: f.reason, end: len(data)}
	}
	return nil
}

// sets says for every byte to which character sets it belongs.
var sets = func() (t [256]charset) {
	add := func(c charset, chars string) {
		for i := range len(chars) {
			t[chars[i]] |= c
		}
	}
	const digits, upper, lower = "0123456789", "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz"
	const alnum = digits + upper + lower
	add(setN, digits)
	add(setX, alnum+"!\"%&'()*+,-./:;<=>?_")
	add(setY, digits+upper+"#-/")
	add(setZ, alnum+"-_")
	add(setU, alnum+"-._~:/?#[]@!$&'()*+,;=%")
	add(setP, alnum+"-._~")
	add(setH, alnum+"-.")
	return t
}()

// outside returns the position of the first byte of s not in c, -1 if none.
func outside(s string, c charset) int {
	for i := range len(s) {
		if sets[s[i]]&c == 0 {
			return i
		}
	}
	return -1
}

func lintSet(s string, c charset, r Reason) fault {
	if i := outside(s, c); i >= 0 {
		return fault{r, i, 1}
	}
	return clean
}

func lintCsetnumeric(s string, _ GCPLookup) fault { return lintSet(s, setN, "NON_DIGIT_CHARACTER") }
func lintCset82(s string, _ GCPLookup) fault {
	return lintSet(s, setX, "INVALID_CSET82_CHARACTER")
}
func lintCset39(s string, _ GCPLookup) fault {
	return lintSet(s, setY, "INVALID_CSET39_CHARACTER")
}

// lintCset64 wants base64url, with padding or without, but padding only up to
// a multiple of three characters of payload as the dictionary has it.
func lintCset64(s string, _ GCPLookup) fault {
	body := len(s)
	for body > 0 && s[body-1] == '=' {
		body--
	}
	if i := outside(s[:body], setZ); i >= 0 {
		return fault{"INVALID_CSET64_CHARACTER", i, 1}
	}
	if pad := len(s) - body; pad > 0 && (pad > 2 || len(s)%3 != 0) {
		return fault{"INVALID_CSET64_PADDING", body, pad}
	}
	return clean
}

// check runs the character set and the linters of c over its part of a value.
func (c *component) check(s string, gcp GCPLookup) fault {
	if i := outside(s, c.set); i >= 0 || c.set == setZ {
		if f := c.lintChars(s); f.reason != "" {
			return f
		}
	}
	for _, l := range c.linters {
		if f := l(s, gcp); f.reason != "" {
			return f
		}
	}
	return clean
}

func (c *component) lintChars(s string) fault {
	switch c.set {
	case setN:
		return lintCsetnumeric(s, nil)
	case setY:
		return lintCset39(s, nil)
	case setZ:
		return lintCset64(s, nil)
	}
	return lintCset82(s, nil)
}

// take checks the beginning of s against the format of a and returns how many
// bytes belong to it.
func (a *AI) take(code, s string, gcp GCPLookup) (int, error) {
	if s == "" {
		return 0, &Error{AI: code, Reason: ReasonEmpty}
	}
	used := 0
	for i := range a.components {
		c := &a.components[i]
		n := min(len(s)-used, c.max)
		if c.optional && n == 0 {
			continue
		}
		if n < c.min {
			return 0, &Error{AI: code, Value: s, Pos: used, Len: n, Reason: ReasonLength, end: used + n}
		}
		if f := c.check(s[used:used+n], gcp); f.reason != "" {
			return 0, &Error{AI: code, Value: s, Pos: used + f.pos, Len: f.n, Reason: f.reason, end: used + n}
		}
		used += n
	}
	return used, nil
}

// check checks that s as a whole is a value of a.
func (a *AI) check(code, s string, gcp GCPLookup) error {
	if len(s) < a.MinLen() {
		return &Error{AI: code, Value: s, Pos: len(s), Reason: ReasonTooShort}
	}
	if longest := a.MaxLen(); len(s) > longest {
		return &Error{AI: code, Value: s, Pos: longest, Len: len(s) - longest, Reason: ReasonTooLong, end: len(s)}
	}
	_, err := a.take(code, s, gcp)
	return err
}

// Check checks a value against the format and the linters of a.
func (a *AI) Check(value string) error { return a.check(a.Code, value, nil) }
