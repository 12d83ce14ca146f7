package jobs

import (
	"context"

	"github.com/dinghai/dinghai/catalogue"
	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/engine"
)

// Past reads events of a type over a span.
type Past interface {
	EventsOfType(ctx context.Context, typ string, from, to domain.Date, home int, pos int64, limit int) ([]domain.Event, error)
}

// Fired is what an item would have met: the record as it stood then.
type Fired struct {
	Record *domain.Record
	On     domain.Date
	Event  string
}

const replayBatch = 500

// Replay runs an item that follows events over a span of the past, as if it had
// been live, and tells of each event it would have fired on. Nothing is opened.
// It returns how many events it looked at.
func Replay(ctx context.Context, eng *engine.Engine, past Past, t *catalogue.Trigger, from, to domain.Date, fn func(Fired) error) (looked int, err error) {
	j := &Jobs{Engine: eng}
	home, pos := 0, int64(0)
	for {
		list, err := past.EventsOfType(ctx, t.On, from, to, home, pos, replayBatch)
		if err != nil {
			return looked, err
		}
		for i := range list {
			e := &list[i]
			home, pos, looked = e.Home, e.Pos, looked+1
			rec, err := j.stood(ctx, e)
			if err != nil {
				return looked, err
			}
			yes, err := j.would(ctx, t, rec, e.On)
			if err == nil && yes {
				err = fn(Fired{rec, e.On, e.ID})
			}
			if err != nil {
				return looked, err
			}
		}
		if len(list) < replayBatch {
			return looked, nil
		}
	}
}

// stood is the record as an event left it; nil when it was entered by mistake.
func (j *Jobs) stood(ctx context.Context, e *domain.Event) (*domain.Record, error) {
	ref := domain.Ref{Home: e.Home, ID: e.Record}
	now, err := j.Engine.Reader().Record(ctx, ref)
	if err != nil || now == nil || now.Voided {
		return nil, err
	}
	list, err := j.Engine.Reader().Events(ctx, ref)
	if err != nil {
		return nil, err
	}
	n := 0
	for n < len(list) && list[n].Pos <= e.Pos {
		n++
	}
	return engine.StateAt(list[:n], "", "")
}

func (j *Jobs) would(ctx context.Context, t *catalogue.Trigger, rec *domain.Record, on domain.Date) (bool, error) {
	if rec == nil || t.Of != "" && t.Of != rec.Kind {
		return false, nil
	}
	var sub *domain.Record
	if !rec.Of.Zero() {
		var err error
		if sub, err = j.Engine.AsOf(ctx, rec.Of, on, ""); err != nil {
			return false, err
		}
	}
	return j.meets(ctx, t, rec, sub, on)
}
