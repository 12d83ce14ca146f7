package report_test

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/dinghai/dinghai/engine/report"
)

// TestDraftSource reads a real text that states the figures of the embedded
// list in its order, if one is at hand. Every built figure must be found, none
// may stand for another number, and only the rate that fits no whole number of
// batches may differ.
func TestDraftSource(t *testing.T) {
	name := os.Getenv("DINGHAI_DRAFT_SOURCE")
	if name == "" {
		t.Skip("DINGHAI_DRAFT_SOURCE names no text")
	}
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	text, err := report.ReadDraft(name, b)
	if err != nil {
		t.Fatal(err)
	}
	t.Run("own", func(t *testing.T) { source(t, text, records(t)) })
	t.Run("with catalogue", func(t *testing.T) { source(t, text, withPhrases(t, records(t))) })
}

func source(t *testing.T, text string, figures []report.Figure) {
	var got []string
	other := 0
	for _, c := range report.Check(text, "zh", figures) {
		if c.Figure == "" {
			other++
			continue
		}
		got = append(got, c.Figure)
		if c.Verdict != report.Agrees && c.Figure != "food_fail_rate" {
			t.Errorf("%s at %q: %s, records %v", c.Figure, c.Text, c.Verdict, c.Value)
		}
	}
	// Two figures of one number come in the order of the list.
	order := func(a, b string) int { return slices.Index(built, a) - slices.Index(built, b) }
	if !slices.IsSortedFunc(got, order) || len(got) != len(built) {
		t.Errorf("found %d of %d figures:\n%s\nmissing: %s", len(got), len(built), strings.Join(got, " "), missing(got))
	}
	t.Logf("%d figures matched, %d numbers not from records", len(got), other)
}

func missing(got []string) string {
	var out []string
	for _, id := range built {
		if !slices.Contains(got, id) {
			out = append(out, id)
		}
	}
	return strings.Join(out, " ")
}
