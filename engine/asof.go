package engine

import (
	"context"

	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/engine/reduce"
)

// AsOf gives a record as it stood on a day, by the events dated up to then. known
// leaves out what was recorded later: what the bureau knew that day; "" = all it
// knows now. nil if the record did not exist yet.
func (e *Engine) AsOf(ctx context.Context, ref domain.Ref, on, known domain.Date) (*domain.Record, error) {
	list, err := e.Reader().Events(ctx, ref)
	if err != nil {
		return nil, err
	}
	return StateAt(list, on, known)
}

// StateAt is AsOf over events already read, in their order.
func StateAt(list []domain.Event, on, known domain.Date) (*domain.Record, error) {
	var r *domain.Record
	for i := range list {
		ev := &list[i]
		if !Dated(ev, on, known) {
			if i == 0 {
				return nil, nil
			}
			continue
		}
		var err error
		if r, err = reduce.Apply(r, ev); err != nil {
			return nil, err
		}
	}
	return r, nil
}

// Dated reports whether an event is dated up to one day and was recorded up to
// another; "" leaves a side open.
func Dated(e *domain.Event, on, known domain.Date) bool {
	return (on == "" || e.On <= on) && (known == "" || dateOf(e.At) <= known)
}
