package app

import (
	"context"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/kit/measure"
)

type benchCmd struct {
	records
	Seconds int   `default:"3" help:"length of each run"`
	Callers []int `default:"1,8,64" help:"numbers of callers at the same time"`
}

// Run measures how many durable actions this machine's disk and database do: a
// complaint with sealed personal data is received, again and again. It works on
// records of its own: a folder inside --data that is removed, or an empty
// PostgreSQL database. make bench measures the rest of the budgets.
func (c *benchCmd) Run(ctx context.Context, g *globals, out io.Writer) error {
	if err := os.MkdirAll(c.Data, 0o700); err != nil {
		return err
	}
	dir, err := os.MkdirTemp(c.Data, "bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	a, err := Open(ctx, Options{Data: dir, DB: c.DB, Catalogue: g.Catalogue})
	if err != nil {
		return err
	}
	defer a.Close()
	if n, err := a.events(ctx); err != nil {
		return err
	} else if n > 0 {
		return domain.Fail(domain.Refused, "db", "empty", "测速会写入记录，请使用空数据库", "measuring writes records: name an empty database")
	}
	fmt.Fprintln(out, "durable actions (a complaint received, personal data sealed)\ncallers  per second      p50      p99")
	for _, n := range c.Callers {
		load, err := measure.Callers(n, time.Duration(c.Seconds)*time.Second, func(int, int) error {
			_, err := a.Engine.Do(ctx, domain.Command{Kind: "complaint.complaint", Action: "receive", Area: "330902",
				Actor: domain.System("bench"), Input: map[string]any{"complainant": "测速", "goods": "测速商品"}})
			return err
		})
		if err != nil {
			return err
		}
		fmt.Fprintf(out, "%7d  %10.0f  %7s  %7s\n", n, load.Rate(), measure.MS(load.At(0.5)), measure.MS(load.At(0.99)))
	}
	return nil
}
