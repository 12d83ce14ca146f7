package entry_test

import (
	"bytes"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	mrand "math/rand/v2"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/dinghai/dinghai/kit/tlog/entry"
)

func ptr[T any](v T) *T { return &v }

func wantError(t *testing.T, what string, err error, field, reason string) {
	t.Helper()
	var e *entry.Error
	if !errors.As(err, &e) || e.Field != field || e.Reason != reason {
		t.Errorf("%s: %v, want %s %s", what, err, field, reason)
	}
}

func penalty() *entry.Entry {
	return &entry.Entry{Type: entry.Penalty, Office: "330900", Matter: "food", Date: "2023-11-20", PublishBy: "2023-11-29",
		Document: ptr(entry.Hash(sha256.Sum256([]byte("redacted")))), Beacon: &entry.Beacon{Round: 3_000_000}}
}

func TestBytes(t *testing.T) {
	b, err := penalty().Bytes()
	zeros := strings.Repeat("0", 64)
	want := `{"beacon":{"chain":"` + zeros + `","randomness":"` + zeros + `","round":3000000},"date":"2023-11-20","document":"` +
		hex.EncodeToString(penalty().Document[:]) + `","matter":"food","office":"330900","publish_by":"2023-11-29","type":"penalty"}`
	if err != nil || string(b) != want {
		t.Fatalf("%s, %v", b, err)
	}
	e, err := entry.Parse(b)
	if err != nil || e.Date != "2023-11-20" {
		t.Fatal(e, err)
	}
	for what, bad := range map[string]string{
		"another order":  `{"type":"penalty",` + strings.Replace(want[1:], `,"type":"penalty"`, "", 1),
		"a space":        want + " ",
		"unknown member": strings.Replace(want, `"type"`, `"secret":1,"type"`, 1),
		"capital hex":    strings.Replace(want, hex.EncodeToString(penalty().Document[:]), strings.ToUpper(hex.EncodeToString(penalty().Document[:])), 1),
		"member twice":   strings.Replace(want, `"type"`, `"type":"penalty","type"`, 1),
		"null":           "null",
	} {
		if e, err := entry.Parse([]byte(bad)); err == nil {
			t.Errorf("%s was accepted: %+v", what, e)
		}
	}
}

func TestCheck(t *testing.T) {
	h := func(b byte) entry.Hash { return entry.Hash{b} }
	tests := []struct {
		field, reason string
		change        func(*entry.Entry)
	}{
		{"type", "unknown", func(e *entry.Entry) { e.Type = "gossip" }},
		{"office", "missing", func(e *entry.Entry) { e.Office = "" }},
		{"matter", "missing", func(e *entry.Entry) { e.Matter = "" }},
		{"target", "missing", func(e *entry.Entry) { e.Type = entry.Correction }},
		{"ground", "missing", func(e *entry.Entry) { e.Type, e.Target = entry.Correction, ptr(uint64(1)) }},
		{"detail", "missing", func(e *entry.Entry) { e.Type = entry.DrawPlan }},
		{"target", "range", func(e *entry.Entry) { e.Target = ptr(uint64(1 << 53)) }},
		{"date", "syntax", func(e *entry.Entry) { e.Date = "2023-02-30" }},
		{"date", "syntax", func(e *entry.Entry) { e.Date = "" }},
		{"publish_by", "syntax", func(e *entry.Entry) { e.PublishBy = "2023-2-3" }},
		{"beacon", "range", func(e *entry.Entry) { e.Beacon = &entry.Beacon{} }},
		{"commitments", "length", func(e *entry.Entry) { e.Commitments = []entry.Hash{h(1)} }},
		{"commitments", "order", func(e *entry.Entry) { e.Commitments = []entry.Hash{h(1), h(3), h(2), h(4)} }},
		{"commitments", "order", func(e *entry.Entry) { e.Commitments = []entry.Hash{h(1), h(2), h(2), h(4)} }},
		{"type", "forbidden", func(e *entry.Entry) { e.Type, e.Target, e.Ground = entry.Erasure, ptr(uint64(1)), "repaired" }},
	}
	for i, tt := range tests {
		e := penalty()
		tt.change(e)
		_, err := e.Bytes()
		wantError(t, fmt.Sprint(i), err, tt.field, tt.reason)
	}
	e := penalty()
	e.Detail = json.RawMessage(`{"share":0.5}`)
	if _, err := e.Bytes(); err == nil {
		t.Error("a fraction was accepted")
	}
}

// The bytes that are hashed are fixed by the design, so they are spelt out here.
func TestCommitment(t *testing.T) {
	o := entry.Opening{Name: "party", Value: json.RawMessage(`{ "b": 1, "a": "甲" }`)}
	copy(o.Salt[:], bytes.Repeat([]byte{7}, 32))
	want := sha256.Sum256([]byte("dinghai-c1\x00" + strings.Repeat("\x07", 32) + "\x00party\x00" + `{"a":"甲","b":1}`))
	if got, err := o.Commitment(); err != nil || got != entry.Hash(want) {
		t.Errorf("%x, %v", got, err)
	}
	o.Name = "par\x00ty"
	_, err := o.Commitment()
	wantError(t, "zero byte", err, "name", "syntax")
	o.Name, o.Value = "party", json.RawMessage(`1.5`)
	if _, err := o.Commitment(); err == nil {
		t.Error("a fraction was accepted")
	}
}

func TestSeal(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		fields := rapid.MapOfN(rapid.StringMatching(`[a-z]{1,5}`), rapid.String(), 0, 9).Draw(t, "fields")
		all := map[string]any{}
		for k, v := range fields {
			all[k] = v
		}
		openings, list, err := entry.Seal(rand.Reader, all)
		if err != nil || len(openings) != len(fields) || len(list)%4 != 0 || len(list) < len(fields) || len(list) > len(fields)+3 {
			t.Fatal(len(openings), len(list), err)
		}
		e := &entry.Entry{Type: entry.Penalty, Office: "1", Matter: "m", Date: "2023-01-01", Commitments: list}
		if err := e.Check(); err != nil {
			t.Fatal(err)
		}
		got, err := entry.Disclosed(e, openings)
		if err != nil || len(got) != len(fields) {
			t.Fatal(err)
		}
		for k, v := range fields {
			var s string
			if json.Unmarshal(got[k], &s) != nil || s != v {
				t.Fatalf("%q became %s", v, got[k])
			}
		}
	})
	if _, _, err := entry.Seal(strings.NewReader("too little randomness"), map[string]any{"a": 1}); err == nil {
		t.Error("sealed without randomness")
	}
	if _, _, err := entry.Seal(rand.Reader, map[string]any{"a": "\xff"}); err == nil {
		t.Error("sealed what is not text")
	}
}

func TestDisclosedRefuses(t *testing.T) {
	openings, list, err := entry.Seal(rand.Reader, map[string]any{"name": "甲", "id": "1"})
	if err != nil {
		t.Fatal(err)
	}
	e := penalty()
	e.Commitments = list
	for what, change := range map[string]func(*entry.Opening){
		"value": func(o *entry.Opening) { o.Value = json.RawMessage(`"乙"`) },
		"name":  func(o *entry.Opening) { o.Name = "names" },
		"salt":  func(o *entry.Opening) { o.Salt[31] ^= 1 },
	} {
		changed := slices.Clone(openings)
		change(&changed[1])
		_, err := entry.Disclosed(e, changed)
		wantError(t, what, err, "value", "mismatch")
	}
	_, err = entry.Disclosed(e, append(openings, openings[0]))
	wantError(t, "twice", err, "name", "duplicate")
	// Some fields may stay closed.
	if got, err := entry.Disclosed(e, openings[:1]); err != nil || len(got) != 1 {
		t.Error(got, err)
	}
}

func FuzzParse(f *testing.F) {
	b, err := penalty().Bytes()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(b)
	f.Add([]byte(`{"date":"2023-01-01","detail":{"a":[1]},"office":"1","type":"draw-key"}`))
	f.Add([]byte(`{"date":"2023-01-01","ground":"g","office":"1","target":3,"type":"erasure"}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		e, err := entry.Parse(b)
		if err != nil {
			return
		}
		if again, err := e.Bytes(); err != nil || !bytes.Equal(again, b) {
			t.Fatalf("%s is written as %s, %v", b, again, err)
		}
	})
}

func FuzzCommitment(f *testing.F) {
	f.Add("a", []byte(`1`), "b", []byte(`"x"`))
	f.Fuzz(func(t *testing.T, n1 string, v1 []byte, n2 string, v2 []byte) {
		a, err1 := entry.Opening{Name: n1, Value: v1}.Commitment()
		b, err2 := entry.Opening{Name: n2, Value: v2}.Commitment()
		if err1 == nil && err2 == nil && a == b && n1 != n2 {
			t.Fatalf("%q %q and %q %q are committed to alike", n1, v1, n2, v2)
		}
	})
}

func BenchmarkBytes(b *testing.B) {
	e := penalty()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := e.Bytes(); err != nil {
			b.Fatal(err)
		}
	}
}

func ExampleSeal() {
	// A fixed source for the example; use crypto/rand.Reader.
	openings, commitments, err := entry.Seal(mrand.NewChaCha8([32]byte{}), map[string]any{"party": "某某", "fine": 5000})
	if err != nil {
		panic(err)
	}
	e := &entry.Entry{Type: entry.Penalty, Office: "330900", Matter: "food", Date: "2023-11-20", Commitments: commitments}
	b, err := e.Bytes()
	if err != nil {
		panic(err)
	}
	fmt.Printf("%d commitments, %d bytes in the log\n", len(commitments), len(b))
	shown, err := entry.Disclosed(e, openings[:1]) // the law shows the fine only
	fmt.Printf("%s %v\n", shown["fine"], err)
	// Output:
	// 4 commitments, 356 bytes in the log
	// 5000 <nil>
}
