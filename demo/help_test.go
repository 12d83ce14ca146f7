package demo

import (
	"context"
	"maps"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/dinghai/dinghai/catalogue"
	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/engine"
	"github.com/dinghai/dinghai/jobs"
	"github.com/dinghai/dinghai/store/sqlite"
	"github.com/dinghai/dinghai/systems"
	"github.com/dinghai/dinghai/systems/inspection"
)

// hands is a settable clock.
type hands struct{ t time.Time }

func (h *hands) Set(t time.Time) { h.t = t }
func (h *hands) Now() time.Time  { return h.t }

// keys is a key store for one test.
type keys struct {
	mu sync.Mutex
	m  map[string][]byte
}

func (k *keys) Add(_ context.Context, add map[string][]byte) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	maps.Copy(k.m, add)
	return nil
}

func (k *keys) Key(_ context.Context, id string) ([]byte, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.m[id], nil
}

func (k *keys) Destroy(_ context.Context, id string) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	delete(k.m, id)
	return nil
}

func (k *keys) BlindKey() []byte { return []byte("a test's blind key") }

func shipped(t testing.TB) *catalogue.Catalogue {
	t.Helper()
	cat, err := catalogue.Load(systems.Files)
	if err != nil {
		t.Fatal(err)
	}
	return cat
}

// bureau is a store that a demo was made in, or refused for.
type bureau struct {
	eng *engine.Engine
	clk *hands
	err error
}

// bureauOf runs the generator over an empty SQLite store.
func bureauOf(t testing.TB, cat *catalogue.Catalogue, targets *Targets, scale float64, say func(domain.Text, int, int)) *bureau {
	t.Helper()
	st, err := sqlite.Open(t.Context(), sqlite.Options{Path: filepath.Join(t.TempDir(), "demo.db")})
	if err != nil {
		t.Fatal(err)
	}
	hooks, err := systems.Hooks()
	if err != nil {
		t.Fatal(err)
	}
	maps.Copy(hooks, inspection.Module.Hooks)
	b := &bureau{clk: &hands{targets.Clock}}
	vault := &keys{m: map[string][]byte{}}
	b.eng = engine.New(engine.Config{Catalogue: cat, Store: st, Vault: vault, Now: b.clk.Now, NewID: IDs(targets.Seed), Hooks: hooks})
	t.Cleanup(func() { b.eng.Close(); st.Close() })
	b.err = Run(t.Context(), Options{Engine: b.eng, Clock: b.clk, Targets: targets, Scale: scale, Progress: say,
		Jobs: &jobs.Jobs{Engine: b.eng, Outbox: st, Eraser: vault}})
	return b
}
