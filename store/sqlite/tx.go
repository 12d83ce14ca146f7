package sqlite

import (
	"strings"

	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/store"
)

// tx is a transaction on the writer, over the live tables or the shadow's.
type tx struct {
	store.TxReads
	c     *conn
	rows  counters
	words []wording
	was   store.Was // room for a record's former state
}

func (s *Store) tx(c *conn, prefix string) *tx {
	return &tx{TxReads: store.TxReads{Querier: c, Prefix: prefix}, c: c, rows: s.rows}
}

// Write adds everything of ws. Reads of this transaction see it at once.
func (t *tx) Write(ws *domain.WriteSet) error {
	if err := store.CheckPositions(ws, t.Head); err != nil {
		return err
	}
	p, docs := store.NewPlan(ws, t.Prefix != ""), docsOf(ws)
	closing := p.Closing()
	for i := range closing {
		if err := t.closeRow(p, &closing[i]); err != nil {
			return err
		}
	}
	for i := range ws.Records {
		if err := t.record(p, docs, i); err != nil {
			return err
		}
	}
	if err := t.index("search", t.words); err != nil {
		return err
	}
	t.words = t.words[:0]
	if err := t.claims(p.Claims()); err != nil {
		return err
	}
	if err := t.blind(ws); err != nil {
		return err
	}
	return p.Emit(docs, t.put)
}

// put inserts one row.
func (t *tx) put(op *store.Op, row []any) error {
	if op == store.OpEvent {
		seat := row[0].(int64)<<rowBits | row[1].(int64)
		row = append(row, seat)
	}
	return t.c.exec(t.insert(op), row...)
}

// insert gives the statement of an op, made once per connection and prefix.
func (t *tx) insert(op *store.Op) string {
	key := opKey{op, t.Prefix}
	if sql, ok := t.c.inserts[key]; ok {
		return sql
	}
	names := op.Table.Names()
	if op == store.OpEvent {
		names = append(names, "seat")
	}
	sql := "INSERT INTO " + t.Prefix + op.Table.Name + " (" + strings.Join(names, ", ") + ") VALUES (" + marks(len(names)) + ")" +
		op.Table.Tail(op.Conflict, t.Prefix+op.Table.Name)
	t.c.inserts[key] = sql
	return sql
}

type opKey struct {
	op     *store.Op
	prefix string
}

func marks(n int) string { return strings.TrimSuffix(strings.Repeat("?,", n), ",") }

// closeRow closes a contribution and tells the plan what it had added. The day
// leads to it; if the row was dated otherwise (a definition changed under a
// number in use), all rows of the indicator are looked through.
func (t *tx) closeRow(p *store.Plan, c *domain.Contribution) error {
	n, err := t.closeWhere(p, c, "indicator = ? AND version = ? AND day = ? AND home = ? AND record = ? AND n = ?",
		c.Indicator, c.Version, string(c.Day), c.Home, c.Record, c.N)
	if err == nil && n == 0 {
		_, err = t.closeWhere(p, c, "indicator = ? AND version = ? AND home = ? AND record = ? AND n = ?",
			c.Indicator, c.Version, c.Home, c.Record, c.N)
	}
	return err
}

// closeWhere finds the rows and then closes each by its key: an UPDATE with
// RETURNING would make a temporary table every time.
func (t *tx) closeWhere(p *store.Plan, c *domain.Contribution, where string, args ...any) (int, error) {
	rows, err := t.c.Query(background, "SELECT pos_from, day, area, until, num, den FROM "+t.Prefix+"contribution WHERE "+where+" AND pos_to = 0", args...)
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	var open []domain.Contribution
	for rows.Next() {
		was := *c
		var day, until string
		if err := rows.Scan(&was.PosFrom, &day, &was.Area, &until, &was.Num, &was.Den); err != nil {
			return 0, err
		}
		was.Day, was.Until = domain.Date(day), domain.Date(until)
		open = append(open, was)
	}
	if err := rows.Err(); err != nil {
		return 0, err
	}
	for i := range open {
		was := &open[i]
		if err := t.c.exec("UPDATE "+t.Prefix+"contribution SET pos_to = ? WHERE indicator = ? AND version = ? AND day = ? AND home = ? AND record = ? AND n = ? AND pos_from = ?",
			c.PosTo, c.Indicator, c.Version, string(was.Day), c.Home, c.Record, c.N, was.PosFrom); err != nil {
			return 0, err
		}
		p.Closed(was)
	}
	return len(open), nil
}

// claims takes values, moves those this transaction saw held, and gives up
// those without an owner.
func (t *tx) claims(list []domain.Claim) error {
	for _, c := range list {
		if c.Owner.Zero() {
			if err := t.c.exec("DELETE FROM "+t.Prefix+"claim WHERE kind = ? AND value = ?", c.Kind, c.Value); err != nil {
				return err
			}
			continue
		}
		n, err := t.c.affect("INSERT INTO "+t.Prefix+"claim (kind, value, home, owner) VALUES (?, ?, ?, ?)"+
			" ON CONFLICT (kind, value) DO UPDATE SET home = excluded.home, owner = excluded.owner WHERE owner = excluded.owner OR owner = ?",
			c.Kind, c.Value, c.Owner.Home, c.Owner.ID, t.Holder(c.Kind, c.Value))
		if err != nil {
			return err
		}
		if n == 0 {
			return store.Taken(c)
		}
	}
	return nil
}
