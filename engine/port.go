package engine

import (
	"context"

	"github.com/dinghai/dinghai/domain"
)

// Store keeps events and projections. SQLite and PostgreSQL fit it; one suite
// (store/storetest) proves both.
type Store interface {
	// Update runs fn in one durable transaction. home chooses the writer lane;
	// where all homes share one (SQLite) it is ignored. fn may be run again on a
	// serialisation failure, with a fresh Tx.
	Update(ctx context.Context, home int, fn func(domain.Tx) error) error
	// Peek runs fn over one state of the database; it cannot write.
	Peek(ctx context.Context, fn func(domain.Tx) error) error
	// Reader gives read access outside any transaction.
	Reader() domain.Reader
	// Lanes is how many homes may be written at the same time; 1 = all share one.
	Lanes() int
	// GroupSize is the largest useful number of commands in one transaction.
	GroupSize() int
}

// Preparer is a store that can do some of a writing beforehand, beside another
// one that is under way.
type Preparer interface{ Prepare(ws *domain.WriteSet) }
