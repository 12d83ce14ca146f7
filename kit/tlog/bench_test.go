package tlog

import (
	"context"
	"crypto/rand"
	"testing"

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

// The bar is 100,000 inclusion verifications a second on one core.
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
	b.Run("ours", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if err := VerifyInclusion(p.Path, p.Index, c.Size, leaf, c.Root); err != nil {
				b.Fatal(err)
			}
		}
		b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "verify/s")
	})
	b.Run("peer", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if err := tlog.CheckRecord(p.Path, int64(c.Size), c.Root, int64(p.Index), leaf); err != nil {
				b.Fatal(err)
			}
		}
	})
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

// One entry of 1 KB in a batch of 256, against x/mod hashing into a slice.
func BenchmarkAppend(b *testing.B) {
	batch := make([][]byte, 256)
	for i := range batch {
		batch[i] = make([]byte, 1024)
		rand.Read(batch[i])
	}
	perEntry := func(b *testing.B) {
		b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*len(batch)), "ns/entry")
	}
	b.Run("ours", func(b *testing.B) {
		l, _ := newLog(b, nil)
		b.ReportAllocs()
		for b.Loop() {
			if _, err := l.Append(context.Background(), batch...); err != nil {
				b.Fatal(err)
			}
		}
		perEntry(b)
	})
	b.Run("peer", func(b *testing.B) {
		var all []Hash
		n := int64(0)
		r := tlog.HashReaderFunc(func(ps []int64) ([]Hash, error) {
			out := make([]Hash, len(ps))
			for i, p := range ps {
				out[i] = all[p]
			}
			return out, nil
		})
		b.ReportAllocs()
		for b.Loop() {
			for _, e := range batch {
				h, err := tlog.StoredHashes(n, e, r)
				if err != nil {
					b.Fatal(err)
				}
				all = append(all, h...)
				n++
			}
		}
		perEntry(b)
	})
}

func BenchmarkProve(b *testing.B) {
	l, c := bigLog(b, 1<<20)
	b.Run("ours", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := l.Prove(context.Background(), 777_777); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("peer", func(b *testing.B) {
		b.ReportAllocs()
		r := l.hashes(context.Background())
		for b.Loop() {
			if _, err := tlog.ProveRecord(int64(c.Size), 777_777, r); err != nil {
				b.Fatal(err)
			}
		}
	})
}
