package gs1

import (
	"fmt"
	"strings"
)

// Reason says what is wrong, as a stable code. Reasons that come from linters
// are named as in the Syntax Dictionary's reference linters, for example
// INCORRECT_CHECK_DIGIT; those below come from reading the message around them.
type Reason string

const (
	ReasonEmpty         Reason = "EMPTY"               // no data, or a value without characters
	ReasonTooBig        Reason = "TOO_BIG"             // input beyond MaxInput bytes
	ReasonTooMany       Reason = "TOO_MANY_AIS"        // more than MaxElements
	ReasonNoFNC1        Reason = "MISSING_FNC1"        // no FNC1 at the beginning
	ReasonCaret         Reason = "ILLEGAL_CARET"       // ^ would read as FNC1
	ReasonBracket       Reason = "MALFORMED_BRACKET"   // not (AI)value
	ReasonUnknownAI     Reason = "UNKNOWN_AI"          // not in the dictionary
	ReasonTooShort      Reason = "VALUE_TOO_SHORT"     // value shorter than its format
	ReasonTooLong       Reason = "VALUE_TOO_LONG"      // value longer than its format
	ReasonLength        Reason = "INCORRECT_LENGTH"    // a component is incomplete
	ReasonExclusive     Reason = "EXCLUSIVE_AIS"       // two AIs that may not stand together
	ReasonRequired      Reason = "REQUIRED_AI_MISSING" // an AI that this one needs is absent
	ReasonRepeated      Reason = "REPEATED_AI_DIFFERS" // one AI with two values
	ReasonNoSerial      Reason = "SERIAL_REQUIRED"     // digital signature on a key without serial
	ReasonURIChar       Reason = "ILLEGAL_URI_CHARACTER"
	ReasonScheme        Reason = "ILLEGAL_SCHEME" // neither http:// nor https://
	ReasonHost          Reason = "ILLEGAL_HOST"
	ReasonNoKey         Reason = "NO_PRIMARY_KEY" // no primary key in path or message
	ReasonPath          Reason = "ILLEGAL_KEY_QUALIFIERS"
	ReasonNotAttribute  Reason = "NOT_AN_ATTRIBUTE" // this AI may not stand in the query
	ReasonDuplicate     Reason = "DUPLICATE_AI"     // twice in one URI
	ReasonTrailingSlash Reason = "TRAILING_SLASH"
	ReasonNUL           Reason = "NUL_CHARACTER"
	ReasonSymbology     Reason = "UNSUPPORTED_SYMBOLOGY"
	ReasonNotGS1        Reason = "NOT_GS1_DATA" // the carrier holds GS1 data only
	ReasonCompressed    Reason = "MALFORMED_COMPRESSION"
)

// Error tells where and why data is wrong.
type Error struct {
	AI     string // the Application Identifier concerned; empty means the input as a whole
	Value  string // its value, or the input
	Pos    int    // first bad byte in Value, counted from 0
	Len    int    // number of bad bytes, 0 when something is missing
	Reason Reason
	Other  string // the other AI, or what was required

	end int // end of the component in Value
}

func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString("gs1: ")
	if e.AI != "" {
		fmt.Fprintf(&b, "(%s) ", e.AI)
	}
	fmt.Fprintf(&b, "%s at %d", e.Reason, e.Pos)
	if e.Other != "" {
		fmt.Fprintf(&b, " (%s)", e.Other)
	}
	return b.String()
}

// Markup shows the bad characters between bars: "(8001)1|X|34". What follows
// the component at fault is left out.
func (e *Error) Markup() string {
	stop := min(e.Pos+e.Len, len(e.Value))
	end := max(stop, min(e.end, len(e.Value)))
	s := e.Value[:e.Pos] + "|" + e.Value[e.Pos:stop] + "|" + e.Value[stop:end]
	if e.AI == "" {
		return s
	}
	return "(" + e.AI + ")" + s
}

// wrong is an Error about the input as a whole, from pos on.
func wrong(input string, pos int, r Reason) error {
	return &Error{Value: input, Pos: min(pos, len(input)), Reason: r}
}
