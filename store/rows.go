package store

import (
	"cmp"
	"strings"
	"time"

	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/store/codec"
)

// The functions of this file turn a domain row into the values of its table,
// in the order of the table's columns: strings and int64, nothing else.

func bit(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

func eventRow(r []any, e *domain.Event, doc string) []any {
	return append(r, int64(e.Home), e.Pos, e.ID, e.Record, e.Kind, e.Type, e.Action, string(e.On), e.At.UnixNano(),
		e.Actor, e.Role, e.Organ, e.Key, e.Hash, e.Batch, e.Cause, bit(e.Late), bit(e.Opening), int64(e.Schema),
		e.Reason, e.Approver, doc)
}

// EventColumns are the columns scanEvent reads.
var eventColumns = EventTable.List()

func scanEvent(rows Rows) (domain.Event, error) {
	var e domain.Event
	var at int64
	var late, opening int
	var on, changes string
	err := rows.Scan(&e.Home, &e.Pos, &e.ID, &e.Record, &e.Kind, &e.Type, &e.Action, &on, &at,
		&e.Actor, &e.Role, &e.Organ, &e.Key, &e.Hash, &e.Batch, &e.Cause, &late, &opening, &e.Schema,
		&e.Reason, &e.Approver, &changes)
	if err != nil {
		return e, err
	}
	e.On, e.At, e.Late, e.Opening = domain.Date(on), time.Unix(0, at).UTC(), late == 1, opening == 1
	return e, codec.Decode(changes, &e.Changes)
}

// RecordRow gives the values of the record row at a place of the write set. The
// text column holds the folded text: what a query is compared with.
func (d *Docs) RecordRow(r []any, rec *domain.RecordRow, i int) []any {
	return append(r, int64(rec.Home), rec.ID, rec.Kind, rec.Class, rec.State, rec.Area, rec.Organ, rec.Number,
		rec.Code, strings.ToLower(rec.Initials), rec.Title, d.folded[i], int64(rec.Of.Home), rec.Of.ID,
		string(rec.Opened), string(rec.Closed), string(nextDue(rec.Clocks)), bit(rec.Voided),
		int64(rec.Seq), rec.Pos, d.records[i])
}

// nextDue is the earliest due date of the open clocks.
func nextDue(clocks []domain.Clock) domain.Date {
	var due domain.Date
	for i := range clocks {
		if c := &clocks[i]; c.Open() && c.Due != "" && (due == "" || c.Due < due) {
			due = c.Due
		}
	}
	return due
}

func scanRecord(rows Rows) (*domain.Record, error) {
	var doc string
	if err := rows.Scan(&doc); err != nil {
		return nil, err
	}
	rec := new(domain.Record)
	return rec, codec.Decode(doc, rec)
}

// A clock is running when it is open and not paused: what the sweep looks at.
func clockRow(r []any, c *domain.ClockRow, doc string) []any {
	return append(r, int64(c.Home), c.Record, c.ID, c.Kind, c.Area, c.Organ, c.Code, string(c.Due),
		bit(c.Open() && !c.Paused()), bit(c.Voided), doc)
}

func scanClock(rows Rows) (domain.ClockRow, error) {
	var c domain.ClockRow
	var voided int
	var doc string
	if err := rows.Scan(&c.Home, &c.Record, &c.Kind, &c.Area, &c.Organ, &voided, &doc); err != nil {
		return c, err
	}
	c.Voided = voided == 1
	return c, codec.Decode(doc, &c.Clock)
}

// A task without a due date sorts behind all others.
func taskRow(r []any, t *domain.TaskRow, doc string) []any {
	return append(r, int64(t.Home), t.Record, t.ID, t.Kind, t.Area, t.Organ, t.Role, t.Assignee,
		string(cmp.Or(t.Due, domain.Forever)), bit(t.Done == ""), bit(t.Voided), doc)
}

func scanTask(rows Rows) (domain.TaskRow, error) {
	var t domain.TaskRow
	var voided int
	var doc string
	if err := rows.Scan(&t.Home, &t.Record, &t.Kind, &t.Area, &t.Organ, &voided, &doc); err != nil {
		return t, err
	}
	t.Voided = voided == 1
	return t, codec.Decode(doc, &t.Task)
}

func contributionRow(r []any, c *domain.Contribution) []any {
	return append(r, c.Indicator, int64(c.Version), string(c.Day), int64(c.Home), c.Record, int64(c.N), c.PosFrom,
		c.Key, c.Area, zoneText(c.Zones), string(c.Until), c.Num, c.Den, c.PosTo)
}

const contributionColumns = "c.indicator, c.version, c.day, c.home, c.record, c.n, c.pos_from, c.key, c.area, c.zones, c.until, c.num, c.den, c.pos_to"

// zoneText writes zones as ",a,b," so that one of them is found by ",a,".
func zoneText(zones []string) string {
	if len(zones) == 0 {
		return ""
	}
	return "," + strings.Join(zones, ",") + ","
}

func zonesOf(text string) []string {
	if text == "" {
		return nil
	}
	return strings.Split(strings.Trim(text, ","), ",")
}

func outboxRow(r []any, o *domain.OutboxRow, doc string) []any {
	return append(r, int64(o.Home), o.Pos, int64(o.N), cmp.Or(o.State, domain.OutPending), int64(o.Tries), nano(o.Next), o.Error,
		o.Event, o.Type, o.Rec, string(o.On), doc)
}

func scanOutbox(rows Rows) (domain.OutboxRow, error) {
	var o domain.OutboxRow
	var next int64
	var on, doc string
	err := rows.Scan(&o.Home, &o.Pos, &o.N, &o.State, &o.Tries, &next, &o.Error, &o.Event, &o.Type, &o.Rec, &on, &doc)
	if err != nil {
		return o, err
	}
	o.On, o.Next = domain.Date(on), unnano(next)
	return o, codec.Decode(doc, &o.Out)
}

// nano writes the zero time as 0.
func nano(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixNano()
}

func unnano(n int64) time.Time {
	if n == 0 {
		return time.Time{}
	}
	return time.Unix(0, n).UTC()
}
