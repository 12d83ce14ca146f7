package report_test

import (
	"bytes"
	"os"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"

	"github.com/dinghai/dinghai/catalogue"
	"github.com/dinghai/dinghai/engine/report"
	"github.com/dinghai/dinghai/kit/docx"
)

type paraphrase struct {
	Lang    string `yaml:"lang"`
	Text    string `yaml:"text"`
	Number  string `yaml:"number"`
	Figure  string `yaml:"figure"`
	Verdict string `yaml:"verdict"`
}

func load[T any](t *testing.T, name string) []T {
	t.Helper()
	b, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	var list []T
	if err := yaml.UnmarshalWithOptions(b, &list, yaml.Strict()); err != nil {
		t.Fatal(err)
	}
	return list
}

// claimOf finds the claim of a number of the text. One that the text has twice
// is taken with the figure wanted.
func claimOf(claims []report.Claim, number, figure string) report.Claim {
	var found report.Claim
	for _, c := range claims {
		if c.Text == number && (found.Text == "" || c.Figure == figure) {
			found = c
		}
	}
	return found
}

// withPhrases adds the wordings of the shipped catalogue, which must not spoil
// what ours achieve. A catalogue that does not load fails its own test.
func withPhrases(t *testing.T, list []report.Figure) []report.Figure {
	c, err := catalogue.Load(os.DirFS("../../systems"))
	if err != nil {
		t.Skipf("the catalogue does not load: %v", err)
	}
	n := 0
	for i := range list {
		for _, x := range c.Indicators {
			if list[i].ID == x.Figure || list[i].ID == x.Indicator {
				list[i].Phrases = x.Phrases
				n++
			}
		}
	}
	t.Logf("phrases of %d indicators", n)
	return list
}

// TestDraftParaphrases: at least 28 of 30 right, and never "agrees" where the
// records do not.
func TestDraftParaphrases(t *testing.T) {
	t.Run("own", func(t *testing.T) { paraphrases(t, records(t)) })
	t.Run("with catalogue", func(t *testing.T) { paraphrases(t, withPhrases(t, records(t))) })
}

func paraphrases(t *testing.T, figures []report.Figure) {
	list := load[paraphrase](t, "paraphrases.yaml")
	right := 0
	for _, p := range list {
		claims := report.Check(p.Text, p.Lang, figures)
		c := claimOf(claims, p.Number, p.Figure)
		switch {
		case c.Figure == p.Figure && c.Verdict == p.Verdict:
			right++
		case c.Verdict == report.Agrees && (c.Figure != p.Figure || p.Verdict != report.Agrees):
			t.Errorf("wrongly agrees: %s\n\tgot %+v", p.Text, c)
		default:
			t.Logf("missed: %s\n\twant %s %s, got %+v", p.Text, p.Figure, p.Verdict, c)
		}
	}
	t.Logf("%d of %d right", right, len(list))
	if len(list) < 30 || right < len(list)-2 {
		t.Errorf("%d of %d right", right, len(list))
	}
}

// TestReadDraft: the three kinds of file give the same claims.
func TestReadDraft(t *testing.T) {
	const line = "共检定加油枪738把、流量计428台。"
	var file bytes.Buffer
	if err := docx.Write(&file, line); err != nil {
		t.Fatal(err)
	}
	for name, b := range map[string][]byte{
		"a.txt": []byte(line), "a.md": []byte("# 计量\n\n" + line + "\n"), "a.DOCX": file.Bytes(),
		"gbk.txt": []byte("\xb9\xb2\xbc\xec\xb6\xa8\xbc\xd3\xd3\xcd\xc7\xb9738\xb0\xd1\xa1\xa2\xc1\xf7\xc1\xbf\xbc\xc6428\xcc\xa8\xa1\xa3"),
	} {
		text, err := report.ReadDraft(name, b)
		if err != nil {
			t.Fatal(name, err)
		}
		claims := report.Check(text, report.DraftLang(text), records(t))
		if len(claims) != 2 || claims[0].Figure != "fuel_guns_verified" || claims[1].Figure != "flowmeters_verified" {
			t.Errorf("%s: %+v", name, claims)
		}
	}
	if _, err := report.ReadDraft("a.pdf", nil); err == nil || !strings.Contains(err.Error(), "a.pdf") {
		t.Errorf("a.pdf: %v", err)
	}
}

// TestDraftTraps: a number that means something else never agrees.
func TestDraftTraps(t *testing.T) {
	t.Run("own", func(t *testing.T) { traps(t, records(t)) })
	t.Run("with catalogue", func(t *testing.T) { traps(t, withPhrases(t, records(t))) })
}

func traps(t *testing.T, figures []report.Figure) {
	for _, p := range load[paraphrase](t, "traps.yaml") {
		c := claimOf(report.Check(p.Text, p.Lang, figures), p.Number, p.Figure)
		if c.Verdict == report.Agrees || c.Figure != "" && c.Figure != p.Figure {
			t.Errorf("%s\n\tgot %+v", p.Text, c)
		}
	}
}

// TestDraftHeldOut measures wordings that were not at hand when the data was written.
func TestDraftHeldOut(t *testing.T) {
	t.Run("own", func(t *testing.T) { heldOut(t, records(t)) })
	t.Run("with catalogue", func(t *testing.T) { heldOut(t, withPhrases(t, records(t))) })
}

func heldOut(t *testing.T, figures []report.Figure) {
	list := load[paraphrase](t, "held_out.yaml")
	right := 0
	for _, p := range list {
		c := claimOf(report.Check(p.Text, p.Lang, figures), p.Number, p.Figure)
		if c.Figure == p.Figure && c.Verdict == p.Verdict {
			right++
			continue
		}
		t.Logf("missed: %s\n\twant %s %s, got %+v", p.Text, p.Figure, p.Verdict, c)
		if c.Verdict == report.Agrees {
			t.Errorf("wrongly agrees: %s", p.Text)
		}
	}
	t.Logf("%d of %d right", right, len(list))
	if right < len(list)*9/10 {
		t.Errorf("%d of %d right", right, len(list))
	}
}
