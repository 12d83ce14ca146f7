package report

import (
	"regexp"
	"strings"
	"unicode/utf8"
)

// passage is what may be read for a number: the words before and behind it up
// to its neighbours, and what was spoken of earlier.
type passage struct {
	text     string
	left     int // start of the words before the number
	from, to int // the number, or the list it is in
	right    int // end of the words behind it
	start    int // start of the paragraph
	heading  string
	sentence int // start of the sentence
	clause   int // start of the clause
	shared   bool
	ordered  bool
}

// lookBack bounds how far around a number is read, in bytes. Paragraphs of
// drafts are shorter; a file without line breaks must not take forever.
const lookBack = 3000

// paragraph is a line of the draft with the heading above it.
type paragraph struct {
	from, to int
	heading  string
}

// paragraphs splits a text by lines. A line that introduces a list is a heading
// of its items.
func (l *language) paragraphs(text string) []paragraph {
	var out []paragraph
	heading, lead := "", ""
	for from := 0; from < len(text); {
		to := len(text)
		if i := strings.IndexByte(text[from:], '\n'); i >= 0 {
			to = from + i
		}
		line := text[from:to]
		switch {
		case l.Heading.MatchString(line) && !strings.ContainsAny(line, "：:；;。"):
			heading, lead = line, ""
		case strings.HasSuffix(strings.TrimSpace(line), "："), strings.HasSuffix(strings.TrimSpace(line), ":"):
			lead = line
		case !listLine.MatchString(line):
			lead = ""
		}
		out = append(out, paragraph{from, to, heading + lead})
		from = to + 1
	}
	return out
}

// listLine tells the items that a lead stands for.
var listLine = regexp.MustCompile(`^\s*(?:[-*•·] |[0-9]{1,2}[.)、]|[(（①-⑳]|$)`)

// passages finds the surroundings of each number.
func (l *language) passages(text string, ms []mention) []passage {
	paras, n := l.paragraphs(text), 0
	out := make([]passage, len(ms))
	for i, m := range ms {
		for paras[n].to < m.from {
			n++
		}
		out[i] = l.passage(text, paras[n], ms, i)
	}
	return out
}

func (l *language) passage(text string, para paragraph, ms []mention, i int) passage {
	first, last := i-ms[i].nth+1, i-ms[i].nth+ms[i].size // of its list
	p := passage{text: text, from: ms[first].from, to: ms[i].to, heading: para.heading}
	p.start = max(para.from, p.from-lookBack)
	p.sentence = p.start + lastSentence(text[p.start:p.from])
	p.left = p.sentence
	if j := before(ms, first); j >= 0 && ms[i].class != "all" {
		p.left = max(p.left, ms[j].to)
	}
	p.clause = max(p.left, p.start+lastAny(text[p.start:p.from], "，；,;:："))
	p.right = min(para.to, p.to+lookBack)
	if j := after(ms, last); j >= 0 {
		p.right = min(p.right, ms[j].from)
	}
	p.right = p.to + firstAny(text[p.to:max(p.to, p.right)], "，；。,;.!?！？、（(")
	p.shared = l.Shared.MatchString(text[p.left:p.from])
	p.ordered = ms[i].size > 1 && (l.Ordered.MatchString(text[p.left:p.from]) || l.Ordered.MatchString(text[p.to:p.right]))
	return p
}

// before and after find the neighbouring numbers; "all" is a word, no number.
func before(ms []mention, i int) int {
	for i--; i >= 0 && ms[i].class == "all"; i-- {
	}
	return i
}

func after(ms []mention, i int) int {
	for i++; i < len(ms); i++ {
		if ms[i].class != "all" {
			return i
		}
	}
	return -1
}

// lastSentence is where the last sentence of a text begins. A full stop in
// English ends one only before a blank.
func lastSentence(s string) int {
	at := lastAny(s, "。！？")
	for _, stop := range []string{". ", "! ", "? "} {
		if i := strings.LastIndex(s, stop); i >= 0 {
			at = max(at, i+len(stop))
		}
	}
	return at
}

func lastAny(s, marks string) int {
	i := strings.LastIndexAny(s, marks)
	if i < 0 {
		return 0
	}
	_, n := utf8.DecodeRuneInString(s[i:])
	return i + n
}

func firstAny(s, marks string) int {
	if i := strings.IndexAny(s, marks); i >= 0 {
		return i
	}
	return len(s)
}
