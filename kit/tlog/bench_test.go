//go:build linux

package tlog

import (
	"context"
	"crypto/rand"
	"runtime"
	"syscall"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/tlog"
)

// bigLog is a memory log of 2^20 entries and a checkpoint over them.
func bigLog(b *testing.B, n int) (*Log, Checkpoint) {
	b.Helper()
	l, key := newLog(b, nil)
	batch := make([][]byte, 1<<14)
	for i := range batch {
		batch[i] = make([]byte, 100)
		rand.Read(batch[i])
	}
	for range n / len(batch) {
		if _, err := l.Append(context.Background(), batch...); err != nil {
			b.Fatal(err)
		}
	}
	c, err := OpenCheckpoint(sign(b, l), key)
	if err != nil {
		b.Fatal(err)
	}
	return l, c
}

// compare runs ours and the peer by turns, a number of times each, and reports
// the processor time of ours and the ratio of both. Processor time of this thread
// is what a machine that does other things too can measure.
func compare(b *testing.B, times int, ours, peer func() error) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	run := func(f func() error) time.Duration {
		before := threadTime(b)
		for range times {
			if err := f(); err != nil {
				b.Fatal(err)
			}
		}
		return threadTime(b) - before
	}
	var a, c time.Duration
	b.ReportAllocs()
	for b.Loop() {
		a, c = a+run(ours), c+run(peer)
	}
	b.ReportMetric(float64(a.Nanoseconds())/float64(b.N*times), "ours-cpu-ns")
	b.ReportMetric(float64(a)/float64(c), "ours/peer")
}

func threadTime(b *testing.B) time.Duration {
	const thread = 1 // RUSAGE_THREAD of Linux
	var u syscall.Rusage
	if err := syscall.Getrusage(thread, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// The bar is 100,000 inclusion verifications a second on one core: 10,000 ns. The
// peer is x/mod's own check.
func BenchmarkVerifyInclusion(b *testing.B) {
	l, c := bigLog(b, 1<<20)
	p, err := l.Prove(context.Background(), 777_777)
	if err != nil {
		b.Fatal(err)
	}
	e, err := l.store.Entries(context.Background(), 777_777, 777_778)
	if err != nil {
		b.Fatal(err)
	}
	leaf := LeafHash(e[0])
	compare(b, 100, func() error { return VerifyInclusion(p.Path, p.Index, c.Size, leaf, c.Root) },
		func() error { return tlog.CheckRecord(p.Path, int64(c.Size), c.Root, int64(p.Index), leaf) })
}

func BenchmarkVerifyProofFile(b *testing.B) {
	file, policy := proofFile(b)
	leaf := LeafHash([]byte("b"))
	b.ReportAllocs()
	for b.Loop() {
		p, err := ParseProof(file)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := p.Verify(leaf, policy); err != nil {
			b.Fatal(err)
		}
	}
}

// 256 entries of 1 KB, against x/mod hashing into a slice and keeping nothing
// else.
func BenchmarkAppend256(b *testing.B) {
	batch := make([][]byte, 256)
	for i := range batch {
		batch[i] = make([]byte, 1024)
		rand.Read(batch[i])
	}
	l, _ := newLog(b, nil)
	var all []Hash
	n := int64(0)
	r := tlog.HashReaderFunc(func(ps []int64) ([]Hash, error) {
		out := make([]Hash, len(ps))
		for i, p := range ps {
			out[i] = all[p]
		}
		return out, nil
	})
	compare(b, 1, func() error {
		_, err := l.Append(context.Background(), batch...)
		return err
	}, func() error {
		for _, e := range batch {
			h, err := tlog.StoredHashes(n, e, r)
			if err != nil {
				return err
			}
			all = append(all, h...)
			n++
		}
		return nil
	})
}

func BenchmarkProve(b *testing.B) {
	l, c := bigLog(b, 1<<20)
	r := l.hashes(context.Background())
	compare(b, 100, func() error {
		_, err := l.Prove(context.Background(), 777_777)
		return err
	}, func() error {
		_, err := tlog.ProveRecord(int64(c.Size), 777_777, r)
		return err
	})
}
