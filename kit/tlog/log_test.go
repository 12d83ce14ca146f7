package tlog

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
	"pgregory.net/rapid"
)

const origin = "log.example/disclosure/2026"

// logKeys makes the same key pair every time.
func logKeys(t testing.TB) (note.Signer, note.Verifier, string) {
	t.Helper()
	skey, vkey, err := note.GenerateKey(bytes.NewReader(bytes.Repeat([]byte{1}, 64)), origin)
	if err != nil {
		t.Fatal(err)
	}
	s, err1 := note.NewSigner(skey)
	v, err2 := note.NewVerifier(vkey)
	if err := errors.Join(err1, err2); err != nil {
		t.Fatal(err)
	}
	return s, v, vkey
}

func openLog(t testing.TB, s Store, floor []byte) (*Log, error) {
	t.Helper()
	signer, key, _ := logKeys(t)
	return Open(context.Background(), Config{Store: s, Signer: signer, Key: key, Floor: floor})
}

func newLog(t testing.TB, floor []byte) (*Log, note.Verifier) {
	t.Helper()
	l, err := openLog(t, &Memory{}, floor)
	if err != nil {
		t.Fatal(err)
	}
	return l, l.key
}

func witnessNo(t testing.TB, i int, at int64) *Cosigner {
	t.Helper()
	key := ed25519.NewKeyFromSeed(bytes.Repeat([]byte{byte(100 + i)}, 32))
	c, err := NewCosigner(fmt.Sprintf("witness%d.example", i), key, func() time.Time { return time.Unix(at, 0) })
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// cosign returns the signature line of a witness on a signed checkpoint.
func cosign(t testing.TB, signed []byte, c *Cosigner) []byte {
	t.Helper()
	text, _, _ := strings.Cut(string(signed), "\n\n")
	b, err := note.Sign(&note.Note{Text: text + "\n"}, c)
	if err != nil {
		t.Fatal(err)
	}
	_, lines, _ := strings.Cut(string(b), "\n\n")
	return []byte(lines)
}

func sign(t testing.TB, l *Log, entries ...string) []byte {
	t.Helper()
	for _, e := range entries {
		if _, err := l.Append(context.Background(), []byte(e)); err != nil {
			t.Fatal(err)
		}
	}
	signed, err := l.Sign(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	return signed
}

func wantError(t *testing.T, what string, err error, field, reason string) {
	t.Helper()
	var e *Error
	if !errors.As(err, &e) || e.Field != field || e.Reason != reason {
		t.Errorf("%s: %v, want %s %s", what, err, field, reason)
	}
}

// rootOf is RFC 6962 section 2.1, from the text.
func rootOf(leaves []Hash) Hash {
	switch len(leaves) {
	case 0:
		return EmptyRoot
	case 1:
		return leaves[0]
	}
	k := 1
	for 2*k < len(leaves) {
		k *= 2
	}
	return tlog.NodeHash(rootOf(leaves[:k]), rootOf(leaves[k:]))
}

// Whatever the batches: every checkpoint has the root of the definition, every
// entry an inclusion proof, every pair of checkpoints a consistency proof.
func TestLogEqualsDefinition(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		ctx := context.Background()
		l, key := newLog(t, nil)
		var leaves []Hash
		var heads []Checkpoint
		for range rapid.IntRange(1, 5).Draw(rt, "batches") {
			var batch [][]byte
			for range rapid.IntRange(1, 40).Draw(rt, "size") {
				batch = append(batch, fmt.Appendf(nil, "entry %d", len(leaves)))
				leaves = append(leaves, LeafHash(batch[len(batch)-1]))
			}
			first, err := l.Append(ctx, batch...)
			if err != nil || first != uint64(len(leaves)-len(batch)) {
				rt.Fatal(first, err)
			}
			c, err := OpenCheckpoint(sign(t, l), key)
			if err != nil || c.Size != uint64(len(leaves)) || c.Root != rootOf(leaves) {
				rt.Fatal(c, err)
			}
			heads = append(heads, c)
		}
		last := heads[len(heads)-1]
		for _, c := range heads {
			p, err := l.Consistency(ctx, c.Size, last.Size)
			if err != nil || VerifyConsistency(p, c.Size, last.Size, c.Root, last.Root) != nil {
				rt.Fatal(c.Size, err)
			}
		}
		i := rapid.Uint64Range(0, last.Size-1).Draw(rt, "index")
		p, err := l.Prove(ctx, i)
		if err != nil || VerifyInclusion(p.Path, i, last.Size, leaves[i], last.Root) != nil {
			rt.Fatal(i, err)
		}
	})
}

// A store that was restored from an old copy knows less than the world does.
func TestSignsNothingBelowTheFloor(t *testing.T) {
	ctx := context.Background()
	store := &Memory{}
	l, err := openLog(t, store, nil)
	if err != nil {
		t.Fatal(err)
	}
	sign(t, l, "a", "b")
	old := &Memory{entries: slices.Clone(store.entries), hashes: slices.Clone(store.hashes), checkpoint: store.checkpoint}
	published := sign(t, l, "c", "d")

	restored, err := openLog(t, old, published)
	if err != nil {
		t.Fatal(err)
	}
	_, err = restored.Sign(ctx)
	wantError(t, "restored", err, "size", "below_floor")
	if _, err := restored.Append(ctx, []byte("c")); err != nil {
		t.Fatal(err)
	}
	_, err = restored.Sign(ctx)
	wantError(t, "half caught up", err, "size", "below_floor")
	if _, err := restored.Append(ctx, []byte("another d")); err != nil {
		t.Fatal(err)
	}
	_, err = restored.Sign(ctx)
	wantError(t, "other history", err, "root", "fork")

	again := &Memory{entries: old.entries[:2:2], hashes: old.hashes[:3:3], checkpoint: old.checkpoint}
	restored, err = openLog(t, again, published)
	if err != nil {
		t.Fatal(err)
	}
	if got := sign(t, restored, "c", "d"); !bytes.Equal(got, published) {
		t.Errorf("caught up: %s, want %s", got, published)
	}
	sign(t, restored, "e")
}

// The store's own checkpoint is a floor too, and a floor has to be signed.
func TestForkIsRefused(t *testing.T) {
	ctx := context.Background()
	store := &Memory{}
	l, err := openLog(t, store, nil)
	if err != nil {
		t.Fatal(err)
	}
	signed := sign(t, l, "a", "b", "c")
	forged := &Memory{}
	other, err := openLog(t, forged, nil)
	if err != nil {
		t.Fatal(err)
	}
	sign(t, other, "a", "x", "c", "d")
	forged.checkpoint = signed
	_, err = other.Sign(ctx)
	wantError(t, "fork", err, "root", "fork")
	forged.entries, forged.hashes = forged.entries[:1], forged.hashes[:1]
	_, err = other.Sign(ctx)
	wantError(t, "shrunk", err, "size", "below_floor")

	bad := bytes.Replace(signed, []byte("\n3\n"), []byte("\n4\n"), 1)
	_, err = openLog(t, &Memory{}, bad)
	wantError(t, "floor with a false signature", err, "signature", "mismatch")
	_, err = openLog(t, &Memory{checkpoint: bad}, nil)
	wantError(t, "store with a false signature", err, "signature", "mismatch")
}

func TestCosign(t *testing.T) {
	ctx := context.Background()
	l, _ := newLog(t, nil)
	signed := sign(t, l, "a", "b")
	w1, w2, stranger := witnessNo(t, 1, 1000), witnessNo(t, 2, 2000), witnessNo(t, 3, 3000)
	lines := slices.Concat(cosign(t, signed, w1), cosign(t, signed, stranger), cosign(t, signed, w2))
	got, err := l.Cosign(ctx, lines, &w1.Witness, &w2.Witness)
	if err != nil || bytes.Count(got, []byte("— ")) != 3 || bytes.Contains(got, []byte("witness3")) {
		t.Fatalf("%s, %v", got, err)
	}
	if again, err := l.Sign(ctx); err != nil || !bytes.Equal(again, got) {
		t.Error("cosignatures were lost", err)
	}
	_, err = l.Cosign(ctx, cosign(t, []byte("another\n1\n"+EmptyRoot.String()+"\n\n"), w1), &w1.Witness)
	if err != nil {
		t.Error("a second line of a witness whose first is good is dropped:", err)
	}
	sign(t, l, "c")
	_, err = l.Cosign(ctx, cosign(t, signed, w1), &w1.Witness)
	wantError(t, "cosignature of an old checkpoint", err, "signature", "mismatch")
	empty, _ := newLog(t, nil)
	_, err = empty.Cosign(ctx, nil)
	wantError(t, "nothing to cosign", err, "checkpoint", "missing")
}

func TestOpenRefusesOtherKey(t *testing.T) {
	signer, _, _ := logKeys(t)
	_, vkey, err := note.GenerateKey(rand.NewChaCha8([32]byte{9}), origin)
	if err != nil {
		t.Fatal(err)
	}
	other, err := note.NewVerifier(vkey)
	if err != nil {
		t.Fatal(err)
	}
	_, err = Open(context.Background(), Config{Store: &Memory{}, Signer: signer, Key: other})
	wantError(t, "open", err, "key", "mismatch")
}
