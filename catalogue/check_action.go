package catalogue

import "slices"

// checkAction checks a step: who, from where to where, with what input, under
// which conditions, and what follows.
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
	if n := len(act.Branch); n > 0 && act.Opens && act.To == "" && act.Branch[n-1].When != "" {
		a.in(".branch[%d]", n-1).bad("action %s opens a record: its last branch must hold otherwise (no when)", act.Action)
	}
	c.checkForm(a, act)
	for i, g := range act.Guards {
		a.in(".guards[%d]", i).label(g.Text, "guard "+g.Guard)
		a.in(".guards[%d].when", i).expr(g.WhenX)
		a.in(".guards[%d].law", i).cites(Text{ZH: g.Law})
	}
	for _, s := range act.SetX {
		if s.Field == nil {
			a.in(".set.%s", s.Name).bad("no field %s", s.Name)
			continue
		}
		if s.Field.Sealed() {
			a.in(".set.%s", s.Field.Field).bad("field %s is %s: expressions cannot write it, a form can", s.Field.Field, s.Field.Class)
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
		if l := c.Lists[k.Flags]; l == nil || l.Find(f.Flag) == nil {
			a.in(".flags[%d].flag", i).bad("%s is not in the list of flags of %s (flags: LIST)", f.Flag, k.Name)
		}
		a.in(".flags[%d].when", i).expr(f.WhenX)
		a.in(".flags[%d].until", i).expr(f.UntilX)
	}
	for i, p := range act.Parties {
		if _, ok := k.Parties[p.Role]; !ok {
			a.in(".parties[%d].role", i).bad("%s has no party %s (parties: {%s: {zh: …, en: …}})", k.Name, p.Role, p.Role)
		}
		a.in(".parties[%d].who", i).expr(p.WhoX)
		a.in(".parties[%d].when", i).expr(p.WhenX)
	}
	for i, p := range act.Papers {
		if c.Papers[p.Paper] == nil {
			a.in(".papers[%d].paper", i).bad("no paper %s", p.Paper)
		}
		a.in(".papers[%d].when", i).expr(p.WhenX)
		for _, n := range sortedKeys(p.DataX) {
			a.in(".papers[%d].data.%s", i, n).expr(p.DataX[n])
		}
	}
	for i, e := range act.Effects {
		c.checkEffect(a.in(".effects[%d]", i), k, e)
	}
	for _, n := range sortedKeys(act.Load) {
		l := act.Load[n]
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
	for _, n := range sortedKeys(e.WithX) {
		a.in(".with.%s", n).expr(e.WithX[n])
	}
	for _, n := range sortedKeys(e.DataX) {
		a.in(".data.%s", n).expr(e.DataX[n])
	}
	if f := k.fields[e.Keep]; e.Keep != "" && f == nil {
		a.in(".keep").bad("no field %s", e.Keep)
	} else if e.Keep != "" && f.Type != "ref" {
		a.in(".keep").bad("field %s is no reference", e.Keep)
	}
	if e.Do == "" {
		if !slices.Contains([]string{"notify", "disclose", "render", "issue"}, e.Out) {
			a.bad("an effect needs do: kind.action or out: notify | disclose | render | issue")
		}
		if e.Out == "notify" {
			c.checkNotify(a.in(".data"), k, e.Data)
		}
		return
	}
	target, act := c.ActionNamed(e.Do)
	if target == nil || act == nil {
		a.in(".do").bad("no action %s", e.Do)
		return
	}
	for _, n := range sortedKeys(e.With) {
		if !takes(act, n) {
			a.in(".with.%s", n).bad("action %s takes no input %s", e.Do, n)
		}
	}
	for _, f := range act.Form {
		if f.Def != nil && f.Def.Type != "bool" && !f.Optional && f.Show == "" && f.Default == "" && e.With[f.Field] == "" {
			a.bad("action %s needs the input %s", e.Do, f.Field)
		}
	}
	c.checkCarry(a, k, target, act, e)
	if !act.Opens && e.To == "" {
		a.in(".do").bad("%s does not open a record: say to which record (to:)", e.Do)
	}
}

// checkCarry: only from sealed to sealed, so that nothing leaves its seal; files
// are sealed with their own record and stay there.
func (c *Catalogue) checkCarry(a at, k, target *Kind, act *Action, e *Effect) {
	for _, n := range sortedKeys(e.Carry) {
		to, from := target.fields[n], k.fields[e.Carry[n]]
		switch {
		case !act.Opens:
			a.in(".carry").bad("%s does not open a record: only to a new record can sealed values be carried", e.Do)
		case to == nil || !to.Sealed():
			a.in(".carry.%s", n).bad("%s has no sealed field %s", target.Name, n)
		case from == nil || !from.Sealed():
			a.in(".carry.%s", n).bad("%s has no sealed field %s", k.Name, e.Carry[n])
		case to.Type != from.Type || to.Many != from.Many || to.Type == "file":
			a.in(".carry.%s", n).bad("%s cannot be carried to %s: their types differ, or they are files", from.Field, to.Field)
		}
	}
}

// checkImport holds a table's description against the action its rows perform.
func (c *Catalogue) checkImport(a at, k *Kind) {
	m := k.Import
	if m == nil {
		return
	}
	a = a.in(".import")
	act := k.acts[m.Action]
	if act == nil || !act.Opens {
		a.in(".action").bad("no opening action %s", m.Action)
		return
	}
	for i, f := range m.Key {
		if f != "of" && f != "on" && !takes(act, f) {
			a.in(".key[%d]", i).bad("action %s takes no input %s", m.Action, f)
		}
	}
	for _, f := range sortedKeys(m.Header) {
		if !takes(act, f) && f != m.On && f != m.Area && f != m.Of {
			a.in(".header.%s", f).bad("action %s takes no input %s", m.Action, f)
		}
	}
	if m.Of != "" && k.Subject == "" {
		a.in(".of").bad("kind %s has no subject", k.Kind)
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
