package engine_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/engine"
	"github.com/dinghai/dinghai/journey/journeytest"
	"github.com/dinghai/dinghai/store/sqlite"
)

// slowKeys stores keys late, or not at all.
type slowKeys struct {
	engine.Vault
	full  error
	added chan struct{}
}

func (k *slowKeys) Add(ctx context.Context, keys map[string][]byte) error {
	time.Sleep(20 * time.Millisecond) // the records are written long before
	if k.full != nil {
		return k.full
	}
	err := k.Vault.Add(ctx, keys)
	close(k.added)
	return err
}

// TestKeysBeforeRecords: a record is in the store only once the key of its
// sealed values is in the key file; without the key it is not there at all.
func TestKeysBeforeRecords(t *testing.T) {
	cat := journeytest.Layer(t, os.DirFS("../systems"), os.DirFS("testdata"))
	st, err := sqlite.Open(t.Context(), sqlite.Options{Path: filepath.Join(t.TempDir(), "d.db")})
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	keys := &slowKeys{Vault: journeytest.NewKeys(), full: errors.New("disk full"), added: make(chan struct{})}
	e := engine.New(engine.Config{Catalogue: cat, Store: st, Vault: keys, Committed: func([]domain.Event) {
		select {
		case <-keys.added:
		default:
			t.Error("stored before its key")
		}
	}})
	defer e.Close()
	letter := domain.Command{Kind: "mini.letter", Action: "receive", Area: "330902002", Actor: domain.System("test"), Input: map[string]any{"about": "退款", "sender": "何一"}}
	if _, err := e.Do(t.Context(), letter); !errors.Is(err, keys.full) {
		t.Fatalf("without room for the key: %v", err)
	}
	if n, err := st.Reader().Count(t.Context(), domain.ListQuery{Kind: "mini.letter"}); n != 0 || err != nil {
		t.Fatalf("%d records without a key, %v", n, err)
	}
	keys.full = nil
	got, err := e.Do(t.Context(), letter)
	if err != nil {
		t.Fatal(err)
	}
	if v, ok, err := e.Unseal(t.Context(), got.Record.Ref, "sender", got.Record.Fields["sender"]); v != "何一" || !ok || err != nil {
		t.Errorf("unsealed %v %v %v", v, ok, err)
	}
}
