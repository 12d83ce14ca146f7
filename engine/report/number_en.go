package report

import (
	"regexp"
	"sort"
	"strings"
)

var enSmall = []string{"zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
	"thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"}

var enTens = []string{"twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"}

var enWords = func() map[string]float64 {
	m := map[string]float64{}
	for i, w := range enSmall {
		m[w] = float64(i)
	}
	for i, w := range enTens {
		m[w] = float64(20 + 10*i)
	}
	return m
}()

func patternsEN(unit string) numberPatterns {
	word := strings.Join(enSmall, "|") + "|" + strings.Join(enTens, "|")
	return numberPatterns{
		arabic: regexp.MustCompile(`(¥|rmb|cny)? *(` + arabic + `) *(hundred|thousand|million|billion|bn|k|m)?\b *(` + unit + `)?`),
		words:  regexp.MustCompile(`\b((?:` + word + `)(?:[ -](?:and )?(?:` + word + `|hundred|thousand|million))*)\b *(` + unit + `)?`),
	}
}

// scanEN finds digits with their scale and numbers in words.
func scanEN(l *language, text string) []mention {
	p := l.patterns
	var out []mention
	for _, g := range p.arabic.FindAllStringSubmatchIndex(text, -1) {
		m := l.number(text, g[4], g[1], group(text, g, 2), group(text, g, 3), group(text, g, 4))
		if group(text, g, 1) != "" {
			m.class = "money"
		}
		out = append(out, m)
	}
	for _, g := range p.words.FindAllStringSubmatchIndex(text, -1) {
		m := mention{from: g[0], to: g[1], scale: 1, size: 1, nth: 1, first: true, words: true, step: 1}
		m.value = numeralEN(group(text, g, 1))
		_, _, m.place = written(Number(m.value).String(), 1)
		m.measured(l, group(text, g, 2))
		m.qualify(l, text[max(0, g[0]-40):g[0]])
		if !overlaps(out, m) {
			out = append(out, m)
		}
	}
	sort.Slice(out, func(i, j int) bool { return out[i].from < out[j].from })
	return out
}

// numeralEN reads "four thousand eight hundred and seventy-eight".
func numeralEN(s string) float64 {
	var total, section float64
	for _, w := range strings.FieldsFunc(s, func(r rune) bool { return r == ' ' || r == '-' }) {
		switch w {
		case "hundred":
			section *= 100
		case "thousand", "million":
			total, section = total+section*scales[w], 0
		default:
			section += enWords[w]
		}
	}
	return total + section
}
