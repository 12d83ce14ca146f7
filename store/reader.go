package store

import (
	"context"
	"strings"
	"time"

	"github.com/dinghai/dinghai/domain"
)

// Reader answers what pages, reports and consumers ask, on either engine. Every
// call sees one consistent state.
type Reader struct {
	Viewer
	Dialect
}

var _ domain.Reader = Reader{}

// read runs one query.
func read[T any](ctx context.Context, r Reader, scan func(Rows) (T, error), sql string, args ...any) (list []T, err error) {
	err = r.Once(ctx, func(q Querier) error {
		rows, err := q.Query(ctx, sql, args...)
		list, err = all(rows, err, scan)
		return err
	})
	return list, err
}

// Record finds a record; nil if there is none.
func (r Reader) Record(ctx context.Context, ref domain.Ref) (*domain.Record, error) {
	return first(read(ctx, r, scanRecord, "SELECT doc FROM record WHERE home = ? AND id = ?", ref.Home, ref.ID))
}

func first[T any](list []*T, err error) (*T, error) {
	if err != nil || len(list) == 0 {
		return nil, err
	}
	return list[0], nil
}

// Events lists the events of a record in order.
func (r Reader) Events(ctx context.Context, ref domain.Ref) ([]domain.Event, error) {
	return read(ctx, r, scanEvent, "SELECT "+eventColumns+" FROM event WHERE record = ? AND home = ? ORDER BY pos", ref.ID, ref.Home)
}

// EventsOfType lists events of a type dated in a span, opening balances left
// out, in (home, position) order from behind a place.
func (r Reader) EventsOfType(ctx context.Context, typ string, from, to domain.Date, home int, pos int64, limit int) ([]domain.Event, error) {
	return read(ctx, r, scanEvent, "SELECT "+eventColumns+" FROM event WHERE type = ? AND on_date BETWEEN ? AND ? AND opening = 0"+
		" AND (home > ? OR home = ? AND pos > ?) ORDER BY home, pos LIMIT ?", typ, string(from), string(to), home, home, pos, limitOf(limit))
}

// EventAt finds the event at a position; nil if there is none.
func (r Reader) EventAt(ctx context.Context, home int, pos int64) (*domain.Event, error) {
	list, err := read(ctx, r, scanEvent, "SELECT "+eventColumns+" FROM event WHERE "+r.EventSeat(), home, pos)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	return &list[0], nil
}

// Heads gives the last position of each home.
func (r Reader) Heads(ctx context.Context) (heads map[int]int64, err error) {
	err = r.Once(ctx, func(q Querier) error {
		heads, err = HeadsOf(ctx, q, "head")
		return err
	})
	return heads, err
}

// HeadsOf reads a table of heads, live or shadow.
func HeadsOf(ctx context.Context, q Querier, table string) (map[int]int64, error) {
	heads := map[int]int64{}
	rows, err := q.Query(ctx, "SELECT home, pos FROM "+table)
	_, err = all(rows, err, func(rows Rows) (int, error) {
		var home int
		var pos int64
		err := rows.Scan(&home, &pos)
		heads[home] = pos
		return home, err
	})
	return heads, err
}

// ByCode lists the live records of a kind that carry a code; kind "" = any.
func (r Reader) ByCode(ctx context.Context, kind, code string) ([]*domain.Record, error) {
	if code == "" {
		return nil, nil
	}
	var b build
	b.add("SELECT doc FROM record WHERE code = ? AND code <> '' AND voided = 0", code)
	if kind != "" {
		b.add(" AND kind = ?", kind)
	}
	b.add(" ORDER BY id")
	return read(ctx, r, scanRecord, b.sql.String(), b.args...)
}

// ByClaim tells who holds a value; zero if nobody.
func (r Reader) ByClaim(ctx context.Context, kind, value string) (ref domain.Ref, err error) {
	err = r.Once(ctx, func(q Querier) error {
		ref, err = claimed(ctx, q, "claim", kind, value)
		return err
	})
	return ref, err
}

func claimed(ctx context.Context, q Querier, table, kind, value string) (ref domain.Ref, err error) {
	rows, err := q.Query(ctx, "SELECT home, owner FROM "+table+" WHERE kind = ? AND value = ?", kind, value)
	_, err = one(rows, err, &ref.Home, &ref.ID)
	return ref, err
}

func scanRef(rows Rows) (ref domain.Ref, err error) {
	return ref, rows.Scan(&ref.Home, &ref.ID)
}

// ByBlind lists the records whose sealed field has a value, given its keyed hash.
func (r Reader) ByBlind(ctx context.Context, field, hash string) ([]domain.Ref, error) {
	from, args := r.Blind(hash)
	return read(ctx, r, scanRef, "SELECT DISTINCT b.home, b.record FROM "+from+" b.hash = ? AND b.field = ? ORDER BY b.home, b.record", append(args, hash, field)...)
}

// LinkedTo lists the records that point to ref, newest first.
func (r Reader) LinkedTo(ctx context.Context, ref domain.Ref, role, kind string) (list []*domain.Record, err error) {
	err = r.Once(ctx, func(q Querier) error {
		list, err = linkedTo(ctx, q, "", 0, ref, role, kind)
		return err
	})
	return list, err
}

// DueClocks lists running clocks due before a day, earliest first; code may
// name several, comma-joined. Paused ones
// are left out: their due date moves when they resume.
func (r Reader) DueClocks(ctx context.Context, before domain.Date, code string, limit int) ([]domain.ClockRow, error) {
	var b build
	b.add("SELECT home, record, kind, area, organ, voided, doc FROM clock WHERE running = 1 AND voided = 0 AND due <> '' AND due < ?", string(before))
	if code != "" {
		cond, arg := r.In("code", strings.Split(code, ","))
		b.add(" AND "+cond, arg)
	}
	b.add(" ORDER BY due, home, record, id LIMIT ?", limitOf(limit))
	return read(ctx, r, scanClock, b.sql.String(), b.args...)
}

// Outbox lists work of a state whose next try is not after until, in order of
// home and position.
func (r Reader) Outbox(ctx context.Context, state string, until time.Time, limit int) ([]domain.OutboxRow, error) {
	sql := "SELECT " + OutboxTable.List() + " FROM outbox WHERE state = ? AND next <= ?"
	if state != domain.OutDone {
		sql += " AND state <> 'done'" // lets both engines use the index of unfinished work
	}
	return read(ctx, r, scanOutbox, sql+" ORDER BY home, pos, n LIMIT ?", state, nano(until), limitOf(limit))
}

// CountEvents counts events of a type about a record or about the cases of a
// subject, dated from … to. Voided records do not count.
func (r Reader) CountEvents(ctx context.Context, typ string, about domain.Ref, from, to domain.Date) (n int, err error) {
	last := string(to)
	if last == "" {
		last = string(domain.Forever)
	}
	const sql = `SELECT count(*) FROM event e JOIN record r ON r.home = e.home AND r.id = e.record AND r.voided = 0
		WHERE e.record IN (SELECT record FROM link WHERE to_id = ? AND role = 'of' UNION SELECT ?)
		AND e.type = ? AND e.on_date BETWEEN ? AND ? AND (e.record = ? OR r.of_id = ?)`
	err = r.Once(ctx, func(q Querier) error {
		rows, err := q.Query(ctx, sql, about.ID, about.ID, typ, string(from), last, about.ID, about.ID)
		_, err = one(rows, err, &n)
		return err
	})
	return n, err
}

// defaultLimit holds where a caller names none; a page always names one.
const defaultLimit = 1000

func limitOf(n int) int {
	if n <= 0 {
		return defaultLimit
	}
	return n
}
