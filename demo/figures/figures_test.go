package figures_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/dinghai/dinghai/demo/figures"
	"github.com/dinghai/dinghai/engine/report"
)

func TestDefault(t *testing.T) {
	s, err := figures.Default()
	if err != nil {
		t.Fatal(err)
	}
	checkable := 0
	for _, f := range s.Figures {
		if f.Checkable {
			checkable++
		}
	}
	if len(s.Figures) != 167 || checkable != 152 {
		t.Errorf("%d figures, %d checkable; want 167 and 152", len(s.Figures), checkable)
	}
}

// TestMarksOfIdentities: the marks must say of the list what the list does.
func TestMarksOfIdentities(t *testing.T) {
	s, err := figures.Default()
	if err != nil {
		t.Fatal(err)
	}
	broken := map[string]bool{}
	for _, f := range report.Stands(s) {
		broken[f.Name] = true
	}
	for _, x := range s.Identities {
		if x.Holds == broken[x.ID] {
			t.Errorf("%s is marked holds: %v", x.ID, x.Holds)
		}
	}
}

func TestLoadTellsTheLine(t *testing.T) {
	head := "title: {zh: 题, en: t}\nsource: {zh: 源, en: s}\nfrom: 2023-01-01\nto: 2023-11-15\nunits: {case: {zh: 件, en: cases}}\n"
	good := "  - {id: a, section: \"1.1\", value: 1, unit: case, kind: count, cmp: eq, checkable: true, label: {zh: 甲, en: a}}\n"
	for name, x := range map[string]struct {
		tail string
		line int
	}{
		"unknown key":      {"figures:\n" + good + strings.Replace(good, "id: a,", "id: b, colour: red,", 1), 8},
		"twice":            {"figures:\n" + good + good, 8},
		"no such rule":     {"figures:\n" + good + strings.NewReplacer("id: a", "id: b", "cmp: eq", "cmp: about").Replace(good), 8},
		"round no step":    {"figures:\n" + strings.Replace(good, "cmp: eq", "cmp: round", 1), 7},
		"no unit":          {"figures:\n" + strings.Replace(good, "unit: case", "unit: stone", 1), 7},
		"word without all": {"figures:\n" + strings.Replace(good, "value: 1", "value: all", 1), 7},
		"no reason":        {"figures:\n" + strings.Replace(good, "checkable: true", "checkable: false", 1), 7},
		"list for value":   {"figures:\n" + strings.Replace(good, "value: 1", "value: [1]", 1), 7},
		"identity of none": {"figures:\n" + good + "identities:\n  - {id: i, expr: \"a <= b\", holds: true, label: {zh: 甲, en: a}}\n", 9},
		"identity syntax":  {"figures:\n" + good + "identities:\n  - {id: i, expr: \"a + a\", holds: true, label: {zh: 甲, en: a}}\n", 9},
		"no figures":       {"figures: []\n", 1},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := figures.Load(strings.NewReader(head + x.tail))
			var e *figures.Error
			if !errors.As(err, &e) {
				t.Fatalf("got %v, want an *Error", err)
			}
			if e.Line != x.line {
				t.Errorf("%v; want line %d", e, x.line)
			}
		})
	}
}
