package engine_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/dinghai/dinghai/domain"
)

// TestMessagesAreWhole: no refusal prints the slips of a format.
func TestMessagesAreWhole(t *testing.T) {
	r := host(t)
	for _, in := range []map[string]any{
		{"name": "甲", "uscc": "91330900Y00000016A", "founded_on": "2019-05-01"},
		{"name": strings.Repeat("海", 300), "uscc": code2, "founded_on": "x"},
		{"uscc": 3, "founded_on": []any{1}, "phone": "12", "colour": 1},
	} {
		c := load("", "")
		c.Input = in
		_, err := r.Engine.Do(t.Context(), c)
		var e *domain.Error
		if !errors.As(err, &e) {
			t.Fatalf("%v was taken: %v", in, err)
		}
		for _, p := range e.Problems {
			if strings.Contains(p.Reason.ZH+p.Reason.EN, "%!") || p.Reason.ZH == "" || p.Reason.EN == "" {
				t.Errorf("%s: %q / %q", p.Field, p.Reason.ZH, p.Reason.EN)
			}
		}
	}
}
