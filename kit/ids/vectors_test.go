package ids

import (
	"encoding/json"
	"os"
	"testing"
)

// readVectors returns the cases of a file and checks their number.
func readVectors[T any](t *testing.T, name string, count int) []T {
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
	t.Logf("%s: %d cases", name, count)
	return f.Cases
}

func TestUSCCVectors(t *testing.T) {
	type vector struct {
		Code       string
		OK         bool
		InnerOrgOK bool `json:"inner_org_ok"`
	}
	for _, v := range readVectors[vector](t, "uscc-gb32100.json", 104) {
		u, err := ParseUSCC(v.Code)
		if (err == nil) != v.OK || u.OrgValid != v.InnerOrgOK {
			t.Errorf("%s: %+v, %v", v.Code, u, err)
		}
	}
}

func TestOrgCodeVectors(t *testing.T) {
	type vector struct {
		Code string
		OK   bool
	}
	for _, v := range readVectors[vector](t, "org-gb11714.json", 55) {
		for _, s := range []string{v.Code, v.Code[:8] + "-" + v.Code[8:]} {
			if err := CheckOrgCode(s); (err == nil) != v.OK {
				t.Errorf("%s: %v", s, err)
			}
		}
	}
}

func TestResidentIDVectors(t *testing.T) {
	type vector struct {
		ID       string
		Checksum bool `json:"checksum_ok"`
		Date     bool `json:"date_ok"`
		Sex      string
	}
	for _, v := range readVectors[vector](t, "resident-id-gb11643.json", 51) {
		s, _ := Normalize(v.ID)
		got, err := ParseResidentID(s, "2023-11-24")
		if (err == nil) != (v.Checksum && v.Date) {
			t.Errorf("%s: %v", v.ID, err)
		}
		if e, ok := err.(*Error); ok && (e.Reason == ReasonCheck) == v.Checksum {
			t.Errorf("%s: wrong reason: %v", v.ID, err)
		}
		if v.Sex != "" && got.Female != (v.Sex == "F") {
			t.Errorf("%s: %+v", v.ID, got)
		}
	}
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
	for _, v := range readVectors[vector](t, "gs1-keys.json", 201) {
		check := checks[v.Type]
		switch {
		case v.Type == "GS1" && len(v.Value) == 18:
			check = CheckSSCC
		case v.Type == "GS1":
			check = CheckGTIN
		}
		if err := check(v.Value); (err == nil) != v.OK {
			t.Errorf("%s %s: %v", v.Type, v.Value, err)
		}
	}
}

func TestLuhnVectors(t *testing.T) {
	type vector struct {
		PAN string
		OK  bool
	}
	for _, v := range readVectors[vector](t, "bank-card-luhn.json", 69) {
		if err := checkLuhn(v.PAN); (err == nil) != v.OK {
			t.Errorf("%s: %v", v.PAN, err)
		}
		zero := v.PAN[0] == '0'
		if err := CheckBankCard(v.PAN); (err == nil) != (v.OK && !zero) {
			t.Errorf("%s: %v", v.PAN, err)
		}
	}
}
