package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/dinghai/dinghai/domain"
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
		n, err := a.Engine.Replay(ctx, a.Store, sh, func(n int) { progress(total + n) })
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
	Max int `default:"20" help:"stop after so many differences"`
}

// Run proves that what is stored is what the events say; exit 1 with a list
// otherwise.
func (c *verifyCmd) Run(ctx context.Context, g *globals, out io.Writer) error {
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

func (a *App) verify(ctx context.Context, limit int, progress func(int)) ([]string, int, error) {
	sh, err := a.Store.Shadow(ctx)
	if err != nil {
		return nil, 0, err
	}
	defer sh.Discard(context.WithoutCancel(ctx)) //nolint:errcheck // a left shadow is dropped by the next
	n, err := a.Engine.Replay(ctx, a.Store, sh, progress)
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
