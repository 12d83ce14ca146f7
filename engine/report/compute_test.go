package report_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	"github.com/dinghai/dinghai/catalogue"
	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/engine/indicator"
	"github.com/dinghai/dinghai/engine/report"
)

// shelf is a Reader that only knows sums, by indicator.
type shelf struct {
	domain.Reader
	totals map[string]domain.Total
	asked  map[string]domain.Slice
}

func (s shelf) Sum(_ context.Context, q domain.Slice) (domain.Total, error) {
	s.asked[q.Indicator] = q
	return s.totals[q.Indicator], nil
}

type lateList []report.Late

func (l lateList) LateEntries(context.Context, string, domain.Date, domain.Date) ([]report.Late, error) {
	return l, nil
}

func indicators(list ...*catalogue.Indicator) *catalogue.Catalogue {
	c := &catalogue.Catalogue{Indicators: map[string]*catalogue.Indicator{}}
	for _, x := range list {
		x.Version, x.Hash = 1, "h-"+x.Indicator
		c.Indicators[x.Indicator] = x
	}
	return c
}

func text(s string) domain.Text { return domain.Text{ZH: s, EN: s} }

// bureau is a small catalogue with records behind it.
func bureau() (report.Sources, shelf) {
	c := indicators(
		&catalogue.Indicator{Indicator: "food_samples", Kind: "flow", Label: text("Samples")},
		&catalogue.Indicator{Indicator: "food_fail_rate", Kind: "flow", Weight: "1", Percent: true, Digits: 2, Label: text("Failed"), About: text("Failed / concluded")},
		&catalogue.Indicator{Indicator: "register_stock", Kind: "stock", Figure: "total_market_entities", Label: text("Register")},
		&catalogue.Indicator{Indicator: "first_check_rate", Kind: "due", Percent: true, Label: text("First check")},
		&catalogue.Indicator{Indicator: "price_penalty", Kind: "flow", Scale: 0.01, Label: text("Penalty")},
		&catalogue.Indicator{Indicator: "fuel_cases", Kind: "flow", Label: text("Fuel cases")},
		&catalogue.Indicator{Indicator: "fuel_problems", Kind: "flow", Label: text("Fuel problems")},
		&catalogue.Indicator{Indicator: "own_figure", Kind: "flow", Label: text("Own"), Unit: "case"},
	)
	s := shelf{totals: map[string]domain.Total{
		"food_samples":   {Num: 4878, Rows: 4878},
		"food_fail_rate": {Num: 135, Den: 4878, Rows: 4878},
		"register_stock": {Num: 158204, Rows: 158204},
		"price_penalty":  {Num: 65250000, Rows: 90},
		"fuel_cases":     {Num: 45, Rows: 45},
		"fuel_problems":  {Num: 44, Rows: 44},
		"own_figure":     {Num: 7, Rows: 7},
	}, asked: map[string]domain.Slice{}}
	return report.Sources{Catalogue: c, Values: indicator.NewSet(c), Reader: s}, s
}

func year() indicator.Query {
	return indicator.Query{From: "2023-01-01", To: "2023-11-15", Area: "330900"}
}

func compute(t *testing.T, src report.Sources, asks ...report.Ask) *report.Result {
	t.Helper()
	res, err := report.Compute(context.Background(), src, report.Request{Query: year(), Declared: declared(t), Asks: asks})
	if err != nil {
		t.Fatal(err)
	}
	return res
}

func TestComputeKinds(t *testing.T) {
	src, asked := bureau()
	res := compute(t, src)
	if len(res.Figures) != 167 {
		t.Fatalf("%d figures", len(res.Figures))
	}
	kinds := map[string]int{}
	for _, f := range res.Figures {
		kinds[f.Kind]++
	}
	if kinds[report.Computed] != 7 || kinds[report.AsStated] != 15 || kinds[report.NotBuilt] != 145 {
		t.Errorf("%v", kinds)
	}
	f := res.Find("total_market_entities")
	if f.Period.To != "2023-09-30" || asked.asked["register_stock"].To != "2023-09-30" || f.Indicator != "register_stock" || !*f.Agrees {
		t.Errorf("the register ends with the quarter and answers by its figure: %+v", f)
	}
	if f := res.Find("price_penalty"); f.Value.Number != 652500 || *f.Numerator != 65250000 || f.Denominator != nil {
		t.Errorf("money: %+v", f)
	}
	if f := res.Find("joint_rate_rank_q2"); f.Kind != report.AsStated || f.Value.Number != 3 || f.Agrees != nil || f.Source.ZH == "" {
		t.Errorf("a rank is taken as stated, with its source: %+v", f)
	}
}

func TestComputeJSON(t *testing.T) {
	src, _ := bureau()
	b, err := json.Marshal(compute(t, src))
	if err != nil {
		t.Fatal(err)
	}
	var got struct {
		Figures  []map[string]any `json:"figures"`
		Findings []map[string]any `json:"findings"`
	}
	if err := json.Unmarshal(b, &got); err != nil {
		t.Fatal(err)
	}
	for _, f := range got.Figures {
		for _, key := range []string{"id", "value", "unit", "kind", "numerator", "denominator", "rows", "target", "agrees"} {
			if _, ok := f[key]; !ok {
				t.Fatalf("%v lacks %s", f["id"], key)
			}
		}
		if f["id"] == "food_risks_closed" && (f["target"] != "all" || f["value"] != nil || f["kind"] != "not_built") {
			t.Errorf("%v", f)
		}
		if f["id"] == "food_fail_rate" && (f["numerator"] != 135.0 || f["denominator"] != 4878.0 || f["agrees"] != false) {
			t.Errorf("%v", f)
		}
	}
	if len(got.Findings) == 0 {
		t.Error("no findings")
	}
}

func finding(res *report.Result, kind, about string) *report.Finding {
	for i, f := range res.Findings {
		if f.Kind == kind && (f.Name == about || len(f.Figures) > 0 && f.Figures[0] == about) {
			return &res.Findings[i]
		}
	}
	return nil
}

func TestFindings(t *testing.T) {
	src, _ := bureau()
	src.Late = lateList{{Kind: "penalty.case", Count: 3}}
	res := compute(t, src)
	f := finding(res, "differs", "food_fail_rate")
	if f == nil {
		t.Fatal("2.76 against 2.77 is no finding")
	}
	for _, want := range []string{"2.76", "2.77%", "135", "4878", "134", "2.75%"} {
		if !strings.Contains(f.Text.ZH, want) || !strings.Contains(f.Text.EN, want) {
			t.Errorf("%s is not in %+v", want, f.Text)
		}
	}
	if finding(res, "declared_identity", "food_fail_rate_whole") == nil {
		t.Error("the stated rate stands for no whole number of batches")
	}
	if finding(res, "identity", "fuel_case_subset") == nil {
		t.Error("45 cases from 44 problems break a relation")
	}
	if finding(res, "identity", "gas_chain") != nil {
		t.Error("a relation with figures that are not built says nothing")
	}
	if finding(res, "no_denominator", "first_check_rate") == nil {
		t.Error("a rate without anything due is no finding")
	}
	if f := finding(res, "late_entries", "penalty.case"); f == nil || f.Count != 3 {
		t.Errorf("late entries: %+v", f)
	}
}

func TestRefresh(t *testing.T) {
	src, s := bureau()
	before := compute(t, src)
	if c := report.Refresh(before, compute(t, src)); len(c) != 0 {
		t.Errorf("nothing moved, but %v", c)
	}
	s.totals["food_samples"] = domain.Total{Num: 4879, Rows: 4879}
	s.totals["first_check_rate"] = domain.Total{Num: 9, Den: 10, Rows: 10}
	got := report.Refresh(before, compute(t, src))
	if len(got) != 2 || got[0].Figure != "food_samples" || got[0].Old.Number != 4878 || got[0].New.Number != 4879 ||
		got[1].Figure != "first_check_rate" || got[1].Old.Known || got[1].New.Number != 90 {
		t.Errorf("%+v", got)
	}
}
