package report

import (
	"slices"
	"strings"
)

// Verdicts on a number of a draft.
const (
	Agrees    = "agrees"    // the records bear it out, at the precision it is written in
	Differs   = "differs"   // they say something else: Claim.Right
	Unsourced = "unsourced" // it is not from records
)

// Claim is a number in a draft and what the records say to it. A number shared
// by several figures gives several claims.
type Claim struct {
	From    int    `json:"from"` // bytes of the draft
	To      int    `json:"to"`
	Text    string `json:"text"`
	Figure  string `json:"figure,omitempty"`
	Verdict string `json:"verdict"`
	Value   Amount `json:"value"`           // of the records
	Right   string `json:"right,omitempty"` // as the draft should have it
}

// A year's report has some ten thousand characters and two hundred numbers.
// The bounds keep a hostile file from taking the processor.
const (
	maxDraft   = 256 << 10
	maxNumbers = 2000
)

// checker is one check.
type checker struct {
	known    *knowledge
	lang     *language
	figures  []*Figure
	readings map[string][]reading
	mentions []mention
	passages []passage
}

// Check finds the numbers of a draft in "zh" or "en" and holds them against the
// figures. Numbers in names, dates and ordinals are left out; numbers that fit
// no figure, or two equally, are not from records. What lies beyond 256 KiB or
// 2,000 numbers is not read.
func Check(text, lang string, figures []Figure) []Claim {
	if len(text) > maxDraft {
		text = strings.ToValidUTF8(text[:maxDraft], "")
	}
	k := known()
	c := &checker{known: k, lang: k.langs[lang], readings: map[string][]reading{}}
	if c.lang == nil {
		c.lang, lang = k.langs["zh"], "zh"
	}
	for i := range figures {
		if f := &figures[i]; f.Kind == Computed {
			c.figures = append(c.figures, f)
			c.readings[f.ID] = k.readings(f, lang)
		}
	}
	draft := fold(text)
	c.mentions = c.lang.withAll(draft.text, c.lang.mentions(draft.text))
	c.mentions = c.mentions[:min(len(c.mentions), maxNumbers)]
	c.passages = c.lang.passages(draft.text, c.mentions)
	return c.claims(text, draft)
}

func (c *checker) claims(text string, draft folded) []Claim {
	got := c.assign()
	out := []Claim{}
	for i := range c.mentions {
		m := &c.mentions[i]
		from, to := draft.span(m.from, m.to)
		claim := Claim{From: from, To: to, Text: strings.TrimSpace(text[from:to]), Verdict: Unsourced}
		if len(got[i]) == 0 && !m.idle() {
			out = append(out, claim)
		}
		for _, f := range c.figures { // in the report's order
			if !slices.Contains(got[i], f) {
				continue
			}
			claim.Figure, claim.Value = f.ID, f.Value
			claim.Verdict, claim.Right = m.against(f)
			out = append(out, claim)
		}
	}
	return out
}

// idle numbers matter only where they mean a figure: "all", and the one of 一个.
func (m *mention) idle() bool { return m.class == "all" || m.words && m.value <= 1 }

// withAll adds the places where a draft says "all" in place of a number, unless
// a number follows in the same clause and says it.
func (l *language) withAll(text string, ms []mention) []mention {
	var out []mention
	n := 0
	for _, g := range l.All.FindAllStringIndex(text, -1) {
		for n < len(ms) && ms[n].from < g[0] {
			out = append(out, ms[n])
			n++
		}
		if n < len(ms) && !strings.ContainsAny(text[g[1]:max(g[1], ms[n].from)], "，；。,;.\n") {
			continue
		}
		if n > 0 && g[0] < ms[n-1].to {
			continue
		}
		out = append(out, mention{from: g[0], to: g[1], class: "all", scale: 1, first: true, nth: 1, size: 1})
	}
	return append(out, ms[n:]...)
}
