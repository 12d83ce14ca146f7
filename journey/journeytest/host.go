// Package journeytest sets up a real engine over a real, empty store for
// tests, with a clock and an id source the test controls.
package journeytest

import (
	"context"
	"fmt"
	"io/fs"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/dinghai/dinghai/catalogue"
	"github.com/dinghai/dinghai/engine"
	"github.com/dinghai/dinghai/jobs"
	"github.com/dinghai/dinghai/journey"
	"github.com/dinghai/dinghai/store/sqlite"
)

// Store is what tests need of a store.
type Store interface {
	engine.Store
	engine.History
	jobs.Outbox
	Close() error
}

// Options choose what the host runs on.
type Options struct {
	Catalogue *catalogue.Catalogue
	Store     Store // nil = a new SQLite file
	Hooks     map[string]engine.Hook
	Authority map[string]string
	Cover     *journey.Coverage
}

// New sets up a runner; everything is closed when the test ends.
func New(t testing.TB, o Options) *journey.Runner {
	t.Helper()
	if o.Store == nil {
		st, err := sqlite.Open(t.Context(), sqlite.Options{Path: filepath.Join(t.TempDir(), "d.db")})
		if err != nil {
			t.Fatal(err)
		}
		o.Store = st
	}
	if o.Cover == nil {
		o.Cover = journey.NewCoverage(o.Catalogue)
	}
	clk := &journey.Clock{}
	clk.Set(time.Date(2023, 5, 8, 1, 0, 0, 0, time.UTC))
	v := NewKeys()
	eng := engine.New(engine.Config{Catalogue: o.Catalogue, Store: o.Store, Vault: v, Now: clk.Now, NewID: IDs(), Hooks: o.Hooks, Authority: o.Authority})
	t.Cleanup(func() {
		eng.Close()
		if err := o.Store.Close(); err != nil {
			t.Error(err)
		}
	})
	return &journey.Runner{Engine: eng, Clock: clk, Cover: o.Cover, Jobs: &jobs.Jobs{Engine: eng, Outbox: o.Store, Eraser: v}}
}

// Keys is a key store in memory.
type Keys struct {
	mu   sync.Mutex
	keys map[string][]byte
}

// NewKeys makes an empty one.
func NewKeys() *Keys { return &Keys{keys: map[string][]byte{}} }

// Add keeps keys.
func (k *Keys) Add(_ context.Context, add map[string][]byte) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	for id, b := range add {
		k.keys[id] = b
	}
	return nil
}

// Key finds a key.
func (k *Keys) Key(_ context.Context, id string) ([]byte, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.keys[id], nil
}

// Destroy forgets a key.
func (k *Keys) Destroy(_ context.Context, id string) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	delete(k.keys, id)
	return nil
}

// BlindKey is the same in every test.
func (k *Keys) BlindKey() []byte { return []byte("a test's blind index key") }

// IDs makes the same ids in every run, in the form of a UUIDv7.
func IDs() func(int, time.Time) string {
	var mu sync.Mutex
	n := uint64(0)
	return func(_ int, t time.Time) string {
		mu.Lock()
		defer mu.Unlock()
		n++
		ms := uint64(t.UnixMilli())
		return fmt.Sprintf("%08x-%04x-7000-8000-%012x", ms>>16&0xffffffff, ms&0xffff, n)
	}
}

// Layer loads the shipped base with folders of trial systems laid over it, and
// checks the whole.
func Layer(t testing.TB, shipped fs.FS, trial ...fs.FS) *catalogue.Catalogue {
	t.Helper()
	cat, err := catalogue.Load(append([]fs.FS{Base(shipped)}, trial...)...)
	if err != nil {
		t.Fatal(err)
	}
	if err := cat.Check(); err != nil {
		t.Fatal(err)
	}
	return cat
}

// Base shows what all systems share, without the systems.
func Base(shipped fs.FS) fs.FS { return only{shipped, "base"} }

// only shows one folder of a file system.
type only struct {
	fs.FS
	dir string
}

// ReadDir hides the other folders.
func (o only) ReadDir(name string) ([]fs.DirEntry, error) {
	list, err := fs.ReadDir(o.FS, name)
	if name != "." || err != nil {
		return list, err
	}
	var kept []fs.DirEntry
	for _, e := range list {
		if e.Name() == o.dir {
			kept = append(kept, e)
		}
	}
	return kept, nil
}
