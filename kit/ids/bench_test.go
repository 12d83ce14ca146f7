package ids_test

import (
	"testing"

	"github.com/dinghai/dinghai/kit/ids"
)

func TestNoAllocations(t *testing.T) {
	for name, f := range valid {
		if n := testing.AllocsPerRun(100, f); n != 0 {
			t.Errorf("%s: %v allocations", name, n)
		}
	}
}

var valid = map[string]func(){
	"USCC":       func() { _, _ = ids.ParseUSCC("91330100716105852F") },
	"OrgCode":    func() { _ = ids.CheckOrgCode("57928569X") },
	"ResidentID": func() { _, _ = ids.ParseResidentID("11010519491231002X", "") },
	"GTIN":       func() { _ = ids.CheckGTIN("6901234567892") },
	"SSCC":       func() { _ = ids.CheckSSCC("106141412345678908") },
	"BankCard":   func() { _ = ids.CheckBankCard("4111111111111111") },
	"Phone":      func() { _, _ = ids.ParsePhone("13800138000") },
	"Landline":   func() { _, _ = ids.ParsePhone("0580-2025555") },
	"Region":     func() { _, _ = ids.RegionAt("330902", 1990) },
	"RegNo":      func() { _ = ids.CheckRegistrationNo("110108000000016") },
	"Normalize":  func() { _, _ = ids.Normalize("91330100716105852F") },
}

func BenchmarkValid(b *testing.B) {
	for name, f := range valid {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				f()
			}
		})
	}
}
