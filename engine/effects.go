package engine

import (
	"slices"

	"github.com/dinghai/dinghai/catalogue"
	"github.com/dinghai/dinghai/catalogue/expr"
	"github.com/dinghai/dinghai/domain"
)

// effects decides what follows from the action: actions on other records of
// the same home at once, of another home through the outbox.
//
// Effects are collected before the event is written (their outbox entries and
// links are part of it) and performed after, so that what they open can point
// back to a record that exists.
func (s *step) effects() error {
	for _, o := range s.orders {
		if err := s.perform(o); err != nil {
			return err
		}
	}
	if s.act != nil && s.act.Tell {
		return s.tell()
	}
	return nil
}

// collect turns the action's effects into orders and outbox entries.
func (s *step) collect() error {
	for _, x := range s.act.Effects {
		if err := s.collectOne(x); err != nil {
			return err
		}
	}
	return nil
}

func (s *step) collectOne(x *catalogue.Effect) error {
	if x.EachX == nil {
		return s.collectFor(x)
	}
	list, err := x.EachX.List(s.vars)
	if err != nil {
		return domain.Wrap(domain.Internal, err)
	}
	for _, it := range list {
		s.vars.It = it
		if err := s.collectFor(x); err != nil {
			return err
		}
	}
	s.vars.It = nil
	return nil
}

func (s *step) collectFor(x *catalogue.Effect) error {
	ok, err := x.WhenX.Bool(s.vars)
	if err != nil {
		return domain.Wrap(domain.Internal, err)
	}
	if !ok {
		return nil
	}
	if x.Do == "" {
		data, err := evalAll(x.DataX, s.vars)
		if err != nil {
			return err
		}
		s.ev.Changes.Out = append(s.ev.Changes.Out, domain.Out{Kind: x.Out, Data: data})
		return nil
	}
	o, err := s.order(x)
	if err != nil {
		return err
	}
	s.orders = append(s.orders, o)
	return nil
}

// order computes the target and input of an effect. An empty target skips it.
func (s *step) order(x *catalogue.Effect) (Order, error) {
	k, act := s.e.cat.ActionNamed(x.Do)
	o := Order{Kind: k.Name, Action: act.Action, Carry: x.Carry, Link: x.Link, Keep: x.Keep}
	var err error
	if o.Input, err = evalAll(x.WithX, s.vars); err != nil {
		return o, err
	}
	if o.Area, err = x.AreaX.Text(s.vars); err != nil {
		return o, domain.Wrap(domain.Internal, err)
	}
	if o.To, err = s.refOf(x.ToX); err != nil {
		return o, err
	}
	if o.Of, err = s.refOf(x.OfX); err != nil {
		return o, err
	}
	if act.Opens && o.Of.Zero() && x.OfX == nil && k.Class == domain.Case {
		o.Of = s.rec.Of
		if s.rec.Class == domain.Subject {
			o.Of = s.rec.Ref
		}
	}
	return o, nil
}

func (s *step) refOf(p *expr.Program) (domain.Ref, error) {
	t, err := p.Text(s.vars)
	if err != nil {
		return domain.Ref{}, domain.Wrap(domain.Internal, err)
	}
	if t == "" {
		return domain.Ref{}, nil
	}
	return domain.ParseRef(t)
}

// settle completes the orders before the event is written. What is opened in
// this home gets its id now, so that the ordering record can remember it in
// the same event; what goes to another home goes into the outbox of the event.
func (s *step) settle() {
	if s.act.Tell {
		s.tellAbroad()
	}
	kept := s.orders[:0]
	for _, o := range s.orders {
		act := s.e.cat.Kinds[o.Kind].ActionOf(o.Action)
		if !act.Opens && o.To.Zero() {
			continue // the effect's target turned out empty
		}
		o.home = o.To.Home
		if act.Opens {
			s.locate(&o)
		}
		switch {
		case o.home != s.rec.Home:
			s.abroad(o)
			continue
		case act.Opens && (o.Link != "" || o.Keep != ""):
			s.remember(&o, act)
		}
		kept = append(kept, o)
	}
	s.orders = kept
}

// locate settles area and home of a record to be opened. What city organs open
// stays in the city's home even when it concerns a county.
func (s *step) locate(o *Order) {
	if o.Area == "" {
		o.Area = s.rec.Area
	}
	if o.home = s.e.cat.HomeOf(o.Area); s.e.staysHome(s.rec.Home, o.home) {
		o.home = s.rec.Home
	}
}

// remember links the ordering record to what it opens.
func (s *step) remember(o *Order, act *catalogue.Action) {
	o.id = s.e.newID(o.home, s.at)
	ref := domain.Ref{Home: o.home, ID: o.id}
	if o.Link != "" {
		s.ev.Changes.Links = append(s.ev.Changes.Links, domain.Link{Role: o.Link, To: ref, Kind: o.Kind, State: act.To})
	}
	if o.Keep != "" {
		s.set(o.Keep, ref.String())
	}
}

// perform carries out an order within the home.
func (s *step) perform(o Order) error {
	d := &draft{overlay: s.d.overlay, base: s.d.base}
	_, err := s.e.decide(s.ctx, d, s.command(o))
	return err
}

// staysHome: records opened by city organs live in the city's home even when
// they concern a county.
func (e *Engine) staysHome(mine, theirs int) bool { return mine%100 == 0 && mine/100 == theirs/100 }

// abroad hands an order to the other home's lane, through the outbox, under a
// key of its own.
func (s *step) abroad(o Order) {
	data := map[string]any{"kind": o.Kind, "action": o.Action, "home": int64(o.home), "area": o.Area, "of": o.Of.String(), "input": o.Input,
		"parent": s.rec.Ref.String(), "link": o.Link, "keep": o.Keep, "depth": int64(s.cmd.Depth + 1)}
	if len(o.Carry) > 0 {
		carry := map[string]any{}
		for to, from := range o.Carry {
			carry[to] = from
		}
		data["carry"] = carry // names of fields; the values stay under seal
	}
	s.ev.Changes.Out = append(s.ev.Changes.Out, domain.Out{Kind: "do", To: o.To, Data: data})
}

func (s *step) tellAbroad() {
	data := map[string]any{"action": "tell", "input": map[string]any{"from": s.rec.Ref.String(), "state": s.rec.State}, "depth": int64(s.cmd.Depth + 1)}
	if p := s.rec.Parent; !p.Zero() && p.Home != s.rec.Home {
		s.ev.Changes.Out = append(s.ev.Changes.Out, domain.Out{Kind: "do", To: p, Data: data})
	}
	for _, l := range s.rec.Links {
		if l.To.Home != s.rec.Home && l.To != s.rec.Parent {
			s.ev.Changes.Out = append(s.ev.Changes.Out, domain.Out{Kind: "do", To: l.To, Data: data})
		}
	}
}

func (s *step) command(o Order) domain.Command {
	return domain.Command{Kind: o.Kind, Action: o.Action, Record: o.To, Home: o.home, NewID: o.id, Of: o.Of, Parent: s.parentFor(o), Area: o.Area,
		Input: o.Input, Carry: o.Carry, On: s.cmd.On, Actor: domain.Actor{ID: s.cmd.Actor.ID, Name: s.cmd.Actor.Name, Organ: s.organ(), System: true},
		Organ: s.organ(), Batch: s.cmd.Batch, Cause: s.ev.ID, Reason: s.cmd.Reason, Approver: s.cmd.Approver,
		Opening: s.cmd.Opening, Depth: s.cmd.Depth + 1}
}

func (s *step) parentFor(o Order) domain.Ref {
	if o.To.Zero() {
		return s.rec.Ref
	}
	return domain.Ref{}
}

// tell reports the record's state to its parent and to the records linked with
// it, so that join rules there can wait for it.
func (s *step) tell() error {
	var told []domain.Ref // in a fixed order: the same command gives the same events
	if !s.rec.Parent.Zero() {
		told = append(told, s.rec.Parent)
	}
	for _, l := range s.rec.Links {
		told = append(told, l.To)
	}
	for i, ref := range told {
		if ref.Home != s.rec.Home || slices.Contains(told[:i], ref) {
			continue // another home is told through the outbox, see tellAbroad
		}
		if err := s.tellOne(ref); err != nil {
			return err
		}
	}
	return nil
}

func (s *step) tellOne(ref domain.Ref) error {
	other, err := s.d.load(ref)
	if err != nil || other == nil {
		return err
	}
	for _, l := range other.Links {
		if l.To == s.rec.Ref && l.State != s.rec.State {
			l.State = s.rec.State
			if err := s.e.note(s.d, ref, s, func(c *domain.Changes) { c.Links = []domain.Link{l} }); err != nil {
				return err
			}
		}
	}
	return nil
}

// note writes a quiet bookkeeping event on a record of the same home.
func (e *Engine) note(d *draft, ref domain.Ref, by *step, fill func(*domain.Changes)) error {
	r, err := d.load(ref)
	if err != nil || r == nil {
		return err
	}
	n := &step{e: e, ctx: by.ctx, d: d, cmd: by.cmd, kind: e.cat.Kinds[r.Kind], prior: r, at: by.at, today: by.today, vars: by.vars}
	c := *r
	n.rec = &c
	n.vars = &expr.Vars{Rec: expr.Of(n.rec, by.cmd.On, by.vars.Rec.World)}
	on := max(by.cmd.On, lastOn(r))
	n.ev = domain.Event{Home: r.Home, ID: e.newID(r.Home, by.at), Record: r.ID, Kind: r.Kind, Type: "record.linked", Action: "link", On: on, At: by.at,
		Actor: by.cmd.Actor.ID, Organ: by.organ(), Batch: by.cmd.Batch, Cause: by.ev.ID, Schema: domain.EventSchema, Changes: domain.Changes{Quiet: true}}
	fill(&n.ev.Changes)
	return n.write()
}

func lastOn(r *domain.Record) domain.Date {
	if len(r.Trail) == 0 {
		return r.Opened
	}
	return r.Trail[len(r.Trail)-1].On
}

func evalAll(m map[string]*expr.Program, v *expr.Vars) (map[string]any, error) {
	if len(m) == 0 {
		return nil, nil
	}
	out := make(map[string]any, len(m))
	for _, n := range keysOf(m) {
		x, err := m[n].Eval(v)
		if err != nil {
			return nil, domain.Wrap(domain.Internal, err)
		}
		if !blank(x) {
			out[n] = x
		}
	}
	return out, nil
}
