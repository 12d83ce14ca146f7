package sqlite

import (
	"context"
	"fmt"

	lib "modernc.org/sqlite/lib"

	"github.com/dinghai/dinghai/store"
)

// conn is one connection with its prepared statements. It belongs to one
// goroutine at a time.
type conn struct {
	*handle
	stmts   map[string]*statement
	inserts map[opKey]string
	room    [32]any // where a record's values are put together
	whole   [32]any // and picked from
}

// maxStmts bounds the statements a connection keeps; query texts vary with the
// filters of a list.
const maxStmts = 400

func dial(dsn string, pragmas ...string) (*conn, error) {
	h, err := openHandle(dsn)
	if err != nil {
		return nil, failure(err)
	}
	c := &conn{handle: h, stmts: map[string]*statement{}, inserts: map[opKey]string{}}
	for _, p := range pragmas {
		if _, err := c.pragma(p); err != nil {
			c.Close()
			return nil, err
		}
	}
	return c, nil
}

// pragma runs a PRAGMA and gives the first value it answers.
func (c *conn) pragma(text string) (value string, err error) {
	rows, err := c.Query(background, "PRAGMA "+text)
	if err != nil {
		return "", err
	}
	defer rows.Close()
	if rows.Next() {
		return value, rows.Scan(&value)
	}
	return value, rows.Err()
}

// Close closes the statements and the connection.
func (c *conn) Close() error {
	c.forget()
	return failure(c.handle.close())
}

// forget drops all prepared statements.
func (c *conn) forget() {
	for sql, s := range c.stmts {
		s.finalize()
		delete(c.stmts, sql)
	}
}

func (c *conn) prepare(sql string) (*statement, error) {
	if s := c.stmts[sql]; s != nil {
		return s, nil
	}
	if len(c.stmts) >= maxStmts {
		c.forget()
	}
	s, err := c.handle.prepare(sql)
	if err != nil {
		return nil, fmt.Errorf("%w in %s", err, sql)
	}
	c.stmts[sql] = s
	return s, nil
}

// exec runs a statement to its end.
func (c *conn) exec(sql string, args ...any) error {
	s, err := c.prepare(sql)
	if err == nil {
		err = s.bind(args)
	}
	if err != nil {
		return failure(err)
	}
	more := true
	for more && err == nil {
		more, err = s.step()
	}
	s.reset()
	return failure(err)
}

// affect is exec that tells how many rows it changed.
func (c *conn) affect(sql string, args ...any) (int64, error) {
	err := c.exec(sql, args...)
	return lib.Xsqlite3_changes64(c.tls, c.db), err
}

// Exec is affect as store.Conn wants it.
func (c *conn) Exec(_ context.Context, sql string, args ...any) (int64, error) {
	return c.affect(sql, args...)
}

var background = context.Background()

// Query runs a query. The result must be closed before the same text is run
// again on this connection.
func (c *conn) Query(ctx context.Context, sql string, args ...any) (store.Rows, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	s, err := c.prepare(sql)
	if err == nil {
		err = s.bind(args)
	}
	if err != nil {
		return nil, failure(err)
	}
	return newRows(ctx, s), nil
}
