// Package archtest holds the arrow: which layer may import which. It parses the
// files, because the test cache does not see what a tool like go list reads.
package archtest

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "github.com/dinghai/dinghai/"

// layers stand from the top down; a package may import only layers below its
// own, or its own folder. Names on one line are siblings that do not know each
// other.
var layers = [][]string{
	{"cmd"},
	{"app"},
	{"demo"},
	{"systems"},
	{"module"},
	{"web", "api", "journey"},
	{"jobs", "access"},
	{"engine", "store"},
	{"catalogue"},
	{"domain"},
	{"kit"},
}

// exempt are tests and tools that look at everything.
var exempt = []string{"archtest", "bench", "test", "web/screens", "web/webtest"}

func isExempt(rel string) bool {
	return slices.ContainsFunc(exempt, func(x string) bool { return rel == x || strings.HasPrefix(rel, x+"/") })
}

func rank(folder string) int {
	for i, l := range layers {
		if slices.Contains(l, folder) {
			return i
		}
	}
	return -1
}

func top(path string) string { return strings.SplitN(path, "/", 2)[0] }

func TestArrow(t *testing.T) {
	root := ".."
	files := 0
	err := filepath.WalkDir(root, func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, _ := filepath.Rel(root, p)
		if d.IsDir() && (strings.HasPrefix(d.Name(), ".") && rel != "." || d.Name() == "testdata" || d.Name() == "node_modules") {
			return fs.SkipDir
		}
		if d.IsDir() || !strings.HasSuffix(p, ".go") || strings.HasSuffix(p, "_test.go") || isExempt(filepath.ToSlash(rel)) {
			return nil
		}
		files++
		for _, bad := range wrongImports(t, p, filepath.ToSlash(rel)) {
			t.Errorf("%s imports %s: the arrow goes the other way", rel, bad)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if files < 50 {
		t.Fatalf("looked at %d files only: the walk is wrong", files)
	}
}

func wrongImports(t *testing.T, path, rel string) []string {
	f, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
	if err != nil {
		t.Fatal(err)
	}
	var bad []string
	for _, im := range f.Imports {
		name, _ := strconv.Unquote(im.Path.Value)
		if to, ok := strings.CutPrefix(name, module); ok && !allowed(rel, to) {
			bad = append(bad, to)
		}
	}
	return bad
}

func allowed(from, to string) bool {
	a, b := top(from), top(to)
	if a == b {
		return a != "systems" || systemOf(from) == "" || systemOf(from) == systemOf(to)
	}
	ra, rb := rank(a), rank(b)
	return ra >= 0 && rb > ra
}

// systemOf names the folder of a system, "" for the list of systems itself.
func systemOf(path string) string {
	parts := strings.Split(path, "/")
	if len(parts) < 2 || strings.HasSuffix(parts[1], ".go") {
		return ""
	}
	return parts[1]
}

// TestAllowed breaks the arrow on purpose: the rule must see it.
func TestAllowed(t *testing.T) {
	for _, c := range []struct {
		from, to string
		want     bool
	}{
		{"engine/decide.go", "domain", true},
		{"engine/decide.go", "store/sqlite", false},
		{"kit/draw/draw.go", "domain", false},
		{"kit/xlsx/xlsx.go", "kit/table", true},
		{"systems/inspection/inspection.go", "systems/food", false},
		{"systems/systems.go", "systems/inspection", true},
		{"domain/record.go", "kit/calendar", true},
		{"web/web.go", "engine", true},
		{"web/web.go", "jobs", true},
		{"jobs/jobs.go", "web", false},
		{"app/app.go", "systems", true},
	} {
		if got := allowed(c.from, c.to); got != c.want {
			t.Errorf("%s imports %s: allowed %v, want %v", c.from, c.to, got, c.want)
		}
	}
}

// TestPackageComments: every package says what it is for.
func TestPackageComments(t *testing.T) {
	seen := map[string]bool{}
	err := filepath.WalkDir("..", func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(p, ".go") || strings.HasSuffix(p, "_test.go") || strings.Contains(p, "testdata") {
			return err
		}
		f, err := parser.ParseFile(token.NewFileSet(), p, nil, parser.PackageClauseOnly|parser.ParseComments)
		if err != nil {
			return err
		}
		dir := filepath.Dir(p)
		seen[dir] = seen[dir] || f.Doc != nil
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for dir, ok := range seen {
		if !ok {
			t.Errorf("%s has no package comment", dir)
		}
	}
}

// TestRepositorySpeaksOfTheProduct: no file names places outside the repository.
func TestRepositorySpeaksOfTheProduct(t *testing.T) {
	words := []string{"../" + "shared", "/wo" + "rk/", ".lib" + "rary", "sub" + "agent"}
	err := filepath.WalkDir("..", func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && d.Name() == ".git" {
			return fs.SkipDir
		}
		if d.IsDir() || !slices.Contains([]string{".go", ".md", ".yaml", ".templ", ".sql", ".js"}, filepath.Ext(p)) {
			return nil
		}
		b, err := os.ReadFile(p)
		if err != nil {
			return err
		}
		for _, w := range words {
			if strings.Contains(string(b), w) {
				t.Errorf("%s names %q", p, w)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
