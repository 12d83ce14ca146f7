package web

import (
	"context"

	"github.com/dinghai/dinghai/catalogue"
	"github.com/dinghai/dinghai/catalogue/expr"
	"github.com/dinghai/dinghai/domain"
)

// shown says what a viewer may see of a record.
type shown struct {
	All    bool   // the viewer has the right to see it
	Public bool   // the kind's own rule discloses the record
	Result string // in the words of that rule
}

// see applies the kind's public rule. A rule that cannot be evaluated
// discloses nothing.
func (s *server) see(ctx context.Context, r *request, rec *domain.Record) shown {
	out := shown{All: r.sight.Sees(rec)}
	k := s.cat.Kinds[rec.Kind]
	if k == nil || k.Public == nil || k.Public.WhenX == nil || rec.Voided {
		return out
	}
	v, err := s.vars(ctx, rec)
	if err != nil {
		s.Log.Error("public rule", "kind", rec.Kind, "error", err)
		return out
	}
	ok, err := k.Public.WhenX.Bool(v)
	if err != nil {
		s.Log.Error("public rule", "kind", rec.Kind, "error", err)
		return out
	}
	out.Public = ok
	if ok {
		out.Result = s.result(r.words, k, v)
	}
	return out
}

// result is the public outcome; a rule that names a state gets its wording.
func (s *server) result(w words, k *catalogue.Kind, v *expr.Vars) string {
	x := k.Public.ResultX
	if w.lang == "en" && k.Public.ResultEN != "" {
		x = k.Public.ResultENX
	}
	t, err := x.Text(v)
	if err != nil {
		s.Log.Error("public result", "kind", k.Name, "error", err)
		return ""
	}
	if st := k.StateOf(t); st != nil {
		return st.Label.In(w.lang)
	}
	return t
}

func (s *server) vars(ctx context.Context, rec *domain.Record) (*expr.Vars, error) {
	today := s.Engine.Today()
	v := &expr.Vars{Rec: expr.Of(rec, today, nil), On: today, Today: today, Sub: expr.Of(nil, today, nil), Par: expr.Of(nil, today, nil)}
	if !rec.Of.Zero() {
		sub, err := s.read.Record(ctx, rec.Of)
		if err != nil {
			return nil, err
		}
		v.Sub = expr.Of(sub, today, nil)
	}
	return v, nil
}

// searchable lists the kinds a viewer may search: all for officers, disclosed
// subjects for strangers.
func (s *server) searchable(officer bool) []*catalogue.Kind {
	var out []*catalogue.Kind
	for _, k := range s.cat.Ordered() {
		if len(k.Search) == 0 && k.Code == "" {
			continue
		}
		if officer || k.Class == domain.Subject && k.Public != nil && k.Public.WhenX != nil {
			out = append(out, k)
		}
	}
	return out
}
