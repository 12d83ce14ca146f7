// Package i18n holds the fixed wordings of the pages in both languages. Names
// of matters, states and fields come from the catalogue instead.
package i18n

import (
	"embed"
	"fmt"

	"github.com/goccy/go-yaml"
)

//go:embed zh.yaml en.yaml
var files embed.FS

// Lang is one language with its wordings.
type Lang struct {
	Code  string // zh, en
	texts map[string]string
}

// Load reads both languages.
func Load() (map[string]*Lang, error) {
	out := map[string]*Lang{}
	for _, code := range []string{"zh", "en"} {
		b, err := files.ReadFile(code + ".yaml")
		if err != nil {
			return nil, err
		}
		l := &Lang{Code: code, texts: map[string]string{}}
		if err := yaml.Unmarshal(b, &l.texts); err != nil {
			return nil, fmt.Errorf("%s.yaml: %w", code, err)
		}
		out[code] = l
	}
	return out, nil
}

// T gives a wording, with args put in as by fmt. An unknown key shows itself,
// so that a gap is seen.
func (l *Lang) T(key string, args ...any) string {
	s, ok := l.texts[key]
	if !ok {
		return key
	}
	if len(args) == 0 {
		return s
	}
	return fmt.Sprintf(s, args...)
}

// Has reports whether a key has a wording.
func (l *Lang) Has(key string) bool { _, ok := l.texts[key]; return ok }

// Keys lists the keys.
func (l *Lang) Keys() []string {
	out := make([]string, 0, len(l.texts))
	for k := range l.texts {
		out = append(out, k)
	}
	return out
}
