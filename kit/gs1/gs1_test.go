package gs1

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/dinghai/dinghai/kit/need"
)

func TestTable(t *testing.T) {
	n := 0
	for ai := range AIs {
		n++
		if got := Lookup(ai.Code); got != ai {
			t.Errorf("Lookup(%s) = %v", ai.Code, got)
		}
		if ai.MinLen() < 1 || ai.MaxLen() < ai.MinLen() || ai.MaxLen() > 90 {
			t.Errorf("(%s) of %d to %d characters", ai.Code, ai.MinLen(), ai.MaxLen())
		}
		if n, ok := predefined[ai.Code[:2]]; ok == ai.Separated || ok && n != ai.MaxLen() {
			t.Errorf("(%s): separator %t, but its first digits say %d characters", ai.Code, ai.Separated, n)
		}
	}
	if n < 500 {
		t.Errorf("%d AIs", n)
	}
	for _, code := range []string{"", "0", "1A", "011", "89", "3106", "800", "80011", "０1"} {
		if a := Lookup(code); a != nil {
			t.Errorf("Lookup(%q) = (%s)", code, a.Code)
		}
	}
	if got := Lookup("414").Qualifiers(); len(got) != 2 || got[0][0] != "254" || got[1][0] != "7040" {
		t.Errorf("qualifiers of (414): %v", got)
	}
}

// The table must be what the generator makes of the dictionary.
func TestTableIsCurrent(t *testing.T) {
	fresh := filepath.Join(t.TempDir(), "table.go")
	if out, err := exec.Command(need.Tool(t, "go"), "run", "gen.go", "-o", fresh).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	want, err := os.ReadFile(fresh)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := os.ReadFile("table_gen.go"); err != nil || !bytes.Equal(got, want) {
		t.Errorf("table_gen.go is not current: run go generate ./kit/gs1 (%v)", err)
	}
}

// A URI that has one kind of qualifier in the path and another one as attribute
// must not swap them.
func TestPathStays(t *testing.T) {
	const uri = "https://id.gs1.org/01/09520123456788/235/XYZ?10=ABC123"
	m, err := ParseURI(uri)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := m.CanonicalURI(); err != nil || got != uri {
		t.Errorf("%s, %v", got, err)
	}
}

// Every face gives the same message.
func TestFaces(t *testing.T) {
	const want = `(01)06901234567892(10)A\(1)(21)x/%(17)261231(3103)000195`
	m, err := ParseBracketed(want)
	if err != nil {
		t.Fatal(err)
	}
	uri, err := m.CanonicalURI()
	if err != nil || uri != "https://id.gs1.org/01/06901234567892/10/A%281%29/21/x%2F%25?17=261231&3103=000195" {
		t.Errorf("URI %q, %v", uri, err)
	}
	scan, err := m.ScanData(DataMatrix)
	if err != nil {
		t.Fatal(err)
	}
	s, err := ParseScan(scan)
	if err != nil {
		t.Fatal(err)
	}
	u, err := ParseScan("]Q1" + uri)
	if err != nil {
		t.Fatal(err)
	}
	e, err := ParseElementString(m.ElementString())
	if err != nil {
		t.Fatal(err)
	}
	short, err := Compress(uri, true)
	if err != nil || short == uri {
		t.Errorf("compressed to %q, %v", short, err)
	}
	plain, err := Decompress(short)
	if err != nil || plain != uri {
		t.Errorf("back to %q, %v", plain, err)
	}
	for name, got := range map[string]*Message{"scan": s.Message, "URI": u.Message, "elements": e} {
		if got.Bracketed() != want {
			t.Errorf("%s: %s", name, got)
		}
	}
}

func TestErrorsNameThePlace(t *testing.T) {
	for _, tt := range []struct {
		in, ai string
		pos    int
		reason Reason
	}{
		{"(01)06901234567893", "01", 13, "INCORRECT_CHECK_DIGIT"},
		{"(01)06901234567892(17)261332", "17", 2, "ILLEGAL_MONTH"},
		{"(01)06901234567892(10)中", "10", 0, "INVALID_CSET82_CHARACTER"},
		{"(01)06901234567892(10)\xff", "10", 0, "INVALID_CSET82_CHARACTER"},
		{"(01)06901234567892(21)A(235)B", "21", 0, ReasonExclusive},
		{"(10)A", "10", 0, ReasonRequired},
		{"https://id.gs1.org/01/06901234567892/21/A/10/B", "", 18, ReasonPath},
		{"https://id.gs1.org/01/06901234567892?10=A", "10", 37, ReasonNotAttribute},
		{"https://id.gs1.org/01/06901234567892?8200=A", "8200", 37, ReasonNotAttribute},
		{"https://id.gs1.org/01/06901234567892?17=261231&17=261231", "17", 47, ReasonDuplicate},
		{"https://id.gs1.org/01/06901234567892/", "", 36, ReasonTrailingSlash},
		{"https://id.gs1.org/01/690123456789", "01", 12, ReasonTooShort},
		{"https://user@id.gs1.org/01/06901234567892", "", 8, ReasonHost},
		{"https://a:70000/01/06901234567892", "", 8, ReasonHost},
		{"https://[::1/01/06901234567892", "", 8, ReasonHost},
		{"https://a/" + strings.Repeat("0", MaxInput), "", MaxInput, ReasonTooBig},
		{"]d2", "", 3, ReasonEmpty},
		{"^01069012345678921", "", 17, ReasonUnknownAI},
	} {
		var err error
		switch tt.in[0] {
		case '(':
			_, err = ParseBracketed(tt.in)
		case '^':
			_, err = ParseElementString(tt.in)
		case ']':
			_, err = ParseScan(tt.in)
		default:
			_, err = ParseURI(tt.in)
		}
		var e *Error
		if !errors.As(err, &e) || e.AI != tt.ai || e.Pos != tt.pos || e.Reason != tt.reason {
			t.Errorf("%.80s: %+v, want (%s) %s at %d", tt.in, e, tt.ai, tt.reason, tt.pos)
		}
	}
}

func TestTolerance(t *testing.T) {
	p := Parser{TrailingSlash: true, ZeroSuppressedGTIN: true, ConvenienceAlphas: true}
	m, err := p.URI("https://a/gtin/6901234567892/ser/A/")
	if err != nil || m.Bracketed() != "(01)06901234567892(21)A" {
		t.Errorf("%v, %v", m, err)
	}
	for _, tt := range []struct{ in, want string }{
		{"(01)06901234567892(89)X", "(01)06901234567892(89)X"},
		{"(418)6901234567892", "(418)6901234567892"}, // 41 means 13 digits, known or not
		{"(418)690", ""},
		{"(4180)6901234567892", ""}, // and three digits of code
		{"(399)1", ""},
	} {
		m, err := Parser{UnknownAIs: true}.Bracketed(tt.in)
		if got := ""; err == nil {
			if got = m.Bracketed(); got != tt.want {
				t.Errorf("%s = %s", tt.in, got)
			}
		} else if tt.want != "" {
			t.Errorf("%s: %v", tt.in, err)
		}
	}
}

func TestIdentityURI(t *testing.T) {
	m, err := ParseURI("https://shop.example/x/01/06901234567892/10/A?17=261231&q=1")
	if err != nil {
		t.Fatal(err)
	}
	if got, err := m.IdentityURI(CanonicalStem); err != nil || got != "https://id.gs1.org/01/06901234567892/10/A" {
		t.Errorf("%s, %v", got, err)
	}
}

// A Message that is filled again must not keep elements of before.
func TestURIInto(t *testing.T) {
	var m Message
	for _, tt := range []struct{ uri, want string }{
		{"https://a/01/06901234567892/10/A?17=261231", "(01)06901234567892(10)A(17)261231"},
		{"https://a/00/006141411234567890", "(00)006141411234567890"},
		{"https://a/01/0690", ""},
		{"https://a/414/9520123456788/254/32a%2Fb", "(414)9520123456788(254)32a/b"},
	} {
		err := Parser{}.URIInto(&m, tt.uri)
		if (err == nil) != (tt.want != "") || err == nil && m.Bracketed() != tt.want {
			t.Errorf("%s = %s, %v", tt.uri, &m, err)
		}
	}
}
