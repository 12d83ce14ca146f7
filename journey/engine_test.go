package journey_test

import (
	"context"
	"crypto/sha256"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/dinghai/dinghai/catalogue"
	"github.com/dinghai/dinghai/engine"
	"github.com/dinghai/dinghai/jobs"
	"github.com/dinghai/dinghai/journey"
	"github.com/dinghai/dinghai/store/sqlite"
	"github.com/dinghai/dinghai/systems"
)

// memVault keeps keys in memory for a test.
type memVault struct{ keys map[string][]byte }

func (v *memVault) Add(_ context.Context, k map[string][]byte) error {
	for id, b := range k {
		v.keys[id] = b
	}
	return nil
}
func (v *memVault) Key(_ context.Context, id string) ([]byte, error) { return v.keys[id], nil }
func (v *memVault) Destroy(_ context.Context, id string) error       { delete(v.keys, id); return nil }
func (v *memVault) BlindKey() []byte                                 { return []byte("test blind key") }

// counter makes ids that are the same in every run.
func counter() func(time.Time) string {
	n := uint64(0)
	return func(t time.Time) string {
		n++
		h := sha256.Sum256(fmt.Appendf(nil, "%d", n))
		return fmt.Sprintf("%08x-%04x-7%03x-8%03x-%012x", t.Unix()&0xffffffff, n>>48&0xffff, n>>36&0xfff, h[0], n)
	}
}

func newRunner(t testing.TB, cat *catalogue.Catalogue, cover *journey.Coverage, j *journey.Journey) *journey.Runner {
	t.Helper()
	ctx := t.Context()
	st, err := sqlite.Open(ctx, sqlite.Options{Path: filepath.Join(t.TempDir(), "d.db")})
	if err != nil {
		t.Fatal(err)
	}
	clk := &journey.Clock{}
	vault := &memVault{map[string][]byte{}}
	eng := engine.New(engine.Config{Catalogue: cat, Store: st, Vault: vault, Now: clk.Now, NewID: counter(), Authority: j.Authority})
	t.Cleanup(func() { eng.Close(); st.Close() })
	return &journey.Runner{Engine: eng, Clock: clk, Cover: cover, Jobs: &jobs.Jobs{Engine: eng, Outbox: st, Eraser: vault}}
}

// layer puts the trial system beside the shipped base.
func layer(t testing.TB) *catalogue.Catalogue {
	t.Helper()
	base, err := fs.Sub(os.DirFS("../systems"), ".")
	if err != nil {
		t.Fatal(err)
	}
	cat, err := catalogue.Load(only{base, "base"}, os.DirFS("../engine/testdata"))
	if err != nil {
		t.Fatal(err)
	}
	if err := cat.Check(); err != nil {
		t.Fatal(err)
	}
	return cat
}

// only shows one folder of a file system.
type only struct {
	fs.FS
	dir string
}

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

// TestTrialSystem runs a system that no Go knows of: data alone is enough.
func TestTrialSystem(t *testing.T) {
	cat := layer(t)
	cover := journey.NewCoverage(cat)
	list, err := journey.Load(os.DirFS("../engine/testdata"))
	if err != nil {
		t.Fatal(err)
	}
	for _, j := range list {
		t.Run(j.Title.EN, func(t *testing.T) {
			if err := newRunner(t, cat, cover, j).Run(t.Context(), j); err != nil {
				t.Fatal(err)
			}
		})
	}
	lines, missing := cover.Report(journey.Of(cat.Ordered(), "mini"))
	for _, l := range lines {
		t.Log(l)
	}
	t.Log(missing)
}

var _ = systems.Files
