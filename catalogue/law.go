package catalogue

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// LawName is what a statute, or another ground of a rule, is called in English.
type LawName struct {
	ZH string `yaml:"zh"`
	EN string `yaml:"en"`
}

// parseLaws reads the names; a later layer adds to them.
func (c *Catalogue) parseLaws(p string) {
	var doc struct {
		Laws []LawName `yaml:"laws"`
	}
	if !c.decode(p, &doc) {
		return
	}
	for i, l := range doc.Laws {
		if l.ZH == "" || l.EN == "" {
			c.problem(p, fmt.Sprintf("$.laws[%d]", i), "a name in Chinese and in English is needed")
		}
		c.laws[l.ZH] = l.EN
	}
}

// Law gives a citation in a language. Catalogue files cite in Chinese: the
// names come from laws.yaml, orders, years and articles by their form.
// What has no English name stays as it is.
func (c *Catalogue) Law(cited, lang string) string {
	if lang != "en" || cited == "" {
		return cited
	}
	var out []string
	for _, part := range strings.Split(cited, "；") {
		out = append(out, c.lawPart(part))
	}
	en := strings.Join(out, "; ")
	r, n := utf8.DecodeRuneInString(en)
	return string(unicode.ToUpper(r)) + en[n:] // a ground of plain words begins one
}

// Cited is a citation that may carry an English wording of its own.
func (c *Catalogue) Cited(t Text, lang string) string {
	if lang == "en" && t.EN != "" {
		return t.EN
	}
	return c.Law(t.ZH, lang)
}

// lawPart puts one ground into English: names, remarks in brackets, articles.
func (c *Catalogue) lawPart(s string) string {
	var b strings.Builder
	for s != "" {
		text, rest := c.lawPiece(s)
		if b.Len() > 0 && joined(text) {
			b.WriteByte(' ')
		}
		b.WriteString(text)
		s = rest
	}
	return b.String()
}

// joined reports whether a blank stands before a piece.
func joined(text string) bool {
	r, _ := utf8.DecodeRuneInString(text)
	return r == '(' || unicode.IsLetter(r) && !unicode.Is(unicode.Han, r) || unicode.IsDigit(r)
}

// lawPiece takes the next piece of a citation.
func (c *Catalogue) lawPiece(s string) (text, rest string) {
	if m := bracketed.FindStringSubmatch(s); m != nil {
		var list []string
		for _, x := range strings.FieldsFunc(m[1], func(r rune) bool { return r == ',' || r == '，' }) {
			list = append(list, c.remark(x))
		}
		return "(" + strings.Join(list, ", ") + ")", s[len(m[0]):]
	}
	if m := articles.FindString(s); m != "" {
		return ", art. " + article(m), s[len(m):]
	}
	if name, en := c.lawName(s); name != "" {
		return en, s[len(name):]
	}
	for _, f := range forms {
		if m := f.zh.FindStringSubmatchIndex(s); m != nil && m[0] == 0 {
			return string(f.zh.ExpandString(nil, f.en, s, m)), s[m[1]:]
		}
	}
	if strings.HasPrefix(s, "、") {
		return ",", strings.TrimPrefix(s, "、")
	}
	_, n := utf8.DecodeRuneInString(s)
	end := n
	for end < len(s) && s[end] < utf8.RuneSelf && s[0] < utf8.RuneSelf { // a number of a standard stays whole
		end++
	}
	return strings.TrimSpace(s[:end]), s[end:]
}

// lawName finds the longest name a citation begins with.
func (c *Catalogue) lawName(s string) (zh, en string) {
	for end := len(s); end > 0; {
		if t, ok := c.laws[s[:end]]; ok {
			return s[:end], t
		}
		_, n := utf8.DecodeLastRuneInString(s[:end])
		end -= n
	}
	return "", ""
}

func (c *Catalogue) remark(s string) string {
	if en, ok := c.laws[s]; ok {
		return en
	}
	for _, f := range forms {
		if m := f.zh.FindStringSubmatchIndex(s); m != nil && m[0] == 0 && m[1] == len(s) {
			return string(f.zh.ExpandString(nil, f.en, s, m))
		}
	}
	return s
}

var (
	bracketed = regexp.MustCompile(`^[(（]([^)）]*)[)）]`)
	one       = `第[一二三四五六七八九十百零]+条(?:第[一二三四五六七八九十]+款)?(?:第[一二三四五六七八九十]+项)?`
	articles  = regexp.MustCompile(`^` + one + `(?:[、至]` + one + `)*`)
	parts     = regexp.MustCompile(`第([一二三四五六七八九十百零]+)([条款项])`)
)

// forms are what orders, notices and years look like.
var forms = []struct {
	zh *regexp.Regexp
	en string
}{
	{regexp.MustCompile(`国务院令第(\d+)号`), "State Council Order $1"},
	{regexp.MustCompile(`(?:市场监管)?总局令第(\d+)号`), "SAMR Order $1"},
	{regexp.MustCompile(`原食(?:品药品|药)监管?总局令第(\d+)号`), "CFDA Order $1"},
	{regexp.MustCompile(`第(\d+)号令`), "Order $1"},
	{regexp.MustCompile(`(\d{4})年第(\d+)号令修正`), "amended by Order $2 of $1"},
	{regexp.MustCompile(`(\d{4})年修[正订]`), "rev. $1"},
	{regexp.MustCompile(`市场监管总局(\d{4})年第(\d+)号公告`), "SAMR Announcement $2 of $1"},
	{regexp.MustCompile(`(\d{4})年`), "$1"},
	{regexp.MustCompile(`国发〔(\d{4})〕(\d+)号`), "Guofa [$1] No. $2"},
	{regexp.MustCompile(`国市监信规〔(\d{4})〕(\d+)号`), "Guoshijian Xingui [$1] No. $2"},
	{regexp.MustCompile(`国市监信发〔(\d{4})〕(\d+)号`), "Guoshijian Xinfa [$1] No. $2"},
	{regexp.MustCompile(`国市监反垄规〔(\d{4})〕(\d+)号`), "Guoshijian Fanlonggui [$1] No. $2"},
	{regexp.MustCompile(`TSG`), "TSG"},
}

// article writes 第三十条至第三十五条 as 30–35, 第四十八条第二项 as 48 (2).
func article(s string) string {
	s = parts.ReplaceAllStringFunc(s, func(m string) string {
		g := parts.FindStringSubmatch(m)
		n := hanNumber(g[1])
		switch g[2] {
		case "款":
			return " para. " + n
		case "项":
			return " (" + n + ")"
		}
		return n
	})
	return strings.NewReplacer("、", ", ", "至", "–").Replace(s)
}

// hanNumber writes a Chinese number below a thousand in digits.
func hanNumber(s string) string {
	const digits = "零一二三四五六七八九"
	total, digit := 0, 0
	for _, r := range s {
		switch r {
		case '十':
			total += max(digit, 1) * 10
			digit = 0
		case '百':
			total += digit * 100
			digit = 0
		default:
			digit = strings.IndexRune(digits, r) / len("零")
		}
	}
	return strconv.Itoa(total + digit)
}

// cites asks for an English name of everything a citation names.
func (a at) cites(t Text) {
	if en := a.c.Cited(t, "en"); strings.ContainsFunc(en, func(r rune) bool { return unicode.Is(unicode.Han, r) }) {
		a.bad("%q has no English name (%q is left): add it to a laws.yaml", t.ZH, en)
	}
}
