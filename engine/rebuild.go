package engine

import (
	"context"
	"errors"
	"fmt"

	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/engine/reduce"
)

// History streams events in (home, position) order from behind given positions.
type History interface {
	Events(ctx context.Context, from map[int]int64, fn func(domain.Event) error) error
}

// Shadow takes the projections of a rebuild beside the live ones.
type Shadow interface {
	Update(ctx context.Context, home int, fn func(domain.Tx) error) error
	Peek(ctx context.Context, fn func(domain.Tx) error) error
	Heads(ctx context.Context) (map[int]int64, error)
}

// How many events a rebuild applies in a transaction: few where people are
// served beside it, so that its turns stay well under 50 ms; many where it is
// alone.
const (
	Beside = 1000
	Alone  = 12000
)

// Replay makes all projections again from the events the shadow has not seen,
// turn by turn of Beside or Alone. Live work may go on; call it once more to
// catch up before swapping. It returns how many events it applied.
func (e *Engine) Replay(ctx context.Context, h History, sh Shadow, turn int, progress func(done int)) (int, error) {
	from, err := sh.Heads(ctx)
	if err != nil {
		return 0, err
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	batches := make(chan []domain.Event, 1)
	read := make(chan error, 1)
	go func() {
		defer close(batches)
		read <- batched(ctx, h, from, turn, batches)
	}()
	done, err := e.replay(ctx, sh, batches, progress)
	stop() // where it failed, nobody takes the next batch
	if e := <-read; err == nil {
		err = e
	}
	return done, err
}

// batched reads events ahead of their being applied; a batch is of one home.
func batched(ctx context.Context, h History, from map[int]int64, turn int, to chan<- []domain.Event) error {
	var batch []domain.Event
	flush := func() error {
		if len(batch) == 0 {
			return nil
		}
		select {
		case to <- batch:
			batch = nil
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	err := h.Events(ctx, from, func(ev domain.Event) error {
		if len(batch) == turn || len(batch) > 0 && batch[0].Home != ev.Home {
			if err := flush(); err != nil {
				return err
			}
		}
		if batch == nil {
			batch = make([]domain.Event, 0, turn)
		}
		batch = append(batch, ev)
		return nil
	})
	if err != nil {
		return err
	}
	return flush()
}

// replay works batches out while the one before each is being written; what is
// being written is seen through its overlay.
func (e *Engine) replay(ctx context.Context, sh Shadow, batches <-chan []domain.Event, progress func(done int)) (done int, err error) {
	var ahead *overlay
	written := make(chan error, 1)
	settle := func() error {
		if ahead == nil {
			return nil
		}
		ahead = nil
		return <-written
	}
	for b := range batches {
		o, ws, err := e.replayBatch(ctx, sh, ahead, b)
		if err := errors.Join(settle(), err); err != nil {
			return done, err
		}
		ahead = o
		go func() {
			written <- sh.Update(ctx, b[0].Home, func(tx domain.Tx) error { return tx.Write(ws) })
		}()
		if done += len(b); progress != nil {
			progress(done)
		}
	}
	return done, settle()
}

// replayBatch works out what a batch makes of the shadow, seen through the
// batch in flight.
func (e *Engine) replayBatch(ctx context.Context, sh Shadow, ahead *overlay, batch []domain.Event) (o *overlay, ws *domain.WriteSet, err error) {
	o = newOverlay(nil)
	err = sh.Peek(ctx, func(tx domain.Tx) error {
		if o.tx = tx; ahead != nil {
			ahead.keepDirty(tx)
			o.tx = &through{ahead}
		}
		for i := range batch {
			if err := e.replayOne(o, &batch[i]); err != nil {
				return fmt.Errorf("event %d/%d: %w", batch[i].Home, batch[i].Pos, err)
			}
		}
		ws, err = e.project(o)
		return err
	})
	if p, ok := e.store.(Preparer); ok && err == nil {
		p.Prepare(ws)
	}
	return o, ws, err
}

// replayOne applies an event as it stands: nothing is decided again.
func (e *Engine) replayOne(o *overlay, ev *domain.Event) error {
	head, err := o.head(ev.Home)
	if err != nil {
		return err
	}
	if ev.Pos != head+1 {
		return fmt.Errorf("position %d follows %d: the log has a gap", ev.Pos, head)
	}
	before, err := o.load(domain.Ref{Home: ev.Home, ID: ev.Record})
	if err != nil {
		return err
	}
	after, err := reduce.Apply(before, ev)
	if err != nil {
		return err
	}
	o.heads[ev.Home] = ev.Pos
	o.events = append(o.events, *ev)
	o.put(before, after)
	for _, c := range ev.Changes.Counts {
		k := seriesKey{ev.Home, c.Organ, c.Kind, c.Year}
		o.counts[k] = max(o.counts[k], c.N)
	}
	if ev.Key != "" {
		o.keys[keyOf{ev.Home, ev.Key}] = &domain.ReceiptRow{Home: ev.Home, Key: ev.Key, Hash: ev.Hash, Record: ev.Record, Pos: ev.Pos}
	}
	e.replayClaims(o, after)
	return nil
}

func (e *Engine) replayClaims(o *overlay, r *domain.Record) {
	k := e.cat.Kinds[r.Kind]
	if k == nil {
		return
	}
	for _, f := range k.Fields {
		if v, _ := r.Fields[f.Field].(string); f.Unique && v != "" && !r.Voided {
			o.claims[[2]string{f.Field, v}] = r.Ref
		}
	}
}
