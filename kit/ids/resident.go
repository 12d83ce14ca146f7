package ids

import (
	"strings"
	"time"

	"github.com/dinghai/dinghai/kit/calendar"
)

// ResidentID is a resident identity number taken apart.
type ResidentID struct {
	Kind     ResidentKind
	Region   string // first six digits: the place of first registration, see Place
	Province string // its name, or "" if the code was never given to one: a warning
	Birth    Birth
	Female   bool
}

// ResidentKind tells apart the cards whose numbers follow the rule.
type ResidentKind string

const (
	Citizen    ResidentKind = "citizen"
	Compatriot ResidentKind = "compatriot" // residence permit for Hong Kong, Macao and Taiwan: 81, 82, 83
	Foreign    ResidentKind = "foreign"    // permanent residence card since 2023: 9, province, nationality
)

// Nationality is the three-digit country code (ISO 3166-1 numeric) of a
// foreigner's card, and "" for any other.
func (r ResidentID) Nationality() string {
	if r.Kind != Foreign {
		return ""
	}
	return r.Region[3:]
}

// Birth is a date of birth in numbers.
type Birth struct{ Year, Month, Day int }

// Date returns the date of birth.
func (b Birth) Date() calendar.Date {
	return calendar.DateOf(time.Date(b.Year, time.Month(b.Month), b.Day, 0, 0, 0, 0, time.UTC))
}

func (b Birth) after(y, m, d int) bool {
	return b.Year*10000+b.Month*100+b.Day > y*10000+m*100+d
}

const residentCheck = "10X98765432"

var residentWeights = [17]uint32{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2}

// ParseResidentID checks an 18-digit resident identity number. Residence
// permits for people from Hong Kong, Macao and Taiwan, and the cards that
// foreigners get since 2023, follow the same rule. A birth date after today is
// refused; with today "" it is not looked at. A 15-digit number gives
// ReasonLegacy and its 18-digit form as the suggestion.
//
// Region codes change over the years, so an unknown one is no error;
// [ResidentID.Place] looks it up.
func ParseResidentID(s string, today calendar.Date) (ResidentID, error) {
	if len(s) != 18 {
		return ResidentID{}, residentLength(s, today)
	}
	sum := uint32(0)
	for i, w := range &residentWeights {
		sum += digitValues[s[i]] * w
	}
	if sum >= invalid || residentCheck[sum%11] != s[17] {
		return ResidentID{}, residentError(s, today)
	}
	b, err := birthOf(s[6:14], today)
	if err != nil {
		return ResidentID{}, err
	}
	r := ResidentID{Kind: Citizen, Region: s[:6], Birth: b, Female: s[16]&1 == 0}
	province := s[:2]
	switch {
	case s[0] == '9':
		r.Kind, province = Foreign, s[1:3]
	case s[0] == '8' && s[1] >= '1' && s[1] <= '3':
		r.Kind = Compatriot
	}
	r.Province = provinces[(province[0]-'0')*10+province[1]-'0']
	return r, nil
}

func validResident(today calendar.Date) func(string) bool {
	return func(s string) bool { _, err := ParseResidentID(s, today); return err == nil }
}

func residentLength(s string, today calendar.Date) error {
	if len(s) == 15 && notDigit(s) < 0 {
		return legacy(s, validResident(today))
	}
	return badLength(FieldResidentID, s, validResident(today))
}

// residentError finds the character to blame, else the check.
func residentError(s string, today calendar.Date) error {
	i := notDigit(s[:17])
	if i < 0 && s[17] != 'X' && s[17]-'0' > 9 {
		i = 17
	}
	if i >= 0 {
		return badChar(FieldResidentID, s, i, validResident(today))
	}
	return bad(FieldResidentID, 18, ReasonCheck)
}

// birthOf reads a birth date. No one alive was born before 1900, so such a
// date is a typing error.
func birthOf(s string, today calendar.Date) (Birth, error) {
	b := Birth{digits(s[:4]), digits(s[4:6]), digits(s[6:8])}
	if b.Year < 1900 || b.Month < 1 || b.Month > 12 || b.Day < 1 || b.Day > daysIn(b.Year, b.Month) {
		return b, bad(FieldResidentID, 7, ReasonDate)
	}
	if today != "" && b.after(today.Year(), today.Month(), today.Day()) {
		return b, bad(FieldResidentID, 7, ReasonFuture)
	}
	return b, nil
}

func daysIn(y, m int) int {
	switch {
	case m == 2 && (y%4 != 0 || y%100 == 0 && y%400 != 0):
		return 28
	case m == 2:
		return 29
	case m == 4 || m == 6 || m == 9 || m == 11:
		return 30
	}
	return 31
}

// legacy explains a number of before October 1999: two-digit year, no check.
func legacy(s string, valid func(string) bool) error {
	e := &Error{Field: FieldResidentID, Reason: ReasonLegacy}
	long := s[:6] + "19" + s[6:]
	if long += string(residentCheckOf(long)); valid(long) {
		e.Suggestion = long
	}
	return e
}

func residentCheckOf(s string) byte {
	sum := uint32(0)
	for i, w := range &residentWeights {
		sum += digitValues[s[i]] * w
	}
	return residentCheck[sum%11]
}

func digits(s string) int {
	n := 0
	for i := range len(s) {
		n = n*10 + int(s[i]-'0')
	}
	return n
}

// MaskResidentID hides all but the first three and last four characters, the
// form in which numbers may stand in lists.
func MaskResidentID(s string) string {
	if len(s) < 15 {
		return "****"
	}
	return s[:3] + strings.Repeat("*", len(s)-7) + s[len(s)-4:]
}

// provinces are the first two digits of GB/T 2260 codes, and 81 to 83 of
// residence permits.
var provinces = [100]string{
	11: "北京", 12: "天津", 13: "河北", 14: "山西", 15: "内蒙古",
	21: "辽宁", 22: "吉林", 23: "黑龙江",
	31: "上海", 32: "江苏", 33: "浙江", 34: "安徽", 35: "福建", 36: "江西", 37: "山东",
	41: "河南", 42: "湖北", 43: "湖南", 44: "广东", 45: "广西", 46: "海南",
	50: "重庆", 51: "四川", 52: "贵州", 53: "云南", 54: "西藏",
	61: "陕西", 62: "甘肃", 63: "青海", 64: "宁夏", 65: "新疆",
	71: "台湾", 81: "香港", 82: "澳门", 83: "台湾",
}
