// Package i18n holds the fixed wordings of the pages in both languages. Names
// of matters, states and fields come from the catalogue instead.
package i18n

import (
	"embed"
	"fmt"
	"io/fs"

	"github.com/goccy/go-yaml"
)

//go:embed zh en
var files embed.FS

// Lang is one language with its wordings.
type Lang struct {
	Code  string // zh, en
	texts map[string]string
}

// Load reads both languages: every file of a language's folder. A key that
// stands in two files is a mistake.
func Load() (map[string]*Lang, error) {
	out := map[string]*Lang{}
	for _, code := range []string{"zh", "en"} {
		l := &Lang{Code: code, texts: map[string]string{}}
		list, err := fs.Glob(files, code+"/*.yaml")
		if err != nil {
			return nil, err
		}
		for _, p := range list {
			if err := l.read(p); err != nil {
				return nil, fmt.Errorf("%s: %w", p, err)
			}
		}
		out[code] = l
	}
	return out, nil
}

func (l *Lang) read(p string) error {
	b, err := files.ReadFile(p)
	if err != nil {
		return err
	}
	texts := map[string]string{}
	if err := yaml.Unmarshal(b, &texts); err != nil {
		return err
	}
	for k, v := range texts {
		if l.Has(k) {
			return fmt.Errorf("%s stands in another file too", k)
		}
		l.texts[k] = v
	}
	return nil
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
