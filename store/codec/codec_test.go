package codec_test

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/store/codec"
)

// fill sets every field of a value, so that a field added to the domain cannot
// be forgotten here.
func fill(v reflect.Value, n *int) {
	*n++
	switch v.Kind() {
	case reflect.String:
		v.SetString("字" + strings.Repeat("x", *n%5) + `"\` + "\n<&>")
	case reflect.Int, reflect.Int64, reflect.Int32:
		v.SetInt(int64(*n))
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem(), n)
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		fill(v.Index(0), n)
		fill(v.Index(1), n)
	case reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
		for _, k := range []string{"b", "a", "c"} {
			e := reflect.New(v.Type().Elem()).Elem()
			fill(e, n)
			v.SetMapIndex(reflect.ValueOf(k), e)
		}
	case reflect.Interface:
		v.Set(reflect.ValueOf([]any{int64(*n), 1.5, "s", nil, true, map[string]any{"k": int64(1)}}))
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[time.Time]() {
			v.Set(reflect.ValueOf(time.Date(2023, 5, 6, 7, 8, 9, 123456789, time.UTC)))
			return
		}
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				fill(v.Field(i), n)
			}
		}
	}
}

func roundTrip[T any](t *testing.T) {
	t.Helper()
	var full, empty, got, std T
	fill(reflect.ValueOf(&full).Elem(), new(int))
	doc := codec.String(&full)
	if err := codec.Decode(doc, &got); err != nil {
		t.Fatalf("decode %s: %v", doc, err)
	}
	if d := cmp.Diff(full, got); d != "" {
		t.Errorf("changed on the way (-want +got):\n%s", d)
	}
	if err := json.Unmarshal([]byte(doc), &std); err != nil {
		t.Fatalf("encoding/json refuses %s: %v", doc, err)
	}
	want, _ := json.Marshal(full)
	var a, b any
	_ = json.Unmarshal(want, &a)
	_ = json.Unmarshal([]byte(doc), &b)
	if d := cmp.Diff(a, b); d != "" {
		t.Errorf("differs from encoding/json:\n%s", d)
	}
	want, _ = json.Marshal(empty)
	if doc := codec.String(&empty); doc != string(want) {
		t.Errorf("empty value: got %s, encoding/json %s", doc, want)
	}
}

func TestRoundTrip(t *testing.T) {
	t.Run("Record", roundTrip[domain.Record])
	t.Run("Event", roundTrip[domain.Event])
	t.Run("Clock", roundTrip[domain.Clock])
	t.Run("Task", roundTrip[domain.Task])
	t.Run("Out", roundTrip[domain.Out])
}

func TestNumbers(t *testing.T) {
	in := map[string]any{"i": int64(9007199254740993), "f": 2.5, "whole": 3.0, "big": 1e300, "neg": int64(-7)}
	var out map[string]any
	if err := codec.Decode(codec.String(&in), &out); err != nil {
		t.Fatal(err)
	}
	want := map[string]any{"i": int64(9007199254740993), "f": 2.5, "whole": int64(3), "big": 1e300, "neg": int64(-7)}
	if d := cmp.Diff(want, out); d != "" {
		t.Error(d)
	}
}

func TestForeignValueInFields(t *testing.T) {
	in := map[string]any{"x": struct {
		A []int `json:"a"`
	}{[]int{1, 2}}}
	if got, want := codec.String(&in), `{"x":{"a":[1,2]}}`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestUnknownFieldIsSkipped(t *testing.T) {
	var l domain.Link
	if err := codec.Decode(`{"r":"of","later":{"a":[1,{"b":null}]},"t":{"h":3,"i":"x"},"k":"e"}`, &l); err != nil {
		t.Fatal(err)
	}
	if l.Role != "of" || l.To.Home != 3 || l.Kind != "e" {
		t.Errorf("got %+v", l)
	}
}

func TestBrokenDocuments(t *testing.T) {
	for _, s := range []string{``, `{`, `{"k"`, `{"k":`, `{"k":"a`, `{"k":"a"`, `{"k":"a",}`, `[]`, `{"f":{"x":}}`, `{"k":"\u12"}`, `{"k":"a"} x`, `{"tr":[{]}`} {
		var r domain.Record
		if err := codec.Decode(s, &r); err == nil {
			t.Errorf("%q was accepted", s)
		}
	}
}

func TestStringsLikeEncodingJSON(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := rapid.String().Draw(t, "s")
		doc := codec.String(&in)
		var std string
		if err := json.Unmarshal([]byte(doc), &std); err != nil {
			t.Fatalf("%s: %v", doc, err)
		}
		if want := strings.ReplaceAll(in, "\x00", "\uFFFD"); std != want {
			t.Fatalf("got %q, want %q", std, want)
		}
		j, _ := json.Marshal(in)
		var back string
		if err := codec.Decode(string(j), &back); err != nil || back != in {
			t.Fatalf("read %s as %q (%v)", j, back, err)
		}
	})
}

func TestInvalidUTF8(t *testing.T) {
	in := "a\xffb"
	if got := codec.String(&in); got != "\"a\uFFFDb\"" {
		t.Errorf("got %q", got)
	}
}

// typical is a record of the size a complaint has.
func typical() domain.Record {
	return domain.Record{
		Ref:  domain.Ref{Home: 330902, ID: "01912345-6789-7abc-8def-0123456789ab"},
		Kind: "registration.entity", Class: domain.Subject, Process: 3, State: "active",
		Fields: map[string]any{"name": "舟山定海海味园食品有限公司", "code": "91330902MA28K3X12Q", "capital": int64(5000000),
			"legal_representative": "王某某", "address": "浙江省舟山市定海区昌国街道解放西路 1 号", "industry": "F5211", "since": "2019-04-11", "small": true},
		Area: "330902001003", Organ: "330902-scjg", Opened: "2019-04-11", Seq: 2, Pos: 123456,
		Links: []domain.Link{{Role: "licence", To: domain.Ref{Home: 330902, ID: "01912345-6789-7abc-8def-0123456789ac"}, Kind: "registration.licence"}},
		Trail: []domain.Mark{{Event: "registration.entity.registered", On: "2019-04-11", State: "active", Area: "330902001003", Pos: 123455}, {Event: "registration.entity.changed", On: "2020-04-11", Pos: 123456}},
	}
}

func BenchmarkEncode(b *testing.B) {
	r := typical()
	buf := make([]byte, 0, 2048)
	b.Run("codec", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			buf = codec.Append(buf[:0], &r)
		}
		b.SetBytes(int64(len(buf)))
	})
	b.Run("encoding_json", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			_, _ = json.Marshal(&r)
		}
	})
}

func BenchmarkDecode(b *testing.B) {
	r := typical()
	doc := codec.String(&r)
	b.Run("codec", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			var got domain.Record
			_ = codec.Decode(doc, &got)
		}
		b.SetBytes(int64(len(doc)))
	})
	b.Run("encoding_json", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			var got domain.Record
			_ = json.Unmarshal([]byte(doc), &got)
		}
	})
}
