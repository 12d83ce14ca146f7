package domain

import (
	"context"
	"time"
)

// Tx is the little the engine reads while it decides, and one way to write.
// Reads see what this transaction wrote before. A missing thing is nil or zero,
// not an error.
type Tx interface {
	Load(ref Ref) (*Record, error)
	Receipt(home int, key string) (*ReceiptRow, error)
	Claimed(kind, value string) (Ref, error)
	Counter(home int, organ, kind string, year int) (int, error)
	Head(home int) (int64, error)
	// LinkedTo lists records of the home that point to ref with a role
	// ("of", "parent", a party role), newest first; kind "" = any.
	LinkedTo(home int, ref Ref, role, kind string) ([]*Record, error)
	// Pool lists the live records of a kind within an area, by id: for hooks
	// that need a whole population (draws).
	Pool(kind, area string) ([]*Record, error)
	Write(*WriteSet) error
}

// Reader is what pages, reports and consumers read.
type Reader interface {
	Record(ctx context.Context, ref Ref) (*Record, error)
	// Records finds several at once; Assignees tells who has their open tasks.
	Records(ctx context.Context, refs []Ref) (map[Ref]*Record, error)
	Assignees(ctx context.Context, refs []Ref) (map[Ref][]string, error)
	Events(ctx context.Context, ref Ref) ([]Event, error)
	EventAt(ctx context.Context, home int, pos int64) (*Event, error)
	Heads(ctx context.Context) (map[int]int64, error)
	ByCode(ctx context.Context, kind, code string) ([]*Record, error)
	ByClaim(ctx context.Context, kind, value string) (Ref, error)
	ByBlind(ctx context.Context, field, hash string) ([]Ref, error)
	List(ctx context.Context, q ListQuery) (ListPage, error)
	Count(ctx context.Context, q ListQuery) (int, error)
	Search(ctx context.Context, q SearchQuery) (ListPage, error)
	LinkedTo(ctx context.Context, ref Ref, role, kind string) ([]*Record, error)
	Tasks(ctx context.Context, q TaskQuery) ([]TaskRow, int, error)
	DueClocks(ctx context.Context, before Date, code string, limit int) ([]ClockRow, error)
	// Clocks lists running clocks by due date with the true total; ClockDays
	// counts them by day.
	Clocks(ctx context.Context, q ClockQuery) ([]ClockRow, int, error)
	ClockDays(ctx context.Context, q ClockQuery) ([]DayCount, error)
	Outbox(ctx context.Context, state string, until time.Time, limit int) ([]OutboxRow, error)
	// Sum adds up the contribution rows of a slice; see Slice for the modes.
	Sum(ctx context.Context, s Slice) (Total, error)
	// Rows lists the rows behind Sum, in (day, record, home, n) order; after is
	// the cursor of the last row seen.
	Rows(ctx context.Context, s Slice, after string, limit int) ([]SliceRow, string, error)
	// Keys lists the keys of those rows, each once.
	Keys(ctx context.Context, s Slice) ([]string, error)
	// CountEvents counts events of a type about a subject or record since a day:
	// the windows of triggers.
	CountEvents(ctx context.Context, typ string, about Ref, from, to Date) (int, error)
}
