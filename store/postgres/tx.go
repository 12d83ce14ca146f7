package postgres

import (
	"context"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/kit/bigram"
	"github.com/dinghai/dinghai/store"
)

// tx is a transaction of one lane, over the live tables or the shadow's.
type tx struct {
	store.TxReads
	ctx   context.Context
	c     *conn
	heads map[int]int64 // read once: the lane's lock keeps them still
}

func newTx(ctx context.Context, c *conn, prefix string) *tx {
	return &tx{TxReads: store.TxReads{Querier: bound{ctx, c}, Prefix: prefix}, ctx: ctx, c: c, heads: map[int]int64{}}
}

// bound ends queries with the transaction's context: the port's reads have none.
type bound struct {
	ctx context.Context
	c   *conn
}

func (b bound) Query(_ context.Context, sql string, args ...any) (store.Rows, error) {
	return b.c.Query(b.ctx, sql, args...)
}

// Head is the last position of a home.
func (t *tx) Head(home int) (int64, error) {
	if pos, ok := t.heads[home]; ok {
		return pos, nil
	}
	pos, err := t.TxReads.Head(home)
	if err == nil {
		t.heads[home] = pos
	}
	return pos, err
}

// Write adds everything of ws: one trip for what must be known first, if there
// is any, and one for all rows.
func (t *tx) Write(ws *domain.WriteSet) error {
	if err := store.CheckPositions(ws, t.Head); err != nil {
		return err
	}
	p := store.NewPlan(ws, t.Prefix != "")
	if err := t.before(p); err != nil {
		return err
	}
	g, docs := newGroup(t.Prefix), docsOf(ws)
	for i := range ws.Records {
		row := docs.RecordRow(make([]any, 0, 24), &ws.Records[i], i)
		g.put(opRecord, append(row, docs.Words[i])) //nolint:errcheck // never fails
	}
	g.blind(ws.Blind)
	if err := p.Emit(docs, g.put); err != nil {
		return err
	}
	if err := t.claims(p.Claims()); err != nil {
		return err
	}
	if err := t.send(&g.batch, g.finish); err != nil {
		return err
	}
	for home, pos := range ws.Heads {
		t.heads[home] = pos
	}
	return nil
}

// send runs a batch in one trip.
func (t *tx) send(b *pgx.Batch, finish func()) error {
	if finish != nil {
		finish()
	}
	if b.Len() == 0 {
		return nil
	}
	return failure(t.c.SendBatch(t.ctx, b).Close())
}

// before closes contributions and looks up what changing records were.
func (t *tx) before(p *store.Plan) error {
	var b pgx.Batch
	closing, closed := p.Closing(), map[store.RowID]bool{}
	if len(closing) > 0 {
		t.queueClosing(&b, p, closing, closed)
	}
	if err := t.queueWas(&b, p); err != nil {
		return err
	}
	if err := t.send(&b, nil); err != nil {
		return err
	}
	return t.closeRest(p, closing, closed)
}

// queueClosing closes contributions by the day they are thought to have; see
// closeRest for the others.
func (t *tx) queueClosing(b *pgx.Batch, p *store.Plan, list []domain.Contribution, closed map[store.RowID]bool) {
	var cols columns
	for i := range list {
		c := &list[i]
		cols.add([]any{c.Indicator, int64(c.Version), string(c.Day), int64(c.Home), c.Record, int64(c.N), c.PosTo})
	}
	sql := "UPDATE " + t.Prefix + "contribution c SET pos_to = u.pos FROM unnest($1::text[], $2::bigint[], $3::text[], $4::bigint[], $5::text[], $6::bigint[], $7::bigint[])" +
		" AS u(indicator, version, day, home, record, n, pos) WHERE c.indicator = u.indicator AND c.version = u.version AND c.day = u.day AND c.home = u.home" +
		" AND c.record = u.record AND c.n = u.n AND c.pos_to = 0" + closedColumns
	b.Queue(sql, cols.args()...).Query(func(rows pgx.Rows) error { return scanClosed(rows, p, closed) })
}

const closedColumns = " RETURNING c.indicator, c.version, c.home, c.record, c.n, c.day, c.area, c.until, c.num, c.den"

func scanClosed(rows pgx.Rows, p *store.Plan, closed map[store.RowID]bool) error {
	for rows.Next() {
		var c domain.Contribution
		var day, until string
		if err := rows.Scan(&c.Indicator, &c.Version, &c.Home, &c.Record, &c.N, &day, &c.Area, &until, &c.Num, &c.Den); err != nil {
			return err
		}
		c.Day, c.Until = domain.Date(day), domain.Date(until)
		closed[store.RowIDOf(&c)] = true
		p.Closed(&c)
	}
	return rows.Err()
}

// closeRest closes the contributions that were dated otherwise (a definition
// changed under a number in use): all rows of the indicator are looked through.
func (t *tx) closeRest(p *store.Plan, list []domain.Contribution, closed map[store.RowID]bool) error {
	for i := range list {
		c := &list[i]
		if closed[store.RowIDOf(c)] {
			continue
		}
		rows, err := t.c.Tx.Query(t.ctx, "UPDATE "+t.Prefix+"contribution c SET pos_to = $1 WHERE c.indicator = $2 AND c.version = $3 AND c.home = $4 AND c.record = $5 AND c.n = $6 AND c.pos_to = 0"+closedColumns,
			c.PosTo, c.Indicator, c.Version, c.Home, c.Record, c.N)
		if err != nil {
			return failure(err)
		}
		err = scanClosed(rows, p, closed)
		if rows.Close(); err != nil {
			return failure(err)
		}
	}
	return nil
}

func (t *tx) queueWas(b *pgx.Batch, p *store.Plan) error {
	changing := map[domain.Ref]*domain.RecordRow{}
	var cols columns
	for i := range p.WS.Records {
		r := &p.WS.Records[i]
		switch {
		case r.New:
			p.Counted(nil, r)
			continue
		case r.Was != nil:
			p.Counted(store.WasOf(r.Was), r)
			continue
		}
		changing[r.Ref] = r
		cols.add([]any{int64(r.Home), r.ID})
	}
	if len(changing) == 0 {
		return nil
	}
	sql := "SELECT r.home, r.id, r.kind, r.class, r.state, r.area, r.voided FROM " + t.Prefix + "record r JOIN unnest($1::bigint[], $2::text[]) AS u(home, id) ON r.home = u.home AND r.id = u.id"
	b.Queue(sql, cols.args()...).Query(func(rows pgx.Rows) error {
		for rows.Next() {
			var ref domain.Ref
			var was store.Was
			var voided int
			if err := rows.Scan(&ref.Home, &ref.ID, &was.Kind, &was.Class, &was.State, &was.Area, &voided); err != nil {
				return err
			}
			was.Home, was.Voided = ref.Home, voided == 1
			p.Counted(&was, changing[ref])
			delete(changing, ref)
		}
		for ref := range changing {
			return domain.Failf(domain.Internal, "record", "missing", "没有记录 %s", "no record %s to change", ref)
		}
		return rows.Err()
	})
	return nil
}

// claims takes values, moves those this transaction saw held, and gives up
// those without an owner.
func (t *tx) claims(list []domain.Claim) error {
	for _, c := range list {
		if !c.Owner.Zero() {
			continue
		}
		if _, err := t.c.Exec(t.ctx, "DELETE FROM "+t.Prefix+"claim WHERE kind = ? AND value = ?", c.Kind, c.Value); err != nil {
			return err
		}
	}
	var cols columns
	wanted := map[[2]string]domain.Claim{}
	for _, c := range list {
		if !c.Owner.Zero() {
			cols.add([]any{c.Kind, c.Value, int64(c.Owner.Home), c.Owner.ID, t.Holder(c.Kind, c.Value)})
			wanted[[2]string{c.Kind, c.Value}] = c
		}
	}
	if len(wanted) == 0 {
		return nil
	}
	return t.take(wanted, cols.args())
}

// take inserts claims and finds out which of them somebody else holds. The
// holder this transaction saw travels along, to be compared.
func (t *tx) take(wanted map[[2]string]domain.Claim, args []any) error {
	sql := "WITH u AS (SELECT * FROM unnest($1::text[], $2::text[], $3::bigint[], $4::text[], $5::text[]) AS u(kind, value, home, owner, held)), moved AS (" +
		"UPDATE " + t.Prefix + "claim c SET home = u.home, owner = u.owner FROM u WHERE c.kind = u.kind AND c.value = u.value AND c.owner = u.held RETURNING c.kind, c.value), fresh AS (" +
		"INSERT INTO " + t.Prefix + "claim AS c (kind, value, home, owner) SELECT kind, value, home, owner FROM u WHERE (kind, value) NOT IN (SELECT kind, value FROM moved) ORDER BY kind, value" +
		" ON CONFLICT (kind, value) DO UPDATE SET owner = excluded.owner WHERE c.owner = excluded.owner RETURNING c.kind, c.value)" +
		" SELECT kind, value FROM moved UNION ALL SELECT kind, value FROM fresh"
	rows, err := t.c.Tx.Query(t.ctx, sql, args...)
	if err != nil {
		return failure(err)
	}
	defer rows.Close()
	for rows.Next() {
		var k [2]string
		if err := rows.Scan(&k[0], &k[1]); err != nil {
			return failure(err)
		}
		delete(wanted, k)
	}
	if err := rows.Err(); err != nil {
		return failure(err)
	}
	for _, c := range wanted {
		return store.Taken(c)
	}
	return nil
}

// Prepare makes the documents of a write set.
func (s *Store) Prepare(ws *domain.WriteSet) { ws.Made = docsOf(ws) }

// docsOf gives what was prepared, or makes it now.
func docsOf(ws *domain.WriteSet) *store.Docs {
	if d, ok := ws.Made.(*store.Docs); ok {
		return d
	}
	return store.MakeDocs(ws, func(_ *domain.RecordRow, folded string) string { return strings.Join(bigram.Tokens(folded), " ") })
}

// blind replaces the hashes of each field named.
func (g *group) blind(list []domain.BlindRow) {
	if len(list) == 0 {
		return
	}
	var cols columns
	for i := range list {
		b := &list[i]
		cols.add([]any{int64(b.Home), b.Record, b.Field})
		if b.Hash != "" {
			g.put(store.OpBlind, store.BlindRow(nil, b)) //nolint:errcheck // never fails
		}
	}
	g.batch.Queue("DELETE FROM "+g.prefix+"blind d USING unnest($1::bigint[], $2::text[], $3::text[]) AS u(home, record, field) WHERE d.home = u.home AND d.record = u.record AND d.field = u.field", cols.args()...)
}
