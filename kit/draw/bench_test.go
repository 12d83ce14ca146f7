//go:build unix

package draw_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"fmt"
	"io"
	"syscall"
	"testing"
	"time"

	"github.com/dinghai/dinghai/kit/draw"
)

// synthetic is a pool of n objects in 4 strata and 100 areas that is never held
// in memory: a register of a province.
type synthetic struct {
	n, next int
	rest    []byte
	buf     []byte
}

func (s *synthetic) Read(b []byte) (int, error) {
	if len(s.rest) == 0 {
		if s.next == s.n {
			return 0, io.EOF
		}
		s.buf = s.buf[:0]
		for ; s.next < s.n && len(s.buf) < 32<<10; s.next++ {
			s.buf = append(s.buf, "9133090000000000X,food/A,330900,\n"...)
			line := s.buf[len(s.buf)-33:]
			for i, k := 16, s.next; i > 6; i, k = i-1, k/10 {
				line[i] = '0' + byte(k%10)
			}
			line[23] = 'A' + byte(s.next&3)
			line[29], line[30] = '0'+byte(s.next/4%10), '0'+byte(s.next/40%10)
		}
		s.rest = s.buf
	}
	n := copy(b, s.rest)
	s.rest = s.rest[n:]
	return n, nil
}

// big is a world with a synthetic pool, one in twenty drawn, and 40 inspectors in
// each area.
func big(b *testing.B, n int) (*world, *draw.Plan, texts) {
	w := newWorld(b)
	w.objects, w.people, w.pairs = nil, nil, nil
	for i := range 4000 {
		w.people = append(w.people, draw.Inspector{No: fmt.Sprintf("Z%04d", i), Area: fmt.Sprintf("3309%d%d", i/40/10, i/40%10), Qualifications: []string{"food"}, Available: true, MaxLoad: 1 << 20})
	}
	x := w.files()
	p := w.planFor(x)
	pool, err := draw.FreezeObjects(&synthetic{n: n})
	if err != nil {
		b.Fatal(err)
	}
	p.Objects = draw.Root{Count: pool.Objects, Root: pool.Root}
	for _, s := range pool.Strata {
		p.Strata = append(p.Strata, draw.StratumPlan{Code: s.Code, Eligible: s.Eligible, P: 1, Q: 20, Need: []string{"food"}})
	}
	return w, p, x
}

// meter measures processor time besides time, for machines that do other things
// too: with p processors to itself a run takes cpu-s/op divided by p, or a little
// more.
func meter(b *testing.B, n int, run func()) {
	b.ReportAllocs()
	var used time.Duration
	for b.Loop() {
		before := processorTime(b)
		run()
		used += processorTime(b) - before
	}
	b.ReportMetric(used.Seconds()/float64(b.N), "cpu-s/op")
	b.ReportMetric(float64(used.Nanoseconds())/float64(b.N)/float64(n), "cpu-ns/object")
}

func processorTime(b *testing.B) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

var poolSizes = []int{158_200, 10_000_000}

// What no implementation can do without: for each object a leaf, a node and an
// HMAC, in one loop on one processor. Compare cpu-ns/object with DrawObjects.
func BenchmarkHashesAlone(b *testing.B) {
	const n = 1 << 17
	line, pair, ticket := make([]byte, 33), make([]byte, 65), hmac.New(sha256.New, make([]byte, 32))
	var out [32]byte
	meter(b, n, func() {
		for range n {
			leaf := sha256.Sum256(line)
			copy(pair[1:], leaf[:])
			sha256.Sum256(pair)
			ticket.Reset()
			ticket.Write(line[:17])
			ticket.Sum(out[:0])
		}
	})
}

// Step 1: reading, checking and hashing the pool.
func BenchmarkFreeze(b *testing.B) {
	for _, n := range poolSizes {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			meter(b, n, func() { must(draw.FreezeObjects(&synthetic{n: n})) })
		})
	}
}

// Step 4 alone: the bars are 0.1 s for 158,200 objects and 5 s for ten million.
// The team is what takes its time with few inspectors, so there are none here.
func BenchmarkDrawObjects(b *testing.B) {
	for _, n := range poolSizes {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			_, p, x := big(b, n)
			p.Inspectors = draw.Root{Root: draw.ListRoot(nil)}
			x.inspectors = nil
			meter(b, n, func() {
				f := x.readers()
				f.Objects = &synthetic{n: n}
				must(draw.Run(p, seedOf(1), f, 0))
			})
		})
	}
}

// All of it: log, beacon, VRF, roots, tickets, teams. The bar is 15 s for ten
// million on two processors.
func BenchmarkVerify(b *testing.B) {
	for _, n := range poolSizes {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			w, p, x := big(b, n)
			keys := []draw.Logged{w.keyEntry()}
			w.now = beaconAt.Add(-3600e9)
			plan := w.record(must(p.Entry(office, matter, "2023-08-23")))
			pi, seed := w.seed(plan)
			f := x.readers()
			f.Objects = &synthetic{n: n}
			r := must(draw.Run(p, seed, f, 0))
			bundle := draw.Bundle{Keys: keys, Plan: plan, Result: w.record(must(r.ResultEntry(office, "2023-08-23", plan.Proof.Index)))}
			bundle.Reveal = w.record(must(r.RevealEntry(office, "2023-09-01", plan.Proof.Index, quicknet, pi)))
			meter(b, n, func() {
				bundle.Files = x.readers()
				bundle.Files.Objects = &synthetic{n: n}
				must(draw.Verify(bundle, w.trust()))
			})
		})
	}
}
