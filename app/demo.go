package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime/debug"
	"sync"
	"time"

	"github.com/dinghai/dinghai/demo"
	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/web"
)

type demoCmd struct {
	records
	loginFlags
	noticeFlags
	mapFlags
	Targets string  `help:"targets the records must add up to; default the bureau of the year 2023" type:"existingfile" placeholder:"FILE"`
	Figures string  `help:"list of stated figures the report is held against" type:"existingfile" placeholder:"FILE"`
	Seed    uint64  `help:"another seed makes other firms and dates"`
	Scale   float64 `help:"1 is the whole bureau, 0.02 a fiftieth"`
	Listen  string  `default:"localhost:8080" help:"address of the pages" placeholder:"ADDR"`
	NoServe bool    `help:"make the records and stop"`
}

// Run makes the demo bureau, if it is not there yet, and serves it. The clock
// starts where the targets say and runs on.
func (c *demoCmd) Run(ctx context.Context, g *globals, out io.Writer) error {
	targets, err := c.targets()
	if err != nil {
		return err
	}
	clk := &demoClock{}
	clk.Set(targets.Clock)
	seed := c.Seed
	if seed == 0 {
		seed = targets.Seed
	}
	a, err := Open(ctx, Options{Data: c.Data, DB: c.DB, Catalogue: g.Catalogue, Now: clk.Now, NewID: demo.IDs(seed)})
	if err != nil {
		return err
	}
	defer a.Close()
	if err := errors.Join(c.noticeFlags.configure(a), c.mapFlags.read(a)); err != nil {
		return err
	}
	if ctx, err = a.lead(ctx, nil); err != nil {
		return err
	}
	if a.meta("demo") == "" { // before anybody is served: pages and reports carry the name
		if err := a.Store.SetMeta(ctx, "bureau", targets.Bureau.ZH+"\n"+targets.Bureau.EN); err != nil {
			return err
		}
	}
	p := &progress{}
	make := func() error { return c.make(ctx, a, clk, targets, p, g.stderr) }
	if c.NoServe {
		return make()
	}
	a.work.Go(func() {
		if err := make(); err != nil {
			a.stop(err)
			return
		}
		clk.Run()
		a.clockwork(ctx)
	})
	if err := a.serve(ctx, c.Listen, c.Figures, &c.loginFlags, p.get, out); err != nil {
		return err
	}
	return ended(ctx)
}

func (c *demoCmd) targets() (*demo.Targets, error) {
	if c.Targets == "" {
		return demo.Zhoushan2023()
	}
	b, err := os.ReadFile(c.Targets)
	if err != nil {
		return nil, err
	}
	return demo.Read(b)
}

const demoDone = "done"

// make writes the year once; a database that holds it already is served as it is.
func (c *demoCmd) make(ctx context.Context, a *App, clk *demoClock, t *demo.Targets, p *progress, errOut io.Writer) error {
	switch state := a.meta("demo"); state {
	case demoDone:
		clk.Set(t.Clock)
		p.end()
		return a.makePeople(ctx)
	case "":
	default:
		return fmt.Errorf("%s holds an unfinished demo; remove the folder and start again", filepath.Clean(c.Data))
	}
	for name, v := range map[string]string{"demo": "making", "period_end": string(t.Until)} {
		if err := a.Store.SetMeta(ctx, name, v); err != nil {
			return err
		}
	}
	defer debug.FreeOSMemory()                        // from here on it serves like any other bureau
	defer debug.SetGCPercent(debug.SetGCPercent(400)) // making a year leaves much behind
	began := time.Now()
	a.Jobs.Notices = nil // what happened in a made-up past is told to nobody
	defer func() { a.Jobs.Notices = a.Notices }()
	err := demo.Run(ctx, demo.Options{Engine: a.Engine, Jobs: a.Jobs, Clock: clk, Targets: t, Seed: c.Seed, Scale: c.Scale,
		Progress: func(stage domain.Text, done, total int) {
			p.set(stage, done, total)
			fmt.Fprintf(errOut, "\r%s %d/%d        ", stage.ZH, done, total)
		}})
	fmt.Fprintln(errOut)
	events, e := a.events(ctx)
	if err != nil {
		if events == 0 && e == nil { // refused: the folder is as good as new
			e = a.Store.SetMeta(ctx, "demo", "")
		}
		return errors.Join(err, e)
	}
	if e != nil {
		return e
	}
	if err := a.makePeople(ctx); err != nil {
		return err
	}
	took := time.Since(began).Seconds()
	fmt.Fprintf(errOut, "demo year: %d events in %.1f s (%.0f/s)\n", events, took, float64(events)/took)
	p.end()
	return a.Store.SetMeta(ctx, "demo", demoDone)
}

// events counts what was ever written.
func (a *App) events(ctx context.Context) (total int64, err error) {
	heads, err := a.Engine.Reader().Heads(ctx)
	for _, n := range heads {
		total += n
	}
	return total, err
}

// demoClock is set while the year is made and runs on afterwards.
type demoClock struct {
	mu    sync.RWMutex
	t     time.Time
	since time.Time // real time from which it runs; zero = stands
}

// Now gives the demo's time.
func (c *demoClock) Now() time.Time {
	c.mu.RLock()
	defer c.mu.RUnlock()
	if c.since.IsZero() {
		return c.t
	}
	return c.t.Add(time.Since(c.since))
}

// Set puts the clock to a time.
func (c *demoClock) Set(t time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.t = t
}

// Run lets it run on.
func (c *demoClock) Run() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.since = time.Now()
}

// progress is how far the making is, for the home page.
type progress struct {
	mu sync.Mutex
	p  web.Progress
}

func (p *progress) set(stage domain.Text, done, total int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.p = web.Progress{Running: true, Stage: stage, Done: done, Total: total}
}

func (p *progress) end() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.p = web.Progress{}
}

func (p *progress) get() web.Progress {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.p
}
