package engine

import (
	"github.com/dinghai/dinghai/domain"
)

// world answers the questions expressions ask about other records, inside the
// running transaction.
type world struct {
	d *draft
	e *Engine
}

// Cases counts the cases of a kind about a subject, in the subject's home.
func (w *world) Cases(of domain.Ref, kind string, open bool) (int, error) {
	stored, err := w.d.tx.LinkedTo(of.Home, of, "of", kind)
	if err != nil {
		return 0, err
	}
	list := w.d.freshen(stored, func(r *domain.Record) bool { return r.Of == of && (kind == "" || r.Kind == kind) })
	n := 0
	for _, r := range list {
		if !r.Voided && (!open || r.Closed == "") {
			n++
		}
	}
	return n, nil
}

// Fields reads another record; sealed values are left out.
func (w *world) Fields(ref string) (map[string]any, error) {
	id, err := domain.ParseRef(ref)
	if err != nil {
		return map[string]any{}, nil //nolint:nilerr // an empty or free-text reference names nothing
	}
	r, err := w.d.load(id)
	if err != nil || r == nil {
		return map[string]any{}, err
	}
	return w.e.visible(r), nil
}

func (e *Engine) visible(r *domain.Record) map[string]any {
	k := e.cat.Kinds[r.Kind]
	out := make(map[string]any, len(r.Fields))
	if k == nil {
		return out
	}
	for n, v := range r.Fields {
		if f := k.FieldOf(n); f == nil || !f.Sealed() {
			out[n] = v
		}
	}
	return out
}
