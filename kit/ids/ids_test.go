package ids_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/dinghai/dinghai/kit/calendar"
	"github.com/dinghai/dinghai/kit/ids"
)

func uscc(s string) error     { _, err := ids.ParseUSCC(s); return err }
func resident(s string) error { _, err := ids.ParseResidentID(s, "2023-11-24"); return err }
func phone(s string) error    { _, err := ids.ParsePhone(s); return err }

func TestErrors(t *testing.T) {
	tests := []struct {
		name  string
		check func(string) error
		in    string
		want  *ids.Error
	}{
		{"good", uscc, "91330100716105852F", nil},
		{"check", uscc, "91330100716105852E", &ids.Error{Field: "uscc", Pos: 18, Reason: "check"}},
		{"letter I", uscc, "91330100716105852I", &ids.Error{Field: "uscc", Pos: 18, Reason: "lookalike"}},
		{"letter O", uscc, "9133O100716105852F", &ids.Error{Field: "uscc", Pos: 5, Reason: "lookalike", Suggestion: "91330100716105852F"}},
		{"letter V", uscc, "91330100V16105852F", &ids.Error{Field: "uscc", Pos: 9, Reason: "char"}},
		{"17 characters", uscc, "9133010071610585F", &ids.Error{Field: "uscc", Reason: "length"}},
		{"lower case", uscc, "91330100716105852f", &ids.Error{Field: "uscc", Pos: 18, Reason: "form", Suggestion: "91330100716105852F"}},
		{"full width", uscc, "９1330100716105852F", &ids.Error{Field: "uscc", Reason: "form", Suggestion: "91330100716105852F"}},
		{"blank", uscc, "91330100716105852F ", &ids.Error{Field: "uscc", Reason: "form", Suggestion: "91330100716105852F"}},
		{"registration number of before 2015", uscc, "110108000000016", &ids.Error{Field: "uscc", Reason: "legacy"}},
		{"letter in the division", uscc, "91A30100MA2AAAAA0A", &ids.Error{Field: "uscc", Pos: 3, Reason: "char"}},
		{"empty", uscc, "", &ids.Error{Field: "uscc", Reason: "length"}},

		{"good", ids.CheckOrgCode, "57928569-X", nil},
		{"look-alike", ids.CheckOrgCode, "237782G0O", &ids.Error{Field: "org_code", Pos: 9, Reason: "lookalike"}},
		{"look-alike with suggestion", ids.CheckOrgCode, "23778260Z", &ids.Error{Field: "org_code", Pos: 9, Reason: "lookalike", Suggestion: "237782602"}},
		{"length", ids.CheckOrgCode, "237782", &ids.Error{Field: "org_code", Reason: "length"}},

		{"published", ids.CheckRegistrationNo, "440301103097413", nil},
		{"check", ids.CheckRegistrationNo, "110108000000017", &ids.Error{Field: "registration_no", Pos: 15, Reason: "check"}},
		{"letter", ids.CheckRegistrationNo, "11010800000001O", &ids.Error{Field: "registration_no", Pos: 15, Reason: "lookalike"}},
		{"length", ids.CheckRegistrationNo, "1101080000", &ids.Error{Field: "registration_no", Reason: "length"}},

		{"good", resident, "11010519491231002X", nil},
		{"good", resident, "440524188001010014", &ids.Error{Field: "resident_id", Pos: 7, Reason: "date"}},
		{"check", resident, "110105194912310021", &ids.Error{Field: "resident_id", Pos: 18, Reason: "check"}},
		{"letter", resident, "11O10519491231002X", &ids.Error{Field: "resident_id", Pos: 3, Reason: "lookalike", Suggestion: "11010519491231002X"}},
		{"legacy", resident, "110105491231002", &ids.Error{Field: "resident_id", Reason: "legacy", Suggestion: "11010519491231002X"}},
		{"legacy without a date", resident, "110105491331002", &ids.Error{Field: "resident_id", Reason: "legacy"}},
		{"tomorrow", resident, ids.NewResidentID("999000", "2023-11-25", 1), &ids.Error{Field: "resident_id", Pos: 7, Reason: "future"}},
		{"today", resident, ids.NewResidentID("999000", "2023-11-24", 1), nil},

		{"letter", ids.CheckGTIN, "690123456789Z", &ids.Error{Field: "gtin", Pos: 13, Reason: "lookalike", Suggestion: "6901234567892"}},
		{"length", ids.CheckGTIN, "69012345678", &ids.Error{Field: "gtin", Reason: "length"}},
		{"check", ids.CheckGLN, "6901234567893", &ids.Error{Field: "gln", Pos: 13, Reason: "check"}},
		{"a GTIN-12 is no GLN", ids.CheckGLN, "036000291452", &ids.Error{Field: "gln", Reason: "length"}},
		{"blanks", ids.CheckSSCC, "1 0614141 234567890 8", &ids.Error{Field: "sscc", Reason: "form", Suggestion: "106141412345678908"}},

		{"zeros", ids.CheckBankCard, "0000000000000000", &ids.Error{Field: "bank_card", Pos: 1, Reason: "prefix"}},
		{"letters", ids.CheckBankCard, "4111111111111l11", &ids.Error{Field: "bank_card", Pos: 14, Reason: "form"}},
		{"Chinese", ids.CheckBankCard, "411111111111一11", &ids.Error{Field: "bank_card", Pos: 13, Reason: "char"}},

		{"mobile", phone, "13800138000", nil},
		{"mobile too long", phone, "138001380001", &ids.Error{Field: "phone", Reason: "length"}},
		{"no such mobile", phone, "12800138000", &ids.Error{Field: "phone", Pos: 1, Reason: "prefix"}},
		{"letter", phone, "I3800138000", &ids.Error{Field: "phone", Pos: 1, Reason: "lookalike", Suggestion: "13800138000"}},
		{"empty", phone, "", &ids.Error{Field: "phone", Reason: "length"}},
		{"country code alone", phone, "+86-", &ids.Error{Field: "phone", Reason: "length"}},
	}
	for _, tt := range tests {
		err := tt.check(tt.in)
		var got *ids.Error
		if err != nil && !errors.As(err, &got) {
			t.Fatalf("%s: not an *Error: %v", tt.in, err)
		}
		if d := cmp.Diff(tt.want, got); d != "" {
			t.Errorf("%s %q: %s", tt.name, tt.in, d)
		}
		if err != nil && len(tt.in) > 8 && strings.Contains(err.Error(), tt.in) {
			t.Errorf("the error shows the number: %v", err)
		}
	}
}

func TestParts(t *testing.T) {
	u, _ := ids.ParseUSCC("91350100M000100Y43")
	if d := cmp.Diff(ids.USCC{Dept: '9', Kind: '1', Division: "350100", Org: "M000100Y4", OrgValid: true}, u); d != "" {
		t.Error(d)
	}
	r, _ := ids.ParseResidentID("11010519491231002X", "")
	want := ids.ResidentID{Kind: ids.Citizen, Region: "110105", Province: "北京", Birth: ids.Birth{Year: 1949, Month: 12, Day: 31}, Female: true}
	if d := cmp.Diff(want, r); d != "" || r.Birth.Date() != "1949-12-31" {
		t.Error(d, r.Birth.Date())
	}
}

func TestParsePhone(t *testing.T) {
	tests := []struct {
		in   string
		want ids.Phone
	}{
		{"13800138000", ids.Phone{Kind: ids.Mobile, Number: "13800138000"}},
		{"+8613800138000", ids.Phone{Kind: ids.Mobile, Number: "13800138000"}},
		{"0086-13800138000", ids.Phone{Kind: ids.Mobile, Number: "13800138000"}},
		{"0580-2025555", ids.Phone{Kind: ids.Landline, Area: "0580", Number: "2025555"}},
		{"05802025555", ids.Phone{Kind: ids.Landline, Area: "0580", Number: "2025555"}},
		{"0571-88880000-801", ids.Phone{Kind: ids.Landline, Area: "0571", Number: "88880000", Ext: "801"}},
		{"010-88880000", ids.Phone{Kind: ids.Landline, Area: "010", Number: "88880000"}},
		{"400-820-8820", ids.Phone{Kind: ids.Service, Number: "4008208820"}},
		{"4008208820", ids.Phone{Kind: ids.Service, Number: "4008208820"}},
		{"010-8888000", ids.Phone{}},
		{"011-88880000", ids.Phone{}},
		{"0580-12345678", ids.Phone{}},
		{"0580", ids.Phone{}},
		{"0580-", ids.Phone{}},
		{"4208208820", ids.Phone{}},
		{"2025555", ids.Phone{}},
	}
	for _, tt := range tests {
		got, err := ids.ParsePhone(tt.in)
		if got != tt.want || (err == nil) != (tt.want.Kind != "") {
			t.Errorf("%s: %+v, %v", tt.in, got, err)
		}
	}
}

func TestNormalize(t *testing.T) {
	tests := []struct {
		in, out string
		codes   []string
	}{
		{"91330100716105852F", "91330100716105852F", nil},
		{"９１３３ａ", "9133A", []string{"full_width", "upper_case"}},
		{" 6222 0000\u3000", "62220000", []string{"blanks"}},
		{"\ufeff0580－2025555", "0580-2025555", []string{"full_width", "blanks"}},
		{"舟山x", "舟山X", []string{"upper_case"}},
		{"", "", nil},
	}
	for _, tt := range tests {
		out, n := ids.Normalize(tt.in)
		if d := cmp.Diff(tt.codes, n.Codes()); out != tt.out || d != "" {
			t.Errorf("%q: %q %s", tt.in, out, d)
		}
	}
}

func TestMasks(t *testing.T) {
	for got, want := range map[string]string{
		ids.MaskResidentID("11010519491231002X"): "110***********002X",
		ids.MaskResidentID("110105491231002"):    "110********1002",
		ids.MaskResidentID("12345"):              "****",
		ids.MaskBankCard("4111111111111111"):     "**** 1111",
		ids.MaskPhone("13800138000"):             "138****8000",
		ids.MaskPhone("0580-2025555"):            "0580-202****",
	} {
		if got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

// What the generators make, the checks accept; one changed character they do not.
func TestGenerated(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.Uint64().Draw(t, "serial")
		birth := calendar.Date("1950-01-01").AddDays(rapid.IntRange(0, 25000).Draw(t, "birth"))
		made := []struct {
			s     string
			check func(string) error
		}{
			{ids.NewUSCC("9", "1", "330902", n), uscc},
			{ids.NewOrgCode(n), ids.CheckOrgCode},
			{ids.NewRegistrationNo("330902", n), ids.CheckRegistrationNo},
			{ids.NewResidentID("999123", birth, int(n%1000)), resident},
			{ids.NewGTIN("690", n), ids.CheckGTIN},
			{ids.NewGS1(8, "2", n), ids.CheckGTIN},
			{ids.NewGLN("690", n), ids.CheckGLN},
			{ids.NewSSCC("0690", n), ids.CheckSSCC},
			{ids.NewBankCard(19, "999", n), ids.CheckBankCard},
		}
		i := rapid.IntRange(0, len(made)-1).Draw(t, "which")
		s, check := made[i].s, made[i].check
		if err := check(s); err != nil {
			t.Fatalf("%s: %v", s, err)
		}
		if i == 0 {
			if u, _ := ids.ParseUSCC(s); !u.OrgValid {
				t.Fatalf("%s: inner code", s)
			}
		}
		b := []byte(s)
		p := rapid.IntRange(0, len(b)-1).Draw(t, "pos")
		if b[p] -= '0'; b[p] > 9 {
			return
		}
		b[p] = (b[p]+byte(rapid.IntRange(1, 9).Draw(t, "by")))%10 + '0'
		if check(string(b)) == nil {
			t.Fatalf("%s: a changed digit makes %s, which passes", s, b)
		}
	})
	if phone(ids.NewMobile("139", 42)) != nil || ids.NewMobile("139", 42) != "13900000042" {
		t.Error("mobile")
	}
}

func TestGeneratorsAreDistinct(t *testing.T) {
	seen := map[string]bool{}
	for n := range uint64(20000) {
		seen[ids.NewUSCC("9", "2", "330903", n)] = true
	}
	if len(seen) != 20000 {
		t.Errorf("%d distinct codes of 20000", len(seen))
	}
}

func FuzzParsers(f *testing.F) {
	for _, s := range []string{
		"91330100716105852F", "9133O100716105852f", "57928569-X", "11010519491231002X", "110105491231002",
		"6901234567892", "106141412345678908", "4111111111111111", "13800138000", "0571-88880000-801",
		"400-820-8820", "+86-", "0086", "９１３３０１", "\xff\xfe", "",
	} {
		f.Add(s)
	}
	checks := []func(string) error{
		uscc, resident, phone, ids.CheckRegistrationNo, ids.CheckOrgCode, ids.CheckGTIN, ids.CheckGLN,
		ids.CheckSSCC, ids.CheckGSIN, ids.CheckGSRN, ids.CheckBankCard,
	}
	f.Fuzz(func(t *testing.T, s string) {
		clean, n := ids.Normalize(s)
		if again, m := ids.Normalize(clean); again != clean || m != 0 || n == 0 && clean != s {
			t.Fatalf("Normalize is not stable on %q", s)
		}
		for _, check := range checks {
			var e *ids.Error
			err := check(s)
			if err == nil {
				continue
			}
			if !errors.As(err, &e) || e.Pos < 0 || e.Pos > len([]rune(s)) {
				t.Fatalf("%q: %v", s, err)
			}
			if e.Suggestion != "" && check(e.Suggestion) != nil {
				t.Fatalf("%q: bad suggestion %q", s, e.Suggestion)
			}
		}
	})
}

func ExampleParseUSCC() {
	s, notice := ids.Normalize("9133０1oo716105852f")
	fmt.Println(s, notice.Codes())
	_, err := ids.ParseUSCC(s)
	fmt.Println(err)
	var e *ids.Error
	if errors.As(err, &e) {
		fmt.Println(e.Suggestion)
	}
	// Output:
	// 913301OO716105852F [full_width upper_case]
	// uscc: bad lookalike at 7
	// 91330100716105852F
}
