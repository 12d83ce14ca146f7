// Package app wires the product by hand: configuration, store, keys,
// catalogue, engine, jobs and servers, and what the command line offers.
package app

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/dinghai/dinghai/access"
	"github.com/dinghai/dinghai/catalogue"
	"github.com/dinghai/dinghai/engine"
	"github.com/dinghai/dinghai/jobs"
	"github.com/dinghai/dinghai/jobs/notify"
	"github.com/dinghai/dinghai/store/files"
	"github.com/dinghai/dinghai/systems"
	"github.com/dinghai/dinghai/web"
)

// Options say where the records are and what the bureau adds to the catalogue.
type Options struct {
	Data      string // folder of the SQLite database, keys and files
	DB        string // postgres://… instead of SQLite
	Files     string // folder or s3:// address of files; "" = beside the database
	Catalogue string // folder laid over the shipped catalogue
	ReadOnly  bool
	Migrating bool // new figures are expected: their rows are about to be made
	Now       func() time.Time
	NewID     func(home int, at time.Time) string
	Authority map[string]string
}

// App is the wired product.
type App struct {
	Options
	Catalogue *catalogue.Catalogue
	Store     Store
	Vault     *keyring
	Engine    *engine.Engine
	Jobs      *jobs.Jobs
	Access    *access.Service
	Files     *files.Service
	Notices   *notify.Service
	Runs      *jobs.Runs
	Map       *web.Map // the bureau's own; nil = our simple drawing

	release func()                  // gives the lease back; nil without one
	stop    context.CancelCauseFunc // ends what serves; nil when nothing does
	work    sync.WaitGroup          // what serves
}

// LoadCatalogue reads the shipped catalogue and the overlay, and checks both.
func LoadCatalogue(overlay string, check bool) (*catalogue.Catalogue, error) {
	c, err := catalogue.Load(layers(overlay)...)
	if err == nil && (check || overlay != "") {
		err = checkWordings(c, overlay, c.Check())
	}
	return c, err
}

// Open wires everything over a store. Close releases it.
func Open(ctx context.Context, o Options) (*App, error) {
	cat, err := LoadCatalogue(o.Catalogue, false)
	if err != nil {
		return nil, fmt.Errorf("the catalogue has mistakes:\n%w", err)
	}
	hooks, err := systems.Hooks()
	if err != nil {
		return nil, err
	}
	for _, k := range cat.Ordered() {
		for _, act := range k.Actions {
			if act.Hook != "" && hooks[act.Hook] == nil {
				return nil, fmt.Errorf("%s: action %s calls the hook %s, which this build has not", k.File, act.Action, act.Hook)
			}
		}
	}
	st, err := openStore(ctx, o)
	if err != nil {
		return nil, err
	}
	v, err := openKeys(ctx, filepath.Join(o.Data, "keys.db"))
	if err != nil {
		st.Close()
		return nil, err
	}
	a := &App{Options: o, Catalogue: cat, Store: st, Vault: v}
	a.Engine = engine.New(engine.Config{Catalogue: cat, Store: st, Vault: v, Now: o.Now, NewID: o.NewID, Hooks: hooks, Authority: o.Authority, Committed: a.told, Organ: a.organ})
	a.Access = a.newAccess()
	a.Files = &files.Service{Table: st, Locks: a.Engine, Dir: filepath.Join(o.Data, "uploads"), Now: o.Now}
	a.Notices = &notify.Service{Engine: a.Engine, Store: st, Channels: map[string]notify.Channel{}}
	a.Jobs = &jobs.Jobs{Engine: a.Engine, Outbox: st, Eraser: v, Notices: a.Notices}
	a.Runs = &jobs.Runs{Notes: st}
	a.Files.Blobs, err = openFiles(ctx, o)
	if err == nil {
		err = a.settle(ctx)
	}
	if err == nil {
		_, err = a.Jobs.Calendar(ctx)
	}
	if err != nil {
		return nil, errors.Join(err, a.Close())
	}
	return a, nil
}

// settle holds the catalogue against the definitions the records were made
// under.
func (a *App) settle(ctx context.Context) error {
	if a.ReadOnly {
		return nil
	}
	fresh, err := a.pin(ctx)
	if err == nil && len(fresh) > 0 && !a.Migrating {
		err = fmt.Errorf("figures without rows yet: %s; run: dinghai catalogue migrate", strings.Join(fresh, ", "))
	}
	return err
}

// meta reads a note of the store, "" when there is none.
func (a *App) meta(name string) string {
	v, err := a.Store.Meta(context.Background(), name)
	if err != nil {
		return ""
	}
	return v
}

// Close ends what serves, stops the engine, gives the lease back and closes store and keys.
func (a *App) Close() error {
	if a.stop != nil {
		a.stop(nil)
	}
	a.work.Wait()
	a.Engine.Close()
	if a.release != nil {
		a.release()
	}
	err := a.Store.Close()
	if e := a.Vault.Close(); err == nil {
		err = e
	}
	return err
}

func isPostgres(db string) bool {
	return strings.HasPrefix(db, "postgres://") || strings.HasPrefix(db, "postgresql://")
}
