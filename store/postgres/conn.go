package postgres

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"sync"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/dinghai/dinghai/store"
)

// conn runs SQL written with ? in a transaction.
type conn struct{ pgx.Tx }

func (c *conn) Query(ctx context.Context, sql string, args ...any) (store.Rows, error) {
	return query(ctx, c.Tx, sql, args)
}

// Exec runs a statement and tells how many rows it changed.
func (c *conn) Exec(ctx context.Context, sql string, args ...any) (int64, error) {
	tag, err := c.Tx.Exec(ctx, numbered(sql), args...)
	return tag.RowsAffected(), failure(err)
}

type querier interface {
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
}

func query(ctx context.Context, q querier, sql string, args []any) (store.Rows, error) {
	r, err := q.Query(ctx, numbered(sql), args...)
	if err != nil {
		return nil, failure(err)
	}
	return &rows{r}, nil
}

// rows gives pgx's result the errors and the Close of the store.
type rows struct{ pgx.Rows }

func (r *rows) Err() error { return failure(r.Rows.Err()) }

func (r *rows) Scan(dest ...any) error { return failure(r.Rows.Scan(dest...)) }

func (r *rows) Close() error {
	r.Rows.Close()
	return r.Err()
}

var numberedSQL sync.Map // text with ? → text with $1, $2 …

// numbered writes ? as PostgreSQL wants it. No query of ours has a ? elsewhere.
func numbered(sql string) string {
	if v, ok := numberedSQL.Load(sql); ok {
		return v.(string)
	}
	var b strings.Builder
	n := 0
	for i := range len(sql) {
		if sql[i] != '?' {
			b.WriteByte(sql[i])
			continue
		}
		n++
		b.WriteByte('$')
		b.WriteString(strconv.Itoa(n))
	}
	numberedSQL.Store(sql, b.String())
	return b.String()
}

// viewer reads outside writing transactions.
type viewer struct{ pool *pgxpool.Pool }

type single struct{ *pgxpool.Conn }

func (s single) Query(ctx context.Context, sql string, args ...any) (store.Rows, error) {
	return query(ctx, s.Conn, sql, args)
}

// Once runs a single query.
func (v viewer) Once(ctx context.Context, fn func(store.Querier) error) error {
	c, err := v.pool.Acquire(ctx)
	if err != nil {
		return failure(err)
	}
	defer c.Release()
	return fn(single{c})
}

// begin starts a transaction. Connections that died while they lay in the pool
// are passed over: nothing was asked of them yet.
func begin(ctx context.Context, pool *pgxpool.Pool, opt pgx.TxOptions) (tx pgx.Tx, err error) {
	for range pool.Config().MaxConns + 1 {
		var connect *pgconn.ConnectError
		if tx, err = pool.BeginTx(ctx, opt); err == nil || !away(err) || errors.As(err, &connect) || ctx.Err() != nil {
			break
		}
	}
	return tx, err
}

// View runs several queries on one state of the database.
func (v viewer) View(ctx context.Context, fn func(store.Querier) error) error {
	tx, err := begin(ctx, v.pool, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly})
	if err != nil {
		return failure(err)
	}
	defer tx.Rollback(context.WithoutCancel(ctx)) //nolint:errcheck // nothing was written
	return fn(&conn{tx})
}
