package sqlite

import (
	"context"

	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/store"
)

// pool is the reading connections, opened when first needed. A nil in the
// channel stands for one that is not open yet.
type pool struct {
	free chan *conn
	open func() (*conn, error)
}

func newPool(n int, open func() (*conn, error)) *pool {
	p := &pool{free: make(chan *conn, n), open: open}
	for range n {
		p.free <- nil
	}
	return p
}

func (p *pool) take(ctx context.Context) (c *conn, err error) {
	select {
	case c = <-p.free:
	case <-ctx.Done():
		return nil, domain.Wrap(domain.Unavailable, ctx.Err())
	}
	if c == nil {
		if c, err = p.open(); err != nil {
			p.free <- nil
		}
	}
	return c, err
}

// Once runs a single query.
func (p *pool) Once(ctx context.Context, fn func(store.Querier) error) error {
	c, err := p.take(ctx)
	if err != nil {
		return err
	}
	defer func() { p.free <- c }()
	return fn(c)
}

// View runs several queries on one state of the database.
func (p *pool) View(ctx context.Context, fn func(store.Querier) error) error {
	return p.Once(ctx, func(q store.Querier) error {
		c := q.(*conn)
		if err := c.exec("BEGIN"); err != nil {
			return err
		}
		defer c.exec("COMMIT") //nolint:errcheck // nothing was written
		return fn(q)
	})
}

// try opens one connection, to fail early.
func (p *pool) try() error {
	return p.Once(background, func(store.Querier) error { return nil })
}

// close waits for readers to finish and closes all connections.
func (p *pool) close() {
	for range cap(p.free) {
		if c := <-p.free; c != nil {
			c.Close()
		}
	}
}
