// Package postgres keeps a bureau, or many, in PostgreSQL. Each home has a
// writer lane of its own, guarded by an advisory lock, so that its positions
// stay dense even if two processes believe to be the active one. Rows go in as
// one statement per table and group, all statements of a group in one trip.
package postgres

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"

	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/store"
	"github.com/dinghai/dinghai/store/migrations"
)

// Options say how to reach a database.
type Options struct {
	DSN      string // postgres://…
	ReadOnly bool   // no migration; writing is refused
	Conns    int    // connections; 0 = 24
}

// Store is an open database.
type Store struct {
	store.Keep
	opt  Options
	pool *pgxpool.Pool
}

// lanes is how many homes may commit at the same time.
const lanes = 16

// Open connects, refuses a server that does not keep what it acknowledged, and
// brings the tables up to date.
func Open(ctx context.Context, opt Options) (*Store, error) {
	cfg, err := pgxpool.ParseConfig(opt.DSN)
	if err != nil {
		return nil, domain.Wrap(domain.Invalid, err)
	}
	cfg.MaxConns = int32(opt.Conns)
	if opt.Conns == 0 {
		cfg.MaxConns = lanes + 8
	}
	cfg.ConnConfig.RuntimeParams["application_name"] = "dinghai"
	cfg.ConnConfig.RuntimeParams["jit"] = "off" // compiling costs more than our queries
	cfg.ConnConfig.ConnectTimeout = 5 * time.Second
	pool, err := pgxpool.NewWithConfig(ctx, cfg)
	if err != nil {
		return nil, failure(err)
	}
	s := &Store{opt: opt, pool: pool}
	s.Keep = store.Keep{Reader: store.Reader{Viewer: viewer{pool}, Dialect: dialect{}}, Transact: s.asConn}
	if err := s.prepare(ctx); err != nil {
		pool.Close()
		return nil, err
	}
	return s, nil
}

func (s *Store) prepare(ctx context.Context) error {
	if err := durable(ctx, s.pool); err != nil {
		return err
	}
	if s.opt.ReadOnly {
		return nil
	}
	db := stdlib.OpenDBFromPool(s.pool)
	defer db.Close()
	return failure(migrations.Up(ctx, db, goose.DialectPostgres))
}

// durable reads the settings back and refuses less than what keeps an
// acknowledged write through a power loss.
func durable(ctx context.Context, pool *pgxpool.Pool) error {
	for _, name := range []string{"fsync", "synchronous_commit", "full_page_writes"} {
		var value string
		if err := pool.QueryRow(ctx, "SELECT current_setting($1)", name).Scan(&value); err != nil {
			return failure(err)
		}
		if value == "off" || value == "local" && name != "synchronous_commit" {
			return domain.Failf(domain.Refused, "", "durable", "数据库未处于持久模式：%s=%s", "the database is not durable: %s=%s", name, value)
		}
	}
	return nil
}

// Close waits for work under way and closes all connections.
func (s *Store) Close() error {
	s.pool.Close()
	return nil
}

// Reader gives read access outside any transaction.
func (s *Store) Reader() domain.Reader { return s.Keep.Reader }

// Lanes is how many homes may commit at the same time.
func (s *Store) Lanes() int { return lanes }

// GroupSize is where larger groups stop to gain.
func (s *Store) GroupSize() int { return 60 }

// lockClass sets our advisory locks apart from others in the database.
const lockClass = 0x64696e67 // "ding"

// attempts bounds how often a transaction is run after losing a race.
const attempts = 4

// Update runs fn in one durable transaction on the home's lane.
func (s *Store) Update(ctx context.Context, home int, fn func(domain.Tx) error) error {
	return s.update(ctx, home, "", fn)
}

func (s *Store) update(ctx context.Context, home int, prefix string, fn func(domain.Tx) error) error {
	return s.transact(ctx, func(c *conn) error {
		if _, err := c.Exec(ctx, "SELECT pg_advisory_xact_lock(?, ?)", lockClass, home); err != nil {
			return err
		}
		return fn(newTx(ctx, c, prefix))
	})
}

// transact runs fn in a transaction, again if it lost a race: a deadlock, or a
// claim that another lane took meanwhile and a second look will see.
func (s *Store) transact(ctx context.Context, fn func(*conn) error) (err error) {
	if s.opt.ReadOnly {
		return domain.Fail(domain.Unavailable, "", "read_only", "数据库以只读方式打开", "the database is open for reading only")
	}
	for range attempts {
		if err = s.try(ctx, fn); !lostRace(err) && !store.IsTaken(err) {
			return err
		}
	}
	return err
}

func (s *Store) try(ctx context.Context, fn func(*conn) error) error {
	tx, err := begin(ctx, s.pool, pgx.TxOptions{})
	if err != nil {
		return failure(err)
	}
	// Without effect after a commit. Not the caller's context: that may have ended.
	defer tx.Rollback(context.WithoutCancel(ctx)) //nolint:errcheck
	if err := fn(&conn{tx}); err != nil {
		return err
	}
	if err := tx.Commit(ctx); err != nil {
		return unsure(err)
	}
	return nil
}

func (s *Store) asConn(ctx context.Context, fn func(store.Conn) error) error {
	return s.transact(ctx, func(c *conn) error { return fn(c) })
}

// Acquire makes this process the active one while it renews the lease.
func (s *Store) Acquire(ctx context.Context, owner string) (bool, error) {
	return s.Seize(ctx, owner, false)
}

// Release gives the lease up, so that a standby can take over at once.
func (s *Store) Release(ctx context.Context, owner string) error { return s.Yield(ctx, owner) }

// Filterable makes sure that lists of a kind can be filtered by fields without
// reading every record: one index a field, of the records that have it. It costs
// every later write of the kind, so it is for long lists only.
func (s *Store) Filterable(ctx context.Context, kind string, fields []string) error {
	for _, f := range fields {
		if !store.FieldName(f) || !store.KindName(kind) {
			return domain.Failf(domain.Invalid, f, "name", "不能用作筛选字段：%s.%s", "not a field to filter by: %s.%s", kind, f)
		}
		sql := fmt.Sprintf(`CREATE INDEX IF NOT EXISTS "%[1]s" ON record ((doc->'f'->>'%[2]s'), opened, id) WHERE kind = '%[3]s' AND (doc->'f'->>'%[2]s') IS NOT NULL`, indexName(kind, f), f, kind)
		if _, err := s.pool.Exec(ctx, sql); err != nil {
			return failure(err)
		}
	}
	return nil
}

// indexName keeps within the 63 bytes a name may have.
func indexName(kind, field string) string {
	name := "field " + kind + "." + field
	if len(name) > 60 {
		name = name[:40] + "#" + store.Hash(name)[:16]
	}
	return name
}
