package store

import (
	"context"

	"github.com/dinghai/dinghai/domain"
)

// Peek runs fn over one state of the database without a writer's turn: for
// previews, which must not make people wait.
func (r Reader) Peek(ctx context.Context, fn func(domain.Tx) error) error {
	return r.PeekAt(ctx, "", fn)
}

// PeekAt is Peek over the projections whose tables' names begin with prefix.
func (r Reader) PeekAt(ctx context.Context, prefix string, fn func(domain.Tx) error) error {
	return r.View(ctx, func(q Querier) error { return fn(&peek{TxReads{Querier: q, Prefix: prefix}}) })
}

// peek reads like a transaction and cannot write.
type peek struct{ TxReads }

func (*peek) Write(*domain.WriteSet) error {
	return domain.Fail(domain.Internal, "", "peek", "预检不得写入", "a preview cannot write")
}

// LateEntries counts, by kind of record, the steps dated in a period that were
// entered after the due date they are dated before.
func (r Reader) LateEntries(ctx context.Context, area string, from, to domain.Date) (map[string]int, error) {
	var b build
	b.add("SELECT e.kind, count(*) FROM event e JOIN record r ON r.home = e.home AND r.id = e.record AND r.voided = 0")
	b.add(" WHERE e.late <> 0 AND e.opening = 0 AND e.on_date BETWEEN ? AND ?", string(from), string(to))
	within(&b, "r.area", area)
	b.add(" GROUP BY e.kind")
	out := map[string]int{}
	err := r.Once(ctx, func(q Querier) error {
		rows, err := b.run(ctx, q)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var kind string
			var n int
			if err := rows.Scan(&kind, &n); err != nil {
				return err
			}
			out[kind] = n
		}
		return rows.Err()
	})
	return out, err
}
