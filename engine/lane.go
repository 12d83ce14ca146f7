package engine

import (
	"context"
	"sync"

	"github.com/dinghai/dinghai/domain"
)

// A lane is the one committer of a home (of all homes on SQLite). Commands that
// wait while it writes are decided together and go into the next transaction.
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

// run decides one group while the one before it is being written. What is
// decided meanwhile reads through the group in flight; should its write fail,
// the decisions made on it are made again.
func (e *Engine) run(home int, l *lane) {
	var ahead *group // being written
	for first := range l.queue {
		g := &group{jobs: l.collect(first, e.store.GroupSize())}
		e.decideGroup(g, ahead)
		if ahead != nil && !<-ahead.written {
			e.decideGroup(g, nil)
		}
		if ahead != nil {
			g.o.ahead = nil // written: its keys are in the vault
		}
		ahead = e.launch(home, g)
	}
	if ahead != nil {
		<-ahead.written
	}
}

// group is commands that share a transaction.
type group struct {
	jobs    []job
	results []Result
	o       *overlay
	ws      *domain.WriteSet
	err     error
	written chan bool // true when the group is in the store as decided
}

func (l *lane) collect(first job, limit int) []job {
	jobs := append(make([]job, 0, limit), first)
	for len(jobs) < limit {
		select {
		case j, ok := <-l.queue:
			if !ok {
				return jobs
			}
			jobs = append(jobs, j)
		default:
			return jobs
		}
	}
	return jobs
}

// decideGroup works the commands out over one state of the store, seen through
// the group in flight.
func (e *Engine) decideGroup(g, ahead *group) {
	g.results, g.ws = make([]Result, len(g.jobs)), nil
	g.err = e.store.Peek(context.Background(), func(tx domain.Tx) error {
		if ahead != nil {
			ahead.o.keepDirty(tx)
			tx = &through{ahead.o}
		}
		g.o = newOverlay(tx)
		if ahead != nil {
			g.o.ahead = ahead.o
		}
		for i, j := range g.jobs {
			if err := j.ctx.Err(); err != nil {
				g.results[i] = Result{Err: domain.Wrap(domain.Unavailable, err)}
				continue
			}
			g.results[i] = e.attempt(j.ctx, g.o, j.cmd)
		}
		if len(g.o.events) == 0 {
			return nil
		}
		var err error
		g.ws, err = e.project(g.o)
		return err
	})
}

// launch hands a decided group to its writer, or answers at once when there is
// nothing to write.
func (e *Engine) launch(home int, g *group) *group {
	if g.err != nil || g.ws == nil {
		g.answer(g.err)
		return nil
	}
	g.written = make(chan bool, 1)
	go func() { g.written <- e.write(home, g) }()
	return g
}

func (g *group) answer(err error) {
	for i, j := range g.jobs {
		if err != nil && g.results[i].Err == nil {
			g.results[i] = Result{Err: err}
		}
		j.done <- g.results[i]
	}
}

// write stores a group: keys first, then everything else in one transaction.
// Should that fail because another writer was faster (a value claimed, a
// position taken), each command is decided and written by itself, so that only
// the guilty one fails.
func (e *Engine) write(home int, g *group) bool {
	err := e.writeOnce(home, g)
	if domain.ErrorCode(err) == domain.Conflict {
		for _, j := range g.jobs {
			one := &group{jobs: []job{j}}
			for try := 0; ; try++ {
				if e.decideGroup(one, nil); one.err == nil && one.ws != nil {
					one.err = e.writeOnce(home, one)
				}
				if domain.ErrorCode(one.err) != domain.Conflict || try == maxTries {
					break
				}
			}
			one.answer(one.err)
		}
		return false
	}
	g.answer(err)
	return err == nil
}

const maxTries = 5

func (e *Engine) writeOnce(home int, g *group) error {
	if len(g.o.sealed) > 0 {
		if err := e.vault.Add(context.Background(), g.o.sealed); err != nil {
			return err
		}
	}
	err := e.store.Update(context.Background(), home, func(tx domain.Tx) error { return tx.Write(g.ws) })
	if err == nil && e.committed != nil {
		e.committed(g.ws.Events)
	}
	return err
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
