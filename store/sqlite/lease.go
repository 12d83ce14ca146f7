package sqlite

import (
	"context"
	"errors"
	"os"
	"syscall"
	"time"

	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/store"
)

// Acquire makes this process the active one. Two things must agree: a lock of
// the operating system on a file beside the database, which a dead process
// cannot keep, and a row with an expiry, which tells others who it is.
func (s *Store) Acquire(ctx context.Context, owner string) (held bool, err error) {
	if ok, err := s.tryLock(); !ok {
		return false, err
	}
	err = s.transact(ctx, func(c *conn) error {
		return c.exec("INSERT INTO lease (name, owner, expires) VALUES ('active', ?, ?) ON CONFLICT (name) DO UPDATE SET owner = excluded.owner, expires = excluded.expires",
			owner, time.Now().Add(store.LeaseTime).UnixNano())
	})
	if err != nil {
		s.unlock()
		return false, err
	}
	return true, nil
}

// Renew extends the lease; false means it was lost and writing must stop.
func (s *Store) Renew(ctx context.Context, owner string) (held bool, err error) {
	err = s.transact(ctx, func(c *conn) error {
		n, err := c.affect("UPDATE lease SET expires = ? WHERE name = 'active' AND owner = ?", time.Now().Add(store.LeaseTime).UnixNano(), owner)
		held = n == 1
		return err
	})
	return held, err
}

// Release gives the lease up, so that a standby can take over at once.
func (s *Store) Release(ctx context.Context, owner string) error {
	defer s.unlock()
	return s.transact(ctx, func(c *conn) error {
		return c.exec("DELETE FROM lease WHERE name = 'active' AND owner = ?", owner)
	})
}

// Holder tells who holds the lease and until when; "" if nobody.
func (s *Store) Holder(ctx context.Context) (owner string, until time.Time, err error) {
	return s.read.LeaseHolder(ctx)
}

// tryLock takes the file lock; true also if this process has it already.
func (s *Store) tryLock() (bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.lock != nil {
		return true, nil
	}
	f, err := os.OpenFile(s.opt.Path+".lock", os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return false, domain.Wrap(domain.Unavailable, err)
	}
	err = syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if err == nil {
		s.lock = f
		return true, nil
	}
	f.Close()
	if errors.Is(err, syscall.EWOULDBLOCK) {
		return false, nil
	}
	return false, domain.Wrap(domain.Unavailable, err)
}

func (s *Store) unlock() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.lock != nil {
		s.lock.Close() // also lets the lock go
		s.lock = nil
	}
}
