package ids_test

import (
	"fmt"
	"testing"

	"github.com/dinghai/dinghai/kit/calendar"
	"github.com/dinghai/dinghai/kit/ids"
)

func TestRegions(t *testing.T) {
	tests := []struct {
		code string
		year int
		want string
	}{
		{"330902", 1985, "浙江省舟山市定海区"},
		{"330902", 2030, "浙江省舟山市定海区"},
		{"330900", 2020, "浙江省舟山市"},
		{"330000", 2020, "浙江省"},
		{"110101", 2020, "北京市东城区"},
		{"110103", 2005, "北京市崇文区"}, // joined to 东城 in 2010
		{"110103", 2020, ""},
		{"330183", 2003, "浙江省杭州市富阳市"},
		{"330111", 2020, "浙江省杭州市富阳区"},
		{"330111", 2003, ""},
		{"510202", 1990, "四川省重庆市渝中区"},
		{"500103", 2020, "重庆市渝中区"},
		{"332522", 1995, "浙江省丽水地区青田县"},
		{"810000", 2019, "香港特别行政区"},
		{"330999", 2020, ""},
		{"999000", 2020, ""},
		{"33", 2020, ""},
		{"", 2020, ""},
	}
	for _, tt := range tests {
		if got := ids.RegionName(tt.code, tt.year); got != tt.want {
			t.Errorf("%s in %d: %q, want %q", tt.code, tt.year, got, tt.want)
		}
	}
}

// Every code of the table is found, in every year of its spans, and the spans
// of one code follow each other.
func TestRegionTable(t *testing.T) {
	n := 0
	for i := range 1_000_000 {
		code := fmt.Sprintf("%06d", i)
		last := 0
		for _, r := range ids.Regions(code) {
			n++
			if r.Code != code || r.Name == "" || r.From < 1980 || r.To != 0 && r.To < r.From || r.From < last {
				t.Errorf("%+v", r)
			}
			last = r.From
			if got, ok := ids.RegionAt(code, r.From); !ok || !got.In(r.From) {
				t.Errorf("%+v is not found in its first year", r)
			}
		}
	}
	all := 0
	for range ids.AllRegions() {
		all++
	}
	if t.Logf("%d spans", n); n != 7071 || all != n {
		t.Errorf("%d spans by code, %d in all", n, all)
	}
}

func TestPlace(t *testing.T) {
	tests := []struct {
		region string
		birth  calendar.Date
		kind   ids.ResidentKind
		name   string
		note   ids.PlaceNote
	}{
		{"330902", "1960-05-01", ids.Citizen, "浙江省舟山市定海区", ids.PlaceKnown},
		{"510202", "1970-01-01", ids.Citizen, "四川省重庆市渝中区", ids.PlaceKnown},
		{"510202", "2010-01-01", ids.Citizen, "四川省重庆市渝中区", ids.PlaceEnded},
		{"330111", "2001-01-01", ids.Citizen, "浙江省杭州市富阳区", ids.PlaceKnown}, // code came later
		{"330999", "2001-01-01", ids.Citizen, "", ids.PlaceUnknown},
		{"810000", "1990-01-01", ids.Compatriot, "香港特别行政区", ids.PlaceKnown},
		{"830000", "1990-01-01", ids.Compatriot, "台湾", ids.PlaceKnown},
		{"933840", "1990-01-01", ids.Foreign, "浙江省", ids.PlaceKnown},
		{"999123", "1990-01-01", ids.Foreign, "", ids.PlaceUnknown},
	}
	for _, tt := range tests {
		r, err := ids.ParseResidentID(ids.NewResidentID(tt.region, tt.birth, 17), "2023-11-24")
		if err != nil {
			t.Fatal(err)
		}
		if name, note := r.Place(); r.Kind != tt.kind || name != tt.name || note != tt.note {
			t.Errorf("%s %s: %s %q %q", tt.region, tt.birth, r.Kind, name, note)
		}
	}
	r, _ := ids.ParseResidentID(ids.NewResidentID("933840", "1990-01-01", 17), "")
	if r.Nationality() != "840" || r.Province != "浙江" {
		t.Errorf("%+v %s", r, r.Nationality())
	}
}

func ExampleResidentID_Place() {
	r, err := ids.ParseResidentID(ids.NewResidentID("330902", "1992-02-29", 8), "")
	if err != nil {
		fmt.Println(err)
		return
	}
	name, note := r.Place()
	fmt.Println(name, note == ids.PlaceKnown, r.Birth.Date(), r.Female)
	// Output: 浙江省舟山市定海区 true 1992-02-29 true
}
