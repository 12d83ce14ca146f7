package sqlite

import (
	"context"
	"io"
	"slices"

	"github.com/dinghai/dinghai/domain"
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
		in := &restorer{tx: s.tx(c, "")}
		if _, err := store.ReadArchive(r, in.row); err != nil {
			return err
		}
		if err := in.flush(); err != nil {
			return err
		}
		return c.exec(allHashes)
	})
}

// empty refuses a database with facts in it; what a first start wrote (pinned
// definitions, settings) gives way to the archive's.
func empty(ctx context.Context, c *conn) error {
	for _, t := range store.Tables {
		if t == store.DefinitionTable || t == store.MetaTable {
			if err := c.exec("DELETE FROM " + t.Name); err != nil {
				return err
			}
			continue
		}
		rows, err := c.Query(ctx, "SELECT 1 FROM "+t.Name+" LIMIT 1")
		if err != nil {
			return err
		}
		full, err := rows.Next(), rows.Err()
		rows.Close()
		if err != nil {
			return err
		}
		if full {
			return store.ErrNotEmpty
		}
	}
	return nil
}

// restorer puts rows back. The text indexes are made again from them.
type restorer struct{ *tx }

// wordsAtOnce bounds what waits for the text index.
const wordsAtOnce = 4096

var (
	titleColumn  = column("title")
	textColumn   = column("text")
	voidedColumn = column("voided")
)

func column(name string) int { return slices.Index(store.RecordTable.Names(), name) }

func (r restorer) row(t *store.Table, row []any) error {
	if t != store.RecordTable {
		return r.put(restoreOps[t], row)
	}
	n, err := r.nextRow()
	if err != nil {
		return err
	}
	rec := &domain.RecordRow{Record: &domain.Record{Voided: row[voidedColumn] == int64(1)}, Title: row[titleColumn].(string)}
	row = append(row, n, r.reword(rec, bigram.Text(row[textColumn].(string)), n, 0))
	if err := r.c.exec(r.recordSQL(insertRecord), row...); err != nil {
		return err
	}
	if len(r.words) < wordsAtOnce {
		return nil
	}
	return r.flush()
}

func (r restorer) flush() error {
	err := r.index("search", r.words)
	r.words = r.words[:0]
	return err
}

// restoreOps insert into each table without looking for conflicts.
var restoreOps = func() map[*store.Table]*store.Op {
	ops := map[*store.Table]*store.Op{}
	for _, t := range store.Tables {
		ops[t] = &store.Op{Table: t}
	}
	ops[store.EventTable] = store.OpEvent // which knows the seat
	return ops
}()
