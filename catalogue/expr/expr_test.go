package expr_test

import (
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/dinghai/dinghai/catalogue"
	"github.com/dinghai/dinghai/catalogue/expr"
	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/journey/journeytest"
	"github.com/dinghai/dinghai/kit/calendar"
)

// compiler knows one kind with a field of each type and the shipped calendar.
func compiler(t testing.TB) *expr.Compiler {
	t.Helper()
	cat, err := catalogue.Load(journeytest.Base(os.DirFS("../../systems")))
	if err != nil {
		t.Fatal(err)
	}
	return with(t, cat.Calendar)
}

func with(t testing.TB, cal *calendar.Calendar) *expr.Compiler {
	c, err := expr.NewCompiler(cal, func(list, code, name string) string { return list + "/" + code + "/" + name })
	if err != nil {
		t.Fatal(err)
	}
	c.Define(&expr.Schema{Name: "trial", Sealed: map[string]bool{"phone": true}, Fields: map[string]expr.Type{
		"name": expr.String, "amount": expr.Int, "share": expr.Number, "urgent": expr.Bool, "items": expr.List}})
	return c
}

// vars are a case opened on Friday 29 September 2023, before the long holiday.
func vars() *expr.Vars {
	rec := &domain.Record{Ref: domain.Ref{Home: 330902, ID: "r1"}, Kind: "trial", State: "open", Area: "330902002", Organ: "330902",
		Number: "舟市监〔2023〕1号", Opened: "2023-09-29", Of: domain.Ref{Home: 330902, ID: "s1"},
		Fields: map[string]any{"name": "望潮面馆", "amount": int64(12050), "urgent": true, "items": []any{"a", "b"}},
		Links:  []domain.Link{{Role: "bad", To: domain.Ref{Home: 330902, ID: "x"}, State: "closed"}}}
	return &expr.Vars{Rec: expr.Of(rec, "2023-09-29", nil), In: &expr.Facts{Fields: map[string]any{"days": int64(3)}},
		On: "2023-09-29", Today: "2023-10-10", Actor: "u1", Organ: "330902", Inputs: map[string]any{"f": 3.0, "g": 0.0}}
}

var scope = expr.Scope{Rec: "trial", Inputs: "f,g"}

// TestEval is what the verbs of the catalogue give.
func TestEval(t *testing.T) {
	c := compiler(t)
	for src, want := range map[string]string{
		`rec.name`:                                   `"望潮面馆"`,
		`rec.amount >= yuan(120)`:                    `true`,
		`rec.share`:                                  `0`,
		`size(rec.items)`:                            `2`,
		`rec.urgent && state(rec) == "open"`:         `true`,
		`id(rec) + " " + subject(rec)`:               `"330902-r1 330902-s1"`,
		`exists(sub)`:                                `false`,
		`state(sub) + area(sub) + number(sub)`:       `""`,
		`within(area(rec), "330902")`:                `true`,
		`within("330902", area(rec))`:                `false`,
		`plus_days(on, 3)`:                           `"2023-10-02"`,
		`plus_months("2024-01-31", 1)`:               `"2024-02-29"`,
		`plus_workdays("2023-09-28", 1)`:             `"2023-10-07"`, // the holiday runs from the 29th to the 6th; the 7th is worked
		`days(on, today)`:                            `11`,
		`workdays("2023-09-28", "2023-10-07")`:       `1`,
		`month_end("2023-02-10") + month(on)`:        `"2023-02-282023-09"`,
		`year(on)`:                                   `2023`,
		`workday("2023-10-07")`:                      `true`,
		`workdays_of("2023-09-28", "2023-10-07")`:    `["2023-09-28","2023-10-07"]`,
		`sundays_of("2023-09-28", "2023-10-08")`:     `["2023-10-01","2023-10-08"]`,
		`attr("gb4754", "6210", "division")`:         `"gb4754/6210/division"`,
		`ratio(f, 2.0)`:                              `1.5`,
		`linked(rec, "bad", ["closed"])`:             `1`,
		`linked(rec, "bad", ["open"])`:               `0`,
		`marked(rec, "never") || running(rec, "no")`: `false`,
		`outcome(rec, "no") + due(rec, "no")`:        `""`,
		`days("", today)`:                            `0`,
		`plus_days("never", 1)`:                      `""`,
		`actor + organ`:                              `"u1330902"`,
	} {
		got, err := c.Prepare(src, scope, expr.Any).Eval(vars())
		b, _ := json.Marshal(got)
		if err != nil || string(b) != want {
			t.Errorf("%s = %s (%v), want %s", src, b, err, want)
		}
	}
}

// TestCheck: mistakes are told before anything is run, with the column.
func TestCheck(t *testing.T) {
	c := compiler(t)
	for _, x := range []struct {
		src  string
		want expr.Type
		says string
	}{
		{`rec.nmae == "x"`, expr.Bool, "column 4: undefined field 'nmae'"},
		{`rec.phone == "x"`, expr.Bool, "field phone is sealed: no expression can see it"},
		{`rec.amount`, expr.Bool, "gives int, want bool"},
		{`rec.name + 1`, expr.String, "no matching overload"},
		{`in.days > 1`, expr.Bool, "write input.x"},
		{`rec.name ==`, expr.Bool, "Syntax error"},
		{`plus_days(on)`, expr.String, "no matching overload"},
		{`unknown(rec)`, expr.Any, "undeclared reference"},
	} {
		err := c.Prepare(x.src, scope, x.want).Check()
		if err == nil || !strings.Contains(err.Error(), x.says) {
			t.Errorf("%s: %v, want %q", x.src, err, x.says)
		}
	}
}

// TestHuge: an expression over absurd numbers ends, at once, in a value or an error.
func TestHuge(t *testing.T) {
	c := compiler(t)
	for _, src := range []string{
		`plus_days(on, 9223372036854775807)`, `plus_days(on, -9223372036854775807)`, `plus_months(on, 9223372036854775807)`,
		`plus_workdays(on, 9223372036854775807)`, `plus_workdays(on, -9223372036854775807)`, `workdays("0001-01-01", "9999-12-31")`,
		`workdays_of("0001-01-01", "9999-12-31")`, `yuan(9223372036854775807)`, `ratio(f, g)`,
	} {
		_, _ = c.Prepare(src, scope, expr.Any).Eval(vars())
	}
}

// FuzzEval: whatever is written as an expression is refused or gives a value.
func FuzzEval(f *testing.F) {
	for _, s := range []string{`rec.name`, `plus_workdays(on, 15)`, `items.filter(i, i > 2)`, `rec.items.all(x, x != "")`, `ratio(f, g)`,
		`workdays_of(on, today).size()`, `fields(rec, "x")`, `rec["name"]`, `{"a": 1}.a`, `[1,2][3]`, `1/0`, `b"\xff"`} {
		f.Add(s)
	}
	c := compiler(f)
	f.Fuzz(func(_ *testing.T, src string) {
		_, _ = c.Prepare(src, scope, expr.Any).Eval(vars())
	})
}
