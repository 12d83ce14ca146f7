package importer

import (
	"fmt"
	"regexp"
	"sort"
	"strconv"
	"strings"

	"github.com/dinghai/dinghai/catalogue"
	"github.com/dinghai/dinghai/kit/ids"
)

// Money is an amount in hundredths with its currency, "" when none was named.
type Money struct {
	Fen      int64
	Currency string
}

var moneyForm = regexp.MustCompile(`^([0-9][0-9,，]*(?:\.[0-9]+)?)\s*[(（]?\s*(亿|万|千)?\s*元?\s*(人民币|美元|港元|港币|欧元|日元|英镑)?\s*元?\s*[)）]?$`)

var currencies = map[string]string{"人民币": "CNY", "美元": "USD", "港元": "HKD", "港币": "HKD", "欧元": "EUR", "日元": "JPY", "英镑": "GBP"}

// ParseMoney reads amounts as registers write them: 50(万元人民币), 13(万美元),
// 1,428(万元人民币), 7万人民币, 120.50.
func ParseMoney(s string) (Money, error) {
	m := moneyForm.FindStringSubmatch(strings.TrimSpace(s))
	if m == nil {
		return Money{}, fmt.Errorf("金额「%s」无法识别，应如 50万元 或 13(万美元)", s)
	}
	fen, err := hundredths(strings.NewReplacer(",", "", "，", "").Replace(m[1]), map[string]int{"": 2, "千": 5, "万": 6, "亿": 10}[m[2]])
	return Money{Fen: fen, Currency: currencies[m[3]]}, err
}

// hundredths shifts a decimal by places without floating point.
func hundredths(num string, places int) (int64, error) {
	whole, frac, _ := strings.Cut(num, ".")
	if len(frac) > places {
		if strings.Trim(frac[places:], "0") != "" {
			return 0, fmt.Errorf("金额「%s」小于一分", num)
		}
		frac = frac[:places]
	}
	n, err := strconv.ParseInt(whole+frac+strings.Repeat("0", places-len(frac)), 10, 64)
	if err != nil {
		return 0, fmt.Errorf("金额「%s」太大", num)
	}
	return n, nil
}

// matcher finds the code of a wording.
type matcher struct {
	exact map[string]string
	words []string // longest first, for prefixes
}

func newMatcher(l *catalogue.List) *matcher {
	m := &matcher{exact: map[string]string{}}
	if l == nil {
		return m
	}
	for _, it := range l.Items {
		for _, w := range append([]string{it.Code, it.ZH, it.EN}, it.Alias...) {
			if w == "" {
				continue
			}
			if _, taken := m.exact[fold(w)]; !taken {
				m.exact[fold(w)] = it.Code
				m.words = append(m.words, fold(w))
			}
		}
	}
	sort.SliceStable(m.words, func(i, j int) bool { return len(m.words[i]) > len(m.words[j]) })
	return m
}

func (m *matcher) find(text string) string {
	t := fold(text)
	if c := m.exact[t]; c != "" {
		return c
	}
	for _, w := range m.words {
		if len(w) >= 6 && strings.HasPrefix(t, w) {
			return m.exact[w]
		}
	}
	return ""
}

func fold(s string) string {
	n, _ := ids.Normalize(s)
	return strings.NewReplacer("(", "", ")", "", "（", "", "）", "").Replace(n)
}

// locator finds the area an address names: county first, then town, then
// village below it.
type locator struct {
	areas    map[string]*catalogue.Area
	children map[string][]*catalogue.Area
	counties []*catalogue.Area
	city     string
}

func newLocator(c *catalogue.Catalogue) *locator {
	l := &locator{areas: c.Areas, children: map[string][]*catalogue.Area{}}
	for _, code := range sortedAreas(c.Areas) {
		a := c.Areas[code]
		l.children[a.Parent] = append(l.children[a.Parent], a)
		switch a.Level {
		case "county":
			l.counties = append(l.counties, a)
		case "city":
			l.city = a.Code
		}
	}
	return l
}

func sortedAreas(m map[string]*catalogue.Area) []string {
	out := make([]string, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	sort.Strings(out)
	return out
}

// find gives the deepest area a text names, "" when it names none of ours.
func (l *locator) find(text string) string {
	text = strings.TrimSpace(text)
	if l.areas[text] != nil {
		return text
	}
	if c := l.county(text); c != nil {
		return l.below(c, text)
	}
	for _, c := range l.counties { // a town's name alone settles its county
		for _, town := range l.children[c.Code] {
			if strings.Contains(text, town.ZH) {
				return l.below(c, text)
			}
		}
	}
	return ""
}

func (l *locator) county(text string) *catalogue.Area {
	for _, c := range l.counties {
		if strings.Contains(text, c.ZH) || (len([]rune(c.ZH)) > 2 && strings.Contains(text, stem(c.ZH))) {
			return c
		}
	}
	return nil
}

func (l *locator) below(a *catalogue.Area, text string) string {
	best := a.Code
	for _, k := range l.children[a.Code] {
		if strings.Contains(text, k.ZH) || len([]rune(stem(k.ZH))) > 1 && strings.Contains(text, stem(k.ZH)) {
			return l.below(k, text)
		}
	}
	return best
}

// stem leaves off the word for the kind of division: 定海区 → 定海.
func stem(name string) string {
	for _, suffix := range []string{"社区居委会", "村委会", "居委会", "街道", "区", "县", "镇", "乡"} {
		if s, ok := strings.CutSuffix(name, suffix); ok && s != "" {
			return s
		}
	}
	return name
}
