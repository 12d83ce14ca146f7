// Command city measures what one bureau feels: the demo year made from nothing
// by the built program, then its start, memory, first pages and lists, all figures for
// random areas and periods, and a person's clicks while everything is rebuilt
// and backed up.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/dinghai/dinghai/app"
	"github.com/dinghai/dinghai/bench/server"
	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/engine"
	"github.com/dinghai/dinghai/engine/indicator"
	"github.com/dinghai/dinghai/kit/measure"
)

var (
	data  = flag.String("data", "", "folder of an existing demo bureau; made when empty")
	scale = flag.Float64("scale", 1, "size of the bureau that is made")
)

func main() {
	flag.Parse()
	if err := run(context.Background()); err != nil {
		fmt.Fprintln(os.Stderr, "bench/city:", err)
		os.Exit(1)
	}
}

type city struct{ bin, data, dir string }

func run(ctx context.Context) error {
	dir, err := os.MkdirTemp("", "dinghai-city")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	c := &city{data: *data, dir: dir}
	if c.bin, err = server.Build(dir, "dinghai", ".", "./cmd/dinghai"); err != nil {
		return err
	}
	fmt.Printf("| measurement, scale %g | reached | bar |\n|---|---|---|\n", *scale)
	for _, step := range []func(context.Context) error{c.year, c.start, c.inside, c.rebuild} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	return nil
}

func row(what, reached, bar string) { fmt.Printf("| %s | %s | %s |\n", what, reached, bar) }

// year makes the demo bureau unless there is one.
func (c *city) year(ctx context.Context) error {
	if c.data != "" {
		return nil
	}
	c.data = filepath.Join(c.dir, "data")
	began := time.Now()
	out, err := exec.CommandContext(ctx, c.bin, "demo", "--data", c.data, "--scale", fmt.Sprint(*scale), "--no-serve").CombinedOutput()
	if err != nil {
		return fmt.Errorf("demo: %w\n%s", err, out)
	}
	said := strings.TrimSpace(string(out[strings.LastIndex(string(out), "demo year"):]))
	row("demo year from nothing", fmt.Sprintf("%.1f s (%s)", time.Since(began).Seconds(), said), "120 s")
	return nil
}

const base = "http://localhost:18431"

// start serves the bureau and asks for pages the moment it can.
func (c *city) start(ctx context.Context) error {
	s, err := server.Start(ctx, base, c.bin, "serve", "--data", c.data, "--listen", "localhost:18431")
	if err != nil {
		return err
	}
	defer s.Stop()
	row("start on the year's database to the first page", measure.MS(s.Ready), "300 ms")
	stranger := server.NewClient(base, 1)
	read, err := pages(stranger, 100, func(i int) string { return []string{"/", "/report", "/search?q=%E6%B5%B7%E9%B2%9C", "/catalogue"}[i%4] })
	if err != nil {
		return err
	}
	row("100 pages read by a stranger, one after the other", read.String(), "")
	row("resident memory afterwards", s.Memory(), "300 MB")
	return c.lists()
}

// lists reads lists as the director and the head of a county do, at random:
// long and short kinds, with and without a county, town, village or state.
func (c *city) lists() error {
	kinds := []string{"complaint.complaint", "registration.entity", "policy.visits", "inspection.object", "food.permit"}
	areas := []string{"", "", "330902", "330903", "330921", "330902002", "330903001", "330902002001", "330903001009"}
	states := []string{"", "", "&state=received", "&state=archived", "&state=active"}
	for _, who := range []struct{ login, name string }{{"shenli", "director"}, {"fangzheng", "head of a county"}} {
		officer := server.NewClient(base, 1)
		if err := officer.SignIn(who.login); err != nil {
			return err
		}
		pick := officer.Rand.IntN
		lat, err := pages(officer, 1000, func(int) string {
			return "/list/" + kinds[pick(len(kinds))] + "?area=" + areas[pick(len(areas))] + states[pick(len(states))]
		})
		if err != nil {
			return err
		}
		row("a list page, "+who.name, lat.String(), "p99 30 ms")
	}
	return nil
}

// pages reads pages one after the other.
func pages(c *server.Client, n int, path func(i int) string) (measure.Times, error) {
	var lat []time.Duration
	for i := range n {
		t := time.Now()
		if err := c.Get(path(i)); err != nil {
			return nil, err
		}
		lat = append(lat, time.Since(t))
	}
	return measure.Of(lat), nil
}

// inside opens the bureau in this process: figures, and clicks during a backup.
func (c *city) inside(ctx context.Context) error {
	a, err := app.Open(ctx, app.Options{Data: c.data, Now: func() time.Time { return time.Date(2023, 11, 18, 1, 0, 0, 0, time.UTC) }})
	if err != nil {
		return err
	}
	defer a.Close()
	if err := figures(ctx, a); err != nil {
		return err
	}
	lat, err := clicking(ctx, a, func() error { return a.Store.Backup(ctx, io.Discard) })
	if err != nil {
		return err
	}
	row("a person's action while a backup runs", measure.Of(lat).String(), "p99 200 ms")
	lat, err = clicking(ctx, a, func() error {
		sh, err := a.Store.Shadow(ctx)
		if err != nil {
			return err
		}
		_, err = a.Engine.Replay(ctx, a.Store, sh, engine.Beside, nil)
		if e := sh.Discard(ctx); err == nil {
			err = e
		}
		return err
	})
	if err != nil {
		return err
	}
	row("a person's action while everything is rebuilt", measure.Of(lat).String(), "p99 200 ms")
	return nil
}

// figures asks for every indicator of random areas over random periods.
func figures(ctx context.Context, a *app.App) error {
	set := indicator.NewSet(a.Catalogue)
	rnd := rand.New(rand.NewPCG(1, 1))
	var areas []string
	for code := range a.Catalogue.Areas {
		areas = append(areas, code)
	}
	slices.Sort(areas)
	var lat []time.Duration
	for i := range 60 {
		q := indicator.Query{From: domain.Date("2023-01-01").AddDays(rnd.IntN(200)), Area: "3309"}
		q.To = q.From.AddDays(1 + rnd.IntN(120))
		if i%2 == 1 {
			q.Area = areas[rnd.IntN(len(areas))]
		}
		began := time.Now()
		for name := range a.Catalogue.Indicators {
			if _, err := set.Value(ctx, a.Engine.Reader(), name, q); err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
		}
		lat = append(lat, time.Since(began))
	}
	row(fmt.Sprintf("all %d indicators, any area, any period", len(a.Catalogue.Indicators)), measure.Of(lat).String(), "50 ms (152 figures)")
	return nil
}

// clicking is a person acting 20 times a second while work is done.
func clicking(ctx context.Context, a *app.App, work func() error) ([]time.Duration, error) {
	done := make(chan error, 1)
	go func() { done <- work() }()
	var lat []time.Duration
	for {
		select {
		case err := <-done:
			return lat, err
		case <-time.After(50 * time.Millisecond):
		}
		t := time.Now()
		if _, err := a.Engine.Do(ctx, domain.Command{Kind: "complaint.complaint", Action: "receive", Area: "330902",
			Actor: domain.System("bench"), Input: map[string]any{"complainant": "测速", "goods": "测速商品"}}); err != nil {
			return nil, err
		}
		lat = append(lat, time.Since(t))
	}
}

// rebuild lets the program make every projection again.
func (c *city) rebuild(ctx context.Context) error {
	out, err := exec.CommandContext(ctx, c.bin, "rebuild", "--data", c.data).Output()
	if err != nil {
		return fmt.Errorf("rebuild: %w", err)
	}
	row("rebuild of all projections", strings.TrimSpace(string(out)), "20,000 events/s")
	return nil
}
