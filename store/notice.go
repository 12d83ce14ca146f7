package store

import (
	"context"
	"time"
)

// Notice states. One told in the product itself is unread or read; one that
// leaves it waits, is sent, or could not be.
const (
	NoticeUnread  = "unread"
	NoticeRead    = "read"
	NoticeWaiting = "waiting"
	NoticeSent    = "sent"
	NoticeFailed  = "failed"
)

// Notice is one telling of one thing to one recipient by one channel.
type Notice struct {
	ID      string // the same for the same telling: put twice, it is there once
	At      time.Time
	Person  string // recipient who works here; "" = somebody outside
	Channel string
	Target  string // for what leaves: record and field that hold the address, or a name
	Record  string // what it is about
	Topic   string
	ZH, EN  string
	Urgent  bool
	State   string
	Tries   int
	Next    time.Time
	Error   string
	Done    time.Time // sent, read or given up
}

// AddNotices keeps those that are not there yet and tells how many.
func (k *Keep) AddNotices(ctx context.Context, list ...Notice) (added int, err error) {
	if len(list) == 0 {
		return 0, nil
	}
	err = k.Transact(ctx, func(c Conn) error {
		added = 0
		for _, n := range list {
			m, err := c.Exec(ctx, "INSERT INTO notice ("+noticeColumns+") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING",
				n.ID, nano(n.At), n.Person, n.Channel, n.Target, n.Record, n.Topic, n.ZH, n.EN, bit(n.Urgent), n.State, n.Tries, nano(n.Next), n.Error, nano(n.Done))
			if err != nil {
				return err
			}
			added += int(m)
		}
		return nil
	})
	return added, err
}

// EndNotice notes what became of one: its state, tries, error and times.
func (k *Keep) EndNotice(ctx context.Context, n Notice) error {
	_, err := k.do(ctx, "UPDATE notice SET state = ?, tries = ?, next = ?, error = ?, done = ? WHERE id = ?", n.State, n.Tries, nano(n.Next), n.Error, nano(n.Done), n.ID)
	return err
}

// ReadNotices marks a person's notices as read, one or (id "") all of them.
func (k *Keep) ReadNotices(ctx context.Context, person, id string, at time.Time) (int64, error) {
	return k.do(ctx, "UPDATE notice SET state = ?, done = ? WHERE person = ? AND channel = 'app' AND state = ? AND (id = ? OR ? = '')",
		NoticeRead, nano(at), person, NoticeUnread, id, id)
}

// RetryNotices lets what failed be tried again, one or (id "") all.
func (k *Keep) RetryNotices(ctx context.Context, id string, at time.Time) (int64, error) {
	return k.do(ctx, "UPDATE notice SET state = ?, tries = 0, next = ?, error = '' WHERE state = ? AND (id = ? OR ? = '')", NoticeWaiting, nano(at), NoticeFailed, id, id)
}

// NoticeQuery asks for notices, newest first. Zero values do not filter.
type NoticeQuery struct {
	Person, Channel, State, Record string
	Outward                        bool      // only those that leave the product
	Until                          time.Time // next try not after
	After                          string    // cursor: id of the last one seen
	Limit                          int
}

func (q NoticeQuery) where(b *build) {
	b.add(" FROM notice WHERE 1 = 1")
	for _, f := range [][2]string{{"person", q.Person}, {"channel", q.Channel}, {"state", q.State}, {"record", q.Record}} {
		if f[1] != "" {
			b.add(" AND "+f[0]+" = ?", f[1])
		}
	}
	if q.Outward {
		b.add(" AND channel <> 'app'")
	}
	if !q.Until.IsZero() {
		b.add(" AND next <= ?", nano(q.Until))
	}
}

// Notices lists them, newest first.
func (r Reader) Notices(ctx context.Context, q NoticeQuery) ([]Notice, error) {
	var b build
	b.add("SELECT " + noticeColumns)
	q.where(&b)
	if q.After != "" {
		b.add(" AND (at, id) < (SELECT at, id FROM notice WHERE id = ?)", q.After)
	}
	b.add(" ORDER BY at DESC, id DESC LIMIT ?", limitOf(q.Limit))
	return read(ctx, r, scanNotice, b.sql.String(), b.args...)
}

// CountNotices counts them.
func (r Reader) CountNotices(ctx context.Context, q NoticeQuery) (n int, err error) {
	var b build
	b.add("SELECT count(*)")
	q.where(&b)
	err = r.Once(ctx, func(x Querier) error {
		rows, err := x.Query(ctx, b.sql.String(), b.args...)
		_, err = one(rows, err, &n)
		return err
	})
	return n, err
}

const noticeColumns = "id, at, person, channel, target, record, topic, zh, en, urgent, state, tries, next, error, done"

func scanNotice(rows Rows) (n Notice, err error) {
	var at, next, done int64
	var urgent int
	err = rows.Scan(&n.ID, &at, &n.Person, &n.Channel, &n.Target, &n.Record, &n.Topic, &n.ZH, &n.EN, &urgent, &n.State, &n.Tries, &next, &n.Error, &done)
	n.At, n.Next, n.Done, n.Urgent = unnano(at), unnano(next), unnano(done), urgent == 1
	return n, err
}

// Dead is an address that does not answer, known by its keyed hash.
type Dead struct {
	Hash, Channel string
	Shown         string // masked
	Why           string
	At            time.Time
	Record        string // whose field held it
}

// MarkDead lists an address as dead.
func (k *Keep) MarkDead(ctx context.Context, d Dead) error {
	_, err := k.do(ctx, "INSERT INTO dead_address (hash, channel, shown, why, at, record) VALUES (?, ?, ?, ?, ?, ?)"+
		" ON CONFLICT (hash) DO UPDATE SET why = excluded.why, at = excluded.at", d.Hash, d.Channel, d.Shown, d.Why, nano(d.At), d.Record)
	return err
}

// Revive takes an address off the list.
func (k *Keep) Revive(ctx context.Context, hash string) error {
	_, err := k.do(ctx, "DELETE FROM dead_address WHERE hash = ?", hash)
	return err
}

// DeadAddress finds one; nil if it is not dead.
func (r Reader) DeadAddress(ctx context.Context, hash string) (*Dead, error) {
	list, err := read(ctx, r, scanDead, deadColumns+" WHERE hash = ?", hash)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	return &list[0], nil
}

// DeadAddresses lists them, newest first.
func (r Reader) DeadAddresses(ctx context.Context, limit int) ([]Dead, error) {
	return read(ctx, r, scanDead, deadColumns+" ORDER BY at DESC, hash LIMIT ?", limitOf(limit))
}

const deadColumns = "SELECT hash, channel, shown, why, at, record FROM dead_address"

func scanDead(rows Rows) (d Dead, err error) {
	var at int64
	err = rows.Scan(&d.Hash, &d.Channel, &d.Shown, &d.Why, &at, &d.Record)
	d.At = unnano(at)
	return d, err
}

// Prefer keeps a person's choice under a name; "" forgets it.
func (k *Keep) Prefer(ctx context.Context, person, name, value string) error {
	if value == "" {
		_, err := k.do(ctx, "DELETE FROM preference WHERE person = ? AND name = ?", person, name)
		return err
	}
	_, err := k.do(ctx, "INSERT INTO preference (person, name, value) VALUES (?, ?, ?) ON CONFLICT (person, name) DO UPDATE SET value = excluded.value", person, name, value)
	return err
}

// Preferences are a person's choices by name.
func (r Reader) Preferences(ctx context.Context, person string) (map[string]string, error) {
	out := map[string]string{}
	list, err := read(ctx, r, func(rows Rows) (kv [2]string, err error) { return kv, rows.Scan(&kv[0], &kv[1]) },
		"SELECT name, value FROM preference WHERE person = ?", person)
	for _, kv := range list {
		out[kv[0]] = kv[1]
	}
	return out, err
}
