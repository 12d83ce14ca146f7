package postgres

import (
	"context"
	"io"
	"slices"

	"github.com/jackc/pgx/v5"

	"github.com/dinghai/dinghai/kit/bigram"
	"github.com/dinghai/dinghai/store"
)

// Backup writes an archive of the whole database as it is now; writing goes on
// meanwhile. The keys of persons are not part of it.
func (s *Store) Backup(ctx context.Context, w io.Writer) error { return s.WriteArchive(ctx, w) }

// Restore fills an empty database from an archive of either engine, in one
// transaction: a damaged archive leaves nothing behind.
func (s *Store) Restore(ctx context.Context, r io.Reader) error {
	return s.transact(ctx, func(c *conn) error {
		if err := empty(ctx, c); err != nil {
			return err
		}
		in := restorer{ctx: ctx, c: c}
		if _, err := store.ReadArchive(r, in.row); err != nil {
			return err
		}
		return in.flush()
	})
}

// empty refuses a database with facts in it; what a first start wrote (pinned
// definitions, settings) gives way to the archive's.
func empty(ctx context.Context, c *conn) error {
	for _, t := range store.Tables {
		if t == store.DefinitionTable || t == store.MetaTable {
			if _, err := c.Exec(ctx, "DELETE FROM "+t.Name); err != nil {
				return err
			}
			continue
		}
		var full bool
		if err := c.QueryRow(ctx, "SELECT EXISTS (SELECT FROM "+t.Name+")").Scan(&full); err != nil {
			return failure(err)
		}
		if full {
			return store.ErrNotEmpty
		}
	}
	return nil
}

// restorer copies rows in, some thousand at a time.
type restorer struct {
	ctx   context.Context
	c     *conn
	table *store.Table
	rows  [][]any
}

const copyRows = 2000

var textColumn = slices.Index(store.RecordTable.Names(), "text")

func (r *restorer) row(t *store.Table, row []any) error {
	if t != r.table || len(r.rows) >= copyRows {
		if err := r.flush(); err != nil {
			return err
		}
		r.table = t
	}
	for i, v := range row {
		if s, ok := v.(string); ok {
			row[i] = clean(s)
		}
	}
	if t == store.RecordTable {
		tokens := bigram.Tokens(row[textColumn].(string))
		if tokens == nil {
			tokens = []string{}
		}
		row = append(row, tokens)
	}
	r.rows = append(r.rows, row)
	return nil
}

func (r *restorer) flush() error {
	if len(r.rows) == 0 {
		return nil
	}
	names := r.table.Names()
	if r.table == store.RecordTable {
		names = append(names, "tokens")
	}
	_, err := r.c.CopyFrom(r.ctx, pgx.Identifier{r.table.Name}, names, pgx.CopyFromRows(r.rows))
	r.rows = r.rows[:0]
	return failure(err)
}
