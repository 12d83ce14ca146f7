package engine

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/dinghai/dinghai/domain"
)

// group is commands that share a transaction.
type group struct {
	jobs    []job
	results []Result
	bulk    int // how many came by the hundred
	early   int // how many were answered before writing
	o       *overlay
	ws      *domain.WriteSet
	err     error
	told    bool          // a marker has the error
	written chan struct{} // closed when the writer is done with it
	stored  bool          // the group is in the store as decided; read after written
}

// free reports whether the writer is done with g; no group is done.
func (g *group) free() bool {
	if g == nil {
		return true
	}
	select {
	case <-g.written:
		return true
	default:
		return false
	}
}

// run decides one group while the one before it is being written. What is
// decided meanwhile reads through the group in flight; should its write fail,
// the decisions made on it are made again.
func (e *Engine) run(home int, l *lane) {
	var ahead *group // being written
	for first, ok := l.next(); ok; first, ok = l.next() {
		g := &group{}
		e.decideGroup(g, ahead, first, &waiting{l, g, ahead})
		if ahead != nil {
			if <-ahead.written; !ahead.stored {
				l.lost(ahead, ahead.err)
				l.lost(g, ahead.err)
				e.decideAgain(g)
			}
			if g.o != nil {
				g.o.ahead = nil // written: its keys are in the vault
			}
		}
		l.mark(g)
		ahead = e.launch(home, l, g)
	}
	if ahead != nil {
		<-ahead.written
	}
}

// lost remembers that answered commands did not reach the store.
func (l *lane) lost(g *group, err error) {
	if g.early > 0 && !g.told && l.failed == nil {
		l.failed = err
	}
}

// mark tells the markers of a group what became of everything before it.
func (l *lane) mark(g *group) {
	for i := range g.jobs {
		if g.jobs[i].marker {
			g.results[i].Err, l.failed = l.failed, nil
		}
	}
}

// source gives the commands of a group after the first.
type source interface {
	ready() (job, bool) // one that waits already
	next() (job, bool)  // the next one; false when the group is complete
}

// decideGroup works out a group, seen through the one in flight.
func (e *Engine) decideGroup(g, ahead *group, first job, from source) {
	g.o = newOverlay(nil)
	if ahead != nil {
		g.o.ahead = ahead.o
	}
	for j, ok := first, true; ok; j, ok = from.next() {
		if e.decideSome(g, ahead, j, from); g.err != nil {
			break // before another command leaves the queue: it would never be answered
		}
	}
	if g.err == nil && len(g.o.events) > 0 {
		g.ws, g.err = e.project(g.o)
	}
	if p, ok := e.store.(Preparer); ok && g.ws != nil {
		p.Prepare(g.ws)
	}
}

// decideSome decides a command, and those that wait already, over one state of
// the store. It does not keep that state while it waits for more: a reader that
// stands still keeps the log from being cleared.
func (e *Engine) decideSome(g, ahead *group, first job, from source) {
	had := len(g.jobs)
	g.err = e.store.Peek(context.Background(), func(tx domain.Tx) error {
		if ahead != nil {
			ahead.o.keepDirty(tx)
			tx = &through{ahead.o}
		}
		g.o.tx = tx
		for j, ok := first, true; ok; j, ok = from.ready() {
			e.decideJob(g, j)
		}
		return nil
	})
	if len(g.jobs) == had { // there is no state to look at
		g.jobs, g.results = append(g.jobs, first), append(g.results, Result{})
	}
}

func (e *Engine) decideJob(g *group, j job) {
	var r Result
	if err := j.ctx.Err(); err != nil {
		r.Err = domain.Wrap(domain.Unavailable, err)
	} else if !j.marker {
		r = e.attempt(j.ctx, g.o, j.cmd)
	}
	g.jobs, g.results = append(g.jobs, j), append(g.results, r)
	if j.bulk {
		g.bulk++
	}
	if j.early {
		g.early++
		j.answer(r)
	}
}

// decideAgain makes the decisions of a group anew over what is really stored.
// What was answered already cannot be decided twice; it is lost with the group
// it rested on.
func (e *Engine) decideAgain(g *group) {
	jobs := slices.DeleteFunc(g.jobs, func(j job) bool { return j.early })
	*g = group{}
	if len(jobs) == 0 {
		return
	}
	rest := list(jobs[1:])
	e.decideGroup(g, nil, jobs[0], &rest)
	g.jobs, g.results = append(g.jobs, rest...), append(g.results, make([]Result, len(rest))...) // where the store went away
}

// list is a source that is known beforehand.
type list []job

func (l *list) ready() (j job, ok bool) {
	if len(*l) > 0 {
		j, *l, ok = (*l)[0], (*l)[1:], true
	}
	return j, ok
}

func (l *list) next() (job, bool) { return l.ready() }

// launch hands a decided group to its writer, or answers at once when there is
// nothing to write.
func (e *Engine) launch(home int, l *lane, g *group) *group {
	if g.err != nil || g.ws == nil {
		if g.answer(g.err); g.err != nil {
			l.lost(g, g.err)
		}
		return nil
	}
	g.written = make(chan struct{})
	go func() {
		defer close(g.written)
		began := time.Now()
		g.stored = e.write(home, g)
		l.pace.took(len(g.jobs), time.Since(began))
	}()
	return g
}

// answer tells those that wait; with an error, all of them.
func (g *group) answer(err error) {
	for i := range g.jobs {
		j := &g.jobs[i]
		lost := err != nil && (!j.marker || g.early > 0)
		if lost && g.results[i].Err == nil {
			g.results[i] = Result{Err: err}
		}
		g.told = g.told || lost && j.marker // also where it tells of an earlier loss: one answer, one Settle
		if !j.early {
			j.answer(g.results[i])
		}
	}
}

// write stores a group in one transaction. Should that fail because another
// writer was faster (a value claimed, a position taken), each command is decided
// and written by itself, so that only the guilty one fails.
func (e *Engine) write(home int, g *group) bool {
	g.err = e.writeOnce(home, g)
	if domain.ErrorCode(g.err) != domain.Conflict {
		g.answer(g.err)
		return g.err == nil
	}
	for _, j := range g.jobs {
		if !j.early { // else answered with decisions that do not hold
			e.writeAlone(home, j, g)
		}
	}
	return false
}

const maxTries = 5

// writeAlone gives a command of a group a transaction of its own.
func (e *Engine) writeAlone(home int, j job, g *group) {
	var one *group
	if j.marker {
		one = &group{jobs: []job{j}, results: make([]Result, 1), early: g.early}
		one.answer(g.err)
		g.told = one.told
		return
	}
	for try := 0; ; try++ {
		one = &group{}
		e.decideGroup(one, nil, j, &list{})
		if one.err == nil && one.ws != nil {
			one.err = e.writeOnce(home, one)
		}
		if domain.ErrorCode(one.err) != domain.Conflict || try == maxTries {
			break
		}
	}
	one.answer(one.err)
}

// writeOnce stores a group. Its keys go to their own file meanwhile; the
// transaction commits only over keys that are on the disk.
func (e *Engine) writeOnce(home int, g *group) error {
	kept := e.keep(g.o.sealed)
	err := e.store.Update(context.Background(), home, func(tx domain.Tx) error {
		if err := tx.Write(g.ws); err != nil {
			return err
		}
		return kept()
	})
	_ = kept() // told above unless the store went away before; the file may be closed after us
	if err == nil && e.committed != nil {
		e.committed(g.ws.Events)
	}
	return err
}

// keep begins to store new keys; the function it gives waits for the outcome.
func (e *Engine) keep(keys map[string][]byte) (kept func() error) {
	if len(keys) == 0 {
		return func() error { return nil }
	}
	done := make(chan error, 1)
	go func() { done <- e.vault.Add(context.Background(), keys) }()
	return sync.OnceValue(func() error { return <-done })
}

// attempt decides one command on a branch of the group and merges it if it
// succeeds. A panic in a rule fails that command only.
func (e *Engine) attempt(ctx context.Context, o *overlay, cmd domain.Command) (res Result) {
	defer func() {
		if p := recover(); p != nil {
			res = Result{Err: domain.Failf(domain.Internal, "", "panic", "系统内部错误：%v", "internal error: %v", p)}
		}
	}()
	d := o.branch()
	r, err := e.decide(ctx, d, cmd)
	if err != nil {
		return Result{Receipt: r, Err: err}
	}
	d.commit()
	return Result{Receipt: r}
}
