package wasm

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// wrong tells what is wrong with an answer, "" when nothing is.
func (c testCase) wrong(answer []byte) string {
	var a struct {
		OK     bool
		Result json.RawMessage
		Step   string
		Error  string
	}
	if err := json.Unmarshal(answer, &a); err != nil {
		return err.Error()
	}
	switch {
	case a.OK != c.ok:
		return fmt.Sprintf("ok is %v: %s %s", a.OK, a.Step, a.Error)
	case !a.OK && a.Error == "":
		return "no reason"
	case a.Step != c.step:
		return fmt.Sprintf("step %q, want %q: %s", a.Step, c.step, a.Error)
	}
	if c.result != nil {
		var want any
		b, err := json.Marshal(c.result)
		if err != nil || json.Unmarshal(b, &want) != nil {
			return "bad case"
		}
		var got any
		if json.Unmarshal(a.Result, &got) != nil || !reflect.DeepEqual(got, want) {
			return fmt.Sprintf("result %s, want %s", a.Result, b)
		}
	}
	if c.state != "" {
		var got LicenceResult
		if err := json.Unmarshal(a.Result, &got); err != nil || got.State != c.state {
			return fmt.Sprintf("state %q, want %q, %v", got.State, c.state, err)
		}
	}
	return ""
}

// judge counts the right answers of each group and prints them.
func judge(t *testing.T, where string, list []testCase, answers [][]byte) {
	t.Helper()
	if len(answers) != len(list) {
		t.Fatalf("%d answers to %d cases", len(answers), len(list))
	}
	right, all := map[string]int{}, map[string]int{}
	total := 0
	for i, c := range list {
		all[c.Group]++
		if wrong := c.wrong(answers[i]); wrong == "" {
			right[c.Group]++
			total++
		} else {
			t.Errorf("%s: %s %s: %s", where, c.Group, c.Label, wrong)
		}
	}
	var groups []string
	for g := range all {
		groups = append(groups, g)
	}
	slices.Sort(groups)
	for _, g := range groups {
		t.Logf("%s: %s: %d of %d pass", where, g, right[g], all[g])
	}
	t.Logf("%s: %d of %d pass; left out: ecvrf vectors of suites 1, 2 and 4, which kit/vrf does not offer", where, total, len(list))
	for g, n := range map[string]int{
		"merkle-inclusion": 98, "merkle-consistency": 98, "merkle-subtreeinclusion": 204, "merkle-subtreeconsistency": 118,
		"tiles-log checkpoints": 16, "ecvrf, suite 3": 3, "drand-beacons": 17, "rfc3797": 2,
	} {
		if all[g] != n {
			t.Errorf("%s: %d cases, want %d", g, all[g], n)
		}
	}
}

func TestCall(t *testing.T) {
	list := allCases(t)
	var answers [][]byte
	for _, c := range list {
		answers = append(answers, Call(c.Name, c.Request))
	}
	judge(t, "native", list, answers)
}

func TestCallRefuses(t *testing.T) {
	for name, request := range map[string]string{
		"nothing": "{}", "verifyProof": "", "verifyDraw": "[]", "verifyLicence": `{"text":1}`, "verifyInclusion": `{"leafs":"x"}`,
		"verifyVRF": `{"key":"zz"}`, "verifyConsistency": `{"size1":-1}`, "verifySubtree": `{"proof":["AA=="]}`, "verifySubtreeRoots": `{"start":9007199254740993}`, "orderByList": `{"take":99999999999}`,
		"verifyRound": strings.Repeat("[", 1e6), "wasDrawn": `{"seed":"00"}`, "verifyCheckpoint": "{}",
	} {
		var a Answer
		if err := json.Unmarshal(Call(name, []byte(request)), &a); err != nil || a.OK || a.Error == "" {
			t.Errorf("%s %.30s: %+v, %v", name, request, a, err)
		}
	}
}

func TestCallSurvivesPanic(t *testing.T) {
	functions["boom"] = func([]byte) (any, error) { panic("boom") }
	defer delete(functions, "boom")
	if a := Call("boom", nil); !bytes.Contains(a, []byte("panic: boom")) {
		t.Errorf("%s", a)
	}
}

func FuzzCall(f *testing.F) {
	for _, name := range Names() {
		f.Add(name, []byte("{}"))
	}
	for _, c := range allCases(f)[:5] {
		f.Add(c.Name, []byte(c.Request))
	}
	f.Fuzz(func(t *testing.T, name string, request []byte) {
		if a := Call(name, request); bytes.Contains(a, []byte(`"panic: `)) {
			t.Errorf("%s: %s", name, a)
		}
	})
}

func BenchmarkVerifyDraw(b *testing.B) {
	request, err := json.Marshal(publish(b))
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if a := Call("verifyDraw", request); !bytes.HasPrefix(a, []byte(`{"ok":true`)) {
			b.Fatalf("%s", a)
		}
	}
}
