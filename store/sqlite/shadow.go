package sqlite

import (
	"context"
	"fmt"
	"maps"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/pressly/goose/v3"

	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/store"
	"github.com/dinghai/dinghai/store/migrations"
)

// shadow is the second set of projections: tables of the same file whose names
// begin with shadow_. Each of its writes is a writer turn like any other, so a
// rebuild lets people through; putting it in place is renaming.
type shadow struct{ s *Store }

// Shadow starts a rebuild. What an earlier, interrupted one left is dropped.
func (s *Store) Shadow(ctx context.Context) (store.Shadow, error) {
	script, err := migrations.File(goose.DialectSQLite3, migrations.Projections)
	if err != nil {
		return nil, err
	}
	sh := &shadow{s}
	if err := sh.Discard(ctx); err != nil {
		return nil, err
	}
	return sh, s.transact(ctx, func(c *conn) error {
		for _, sql := range shadowScript(script) {
			if err := c.exec(sql); err != nil {
				return err
			}
		}
		return nil
	})
}

var (
	comments = regexp.MustCompile(`(?m)--.*$`)
	creates  = regexp.MustCompile(`^CREATE (VIRTUAL )?TABLE (\w+)`)
	indexes  = regexp.MustCompile(`^CREATE (UNIQUE )?INDEX (\w+) ON (\w+)`)
)

// shadowScript is the projections' script with other names. SQLite cannot
// rename an index, so the shadow's get a name no one else has; nothing refers
// to an index by name.
func shadowScript(script string) []string {
	mark := strconv.FormatInt(time.Now().UnixNano(), 36)
	var list []string
	for sql := range strings.SplitSeq(comments.ReplaceAllString(script, ""), ";") {
		if sql = strings.TrimSpace(sql); sql == "" {
			continue
		}
		sql = creates.ReplaceAllString(sql, "CREATE ${1}TABLE "+shadowPrefix+"$2")
		sql = indexes.ReplaceAllString(sql, "CREATE ${1}INDEX ${2}_"+mark+" ON "+shadowPrefix+"$3")
		list = append(list, sql)
	}
	return list
}

// names lists the tables a rebuild makes, the text indexes included.
func names() []string {
	list := []string{"search", "blind_hash"}
	for _, t := range store.Projections() {
		list = append(list, t.Name)
	}
	return list
}

func (sh *shadow) Prefix() string { return shadowPrefix }

func (sh *shadow) Update(ctx context.Context, _ int, fn func(domain.Tx) error) error {
	return sh.s.transact(ctx, func(c *conn) error { return fn(sh.s.tx(c, shadowPrefix)) })
}

func (sh *shadow) Peek(ctx context.Context, fn func(domain.Tx) error) error {
	return sh.s.Keep.PeekAt(ctx, sh.Prefix(), fn)
}

func (sh *shadow) Heads(ctx context.Context) (heads map[int]int64, err error) {
	err = sh.s.Once(ctx, func(q store.Querier) error {
		heads, err = store.HeadsOf(ctx, q, shadowPrefix+"head")
		return err
	})
	return heads, err
}

// Swap renames the shadow over the live tables.
func (sh *shadow) Swap(ctx context.Context) error {
	return sh.s.transact(ctx, func(c *conn) error {
		if err := caughtUp(ctx, c); err != nil {
			return err
		}
		fields, err := fieldIndexes(ctx, c)
		if err != nil {
			return err
		}
		c.forget() // no open statement may hold a table that goes
		for _, name := range names() {
			if err := c.exec("DROP TABLE " + name); err != nil {
				return err
			}
			if err := c.exec("ALTER TABLE " + shadowPrefix + name + " RENAME TO " + name); err != nil {
				return err
			}
		}
		for _, sql := range fields {
			if err := c.exec(sql); err != nil {
				return err
			}
		}
		clear(sh.s.rows)
		return nil
	})
}

func caughtUp(ctx context.Context, c *conn) error {
	live, err := store.HeadsOf(ctx, c, "head")
	if err != nil {
		return err
	}
	made, err := store.HeadsOf(ctx, c, shadowPrefix+"head")
	if err == nil && !maps.Equal(live, made) {
		return store.ErrBehind
	}
	return err
}

// fieldIndexes are the indexes the catalogue asked for, which go with the table.
func fieldIndexes(ctx context.Context, c *conn) (list []string, err error) {
	rows, err := c.Query(ctx, "SELECT sql FROM sqlite_master WHERE type = 'index' AND tbl_name = 'record' AND name LIKE 'field %'")
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
		c.forget()
		delete(sh.s.rows, shadowPrefix)
		for _, name := range names() {
			if err := c.exec("DROP TABLE IF EXISTS " + shadowPrefix + name); err != nil {
				return fmt.Errorf("drop %s: %w", name, err)
			}
		}
		return nil
	})
}

// Compare reports up to max differences between the live projections and the
// shadow's.
func (s *Store) Compare(ctx context.Context, sh store.Shadow, max int) ([]string, error) {
	return s.CompareShadow(ctx, sh, max)
}
