package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"time"

	"github.com/dinghai/dinghai/store"
	"github.com/dinghai/dinghai/web"
)

type serveCmd struct {
	records
	Listen  string `default:"localhost:8080" help:"address to listen on" placeholder:"ADDR"`
	Figures string `help:"list of stated figures; default the one of the demo" type:"existingfile" placeholder:"FILE"`
}

// Run serves the pages and does the clockwork until it is stopped.
func (c *serveCmd) Run(ctx context.Context, g *globals, out io.Writer) error {
	a, err := c.open(ctx, g, false)
	if err != nil {
		return err
	}
	defer a.Close()
	if err := a.lead(ctx); err != nil {
		return err
	}
	go a.clockwork(ctx)
	return a.serve(ctx, c.Listen, c.Figures, nil, out)
}

// lead takes the database for this process and listens for work of others, or
// says that somebody has it.
func (a *App) lead(ctx context.Context) error {
	if held, err := a.hold(ctx); err != nil {
		return err
	} else if !held {
		return errHeld
	}
	return a.listenSocket(ctx)
}

var errHeld = errors.New("another process serves this database; stop it first (dinghai import and erase hand their work to it)")

// hold takes the lease and keeps it until the context ends.
func (a *App) hold(ctx context.Context) (bool, error) {
	host, _ := os.Hostname()
	owner := fmt.Sprintf("%s/%d", host, os.Getpid())
	held, err := a.Store.Acquire(ctx, owner)
	if err != nil || !held {
		return false, err
	}
	go func() {
		tick := time.NewTicker(store.LeaseTime / 3)
		defer tick.Stop()
		for {
			select {
			case <-ctx.Done():
				_ = a.Store.Release(context.WithoutCancel(ctx), owner)
				return
			case <-tick.C:
				if ok, err := a.Store.Renew(ctx, owner); err == nil && !ok && ctx.Err() == nil {
					slog.Error("the lease was lost; another process has the database")
				}
			}
		}
	}()
	return true, nil
}

// clockwork performs lapses, watches and the outbox while the process runs.
func (a *App) clockwork(ctx context.Context) {
	tick := time.NewTicker(2 * time.Second)
	defer tick.Stop()
	var swept string
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		if today := string(a.Engine.Today()); today != swept {
			if err := a.day(ctx); err != nil {
				slog.Error("daily work", "err", err)
				continue
			}
			swept = today
		}
		if _, err := a.Jobs.Drain(ctx); err != nil && ctx.Err() == nil {
			slog.Error("outbox", "err", err)
		}
	}
}

// day does what a new day brings.
func (a *App) day(ctx context.Context) error {
	if _, err := a.Jobs.Sweep(ctx); err != nil {
		return err
	}
	_, err := a.Jobs.Watch(ctx)
	return err
}

// serve answers pages on an address until the context ends.
func (a *App) serve(ctx context.Context, listen, figuresFile string, progress func() web.Progress, out io.Writer) error {
	reports, err := a.reports(figuresFile)
	if err != nil {
		return err
	}
	l, err := net.Listen("tcp", listen)
	if err != nil {
		return err
	}
	h, err := web.New(web.Config{Engine: a.Engine, Reports: reports, Title: a.bureau(), Area: "330900", Demo: a.meta("demo") != "" || progress != nil,
		OfficerView: loopback(l.Addr()), Work: a.Store, Progress: progress, Through: a.defaultEnd})
	if err != nil {
		return errors.Join(err, l.Close())
	}
	srv := &http.Server{Handler: h, ReadHeaderTimeout: 10 * time.Second, IdleTimeout: 2 * time.Minute}
	context.AfterFunc(ctx, func() {
		stop, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
		defer cancel()
		_ = srv.Shutdown(stop)
	})
	_, port, _ := net.SplitHostPort(l.Addr().String())
	fmt.Fprintf(out, "http://localhost:%s\n", port)
	if err := srv.Serve(l); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

func loopback(a net.Addr) bool {
	t, ok := a.(*net.TCPAddr)
	return ok && t.IP.IsLoopback()
}
