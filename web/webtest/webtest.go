// Package webtest makes a small bureau for trials of the pages: a trial system
// on the shipped base catalogue, filled through the engine like any other.
package webtest

import (
	"context"
	"embed"
	"fmt"
	"io/fs"
	"path/filepath"
	"sync"
	"time"

	"github.com/goccy/go-yaml"

	"github.com/dinghai/dinghai/access"
	"github.com/dinghai/dinghai/catalogue"
	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/engine"
	"github.com/dinghai/dinghai/engine/clock"
	"github.com/dinghai/dinghai/engine/report"
	"github.com/dinghai/dinghai/store/files"
	"github.com/dinghai/dinghai/store/sqlite"
	"github.com/dinghai/dinghai/systems"
	"github.com/dinghai/dinghai/web"
)

//go:embed testdata
var testdata embed.FS

// Title is the name of the trial bureau.
var Title = domain.Text{ZH: "舟山市市场监督管理局", EN: "Zhoushan Market Supervision Bureau"}

// Area is the root of its areas.
const Area = "330900"

// Bureau is an engine over a new database, with a clock to set.
type Bureau struct {
	Engine *engine.Engine
	Store  *sqlite.Store
	Access *access.Service       // nil but in a staffed bureau
	People map[string]domain.Ref // by log-in name
	keys   *vault
	mu     sync.Mutex
	now    time.Time
}

// Forget destroys the key of a record, as the job of an erasure does.
func (b *Bureau) Forget(ctx context.Context, ref domain.Ref) error {
	return b.keys.Destroy(ctx, ref.String())
}

// Files keeps files in a folder, beside the trial's database.
func (b *Bureau) Files(dir string) *files.Service {
	return &files.Service{Blobs: files.Disk{Dir: filepath.Join(dir, "files")}, Table: b.Store, Locks: b.Engine, Dir: filepath.Join(dir, "uploads"), Now: b.Now}
}

// Open makes an empty bureau in a folder.
func Open(ctx context.Context, dir string) (*Bureau, error) {
	trial, err := fs.Sub(testdata, "testdata")
	if err != nil {
		return nil, err
	}
	cat, err := catalogue.Load(only{systems.Files, "base"}, only{systems.Files, "summary"}, only{trial, "trial"})
	if err != nil {
		return nil, err
	}
	if err := cat.Check(); err != nil {
		return nil, err
	}
	return OpenWith(ctx, dir, cat, nil)
}

// OpenWith makes an empty bureau that runs a given catalogue.
func OpenWith(ctx context.Context, dir string, cat *catalogue.Catalogue, hooks map[string]engine.Hook) (*Bureau, error) {
	st, err := sqlite.Open(ctx, sqlite.Options{Path: filepath.Join(dir, "trial.db")})
	if err != nil {
		return nil, err
	}
	b := &Bureau{Store: st, keys: &vault{keys: map[string][]byte{}}}
	b.Set("2023-11-18")
	b.Engine = engine.New(engine.Config{Catalogue: cat, Store: st, Vault: b.keys, Now: b.Now, Hooks: hooks, Committed: b.told, Organ: b.organ})
	return b, nil
}

// Close stops the engine and closes the database.
func (b *Bureau) Close() error {
	b.Engine.Close()
	return b.Store.Close()
}

// Now is the trial's clock.
func (b *Bureau) Now() time.Time {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.now
}

// Set puts the clock to nine in the morning of a day.
func (b *Bureau) Set(d domain.Date) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.now = d.Time(clock.Zone).Add(9 * time.Hour)
}

// Reports is the trial's report.
func (b *Bureau) Reports() (web.Reports, error) {
	d := &report.Declared{}
	if err := decode("testdata/declared.yaml", d); err != nil {
		return nil, err
	}
	cat := b.Engine.Catalogue()
	s := web.Standard{
		Sources:  report.Sources{Catalogue: cat, Values: b.Engine.Figures(), Reader: b.Engine.Reader()},
		Declared: d, Templates: map[string]*report.Template{}, Bureau: report.Bureau{Name: Title},
	}
	knows := func(id string) bool { return d.Find(id) != nil || cat.Indicators[id] != nil }
	for _, lang := range []string{"zh", "en"} {
		name := "report." + lang + ".md"
		src, err := testdata.ReadFile("testdata/" + name)
		if err != nil {
			return nil, err
		}
		if s.Templates[lang], err = report.ParseTemplate(name, string(src), lang, knows); err != nil {
			return nil, err
		}
	}
	return s, nil
}

func decode(path string, into any) error {
	b, err := testdata.ReadFile(path)
	if err != nil {
		return err
	}
	if err := yaml.Unmarshal(b, into); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return nil
}

// only shows one folder of a file system.
type only struct {
	fs.FS
	dir string
}

// ReadDir hides the other folders of the root.
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

// vault keeps keys in memory.
type vault struct {
	mu   sync.Mutex
	keys map[string][]byte
}

// Add keeps keys.
func (v *vault) Add(_ context.Context, keys map[string][]byte) error {
	v.mu.Lock()
	defer v.mu.Unlock()
	for id, k := range keys {
		v.keys[id] = k
	}
	return nil
}

// Key finds a key.
func (v *vault) Key(_ context.Context, id string) ([]byte, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.keys[id], nil
}

// Destroy forgets a key.
func (v *vault) Destroy(_ context.Context, id string) error {
	v.mu.Lock()
	defer v.mu.Unlock()
	delete(v.keys, id)
	return nil
}

// BlindKey is the same in every trial.
func (v *vault) BlindKey() []byte { return []byte("trial blind key") }
