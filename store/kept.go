package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"time"

	"github.com/dinghai/dinghai/domain"
)

// Definition is catalogue content a release pinned: process, form, indicator …
type Definition struct {
	Kind    string
	Name    string
	Version int
	Content string
}

// Hash identifies content.
func Hash(content string) string {
	sum := sha256.Sum256([]byte(content))
	return hex.EncodeToString(sum[:])
}

// Changed is the error for other content under a number that is in use.
func Changed(d Definition) error {
	return domain.Failf(domain.Refused, d.Name, "pinned", "%s %s@%d 已在使用，其内容不可更改；请另立新版本",
		"%s %s@%d is in use and must not change; give it a new version", d.Kind, d.Name, d.Version)
}

// Pinned lists the pinned definitions of a kind; "" = all.
func (r Reader) Pinned(ctx context.Context, kind string) ([]Definition, error) {
	return read(ctx, r, func(rows Rows) (d Definition, err error) {
		return d, rows.Scan(&d.Kind, &d.Name, &d.Version, &d.Content)
	}, "SELECT kind, name, version, content FROM definition WHERE kind = ? OR ? = '' ORDER BY kind, name, version", kind, kind)
}

// Frozen is a published report: it never changes.
type Frozen struct {
	Home    int
	ID      string
	Name    string
	At      time.Time
	Content string // text, definitions, log positions and signature, as published
}

// Refrozen is the error for publishing other content under the same id.
func Refrozen(f Frozen) error {
	return domain.Failf(domain.Refused, f.ID, "frozen", "报告 %s 已发布，不可更改", "report %s is published and cannot change", f.ID)
}

// Frozen finds a published report; nil if there is none.
func (r Reader) Frozen(ctx context.Context, home int, id string) (*Frozen, error) {
	list, err := read(ctx, r, scanFrozen, "SELECT home, id, name, at, content FROM frozen WHERE home = ? AND id = ?", home, id)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	return &list[0], nil
}

// AllFrozen lists the published reports, newest first.
func (r Reader) AllFrozen(ctx context.Context) ([]Frozen, error) {
	return read(ctx, r, scanFrozen, "SELECT home, id, name, at, content FROM frozen ORDER BY at DESC, id")
}

func scanFrozen(rows Rows) (f Frozen, err error) {
	var at int64
	err = rows.Scan(&f.Home, &f.ID, &f.Name, &at, &f.Content)
	f.At = unnano(at)
	return f, err
}

// Access is one line of the access log: who looked at or changed what.
type Access struct {
	At     time.Time
	Actor  string
	Role   string
	Action string
	Target string
	Detail string
}

// Accesses lists the newest lines of the access log; target "" = all.
func (r Reader) Accesses(ctx context.Context, target string, limit int) ([]Access, error) {
	return read(ctx, r, func(rows Rows) (a Access, err error) {
		var at int64
		err = rows.Scan(&at, &a.Actor, &a.Role, &a.Action, &a.Target, &a.Detail)
		a.At = unnano(at)
		return a, err
	}, "SELECT at, actor, role, action, target, detail FROM access_log WHERE target = ? OR ? = '' ORDER BY n DESC LIMIT ?", target, target, limitOf(limit))
}

// AccessQuery asks for lines of the access log. Zero values do not filter.
type AccessQuery struct {
	Actor  string
	Target string
	Action string
	From   time.Time
	To     time.Time // before
	Before int64     // only lines older than this number: the next page
	Limit  int
}

// AccessLine is a line with its number in the log.
type AccessLine struct {
	N int64
	Access
}

// AccessLog lists lines of the access log, newest first.
func (r Reader) AccessLog(ctx context.Context, q AccessQuery) ([]AccessLine, error) {
	var b build
	b.add("SELECT n, at, actor, role, action, target, detail FROM access_log WHERE 1 = 1")
	for _, f := range [][2]string{{"actor", q.Actor}, {"target", q.Target}, {"action", q.Action}} {
		if f[1] != "" {
			b.add(" AND "+f[0]+" = ?", f[1])
		}
	}
	if !q.From.IsZero() {
		b.add(" AND at >= ?", nano(q.From))
	}
	if !q.To.IsZero() {
		b.add(" AND at < ?", nano(q.To))
	}
	if q.Before != 0 {
		b.add(" AND n < ?", q.Before)
	}
	b.add(" ORDER BY n DESC LIMIT ?", limitOf(q.Limit))
	return read(ctx, r, func(rows Rows) (a AccessLine, err error) {
		var at int64
		err = rows.Scan(&a.N, &at, &a.Actor, &a.Role, &a.Action, &a.Target, &a.Detail)
		a.At = unnano(at)
		return a, err
	}, b.sql.String(), b.args...)
}

// Erasure says that a person's data were destroyed.
type Erasure struct {
	domain.Ref
	Event string
	On    domain.Date
}

// Erased lists all erasures: what a restore must replay.
func (r Reader) Erased(ctx context.Context) ([]Erasure, error) {
	return read(ctx, r, func(rows Rows) (e Erasure, err error) {
		var on string
		err = rows.Scan(&e.Home, &e.ID, &e.Event, &on)
		e.On = domain.Date(on)
		return e, err
	}, "SELECT home, record, event, on_date FROM erased ORDER BY on_date, event")
}

// Meta reads a setting of the database itself; "" if it was never set.
func (r Reader) Meta(ctx context.Context, name string) (value string, err error) {
	err = r.Once(ctx, func(q Querier) error {
		rows, err := q.Query(ctx, "SELECT value FROM meta WHERE name = ?", name)
		_, err = one(rows, err, &value)
		return err
	})
	return value, err
}

// EventStream reads events in (home, position) order from behind the given
// positions, a page at a time, so that no read lasts long.
func (r Reader) EventStream(ctx context.Context, from map[int]int64, fn func(domain.Event) error) error {
	heads, err := r.Heads(ctx)
	if err != nil {
		return err
	}
	for _, h := range inOrder(heads) {
		if err := r.eventsOf(ctx, h, from[h.home], fn); err != nil {
			return err
		}
	}
	return nil
}

const eventPage = 1000

func (r Reader) eventsOf(ctx context.Context, h headAt, pos int64, fn func(domain.Event) error) error {
	for pos < h.pos {
		page, err := read(ctx, r, scanEvent, "SELECT "+eventColumns+" FROM event WHERE "+r.EventRange()+" LIMIT ?", h.home, pos, h.home, h.pos, eventPage)
		if err != nil {
			return err
		}
		if len(page) == 0 {
			return domain.Failf(domain.Internal, "pos", "dense", "单位 %d 在位置 %d 之后缺少事件", "home %d: events missing after position %d", h.home, pos)
		}
		for _, e := range page {
			if err := fn(e); err != nil {
				return err
			}
			pos = e.Pos
		}
	}
	return nil
}
