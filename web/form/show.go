package form

import (
	"encoding/json"
	"sync"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/operators"

	"github.com/dinghai/dinghai/catalogue"
)

// node is a condition the page's script can evaluate: the part of CEL that
// forms need to hide what is not asked.
type node struct {
	Op   string            `json:"op,omitempty"`
	Args []node            `json:"args,omitempty"`
	Var  string            `json:"var,omitempty"` // input.x or rec.x
	Lit  any               `json:"lit,omitempty"`
	List []any             `json:"list,omitempty"`
	Map  map[string]string `json:"map,omitempty"` // attribute by code
}

var parser = sync.OnceValues(func() (*cel.Env, error) { return cel.NewEnv() })

// Condition translates a `show` expression into JSON for the page's script; ""
// when it says more than the script understands: then the input is always
// shown, and the engine leaves out what was not asked.
func Condition(src string, cat *catalogue.Catalogue) string {
	env, err := parser()
	if err != nil {
		return ""
	}
	tree, iss := env.Parse(src)
	if iss.Err() != nil {
		return ""
	}
	n, ok := translate(tree.NativeRep().Expr(), cat)
	if !ok {
		return ""
	}
	b, err := json.Marshal(n)
	if err != nil {
		return ""
	}
	return string(b)
}

var ops = map[string]string{
	operators.LogicalAnd: "and", operators.LogicalOr: "or", operators.LogicalNot: "not", operators.Equals: "eq", operators.NotEquals: "ne",
	operators.Greater: "gt", operators.GreaterEquals: "ge", operators.Less: "lt", operators.LessEquals: "le", operators.In: "in",
}

func translate(e ast.Expr, cat *catalogue.Catalogue) (node, bool) {
	switch e.Kind() {
	case ast.LiteralKind:
		return node{Op: "lit", Lit: e.AsLiteral().Value()}, true
	case ast.SelectKind:
		s := e.AsSelect()
		if s.Operand().Kind() != ast.IdentKind {
			return node{}, false
		}
		root := s.Operand().AsIdent()
		return node{Op: "var", Var: root + "." + s.FieldName()}, root == "input" || root == "rec"
	case ast.ListKind:
		out := node{Op: "list", List: []any{}}
		for _, x := range e.AsList().Elements() {
			if x.Kind() != ast.LiteralKind {
				return node{}, false
			}
			out.List = append(out.List, x.AsLiteral().Value())
		}
		return out, true
	case ast.CallKind:
		return call(e.AsCall(), cat)
	}
	return node{}, false
}

func call(c ast.CallExpr, cat *catalogue.Catalogue) (node, bool) {
	if c.FunctionName() == "attr" && len(c.Args()) == 3 {
		return attribute(c.Args(), cat)
	}
	op, ok := ops[c.FunctionName()]
	if !ok || c.IsMemberFunction() {
		return node{}, false
	}
	out := node{Op: op}
	for _, a := range c.Args() {
		n, ok := translate(a, cat)
		if !ok {
			return node{}, false
		}
		out.Args = append(out.Args, n)
	}
	return out, true
}

// attribute carries the attribute of every code of the list along.
func attribute(args []ast.Expr, cat *catalogue.Catalogue) (node, bool) {
	if args[0].Kind() != ast.LiteralKind || args[2].Kind() != ast.LiteralKind {
		return node{}, false
	}
	list, _ := args[0].AsLiteral().Value().(string)
	name, _ := args[2].AsLiteral().Value().(string)
	of, ok := translate(args[1], cat)
	l := cat.Lists[list]
	if !ok || l == nil {
		return node{}, false
	}
	out := node{Op: "attr", Args: []node{of}, Map: map[string]string{}}
	for _, it := range l.Items {
		if v := it.Attr[name]; v != "" {
			out.Map[it.Code] = v
		}
	}
	return out, true
}
