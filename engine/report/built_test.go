package report_test

import (
	"strings"
	"testing"

	"github.com/dinghai/dinghai/demo/figures"
	"github.com/dinghai/dinghai/engine/report"
)

// built are the figures that indicators compute, in the order in which the
// source states them.
var built = strings.Fields(`
	new_individual_businesses new_ftz_enterprises total_market_entities elicense_download_rate
	joint_double_random_rate
	fcr_new_measures fcr_new_amended fcr_new_not_issued fcr_stock_total fcr_stock_clean fcr_stock_amended fcr_stock_abolished
	normdoc_reviewed normdoc_to_amend normdoc_to_abolish policy_platform_visits
	individual_to_enterprise market_turnover market_turnover_growth
	patent_adjudication_days patent_closing_rate
	food_samples food_fail_rate food_risks_found food_risks_closed new_restaurants new_restaurants_growth
	pre_opening_before pre_opening_after recheck_before recheck_after
	se_general_hazards se_general_rect_rate se_serious_hazards se_serious_rect_rate
	product_makers product_dwm_rate
	gas_cases gas_police_transfers gas_criminal_cases ebike_cases ebike_seized
	price_cases price_penalty unfair_cases unfair_penalty
	drug_cases drug_penalty drug_cases_vs_last drug_penalty_vs_last
	steel_fist_transferred smuggling_cases smuggling_penalty
	complaints_total first_check_rate complaint_on_time_rate report_check_rate mediation_success
	fuel_guns_verified flowmeters_verified fuel_cases ev_chargers_verified`)

// exact are the records of the fake bureau where they say more than the
// source's rounded numbers: numerator, denominator.
var exact = map[string][2]int64{
	"food_fail_rate":         {135, 4878},
	"food_risks_closed":      {67, 67},
	"se_general_rect_rate":   {265, 267},
	"se_serious_rect_rate":   {182, 183},
	"first_check_rate":       {9996, 10000},
	"complaint_on_time_rate": {9000, 9000},
	"report_check_rate":      {3000, 3000},
	"mediation_success":      {7413, 10000},
}

// counted are exact counts behind rounded statements.
var counted = map[string]float64{
	"total_market_entities":  158204,
	"policy_platform_visits": 96512,
	"new_restaurants":        4012,
	"ebike_seized":           213,
	"smuggling_penalty":      43459321,
	"market_turnover":        40650100000,
}

func declared(t testing.TB) *report.Declared {
	t.Helper()
	d, err := figures.Default()
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// records gives the 62 figures as the records of the fake bureau have them.
func records(t testing.TB) []report.Figure {
	t.Helper()
	d := declared(t)
	out := make([]report.Figure, 0, len(built))
	for _, id := range built {
		s := d.Find(id)
		if s == nil {
			t.Fatalf("no figure %s in the list", id)
		}
		f := report.Figure{ID: id, Kind: report.Computed, Unit: s.Unit, Cmp: s.Cmp, Step: s.Step, Value: s.Value, Label: s.Label}
		if v, ok := counted[id]; ok {
			f.Value = report.Number(v)
		}
		if p, ok := exact[id]; ok {
			f.Numerator, f.Denominator = &p[0], &p[1]
			f.Value = report.Number(100 * float64(p[0]) / float64(p[1]))
		}
		out = append(out, f)
	}
	return out
}
