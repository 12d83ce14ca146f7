package ids

// PhoneKind tells telephone numbers apart.
type PhoneKind string

const (
	Mobile   PhoneKind = "mobile"   // 1[3-9] and nine digits
	Landline PhoneKind = "landline" // area code, number, perhaps an extension
	Service  PhoneKind = "service"  // 400 or 800 and seven digits
)

// Phone is a telephone number of mainland China taken apart.
type Phone struct {
	Kind   PhoneKind
	Area   string // of a landline, with its 0: "0580"
	Number string // without country and area code
	Ext    string
}

// ParsePhone reads a telephone number. Written forms: 13800138000, with +86 or
// 0086 before it; 0580-2025555, 05802025555, 0580-2025555-801; 400-820-8820.
func ParsePhone(s string) (Phone, error) {
	rest := s
	if len(s) > 0 && (s[0] == '+' || s[0] == '0') {
		rest = national(s)
	}
	var p Phone
	switch {
	case len(rest) == 0:
		return p, badLength(FieldPhone, s, validPhone)
	case rest[0] == '1':
		p = Phone{Kind: Mobile, Number: rest}
	case rest[0] == '0':
		p = landline(rest)
	case rest[0] == '4' || rest[0] == '8':
		p = service(rest)
	default:
		return p, phoneError(s)
	}
	if !p.valid() {
		return Phone{}, phoneError(s)
	}
	return p, nil
}

func validPhone(s string) bool { _, err := ParsePhone(s); return err == nil }

// national cuts off the country code and the hyphen that may follow. The trunk
// 0 of a landline is left out after +86, so it is not put back.
func national(s string) string {
	for _, cc := range [...]string{"+86", "0086"} {
		if len(s) > len(cc) && s[:len(cc)] == cc {
			s = s[len(cc):]
			if s[0] == '-' {
				s = s[1:]
			}
			return s
		}
	}
	return s
}

// landline splits by the area code: 010 and 02x have three digits, others four.
func landline(s string) Phone {
	n := 4
	if len(s) > 1 && (s[1] == '1' || s[1] == '2') {
		n = 3
	}
	if len(s) <= n {
		return Phone{}
	}
	p := Phone{Kind: Landline, Area: s[:n], Number: s[n:]}
	if p.Number[0] == '-' {
		p.Number = p.Number[1:]
	}
	for i := range len(p.Number) {
		if p.Number[i] == '-' {
			p.Number, p.Ext = p.Number[:i], p.Number[i+1:]
			break
		}
	}
	return p
}

func service(s string) Phone {
	if len(s) == 12 && s[3] == '-' && s[7] == '-' {
		s = s[:3] + s[4:7] + s[8:]
	}
	return Phone{Kind: Service, Number: s}
}

func (p Phone) valid() bool {
	n := p.Number
	if n == "" || notDigit(n) >= 0 || notDigit(p.Area) >= 0 || notDigit(p.Ext) >= 0 || len(p.Ext) > 6 {
		return false
	}
	switch p.Kind {
	case Mobile:
		return len(n) == 11 && n[1] >= '3'
	case Service:
		return len(n) == 10 && n[1:3] == "00"
	}
	long := len(n) == 8 || len(n) == 7 && len(p.Area) == 4
	known := p.Area == "010" || p.Area[1] >= '2'
	return long && known && n[0] >= '2'
}

// phoneError finds the character to blame, else the length or the prefix.
func phoneError(s string) error {
	count := 0
	for i := range len(s) {
		switch c := s[i]; {
		case c-'0' <= 9:
			count++
		case c != '-' && c != '+':
			return badChar(FieldPhone, s, i, validPhone)
		}
	}
	if count < 10 || count > 20 || s[0] == '1' && count != 11 {
		return badLength(FieldPhone, s, validPhone)
	}
	return bad(FieldPhone, 1, ReasonPrefix)
}

// MaskPhone hides the middle four digits of a mobile number, and the last four
// of any other.
func MaskPhone(s string) string {
	switch {
	case len(s) == 11 && s[0] == '1':
		return s[:3] + "****" + s[7:]
	case len(s) > 4:
		return s[:len(s)-4] + "****"
	}
	return "****"
}
