package ids

// USCC is a unified social credit code taken apart.
type USCC struct {
	Dept     byte   // registering authority: '9' market supervision, '1' staffing, '5' civil affairs
	Kind     byte   // with Dept '9': '1' enterprise, '2' individual business, '3' cooperative
	Division string // six-digit code of the registering place
	Org      string // the nine characters of the organisation code

	// OrgValid says whether Org passes its own check. Codes issued normally
	// do, some historic ones do not: a warning, not an error.
	OrgValid bool
}

// usccAlphabet leaves out I, O, S, V and Z.
const usccAlphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"

var (
	usccValues  = valuesOf(usccAlphabet)
	orgValues   = valuesOf("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")
	digitValues = valuesOf("0123456789")
	usccWeights = [17]uint32{1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28}
	orgWeights  = [8]uint32{3, 7, 9, 10, 5, 8, 4, 2}
)

// invalid is the value of a character outside the alphabet. Added up, it stays
// above any sum of valid ones, so that one look at the end is enough.
const invalid = 1 << 16

func valuesOf(alphabet string) (v [256]uint32) {
	for i := range v {
		v[i] = invalid
	}
	for i := range len(alphabet) {
		v[alphabet[i]] = uint32(i)
	}
	return v
}

// ParseUSCC checks a unified social credit code and takes it apart.
func ParseUSCC(s string) (USCC, error) {
	if len(s) != 18 {
		return USCC{}, usccLength(s)
	}
	sum := usccValues[s[17]]
	for i, w := range &usccWeights {
		sum += usccValues[s[i]] * w
	}
	division := digitValues[s[2]] + digitValues[s[3]] + digitValues[s[4]] +
		digitValues[s[5]] + digitValues[s[6]] + digitValues[s[7]]
	if sum >= invalid || sum%31 != 0 || division >= invalid {
		return USCC{}, usccError(s)
	}
	return USCC{s[0], s[1], s[2:8], s[8:17], orgCheck(s[8:16]) == s[16]}, nil
}

// usccError finds the character to blame, else the check.
func usccError(s string) error {
	for i := range len(s) {
		if usccValues[s[i]] == invalid {
			return badChar(FieldUSCC, s, i, validUSCC)
		}
	}
	if usccCheck(s) != s[17] {
		return bad(FieldUSCC, 18, ReasonCheck)
	}
	return badChar(FieldUSCC, s, 2+notDigit(s[2:8]), validUSCC)
}

func usccLength(s string) error {
	if CheckRegistrationNo(s) == nil {
		return bad(FieldUSCC, 0, ReasonLegacy)
	}
	return badLength(FieldUSCC, s, validUSCC)
}

func validUSCC(s string) bool { _, err := ParseUSCC(s); return err == nil }

// CheckOrgCode checks an organisation code of nine characters; the printed form
// with a hyphen before the last is accepted too.
func CheckOrgCode(s string) error {
	body, check := s, byte(0)
	switch {
	case len(s) == 9:
		body, check = s[:8], s[8]
	case len(s) == 10 && s[8] == '-':
		body, check = s[:8], s[9]
	default:
		return badLength(FieldOrgCode, s, validOrgCode)
	}
	want := orgCheck(body)
	if want == 0 || check != 'X' && check-'0' > 9 {
		return badChar(FieldOrgCode, s, orgBad(body, len(s)-1), validOrgCode)
	}
	if want != check {
		return bad(FieldOrgCode, len(s), ReasonCheck)
	}
	return nil
}

func validOrgCode(s string) bool { return CheckOrgCode(s) == nil }

// orgBad finds the character to blame; last stands for the check character.
func orgBad(body string, last int) int {
	for i := range len(body) {
		if orgValues[body[i]] == invalid {
			return i
		}
	}
	return last
}

// orgCheck computes the check character of the first eight characters, 0 if
// one is outside the alphabet.
func orgCheck(s string) byte {
	sum := uint32(0)
	for i, w := range &orgWeights {
		sum += orgValues[s[i]] * w
	}
	if sum >= invalid {
		return 0
	}
	return "0X987654321"[sum%11]
}

func usccCheck(s string) byte {
	sum := uint32(0)
	for i, w := range &usccWeights {
		sum += usccValues[s[i]] * w
	}
	return usccAlphabet[(31-sum%31)%31]
}

// CheckRegistrationNo checks a business registration number of the time before
// 2015, GS 15-2006: 15 digits, the last by ISO/IEC 7064 MOD 11,10. Registers and
// papers still show them.
func CheckRegistrationNo(s string) error {
	if len(s) != 15 {
		return badLength(FieldRegistrationNo, s, validRegistrationNo)
	}
	if i := notDigit(s); i >= 0 {
		return badChar(FieldRegistrationNo, s, i, validRegistrationNo)
	}
	if mod1110(s[:14]) != s[14] {
		return bad(FieldRegistrationNo, 15, ReasonCheck)
	}
	return nil
}

func validRegistrationNo(s string) bool { return CheckRegistrationNo(s) == nil }

// mod1110Next is the next value of the check by the value, 1 to 10, and the
// digit.
var mod1110Next = func() (t [11][10]uint8) {
	for p := 1; p <= 10; p++ {
		for d := range 10 {
			sum := (p + d) % 10
			if sum == 0 {
				sum = 10
			}
			t[p][d] = uint8(sum * 2 % 11)
		}
	}
	return t
}()

func mod1110(s string) byte {
	p := uint8(10)
	for i := range len(s) {
		p = mod1110Next[p][s[i]-'0']
	}
	return '0' + (11-p)%10
}
