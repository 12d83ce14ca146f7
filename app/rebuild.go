package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/engine"
)

type rebuildCmd struct{ records }

// Run makes every projection again from the events and puts it in place.
func (c *rebuildCmd) Run(ctx context.Context, g *globals, out io.Writer) error {
	a, err := c.openAlone(ctx, g)
	if err != nil {
		return err
	}
	defer a.Close()
	began := time.Now()
	total, err := a.rebuild(ctx, func(n int) { fmt.Fprintf(g.stderr, "\rrebuild: %d events", n) })
	fmt.Fprintln(g.stderr)
	if err != nil {
		return err
	}
	took := time.Since(began)
	fmt.Fprintf(out, "rebuilt from %d events in %.1f s (%.0f events/s)\n", total, took.Seconds(), float64(total)/took.Seconds())
	return nil
}

// rebuild makes the projections in shadow and puts them in place, catching up
// with what was written meanwhile.
func (a *App) rebuild(ctx context.Context, progress func(int)) (int, error) {
	sh, err := a.Store.Shadow(ctx)
	if err != nil {
		return 0, err
	}
	total := 0
	for {
		n, err := a.Engine.Replay(ctx, a.Store, sh, engine.Alone, func(n int) { progress(total + n) })
		total += n
		if err == nil {
			err = sh.Swap(ctx)
			if domain.ErrorCode(err) == domain.Conflict {
				continue // somebody wrote meanwhile: catch up
			}
		}
		if err != nil {
			return total, errors.Join(err, sh.Discard(context.WithoutCancel(ctx)))
		}
		return total, nil
	}
}

type verifyCmd struct {
	records
	Max    int    `default:"20" help:"stop after so many differences"`
	Report string `help:"check the signature of a published report instead" type:"existingfile" placeholder:"FILE"`
	Key    string `help:"public key it was signed with; default report.pub in --data" type:"existingfile" placeholder:"FILE"`
}

// Run proves that what is stored is what the events say; exit 1 with a list
// otherwise.
func (c *verifyCmd) Run(ctx context.Context, g *globals, out io.Writer) error {
	if c.Report != "" {
		return c.report(out)
	}
	a, err := c.openAlone(ctx, g)
	if err != nil {
		return err
	}
	defer a.Close()
	found, n, err := a.verify(ctx, c.Max, func(n int) { fmt.Fprintf(g.stderr, "\rverify: %d events", n) })
	fmt.Fprintln(g.stderr)
	if err != nil {
		return err
	}
	for _, f := range found {
		fmt.Fprintln(out, f)
	}
	if len(found) > 0 {
		return errFindings
	}
	fmt.Fprintf(out, "clean: %d events, projections, roll-ups and numbers agree\n", n)
	return nil
}

// report proves a published file, without the records.
func (c *verifyCmd) report(out io.Writer) error {
	f, err := c.signedReport(c.Report, c.Key)
	if err != nil {
		return err
	}
	id, err := f.ID()
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "signature holds: report %s of %s, %s to %s, %d figures\n", id, f.At.Format("2006-01-02"), f.From, f.To, len(f.Figures))
	return nil
}

func (a *App) verify(ctx context.Context, limit int, progress func(int)) ([]string, int, error) {
	sh, err := a.Store.Shadow(ctx)
	if err != nil {
		return nil, 0, err
	}
	defer sh.Discard(context.WithoutCancel(ctx)) //nolint:errcheck // a left shadow is dropped by the next
	n, err := a.Engine.Replay(ctx, a.Store, sh, engine.Alone, progress)
	if err != nil {
		return nil, n, err
	}
	found, err := a.Store.Compare(ctx, sh, limit)
	if err != nil {
		return nil, n, err
	}
	rolls, err := a.Store.CheckRollups(ctx, limit)
	return append(found, rolls...), n, err
}
