package catalogue

import (
	"fmt"
	"slices"

	"github.com/dinghai/dinghai/catalogue/expr"
)

var fieldTypes = []string{"text", "note", "int", "money", "number", "date", "datetime", "bool", "code", "area",
	"industry", "ref", "rows", "uscc", "resident_id", "phone", "file", "photo", "signature", "location"}

// Check finds what structure alone does not show: names that lead nowhere,
// states no action reaches or leaves, actions nobody may do, clocks nothing
// starts or stops, figures over events nothing emits, missing labels, type
// errors in expressions. It returns nil or *Problems.
func (c *Catalogue) Check() error {
	c.problems = &Problems{}
	for _, k := range c.Ordered() {
		c.checkKind(k)
	}
	for _, n := range sortedKeys(c.Clocks) {
		c.checkClock(c.Clocks[n])
	}
	for _, n := range sortedKeys(c.Indicators) {
		c.checkIndicator(c.Indicators[n])
	}
	for _, n := range sortedKeys(c.Triggers) {
		c.checkTrigger(c.Triggers[n])
	}
	for _, r := range c.RoleList() {
		c.checkRole(r)
	}
	if len(c.problems.List) > 0 {
		return c.problems
	}
	return nil
}

// at is the place of a definition inside its file.
type at struct {
	c    *Catalogue
	file string
	path string
}

func (a at) in(format string, args ...any) at {
	return at{a.c, a.file, a.path + fmt.Sprintf(format, args...)}
}

func (a at) bad(format string, args ...any) {
	a.c.problem(a.file, a.path, fmt.Sprintf(format, args...))
}

func (a at) label(t Text, what string) {
	if t.ZH == "" || t.EN == "" {
		a.bad("%s needs a label in zh and en", what)
	}
}

func (a at) expr(p *expr.Program) {
	if err := p.Check(); err != nil {
		a.bad("expression %q: %v", p.Src, err)
	}
}

func (c *Catalogue) checkKind(k *Kind) {
	a := at{c, k.File, "$"}
	a.label(k.Label, "kind "+k.Kind)
	if k.Version < 1 {
		a.in(".version").bad("version must be 1 or more")
	}
	if k.Class == "case" && k.Subject != "" && c.Kinds[k.Subject] == nil {
		a.in(".subject").bad("no kind %s", k.Subject)
	}
	if k.Home != "" && (k.Home != "city" || c.city == nil) {
		a.in(".home").bad("home is city or left out")
	}
	a.in(".title").expr(k.TitleX)
	a.in(".zones").expr(k.ZonesX)
	for i, f := range k.Fields {
		c.checkField(a.in(".fields[%d]", i), f)
	}
	if k.Code != "" && k.fields[k.Code] == nil {
		a.in(".code").bad("no field %s", k.Code)
	}
	for i, s := range k.Search {
		if f := k.fields[s]; f == nil {
			a.in(".search[%d]", i).bad("no field %s", s)
		} else if f.Sealed() {
			a.in(".search[%d]", i).bad("field %s is %s: sealed values never enter full text", s, f.Class)
		}
	}
	for i, act := range k.Actions {
		c.checkAction(a.in(".actions[%d]", i), k, act)
	}
	c.checkMachine(a, k)
	for i, r := range k.Read {
		if c.Roles[r] == nil {
			a.in(".read[%d]", i).bad("no role %s", r)
		}
	}
	c.checkClockUse(a, k)
	if p := k.Public; p != nil {
		a.in(".public.when").expr(p.WhenX)
		a.in(".public.result").expr(p.ResultX)
		for i, n := range p.Fields {
			if f := k.fields[n]; f == nil || (f.Class != "" && f.Class != "public") {
				a.in(".public.fields[%d]", i).bad("field %s is not public", n)
			}
		}
	}
}

func (c *Catalogue) checkField(a at, f *Field) {
	a.label(f.Label, "field "+f.Field)
	if !slices.Contains(fieldTypes, f.Type) {
		a.in(".type").bad("no field type %q", f.Type)
	}
	if !slices.Contains([]string{"", "public", "internal", "sealed", "secret"}, f.Class) {
		a.in(".class").bad("no field class %q", f.Class)
	}
	if f.Type == "code" && c.Lists[f.List] == nil {
		a.in(".list").bad("field %s: no code list %q", f.Field, f.List)
	}
	if f.Type == "ref" && c.Kinds[f.Kind] == nil {
		a.in(".kind").bad("field %s: no kind %q", f.Field, f.Kind)
	}
	if f.Unique && f.Sealed() {
		a.in(".unique").bad("a sealed field cannot be unique: use blind")
	}
	for i, sub := range f.Of {
		c.checkField(a.in(".of[%d]", i), sub)
	}
}

func (c *Catalogue) checkAction(a at, k *Kind, act *Action) {
	a.label(act.Label, "action "+act.Action)
	if act.Emits == "" {
		a.bad("action %s emits nothing", act.Action)
	}
	for i, r := range act.Roles {
		if c.Roles[r] == nil {
			a.in(".roles[%d]", i).bad("no role %s", r)
		}
	}
	if !act.Opens && len(act.From) == 0 {
		a.bad("action %s starts from no state", act.Action)
	}
	for i, s := range act.From {
		if s != "*" && k.states[s] == nil {
			a.in(".from[%d]", i).bad("no state %s", s)
		}
	}
	if act.To != "" && k.states[act.To] == nil {
		a.in(".to").bad("no state %s", act.To)
	}
	if act.Opens && act.To == "" && len(act.Branch) == 0 {
		a.bad("action %s opens a record but leads to no state", act.Action)
	}
	for i, b := range act.Branch {
		if k.states[b.To] == nil {
			a.in(".branch[%d].to", i).bad("no state %s", b.To)
		}
		a.in(".branch[%d].when", i).expr(b.WhenX)
	}
	c.checkForm(a, act)
	for i, g := range act.Guards {
		a.in(".guards[%d]", i).label(g.Text, "guard "+g.Guard)
		a.in(".guards[%d].when", i).expr(g.WhenX)
	}
	for _, s := range act.SetX {
		if s.Field == nil {
			a.in(".set").bad("set names a field %s has not", k.Name)
			continue
		}
		a.in(".set.%s", s.Field.Field).expr(s.X)
	}
	a.in(".area").expr(act.AreaX)
	c.checkSteps(a, k, act)
}

func (c *Catalogue) checkForm(a at, act *Action) {
	for i, f := range act.Form {
		if f.Own != nil {
			c.checkField(a.in(".form[%d].own", i), f.Own)
		}
		a.in(".form[%d].show", i).expr(f.ShowX)
		a.in(".form[%d].default", i).expr(f.DefaultX)
	}
}

func (c *Catalogue) checkSteps(a at, k *Kind, act *Action) {
	c.checkClockSteps(a, k, act)
	for i, f := range act.Flags {
		a.in(".flags[%d].when", i).expr(f.WhenX)
		a.in(".flags[%d].until", i).expr(f.UntilX)
	}
	for i, p := range act.Parties {
		a.in(".parties[%d].who", i).expr(p.WhoX)
		a.in(".parties[%d].when", i).expr(p.WhenX)
	}
	for i, p := range act.Papers {
		if c.Papers[p.Paper] == nil {
			a.in(".papers[%d].paper", i).bad("no paper %s", p.Paper)
		}
		a.in(".papers[%d].when", i).expr(p.WhenX)
		for n, x := range p.DataX {
			a.in(".papers[%d].data.%s", i, n).expr(x)
		}
	}
	for i, e := range act.Effects {
		c.checkEffect(a.in(".effects[%d]", i), k, e)
	}
	for n, l := range act.Load {
		if c.Kinds[l.Kind] == nil {
			a.in(".load.%s.kind", n).bad("no kind %s", l.Kind)
		}
		a.in(".load.%s.area", n).expr(l.AreaX)
		a.in(".load.%s.where", n).expr(l.WhereX)
	}
}

func (c *Catalogue) checkEffect(a at, k *Kind, e *Effect) {
	a.in(".when").expr(e.WhenX)
	a.in(".each").expr(e.EachX)
	a.in(".to").expr(e.ToX)
	a.in(".of").expr(e.OfX)
	a.in(".area").expr(e.AreaX)
	for n, x := range e.WithX {
		a.in(".with.%s", n).expr(x)
	}
	for n, x := range e.DataX {
		a.in(".data.%s", n).expr(x)
	}
	if e.Keep != "" && k.fields[e.Keep] == nil {
		a.in(".keep").bad("no field %s", e.Keep)
	}
	if e.Do == "" {
		if !slices.Contains([]string{"notify", "disclose", "render", "issue"}, e.Out) {
			a.bad("an effect needs do: kind.action or out: notify | disclose | render | issue")
		}
		return
	}
	target, act := c.ActionNamed(e.Do)
	if target == nil || act == nil {
		a.in(".do").bad("no action %s", e.Do)
		return
	}
	for n := range e.With {
		if !takes(act, n) {
			a.in(".with.%s", n).bad("action %s takes no input %s", e.Do, n)
		}
	}
	if !act.Opens && e.To == "" {
		a.in(".do").bad("%s does not open a record: say to which record (to:)", e.Do)
	}
}

func takes(a *Action, input string) bool {
	for _, f := range a.Form {
		if f.Field == input {
			return true
		}
	}
	return false
}

// ActionNamed splits system.kind.action.
func (c *Catalogue) ActionNamed(full string) (*Kind, *Action) {
	for i := len(full) - 1; i > 0; i-- {
		if full[i] == '.' {
			if k := c.Kinds[full[:i]]; k != nil {
				return k, k.acts[full[i+1:]]
			}
			return nil, nil
		}
	}
	return nil, nil
}
