// Command city measures what one bureau feels: the demo year made from nothing
// by the built program, then its start, memory and first pages, all figures for
// random areas and periods, and a person's clicks while everything is rebuilt
// and backed up.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/dinghai/dinghai/app"
	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/engine"
	"github.com/dinghai/dinghai/engine/indicator"
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
	c := &city{bin: filepath.Join(dir, "dinghai"), data: *data, dir: dir}
	if out, err := exec.Command("go", "build", "-trimpath", "-o", c.bin, "./cmd/dinghai").CombinedOutput(); err != nil {
		return fmt.Errorf("build: %w\n%s", err, out)
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

// start serves the bureau and asks for pages the moment it can.
func (c *city) start(ctx context.Context) error {
	const home = "http://localhost:18431"
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	cmd := exec.CommandContext(ctx, c.bin, "serve", "--data", c.data, "--listen", "localhost:18431")
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	began := time.Now()
	if err := cmd.Start(); err != nil {
		return err
	}
	defer cmd.Wait()
	defer stop()
	for {
		if _, err := get(home + "/"); err == nil {
			break
		} else if time.Since(began) > time.Minute {
			return err
		}
		time.Sleep(2 * time.Millisecond)
	}
	row("start on the year's database to the first page", ms(time.Since(began)), "300 ms")
	var lat []time.Duration
	for i := range 100 {
		t := time.Now()
		if _, err := get(home + []string{"/", "/report", "/search?q=%E6%B5%B7%E9%B2%9C", "/catalogue"}[i%4]); err != nil {
			return err
		}
		lat = append(lat, time.Since(t))
	}
	row("100 pages read by a stranger, one after the other", quantiles(lat), "")
	row("resident memory afterwards", resident(cmd.Process.Pid), "300 MB")
	return nil
}

func get(url string) (int, error) {
	res, err := http.Get(url)
	if err != nil {
		return 0, err
	}
	defer res.Body.Close()
	n, err := io.Copy(io.Discard, res.Body)
	return int(n), err
}

func resident(pid int) string {
	b, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	for _, l := range strings.Split(string(b), "\n") {
		if kb := 0; strings.HasPrefix(l, "VmRSS:") {
			fmt.Sscanf(strings.TrimPrefix(l, "VmRSS:"), "%d", &kb)
			return fmt.Sprintf("%d MB", kb/1024)
		}
	}
	return "unknown"
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
	row("a person's action while a backup runs", quantiles(lat), "p99 200 ms")
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
	row("a person's action while everything is rebuilt", quantiles(lat), "p99 200 ms")
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
	row(fmt.Sprintf("all %d indicators, any area, any period", len(a.Catalogue.Indicators)), quantiles(lat), "50 ms (152 figures)")
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

func ms(d time.Duration) string { return fmt.Sprintf("%.0f ms", float64(d.Microseconds())/1000) }

func quantiles(lat []time.Duration) string {
	if len(lat) == 0 {
		return "nothing measured"
	}
	slices.Sort(lat)
	return fmt.Sprintf("p50 %.1f ms, p99 %.1f ms of %d", float64(lat[len(lat)/2].Microseconds())/1000, float64(lat[len(lat)*99/100].Microseconds())/1000, len(lat))
}
