package app

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"slices"
	"strings"

	"github.com/dinghai/dinghai/catalogue"
	"github.com/dinghai/dinghai/demo/figures"
	"github.com/dinghai/dinghai/engine/report"
	"github.com/dinghai/dinghai/systems"
)

// layers are the folders the catalogue lies in, the bureau's own on top.
func layers(overlay string) []fs.FS {
	out := []fs.FS{systems.Files}
	if overlay != "" {
		out = append(out, os.DirFS(overlay))
	}
	return out
}

// wording is a text reports begin from: SYSTEM/reports/NAME.LANG.md.
type wording struct{ path, template, lang, text string }

// wordings reads the texts of all layers; one of the same path replaces that
// of the layer below.
func wordings(overlay string) ([]wording, error) {
	found := map[string]wording{}
	for _, l := range layers(overlay) {
		list, err := fs.Glob(l, "*/reports/*.md")
		if err != nil {
			return nil, err
		}
		for _, p := range list {
			b, err := fs.ReadFile(l, p)
			if err != nil {
				return nil, err
			}
			w := wording{path: p, text: strings.ReplaceAll(strings.TrimPrefix(string(b), "\ufeff"), "\r\n", "\n")}
			w.template, w.lang, _ = strings.Cut(strings.TrimSuffix(path.Base(p), ".md"), ".")
			found[p] = w
		}
	}
	return slices.SortedFunc(maps.Values(found), func(a, b wording) int { return cmp.Compare(a.path, b.path) }), nil
}

// texts are the wordings by template and language.
func texts(overlay string) (map[string]map[string]string, error) {
	list, err := wordings(overlay)
	out := map[string]map[string]string{}
	for _, w := range list {
		if out[w.template] == nil {
			out[w.template] = map[string]string{}
		}
		out[w.template][w.lang] = w.text
	}
	return out, err
}

// templateList names the templates people choose from.
const templateList = "report_template"

// checkWordings adds the mistakes of the texts to those of the catalogue: marks
// nobody can fill, and texts nobody can choose.
func checkWordings(c *catalogue.Catalogue, overlay string, found error) error {
	p := &catalogue.Problems{}
	if found != nil && !errors.As(found, &p) {
		return found
	}
	list, err := wordings(overlay)
	if err != nil {
		return err
	}
	declared, err := figures.Default()
	if err != nil {
		return err
	}
	add := func(file string, line int, text string) {
		p.List = append(p.List, catalogue.Problem{File: file, Line: line, Text: text})
	}
	knows := knownFigures(c, declared)
	for _, w := range list {
		switch {
		case w.lang != "zh" && w.lang != "en":
			add(w.path, 1, "the name of a report's text ends in .zh.md or .en.md")
		case c.Lists[templateList] == nil || c.Lists[templateList].Find(w.template) == nil:
			add(w.path, 1, fmt.Sprintf("nobody can choose this text: the list %s has no item %s", templateList, w.template))
		}
		_, wrong := report.ParseText(w.text, w.lang, knows)
		for _, e := range wrong {
			add(w.path, e.Line, e.Text)
		}
	}
	if len(p.List) == 0 {
		return nil
	}
	return p
}

// knownFigures tells the figures a text may name.
func knownFigures(c *catalogue.Catalogue, d *report.Declared) func(string) bool {
	answered := map[string]bool{}
	for _, x := range c.Indicators {
		answered[cmp.Or(x.Figure, x.Indicator)] = true
	}
	return func(id string) bool { return answered[id] || c.Indicators[id] != nil || d.Find(id) != nil }
}
