// Command names compares package kit/names with PostgreSQL's pg_trgm on one
// register of invented names, in one run: the ten names most like one that is
// asked for, and how often a branch finds its parent among the first three.
// Both are asked the same names. Milliseconds are this machine's, ratios travel.
package main

import (
	"context"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"runtime"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/dinghai/dinghai/kit/measure"
	"github.com/dinghai/dinghai/kit/names"
	"github.com/dinghai/dinghai/kit/names/namestest"
	"github.com/dinghai/dinghai/store/pgtest"
)

var (
	size  = flag.Int("n", 1_000_000, "names in the register")
	asked = flag.Int("asked", 200, "names asked for")
)

func main() {
	flag.Parse()
	if err := run(context.Background()); err != nil {
		fmt.Fprintln(os.Stderr, "bench/names:", err)
		os.Exit(1)
	}
}

// peer is one of the two. build returns the megabytes that its index takes.
type peer interface {
	name() string
	build(ctx context.Context, r *namestest.Register) (mb float64, err error)
	similar(ctx context.Context, name string) ([]string, error)
}

type result struct {
	build   time.Duration
	mb      float64
	times   measure.Times
	parents int
}

func run(ctx context.Context) error {
	cluster, err := pgtest.New()
	if err != nil {
		return err
	}
	defer cluster.Remove()
	reg := namestest.New(*size, 1)
	questions := branches(reg, *asked)
	var results []result
	fmt.Printf("%d names, %d branches asked for\n\n", *size, len(questions))
	fmt.Println("| | build | size | p50 | p95 | parent in the first three |\n|---|---|---|---|---|---|")
	for _, p := range []peer{&ours{}, &trigrams{cluster: cluster}} {
		r, err := ask(ctx, p, reg, questions)
		if err != nil {
			return fmt.Errorf("%s: %w", p.name(), err)
		}
		results = append(results, r)
		fmt.Printf("| %s | %.1f s | %.0f MB | %.3f ms | %.3f ms | %d of %d |\n", p.name(), r.build.Seconds(), r.mb,
			ms(r.times.At(0.5)), ms(r.times.At(0.95)), r.parents, len(questions))
	}
	fmt.Printf("\nratio pg_trgm / kit/names: p50 %.0f, p95 %.0f, build %.1f\n",
		ms(results[1].times.At(0.5))/ms(results[0].times.At(0.5)), ms(results[1].times.At(0.95))/ms(results[0].times.At(0.95)),
		results[1].build.Seconds()/results[0].build.Seconds())
	return nil
}

func ms(d time.Duration) float64 { return float64(d.Nanoseconds()) / 1e6 }

// branches draws branches of the register.
func branches(r *namestest.Register, n int) (out []int) {
	for b := range r.Parent {
		out = append(out, b)
	}
	slices.Sort(out)
	rnd := rand.New(rand.NewPCG(1, 2))
	rnd.Shuffle(len(out), func(i, j int) { out[i], out[j] = out[j], out[i] })
	return out[:min(n, len(out))]
}

func ask(ctx context.Context, p peer, reg *namestest.Register, questions []int) (result, error) {
	start := time.Now()
	mb, err := p.build(ctx, reg)
	r := result{build: time.Since(start), mb: mb}
	if err != nil {
		return r, err
	}
	for _, b := range questions {
		start := time.Now()
		found, err := p.similar(ctx, reg.Entries[b].Name)
		if err != nil {
			return r, err
		}
		r.times = append(r.times, time.Since(start))
		if slices.Contains(found[:min(3, len(found))], reg.Entries[reg.Parent[b]].Name) {
			r.parents++
		}
	}
	r.times = measure.Of(r.times)
	return r, nil
}

type ours struct{ x *names.Index }

func (*ours) name() string { return "kit/names" }

func (o *ours) build(_ context.Context, reg *namestest.Register) (float64, error) {
	before := heap()
	x, err := names.NewIndex(names.Default(), reg.Entries)
	o.x = x
	return heap() - before, err
}

func heap() float64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return float64(m.HeapAlloc) / 1e6
}

func (o *ours) similar(_ context.Context, name string) (out []string, err error) {
	found, err := o.x.Similar(names.Query{Name: name}, 10)
	for _, m := range found {
		out = append(out, m.Name)
	}
	return out, err
}

// trigrams is a table with a GIN index of trigrams, asked over the socket with
// a prepared statement.
type trigrams struct {
	cluster *pgtest.Cluster
	conn    *pgx.Conn
}

func (*trigrams) name() string { return "pg_trgm, GIN" }

func (t *trigrams) build(ctx context.Context, reg *namestest.Register) (mb float64, err error) {
	dsn, err := t.cluster.Database("names")
	if err != nil {
		return 0, err
	}
	if t.conn, err = pgx.Connect(ctx, dsn); err != nil {
		return 0, err
	}
	const setup = `CREATE EXTENSION pg_trgm; CREATE TABLE names (id bigint PRIMARY KEY, name text NOT NULL); SET maintenance_work_mem = '512MB'`
	if _, err := t.conn.Exec(ctx, setup); err != nil {
		return 0, err
	}
	rows := pgx.CopyFromSlice(len(reg.Entries), func(i int) ([]any, error) { return []any{i, reg.Entries[i].Name}, nil })
	if _, err := t.conn.CopyFrom(ctx, pgx.Identifier{"names"}, []string{"id", "name"}, rows); err != nil {
		return 0, err
	}
	if _, err := t.conn.Exec(ctx, `CREATE INDEX names_trgm ON names USING gin (name gin_trgm_ops); ANALYZE names`); err != nil {
		return 0, err
	}
	var bytes int64
	err = t.conn.QueryRow(ctx, `SELECT pg_total_relation_size('names')`).Scan(&bytes)
	return float64(bytes) / 1e6, err
}

func (t *trigrams) similar(ctx context.Context, name string) ([]string, error) {
	rows, err := t.conn.Query(ctx, `SELECT name FROM names WHERE name % $1 ORDER BY similarity(name, $1) DESC, id LIMIT 10`, name)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowTo[string])
}
