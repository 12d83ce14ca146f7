package ids

import (
	"fmt"

	"github.com/dinghai/dinghai/kit/calendar"
)

// The generators make valid identifiers for tests and demonstrations. Equal
// arguments give equal results, and serials below the stated bound distinct
// ones. They panic on arguments of the wrong shape, which are programming errors.

// NewUSCC makes a unified social credit code with serials below 31^7. The
// organisation part begins with Y, unlike the digits and the M that begin the
// codes in use, so that no code names a firm by accident.
func NewUSCC(dept, kind, division string, serial uint64) string {
	if len(dept) != 1 || len(kind) != 1 || len(division) != 6 {
		panic(fmt.Sprintf("ids: NewUSCC(%q, %q, %q)", dept, kind, division))
	}
	s := dept + kind + division + NewOrgCode(serial)
	for i := range len(s) {
		if usccValues[s[i]] == invalid {
			panic("ids: NewUSCC: " + s)
		}
	}
	return s + string(usccCheck(s))
}

// NewOrgCode makes an organisation code with serials below 31^7.
func NewOrgCode(serial uint64) string {
	var b [8]byte
	b[0] = 'Y'
	for i := 7; i > 0; i-- {
		b[i] = usccAlphabet[serial%31]
		serial /= 31
	}
	return string(b[:]) + string(orgCheck(string(b[:])))
}

// NewRegistrationNo makes an old registration number out of six digits of an
// office and serials below 10^8.
func NewRegistrationNo(office string, serial uint64) string {
	if len(office) != 6 || notDigit(office) >= 0 {
		panic(fmt.Sprintf("ids: NewRegistrationNo(%q)", office))
	}
	s := office + decimal(serial, 8)
	return s + string(mod1110(s))
}

// NewResidentID makes a resident identity number. The serial, below 1000, sets
// the sex: odd is male. Use a region 999xxx, which was never assigned, where no
// real person may be named.
func NewResidentID(region string, birth calendar.Date, serial int) string {
	if len(region) != 6 || notDigit(region) >= 0 || !birth.Valid() || serial < 0 {
		panic(fmt.Sprintf("ids: NewResidentID(%q, %q, %d)", region, birth, serial))
	}
	s := region + string(birth[:4]+birth[5:7]+birth[8:]) + decimal(uint64(serial), 3)
	return s + string(residentCheckOf(s))
}

// NewGS1 makes a GTIN, GLN, SSCC, GSIN or GSRN of the given length, with as
// many serials as the digits that the prefix leaves.
func NewGS1(length int, prefix string, serial uint64) string {
	if length < 2 || len(prefix) >= length || notDigit(prefix) >= 0 {
		panic(fmt.Sprintf("ids: NewGS1(%d, %q)", length, prefix))
	}
	s := prefix + decimal(serial, length-1-len(prefix))
	sum, w := 0, 3
	for i := len(s) - 1; i >= 0; i-- {
		sum += int(s[i]-'0') * w
		w = 4 - w
	}
	return s + string(byte('0'+(10-sum%10)%10))
}

// NewGTIN makes a GTIN-13.
func NewGTIN(prefix string, serial uint64) string { return NewGS1(13, prefix, serial) }

// NewGLN makes a GLN.
func NewGLN(prefix string, serial uint64) string { return NewGS1(13, prefix, serial) }

// NewSSCC makes an SSCC; the prefix begins with the extension digit.
func NewSSCC(prefix string, serial uint64) string { return NewGS1(18, prefix, serial) }

// NewBankCard makes a card number. The prefix 999 is unassigned.
func NewBankCard(length int, prefix string, serial uint64) string {
	if length < 12 || length > 19 || len(prefix) >= length || notDigit(prefix) >= 0 {
		panic(fmt.Sprintf("ids: NewBankCard(%d, %q)", length, prefix))
	}
	s := prefix + decimal(serial, length-1-len(prefix))
	sum := uint32(0)
	for i := range len(s) {
		if (len(s)-i)%2 == 1 {
			sum += luhnDouble[s[i]]
		} else {
			sum += digitValues[s[i]]
		}
	}
	return s + string(byte('0'+(10-sum%10)%10))
}

// NewMobile makes a mobile number of a prefix such as "139".
func NewMobile(prefix string, serial uint64) string {
	s := prefix + decimal(serial, max(11-len(prefix), 0))
	if !validPhone(s) {
		panic("ids: NewMobile: " + prefix)
	}
	return s
}

// decimal writes the last width digits of n.
func decimal(n uint64, width int) string {
	b := make([]byte, width)
	for i := width - 1; i >= 0; i-- {
		b[i] = byte('0' + n%10)
		n /= 10
	}
	return string(b)
}
