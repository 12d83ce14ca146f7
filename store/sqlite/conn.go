package sqlite

import (
	"context"
	"database/sql/driver"
	"fmt"
	"io"

	"modernc.org/sqlite"

	"github.com/dinghai/dinghai/store"
)

// conn is one connection with its prepared statements. It talks to the driver
// itself: database/sql would cost as much per row as SQLite does. It belongs to
// one goroutine at a time.
type conn struct {
	driver.Conn
	stmts   map[string]*stmt
	inserts map[opKey]string
	room    [32]any // where a record's values are put together
	whole   [32]any // and picked from
}

type stmt struct {
	driver.Stmt
	args []driver.NamedValue
}

// maxStmts bounds the statements a connection keeps; query texts vary with the
// filters of a list.
const maxStmts = 400

func dial(dsn string, pragmas ...string) (*conn, error) {
	dc, err := (&sqlite.Driver{}).Open(dsn)
	if err != nil {
		return nil, failure(err)
	}
	c := &conn{Conn: dc, stmts: map[string]*stmt{}, inserts: map[opKey]string{}}
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
		err = rows.Scan(&value)
	}
	return value, err
}

// Close closes the statements and the connection.
func (c *conn) Close() error {
	c.forget()
	return c.Conn.Close()
}

// forget drops all prepared statements.
func (c *conn) forget() {
	for sql, s := range c.stmts {
		s.Close()
		delete(c.stmts, sql)
	}
}

func (c *conn) prepare(sql string) (*stmt, error) {
	if s := c.stmts[sql]; s != nil {
		return s, nil
	}
	if len(c.stmts) >= maxStmts {
		c.forget()
	}
	ds, err := c.Conn.Prepare(sql)
	if err != nil {
		return nil, failure(fmt.Errorf("%w in %s", err, sql))
	}
	s := &stmt{Stmt: ds}
	c.stmts[sql] = s
	return s, nil
}

// bind puts args into the statement's own list, which is used again.
func (s *stmt) bind(args []any) []driver.NamedValue {
	s.args = s.args[:0]
	for i, a := range args {
		switch v := a.(type) {
		case int:
			a = int64(v)
		case bool:
			a = int64(0)
			if v {
				a = int64(1)
			}
		}
		s.args = append(s.args, driver.NamedValue{Ordinal: i + 1, Value: a})
	}
	return s.args
}

// exec runs a statement that gives no rows.
func (c *conn) exec(sql string, args ...any) error {
	_, err := c.affect(sql, args...)
	return err
}

// Exec is exec as store.Conn wants it.
func (c *conn) Exec(_ context.Context, sql string, args ...any) (int64, error) {
	return c.affect(sql, args...)
}

// affect is exec that tells how many rows it changed.
func (c *conn) affect(sql string, args ...any) (int64, error) {
	s, err := c.prepare(sql)
	if err != nil {
		return 0, err
	}
	r, err := s.Stmt.(driver.StmtExecContext).ExecContext(background, s.bind(args))
	if err != nil {
		return 0, failure(err)
	}
	return r.RowsAffected()
}

var background = context.Background()

// Query runs a query. The result must be closed before the same text is run
// again on this connection.
func (c *conn) Query(ctx context.Context, sql string, args ...any) (store.Rows, error) {
	s, err := c.prepare(sql)
	if err != nil {
		return nil, err
	}
	dr, err := s.Stmt.(driver.StmtQueryContext).QueryContext(ctx, s.bind(args))
	if err != nil {
		return nil, failure(err)
	}
	return &rows{Rows: dr, values: make([]driver.Value, len(dr.Columns()))}, nil
}

// rows is a result being read.
type rows struct {
	driver.Rows
	values []driver.Value
	err    error
	closed bool
}

func (r *rows) Next() bool {
	if r.closed || r.err != nil {
		return false
	}
	err := r.Rows.Next(r.values)
	if err == io.EOF {
		return false
	}
	r.err = failure(err)
	return err == nil
}

func (r *rows) Err() error { return r.err }

func (r *rows) Close() error {
	if r.closed {
		return nil
	}
	r.closed = true
	return failure(r.Rows.Close())
}

func (r *rows) Scan(dest ...any) error {
	if len(dest) != len(r.values) {
		return fmt.Errorf("sqlite: %d columns into %d variables", len(r.values), len(dest))
	}
	for i, d := range dest {
		if err := assign(d, r.values[i]); err != nil {
			return fmt.Errorf("sqlite: column %s: %w", r.Columns()[i], err)
		}
	}
	return nil
}

func assign(dest any, v driver.Value) error {
	switch d := dest.(type) {
	case *string:
		switch x := v.(type) {
		case string:
			*d = x
			return nil
		case int64:
			*d = fmt.Sprint(x)
			return nil
		}
	case *int:
		if x, ok := v.(int64); ok {
			*d = int(x)
			return nil
		}
	case *int64:
		if x, ok := v.(int64); ok {
			*d = x
			return nil
		}
	case **int64:
		*d = nil
		if x, ok := v.(int64); ok {
			*d = &x
		}
		return nil
	case *[]byte:
		switch x := v.(type) {
		case []byte:
			*d = append([]byte(nil), x...)
			return nil
		case string:
			*d = []byte(x)
			return nil
		}
	case *any:
		*d = v
		return nil
	}
	return fmt.Errorf("%T into %T", v, dest)
}
