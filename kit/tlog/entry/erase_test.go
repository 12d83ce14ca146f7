package entry_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"golang.org/x/mod/sumdb/note"

	"github.com/dinghai/dinghai/kit/tlog"
	"github.com/dinghai/dinghai/kit/tlog/entry"
)

// A record is published, erased, and the log still verifies; what is left
// answers no guess.
func TestErasure(t *testing.T) {
	ctx := context.Background()
	skey, vkey, err := note.GenerateKey(rand.Reader, "log.example")
	if err != nil {
		t.Fatal(err)
	}
	signer, err1 := note.NewSigner(skey)
	key, err2 := note.NewVerifier(vkey)
	l, err3 := tlog.Open(ctx, tlog.Config{Store: &tlog.Memory{}, Signer: signer, Key: key})
	policy, err4 := tlog.NewPolicy(vkey, 0)
	if err := errors.Join(err1, err2, err3, err4); err != nil {
		t.Fatal(err)
	}
	openings, list, err := entry.Seal(rand.Reader, map[string]any{"party": "王某", "id": "330902199001011234"})
	if err != nil {
		t.Fatal(err)
	}
	e := penalty()
	e.Commitments = list
	vault := &entry.Memory{Rand: rand.Reader}
	index := logged(t, l, e)
	if err := vault.Put(ctx, index, openings); err != nil {
		t.Fatal(err)
	}
	got, err := vault.Get(ctx, index)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := entry.Disclosed(e, got); err != nil {
		t.Fatal(err)
	}

	if err := vault.Erase(ctx, index); err != nil {
		t.Fatal(err)
	}
	logged(t, l, &entry.Entry{Type: entry.Erasure, Office: "330900", Date: "2024-11-20", Target: &index, Ground: "credit-repaired"})
	_, err = vault.Get(ctx, index)
	wantError(t, "after erasure", err, "entry", "erased")
	wantError(t, "put again", vault.Put(ctx, index, openings), "entry", "duplicate")
	if _, err := l.Sign(ctx); err != nil {
		t.Fatal(err)
	}
	p, err := l.Prove(ctx, index)
	if err != nil {
		t.Fatal(err)
	}
	b, err := e.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.Verify(tlog.LeafHash(b), policy); err != nil {
		t.Error("the tree no longer verifies:", err)
	}
	if bytes.Contains(b, []byte("王某")) || bytes.Contains(b, []byte("330902199001011234")) {
		t.Error("the log holds what was to be erased")
	}
	guess := entry.Opening{Name: "party", Value: json.RawMessage(`"王某"`)}
	_, err = entry.Disclosed(e, []entry.Opening{guess})
	wantError(t, "right guess without the salt", err, "value", "mismatch")
	wantError(t, "unknown", vault.Erase(ctx, 99), "entry", "unknown")
	_, err = vault.Get(ctx, 99)
	wantError(t, "unknown", err, "entry", "unknown")
}

func logged(t *testing.T, l *tlog.Log, e *entry.Entry) uint64 {
	t.Helper()
	b, err := e.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	i, err := l.Append(context.Background(), b)
	if err != nil {
		t.Fatal(err)
	}
	return i
}

func TestLock(t *testing.T) {
	key, openings := bytes.Repeat([]byte{5}, entry.KeySize), []entry.Opening{{Name: "a", Value: json.RawMessage(`1`)}}
	locked, err := entry.Lock(rand.Reader, key, 7, openings)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := entry.Unlock(key, 7, locked); err != nil || len(got) != 1 || got[0].Name != "a" {
		t.Error(got, err)
	}
	_, err = entry.Unlock(key, 8, locked)
	wantError(t, "another entry's", err, "value", "mismatch")
	_, err = entry.Unlock(key, 7, locked[:3])
	wantError(t, "short", err, "value", "length")
	_, err = entry.Unlock(key[1:], 7, locked)
	wantError(t, "short key", err, "key", "length")
	locked[20] ^= 1
	_, err = entry.Unlock(key, 7, locked)
	wantError(t, "changed", err, "value", "mismatch")
}

func TestManifest(t *testing.T) {
	numbers := []entry.Hash{{3}, {1}, {2}}
	root, err := entry.NumbersRoot(numbers)
	other, err2 := entry.NumbersRoot([]entry.Hash{{1}, {2}, {3}})
	empty, err3 := entry.NumbersRoot(nil)
	if errors.Join(err, err2, err3) != nil || root != other || empty != entry.Hash(tlog.EmptyRoot) {
		t.Error(root, other, empty, err, err2, err3)
	}
	e, err := entry.NewManifest("330900", "2023-11-20", entry.Manifest{Matter: "food", Decided: 3, Published: 2, Withheld: map[string]int{"minor": 1}, Numbers: root})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := e.Bytes(); err != nil {
		t.Error(err)
	}
	for _, m := range []entry.Manifest{{Decided: 3, Published: 2}, {Decided: 1, Published: 2, Withheld: map[string]int{"x": -1}}, {Decided: -1, Published: -1}} {
		if _, err := entry.NewManifest("1", "2023-11-20", m); err == nil {
			t.Errorf("%+v was accepted", m)
		}
	}
	if e, err := entry.NewManifest("1", "2023-11-20", entry.Manifest{}); err != nil || !strings.Contains(string(e.Detail), `"withheld":{}`) {
		t.Error(e, err)
	}
}
