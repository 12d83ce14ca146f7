package ids

import (
	"strings"
	"time"

	"github.com/dinghai/dinghai/kit/calendar"
)

// ResidentID is a resident identity number taken apart.
type ResidentID struct {
	Region   string // six-digit code of the place of first registration
	Province string // its name, or "" if the code was never given to one: a warning
	Birth    Birth
	Female   bool
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

var residentWeights = [17]int{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2}

// ParseResidentID checks an 18-digit resident identity number. Residence
// permits for people from Hong Kong, Macao and Taiwan follow the same rule. A
// birth date after today is refused; with today "" it is not looked at. A
// 15-digit number gives ReasonLegacy and its 18-digit form as the suggestion.
//
// Region codes change over the years, so only the province is looked up, and
// an unknown one is no error.
func ParseResidentID(s string, today calendar.Date) (ResidentID, error) {
	valid := func(s string) bool { _, err := ParseResidentID(s, today); return err == nil }
	if len(s) == 15 && notDigit(s) < 0 {
		return ResidentID{}, legacy(s, valid)
	}
	if len(s) != 18 {
		return ResidentID{}, badLength(FieldResidentID, s, valid)
	}
	if i := notDigit(s[:17]); i >= 0 {
		return ResidentID{}, badChar(FieldResidentID, s, i, valid)
	}
	if c := s[17]; c != 'X' && c-'0' > 9 {
		return ResidentID{}, badChar(FieldResidentID, s, 17, valid)
	}
	if residentCheckOf(s) != s[17] {
		return ResidentID{}, bad(FieldResidentID, 18, ReasonCheck)
	}
	b, err := birthOf(s[6:14], today)
	if err != nil {
		return ResidentID{}, err
	}
	return ResidentID{s[:6], provinces[(s[0]-'0')*10+s[1]-'0'], b, (s[16]-'0')%2 == 0}, nil
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
	sum := 0
	for i, w := range residentWeights {
		sum += int(s[i]-'0') * w
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
