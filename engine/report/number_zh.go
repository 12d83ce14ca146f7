package report

import (
	"regexp"
	"sort"
	"strings"
)

const (
	zhDigit = `一二两三四五六七八九`
	zhOther = `〇零十百千万亿`
)

func patternsZH(unit string) numberPatterns {
	return numberPatterns{
		arabic: regexp.MustCompile(`(¥|人民币)? *(` + arabic + `) *(万亿|千万|百万|十万|万|亿|千|百)?(余|多)?(万亿|万|亿)?(余|多)? *(` + unit + `)?(以上|左右)?`),
		// A numeral in words is a figure only before a measure word: 两家, but
		// not 统一.
		words:   regexp.MustCompile(`([` + zhDigit + `十][` + zhDigit + zhOther + `]*)(余|多)?(` + unit + `)`),
		percent: regexp.MustCompile(`百分之([` + zhDigit + zhOther + `点]+)`),
	}
}

// scanZH finds digits with 万, 亿 and 余, numerals in words before a measure
// word, and 百分之.
func scanZH(l *language, text string) []mention {
	p := l.patterns
	var out []mention
	for _, g := range p.arabic.FindAllStringSubmatchIndex(text, -1) {
		out = append(out, l.arabicZH(text, g))
	}
	for _, g := range p.percent.FindAllStringSubmatchIndex(text, -1) {
		m := mention{from: g[0], to: g[1], scale: 1, size: 1, nth: 1, first: true, words: true}
		m.value, m.step = decimalZH(text[g[2]:g[3]])
		m.place = m.step
		m.measured(l, "%")
		m.qualify(l, text[max(0, g[0]-40):g[0]])
		out = append(out, m)
	}
	for _, g := range p.words.FindAllStringSubmatchIndex(text, -1) {
		if m := l.wordsZH(text, g); !overlaps(out, m) {
			out = append(out, m)
		}
	}
	sort.Slice(out, func(i, j int) bool { return out[i].from < out[j].from })
	return out
}

func group(text string, g []int, n int) string {
	if g[2*n] < 0 {
		return ""
	}
	return text[g[2*n]:g[2*n+1]]
}

func (l *language) arabicZH(text string, g []int) mention {
	m := l.number(text, g[4], g[1], group(text, g, 2), group(text, g, 3), group(text, g, 7))
	if s := scales[group(text, g, 5)]; s > 1 { // 3000余万
		m.value, m.step, m.place, m.scale = m.value*s, m.step*s, m.place*s, m.scale*s
		m.suffix += group(text, g, 5)
	}
	if group(text, g, 1) != "" && m.class == "count" {
		m.class = "money"
	}
	switch {
	case group(text, g, 4) != "" || group(text, g, 6) != "" || group(text, g, 8) == "以上":
		m.qualifier = "ge"
	case group(text, g, 8) == "左右":
		m.qualifier = "about"
	}
	return m
}

func (l *language) wordsZH(text string, g []int) mention {
	m := mention{from: g[0], to: g[1], scale: 1, size: 1, nth: 1, first: true, words: true}
	v, place := numeralZH(group(text, g, 1))
	m.value, m.step, m.place = v, 1, place
	m.measured(l, group(text, g, 3))
	m.qualify(l, text[max(0, g[0]-40):g[0]])
	if group(text, g, 2) != "" {
		m.qualifier = "ge"
	}
	return m
}

func overlaps(ms []mention, x mention) bool {
	for _, m := range ms {
		if x.from < m.to && m.from < x.to {
			return true
		}
	}
	return false
}

var zhUnits = map[rune]float64{'十': 10, '百': 100, '千': 1000}

// numeralZH reads a numeral in words, and the place of its last digit.
func numeralZH(s string) (value, place float64) {
	var total, section, digit float64
	place = 1
	last := '0'
	for _, r := range s {
		switch u := zhUnits[r]; {
		case u > 0:
			section += max(digit, 1) * u
			digit, place = 0, u
		case r == '万':
			total, section, digit, place = total+(section+digit)*1e4, 0, 0, place*1e4
		case r == '亿':
			total, section, digit, place = (total+section+digit)*1e8, 0, 0, place*1e8
		case r != '零' && r != '〇':
			digit, place = digitZH(r), 1
		}
		last = r
	}
	return total + section + digit*shorthand(s, last, place), place
}

// shorthand is the worth of a last digit whose unit is left out: 三千五 is 3500.
func shorthand(s string, last rune, place float64) float64 {
	before := []rune(s)
	if len(before) < 2 || place != 1 || digitZH(last) == 0 {
		return 1
	}
	switch before[len(before)-2] {
	case '百':
		return 10
	case '千':
		return 100
	case '万':
		return 1000
	}
	return 1
}

func digitZH(r rune) float64 {
	if r == '两' {
		return 2
	}
	if i := strings.IndexRune("一二三四五六七八九", r); i >= 0 {
		return float64(i/len("一") + 1)
	}
	return 0
}

// decimalZH reads 七十四点一三 and its last place.
func decimalZH(s string) (value, step float64) {
	whole, fraction, _ := strings.Cut(s, "点")
	value, _ = numeralZH(whole)
	step = 1
	for _, r := range fraction {
		step /= 10
		value += digitZH(r) * step
	}
	return tidy(value), tidy(step)
}
