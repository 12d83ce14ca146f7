package tlog

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"golang.org/x/mod/sumdb/tlog"
	"pgregory.net/rapid"
)

// proofFile is a file for entry "b", and the policy that it satisfies.
func proofFile(t testing.TB) ([]byte, *Policy) {
	t.Helper()
	ctx := context.Background()
	l, policy, signed := witnessed(t)
	if err := l.store.SetCheckpoint(ctx, drop(signed, "witness"), signed); err != nil {
		t.Fatal(err)
	}
	p, err := l.Prove(ctx, 1)
	if err != nil {
		t.Fatal(err)
	}
	return p.Bytes(), policy
}

func TestProofFile(t *testing.T) {
	b, policy := proofFile(t)
	p, err := ParseProof(b)
	if err != nil || p.Index != 1 || len(p.Path) != 1 || p.Extra != nil || !bytes.Equal(p.Bytes(), b) {
		t.Fatalf("%+v, %v", p, err)
	}
	e, err := p.Verify(LeafHash([]byte("b")), policy)
	if err != nil || e.By.Unix() != 2000 {
		t.Error(e, err)
	}
	_, err = p.Verify(LeafHash([]byte("a")), policy)
	wantError(t, "another entry", err, "proof", "mismatch")
	p.Index = 0
	_, err = p.Verify(LeafHash([]byte("b")), policy)
	wantError(t, "another index", err, "proof", "mismatch")
	p.Index, p.Extra = 1, []byte{}
	if again, err := ParseProof(p.Bytes()); err != nil || again.Extra == nil || !bytes.Equal(again.Bytes(), p.Bytes()) {
		t.Error("empty extra data", again, err)
	}
}

// Whatever byte of the file changes: it is refused, or says the same. (Base64 of
// a signature has spare bits, and the third cosignature may fall away.)
func TestChangedProofFile(t *testing.T) {
	b, policy := proofFile(t)
	refused := 0
	for i := range b {
		changed := slices.Clone(b)
		changed[i] ^= 1
		p, err := ParseProof(changed)
		if err == nil {
			_, err = p.Verify(LeafHash([]byte("b")), policy)
		}
		if err != nil {
			refused++
			continue
		}
		if at := bytes.Index(b, []byte("— witness")); i < at {
			t.Errorf("byte %d (%q) of the signed part does not count", i, b[i])
		}
	}
	t.Logf("%d of %d changed bytes are refused", refused, len(b))
}

func TestParseProofRefuses(t *testing.T) {
	h := EmptyRoot.String()
	tail := "\n\nlog\n1\n" + h + "\n\n— log AAAAAAA=\n"
	for s, at := range map[string]int{
		"":                              0,
		"c2sp.org/tlog-proof@v2" + tail: 0,
		"c2sp.org/tlog-proof@v1" + tail: 1,
		"c2sp.org/tlog-proof@v1\nindex 01" + tail:                                   1,
		"c2sp.org/tlog-proof@v1\nindex -1" + tail:                                   1,
		"c2sp.org/tlog-proof@v1\nextra !\nindex 1" + tail:                           1,
		"c2sp.org/tlog-proof@v1\nextra AA==\n" + h + tail:                           2,
		"c2sp.org/tlog-proof@v1\nindex 1\n" + h[1:] + tail:                          2,
		"c2sp.org/tlog-proof@v1\nindex 1\n" + h + " " + tail:                        2,
		"c2sp.org/tlog-proof@v1\nindex 1" + strings.Repeat("\n"+h, 64) + tail:       65,
		"c2sp.org/tlog-proof@v1\nindex 1\nextra AA==" + tail:                        2,
		"c2sp.org/tlog-proof@v1\nextra " + strings.Repeat("A", maxNote*2) + tail:    -1,
		"c2sp.org/tlog-proof@v1\nextra " + strings.Repeat("AAAA", 30_000) + tail:    1,
		"c2sp.org/tlog-proof@v1\r\nindex 1" + tail:                                  0,
		"c2sp.org/tlog-proof@v1\nextra A\rA==\nindex 1" + tail:                      1,
		"c2sp.org/tlog-proof@v1\nindex 99999999999999999999" + tail:                 1,
		"c2sp.org/tlog-proof@v1\nindex 1\n" + strings.Repeat("A", 42) + "B=" + tail: 2,
	} {
		_, err := ParseProof([]byte(s))
		var e *Error
		if !errors.As(err, &e) || e.Position != at {
			t.Errorf("%.80q: %v, want line %d", s, err, at)
		}
	}
}

// subtreeProof is section 4.4.1 of the draft, from the text.
func subtreeProof(start, end int, leaves []Hash, known bool) []Hash {
	if start == 0 && end == len(leaves) {
		if known {
			return nil
		}
		return []Hash{rootOf(leaves)}
	}
	k := 1
	for 2*k < len(leaves) {
		k *= 2
	}
	switch {
	case end <= k:
		return append(subtreeProof(start, end, leaves[:k], known), rootOf(leaves[k:]))
	case start >= k:
		return append(subtreeProof(start-k, end-k, leaves[k:], known), rootOf(leaves[:k]))
	}
	return append(subtreeProof(0, end-k, leaves[k:], false), rootOf(leaves[:k]))
}

func TestSubtreeEqualsDefinition(t *testing.T) {
	leaves := make([]Hash, 70)
	for i := range leaves {
		leaves[i] = LeafHash([]byte{byte(i)})
	}
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, len(leaves)).Draw(t, "n")
		width := 1 << rapid.IntRange(0, 6).Draw(t, "level")
		start := rapid.IntRange(0, (n-1)/width).Draw(t, "start") * width
		end := rapid.IntRange(start+1, min(start+width, n)).Draw(t, "end")
		sub, root := rootOf(leaves[start:end]), rootOf(leaves[:n])
		p := subtreeProof(start, end, leaves[:n], true)
		if err := VerifySubtreeConsistency(p, uint64(start), uint64(end), uint64(n), sub, root); err != nil {
			t.Fatal(err)
		}
		for i := range p {
			p[i][0] ^= 1
			if VerifySubtreeConsistency(p, uint64(start), uint64(end), uint64(n), sub, root) == nil {
				t.Fatal("a changed proof was accepted")
			}
			p[i][0] ^= 1
		}
		if VerifySubtreeConsistency(append(p, root), uint64(start), uint64(end), uint64(n), sub, root) == nil {
			t.Fatal("a longer proof was accepted")
		}
		i := rapid.IntRange(start, end-1).Draw(t, "leaf")
		in := subtreeProof(i-start, i-start+1, leaves[start:end], true)
		if err := VerifySubtreeInclusion(in, uint64(i), uint64(start), uint64(end), leaves[i], sub); err != nil {
			t.Fatal(err)
		}
	})
}

func FuzzParseProof(f *testing.F) {
	b, policy := proofFile(f)
	f.Add(b)
	f.Add([]byte("c2sp.org/tlog-proof@v1\nextra \nindex 0\n\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		p, err := ParseProof(b)
		if err != nil {
			return
		}
		if !bytes.Equal(p.Bytes(), b) {
			t.Fatalf("%q is written as %q", b, p.Bytes())
		}
		_, _ = p.Verify(EmptyRoot, policy)
	})
}

func FuzzParseCheckpoint(f *testing.F) {
	f.Add("log\n0\n" + EmptyRoot.String() + "\n")
	f.Add("log\n1\n" + EmptyRoot.String() + "\nx\n")
	f.Fuzz(func(t *testing.T, s string) {
		if c, err := ParseCheckpoint(s); err == nil && c.String() != s {
			t.Fatalf("%q is written as %q", s, c.String())
		}
	})
}

func FuzzParsePolicy(f *testing.F) {
	_, _, vkey := logKeys(f)
	f.Add([]byte("log " + vkey + "\nwitness a " + witnessNo(f, 1, 0).String() + "\ngroup g any a\nquorum g\n"))
	f.Add([]byte("quorum none"))
	f.Fuzz(func(t *testing.T, b []byte) {
		if p, err := ParsePolicy(b); err == nil {
			_ = p.Least()
		}
	})
}

func FuzzParseTilePath(f *testing.F) {
	f.Add("tile/0/x001/x234/067.p/9")
	f.Add("tile/entries/000")
	f.Fuzz(func(t *testing.T, s string) {
		if p, err := ParseTilePath(s); err == nil && (p.String() != s || p.N < 0) {
			t.Fatalf("%q is %+v", s, p)
		}
	})
}

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

func ExampleProof() {
	ctx := context.Background()
	signer, key, vkey := logKeys(&testing.B{})
	l, err := Open(ctx, Config{Store: &Memory{}, Signer: signer, Key: key})
	if err != nil {
		panic(err)
	}
	index, err := l.Append(ctx, []byte(`{"type":"penalty"}`))
	if err != nil {
		panic(err)
	}
	if _, err := l.Sign(ctx); err != nil {
		panic(err)
	}
	proof, err := l.Prove(ctx, index)
	if err != nil {
		panic(err)
	}
	file := proof.Bytes() // published beside the entry

	policy, err := NewPolicy(vkey, 0)
	if err != nil {
		panic(err)
	}
	read, err := ParseProof(file)
	if err != nil {
		panic(err)
	}
	evidence, err := read.Verify(LeafHash([]byte(`{"type":"penalty"}`)), policy)
	fmt.Println(evidence.Checkpoint.Origin, evidence.Checkpoint.Size, err)
	_, err = read.Verify(LeafHash([]byte(`{"type":"warning"}`)), policy)
	fmt.Println(err)
	// Output:
	// log.example/disclosure/2026 1 <nil>
	// tlog: proof: mismatch
}
