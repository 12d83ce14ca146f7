package app

import (
	"context"
	"fmt"
	"io"

	"github.com/dinghai/dinghai/store"
)

type catalogueMigrate struct{ records }

// Run applies new indicator definitions to old events: all projections are made
// again, then the definitions are pinned.
func (c *catalogueMigrate) Run(ctx context.Context, g *globals, out io.Writer) error {
	now, err := g.clock()
	if err != nil {
		return err
	}
	a, err := Open(ctx, Options{Data: c.Data, DB: c.DB, Catalogue: g.Catalogue, Now: now, Migrating: true})
	if err != nil {
		return err
	}
	defer a.Close()
	if held, err := a.hold(ctx, func(error) {}); err != nil {
		return err
	} else if !held {
		return errHeld
	}
	fresh, err := a.pinIndicators(ctx, true)
	if err != nil {
		return err
	}
	if len(fresh) == 0 {
		fmt.Fprintln(out, "nothing to do: every figure has its rows")
		return nil
	}
	n, err := a.rebuild(ctx, func(n int) { fmt.Fprintf(g.stderr, "\rmigrate: %d events", n) })
	fmt.Fprintln(g.stderr)
	if err != nil {
		return err
	}
	for _, name := range fresh {
		x := a.Catalogue.Indicators[name]
		content, err := definition(x)
		if err != nil {
			return err
		}
		if err := a.Store.Pin(ctx, store.Definition{Kind: pinIndicator, Name: x.Indicator, Version: x.Version, Content: content}); err != nil {
			return err
		}
	}
	fmt.Fprintf(out, "%d figures over %d events: %v\n", len(fresh), n, fresh)
	return nil
}
