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
	usccWeights = [17]int{1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28}
	orgWeights  = [8]int{3, 7, 9, 10, 5, 8, 4, 2}
)

// valuesOf inverts an alphabet; characters outside it get a value below zero.
func valuesOf(alphabet string) (v [256]int8) {
	for i := range v {
		v[i] = -1
	}
	for i := range len(alphabet) {
		v[alphabet[i]] = int8(i)
	}
	return v
}

// ParseUSCC checks a unified social credit code and takes it apart.
func ParseUSCC(s string) (USCC, error) {
	if len(s) != 18 {
		return USCC{}, badLength(FieldUSCC, s, validUSCC)
	}
	sum := 0
	for i := range 17 {
		v := int(usccValues[s[i]])
		if v < 0 {
			return USCC{}, badChar(FieldUSCC, s, i, validUSCC)
		}
		sum += v * usccWeights[i]
	}
	switch v := usccValues[s[17]]; {
	case v < 0:
		return USCC{}, badChar(FieldUSCC, s, 17, validUSCC)
	case (sum+int(v))%31 != 0:
		return USCC{}, bad(FieldUSCC, 18, ReasonCheck)
	}
	if i := notDigit(s[2:8]); i >= 0 {
		return USCC{}, badChar(FieldUSCC, s, 2+i, validUSCC)
	}
	org := s[8:17]
	return USCC{s[0], s[1], s[2:8], org, orgCheck(org) == org[8]}, nil
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
	for i := range len(body) {
		if orgValue(body[i]) < 0 {
			return badChar(FieldOrgCode, s, i, validOrgCode)
		}
	}
	if check != 'X' && check-'0' > 9 {
		return badChar(FieldOrgCode, s, len(s)-1, validOrgCode)
	}
	if orgCheck(body) != check {
		return bad(FieldOrgCode, len(s), ReasonCheck)
	}
	return nil
}

func validOrgCode(s string) bool { return CheckOrgCode(s) == nil }

func orgValue(c byte) int {
	switch {
	case c-'0' <= 9:
		return int(c - '0')
	case c-'A' < 26:
		return int(c-'A') + 10
	}
	return -1
}

// orgCheck computes the check character of the first eight characters.
func orgCheck(s string) byte {
	sum := 0
	for i, w := range orgWeights {
		sum += orgValue(s[i]) * w
	}
	switch c := 11 - sum%11; c {
	case 10:
		return 'X'
	case 11:
		return '0'
	default:
		return byte('0' + c)
	}
}

func usccCheck(s string) byte {
	sum := 0
	for i, w := range usccWeights {
		sum += int(usccValues[s[i]]) * w
	}
	return usccAlphabet[(31-sum%31)%31]
}
