package form_test

import (
	"encoding/json"
	"net/url"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/dinghai/dinghai/catalogue"
	"github.com/dinghai/dinghai/systems"
	"github.com/dinghai/dinghai/web/form"
)

func shipped(t testing.TB) *catalogue.Catalogue {
	t.Helper()
	c, err := catalogue.Load(systems.Files)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// beyond are the conditions the page's script does not understand: their inputs
// are always shown. Adding one is a choice, so it is named here.
var beyond = map[string]bool{}

// TestConditions: every `show` of the shipped catalogue is understood by the
// page's script, or named as one that is not.
func TestConditions(t *testing.T) {
	c := shipped(t)
	n := 0
	for _, k := range c.Ordered() {
		for _, a := range k.Actions {
			for _, f := range a.Form {
				if f.Show == "" {
					continue
				}
				n++
				got := form.Condition(f.Show, c)
				if (got == "") != beyond[f.Show] {
					t.Errorf("%s.%s %s: %q translates to %q", k.Name, a.Action, f.Field, f.Show, got)
				}
				if got != "" && !json.Valid([]byte(got)) {
					t.Errorf("%s: %s", f.Show, got)
				}
			}
		}
	}
	t.Logf("%d conditions, %d beyond the script", n, len(beyond))
}

var sample = form.Form{Fields: []form.Field{
	{Name: "name", Type: "text"}, {Name: "fine", Type: "money"}, {Name: "count", Type: "int"}, {Name: "day", Type: "date"}, {Name: "online", Type: "bool"},
	{Name: "ways", Type: "code", Many: true}, {Name: "staff", Type: "rows", Columns: []form.Field{{Name: "post", Type: "text"}, {Name: "pay", Type: "money"}}},
	{Name: "phone", Type: "phone", Sealed: true}, {Name: "team", Type: "text", Many: true},
}}

// TestDecode: what people type, and what becomes of it.
func TestDecode(t *testing.T) {
	got, bad := form.Decode(sample, url.Values{
		"name": {" 望潮面馆 "}, "fine": {"１，２34.50 元"}, "count": {"1,024"}, "day": {"2023年7月8日"}, "online": {"true"}, "ways": {"a", "", "b"},
		"staff.0.post": {"厨师"}, "staff.0.pay": {"1.2万"}, "staff.3.post": {"服务员"}, "staff.2.post": {""}, "staff.99999999.post": {"x"}, "other": {"y"},
		"team": {"浙L-0101、浙L-0102\r\n 浙L-0103\n"},
	}, nil)
	want := map[string]any{"name": "望潮面馆", "fine": int64(123450), "count": "1024", "day": "2023-07-08", "online": "true", "ways": []any{"a", "b"}, "team": []any{"浙L-0101", "浙L-0102", "浙L-0103"},
		"staff": []any{map[string]any{"post": "厨师", "pay": int64(1200000)}, map[string]any{"post": "服务员"}}}
	if d := cmp.Diff(want, got); d != "" || len(bad) > 0 {
		t.Errorf("%s %v", d, bad)
	}
	for _, wrong := range []string{"12x", "1.234", "NaN", "1e300", "--5"} {
		if _, bad := form.Decode(sample, url.Values{"fine": {wrong}}, nil); len(bad) != 1 || bad[0].Field != "fine" {
			t.Errorf("%s: %v", wrong, bad)
		}
	}
}

// TestRoundTrip: what a form shows of a record is what it sends back.
func TestRoundTrip(t *testing.T) {
	in := map[string]any{"name": "甲", "fine": int64(5), "count": int64(7), "day": "2023-01-02", "online": false, "ways": []any{"a"}, "team": []any{"甲", "乙"},
		"staff": []any{map[string]any{"post": "乙", "pay": int64(-100)}}, "phone": "sealed:1:xx"}
	v := form.Encode(sample, in)
	if len(v["phone"]) > 0 {
		t.Error("a sealed value stands in the form")
	}
	got, bad := form.Decode(sample, url.Values(v), nil)
	delete(in, "phone")
	in["count"], in["online"] = "7", "false"
	if d := cmp.Diff(in, got); d != "" || len(bad) > 0 {
		t.Errorf("%s %v", d, bad)
	}
}

// FuzzDecode: no form body brings the decoder down or gives a value of the wrong shape.
func FuzzDecode(f *testing.F) {
	for _, s := range []string{"name=x&fine=1", "staff.0.post=a&staff.-1.post=b&staff..x=c", "fine=%ff&day=2023-13-99", "ways=a&ways=&ways=b"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, body string) {
		v, err := url.ParseQuery(body)
		if err != nil {
			return
		}
		got, _ := form.Decode(sample, v, nil)
		for name, x := range got {
			switch x.(type) {
			case string, int64, []any:
			default:
				t.Errorf("%s is %T", name, x)
			}
		}
	})
}
