package report

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Template is the wording of a report: headings, paragraphs and lists of a
// small Markdown, with marks.
//
//	{{figure food_samples}}                       as the figure is printed by default
//	{{figure market_turnover format=yi digits=1}} in hundred millions, one decimal
//	{{figure total_market_entities period=quarter_end}}
//	{{figure complaints_total area=330902 show=growth}}   another area, against the year before
//	{{bureau}}  {{year}}  {{from}}  {{to}}  {{to period=quarter_end}}
//	{{gaps 3.2}}                                  what that section cannot say, and why
type Template struct {
	Name, Lang, Hash string
	blocks           []templateBlock
	forgiving        bool
	wrong            []*TemplateError
}

type templateBlock struct {
	Kind  string // heading, paragraph, item
	Level int
	Nodes []node
	line  int
}

// node is text or a mark.
type node struct {
	text string
	mark *mark
}

type mark struct {
	name, arg      string
	format, period string
	area, show     string
	lang           string
	digits         int // -1: by the figure
	line           int
	source         string // as it stands in the text
}

// TemplateError is a mark nobody can fill.
type TemplateError struct {
	Name string
	Line int
	Text string
	Rule string // what is wrong, for a wording in the reader's language
	Arg  string // with what
}

// Error gives name:line: text.
func (e *TemplateError) Error() string { return fmt.Sprintf("%s:%d: %s", e.Name, e.Line, e.Text) }

// ParseTemplate reads a template; knows tells the figures that exist.
func ParseTemplate(name, src, lang string, knows func(id string) bool) (*Template, error) {
	t := newTemplate(name, src, lang)
	return t, t.parse(knows)
}

// ParseText reads a text somebody is writing: marks that nobody can fill stay
// in it as they are, and each is told.
func ParseText(src, lang string, knows func(id string) bool) (*Template, []*TemplateError) {
	t := newTemplate("", src, lang)
	t.forgiving = true
	_ = t.parse(knows) // forgives all
	return t, t.wrong
}

func newTemplate(name, src, lang string) *Template {
	sum := sha256.Sum256([]byte(src))
	t := &Template{Name: name, Lang: lang, Hash: hex.EncodeToString(sum[:])}
	t.split(src)
	return t
}

func (t *Template) parse(knows func(id string) bool) error {
	for i := range t.blocks {
		b := &t.blocks[i]
		nodes, err := t.nodes(b.Nodes[0].text, b.line, knows)
		if err != nil {
			return err
		}
		b.Nodes = nodes
	}
	return nil
}

// Asks lists the figures the template needs, with the periods it names.
func (t *Template) Asks() []Ask {
	var out []Ask
	for _, b := range t.blocks {
		for _, n := range b.Nodes {
			if n.mark == nil || n.mark.name != "figure" {
				continue
			}
			if a := n.mark.ask(); !slices.Contains(out, a) {
				out = append(out, a)
			}
		}
	}
	return out
}

// split cuts the source into blocks. Lines of a paragraph run on; their breaks
// stay in the text until the language decides what joins them.
func (t *Template) split(src string) {
	open := false
	for i, line := range strings.Split(src, "\n") {
		line = strings.TrimRight(line, " \r\t")
		switch m := headingLine.FindStringSubmatch(line); {
		case line == "":
			open = false
		case m != nil:
			t.open("heading", len(m[1]), m[2], i+1)
			open = false
		case strings.HasPrefix(line, "- "):
			t.open("item", 0, line[2:], i+1)
			open = true
		case open:
			last := &t.blocks[len(t.blocks)-1].Nodes[0]
			last.text += "\n" + strings.TrimSpace(line)
		default:
			t.open("paragraph", 0, line, i+1)
			open = true
		}
	}
}

var headingLine = regexp.MustCompile(`^(#{1,4}) (.+)$`)

func (t *Template) open(kind string, level int, text string, line int) {
	t.blocks = append(t.blocks, templateBlock{Kind: kind, Level: level, Nodes: []node{{text: text}}, line: line})
}

// nodes parts text from marks, counting lines for messages.
func (t *Template) nodes(s string, line int, knows func(string) bool) ([]node, error) {
	var out []node
	for s != "" {
		before, rest, found := strings.Cut(s, "{{")
		if before != "" {
			out = append(out, node{text: t.joined(before)})
			line += strings.Count(before, "\n")
		}
		if !found {
			break
		}
		inner, after, closed := strings.Cut(rest, "}}")
		if !closed {
			err := t.errorf(line, "open", "", "a mark is not closed")
			if !t.forgiven(err) {
				return nil, err
			}
			return append(out, node{text: t.joined("{{" + rest)}), nil
		}
		m, err := t.mark(strings.Fields(inner), line, knows)
		if t.forgiven(err) {
			out = append(out, node{text: t.joined("{{" + inner + "}}")})
			s = after
			continue
		}
		if err != nil {
			return nil, err
		}
		m.source = "{{" + inner + "}}"
		out = append(out, node{mark: m})
		s = after
	}
	return out, nil
}

// joined puts the lines of a paragraph together: Chinese needs no blank.
func (t *Template) joined(s string) string {
	if t.Lang == "zh" {
		return strings.ReplaceAll(s, "\n", "")
	}
	return strings.ReplaceAll(s, "\n", " ")
}

func (t *Template) errorf(line int, rule, arg, format string, args ...any) error {
	return &TemplateError{t.Name, line, fmt.Sprintf(format, args...), rule, arg}
}

// forgiven notes a mistake of somebody who is still writing.
func (t *Template) forgiven(err error) bool {
	var e *TemplateError
	if !t.forgiving || !errors.As(err, &e) {
		return false
	}
	t.wrong = append(t.wrong, e)
	return true
}

// markArgs says whether a mark of a name takes an argument.
var markArgs = map[string]bool{"figure": true, "gaps": true, "bureau": false, "year": false, "from": false, "to": false}

func (t *Template) mark(words []string, line int, knows func(string) bool) (*mark, error) {
	m := &mark{digits: -1, line: line}
	if len(words) > 0 {
		m.name, words = words[0], words[1:]
	}
	takes, ok := markArgs[m.name]
	if !ok {
		return nil, t.errorf(line, "mark", m.name, "no mark %q", m.name)
	}
	if takes {
		if len(words) == 0 {
			return nil, t.errorf(line, "name", m.name, "mark %s needs a name", m.name)
		}
		m.arg, words = words[0], words[1:]
	}
	if m.name == "figure" && !knows(m.arg) {
		return nil, t.errorf(line, "figure", m.arg, "no figure %q", m.arg)
	}
	for _, w := range words {
		if err := t.option(m, w); err != nil {
			return nil, err
		}
	}
	return m, nil
}

func (t *Template) option(m *mark, word string) error {
	key, value, _ := strings.Cut(word, "=")
	switch key {
	case "period":
		m.period = value
		if !periodName.MatchString(value) {
			return t.errorf(m.line, "period", value, "no period %q", value)
		}
	case "area":
		if m.area = value; !areaCode.MatchString(value) {
			return t.errorf(m.line, "area", value, "no area %q", value)
		}
	case "show":
		if m.show = value; value == "" || !slices.Contains(Shows, value) {
			return t.errorf(m.line, "show", value, "nothing to show as %q", value)
		}
	case "format":
		m.format = value
		if _, ok := formats[value]; !ok {
			return t.errorf(m.line, "format", value, "no format %q", value)
		}
	case "lang":
		m.lang = value
		if value != "zh" && value != "en" {
			return t.errorf(m.line, "lang", value, "no language %q", value)
		}
	case "digits":
		n, err := strconv.Atoi(value)
		if m.digits = n; err != nil || n < 0 || n > 6 {
			return t.errorf(m.line, "digits", value, "digits are 0 to 6, not %q", value)
		}
	default:
		return t.errorf(m.line, "option", word, "no option %q", word)
	}
	return nil
}

var areaCode = regexp.MustCompile(`^\d{6,12}$`)

// ask is the figure a mark stands for.
func (m *mark) ask() Ask { return Ask{ID: m.arg, Period: m.period, Area: m.area, Show: m.show} }

// PeriodKnown reports whether a period has a name a mark may use; "" is the
// report's own.
func PeriodKnown(name string) bool { return name == "" || periodName.MatchString(name) }

// ShowKnown reports whether a figure can be shown so.
func ShowKnown(name string) bool { return slices.Contains(Shows, name) }

// periodName is what indicator.Resolve understands.
var periodName = regexp.MustCompile(`^(ytd|as_of|month|last_month|quarter|quarter_end|year|previous_same|previous_year|rolling:\d+|(since|before):\d{4}-\d\d-\d\d)$`)
