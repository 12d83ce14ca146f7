package jcs_test

import (
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"strconv"
	"strings"
	"testing"

	peer "github.com/gowebpki/jcs"
	"pgregory.net/rapid"

	"github.com/dinghai/dinghai/kit/jcs"
)

func read(t *testing.T, name string, cases any) {
	t.Helper()
	b, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(b, &struct{ Cases any }{cases}); err != nil {
		t.Fatal(err)
	}
}

func TestVectors(t *testing.T) {
	var cases []struct{ Name, Input, Output, OutHex string }
	read(t, "jcs-rfc8785.json", &cases)
	pass := 0
	for _, c := range cases {
		got, err := jcs.Transform([]byte(c.Input))
		if err != nil || string(got) != c.Output || hex.EncodeToString(got) != c.OutHex {
			t.Errorf("%s: %s, %v, want %s", c.Name, got, err, c.Output)
			continue
		}
		pass++
	}
	t.Logf("%d of %d vectors pass", pass, len(cases))
	if len(cases) != 6 {
		t.Fail()
	}
}

func TestNumberVectors(t *testing.T) {
	var cases []struct {
		IEEE754 string
		JSON    *string
	}
	read(t, "jcs-numbers.json", &cases)
	pass := 0
	for _, c := range cases {
		n, err := strconv.ParseUint(c.IEEE754, 16, 64)
		if err != nil {
			t.Fatal(err)
		}
		got, err := jcs.Marshal(math.Float64frombits(n))
		if (c.JSON == nil) != (err != nil) || c.JSON != nil && string(got) != *c.JSON {
			t.Errorf("%s: %s, %v", c.IEEE754, got, err)
			continue
		}
		pass++
	}
	t.Logf("%d of %d vectors pass", pass, len(cases))
	if len(cases) != 26 {
		t.Fail()
	}
}

func TestRefusals(t *testing.T) {
	deep := strings.Repeat(`{"a":[`, 33)
	tests := []struct {
		in   string
		want jcs.Error
	}{
		{`{"a":1,"b":[0,{"c/d":1,"c/d":2}]}`, jcs.Error{Path: "/b/1/c~1d", Position: 28, Reason: "duplicate"}},
		{`{"a":1,"\u0061":2}`, jcs.Error{Path: "/a", Position: 15, Reason: "duplicate"}},
		{"[\"\xff\"]", jcs.Error{Position: 2, Reason: "utf8"}},
		{`["\ud800"]`, jcs.Error{Path: "/0", Position: 9, Reason: "surrogate"}},
		{`["\ud800x\udc00"]`, jcs.Error{Path: "/0", Position: 16, Reason: "surrogate"}},
		{`["\udc00\ud800"]`, jcs.Error{Path: "/0", Position: 15, Reason: "surrogate"}},
		{`{"\udead":1}`, jcs.Error{Path: "/", Position: 9, Reason: "surrogate"}},
		{`[1e400]`, jcs.Error{Path: "/0", Position: 6, Reason: "number"}},
		{deep, jcs.Error{Path: strings.Repeat("/a/0", 32), Position: 193, Reason: "depth"}},
		{`{} {}`, jcs.Error{Position: 3, Reason: "trailing"}},
		{`{"a":01}`, jcs.Error{Path: "/a", Position: 6, Reason: "syntax"}},
		{`{"a"`, jcs.Error{Path: "/a", Position: 4, Reason: "syntax"}},
		{``, jcs.Error{Position: 0, Reason: "syntax"}},
		{`[1,]`, jcs.Error{Path: "/1", Position: 3, Reason: "syntax"}},
		{strings.Repeat(" ", jcs.MaxSize+1), jcs.Error{Position: jcs.MaxSize, Reason: "size"}},
	}
	for _, tt := range tests {
		_, err := jcs.Transform([]byte(tt.in))
		var e *jcs.Error
		if !errors.As(err, &e) || *e != tt.want {
			t.Errorf("%.40q: got %v, want %v", tt.in, err, &tt.want)
		}
	}
}

func TestPairsAndEscapesPass(t *testing.T) {
	for in, want := range map[string]string{
		`["\ud83d\ude00\\ud800\u20ac\/\b"]`: `["😀\\ud800€/\b"]`,
		`"\u0000"`:                          `"\u0000"`,
		` 42 `:                              `42`,
		"[\t]":                              `[]`,
		strings.Repeat("[", 64) + strings.Repeat("]", 64): strings.Repeat("[", 64) + strings.Repeat("]", 64),
	} {
		got, err := jcs.Transform([]byte(in))
		if err != nil || string(got) != want {
			t.Errorf("%s: %s, %v", in, got, err)
		}
	}
}

func TestExact(t *testing.T) {
	for s, ok := range map[string]bool{
		"9007199254740991": true, "-9007199254740991": true, "0": true,
		"9007199254740992": false, "1.0": false, "1e2": false, "-0": false, "0.5": false, "99999999999999999999": false,
	} {
		if _, err := jcs.TransformExact([]byte(s)); (err == nil) != ok {
			t.Errorf("%s: %v", s, err)
		}
	}
}

func TestMarshalRefusesWhatGoRepairs(t *testing.T) {
	for s, ok := range map[string]bool{"a": true, "\ufffd": true, `\ufffd`: true, `\\ufffd`: true, "\xff": false, "\\\xff": false, "\\\\\xff": false} {
		b, err := jcs.Marshal(map[string]string{"x": s})
		if (err == nil) != ok {
			t.Errorf("%q: %s, %v", s, b, err)
		}
	}
	if b, err := jcs.Marshal("<&>\u2028"); string(b) != "\"<&>\u2028\"" || err != nil {
		t.Errorf("%s, %v", b, err)
	}
}

type doc struct {
	A int    `json:"a"`
	B string `json:"b,omitempty"`
}

func TestUnmarshal(t *testing.T) {
	var d doc
	if err := jcs.Unmarshal([]byte(`{"a":1,"b":"x"}`), &d); err != nil || d != (doc{1, "x"}) {
		t.Error(d, err)
	}
	for in, reason := range map[string]string{
		`{"b":"x","a":1}`:   "not_canonical",
		`{"a":1,"b":""}`:    "not_canonical",
		`{"A":1}`:           "not_canonical",
		`{"a": 1}`:          "not_canonical",
		`{"a":1.0}`:         "type",
		`{"a":1,"c":1}`:     "type",
		`{"a":"1"}`:         "type",
		`{"a":1,"a":1}`:     "duplicate",
		`{"a":1}` + "\n":    "not_canonical",
		`{"a":1,"b":null}`:  "not_canonical",
		`{"b":"x"}`:         "not_canonical",
		`null`:              "not_canonical",
		`{"a":1e30}`:        "type",
		`{"a":1,"b":"\/x"}`: "not_canonical",
	} {
		var d doc
		var e *jcs.Error
		if err := jcs.Unmarshal([]byte(in), &d); !errors.As(err, &e) || e.Reason != reason {
			t.Errorf("%s: %v, want %s", in, err, reason)
		}
	}
}

// Whatever the order of members, the form is one, and it is a fixed point.
func TestCanonical(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := rapid.MapOf(rapid.String(), rapid.Float64Range(-1e300, 1e300)).Draw(t, "m")
		names := make([]string, 0, len(m))
		for k := range m {
			names = append(names, k)
		}
		var parts []string
		for _, k := range rapid.Permutation(names).Draw(t, "order") {
			q, _ := json.Marshal(k)
			n, _ := json.Marshal(m[k])
			parts = append(parts, " "+string(q)+" : "+string(n))
		}
		one, err1 := jcs.Marshal(m)
		two, err2 := jcs.Transform([]byte("{" + strings.Join(parts, ",\n") + "}"))
		three, err3 := jcs.Transform(one)
		if errors.Join(err1, err2, err3) != nil || string(one) != string(two) || string(two) != string(three) {
			t.Fatalf("%s\n%s\n%s\n%v", one, two, three, errors.Join(err1, err2, err3))
		}
	})
}

func FuzzTransform(f *testing.F) {
	for _, s := range []string{`{"b":[1e21,"\ud83d\ude00"],"a":{}}`, `[[[[`, `{"a":1,"a":1}`, `"\ud800"`, "\xff", `-0`, `1E400`, `{"":"\\"}`, ` [true , null] `} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		out, err := jcs.Transform(b)
		if err != nil {
			var e *jcs.Error
			if !errors.As(err, &e) || e.Position < 0 || e.Position > len(b) {
				t.Fatal(err)
			}
			return
		}
		again, err := jcs.Transform(out)
		var v any
		if err != nil || string(again) != string(out) || json.Unmarshal(out, &v) != nil {
			t.Fatalf("%q gives %q, then %q, %v", b, out, again, err)
		}
	})
}

var entry = []byte(`{"type":"penalty","office":"330900","matter":"food","date":"2023-11-20","publish_by":"2023-11-29","commitments":["d1a0e57a0f8c6b9a7a1f5e6d2c3b4a59d1a0e57a0f8c6b9a7a1f5e6d2c3b4a59"],"beacon":{"round":3000000,"randomness":"00ff"}}`)

func BenchmarkTransform(b *testing.B) {
	b.SetBytes(int64(len(entry)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := jcs.Transform(entry); err != nil {
			b.Fatal(err)
		}
	}
}

// The library alone, for the price of the checks.
func BenchmarkPeerGowebpki(b *testing.B) {
	b.SetBytes(int64(len(entry)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := peer.Transform(entry); err != nil {
			b.Fatal(err)
		}
	}
}

func ExampleTransform() {
	out, err := jcs.Transform([]byte(`{"peach": 1.50, "péché": "\u20ac", "10": []}`))
	fmt.Println(string(out), err)
	_, err = jcs.Transform([]byte(`{"fine": 1, "fine": 2}`))
	fmt.Println(err)
	// Output:
	// {"10":[],"peach":1.5,"péché":"€"} <nil>
	// jcs: "/fine" at byte 18: duplicate
}
