package tlog

import (
	"bytes"
	"context"
	"errors"
	"testing"
)

func TestTwoWritersConflict(t *testing.T) {
	ctx := context.Background()
	store := &late{Memory: &Memory{}}
	a, err := openLog(t, store, nil)
	if err != nil {
		t.Fatal(err)
	}
	b, err := openLog(t, store.Memory, nil)
	if err != nil {
		t.Fatal(err)
	}
	store.before = func() { sign(t, b, "b") }
	_, err = a.Append(ctx, []byte("a"))
	wantError(t, "append", err, "size", "conflict")
	sign(t, a, "a")
	store.before = func() { sign(t, b, "b2") }
	if _, err := a.Append(ctx, []byte("x")); err == nil {
		t.Error("append after another's")
	}
	if _, err := b.Append(ctx, []byte("b3")); err != nil {
		t.Fatal(err)
	}
	store.before = func() { sign(t, b, "b4") }
	_, err = a.Sign(ctx)
	wantError(t, "sign", err, "checkpoint", "conflict")
}

// late lets something else happen between reading and writing.
type late struct {
	*Memory
	before func()
}

func (l *late) now() {
	if f := l.before; f != nil {
		l.before = nil
		f()
	}
}

func (l *late) Append(ctx context.Context, size uint64, entries [][]byte, hashes []Hash) error {
	l.now()
	return l.Memory.Append(ctx, size, entries, hashes)
}

func (l *late) SetCheckpoint(ctx context.Context, old, signed []byte) error {
	l.now()
	return l.Memory.SetCheckpoint(ctx, old, signed)
}

func TestAppendRefuses(t *testing.T) {
	l, _ := newLog(t, nil)
	for what, entries := range map[string][][]byte{"nothing": nil, "empty": {[]byte("a"), nil}, "too long": {make([]byte, maxEntry+1)}, "too many": make([][]byte, maxBatch+1)} {
		var e *Error
		if _, err := l.Append(context.Background(), entries...); !errors.As(err, &e) || e.Field != "entry" {
			t.Errorf("%s: %v", what, err)
		}
	}
	if _, err := l.Append(context.Background(), make([]byte, maxEntry)); err != nil {
		t.Error(err)
	}
}

func TestFileRefuses(t *testing.T) {
	ctx := context.Background()
	l, _ := newLog(t, nil)
	if _, err := l.File(ctx, "checkpoint"); err == nil {
		t.Error("there is no checkpoint yet")
	}
	signed := sign(t, l, "a", "b")
	if b, err := l.File(ctx, "checkpoint"); err != nil || !bytes.Equal(b, signed) {
		t.Error(b, err)
	}
	for _, p := range []string{"tile/0/000.p/3", "tile/0/000", "tile/entries/001.p/1", "../x", ""} {
		if _, err := l.File(ctx, p); err == nil {
			t.Errorf("%q was served", p)
		}
	}
	// Appended but not yet under a checkpoint: not served.
	if _, err := l.Append(ctx, []byte("c")); err != nil {
		t.Fatal(err)
	}
	if _, err := l.File(ctx, "tile/entries/000.p/3"); err == nil {
		t.Error("an entry that no checkpoint covers was served")
	}
	if _, err := l.Prove(ctx, 2); err == nil {
		t.Error("an entry that no checkpoint covers was proved")
	}
}
