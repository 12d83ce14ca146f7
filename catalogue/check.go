package catalogue

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

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
	for _, l := range c.ListList() {
		c.checkList(l)
	}
	for _, n := range sortedKeys(c.Papers) {
		c.checkPaper(c.Papers[n])
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

// english asks for a wording in English where an expression writes Chinese.
func (a at) english(src, en string) {
	if strings.ContainsFunc(src, func(r rune) bool { return unicode.Is(unicode.Han, r) }) && en == "" {
		a.bad("%s has Chinese words: say it in English too, as %s_en", src, a.path[strings.LastIndex(a.path, ".")+1:])
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
	a.in(".title_en").expr(k.TitleENX)
	a.in(".title").english(k.Title, k.TitleEN)
	a.in(".zones").expr(k.ZonesX)
	for i, f := range k.Fields {
		c.checkField(a.in(".fields[%d]", i), f)
	}
	if f := k.fields[k.Code]; k.Code != "" && f == nil {
		a.in(".code").bad("no field %s", k.Code)
	} else if k.Code != "" && f.Sealed() {
		a.in(".code").bad("field %s is %s: it cannot be the code lists show", k.Code, f.Class)
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
	if k.Authority != nil {
		a.in(".authority.system").cites(Text{ZH: k.Authority.System})
	}
	for i, l := range k.Law {
		a.in(".law[%d]", i).cites(Text{ZH: l})
	}
	if k.Retain != nil {
		a.in(".retain.law").cites(Text{ZH: k.Retain.Law})
	}
	c.checkMachine(a, k)
	for i, r := range k.Read {
		if c.Roles[r] == nil {
			a.in(".read[%d]", i).bad("no role %s", r)
		}
	}
	c.checkClockUse(a, k)
	c.checkImport(a, k)
	if p := k.Public; p != nil {
		a.in(".public.when").expr(p.WhenX)
		a.in(".public.result").expr(p.ResultX)
		a.in(".public.result_en").expr(p.ResultENX)
		a.in(".public.result").english(p.Result, p.ResultEN)
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
	if f.Filter && f.Sealed() {
		a.in(".filter").bad("field %s is %s: lists cannot filter by it", f.Field, f.Class)
	}
	if f.Blind && !f.Sealed() {
		a.in(".blind").bad("field %s is not sealed: it needs no blind index", f.Field)
	}
	for i, sub := range f.Of {
		c.checkField(a.in(".of[%d]", i), sub)
	}
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
