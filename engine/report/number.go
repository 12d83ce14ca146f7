package report

import (
	"math"
	"regexp"
	"strconv"
	"strings"
)

// mention is a number in a draft, before anybody knows what it counts.
type mention struct {
	from, to  int // in the folded text, with the measure word
	value     float64
	step      float64 // what the last digit written stands for
	place     float64 // what the last digit that is not zero stands for
	scale     float64 // 1e4 for 万
	suffix    string  // the scale as written
	qualifier string  // ge gt lt about
	class     string  // percent points times money days other count all
	measure   string
	words     bool // written in words
	first     bool // of a list
	nth, size int  // place in the list and its length
}

const arabic = `\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?`

var scales = map[string]float64{
	"": 1, "百": 1e2, "千": 1e3, "万": 1e4, "十万": 1e5, "百万": 1e6, "千万": 1e7, "亿": 1e8, "万亿": 1e12,
	"hundred": 1e2, "thousand": 1e3, "k": 1e3, "million": 1e6, "m": 1e6, "billion": 1e9, "bn": 1e9,
}

// written reads digits: the value, the worth of the last digit and that of the
// last digit that is not zero. 2,300 is written to ones, but means hundreds
// where "over" stands before it.
func written(digits string, scale float64) (value, step, place float64) {
	digits = strings.ReplaceAll(digits, ",", "")
	value, _ = strconv.ParseFloat(digits, 64)
	step = scale
	if _, fraction, ok := strings.Cut(digits, "."); ok {
		step = scale * math.Pow10(-len(fraction))
	}
	place = step
	for d := strings.ReplaceAll(digits, ".", ""); len(d) > 1 && d[len(d)-1] == '0'; d = d[:len(d)-1] {
		place *= 10
	}
	return tidy(value * scale), step, place
}

// number builds a mention from what a pattern found.
func (l *language) number(text string, from, to int, digits, suffix, measure string) mention {
	m := mention{from: from, to: to, scale: scales[suffix], suffix: suffix, size: 1, nth: 1, first: true}
	m.value, m.step, m.place = written(digits, m.scale)
	m.measured(l, measure)
	m.qualify(l, text[max(0, from-40):from])
	return m
}

// measured sets the class. A number without a measure word counts something.
func (m *mention) measured(l *language, measure string) {
	m.measure, m.class = measure, l.class[measure]
	switch m.class {
	case "":
		m.class = "count"
	case "tenths": // 八成
		m.class, m.value, m.step, m.place = "percent", m.value*10, m.step*10, m.place*10
	}
}

func (m *mention) qualify(l *language, before string) {
	for name, p := range l.Before {
		if p.MatchString(before) {
			m.qualifier = name
		}
	}
}

// skips are the parts of a text in which no number is a figure.
func (l *language) skips(text string) [][]int {
	var out [][]int
	for _, p := range l.Skip {
		out = append(out, p.FindAllStringIndex(text, -1)...)
	}
	for _, g := range coded.FindAllStringIndex(text, -1) {
		if !currency.MatchString(text[g[0]:g[1]]) {
			out = append(out, g)
		}
	}
	return out
}

var currency = regexp.MustCompile(`^(?:rmb|cny)\d`)

// coded finds digits grown together with letters: model and form numbers.
var coded = regexp.MustCompile(`[a-z]+[-/]?(?:t\s?)?\d[\w.-]*|\b\d+[a-jln-z]\w*`)

func inside(spans [][]int, from, to int) bool {
	for _, s := range spans {
		if from < s[1] && s[0] < to {
			return true
		}
	}
	return false
}

// mentions finds the numbers of a text that may be figures, in order.
func (l *language) mentions(text string) []mention {
	skips := l.skips(text)
	var out []mention
	for _, m := range l.scan(l, text) {
		if !inside(skips, m.from, m.to-len(m.measure)) {
			out = append(out, m)
		}
	}
	l.list(text, out)
	return out
}

// list notes which numbers form a list: only "、" or "and" stands between them.
func (l *language) list(text string, ms []mention) {
	for i := 0; i < len(ms); {
		j := i + 1
		for j < len(ms) && ms[j].class == ms[i].class && l.Join.MatchString(text[ms[j-1].to:ms[j].from]) {
			j++
		}
		for k := i; k < j; k++ {
			ms[k].first, ms[k].nth, ms[k].size = k == i, k-i+1, j-i
		}
		i = j
	}
}
