package sqlite

import (
	"context"
	"errors"
	"os"
	"syscall"

	"github.com/dinghai/dinghai/domain"
)

// Acquire makes this process the active one. Two things must agree: a lock of
// the operating system on a file beside the database, which a dead process
// cannot keep, and the lease row, which tells others who it is. Who has the
// lock may overwrite the row: its writer is gone.
func (s *Store) Acquire(ctx context.Context, owner string) (held bool, err error) {
	if ok, err := s.tryLock(); !ok {
		return false, err
	}
	if held, err = s.Seize(ctx, owner, true); !held {
		s.unlock()
	}
	return held, err
}

// Release gives the lease up, so that a standby can take over at once.
func (s *Store) Release(ctx context.Context, owner string) error {
	defer s.unlock()
	return s.Yield(ctx, owner)
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
