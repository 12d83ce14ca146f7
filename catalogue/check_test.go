package catalogue_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"golang.org/x/tools/txtar"

	"github.com/dinghai/dinghai/catalogue"
	"github.com/dinghai/dinghai/journey/journeytest"
)

// layer reads the files of an archive as one folder laid over the shipped base.
func layer(a *txtar.Archive) fstest.MapFS {
	m := fstest.MapFS{}
	for _, f := range a.Files {
		if f.Name != "mistakes" {
			m[f.Name] = &fstest.MapFile{Data: f.Data}
		}
	}
	return m
}

func load(t testing.TB, m fstest.MapFS) error {
	t.Helper()
	c, err := catalogue.Load(journeytest.Base(os.DirFS("../systems")), m)
	if err == nil {
		err = c.Check()
	}
	return err
}

// TestMistakes: every file in testdata/bad holds catalogue files with mistakes
// and, under "mistakes", what is to be said of them, in this order.
func TestMistakes(t *testing.T) {
	cases, err := filepath.Glob("testdata/bad/*.txtar")
	if err != nil || len(cases) < 30 {
		t.Fatalf("%d cases, %v", len(cases), err)
	}
	lines := 0
	for _, name := range cases {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			a, err := txtar.ParseFile(name)
			if err != nil {
				t.Fatal(err)
			}
			want := ""
			for _, f := range a.Files {
				if f.Name == "mistakes" {
					want = strings.TrimSpace(string(f.Data))
				}
			}
			err = load(t, layer(a))
			var p *catalogue.Problems
			if !errors.As(err, &p) {
				t.Fatalf("no mistakes found, or another error: %v", err)
			}
			got := p.Error()
			if os.Getenv("UPDATE") != "" && want == "" { // a new case: write down what is said, then read it
				a.Files = append(a.Files, txtar.File{Name: "mistakes", Data: []byte(got + "\n")})
				if err := os.WriteFile(name, txtar.Format(a), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			if got != want {
				t.Errorf("said:\n%s\nwant:\n%s", got, want)
			}
			lines += len(p.List)
		})
	}
	t.Logf("%d files, %d mistakes", len(cases), lines)
}
