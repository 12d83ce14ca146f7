package jobs

import (
	"context"
	"encoding/json"
	"sync"
	"time"
)

// The names of what runs by itself, in the order the pages show them.
const (
	RunOutbox   = "outbox"   // orders between homes, erasures, tellings
	RunSend     = "send"     // notices that leave the product
	RunCalendar = "calendar" // a year's days off taken over
	RunLapse    = "lapse"    // clocks whose end is an act
	RunWatch    = "watch"    // items that follow due dates
	RunDue      = "due"      // deadlines told to whose they are
	RunForms    = "forms"    // forms of higher offices filled for the month before
	RunFiles    = "files"    // uploads nobody used, messages written to files
	RunIndex    = "index"    // indexes for the filters of long lists
)

// RunNames lists them.
var RunNames = []string{RunOutbox, RunSend, RunCalendar, RunLapse, RunWatch, RunDue, RunForms, RunFiles, RunIndex}

// Daily tells which of them run once a day; the others run all the time.
func Daily(name string) bool {
	return name == RunLapse || name == RunWatch || name == RunDue || name == RunForms || name == RunFiles || name == RunIndex
}

// Run is what became of the last time something ran.
type Run struct {
	At     time.Time     `json:"at"`
	Took   time.Duration `json:"took"`
	Done   int           `json:"done"` // of the last time it did something
	DoneAt time.Time     `json:"done_at,omitzero"`
	Error  string        `json:"error,omitempty"` // of the last time, "" when it went well
	Failed time.Time     `json:"failed,omitzero"` // when it last went wrong
}

// Notes keeps texts under names.
type Notes interface {
	Meta(ctx context.Context, name string) (string, error)
	SetMeta(ctx context.Context, name, value string) error
}

// Runs remembers what ran. What matters is kept in the database, so that it
// outlives the process: that something was done, that it failed, that it went
// well again.
type Runs struct {
	Notes Notes

	mu    sync.Mutex
	last  map[string]Run
	asked map[string]bool
}

const runNote = "job."

// Do runs something and notes it.
func (r *Runs) Do(ctx context.Context, name string, fn func(context.Context) (int, error)) error {
	began := time.Now()
	n, err := fn(ctx)
	if ctx.Err() != nil {
		return err // asked to stop: neither success nor failure
	}
	run, known, e := r.get(ctx, name)
	if e != nil {
		return e
	}
	was := run
	run.At, run.Took, run.Error = began.UTC(), time.Since(began), ""
	if n > 0 {
		run.Done, run.DoneAt = n, run.At
	}
	if err != nil {
		run.Error, run.Failed = err.Error(), run.At
	}
	r.put(name, run)
	if !known || n > 0 || run.Error != was.Error || Daily(name) {
		if e := r.write(ctx, name, run); err == nil {
			err = e
		}
	}
	return err
}

func (r *Runs) write(ctx context.Context, name string, run Run) error {
	b, err := json.Marshal(run)
	if err != nil {
		return err
	}
	return r.Notes.SetMeta(ctx, runNote+name, string(b))
}

func (r *Runs) put(name string, run Run) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.last == nil {
		r.last = map[string]Run{}
	}
	r.last[name] = run
}

// get gives the last run, from memory or as an earlier process left it.
func (r *Runs) get(ctx context.Context, name string) (run Run, known bool, err error) {
	r.mu.Lock()
	run, known = r.last[name]
	r.mu.Unlock()
	if known {
		return run, true, nil
	}
	text, err := r.Notes.Meta(ctx, runNote+name)
	if err != nil || text == "" {
		return run, false, err
	}
	return run, false, json.Unmarshal([]byte(text), &run)
}

// Last gives what became of something the last time; the zero Run if it never
// ran.
func (r *Runs) Last(ctx context.Context, name string) (Run, error) {
	run, _, err := r.get(ctx, name)
	return run, err
}

// Ask has something run again as soon as possible.
func (r *Runs) Ask(name string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.asked == nil {
		r.asked = map[string]bool{}
	}
	r.asked[name] = true
}

// Asked tells whether somebody asked for something, and forgets it.
func (r *Runs) Asked(name string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	yes := r.asked[name]
	delete(r.asked, name)
	return yes
}
