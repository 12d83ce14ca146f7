package catalogue

import (
	"fmt"
	"sort"
	"strings"

	"github.com/dinghai/dinghai/catalogue/expr"
)

// link indexes names, defines the shapes expressions see and prepares every
// expression.
func (c *Catalogue) link() error {
	c.parseAreas()
	c.listAreas()
	c.listRoles()
	if c.Calendar == nil {
		c.problem("base/calendar", "", "no working-day calendar")
		return nil
	}
	ex, err := expr.NewCompiler(c.Calendar, c.Attr)
	if err != nil {
		return err
	}
	c.Expr = ex
	sort.Strings(c.kindNames)
	for _, k := range c.Ordered() {
		c.index(k)
	}
	for _, k := range c.Ordered() {
		c.define(k)
	}
	for _, k := range c.Ordered() {
		c.prepare(k)
	}
	for _, n := range sortedKeys(c.Indicators) {
		c.prepareIndicator(c.Indicators[n])
	}
	for _, n := range sortedKeys(c.Triggers) {
		t := c.Triggers[n]
		t.WhereX = ex.Prepare(t.Where, c.scopeOf(c.watches(t)), expr.Bool)
	}
	return nil
}

// Ordered lists the kinds by name.
func (c *Catalogue) Ordered() []*Kind {
	out := make([]*Kind, len(c.kindNames))
	for i, n := range c.kindNames {
		out[i] = c.Kinds[n]
	}
	return out
}

// EmittedBy lists the kinds with an action that emits an event type.
func (c *Catalogue) EmittedBy(event string) []string { return c.emits[event] }

func (c *Catalogue) index(k *Kind) {
	k.fields, k.states, k.acts = map[string]*Field{}, map[string]*State{}, map[string]*Action{}
	for i, f := range k.Fields {
		if k.fields[f.Field] != nil {
			c.problem(k.File, fmt.Sprintf("$.fields[%d].field", i), "field "+f.Field+" stands twice")
		}
		k.fields[f.Field] = f
	}
	for i, s := range k.States {
		if k.states[s.State] != nil {
			c.problem(k.File, fmt.Sprintf("$.states[%d].state", i), "state "+s.State+" stands twice")
		}
		k.states[s.State] = s
	}
	for i, a := range k.Actions {
		if k.acts[a.Action] != nil {
			c.problem(k.File, fmt.Sprintf("$.actions[%d].action", i), "action "+a.Action+" stands twice")
		}
		k.acts[a.Action] = a
		c.emits[a.Emits] = appendNew(c.emits[a.Emits], k.Name)
		c.linkForm(k, a, i)
	}
}

// linkForm gives every input its definition: the kind's field or its own.
func (c *Catalogue) linkForm(k *Kind, a *Action, i int) {
	for j, f := range a.Form {
		f.Def = f.Own
		if f.Own == nil {
			f.Def = k.fields[f.Field]
		} else if f.Field == "" {
			f.Field = f.Own.Field
		} else {
			f.Own.Field = f.Field
		}
		if f.Def == nil {
			c.problem(k.File, fmt.Sprintf("$.actions[%d].form[%d].field", i, j), "no field "+f.Field+" in "+k.Name)
			f.Def = &Field{Field: f.Field, Type: "text"}
		}
	}
}

// define declares the visible fields of a kind and of the inputs of its
// actions. Sealed fields are left out: no expression can name them.
func (c *Catalogue) define(k *Kind) {
	rec := &expr.Schema{Name: k.shape(), Fields: map[string]expr.Type{}, Sealed: map[string]bool{}}
	in := &expr.Schema{Name: k.shape() + ".in", Fields: map[string]expr.Type{}, Sealed: map[string]bool{}}
	add := func(s *expr.Schema, f *Field) {
		if f.Sealed() {
			s.Sealed[f.Field] = true
		} else {
			s.Fields[f.Field] = exprType(f)
		}
	}
	for _, f := range k.Fields {
		add(rec, f)
		add(in, f)
	}
	for _, a := range k.Actions {
		for _, f := range a.Form {
			if f.Own != nil {
				add(in, f.Own)
			}
		}
	}
	c.Expr.Define(rec)
	c.Expr.Define(in)
}

func exprType(f *Field) expr.Type {
	if f.Many || f.Type == "rows" {
		return expr.List
	}
	switch f.Type {
	case "int", "money":
		return expr.Int
	case "number":
		return expr.Number
	case "bool":
		return expr.Bool
	}
	return expr.String
}

// shape names what expressions see of the kind.
func (k *Kind) shape() string {
	if k.schema != "" {
		return k.schema
	}
	return k.Name
}

// watches is the kind of record an item's condition speaks of: the one it
// names, or the only one its event or clock stands on. Without it a field that
// is unset would have no type, and `!rec.x` no meaning.
func (c *Catalogue) watches(t *Trigger) string {
	kinds := c.emits[t.On]
	if t.On == "" {
		for _, k := range c.Ordered() {
			if k.Uses(t.Clock) != nil {
				kinds = append(kinds, k.Name)
			}
		}
	}
	if t.Of == "" && len(kinds) == 1 {
		return kinds[0]
	}
	return t.Of
}

func (c *Catalogue) scopeOf(kind string) expr.Scope {
	if k := c.Kinds[kind]; k != nil {
		return k.scope()
	}
	return expr.Scope{Rec: kind, In: kind + ".in"}
}

func (k *Kind) scope() expr.Scope {
	return expr.Scope{Rec: k.shape(), In: k.shape() + ".in", Sub: k.Subject}
}

// prepare compiles (lazily) every expression of a kind.
func (c *Catalogue) prepare(k *Kind) {
	sc := k.scope()
	x := func(src string, want expr.Type) *expr.Program { return c.Expr.Prepare(src, sc, want) }
	m := func(src map[string]string) map[string]*expr.Program {
		out := make(map[string]*expr.Program, len(src))
		for n, s := range src {
			out[n] = x(s, expr.Any)
		}
		return out
	}
	k.TitleX, k.TitleENX, k.ZonesX = x(k.Title, expr.String), x(k.TitleEN, expr.String), x(k.Zones, expr.List)
	if p := k.Public; p != nil {
		p.WhenX, p.ResultX, p.ResultENX = x(p.When, expr.Bool), x(p.Result, expr.String), x(p.ResultEN, expr.String)
	}
	for _, a := range k.Actions {
		for _, f := range a.Form {
			f.ShowX, f.DefaultX = x(f.Show, expr.Bool), x(f.Default, expr.Any)
		}
		for _, g := range a.Guards {
			g.WhenX = x(g.When, expr.Bool)
		}
		for _, b := range a.Branch {
			b.WhenX = x(b.When, expr.Bool)
		}
		for _, n := range sortedKeys(a.Set) {
			a.SetX = append(a.SetX, SetStep{Name: n, Field: k.fields[n], X: x(a.Set[n], expr.Any)})
		}
		a.AreaX = x(a.Area, expr.String)
		prepareClocks(a.Clocks, x)
		prepareSteps(a, x, m)
		for _, l := range a.Load {
			l.AreaX = x(l.Area, expr.String)
			l.WhereX = c.Expr.Prepare(l.Where, expr.Scope{Rec: l.Kind, In: k.shape() + ".in", Sub: k.shape()}, expr.Bool)
		}
	}
}

func prepareClocks(s *ClockSteps, x func(string, expr.Type) *expr.Program) {
	if s == nil {
		return
	}
	for _, st := range s.Start {
		st.WhenX, st.FromX, st.PeriodX = x(st.When, expr.Bool), x(st.From, expr.String), x(st.Period, expr.String)
		st.EachX, st.ActX = x(st.Each, expr.List), x(st.Act, expr.String)
	}
	if s.Extend != nil {
		s.Extend.NX = x(s.Extend.N, expr.Int)
	}
}

func prepareSteps(a *Action, x func(string, expr.Type) *expr.Program, m func(map[string]string) map[string]*expr.Program) {
	for _, f := range a.Flags {
		f.WhenX, f.UntilX = x(f.When, expr.Bool), x(f.Until, expr.String)
	}
	for _, p := range a.Parties {
		p.WhenX, p.WhoX = x(p.When, expr.Bool), x(p.Who, expr.String)
	}
	for _, p := range a.Papers {
		p.WhenX, p.DataX = x(p.When, expr.Bool), m(p.Data)
	}
	for _, e := range a.Effects {
		e.WhenX, e.EachX, e.ToX = x(e.When, expr.Bool), x(e.Each, expr.List), x(e.To, expr.String)
		e.OfX, e.AreaX = x(e.Of, expr.String), x(e.Area, expr.String)
		e.WithX, e.DataX = m(e.With), m(e.Data)
	}
}

func (c *Catalogue) prepareIndicator(i *Indicator) {
	sc := c.scopeOf(i.Of)
	x := func(src string, want expr.Type) *expr.Program { return c.Expr.Prepare(src, sc, want) }
	i.WhereX, i.DayX, i.SinceX = x(i.Where, expr.Bool), x(i.Day, expr.String), x(i.Since, expr.String)
	i.KeyX, i.ValueX, i.WeightX = x(i.Key, expr.String), x(i.Value, expr.Number), x(i.Weight, expr.Number)
	if i.Expr != "" {
		i.ExprX = c.Expr.Prepare(i.Expr, expr.Scope{Inputs: strings.Join(sortedKeys(i.Inputs), ",")}, expr.Any)
	}
}

func appendNew(list []string, s string) []string {
	for _, x := range list {
		if x == s {
			return list
		}
	}
	return append(list, s)
}
