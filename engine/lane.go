package engine

import (
	"context"
	"sync"

	"github.com/dinghai/dinghai/domain"
)

// A lane is the one committer of a home (of all homes on SQLite). While one
// group of commands is being written the next is decided over it. People's
// commands go ahead of those that come by the hundred (imports, sweeps).
type lane struct {
	people, bulk chan job
	pace         pace
	failed       error // a write that had been answered before it failed; for the next Settle
}

// job is a command on its way, or a mark behind others.
type job struct {
	ctx    context.Context
	cmd    domain.Command
	to     *answers
	at     int
	bulk   bool // one of many that nobody waits for in person
	early  bool // answered once decided, see DoAhead
	marker bool // no command: answered when all before it is written
}

func (j *job) answer(r Result) { j.to.set(j.at, r) }

// answers are those of a batch.
type answers struct {
	out  []Result
	left sync.WaitGroup
}

func newAnswers(n int) *answers {
	a := &answers{out: make([]Result, n)}
	a.left.Add(n)
	return a
}

func (a *answers) set(i int, r Result) {
	a.out[i] = r
	a.left.Done()
}

func (a *answers) wait() []Result {
	a.left.Wait()
	return a.out
}

type lanes struct {
	mu     sync.RWMutex // held for reading while a command is queued
	m      map[int]*lane
	closed bool
	wg     sync.WaitGroup
}

const queueLength = 4096

// submit queues a command for its lane.
func (e *Engine) submit(j job) {
	home := e.homeOf(j.cmd)
	if home == 0 {
		j.answer(Result{Err: domain.Fail(domain.Invalid, "area", "required", "请选择辖区，系统据此确定承办单位", "choose an area: it decides which organ handles the record")})
		return
	}
	l := e.lane(home)
	if l == nil {
		j.answer(Result{Err: domain.Fail(domain.Unavailable, "", "closing", "系统正在关闭，请稍后再试", "the system is shutting down; try again later")})
		return
	}
	defer e.lanes.mu.RUnlock()
	e.queue(l, j)
}

func (e *Engine) queue(l *lane, j job) {
	queue := l.people
	if j.bulk {
		queue = l.bulk
	}
	select {
	case queue <- j:
	case <-j.ctx.Done():
		j.answer(Result{Err: domain.Wrap(domain.Unavailable, j.ctx.Err())})
	}
}

// lane finds or opens the lane of a home, nil when the engine closes. The
// caller must give the read lock back once it has queued.
func (e *Engine) lane(home int) *lane {
	if e.store.Lanes() == 1 {
		home = 0
	}
	for {
		e.lanes.mu.RLock()
		if l := e.lanes.m[home]; l != nil && !e.lanes.closed {
			return l
		}
		closed := e.lanes.closed
		e.lanes.mu.RUnlock()
		if closed {
			return nil
		}
		e.openLane(home)
	}
}

func (e *Engine) openLane(home int) {
	e.lanes.mu.Lock()
	defer e.lanes.mu.Unlock()
	if e.lanes.closed || e.lanes.m[home] != nil {
		return
	}
	l := &lane{people: make(chan job, queueLength), bulk: make(chan job, queueLength), pace: pace{most: e.store.GroupSize()}}
	e.lanes.m[home] = l
	e.lanes.wg.Go(func() { e.run(home, l) })
}

// Close waits for what is queued and stops the lanes.
func (e *Engine) Close() {
	e.lanes.mu.Lock()
	if !e.lanes.closed {
		e.lanes.closed = true
		for _, l := range e.lanes.m {
			close(l.people)
			close(l.bulk)
		}
	}
	e.lanes.mu.Unlock()
	e.lanes.wg.Wait()
}

// next waits for a command, people's first; false when the lane is closed and
// empty.
func (l *lane) next() (job, bool) {
	if j, ok := l.ready(true); ok {
		return j, true
	}
	select {
	case j, ok := <-l.people:
		if !ok {
			j, ok = <-l.bulk // closed together; one may still have something
		}
		return j, ok
	case j, ok := <-l.bulk:
		if !ok {
			j, ok = <-l.people
		}
		return j, ok
	}
}

// ready gives a command that waits already.
func (l *lane) ready(bulk bool) (j job, ok bool) {
	select {
	case j, ok = <-l.people:
	default:
	}
	if ok || !bulk {
		return j, ok
	}
	select {
	case j, ok = <-l.bulk:
	default:
	}
	return j, ok
}

// waiting is what a lane has for a group. While the writer is busy with the
// group ahead the group may grow to a writer's turn; there is no hurry. As soon
// as the writer is free it gets what there is.
type waiting struct {
	l        *lane
	g, ahead *group
}

// room reports whether the group takes one more command of many.
func (w *waiting) room(free bool) bool {
	if free {
		return w.g.bulk < w.l.pace.turn(false)/4
	}
	return w.g.bulk < w.l.pace.turn(w.g.early > 0)
}

func (w *waiting) ready() (job, bool) { return w.l.ready(w.room(w.ahead.free())) }

func (w *waiting) next() (job, bool) {
	for {
		free := w.ahead.free()
		room := w.room(free)
		if j, ok := w.l.ready(room); ok || free {
			return j, ok
		}
		people, bulk := w.l.people, w.l.bulk
		if !room {
			bulk = nil
		}
		var j job
		var ok bool
		select {
		case j, ok = <-people:
		case j, ok = <-bulk:
		case <-w.ahead.written:
		}
		if ok {
			return j, true
		}
		<-w.ahead.written // or the lane is closing
	}
}
