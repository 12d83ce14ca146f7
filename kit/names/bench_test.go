package names_test

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/dinghai/dinghai/kit/names"
	"github.com/dinghai/dinghai/kit/names/namestest"
)

// million is the register of the budgets.
var million = sync.OnceValue(func() *namestest.Register { return namestest.New(1_000_000, 1) })

func heap() float64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return float64(m.HeapAlloc) / 1e6
}

// BenchmarkBuild reports the memory of an index of a million names, which is
// all it needs: the entries it was made of are not counted.
func BenchmarkBuild(b *testing.B) {
	r := million()
	s := names.Default()
	if _, err := names.NewIndex(s, r.Entries[:10]); err != nil {
		b.Fatal(err)
	}
	before := heap()
	var x *names.Index
	for b.Loop() {
		x = nil
		var err error
		if x, err = names.NewIndex(s, r.Entries); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(heap()-before, "MB")
	runtime.KeepAlive(x)
	runtime.KeepAlive(r)
}

// percentiles runs a question for many names and reports how long one takes.
func percentiles(b *testing.B, ask func(x *names.Index, q names.Query) error) {
	r := million()
	x, err := names.NewIndex(names.Default(), r.Entries)
	if err != nil {
		b.Fatal(err)
	}
	rnd := rand.New(rand.NewPCG(2, 3))
	var times []time.Duration
	b.ReportAllocs()
	for b.Loop() {
		e := r.Entries[rnd.IntN(len(r.Entries))]
		start := time.Now()
		if err := ask(x, names.Query{Name: e.Name, Registry: e.Registry}); err != nil {
			b.Fatal(err)
		}
		times = append(times, time.Since(start))
	}
	slices.Sort(times)
	for _, p := range []int{50, 95, 99} {
		b.ReportMetric(float64(times[len(times)*p/100].Nanoseconds())/1e3, fmt.Sprintf("p%d-µs", p))
	}
}

func BenchmarkSame(b *testing.B) {
	percentiles(b, func(x *names.Index, q names.Query) error { _, err := x.Same(q); return err })
}

func BenchmarkSimilar(b *testing.B) {
	percentiles(b, func(x *names.Index, q names.Query) error { _, err := x.Similar(q, 10); return err })
}

func BenchmarkSplit(b *testing.B) {
	s := names.Default()
	list := namestest.New(1000, 1).Entries
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		if _, err := s.Split(list[i%len(list)].Name); err != nil {
			b.Fatal(err)
		}
		i++
	}
}
