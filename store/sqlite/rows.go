package sqlite

import (
	"context"
	"fmt"

	lib "modernc.org/sqlite/lib"
)

// rows is a result being read.
type rows struct {
	s      *statement
	err    error
	closed bool
	calm   func() // ends the watch over the context
	ctx    context.Context
}

func newRows(ctx context.Context, s *statement) *rows {
	r := &rows{s: s, ctx: ctx}
	if ctx.Done() == nil {
		return r
	}
	over := make(chan struct{})
	stop := context.AfterFunc(ctx, func() {
		s.h.interrupt()
		close(over)
	})
	r.calm = func() {
		if !stop() {
			<-over // else it would interrupt who comes next
		}
	}
	return r
}

func (r *rows) Next() bool {
	if r.closed || r.err != nil {
		return false
	}
	more, err := r.s.step()
	if err != nil {
		if r.err = failure(err); r.ctx.Err() != nil {
			r.err = r.ctx.Err()
		}
	}
	return more
}

func (r *rows) Err() error { return r.err }

func (r *rows) Close() error {
	if r.closed {
		return nil
	}
	r.closed = true
	if r.calm != nil {
		r.calm()
	}
	r.s.reset()
	return nil
}

func (r *rows) Scan(dest ...any) error {
	if len(dest) != r.s.columns {
		return fmt.Errorf("sqlite: %d columns into %d variables", r.s.columns, len(dest))
	}
	for i, d := range dest {
		if !r.s.assign(i, d) {
			return fmt.Errorf("sqlite: column %d, of kind %d, into %T", i, r.s.kind(i), d)
		}
	}
	return nil
}

// assign copies a column into a variable of a fitting type.
func (s *statement) assign(i int, dest any) bool {
	kind := s.kind(i)
	switch d := dest.(type) {
	case *string:
		*d = s.text(i)
		return kind != lib.SQLITE_NULL
	case *int:
		*d = int(s.int(i))
		return kind == lib.SQLITE_INTEGER
	case *int64:
		*d = s.int(i)
		return kind == lib.SQLITE_INTEGER
	case **int64:
		if *d = nil; kind == lib.SQLITE_INTEGER {
			n := s.int(i)
			*d = &n
		}
		return true
	case *[]byte:
		*d = []byte(s.text(i))
		return kind != lib.SQLITE_NULL
	case *any:
		switch kind {
		case lib.SQLITE_INTEGER:
			*d = s.int(i)
		case lib.SQLITE_NULL:
			*d = nil
		default:
			*d = s.text(i)
		}
		return true
	}
	return false
}
