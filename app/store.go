package app

import (
	"context"
	"io"
	"os"
	"path/filepath"

	"github.com/dinghai/dinghai/access"
	"github.com/dinghai/dinghai/catalogue"
	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/engine"
	"github.com/dinghai/dinghai/jobs"
	"github.com/dinghai/dinghai/jobs/notify"
	"github.com/dinghai/dinghai/store"
	"github.com/dinghai/dinghai/store/files"
	"github.com/dinghai/dinghai/store/postgres"
	"github.com/dinghai/dinghai/store/sqlite"
	"github.com/dinghai/dinghai/web"
)

type ruleVersion = catalogue.RuleVersion

// Store is what the product needs of a database beyond the engine's needs.
type Store interface {
	engine.Store
	jobs.Outbox
	web.Work
	access.Store
	files.Table
	notify.Store
	Events(ctx context.Context, from map[int]int64, fn func(domain.Event) error) error
	Shadow(ctx context.Context) (store.Shadow, error)
	Compare(ctx context.Context, sh store.Shadow, limit int) ([]string, error)
	CheckRollups(ctx context.Context, limit int) ([]string, error)
	LateEntries(ctx context.Context, area string, from, to domain.Date) (map[string]int, error)
	Erased(ctx context.Context) ([]store.Erasure, error)
	Pin(ctx context.Context, list ...store.Definition) error
	Pinned(ctx context.Context, kind string) ([]store.Definition, error)
	Freeze(ctx context.Context, f store.Frozen) error
	Frozen(ctx context.Context, home int, id string) (*store.Frozen, error)
	AllFrozen(ctx context.Context) ([]store.Frozen, error)
	Meta(ctx context.Context, name string) (string, error)
	SetMeta(ctx context.Context, name, value string) error
	Acquire(ctx context.Context, owner string) (bool, error)
	Renew(ctx context.Context, owner string) (bool, error)
	Release(ctx context.Context, owner string) error
	Filterable(ctx context.Context, kind string, fields []string) error
	Backup(ctx context.Context, w io.Writer) error
	Restore(ctx context.Context, r io.Reader) error
	Close() error
}

// openStore opens the database the options name, making it if need be.
func openStore(ctx context.Context, o Options) (Store, error) {
	if o.Data == "" {
		return nil, usage("say where the records are: --data DIR")
	}
	if err := os.MkdirAll(o.Data, 0o700); err != nil {
		return nil, err
	}
	if isPostgres(o.DB) {
		return postgres.Open(ctx, postgres.Options{DSN: o.DB, ReadOnly: o.ReadOnly})
	}
	opt := sqlite.Options{Path: filepath.Join(o.Data, "dinghai.db"), ReadOnly: o.ReadOnly}
	return sqlite.Open(ctx, opt)
}
