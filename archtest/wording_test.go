package archtest

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// wordings are functions that format the same arguments into a Chinese and an
// English wording, by where the two formats stand among their parameters.
var wordings = map[string]int{"Failf": 3, "fail": 2, "refuse": 1}

// TestWordings holds each such call to formats that take exactly the arguments
// given: vet knows one format per call, and a slip reaches people.
func TestWordings(t *testing.T) {
	calls := 0
	err := filepath.WalkDir("..", func(p string, d fs.DirEntry, err error) error {
		if d != nil && d.IsDir() && p == "../kit" {
			return fs.SkipDir // its errors have one wording; the product words them for people
		}
		if err != nil || d.IsDir() || !strings.HasSuffix(p, ".go") || strings.HasSuffix(p, "_test.go") {
			return err
		}
		set := token.NewFileSet()
		f, err := parser.ParseFile(set, p, nil, 0)
		if err != nil {
			return err
		}
		ast.Inspect(f, func(n ast.Node) bool {
			c, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			at, ok := wordings[called(c)]
			if !ok || len(c.Args) < at+2 || c.Ellipsis.IsValid() {
				return true
			}
			for _, x := range c.Args[at : at+2] {
				format, ok := literal(x)
				if !ok {
					return true
				}
				calls++
				args := make([]any, len(c.Args)-at-2)
				for i := range args {
					args[i] = anything{}
				}
				if out := fmt.Sprintf(format, args...); strings.Contains(out, "%!") {
					t.Errorf("%s: %q does not take %d arguments: %s", set.Position(x.Pos()), format, len(args), out)
				}
			}
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if calls < 100 {
		t.Fatalf("only %d formats were found: the walk is wrong", calls)
	}
}

// anything formats under every verb.
type anything struct{}

func (anything) Format(f fmt.State, _ rune) { fmt.Fprint(f, "x") }

func called(c *ast.CallExpr) string {
	switch f := c.Fun.(type) {
	case *ast.Ident:
		return f.Name
	case *ast.SelectorExpr:
		return f.Sel.Name
	}
	return ""
}

func literal(x ast.Expr) (string, bool) {
	l, ok := x.(*ast.BasicLit)
	if !ok || l.Kind != token.STRING {
		return "", false
	}
	s, err := strconv.Unquote(l.Value)
	return s, err == nil
}
