// Package expr compiles the conditions and values of the catalogue (CEL) and
// evaluates them over records, without I/O of its own. Types are checked when
// the catalogue is read; sealed fields are not visible at all.
//
// Dates are ISO strings ("2023-11-18": they order as text), money is int (fen),
// references are strings. See docs/decisions for why.
package expr

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"sync"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"

	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/kit/calendar"
)

// World answers questions that need other records. The engine gives one that
// reads inside the running transaction.
type World interface {
	// Cases counts the cases of a kind ("" = any) about a record; open = only
	// those not closed.
	Cases(of domain.Ref, kind string, open bool) (int, error)
	// Fields gives the visible fields of another record.
	Fields(ref string) (map[string]any, error)
}

// Facts is one record, or the input of an action, as expressions see it.
type Facts struct {
	Rec    *domain.Record // nil for inputs and absent subjects
	Fields map[string]any
	On     domain.Date
	World  World
}

// Of makes facts of a record; nil gives empty facts.
func Of(r *domain.Record, on domain.Date, w World) *Facts {
	if r == nil {
		return &Facts{On: on, World: w}
	}
	return &Facts{Rec: r, Fields: r.Fields, On: on, World: w}
}

// As makes facts of another record seen from the same day and world.
func (f *Facts) As(r *domain.Record) *Facts { return Of(r, f.On, f.World) }

// Vars is what an expression may name.
type Vars struct {
	Rec, In, Sub, Par *Facts
	On, Today         domain.Date
	Actor, Organ      string
	It                any
	Inputs            map[string]any // derived indicators
}

// ResolveName gives the value of a variable.
func (v *Vars) ResolveName(name string) (any, bool) {
	switch name {
	case "rec":
		return v.Rec, true
	case "input":
		return v.In, true
	case "sub":
		return v.Sub, true
	case "par":
		return v.Par, true
	case "on":
		return string(v.On), true
	case "today":
		return string(v.Today), true
	case "actor":
		return v.Actor, true
	case "organ":
		return v.Organ, true
	case "it":
		return v.It, true
	}
	x, ok := v.Inputs[name]
	return x, ok
}

// Parent is nil: there is one scope.
func (v *Vars) Parent() cel.Activation { return nil }

// Type is the result an expression must have.
type Type string

// The result types. Any leaves it open.
const (
	Bool   Type = "bool"
	String Type = "string"
	Int    Type = "int"
	Number Type = "number" // int or double
	List   Type = "list"
	Any    Type = "any"
)

// Schema is the visible fields of a kind or of the inputs of its actions.
type Schema struct {
	Name   string
	Fields map[string]Type
	Sealed map[string]bool // fields there are but no expression sees
}

// Compiler holds the schemas and functions expressions are checked against.
type Compiler struct {
	provider *provider
	base     *cel.Env
	mu       sync.Mutex
	envs     map[Scope]*cel.Env
}

// Scope names the schemas of the variables, by schema name; "" = unknown shape.
type Scope struct {
	Rec, In, Sub string
	Inputs       string // comma-joined names of number variables (derived indicators)
}

// NewCompiler makes a compiler. attr looks up an attribute of a code list item.
func NewCompiler(cal *calendar.Calendar, attr func(list, code, name string) string) (*Compiler, error) {
	p := &provider{Registry: types.NewEmptyRegistry(), schemas: map[string]*Schema{}}
	base, err := cel.NewEnv(append(functions(cal, attr),
		cel.CustomTypeProvider(p), cel.CustomTypeAdapter(p),
		cel.Variable("on", cel.StringType), cel.Variable("today", cel.StringType),
		cel.Variable("actor", cel.StringType), cel.Variable("organ", cel.StringType),
		cel.Variable("it", cel.DynType), cel.Variable("par", cel.DynType),
	)...)
	if err != nil {
		return nil, fmt.Errorf("expression environment: %w", err)
	}
	return &Compiler{provider: p, base: base, envs: map[Scope]*cel.Env{}}, nil
}

// Define makes a schema known. It must be called before expressions that use it.
func (c *Compiler) Define(s *Schema) { c.provider.schemas[s.Name] = s }

// Program is a compiled expression, checked on first use or by Check.
type Program struct {
	Src   string
	c     *Compiler
	scope Scope
	want  Type
	once  sync.Once
	prg   cel.Program
	err   error
}

// Prepare notes an expression; nothing is parsed until Check or Eval. An empty
// source gives nil.
func (c *Compiler) Prepare(src string, scope Scope, want Type) *Program {
	if src == "" {
		return nil
	}
	return &Program{Src: src, c: c, scope: scope, want: want}
}

// Check parses and type-checks the expression.
func (p *Program) Check() error {
	if p == nil {
		return nil
	}
	p.once.Do(p.compile)
	return p.err
}

func (p *Program) compile() {
	env, err := p.c.env(p.scope)
	if err != nil {
		p.err = err
		return
	}
	ast, iss := env.Compile(p.Src)
	if iss.Err() != nil {
		p.err = p.wrong(iss)
		if oldInput.MatchString(p.Src) {
			p.err = errors.New("the action's input is called input, write input.x (in is an operator)")
		}
		return
	}
	if !fits(ast.OutputType(), p.want) {
		p.err = fmt.Errorf("gives %s, want %s", ast.OutputType(), p.want)
		return
	}
	p.prg, p.err = env.Program(ast, cel.EvalOptions(cel.OptOptimize))
}

// wrong words what the compiler says, one line for all.
func (p *Program) wrong(iss *cel.Issues) error {
	var parts []string
	for _, e := range iss.Errors() {
		text := e.Message
		if m := undefinedForm.FindStringSubmatch(text); m != nil && p.sealed(m[1]) {
			text = "field " + m[1] + " is sealed: no expression can see it"
		}
		parts = append(parts, fmt.Sprintf("column %d: %s", e.Location.Column()+1, text))
	}
	return errors.New(strings.Join(parts, "; "))
}

var undefinedForm = regexp.MustCompile(`^undefined field '(\w+)'$`)

func (p *Program) sealed(field string) bool {
	for _, name := range []string{p.scope.Rec, p.scope.In, p.scope.Sub} {
		if s := p.c.provider.schemas[name]; s != nil && s.Sealed[field] {
			return true
		}
	}
	return false
}

// oldInput finds the commonest slip: `in.x` for `input.x`.
var oldInput = regexp.MustCompile(`\bin\.[a-z_]`)

func (c *Compiler) env(s Scope) (*cel.Env, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if e := c.envs[s]; e != nil {
		return e, nil
	}
	opts := []cel.EnvOption{
		cel.Variable("rec", c.object(s.Rec)), cel.Variable("input", c.object(s.In)), cel.Variable("sub", c.object(s.Sub)),
	}
	for _, n := range split(s.Inputs) {
		opts = append(opts, cel.Variable(n, cel.DynType))
	}
	e, err := c.base.Extend(opts...)
	if err == nil {
		c.envs[s] = e
	}
	return e, err
}

func (c *Compiler) object(name string) *cel.Type {
	if c.provider.schemas[name] == nil {
		return cel.DynType
	}
	return cel.ObjectType(name)
}

// Eval computes the value as plain Go: bool, int64, float64, string, []any,
// map[string]any. A nil program gives nil.
func (p *Program) Eval(v *Vars) (any, error) {
	if p == nil {
		return nil, nil
	}
	if err := p.Check(); err != nil {
		return nil, fmt.Errorf("%s: %w", p.Src, err)
	}
	out, _, err := p.prg.Eval(v)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", p.Src, err)
	}
	return native(out), nil
}

// Bool evaluates a condition; a nil program is true.
func (p *Program) Bool(v *Vars) (bool, error) {
	if p == nil {
		return true, nil
	}
	x, err := p.Eval(v)
	if err != nil {
		return false, err
	}
	b, ok := x.(bool)
	if !ok {
		return false, fmt.Errorf("%s: gave %T, want bool", p.Src, x)
	}
	return b, nil
}

// Text evaluates to text; a nil program gives "".
func (p *Program) Text(v *Vars) (string, error) {
	if p == nil {
		return "", nil
	}
	x, err := p.Eval(v)
	if err != nil || x == nil {
		return "", err
	}
	s, ok := x.(string)
	if !ok {
		return "", fmt.Errorf("%s: gave %T, want text", p.Src, x)
	}
	return s, nil
}

// Int evaluates to a whole number; a nil program gives def.
func (p *Program) Int(v *Vars, def int64) (int64, error) {
	if p == nil {
		return def, nil
	}
	x, err := p.Eval(v)
	if err != nil {
		return 0, err
	}
	switch n := x.(type) {
	case int64:
		return n, nil
	case float64:
		return int64(n), nil
	case bool:
		if n {
			return 1, nil
		}
		return 0, nil
	}
	return 0, fmt.Errorf("%s: gave %T, want a number", p.Src, x)
}

// List evaluates to a list; a nil program gives nil.
func (p *Program) List(v *Vars) ([]any, error) {
	if p == nil {
		return nil, nil
	}
	x, err := p.Eval(v)
	if err != nil {
		return nil, err
	}
	l, ok := x.([]any)
	if !ok {
		return nil, fmt.Errorf("%s: gave %T, want a list", p.Src, x)
	}
	return l, nil
}

func fits(t *cel.Type, want Type) bool {
	k := t.Kind()
	if k == types.DynKind || want == Any {
		return true
	}
	switch want {
	case Bool:
		return k == types.BoolKind
	case String:
		return k == types.StringKind
	case Int:
		return k == types.IntKind || k == types.BoolKind
	case Number:
		return k == types.IntKind || k == types.DoubleKind
	case List:
		return k == types.ListKind
	}
	return false
}

var _ ref.Val = (*factsVal)(nil)
