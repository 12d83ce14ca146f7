// Package ids checks the identifiers that Chinese administration and trade
// use, by their check digits and inner structure:
//
//   - unified social credit code, GB 32100-2015
//   - organisation code, GB 11714-1997
//   - registration number of before 2015, GS 15-2006
//   - resident identity number, GB 11643-1999
//   - GTIN, GLN, SSCC, GSIN and GSRN, GS1 General Specifications (mod 10)
//   - bank card number, ISO/IEC 7812-1 (Luhn)
//   - telephone numbers of mainland China
//
// Checks are strict: lower case, full-width digits and blanks are errors. Input
// that people typed goes through [Normalize] first, which says what it changed
// so that the change can be shown. Letters mistaken for digits are never mapped
// silently; the error carries a suggestion, and only one that would be valid.
//
// A valid number says nothing about whether it was ever issued.
package ids

import (
	"fmt"
	"strings"
)

// Field names a kind of identifier in an Error.
type Field string

const (
	FieldUSCC           Field = "uscc"
	FieldOrgCode        Field = "org_code"
	FieldRegistrationNo Field = "registration_no"
	FieldResidentID     Field = "resident_id"
	FieldGTIN           Field = "gtin"
	FieldGLN            Field = "gln"
	FieldSSCC           Field = "sscc"
	FieldGSIN           Field = "gsin"
	FieldGSRN           Field = "gsrn"
	FieldBankCard       Field = "bank_card"
	FieldPhone          Field = "phone"
)

// Reason says what is wrong, as a stable code.
type Reason string

const (
	ReasonLength    Reason = "length"    // too short or too long
	ReasonChar      Reason = "char"      // not in the alphabet
	ReasonLookAlike Reason = "lookalike" // not in the alphabet, but resembles one that is
	ReasonForm      Reason = "form"      // lower case, full width or blanks: normalise first
	ReasonCheck     Reason = "check"     // check digit does not fit
	ReasonDate      Reason = "date"      // no such birth date
	ReasonFuture    Reason = "future"    // birth date after today
	ReasonLegacy    Reason = "legacy"    // 15-digit number of former days
	ReasonPrefix    Reason = "prefix"    // begins with digits no such number has
)

// Error tells where and why an identifier is wrong. Its text leaves out the
// identifier, so that it may be logged; Suggestion must not be.
type Error struct {
	Field      Field
	Pos        int // character counted from 1; 0 means the whole
	Reason     Reason
	Suggestion string // what was probably meant; passes the same check
}

func (e *Error) Error() string {
	return fmt.Sprintf("%s: bad %s at %d", e.Field, e.Reason, e.Pos)
}

func bad(f Field, pos int, r Reason) error { return &Error{Field: f, Pos: pos, Reason: r} }

// lookAlikes maps letters to the digits that they are mistaken for.
var lookAlikes = strings.NewReplacer("O", "0", "I", "1", "Z", "2", "S", "5")

// badChar explains the character at byte i of s, which is outside the alphabet.
// valid is the check itself, run on the suggestion.
func badChar(f Field, s string, i int, valid func(string) bool) error {
	e := &Error{Field: f, Pos: runePos(s, i), Reason: ReasonChar}
	switch c := s[i]; {
	case c == 'O' || c == 'I' || c == 'Z' || c == 'S':
		e.Reason = ReasonLookAlike
	case c >= 'a' && c <= 'z' || c == ' ':
		e.Reason = ReasonForm
	case c >= 0x80:
		if _, n := Normalize(s); n != 0 {
			e.Reason = ReasonForm
		}
	}
	clean, _ := Normalize(s)
	if guess := lookAlikes.Replace(clean); guess != s && valid(guess) {
		e.Suggestion = guess
	}
	return e
}

// badLength explains a length that may be due to full-width characters or
// blanks, which are worth more than a count.
func badLength(f Field, s string, valid func(string) bool) error {
	if clean, n := Normalize(s); n != 0 && valid(clean) {
		return &Error{Field: f, Reason: ReasonForm, Suggestion: clean}
	}
	return bad(f, 0, ReasonLength)
}

func runePos(s string, i int) int { return len([]rune(s[:i])) + 1 }

func notDigit(s string) int {
	for i := range len(s) {
		if s[i]-'0' > 9 {
			return i
		}
	}
	return -1
}
