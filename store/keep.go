package store

import (
	"context"
	"time"

	"github.com/dinghai/dinghai/domain"
)

// LeaseTime is how long a lease holds without being renewed. Renew it every
// third of that.
const LeaseTime = 15 * time.Second

// Conn is a connection in a writing transaction.
type Conn interface {
	Querier
	// Exec runs a statement written with ? and tells how many rows it changed.
	Exec(ctx context.Context, sql string, args ...any) (int64, error)
}

// Keep is what is written beside business facts: pins, published reports, the
// access log, the state of outbox rows, the lease. Engines embed it.
type Keep struct {
	Reader
	Transact func(ctx context.Context, fn func(Conn) error) error
}

// Events streams events in (home, position) order from behind the given positions.
func (k *Keep) Events(ctx context.Context, from map[int]int64, fn func(domain.Event) error) error {
	return k.EventStream(ctx, from, fn)
}

// do runs one statement in a transaction of its own.
func (k *Keep) do(ctx context.Context, sql string, args ...any) (n int64, err error) {
	err = k.Transact(ctx, func(c Conn) error {
		n, err = c.Exec(ctx, sql, args...)
		return err
	})
	return n, err
}

// Outcome notes what became of outbox rows and when they are to be tried again,
// all in one transaction.
func (k *Keep) Outcome(ctx context.Context, list ...domain.Outcome) error {
	if len(list) == 0 {
		return nil
	}
	return k.Transact(ctx, func(c Conn) error {
		for _, o := range list {
			n, err := c.Exec(ctx, "UPDATE outbox SET state = ?, error = ?, next = ?, tries = tries + 1 WHERE home = ? AND pos = ? AND n = ?",
				o.State, o.Error, nano(o.Next), o.Home, o.Pos, o.N)
			if err == nil && n == 0 {
				err = domain.Failf(domain.NotFound, "", "outbox", "没有待发事项 %d/%d/%d", "no outbox row %d/%d/%d", o.Home, o.Pos, o.N)
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// RetryOutbox lets work that was given up be tried anew: one row, or (home 0)
// all of them.
func (k *Keep) RetryOutbox(ctx context.Context, home int, pos int64, n int) (int64, error) {
	return k.do(ctx, "UPDATE outbox SET state = ?, error = '', next = 0, tries = 0 WHERE state = ? AND (? = 0 OR home = ? AND pos = ? AND n = ?)",
		domain.OutPending, domain.OutFailed, home, home, pos, n)
}

// Pin keeps the content of a definition under its version. The same content
// again is fine; other content is refused.
func (k *Keep) Pin(ctx context.Context, list ...Definition) error {
	return k.Transact(ctx, func(c Conn) error {
		for _, d := range list {
			if err := pin(ctx, c, d); err != nil {
				return err
			}
		}
		return nil
	})
}

func pin(ctx context.Context, c Conn, d Definition) error {
	var had string
	hash := Hash(d.Content)
	rows, err := c.Query(ctx, "SELECT hash FROM definition WHERE kind = ? AND name = ? AND version = ?", d.Kind, d.Name, d.Version)
	found, err := one(rows, err, &had)
	if err != nil || found && had == hash {
		return err
	}
	if found {
		return Changed(d)
	}
	_, err = c.Exec(ctx, "INSERT INTO definition (kind, name, version, hash, content) VALUES (?, ?, ?, ?, ?)", d.Kind, d.Name, d.Version, hash, d.Content)
	return err
}

// Freeze keeps a published report. The same again is fine; other content under
// its id is refused.
func (k *Keep) Freeze(ctx context.Context, f Frozen) error {
	hash := Hash(f.Content)
	return k.Transact(ctx, func(c Conn) error {
		var had string
		rows, err := c.Query(ctx, "SELECT hash FROM frozen WHERE home = ? AND id = ?", f.Home, f.ID)
		found, err := one(rows, err, &had)
		if err != nil || found && had == hash {
			return err
		}
		if found {
			return Refrozen(f)
		}
		_, err = c.Exec(ctx, "INSERT INTO frozen (home, id, name, at, hash, content) VALUES (?, ?, ?, ?, ?, ?)", f.Home, f.ID, f.Name, nano(f.At), hash, f.Content)
		return err
	})
}

// LogAccess adds lines to the access log.
func (k *Keep) LogAccess(ctx context.Context, list ...Access) error {
	return k.Transact(ctx, func(c Conn) error {
		for _, a := range list {
			if _, err := c.Exec(ctx, "INSERT INTO access_log (at, actor, role, action, target, detail) VALUES (?, ?, ?, ?, ?, ?)",
				nano(a.At), a.Actor, a.Role, a.Action, a.Target, a.Detail); err != nil {
				return err
			}
		}
		return nil
	})
}

// SetMeta keeps a setting of the database itself.
func (k *Keep) SetMeta(ctx context.Context, name, value string) error {
	_, err := k.do(ctx, "INSERT INTO meta (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value", name, value)
	return err
}

// Seize takes the lease row if it is free, expired or the owner's own; force
// takes it in any case (the engine knows the holder is dead).
func (k *Keep) Seize(ctx context.Context, owner string, force bool) (bool, error) {
	now := time.Now()
	n, err := k.do(ctx, "INSERT INTO lease (name, owner, expires) VALUES ('active', ?, ?) ON CONFLICT (name) DO UPDATE SET owner = excluded.owner, expires = excluded.expires"+
		" WHERE lease.owner = excluded.owner OR lease.expires < ? OR ? = 1", owner, now.Add(LeaseTime).UnixNano(), now.UnixNano(), bit(force))
	return n == 1, err
}

// Renew extends the lease; false means it was lost and writing must stop.
func (k *Keep) Renew(ctx context.Context, owner string) (bool, error) {
	n, err := k.do(ctx, "UPDATE lease SET expires = ? WHERE name = 'active' AND owner = ?", time.Now().Add(LeaseTime).UnixNano(), owner)
	return n == 1, err
}

// Yield deletes the owner's lease row.
func (k *Keep) Yield(ctx context.Context, owner string) error {
	_, err := k.do(ctx, "DELETE FROM lease WHERE name = 'active' AND owner = ?", owner)
	return err
}

// Holder tells who holds the lease and until when; "" if nobody.
func (r Reader) Holder(ctx context.Context) (owner string, until time.Time, err error) {
	var expires int64
	err = r.Once(ctx, func(q Querier) error {
		rows, err := q.Query(ctx, "SELECT owner, expires FROM lease WHERE name = 'active'")
		_, err = one(rows, err, &owner, &expires)
		return err
	})
	return owner, unnano(expires), err
}
