package store

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/dinghai/dinghai/domain"
)

// Shadow is a second set of projections being made beside the live ones.
type Shadow interface {
	// Update writes like the store's own, but only into the shadow: events and
	// outbox of the write sets are not stored again.
	Update(ctx context.Context, home int, fn func(domain.Tx) error) error
	// Peek runs fn over one state of the shadow; it cannot write.
	Peek(ctx context.Context, fn func(domain.Tx) error) error
	// Heads tells how far the shadow has come.
	Heads(ctx context.Context) (map[int]int64, error)
	// Swap puts the shadow in place of the live projections in one transaction.
	// It is refused with Conflict while events are missing: catch up and retry.
	Swap(ctx context.Context) error
	// Discard drops the shadow.
	Discard(ctx context.Context) error
	// Prefix leads the names of the shadow's tables.
	Prefix() string
}

// ErrBehind is the error of a swap that would lose events.
var ErrBehind = domain.Fail(domain.Conflict, "", "behind", "重建尚未赶上最新事件", "the rebuild has not caught up with the newest events")

// CompareShadow reads both sets of projections in key order and reports up to
// max differences with table and key.
func (r Reader) CompareShadow(ctx context.Context, s Shadow, max int) (found []string, err error) {
	err = r.View(ctx, func(live Querier) error {
		return r.View(ctx, func(other Querier) error {
			for _, t := range Projections() {
				if len(found) >= max {
					return nil
				}
				c := comparison{table: t, max: max - len(found)}
				if err := c.run(ctx, r.Dialect, live, other, s.Prefix()); err != nil {
					return fmt.Errorf("compare %s: %w", t.Name, err)
				}
				found = append(found, c.found...)
			}
			return nil
		})
	})
	return found, err
}

// comparison walks one table on both sides.
type comparison struct {
	table *Table
	max   int
	found []string
}

// sideSQL reads a table as text in key order. Totals that came down to nothing
// are as good as absent.
func (c *comparison) sideSQL(d Dialect, prefix string) string {
	sql := "SELECT " + textColumns(d, c.table) + " FROM " + prefix + c.table.Name
	switch c.table {
	case RollupTable:
		sql += " WHERE num <> 0 OR den <> 0 OR cnt <> 0 OR num_out <> 0 OR den_out <> 0 OR cnt_out <> 0"
	case TallyTable:
		sql += " WHERE cnt <> 0"
	}
	return sql + " ORDER BY " + strings.Join(c.table.Key, ", ")
}

func textColumns(d Dialect, t *Table) string {
	list := make([]string, len(t.Columns))
	for i, col := range t.Columns {
		list[i] = d.AsText(col.Name)
	}
	return strings.Join(list, ", ")
}

func (c *comparison) run(ctx context.Context, d Dialect, live, other Querier, prefix string) error {
	a, err := newSide(ctx, live, c.sideSQL(d, ""), len(c.table.Columns))
	if err != nil {
		return err
	}
	defer a.Close()
	b, err := newSide(ctx, other, c.sideSQL(d, prefix), len(c.table.Columns))
	if err != nil {
		return err
	}
	defer b.Close()
	for (a.ok || b.ok) && len(c.found) < c.max {
		order := c.order(a, b)
		switch {
		case order < 0:
			c.report(a.row, "only live")
		case order > 0:
			c.report(b.row, "only rebuilt")
		default:
			c.columns(a.row, b.row)
		}
		if order <= 0 {
			a.next()
		}
		if order >= 0 {
			b.next()
		}
	}
	return cmp.Or(a.err, b.err)
}

// order compares the keys of the current rows; an ended side comes last.
func (c *comparison) order(a, b *side) int {
	if !a.ok || !b.ok {
		return boolCompare(!a.ok, !b.ok)
	}
	for _, key := range c.table.Key {
		i := slices.IndexFunc(c.table.Columns, func(col Column) bool { return col.Name == key })
		if n := c.compare(i, a.row[i], b.row[i]); n != 0 {
			return n
		}
	}
	return 0
}

func boolCompare(a, b bool) int { return cmp.Compare(bit(a), bit(b)) }

func (c *comparison) compare(i int, a, b string) int {
	if c.table.Columns[i].Type == Text {
		return strings.Compare(a, b)
	}
	x, _ := strconv.ParseInt(a, 10, 64)
	y, _ := strconv.ParseInt(b, 10, 64)
	return cmp.Compare(x, y)
}

func (c *comparison) columns(a, b []string) {
	for i, col := range c.table.Columns {
		if a[i] != b[i] {
			c.report(a, fmt.Sprintf("%s: live %s, rebuilt %s", col.Name, short(a[i]), short(b[i])))
			return
		}
	}
}

func (c *comparison) report(row []string, what string) {
	var key []string
	for i, col := range c.table.Columns {
		if slices.Contains(c.table.Key, col.Name) {
			key = append(key, row[i])
		}
	}
	c.found = append(c.found, fmt.Sprintf("%s (%s): %s", c.table.Name, strings.Join(key, ", "), what))
}

func short(s string) string {
	if len(s) > 200 {
		return strings.ToValidUTF8(s[:200], "") + "…"
	}
	return s
}

// side is one side's rows, read one ahead.
type side struct {
	Rows
	row  []string
	dest []any
	ok   bool
	err  error
}

func newSide(ctx context.Context, q Querier, sql string, n int) (*side, error) {
	rows, err := q.Query(ctx, sql)
	if err != nil {
		return nil, err
	}
	s := &side{Rows: rows, row: make([]string, n), dest: make([]any, n)}
	for i := range s.row {
		s.dest[i] = &s.row[i]
	}
	s.next()
	return s, s.err
}

func (s *side) next() {
	if s.ok = s.Rows.Next(); s.ok {
		s.err = s.Scan(s.dest...)
	} else {
		s.err = s.Rows.Err()
	}
	s.ok = s.ok && s.err == nil
}
