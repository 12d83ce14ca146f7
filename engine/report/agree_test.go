package report

import (
	"testing"
)

func TestAgrees(t *testing.T) {
	for _, x := range []struct {
		name     string
		cmp      string
		step     float64
		target   float64
		value    Amount
		num, den int64
		want     bool
	}{
		{name: "equal", cmp: "eq", target: 859, value: Number(859), want: true},
		{name: "one off", cmp: "eq", target: 859, value: Number(858)},
		{name: "equal money with binary noise", cmp: "eq", target: 652550, value: Amount{Number: 652550.0000000001, Known: true}, want: true},
		{name: "at least, exactly", cmp: "ge", target: 4000, value: Number(4000), want: true},
		{name: "at least, more", cmp: "ge", target: 4000, value: Number(4812), want: true},
		{name: "at least, less", cmp: "ge", target: 4000, value: Number(3999)},
		{name: "more than, exactly", cmp: "gt", target: 380000, value: Number(380000)},
		{name: "more than", cmp: "gt", target: 380000, value: Number(380001), want: true},
		{name: "hundreds from below", cmp: "round", step: 100, target: 158200, value: Number(158150), want: true},
		{name: "hundreds from above", cmp: "round", step: 100, target: 158200, value: Number(158249), want: true},
		{name: "next hundred", cmp: "round", step: 100, target: 158200, value: Number(158250)},
		{name: "whole percent", cmp: "round", step: 1, target: 99, value: Number(100 * 264.0 / 267), want: true},
		{name: "tenths", cmp: "round", step: 0.1, target: 99.5, value: Number(100 * 182.0 / 183), want: true},
		{name: "hundredths at the edge", cmp: "round", step: 0.01, target: 9.07, value: Number(9.065), want: true},
		{name: "the rate that fits no batch", cmp: "round", step: 0.01, target: 2.76, value: Number(100 * 135.0 / 4878)},
		{name: "a fall", cmp: "round", step: 1, target: -3, value: Number(-2.5), want: true},
		{name: "all", cmp: "all", value: Number(100), num: 67, den: 67, want: true},
		{name: "not all", cmp: "all", value: Number(98.5), num: 66, den: 67},
		{name: "all of nothing", cmp: "all", value: Amount{}},
		{name: "a count is no all", cmp: "all", value: Number(67), num: 67},
		{name: "nothing computed", cmp: "eq", target: 0, value: Amount{}},
	} {
		t.Run(x.name, func(t *testing.T) {
			s := &Stated{Cmp: x.cmp, Step: x.step, Value: Number(x.target)}
			if got := agrees(s, x.value, x.num, x.den, false); got != x.want {
				t.Errorf("got %v", got)
			}
		})
	}
	if !agrees(&Stated{Cmp: "all"}, Number(1), 5, 0, true) {
		t.Error("a derived truth agrees with the claim that it is true")
	}
}

func TestWhole(t *testing.T) {
	below, above, ok := whole(2.76, 0.01, 4878)
	if below != 134 || above != 135 || ok {
		t.Errorf("2.76 of 4878: %d, %d, %v", below, above, ok)
	}
	if _, _, ok := whole(99.5, 0.1, 183); !ok {
		t.Error("182 of 183 prints as 99.5")
	}
	if _, _, ok := whole(50, 1, 0); ok {
		t.Error("nothing is a share of nothing")
	}
}

type values map[string]float64

func (v values) amount(id string) float64 { return v[id] }
func (v values) step(string) float64      { return 1 }

func TestRelation(t *testing.T) {
	v := values{"a": 2, "b": 5, "c": 27, "rate": 50}
	for expr, want := range map[string]bool{
		"a <= b <= c":          true,
		"a <= c <= b":          false, // the chain breaks at its second link
		"a + b * 5 == c":       true,
		"(a + b) * 5 == c + 8": true,
		"c / a > 13":           true,
		"c - b - a == 20":      true,
		"whole(rate, a)":       true,
		"whole(rate, b)":       false,
	} {
		r, err := ParseRelation(expr)
		if err != nil {
			t.Fatal(err)
		}
		if got := r.test(v); got != want {
			t.Errorf("%s: %v", expr, got)
		}
	}
	for _, bad := range []string{"", "a", "a +", "a <= ", "(a <= b", "a <= b )", "a $ b", "whole(a)", "a == b c"} {
		if _, err := ParseRelation(bad); err == nil {
			t.Errorf("%q was read", bad)
		}
	}
}

func TestFormat(t *testing.T) {
	for _, x := range []struct {
		v      float64
		name   string
		digits int
		want   string
	}{
		{158204, "wan", 2, "15.82万"},
		{40650100000, "yi", 1, "406.5亿"},
		{43459321, "wan", 1, "4,345.9万"},
		{158204, "thousand", 1, "158.2 thousand"},
		{2.7675, "percent", 2, "2.77%"},
		{652550, "plain", -1, "652,550"},
		{-1234.5, "int", -1, "-1,235"},
		{999, "plain", 0, "999"},
	} {
		if got := format(x.v, x.name, x.digits); got != x.want {
			t.Errorf("%v as %s: %s, want %s", x.v, x.name, got, x.want)
		}
	}
}
