package vault_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/store/vault"
)

var ctx = context.Background()

func open(t testing.TB, path string) *vault.Vault {
	t.Helper()
	v, err := vault.Open(ctx, path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { v.Close() })
	return v
}

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func wantCode(t testing.TB, err error, code domain.Code) {
	t.Helper()
	if domain.ErrorCode(err) != code {
		t.Errorf("got %v, want code %q", err, code)
	}
}

func TestKeys(t *testing.T) {
	path := filepath.Join(t.TempDir(), "keys.db")
	v := open(t, path)
	a, b := vault.NewKey(), vault.NewKey()
	check(t, v.Add(ctx, map[string]vault.Key{"a": a, "b": b}))
	check(t, v.Add(ctx, map[string]vault.Key{"a": a})) // the same again
	wantCode(t, v.Add(ctx, map[string]vault.Key{"c": vault.NewKey(), "a": b}), domain.Refused)
	if k, err := v.Key(ctx, "c"); k != nil || err != nil {
		t.Errorf("a refused set left %v, %v", k, err)
	}
	check(t, v.Close())
	k, err := open(t, path).Key(ctx, "a")
	check(t, err)
	if *k != a {
		t.Error("the key changed")
	}
}

func TestDestroy(t *testing.T) {
	path := filepath.Join(t.TempDir(), "keys.db")
	v := open(t, path)
	keys := map[string]vault.Key{}
	for i := range 200 {
		keys[fmt.Sprint("p", i)] = vault.NewKey()
	}
	check(t, v.Add(ctx, keys))
	check(t, v.Destroy(ctx, "p7", "never there"))
	_, err := v.Key(ctx, "p7")
	wantCode(t, err, domain.Refused)
	wantCode(t, v.Add(ctx, map[string]vault.Key{"p7": keys["p7"]}), domain.Refused)
	ids, err := v.Destroyed(ctx)
	check(t, err)
	if fmt.Sprint(ids) != "[never there p7]" {
		t.Errorf("destroyed: %v", ids)
	}
	gone, kept := keys["p7"], keys["p8"]
	found := false
	for _, name := range []string{path, path + "-wal", path + "-journal"} {
		b, _ := os.ReadFile(name)
		if bytes.Contains(b, gone[:]) {
			t.Errorf("%s still holds the destroyed key", name)
		}
		found = found || bytes.Contains(b, kept[:])
	}
	if !found {
		t.Error("the test looks in the wrong place: a living key is in no file")
	}
	wantCode(t, v.Destroy(ctx, "blind index"), domain.Refused)
}

func TestBlindKeyStays(t *testing.T) {
	path := filepath.Join(t.TempDir(), "keys.db")
	v := open(t, path)
	a, err := v.BlindKey(ctx)
	check(t, err)
	check(t, v.Close())
	b, err := open(t, path).BlindKey(ctx)
	check(t, err)
	if a != b || a == (vault.Key{}) {
		t.Error("the blind key changed or is empty")
	}
}

func TestOnlyTheOwnerReads(t *testing.T) {
	path := filepath.Join(t.TempDir(), "keys.db")
	check(t, open(t, path).Add(ctx, map[string]vault.Key{"a": vault.NewKey()}))
	for _, name := range []string{path, path + "-wal", path + "-shm"} {
		info, err := os.Stat(name)
		check(t, err)
		if info.Mode().Perm() != 0o600 {
			t.Errorf("%s has mode %v", name, info.Mode())
		}
	}
	open2 := filepath.Join(t.TempDir(), "keys.db")
	check(t, os.WriteFile(open2, nil, 0o644))
	_, err := vault.Open(ctx, open2)
	wantCode(t, err, domain.Refused)
}

func TestBackup(t *testing.T) {
	dir := t.TempDir()
	v := open(t, filepath.Join(dir, "keys.db"))
	a := vault.NewKey()
	check(t, v.Add(ctx, map[string]vault.Key{"a": a}))
	copied := filepath.Join(dir, "copy.db")
	check(t, v.Backup(ctx, copied))
	wantCode(t, v.Backup(ctx, copied), domain.Unavailable) // never over another file
	info, err := os.Stat(copied)
	check(t, err)
	if info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v", info.Mode())
	}
	check(t, v.Destroy(ctx, "a"))
	back := open(t, copied)
	k, err := back.Key(ctx, "a")
	check(t, err)
	if *k != a {
		t.Error("the backup holds another key")
	}
	ids, err := v.Destroyed(ctx)
	check(t, err)
	check(t, back.Destroy(ctx, ids...)) // replayed
	_, err = back.Key(ctx, "a")
	wantCode(t, err, domain.Refused)
}
