package report

import (
	"cmp"
	_ "embed"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/goccy/go-yaml"
)

//go:embed numerals.yaml
var numeralsYAML []byte

//go:embed phrases.yaml
var phrasesYAML []byte

// language is how a language writes numbers: numerals.yaml, ready to be used.
type language struct {
	Measures map[string][]string `yaml:"measures"`
	Before   map[string]pattern  `yaml:"before"`
	Shared   pattern             `yaml:"shared"`  // one number for several figures
	Ordered  pattern             `yaml:"ordered"` // several numbers in the order of their names
	All      pattern             `yaml:"all"`
	Join     pattern             `yaml:"join"` // what stands between numbers of a list
	Heading  pattern             `yaml:"heading"`
	Elsewhen pattern             `yaml:"elsewhen"` // another period than the report's
	Until    pattern             `yaml:"until"`    // … but not if it runs up to now
	Aims     pattern             `yaml:"aims"`     // what should be, not what is
	Skip     []pattern           `yaml:"skip"`
	Names    []string            `yaml:"names"`

	scan     func(l *language, text string) []mention
	class    map[string]string // measure → class
	patterns numberPatterns
	reach    float64 // how much shorter a character counts than a Chinese one
	word     string  // how a pattern of phrases.yaml is wrapped
}

// numberPatterns find the numbers of a language.
type numberPatterns struct{ arabic, words, percent *regexp.Regexp }

// pattern is a regular expression in YAML.
type pattern struct{ *regexp.Regexp }

// UnmarshalYAML compiles the expression.
func (p *pattern) UnmarshalYAML(unmarshal func(any) error) (err error) {
	var s string
	if err = unmarshal(&s); err == nil {
		p.Regexp, err = regexp.Compile(s)
	}
	return err
}

// reading is one way to word a figure: an entry of phrases.yaml.
type reading struct {
	Near  []string `yaml:"near"`  // each stands beside the number, the first naming the figure
	Topic []string `yaml:"topic"` // each was spoken of before, the latest deciding
	Not   string   `yaml:"not"`   // spoils it
	Nth   int      `yaml:"nth"`   // place in a list of numbers
	Side  string   `yaml:"side"`  // left: the words stand before the number

	near, topic []*regexp.Regexp
	not         *regexp.Regexp
	weak        bool // from an indicator's phrases: loses against ours
}

// wording is all that phrases.yaml knows of a figure.
type wording struct {
	Unit   string    `yaml:"unit"`   // measures that may follow
	Across bool      `yaml:"across"` // compares periods, so other periods may be named
	ZH     []reading `yaml:"zh"`
	EN     []reading `yaml:"en"`

	unit *regexp.Regexp
}

// knowledge is both files.
type knowledge struct {
	langs    map[string]*language
	wordings map[string]*wording
}

// known is the data of the draft check. It is embedded and tested, so a
// mistake in it is a mistake in the program.
var known = sync.OnceValue(func() *knowledge {
	k := &knowledge{}
	if err := yaml.UnmarshalWithOptions(numeralsYAML, &k.langs, yaml.Strict()); err != nil {
		panic(fmt.Errorf("numerals.yaml: %w", err))
	}
	if err := yaml.UnmarshalWithOptions(phrasesYAML, &k.wordings, yaml.Strict()); err != nil {
		panic(fmt.Errorf("phrases.yaml: %w", err))
	}
	zh, en := k.langs["zh"], k.langs["en"]
	zh.scan, zh.reach, zh.word = scanZH, 1, `(?:%s)`
	en.scan, en.reach, en.word = scanEN, 0.4, `\b(?:%s)`
	zh.patterns = patternsZH(zh.measures())
	en.patterns = patternsEN(en.measures())
	for _, w := range k.wordings {
		w.prepare(k.langs)
	}
	return k
})

// measures gives the alternation of measure words, longest first, and notes
// their classes.
func (l *language) measures() string {
	l.class = map[string]string{}
	var all []string
	for class, list := range l.Measures {
		for _, m := range list {
			l.class[m] = class
			all = append(all, regexp.QuoteMeta(m))
		}
	}
	slices.SortFunc(all, func(a, b string) int { return cmp.Or(len(b)-len(a), strings.Compare(a, b)) })
	for _, n := range l.Names {
		l.Skip = append(l.Skip, pattern{regexp.MustCompile(regexp.QuoteMeta(n))})
	}
	return strings.Join(all, "|")
}

func (w *wording) prepare(langs map[string]*language) {
	if w.Unit != "" {
		w.unit = regexp.MustCompile("^(?:" + w.Unit + ")$")
	}
	for i := range w.ZH {
		w.ZH[i].prepare(langs["zh"])
	}
	for i := range w.EN {
		w.EN[i].prepare(langs["en"])
	}
}

func (r *reading) prepare(l *language) {
	compile := func(s string) *regexp.Regexp { return regexp.MustCompile(fmt.Sprintf(l.word, s)) }
	for _, s := range r.Near {
		r.near = append(r.near, compile(s))
	}
	for _, s := range r.Topic {
		r.topic = append(r.topic, compile(s))
	}
	if r.Not != "" {
		r.not = compile(r.Not)
	}
}

// readings lists how a figure may be worded: our data, then the phrases of its
// definition.
func (k *knowledge) readings(f *Figure, lang string) []reading {
	var out []reading
	groups := f.Phrases.ZH
	if w := k.wordings[f.ID]; w != nil {
		out = w.ZH
		if lang == "en" {
			out = w.EN
		}
	}
	if lang == "en" {
		groups = f.Phrases.EN
	}
	out = slices.Clip(out)
	for _, g := range groups {
		r := reading{weak: true}
		for _, word := range g {
			r.Near = append(r.Near, regexp.QuoteMeta(strings.ToLower(word)))
		}
		if len(r.Near) > 0 {
			r.prepare(k.langs[lang])
			out = append(out, r)
		}
	}
	return out
}
