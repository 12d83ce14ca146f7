package engine

import (
	"fmt"
	"strings"

	"github.com/dinghai/dinghai/catalogue"
	"github.com/dinghai/dinghai/domain"
)

// setFields computes the action's assignments over the record as the form left
// it, then the zones that follow from its fields.
func (s *step) setFields() error {
	for _, p := range s.pending {
		s.set(p.name, p.value)
	}
	for _, st := range s.act.SetX {
		v, err := st.X.Eval(s.vars)
		if err != nil {
			return domain.Wrap(domain.Internal, err)
		}
		s.set(st.Field.Field, v)
	}
	if area, err := s.act.AreaX.Text(s.vars); err != nil {
		return domain.Wrap(domain.Internal, err)
	} else if area != "" && area != s.rec.Area {
		if s.e.cat.Areas[area] == nil {
			return domain.Failf(domain.Invalid, "area", "area", "辖区代码「%s」不存在", "area %q does not exist", area)
		}
		s.rec.Area, s.ev.Changes.Area = area, area
	}
	if s.kind.ZonesX != nil {
		list, err := s.kind.ZonesX.List(s.vars)
		if err != nil {
			return domain.Wrap(domain.Internal, err)
		}
		zones := texts(list)
		if strings.Join(zones, ",") != strings.Join(s.rec.Zones, ",") {
			s.rec.Zones, s.ev.Changes.Zones = zones, zones
		}
	}
	return nil
}

// set notes a field's new value in the working copy and the event. Empty
// values clear.
func (s *step) set(field string, v any) {
	if blank(v) {
		v = nil
	}
	if s.ev.Changes.Set == nil {
		s.ev.Changes.Set = map[string]any{}
		fresh := make(map[string]any, len(s.rec.Fields)+4)
		for k, x := range s.rec.Fields {
			fresh[k] = x
		}
		s.rec.Fields = fresh
		s.vars.Rec.Fields = fresh
	}
	if v == nil {
		delete(s.rec.Fields, field)
		if s.prior == nil || s.prior.Fields[field] == nil {
			delete(s.ev.Changes.Set, field)
			return
		}
	} else {
		s.rec.Fields[field] = v
	}
	s.ev.Changes.Set[field] = v
}

func blank(v any) bool {
	switch x := v.(type) {
	case nil:
		return true
	case string:
		return x == ""
	case []any:
		return len(x) == 0
	}
	return false
}

// runHook asks the system's own rule, where data cannot say it.
func (s *step) runHook() error {
	if s.act.Hook == "" {
		return nil
	}
	h := s.e.hooks[s.act.Hook]
	if h == nil {
		return domain.Failf(domain.Internal, "", "hook", "系统缺少规则「%s」", "no hook %q is installed", s.act.Hook)
	}
	pools := map[string][]*domain.Record{}
	for name, p := range s.act.Load {
		list, err := s.population(p)
		if err != nil {
			return err
		}
		pools[name] = list
	}
	out, err := h(HookInput{Record: s.rec, Input: s.in, On: s.cmd.On, Actor: s.cmd.Actor.ID, Pools: pools, Lists: s.e.cat.Attr})
	if err != nil {
		return err
	}
	for f, v := range out.Set {
		s.set(f, v)
	}
	s.orders = append(s.orders, out.Orders...)
	return nil
}

func (s *step) population(p *catalogue.Population) ([]*domain.Record, error) {
	area, err := p.AreaX.Text(s.vars)
	if err != nil {
		return nil, domain.Wrap(domain.Internal, err)
	}
	switch {
	case area != "":
	case s.e.ofCity(p.Kind):
		area = s.e.cat.City().Code
	default:
		area = s.rec.Area
	}
	all, err := s.d.tx.Pool(p.Kind, area)
	if err != nil || p.WhereX == nil {
		return all, err
	}
	kept := all[:0:0]
	for _, r := range all {
		v := *s.vars
		v.Sub = s.vars.Rec
		v.Rec = s.vars.Rec.As(r)
		ok, err := p.WhereX.Bool(&v)
		if err != nil {
			return nil, domain.Wrap(domain.Internal, err)
		}
		if ok {
			kept = append(kept, r)
		}
	}
	return kept, nil
}

// moveState takes the record to the next state.
func (s *step) moveState() error {
	to := s.act.To
	for _, b := range s.act.Branch {
		ok, err := b.WhenX.Bool(s.vars)
		if err != nil {
			return domain.Wrap(domain.Internal, err)
		}
		if ok {
			to = b.To
			break
		}
	}
	if to == "" {
		return nil
	}
	s.ev.Changes.State, s.rec.State = to, to
	if st := s.kind.StateOf(to); st != nil && st.End {
		s.ev.Changes.Closed, s.rec.Closed = s.cmd.On, s.cmd.On
	}
	return nil
}

func (s *step) stepFlags() error {
	for _, f := range s.act.Flags {
		ok, err := f.WhenX.Bool(s.vars)
		if err != nil {
			return domain.Wrap(domain.Internal, err)
		}
		if !ok {
			continue
		}
		if f.Clear {
			s.clearFlag(f.Flag)
			continue
		}
		until, err := f.UntilX.Text(s.vars)
		if err != nil {
			return domain.Wrap(domain.Internal, err)
		}
		s.ev.Changes.Flags = append(s.ev.Changes.Flags, domain.Flag{Code: f.Flag, From: s.cmd.On, To: domain.Date(until), Why: s.cmd.Reason})
	}
	return nil
}

func (s *step) clearFlag(code string) {
	for _, f := range s.rec.Flags {
		if f.Code == code && (f.To == "" || f.To > s.cmd.On) {
			f.To = s.cmd.On
			s.ev.Changes.Flags = append(s.ev.Changes.Flags, f)
		}
	}
}

func (s *step) stepParties() error {
	for _, p := range s.act.Parties {
		ok, err := p.WhenX.Bool(s.vars)
		if err != nil {
			return domain.Wrap(domain.Internal, err)
		}
		who, err := p.WhoX.Text(s.vars)
		if err != nil {
			return domain.Wrap(domain.Internal, err)
		}
		if !ok || who == "" {
			continue
		}
		ref, err := domain.ParseRef(who)
		if err != nil {
			return err
		}
		s.ev.Changes.Parties = append(s.ev.Changes.Parties, domain.Party{Role: p.Role, Who: ref})
	}
	return nil
}

// stepNumber gives the record its business number. A mirror case never gets
// one of ours.
func (s *step) stepNumber() error {
	n := s.act.Number
	if n == nil || s.rec.Mirror || s.rec.Number != "" {
		return nil
	}
	num, err := s.take(n)
	if err == nil {
		s.ev.Changes.Number, s.rec.Number = num, num
	}
	return err
}

// take draws the next number of a gap-free series: per organ, kind and year.
func (s *step) take(n *catalogue.Number) (string, error) {
	organ, short := s.rec.Organ, ""
	if o := s.e.Organ(organ); o != nil {
		short = o.Short
	}
	key := seriesKey{s.rec.Home, organ, n.Series, s.cmd.On.Year()}
	last, err := s.d.counter(key)
	if err != nil {
		return "", err
	}
	s.d.counts[key] = last + 1
	s.ev.Changes.Counts = append(s.ev.Changes.Counts, domain.Count{Organ: organ, Kind: n.Series, Year: key.year, N: last + 1})
	return numberText(n.Format, short, key.year, last+1), nil
}

func numberText(format, short string, year, n int) string {
	r := strings.NewReplacer("{short}", short, "{year}", fmt.Sprint(year), "{n}", fmt.Sprint(n),
		"{n:3}", fmt.Sprintf("%03d", n), "{n:4}", fmt.Sprintf("%04d", n), "{n:5}", fmt.Sprintf("%05d", n), "{n:6}", fmt.Sprintf("%06d", n))
	return r.Replace(format)
}

// stepPapers draws up the official documents of the action as data; those of a
// mirror case stay drafts without a number.
func (s *step) stepPapers() error {
	for _, p := range s.act.Papers {
		ok, err := p.WhenX.Bool(s.vars)
		if err != nil {
			return domain.Wrap(domain.Internal, err)
		}
		if !ok {
			continue
		}
		paper := domain.Paper{Kind: p.Paper, On: s.cmd.On, Draft: s.rec.Mirror}
		for _, name := range keysOf(p.DataX) {
			v, err := p.DataX[name].Eval(s.vars)
			if err != nil {
				return domain.Wrap(domain.Internal, err)
			}
			if !blank(v) {
				if paper.Data == nil {
					paper.Data = map[string]any{}
				}
				paper.Data[name] = v
			}
		}
		if k := s.e.cat.Papers[p.Paper]; k != nil && k.Number != nil && !paper.Draft {
			if paper.Number, err = s.take(k.Number); err != nil {
				return err
			}
		}
		s.ev.Changes.Papers = append(s.ev.Changes.Papers, paper)
	}
	return nil
}

func texts(list []any) []string {
	out := []string{}
	for _, x := range list {
		if t, ok := x.(string); ok {
			out = append(out, t)
		}
	}
	return out
}
