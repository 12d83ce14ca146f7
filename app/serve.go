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

	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/jobs"
	"github.com/dinghai/dinghai/jobs/forms"
	"github.com/dinghai/dinghai/store"
	"github.com/dinghai/dinghai/store/files"
	"github.com/dinghai/dinghai/web"
)

type serveCmd struct {
	records
	loginFlags
	noticeFlags
	mapFlags
	Listen  string `default:"localhost:8080" help:"address to listen on" placeholder:"ADDR"`
	Figures string `help:"list of stated figures; default the one of the demo" type:"existingfile" placeholder:"FILE"`
	Scan    string `help:"program that looks through every file that arrives, e.g. 'clamdscan --fdpass --no-summary'; it is given the file's name and ends with 0 for clean, 1 for refused" env:"DINGHAI_SCAN" placeholder:"CMD"`
	Standby bool   `help:"while another process has the database, wait and take over when it ends"`
}

// Run serves the pages and does the clockwork until it is stopped.
func (c *serveCmd) Run(ctx context.Context, g *globals, out io.Writer) error {
	a, err := c.open(ctx, g, false)
	if err != nil {
		return err
	}
	defer a.Close()
	var wait io.Writer
	if c.Standby {
		wait = g.stderr
	}
	if ctx, err = a.lead(ctx, wait); err != nil {
		return err
	}
	if err := errors.Join(c.noticeFlags.configure(a), c.mapFlags.read(a)); err != nil {
		return err
	}
	if cmd := files.ScanCommand(c.Scan); len(cmd) > 0 {
		a.Files.Scan = cmd
	}
	a.work.Go(func() { a.clockwork(ctx) })
	if err := a.serve(ctx, c.Listen, c.Figures, &c.loginFlags, nil, out); err != nil {
		return err
	}
	return ended(ctx)
}

// ended is why a context ended, nil when somebody asked for it.
func ended(ctx context.Context) error {
	if err := context.Cause(ctx); err != nil && !errors.Is(err, context.Canceled) {
		return err
	}
	return nil
}

// lead takes the database for this process and listens for work of others.
// Should somebody have it, it says so, or stands by when wait is told. The
// context it gives ends when the lease is lost.
func (a *App) lead(ctx context.Context, wait io.Writer) (context.Context, error) {
	ctx, a.stop = context.WithCancelCause(ctx)
	for said := false; ; said = true {
		held, err := a.hold(ctx, a.stop)
		switch {
		case held:
			return ctx, a.listenSocket(ctx)
		case wait != nil && (err == nil || domain.ErrorCode(err) == domain.Unavailable):
		case err != nil:
			return nil, err
		default:
			return nil, errHeld
		}
		if !said {
			fmt.Fprintln(wait, "another process has the database: standing by")
		}
		select {
		case <-ctx.Done():
			return nil, context.Cause(ctx)
		case <-time.After(time.Second):
		}
	}
}

var (
	errHeld = errors.New("another process serves this database; stop it first (dinghai import and erase hand their work to it)")
	errLost = errors.New("the lease was lost; another process has the database")
)

// hold takes the lease and keeps it until Close; lost is told should another
// process get it.
func (a *App) hold(ctx context.Context, lost context.CancelCauseFunc) (bool, error) {
	host, _ := os.Hostname()
	owner := fmt.Sprintf("%s/%d", host, os.Getpid())
	held, err := a.Store.Acquire(ctx, owner)
	if err != nil || !held {
		return false, err
	}
	stop, stopped := make(chan struct{}), make(chan struct{})
	a.release = func() {
		close(stop)
		<-stopped
		_ = a.Store.Release(context.WithoutCancel(ctx), owner) // else it expires
		a.release = nil
	}
	go func() {
		defer close(stopped)
		a.renew(context.WithoutCancel(ctx), owner, stop, lost)
	}()
	return true, nil
}

// renew keeps the lease. A store that is away for a while keeps it for us: only
// another owner ends it.
func (a *App) renew(ctx context.Context, owner string, stop <-chan struct{}, lost context.CancelCauseFunc) {
	tick := time.NewTicker(store.LeaseTime / 3)
	defer tick.Stop()
	for {
		select {
		case <-stop:
			return
		case <-tick.C:
		}
		if ok, err := a.Store.Renew(ctx, owner); err == nil && !ok {
			slog.Error(errLost.Error())
			lost(errLost)
			return
		}
	}
}

// clockwork performs what runs by itself while the process runs: some of it
// every other second, the rest once a day or when somebody asks for it.
func (a *App) clockwork(ctx context.Context) {
	tick := time.NewTicker(2 * time.Second)
	defer tick.Stop()
	done := map[string]string{} // day by job
	rest := map[string]time.Time{}
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		today := string(a.Engine.Today())
		for _, name := range jobs.RunNames {
			asked := a.Runs.Asked(name)
			if !asked && (jobs.Daily(name) && done[name] == today || time.Now().Before(rest[name])) {
				continue
			}
			if err := a.Runs.Do(ctx, name, a.work1(name)); err != nil {
				if ctx.Err() == nil {
					slog.Error("job", "name", name, "err", err)
				}
				rest[name] = time.Now().Add(afterFailure) // it holds up none of the others
				continue
			}
			done[name] = today
		}
	}
}

// afterFailure is how long a job rests before it is tried again.
const afterFailure = 30 * time.Second

// work1 is what one job does.
func (a *App) work1(name string) func(context.Context) (int, error) {
	switch name {
	case jobs.RunOutbox:
		return a.Jobs.Drain
	case jobs.RunSend:
		return a.Notices.Send
	case jobs.RunCalendar:
		return a.calendar
	case jobs.RunLapse:
		return a.Jobs.Sweep
	case jobs.RunWatch:
		return a.Jobs.Watch
	case jobs.RunForms:
		return forms.Filler{Engine: a.Engine, Files: a.Files}.Monthly
	case jobs.RunDue:
		return a.Notices.Daily
	case jobs.RunIndex:
		return a.index
	}
	return func(ctx context.Context) (int, error) {
		n, err := a.Files.Sweep(ctx)
		return n, errors.Join(err, a.sweepOutgoing())
	}
}

// calendar takes over the days off that were entered and moves the deadlines.
func (a *App) calendar(ctx context.Context) (int, error) {
	if _, err := a.Jobs.Calendar(ctx); err != nil {
		return 0, err
	}
	return a.Jobs.Retime(ctx)
}

// serve answers pages on an address until the context ends.
func (a *App) serve(ctx context.Context, listen, figuresFile string, login *loginFlags, progress func() web.Progress, out io.Writer) error {
	reports, err := a.reports(figuresFile)
	if err != nil {
		return err
	}
	proxies, err := login.proxies()
	if err == nil {
		err = login.configure(a)
	}
	if err != nil {
		return err
	}
	l, err := net.Listen("tcp", listen)
	if err != nil {
		return err
	}
	base := login.base(l.Addr())
	a.Access.DemoPasswords = loopback(l.Addr())
	login.passkeys(a, base)
	if err := a.Access.Refresh(ctx); err != nil {
		return errors.Join(err, l.Close())
	}
	begin, err := texts(a.Options.Catalogue)
	if err != nil {
		return errors.Join(err, l.Close())
	}
	h, err := web.New(web.Config{Publisher: publisher{a}, Wordings: begin, Access: a.Access, PublicURL: base, Proxies: proxies,
		Engine: a.Engine, Reports: reports, Title: a.bureau(), Area: rootArea, Demo: a.meta("demo") != "" || progress != nil,
		Work: a.Store, Notices: a.Notices, Runs: a.Runs, Lint: a.lint, Map: a.Map, Files: a.Files, Progress: progress, Through: a.defaultEnd})
	if err != nil {
		return errors.Join(err, l.Close())
	}
	srv := &http.Server{Handler: h, ReadHeaderTimeout: 10 * time.Second, IdleTimeout: 2 * time.Minute}
	a.endWith(ctx, srv)
	fmt.Fprintln(out, base)
	if progress == nil {
		if err := login.welcome(ctx, a, base, out); err != nil {
			return errors.Join(err, l.Close())
		}
	} else if a.Access.DemoPasswords {
		a.tellPeople(out)
	}
	if login.TLSCert != "" {
		err = srv.ServeTLS(l, login.TLSCert, login.TLSKey)
	} else {
		err = srv.Serve(l)
	}
	if !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// endWith lets a server finish what it is answering when the context ends;
// Close waits for it.
func (a *App) endWith(ctx context.Context, srv *http.Server) {
	a.work.Go(func() {
		<-ctx.Done()
		stop, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
		defer cancel()
		_ = srv.Shutdown(stop)
	})
}

func loopback(a net.Addr) bool {
	t, ok := a.(*net.TCPAddr)
	return ok && t.IP.IsLoopback()
}
