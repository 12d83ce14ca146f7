package store

import (
	"context"
	"strings"
	"unicode/utf8"
)

// Rows is a result being read. Close is safe to call twice.
type Rows interface {
	Next() bool
	Scan(dest ...any) error
	Err() error
	Close() error
}

// Querier runs a query written with ? for its arguments. Arguments are
// strings, int, int64, bool and what Dialect made of a list.
type Querier interface {
	Query(ctx context.Context, sql string, args ...any) (Rows, error)
}

// Viewer gives read access to the database.
type Viewer interface {
	// View keeps one consistent state while fn runs several queries.
	View(ctx context.Context, fn func(Querier) error) error
	// Once is for a single query, which is consistent anyway.
	Once(ctx context.Context, fn func(Querier) error) error
}

// Dialect is what the two engines say differently in a query.
type Dialect interface {
	// Field is the text of a top-level field of the record r.
	Field(name string) string
	// In tests a column against a list given as one argument.
	In(column string, list []string) (cond string, arg any)
	// AsText is a column as text, exactly as it was written.
	AsText(column string) string
	// EventSeat tests for one position of a home; arguments home, pos.
	EventSeat() string
	// EventRange tests for home, position above; home, position up to, in order.
	EventRange() string
	// Passes are the ways text is looked up, best first; see Pass.
	Passes(text string) []Pass
	// Match tests whether the record r is found by text, in any way.
	Match(text string) (cond string, args []any)
	// Blind is where rows of the blind index with a hash lie, as b: tables and
	// the beginning of a condition.
	Blind(hash string) (from string, args []any)
}

// Pass is one way to find records by text. A row found by an earlier pass is
// left out of the later ones.
type Pass struct {
	From  string   // tables, the record as r
	Where string   // condition, without the leading AND
	Args  []any    // of Where
	Skip  string   // the same condition as a test on r alone, to leave its rows out later
	Not   []any    // arguments of Skip
	Order []string // order columns, together unique; a leading # marks an integer
	Total string   // cheaper way to count without further filter: a whole query, or ""
	Count []any    // arguments of Total
	Part  bool     // counted together with the next pass, by that one's All
	All   *Pass    // what to count instead of this pass
}

// build puts a query together from pieces.
type build struct {
	sql  strings.Builder
	args []any
}

func (b *build) add(sql string, args ...any) {
	b.sql.WriteString(sql)
	b.args = append(b.args, args...)
}

func (b *build) run(ctx context.Context, q Querier) (Rows, error) {
	return q.Query(ctx, b.sql.String(), b.args...)
}

// all reads every row of a result with scan.
func all[T any](rows Rows, err error, scan func(Rows) (T, error)) ([]T, error) {
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var list []T
	for rows.Next() {
		v, err := scan(rows)
		if err != nil {
			return nil, err
		}
		list = append(list, v)
	}
	return list, rows.Err()
}

// one reads the first row into dest and tells whether there was one.
func one(rows Rows, err error, dest ...any) (bool, error) {
	if err != nil {
		return false, err
	}
	defer rows.Close()
	if !rows.Next() {
		return false, rows.Err()
	}
	return true, rows.Scan(dest...)
}

// marks gives n question marks: ?,?,?
func marks(n int) string { return strings.TrimSuffix(strings.Repeat("?,", n), ",") }

// after is the first text behind all texts that begin with prefix. It counts in
// characters, because PostgreSQL refuses bytes that are no text; both engines
// order text by its bytes, which is the order of the characters.
func after(prefix string) string {
	r := []rune(prefix)
	for i := len(r) - 1; i >= 0; i-- {
		switch next := r[i] + 1; {
		case next == 0xD800: // surrogates are no characters
			r[i] = 0xE000
		case next > utf8.MaxRune:
			continue
		default:
			r[i] = next
		}
		return string(r[:i+1])
	}
	return string(utf8.MaxRune)
}
