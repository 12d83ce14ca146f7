// Package engine is the one door: every business fact is an action on a
// record, decided here against the catalogue and written as an event together
// with what it changed. Nothing else writes business facts.
package engine

import (
	"context"
	"maps"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/dinghai/dinghai/catalogue"
	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/engine/clock"
	"github.com/dinghai/dinghai/engine/indicator"
)

// Vault keeps the keys under which people's data is sealed, outside the
// database, so that destroying a key erases.
type Vault interface {
	Add(ctx context.Context, keys map[string][]byte) error
	Key(ctx context.Context, id string) ([]byte, error) // nil, nil when destroyed or never made
	Destroy(ctx context.Context, id string) error
	BlindKey() []byte
}

// Hook is a system's own rule: loaded facts in, changes and orders out. It
// must be pure.
type Hook func(HookInput) (HookOutput, error)

// HookInput is what a hook may look at.
type HookInput struct {
	Record *domain.Record // as it will be after the action's own steps
	Input  map[string]any
	On     domain.Date
	Actor  string
	Pools  map[string][]*domain.Record // the populations the action loads
	Lists  func(list, code, attr string) string
}

// HookOutput is what a hook decides.
type HookOutput struct {
	Set    map[string]any
	Orders []Order
}

// Order is an action a hook or an effect asks for, on a record or a new one.
type Order struct {
	Kind   string
	Action string
	To     domain.Ref // zero = open a record
	Of     domain.Ref
	Area   string
	Input  map[string]any
	Carry  map[string]string // sealed fields of the new record ← those of the ordering one
	Link   string            // role under which the ordering record remembers the new one
	Keep   string            // its field that receives the reference

	id   string // of the record to be opened, known before it exists
	home int
}

// Config is what an engine is made of. Now and NewID are injected: the same
// clock and id source give the same records.
type Config struct {
	Catalogue *catalogue.Catalogue
	Store     Store
	Vault     Vault
	Now       func() time.Time
	NewID     func(home int, at time.Time) string // called by the lanes of several homes at once
	Hooks     map[string]Hook
	Authority map[string]string // kind → here | mirror, where the catalogue lets one choose
	// Organ finds an authority registered since the catalogue was written, from
	// memory: it is asked while commands are decided. nil, or nil from it, leaves
	// the catalogue's.
	Organ     func(code string) *catalogue.Organ
	Committed func([]domain.Event) // told of each group once it is durable, before its commands are answered; nil = nobody
}

// Engine runs the catalogue over a store.
type Engine struct {
	cat       *catalogue.Catalogue
	store     Store
	vault     Vault
	now       func() time.Time
	newID     func(home int, at time.Time) string
	hooks     map[string]Hook
	authority map[string]string
	organAt   func(string) *catalogue.Organ
	committed func([]domain.Event)
	book      clock.Book
	figures   *indicator.Set
	bureaus   map[int]string // home → its city or county bureau
	watched   map[string][]*catalogue.Trigger
	lanes     lanes
}

// New makes an engine. Close stops its writer lanes.
func New(c Config) *Engine {
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.NewID == nil {
		c.NewID = func(int, time.Time) string { return uuid.Must(uuid.NewV7()).String() }
	}
	return &Engine{
		cat: c.Catalogue, store: c.Store, vault: c.Vault, now: c.Now, newID: c.NewID, hooks: c.Hooks, authority: c.Authority,
		committed: c.Committed, organAt: c.Organ,
		book:    clock.Book{Rules: c.Catalogue.Clocks, Calendar: c.Catalogue.Calendar},
		figures: indicator.NewSet(c.Catalogue),
		bureaus: bureausOf(c.Catalogue),
		watched: watchedBy(c.Catalogue),
		lanes:   lanes{m: map[int]*lane{}},
	}
}

// bureausOf finds the authority of each home: the bureau whose area it is.
func bureausOf(c *catalogue.Catalogue) map[int]string {
	m := map[int]string{}
	for _, o := range c.OrganList() {
		if home := c.HomeOf(o.Area); (o.Kind == "city" || o.Kind == "county") && m[home] == "" {
			m[home] = o.Organ
		}
	}
	return m
}

// Catalogue gives the definitions the engine runs.
func (e *Engine) Catalogue() *catalogue.Catalogue { return e.cat }

// Reader gives read access to the store.
func (e *Engine) Reader() domain.Reader { return e.store.Reader() }

// Book gives the clock rules.
func (e *Engine) Book() clock.Book { return e.book }

// Organ finds an authority by its code; nil if there is none.
func (e *Engine) Organ(code string) *catalogue.Organ {
	if e.organAt != nil {
		if o := e.organAt(code); o != nil {
			return o
		}
	}
	return e.cat.Organs[code]
}

// Today is the local date of the injected clock.
func (e *Engine) Today() domain.Date { return dateOf(e.now()) }

// Now is the injected clock.
func (e *Engine) Now() time.Time { return e.now() }

func dateOf(t time.Time) domain.Date { return domain.Date(t.In(clock.Zone).Format("2006-01-02")) }

// Do performs one command durably and answers with its receipt. The error, if
// any, is a *domain.Error listing everything that is wrong; then nothing was
// written.
func (e *Engine) Do(ctx context.Context, cmd domain.Command) (domain.Receipt, error) {
	a := newAnswers(1)
	e.submit(job{ctx: ctx, cmd: cmd, to: a})
	r := a.wait()[0]
	return r.Receipt, r.Err
}

// Result is the answer to one command of a batch.
type Result struct {
	Receipt domain.Receipt
	Err     error
}

// DoAll performs commands in order, as many to a transaction as the store
// likes. A failing command does not stop the others. People go ahead of them.
func (e *Engine) DoAll(ctx context.Context, cmds []domain.Command) []Result {
	return e.doAll(ctx, cmds, false)
}

// DoAhead is DoAll for work that can begin anew from nothing: it answers when
// the commands are decided, before they are durable. What readers see comes
// later, at the latest with Settle, which also tells whether all was written.
func (e *Engine) DoAhead(ctx context.Context, cmds []domain.Command) []Result {
	return e.doAll(ctx, cmds, true)
}

func (e *Engine) doAll(ctx context.Context, cmds []domain.Command, early bool) []Result {
	a := newAnswers(len(cmds))
	for i, c := range cmds {
		e.submit(job{ctx: ctx, cmd: c, to: a, at: i, bulk: early || len(cmds) > 1, early: early})
	}
	return a.wait()
}

// Settle waits until everything asked for with DoAhead is durable. An error
// means that something answered was lost.
func (e *Engine) Settle(ctx context.Context) error {
	e.lanes.mu.RLock()
	open := slices.Collect(maps.Values(e.lanes.m))
	if e.lanes.closed {
		open = nil
	}
	a := newAnswers(len(open))
	for i, l := range open {
		e.queue(l, job{ctx: ctx, to: a, at: i, bulk: true, marker: true})
	}
	e.lanes.mu.RUnlock()
	for _, r := range a.wait() {
		if r.Err != nil {
			return r.Err
		}
	}
	return nil
}

// Check is Do without commit: it tells what would happen, or why not. It takes
// no writer's turn.
func (e *Engine) Check(ctx context.Context, cmd domain.Command) (domain.Receipt, error) {
	var rec domain.Receipt
	err := e.store.Peek(ctx, func(tx domain.Tx) error {
		var err error
		rec, err = e.decide(ctx, newOverlay(tx).branch(), cmd)
		return err
	})
	return rec, err
}

// homeOf is the home a command writes to.
func (e *Engine) homeOf(c domain.Command) int {
	switch {
	case !c.Record.Zero():
		return c.Record.Home
	case e.ofCity(c.Kind):
		return e.cat.City().Home
	case c.Home != 0:
		return c.Home
	case c.Area != "":
		return e.cat.HomeOf(c.Area)
	}
	return c.Of.Home
}

// ofCity reports whether records of a kind are registered with the city bureau
// wherever they are.
func (e *Engine) ofCity(kind string) bool {
	k := e.cat.Kinds[kind]
	return k != nil && k.Home == "city"
}

// Figures gives the indicators the engine keeps rows for.
func (e *Engine) Figures() *indicator.Set { return e.figures }

// watchedBy sorts the live items by the event type they watch.
func watchedBy(c *catalogue.Catalogue) map[string][]*catalogue.Trigger {
	m := map[string][]*catalogue.Trigger{}
	for _, t := range c.TriggerList() {
		if t.On != "" && t.Live != "" {
			m[t.On] = append(m[t.On], t)
		}
	}
	return m
}

// Watching lists the live items on an event type.
func (e *Engine) Watching(event string) []*catalogue.Trigger { return e.watched[event] }
