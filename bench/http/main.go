// Command http puts the public complaint form and the officers' list beside
// PocketBase's JSON API, both with every commit on the disk, on the same
// machine in the same run: the same twelve answers per complaint, the same page
// of fifty by area and state with its true total. With -data both keep their
// records there, so that a second run measures at once.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/dinghai/dinghai/bench/server"
	"github.com/dinghai/dinghai/kit/measure"
)

var (
	seconds = flag.Int("seconds", 4, "length of each run")
	preload = flag.Int("preload", 20000, "complaints there are before anything is measured")
	data    = flag.String("data", "", "folder that keeps both databases; removed afterwards when empty")
	works   = flag.String("work", "create,list", "what is measured")
	alone   = flag.Bool("alone", false, "without PocketBase")
	profile = flag.String("profile", "", "file for a CPU profile of Dinghai while it is measured")
	clients = flag.String("clients", "1,8,64", "callers at the same time")
)

func main() {
	flag.Parse()
	if err := run(context.Background()); err != nil {
		fmt.Fprintln(os.Stderr, "bench/http:", err)
		os.Exit(1)
	}
}

// rival is a program under load.
type rival struct {
	*server.Server
	name         string
	create, list func(c *server.Client) error
}

func run(ctx context.Context) error {
	dir := *data
	if dir == "" {
		var err error
		if dir, err = os.MkdirTemp("", "dinghai-http"); err != nil {
			return err
		}
		defer os.RemoveAll(dir)
	}
	starts := []func(context.Context, string) (*rival, error){startOurs, startPeer}
	if *alone {
		starts = starts[:1]
	}
	var all []*rival
	for _, start := range starts {
		r, err := start(ctx, dir)
		if err != nil {
			return err
		}
		defer r.Stop()
		r.Settle()
		all = append(all, r)
	}
	var names []string
	for _, r := range all {
		names = append(names, r.name)
	}
	fmt.Printf("| work | clients | %s | ratio |\n|---|---|%s---|\n", strings.Join(names, " | "), strings.Repeat("---|", len(all)))
	for _, work := range strings.Split(*works, ",") {
		for _, text := range strings.Split(*clients, ",") {
			n, err := strconv.Atoi(text)
			if err != nil {
				return err
			}
			if err := compare(all, work, n); err != nil {
				return err
			}
		}
	}
	fmt.Print("| resident memory | ")
	for _, r := range all {
		fmt.Printf("| %s ", r.Memory())
	}
	fmt.Println("| |")
	return nil
}

// compare lets all do one work and prints the row.
func compare(all []*rival, work string, n int) error {
	var cells []string
	var rates []float64
	for _, r := range all {
		cpu := r.CPU()
		load, bytes, err := r.load(work, n)
		if err != nil {
			return fmt.Errorf("%s, %s: %w", r.name, work, err)
		}
		rates = append(rates, load.Rate())
		cells = append(cells, fmt.Sprintf("%.0f/s, p50 %s, p99 %s, %.1f kB and %s CPU an answer", load.Rate(), measure.MS(load.At(0.5)), measure.MS(load.At(0.99)), float64(bytes)/1000, measure.MS((r.CPU()-cpu)/time.Duration(max(len(load.Times), 1)))))
	}
	fmt.Printf("| %s | %d | %s | %.2f |\n", work, n, strings.Join(cells, " | "), rates[0]/rates[len(rates)-1])
	return nil
}

// load is one work by n callers; bytes are those of one answer.
func (r *rival) load(work string, n int) (l measure.Load, bytes int64, err error) {
	act := r.create
	if work == "list" {
		act = r.list
	}
	callers := make([]*server.Client, n)
	for i := range callers {
		callers[i] = server.NewClient(r.Base, i+1000*n)
	}
	l, err = measure.Callers(n, time.Duration(*seconds)*time.Second, func(caller, _ int) error { return act(callers[caller]) })
	for _, c := range callers {
		bytes += c.Bytes
	}
	return l, bytes / int64(max(len(l.Times), 1)), err
}

// fill creates complaints with 64 callers.
func (r *rival) fill(n int) error {
	var left atomic.Int64
	left.Store(int64(n))
	errs := make(chan error, 64)
	for w := range 64 {
		go func() {
			c := server.NewClient(r.Base, w)
			var err error
			for err == nil && left.Add(-1) >= 0 {
				err = r.create(c)
			}
			errs <- err
		}()
	}
	for range 64 {
		if err := <-errs; err != nil {
			return fmt.Errorf("%s: %w", r.name, err)
		}
	}
	return nil
}
