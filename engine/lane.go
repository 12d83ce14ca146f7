package engine

import (
	"context"
	"sync"

	"github.com/dinghai/dinghai/domain"
)

// A lane is the one committer of a home (of all homes on SQLite). Commands that
// wait while it commits go together into the next transaction.
type lane struct {
	queue chan job
}

type job struct {
	ctx  context.Context
	cmd  domain.Command
	done chan Result
}

type lanes struct {
	mu     sync.Mutex
	m      map[int]*lane
	closed bool
	wg     sync.WaitGroup
}

// submit queues a command for its lane.
func (e *Engine) submit(ctx context.Context, cmd domain.Command) <-chan Result {
	done := make(chan Result, 1)
	home := e.homeOf(cmd)
	if home == 0 {
		done <- Result{Err: domain.Fail(domain.Invalid, "area", "required", "请选择辖区，系统据此确定登记机关", "choose an area: it decides which organ registers the record")}
		return done
	}
	l := e.lane(home)
	if l == nil {
		done <- Result{Err: domain.Fail(domain.Unavailable, "", "closing", "系统正在关闭，请稍后再试", "the system is shutting down; try again later")}
		return done
	}
	select {
	case l.queue <- job{ctx, cmd, done}:
	case <-ctx.Done():
		done <- Result{Err: domain.Wrap(domain.Unavailable, ctx.Err())}
	}
	return done
}

func (e *Engine) lane(home int) *lane {
	if e.store.Lanes() == 1 {
		home = 0
	}
	e.lanes.mu.Lock()
	defer e.lanes.mu.Unlock()
	if e.lanes.closed {
		return nil
	}
	l := e.lanes.m[home]
	if l == nil {
		l = &lane{queue: make(chan job, 4096)}
		e.lanes.m[home] = l
		e.lanes.wg.Go(func() { e.run(home, l) })
	}
	return l
}

// Close waits for what is queued and stops the lanes.
func (e *Engine) Close() {
	e.lanes.mu.Lock()
	if !e.lanes.closed {
		e.lanes.closed = true
		for _, l := range e.lanes.m {
			close(l.queue)
		}
	}
	e.lanes.mu.Unlock()
	e.lanes.wg.Wait()
}

func (e *Engine) run(home int, l *lane) {
	limit := e.store.GroupSize()
	for first := range l.queue {
		group := append(make([]job, 0, limit), first)
	fill:
		for len(group) < limit {
			select {
			case j, ok := <-l.queue:
				if !ok {
					break fill
				}
				group = append(group, j)
			default:
				break fill
			}
		}
		e.commit(home, group)
	}
}

// commit decides and writes a group. Should the write itself fail (a value
// claimed by another home at the same moment), each command gets its own
// transaction, so that only the guilty one fails.
func (e *Engine) commit(home int, group []job) {
	results, err := e.tryGroup(home, group)
	if err != nil && len(group) > 1 && domain.ErrorCode(err) == domain.Conflict {
		for _, j := range group {
			e.commit(home, []job{j})
		}
		return
	}
	for i, j := range group {
		if err != nil && results[i].Err == nil {
			results[i] = Result{Err: err}
		}
		j.done <- results[i]
	}
}

func (e *Engine) tryGroup(home int, group []job) ([]Result, error) {
	results := make([]Result, len(group))
	err := e.store.Update(context.Background(), home, func(tx domain.Tx) error {
		o := newOverlay(tx)
		for i, j := range group {
			if err := j.ctx.Err(); err != nil {
				results[i] = Result{Err: domain.Wrap(domain.Unavailable, err)}
				continue
			}
			results[i] = e.attempt(j.ctx, o, j.cmd)
		}
		return e.flush(o)
	})
	return results, err
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

// flush writes what the group decided: keys first, then everything else in the
// store's transaction.
func (e *Engine) flush(o *overlay) error {
	if len(o.events) == 0 {
		return nil
	}
	if len(o.sealed) > 0 {
		if err := e.vault.Add(context.Background(), o.sealed); err != nil {
			return err
		}
	}
	ws, err := e.project(o)
	if err != nil {
		return err
	}
	return o.tx.Write(ws)
}
