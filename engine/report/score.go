package report

import (
	"regexp"
	"unicode/utf8"
)

// candidate is a figure that a number may mean.
type candidate struct {
	mention int
	figure  *Figure
	score   float64
	word    [2]int // where the naming word stands: no two numbers share it
	topic   int
	nth     int
}

// Weights. They were set by hand and are held by the tests' drafts: what counts
// is their order, not their size.
const (
	perWord    = 10.0 // each word of a reading that stands near
	perLetter  = 1.0  // of it, up to maxLetters: longer words are more telling
	maxLetters = 8
	perStep    = 0.3  // each character between word and number
	farthest   = 34.0 // cost beyond which a word is not near
	topicWorth = 8.0  // of a topic just named; halves over topicHalf characters
	topicHalf  = 20.0
	listBonus  = 12.0
	weakness   = 0.4 // of a phrase without topic and exclusions
)

var crossing = map[rune]float64{'，': 12, ',': 12, '；': 20, ';': 20, '：': 4, ':': 4, '、': 5, '（': 6, '(': 6, '）': 6, ')': 6, '。': 40}

// candidates lists what a number may mean.
func (c *checker) candidates(i int) []candidate {
	m, p := &c.mentions[i], &c.passages[i]
	if c.lang.Aims.MatchString(p.text[p.clause:p.from]) {
		return nil
	}
	var out []candidate
	for _, f := range c.figures {
		w := c.known.wordings[f.ID]
		if !fits(f, w, m) || c.elsewhen(w, p) {
			continue
		}
		if best := c.best(f, m, p); best.figure != nil {
			best.mention = i
			out = append(out, best)
		}
	}
	return out
}

// elsewhen tells a number of another period: 去年同期1498家.
func (c *checker) elsewhen(w *wording, p *passage) bool {
	clause := p.text[p.clause:p.from]
	return (w == nil || !w.Across) && c.lang.Elsewhen.MatchString(clause) && !c.lang.Until.MatchString(clause)
}

// fits compares unit with unit: a rate is never a count.
func fits(f *Figure, w *wording, m *mention) bool {
	class := classOf(f)
	switch {
	case m.class == "all":
		return f.Cmp == "all"
	case f.Cmp == "all":
		return m.class == "percent"
	case m.class == "times": // 增长1.67倍 is a growth of 167 %
		return class == "percent" && w != nil && w.Across
	case m.class == "count" && class == "money": // 罚没65.25万
		return m.measure == "" && m.scale > 1
	case m.class != class:
		return false
	}
	return class != "count" || m.measure == "" || w == nil || w.unit == nil || w.unit.MatchString(m.measure)
}

func classOf(f *Figure) string {
	switch f.Unit {
	case "%", "percent":
		return "percent"
	case "CNY", "yuan":
		return "money"
	case "day":
		return "days"
	}
	return "count"
}

// best scores the readings of a figure; a zero figure means that none fits.
func (c *checker) best(f *Figure, m *mention, p *passage) (best candidate) {
	for i := range c.readings[f.ID] {
		r := &c.readings[f.ID][i]
		x, ok := c.score(r, m, p)
		if ok && (best.figure == nil || x.score > best.score) {
			x.figure = f
			best = x
		}
	}
	return best
}

func (c *checker) score(r *reading, m *mention, p *passage) (x candidate, ok bool) {
	if r.not != nil && p.spoiled(r.not) {
		return x, false
	}
	if r.Nth > 0 {
		if m.size < 2 || m.nth != r.Nth {
			return x, false
		}
		x.score, x.nth = listBonus, r.Nth
	}
	for i, re := range r.near {
		at, cost, ok := c.nearest(re, p, r.Side)
		if !ok {
			return x, false
		}
		if i == 0 {
			x.word, x.topic = at, at[0]
		}
		letters := float64(utf8.RuneCountInString(p.text[at[0]:at[1]])) * c.lang.reach
		x.score += perWord + perLetter*min(letters, maxLetters) - perStep*cost
	}
	for _, re := range r.topic {
		worth, at, ok := c.topical(re, p)
		if !ok {
			return x, false
		}
		x.score += worth
		x.topic = at
	}
	if r.weak {
		x.score *= weakness
	}
	return x, true
}

// spoiled looks for words that make a reading wrong, beside the number and not
// beyond a semicolon.
func (p *passage) spoiled(not *regexp.Regexp) bool {
	left := p.text[p.left:p.from]
	return not.MatchString(left[lastAny(left, "；;"):]) || not.MatchString(p.text[p.to:p.right])
}

// nearest finds the word closest to the number, on either side unless told.
func (c *checker) nearest(re *regexp.Regexp, p *passage, side string) (at [2]int, cost float64, ok bool) {
	try := func(base int, g []int, from, to int) {
		d := c.distance(p.text[from:to])
		if d <= farthest && (!ok || d < cost) {
			at, cost, ok = [2]int{base + g[0], base + g[1]}, d, true
		}
	}
	for _, g := range re.FindAllStringIndex(p.text[p.left:p.from], -1) {
		try(p.left, g, p.left+g[1], p.from)
	}
	if side == "left" {
		return at, cost, ok
	}
	for _, g := range re.FindAllStringIndex(p.text[p.to:p.right], -1) {
		try(p.to, g, p.to, p.to+g[0])
	}
	return at, cost, ok
}

// distance counts characters, and more where a clause ends between.
func (c *checker) distance(s string) (d float64) {
	for _, r := range s {
		d += c.lang.reach + crossing[r]
	}
	return d
}

// topical finds the latest mention of a topic: in the paragraph up to and
// around the number, else in the heading. Another sentence counts half.
func (c *checker) topical(re *regexp.Regexp, p *passage) (worth float64, at int, ok bool) {
	if re.MatchString(p.text[p.to:p.right]) {
		return topicWorth, p.to, true
	}
	all := re.FindAllStringIndex(p.text[p.start:p.from], -1)
	if len(all) > 0 {
		g := all[len(all)-1]
		worth = topicWorth * topicHalf / (topicHalf + c.runes(p.text[p.start+g[1]:p.from]))
		if p.start+g[0] < p.sentence {
			worth /= 2
		}
		return worth, p.start + g[0], true
	}
	return topicWorth / 8, -1, re.MatchString(p.heading)
}

func (c *checker) runes(s string) float64 { return float64(utf8.RuneCountInString(s)) * c.lang.reach }
