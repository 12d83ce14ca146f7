// Command bench measures what the budgets speak of and prints one table. It
// runs on this machine's own stores; numbers are this machine's, ratios travel.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"time"
	_ "time/tzdata"

	"github.com/dinghai/dinghai/catalogue"
	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/engine"
	"github.com/dinghai/dinghai/journey/journeytest"
	"github.com/dinghai/dinghai/kit/measure"
	"github.com/dinghai/dinghai/store/pgtest"
	"github.com/dinghai/dinghai/store/postgres"
	"github.com/dinghai/dinghai/store/sqlite"
)

var (
	seconds  = flag.Int("seconds", 5, "length of each throughput run")
	entities = flag.Int("entities", 1_000_000, "entities imported")
	only     = flag.String("only", "", "run only measurements whose name contains this")
	engines  = flag.String("engines", "sqlite,postgres", "stores to measure")
)

func main() {
	flag.Parse()
	if err := run(context.Background()); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context) error {
	cat, err := catalogue.Load(journeytest.Base(os.DirFS("systems")), os.DirFS("engine/testdata"))
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "dinghai-bench")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	fmt.Printf("| measurement | reached | method |\n|---|---|---|\n")
	for _, name := range strings.Split(*engines, ",") {
		b := &bench{cat: cat, name: name, dir: dir}
		if err := b.all(ctx); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	return nil
}

type bench struct {
	cat  *catalogue.Catalogue
	name string
	dir  string
	n    int
}

func (b *bench) all(ctx context.Context) error {
	steps := []struct {
		name string
		fn   func(context.Context) error
	}{{"door", b.door}, {"import", b.load}}
	for _, s := range steps {
		if strings.Contains(s.name, *only) {
			if err := s.fn(ctx); err != nil {
				return fmt.Errorf("%s: %w", s.name, err)
			}
		}
	}
	return nil
}

func (b *bench) print(what, value, note string) {
	fmt.Printf("| %s, %s | %s | %s |\n", what, b.name, value, note)
}

// open makes an empty store.
func (b *bench) open(ctx context.Context) (journeytest.Store, func(), error) {
	b.n++
	if b.name == "postgres" {
		c, err := pgtest.New()
		if err != nil {
			return nil, nil, err
		}
		dsn, err := c.Database("bench")
		if err != nil {
			return nil, nil, err
		}
		st, err := postgres.Open(ctx, postgres.Options{DSN: dsn})
		return st, func() { st.Close(); c.Remove() }, err
	}
	st, err := sqlite.Open(ctx, sqlite.Options{Path: filepath.Join(b.dir, fmt.Sprintf("%d.db", b.n))})
	return st, func() { st.Close() }, err
}

// recorder notes the write sets an engine makes.
type recorder struct {
	journeytest.Store
	mu   sync.Mutex
	sets []*domain.WriteSet
}

func (r *recorder) Update(ctx context.Context, home int, fn func(domain.Tx) error) error {
	return r.Store.Update(ctx, home, func(tx domain.Tx) error { return fn(&recordingTx{tx, r}) })
}

type recordingTx struct {
	domain.Tx
	r *recorder
}

func (t *recordingTx) Write(ws *domain.WriteSet) error {
	t.r.mu.Lock()
	t.r.sets = append(t.r.sets, ws)
	t.r.mu.Unlock()
	return t.Tx.Write(ws)
}

var areas = []string{"330902002", "330903001", "330921100", "330922100"}

// door measures durable engine actions at 1, 8 and 64 callers, and the very
// same write sets in a plain Go loop over an empty store.
func (b *bench) door(ctx context.Context) error {
	for _, callers := range []int{1, 8, 64} {
		st, closeStore, err := b.open(ctx)
		if err != nil {
			return err
		}
		rec := &recorder{Store: st}
		eng := engine.New(engine.Config{Catalogue: b.cat, Store: rec})
		load, err := measure.Callers(callers, time.Duration(*seconds)*time.Second, func(w, i int) error {
			_, err := eng.Do(ctx, domain.Command{Kind: "mini.letter", Action: "receive", Area: areas[w%len(areas)], Key: fmt.Sprintf("%d-%d", w, i),
				Actor: domain.System("bench"), Input: map[string]any{"about": "短斤缺两，要求退款", "amount": int64(12000)}})
			return err
		})
		eng.Close()
		closeStore()
		if err != nil {
			return err
		}
		plain, err := b.plain(ctx, rec.sets)
		if err != nil {
			return err
		}
		b.print(fmt.Sprintf("durable actions, %d callers", callers),
			fmt.Sprintf("%.0f/s (%s), %.2f× the plain loop's %.0f/s", load.Rate(), load.Times, load.Rate()/plain, plain), writeSet(rec.sets))
	}
	return nil
}

// plain writes the same sets again, one transaction each, with nothing decided.
func (b *bench) plain(ctx context.Context, sets []*domain.WriteSet) (float64, error) {
	st, closeStore, err := b.open(ctx)
	if err != nil {
		return 0, err
	}
	defer closeStore()
	events := 0
	began := time.Now()
	for _, ws := range sets {
		events += len(ws.Events)
		if err := st.Update(ctx, ws.Events[0].Home, func(tx domain.Tx) error { return tx.Write(ws) }); err != nil {
			return 0, err
		}
		if time.Since(began) > time.Duration(*seconds)*time.Second {
			break
		}
	}
	return float64(events) / time.Since(began).Seconds(), nil
}

// writeSet says what one action writes, on the mean.
func writeSet(sets []*domain.WriteSet) string {
	var e, r, c, t, l, k, o, n float64
	for _, ws := range sets {
		e += float64(len(ws.Events))
		r += float64(len(ws.Records))
		c += float64(len(ws.Clocks))
		t += float64(len(ws.Tasks))
		l += float64(len(ws.Links))
		k += float64(len(ws.Contributions))
		o += float64(len(ws.Receipts))
		n += float64(len(ws.Counters))
	}
	return fmt.Sprintf("per action: %.1f event, %.1f record, %.1f clock, %.1f task, %.1f link, %.1f contribution, %.1f receipt; %.2f counter; %.0f actions a transaction",
		1.0, r/e, c/e, t/e, l/e, k/e, o/e, n/e, e/float64(len(sets)))
}

// load imports generated entities as opening balances, with a person clicking
// meanwhile, then searches their names.
func (b *bench) load(ctx context.Context) error {
	st, closeStore, err := b.open(ctx)
	if err != nil {
		return err
	}
	defer closeStore()
	eng := engine.New(engine.Config{Catalogue: b.cat, Store: st})
	defer eng.Close()
	stop := make(chan struct{})
	clicks := make(chan []time.Duration)
	go click(ctx, eng, stop, clicks)
	began := time.Now()
	if err := importEntities(ctx, eng, *entities); err != nil {
		return err
	}
	took := time.Since(began)
	close(stop)
	acts := measure.Of(<-clicks)
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	b.print(fmt.Sprintf("import of %d entities", *entities), fmt.Sprintf("%.0f rows/s", float64(*entities)/took.Seconds()),
		fmt.Sprintf("event, record, register, search, contribution each; Go heap %d MB", m.HeapInuse>>20))
	b.print("interactive action during import", acts.String(), "one caller, 20 a second")
	return b.search(ctx, eng)
}

// search looks for two characters: of a firm's own name, which people type, and
// of words that an eighth to all of the names have.
func (b *bench) search(ctx context.Context, eng *engine.Engine) error {
	common := []string{"海鲜", "民宿", "舟山", "公司"}
	for _, x := range []struct {
		words string
		of    func(i int) string
	}{{"of a firm's own name", brand}, {"most names have", func(i int) string { return common[i%len(common)] }}} {
		var lat []time.Duration
		hits := 0
		for i := range 200 {
			t := time.Now()
			page, err := eng.Reader().Search(ctx, domain.SearchQuery{Text: x.of(i * 37), Limit: 20})
			if err != nil {
				return err
			}
			lat = append(lat, time.Since(t))
			hits += page.Total
		}
		b.print(fmt.Sprintf("search of 2 characters %s, %d names", x.words, *entities), measure.Of(lat).String(),
			fmt.Sprintf("page of 20 with the true total, %d on average", hits/len(lat)))
	}
	return nil
}
