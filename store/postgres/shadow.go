package postgres

import (
	"context"
	"maps"
	"strings"

	"github.com/pressly/goose/v3"

	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/store"
	"github.com/dinghai/dinghai/store/migrations"
)

// shadow is the second set of projections: the same tables in the schema
// "shadow". Putting it in place is moving tables between schemas.
type shadow struct{ s *Store }

const shadowSchema = "shadow"

// Shadow starts a rebuild. What an earlier, interrupted one left is dropped.
func (s *Store) Shadow(ctx context.Context) (store.Shadow, error) {
	script, err := migrations.File(goose.DialectPostgres, migrations.Projections)
	if err != nil {
		return nil, err
	}
	sh := &shadow{s}
	if err := sh.Discard(ctx); err != nil {
		return nil, err
	}
	return sh, s.transact(ctx, func(c *conn) error {
		return c.script(ctx, "CREATE SCHEMA "+shadowSchema+"; SET LOCAL search_path = "+shadowSchema+"; "+script)
	})
}

// script runs several statements at once.
func (c *conn) script(ctx context.Context, sql string) error {
	return failure(c.Conn().PgConn().Exec(ctx, sql).Close())
}

func (sh *shadow) Prefix() string { return shadowSchema + "." }

func (sh *shadow) Update(ctx context.Context, home int, fn func(domain.Tx) error) error {
	return sh.s.update(ctx, home, sh.Prefix(), fn)
}

func (sh *shadow) Peek(ctx context.Context, fn func(domain.Tx) error) error {
	return sh.s.Keep.PeekAt(ctx, sh.Prefix(), fn)
}

func (sh *shadow) Heads(ctx context.Context) (heads map[int]int64, err error) {
	err = sh.s.Once(ctx, func(q store.Querier) error {
		heads, err = store.HeadsOf(ctx, q, sh.Prefix()+"head")
		return err
	})
	return heads, err
}

// Swap moves the live tables out and the shadow's in. All are locked first, in
// one order, so that neither writers nor readers see half of it.
func (sh *shadow) Swap(ctx context.Context) error {
	return sh.s.transact(ctx, func(c *conn) error {
		var names []string
		for _, t := range store.Projections() {
			names = append(names, t.Name)
		}
		if err := c.script(ctx, "LOCK TABLE "+strings.Join(names, ", ")+" IN ACCESS EXCLUSIVE MODE"); err != nil {
			return err
		}
		if err := sh.caughtUp(ctx, c); err != nil {
			return err
		}
		fields, err := c.fieldIndexes(ctx)
		if err != nil {
			return err
		}
		var home string
		if err := c.QueryRow(ctx, "SELECT current_schema()").Scan(&home); err != nil {
			return failure(err)
		}
		sql := "CREATE SCHEMA replaced;"
		for _, name := range names {
			sql += "ALTER TABLE " + name + " SET SCHEMA replaced; ALTER TABLE " + shadowSchema + "." + name + " SET SCHEMA " + home + ";"
		}
		return c.script(ctx, sql+"DROP SCHEMA replaced CASCADE; DROP SCHEMA "+shadowSchema+" CASCADE;"+strings.Join(fields, ";"))
	})
}

func (sh *shadow) caughtUp(ctx context.Context, c *conn) error {
	live, err := store.HeadsOf(ctx, c, "head")
	if err != nil {
		return err
	}
	made, err := store.HeadsOf(ctx, c, sh.Prefix()+"head")
	if err == nil && !maps.Equal(live, made) {
		return store.ErrBehind
	}
	return err
}

// fieldIndexes are the indexes the catalogue asked for, which go with the table.
func (c *conn) fieldIndexes(ctx context.Context) (list []string, err error) {
	rows, err := c.Query(ctx, "SELECT indexdef FROM pg_indexes WHERE schemaname = current_schema() AND tablename = 'record' AND indexname LIKE 'field %'")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var sql string
		if err := rows.Scan(&sql); err != nil {
			return nil, err
		}
		list = append(list, sql)
	}
	return list, rows.Err()
}

func (sh *shadow) Discard(ctx context.Context) error {
	return sh.s.transact(ctx, func(c *conn) error {
		return c.script(ctx, "SET LOCAL client_min_messages = error; DROP SCHEMA IF EXISTS "+shadowSchema+" CASCADE")
	})
}

// Compare reports up to max differences between the live projections and the
// shadow's.
func (s *Store) Compare(ctx context.Context, sh store.Shadow, max int) ([]string, error) {
	return s.CompareShadow(ctx, sh, max)
}
