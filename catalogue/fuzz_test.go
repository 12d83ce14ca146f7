package catalogue_test

import (
	"errors"
	"path/filepath"
	"testing"
	"testing/fstest"

	"golang.org/x/tools/txtar"

	"github.com/dinghai/dinghai/catalogue"
)

// FuzzLoad: whatever stands in a catalogue file, reading and checking it ends
// in a catalogue or in mistakes that name their file.
func FuzzLoad(f *testing.F) {
	cases, _ := filepath.Glob("testdata/bad/*.txtar")
	for _, name := range cases {
		a, err := txtar.ParseFile(name)
		if err != nil {
			f.Fatal(err)
		}
		for _, file := range a.Files {
			if filepath.Ext(file.Name) == ".yaml" {
				f.Add(file.Data)
			}
		}
	}
	f.Add([]byte("a: &a [x,x]\nb: &b [*a,*a]\nc: [*b,*b]"))
	f.Add([]byte("kind: trial.x\nkind: trial.x\nfields: {"))
	f.Fuzz(func(t *testing.T, data []byte) {
		m := fstest.MapFS{
			"trial/system.yaml":      {Data: []byte("system: trial\nlabel: {zh: 试, en: Trial}\n")},
			"trial/matters/one.yaml": {Data: data},
			"base/lists.yaml":        {Data: []byte("list: trial\nlabel: {zh: 试, en: Trial}\nitems: []\n")},
		}
		c, err := catalogue.Load(m)
		if err == nil {
			err = c.Check()
		}
		var p *catalogue.Problems
		if err == nil || !errors.As(err, &p) {
			return
		}
		for _, x := range p.List {
			if x.File == "" {
				t.Errorf("a mistake without its file: %+v", x)
			}
		}
	})
}
