package ids

// CheckGTIN checks a trade item number of 8, 12, 13 or 14 digits.
func CheckGTIN(s string) error {
	switch len(s) {
	case 8, 12, 13, 14:
		return checkMod10(FieldGTIN, s)
	}
	return badLength(FieldGTIN, s, func(s string) bool { return CheckGTIN(s) == nil })
}

// CheckGLN checks a location number of 13 digits.
func CheckGLN(s string) error { return checkGS1(FieldGLN, s, 13) }

// CheckSSCC checks a logistic unit number of 18 digits.
func CheckSSCC(s string) error { return checkGS1(FieldSSCC, s, 18) }

// CheckGSIN checks a shipment number of 17 digits.
func CheckGSIN(s string) error { return checkGS1(FieldGSIN, s, 17) }

// CheckGSRN checks a service relation number of 18 digits.
func CheckGSRN(s string) error { return checkGS1(FieldGSRN, s, 18) }

func checkGS1(f Field, s string, n int) error {
	if len(s) != n {
		return badLength(f, s, func(s string) bool { return len(s) == n && checkGS1(f, s, n) == nil })
	}
	return checkMod10(f, s)
}

// checkMod10 weighs digits 1, 3, 1, 3 from the right. Swapped neighbours that
// differ by 5 escape it.
func checkMod10(f Field, s string) error {
	single, triple := uint32(0), uint32(0)
	i := len(s) - 1
	for ; i > 0; i -= 2 {
		single += digitValues[s[i]]
		triple += digitValues[s[i-1]]
	}
	if i == 0 {
		single += digitValues[s[0]]
	}
	switch sum := single + 3*triple; {
	case sum >= invalid:
		return badChar(f, s, notDigit(s), func(g string) bool {
			return len(g) == len(s) && checkMod10(f, g) == nil
		})
	case sum%10 != 0:
		return bad(f, len(s), ReasonCheck)
	}
	return nil
}

// CheckBankCard checks a card number of 12 to 19 digits. Numbers that begin
// with 0 pass the Luhn sum but belong to no card issuer.
func CheckBankCard(s string) error {
	if len(s) < 12 || len(s) > 19 {
		return badLength(FieldBankCard, s, func(s string) bool { return CheckBankCard(s) == nil })
	}
	if err := checkLuhn(s); err != nil {
		return err
	}
	if s[0] == '0' {
		return bad(FieldBankCard, 1, ReasonPrefix)
	}
	return nil
}

// luhnDouble holds the digit sums of twice the digits.
var luhnDouble = func() (v [256]uint32) {
	v = digitValues
	for d := range uint32(10) {
		v['0'+d] = 2*d/10 + 2*d%10
	}
	return v
}()

func checkLuhn(s string) error {
	sum := uint32(0)
	i := len(s) - 1
	for ; i > 0; i -= 2 {
		sum += digitValues[s[i]] + luhnDouble[s[i-1]]
	}
	if i == 0 {
		sum += digitValues[s[0]]
	}
	switch {
	case sum >= invalid:
		return badChar(FieldBankCard, s, notDigit(s), func(g string) bool { return CheckBankCard(g) == nil })
	case sum%10 != 0:
		return bad(FieldBankCard, len(s), ReasonCheck)
	}
	return nil
}

// MaskBankCard hides all but the last four digits.
func MaskBankCard(s string) string {
	if len(s) < 12 {
		return "****"
	}
	return "**** " + s[len(s)-4:]
}
