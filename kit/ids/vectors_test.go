package ids

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"testing"
)

// runVectors tries the cases of a file, checks their number and prints how many
// passed. try returns what is wrong.
func runVectors[T any](t *testing.T, name string, count int, try func(T) error) {
	t.Helper()
	b, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	var f struct {
		Count int
		Cases []T
	}
	if err := json.Unmarshal(b, &f); err != nil {
		t.Fatal(err)
	}
	if len(f.Cases) != count || f.Count != count {
		t.Fatalf("%s: %d cases, want %d", name, len(f.Cases), count)
	}
	pass := 0
	for _, c := range f.Cases {
		if err := try(c); err != nil {
			t.Errorf("%+v: %v", c, err)
			continue
		}
		pass++
	}
	t.Logf("%s: %d of %d vectors pass", name, pass, count)
}

// verdict compares a check's answer with the expected one.
func verdict(err error, ok bool) error {
	if (err == nil) != ok {
		return fmt.Errorf("want ok %t, got %v", ok, err)
	}
	return nil
}

func TestUSCCVectors(t *testing.T) {
	type vector struct {
		Code       string
		OK         bool
		InnerOrgOK bool `json:"inner_org_ok"`
	}
	runVectors(t, "uscc-gb32100.json", 104, func(v vector) error {
		u, err := ParseUSCC(v.Code)
		if u.OrgValid != v.InnerOrgOK {
			return fmt.Errorf("inner code: %t", u.OrgValid)
		}
		return verdict(err, v.OK)
	})
}

func TestOrgCodeVectors(t *testing.T) {
	type vector struct {
		Code string
		OK   bool
	}
	runVectors(t, "org-gb11714.json", 55, func(v vector) error {
		return errors.Join(verdict(CheckOrgCode(v.Code), v.OK),
			verdict(CheckOrgCode(v.Code[:8]+"-"+v.Code[8:]), v.OK))
	})
}

func TestResidentIDVectors(t *testing.T) {
	type vector struct {
		ID       string
		Checksum bool `json:"checksum_ok"`
		Date     bool `json:"date_ok"`
		Sex      string
	}
	runVectors(t, "resident-id-gb11643.json", 51, func(v vector) error {
		s, _ := Normalize(v.ID)
		got, err := ParseResidentID(s, "2023-11-24")
		var e *Error
		if errors.As(err, &e) && (e.Reason == ReasonCheck) == v.Checksum {
			return fmt.Errorf("wrong reason: %w", err)
		}
		if v.Sex != "" && got.Female != (v.Sex == "F") {
			return fmt.Errorf("sex: %+v", got)
		}
		return verdict(err, v.Checksum && v.Date)
	})
}

func TestGS1Vectors(t *testing.T) {
	checks := map[string]func(string) error{
		"GTIN-8": CheckGTIN, "GTIN-12": CheckGTIN, "GTIN-13": CheckGTIN, "GTIN-14": CheckGTIN,
		"GLN": CheckGLN, "SSCC": CheckSSCC, "GSIN": CheckGSIN, "GSRN": CheckGSRN,
		"note": CheckGTIN,
	}
	type vector struct {
		Type, Value string
		OK          bool
	}
	runVectors(t, "gs1-keys.json", 201, func(v vector) error {
		check := checks[v.Type]
		switch {
		case v.Type == "GS1" && len(v.Value) == 18:
			check = CheckSSCC
		case v.Type == "GS1":
			check = CheckGTIN
		}
		return verdict(check(v.Value), v.OK)
	})
}

func TestLuhnVectors(t *testing.T) {
	type vector struct {
		PAN string
		OK  bool
	}
	runVectors(t, "bank-card-luhn.json", 69, func(v vector) error {
		zero := v.PAN[0] == '0'
		return errors.Join(verdict(checkLuhn(v.PAN), v.OK), verdict(CheckBankCard(v.PAN), v.OK && !zero))
	})
}
