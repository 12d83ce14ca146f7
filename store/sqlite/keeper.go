package sqlite

import (
	"sync/atomic"
	"time"
)

// keeper moves the write-ahead log into the database from a connection of its
// own. A checkpoint inside a commit would make whoever commits wait for it; a
// passive one beside the writer makes nobody wait. Only if the log outgrows
// its limit, because writing never pauses, does the writer hold still once.
type keeper struct {
	store *Store
	conn  *conn
	dirty atomic.Bool
	limit atomic.Int64 // pages
	quit  chan struct{}
	done  chan struct{}
}

const (
	pageSize    = 4096
	enoughPages = 32 << 20 / pageSize  // what makes a checkpoint worth its while
	fewPages    = 1 << 20 / pageSize   // the same while nobody writes: a long log slows readers
	maxPages    = 256 << 20 / pageSize // what the log may grow to
	keeperTick  = 100 * time.Millisecond
)

func startKeeper(s *Store) (*keeper, error) {
	c, err := dial(dsn(s.opt.Path, false), "busy_timeout(20)", "synchronous(FULL)", "wal_autocheckpoint(0)", "cache_size(-1024)")
	if err != nil {
		return nil, err
	}
	k := &keeper{store: s, conn: c, quit: make(chan struct{}), done: make(chan struct{})}
	k.limit.Store(maxPages)
	go k.run()
	return k, nil
}

func (k *keeper) wrote() { k.dirty.Store(true) }

func (k *keeper) stop() {
	close(k.quit)
	<-k.done
	k.conn.Close()
}

func (k *keeper) run() {
	defer close(k.done)
	tick := time.NewTicker(keeperTick)
	defer tick.Stop()
	busy := false
	for {
		select {
		case <-k.quit:
			return
		case <-tick.C:
			was := busy
			switch busy = k.dirty.Swap(false); {
			case busy:
				k.look(enoughPages)
			case was:
				k.look(fewPages)
			}
		}
	}
}

// look checkpoints if the log is long enough. An error is left to the next
// look: the writer will meet it as well and report it.
func (k *keeper) look(enough int64) {
	total, moved, err := checkpoint(k.conn, "NOOP")
	if err != nil || total-moved < enough {
		return
	}
	if total, _, err = checkpoint(k.conn, "PASSIVE"); err == nil && total > k.limit.Load() {
		k.restart()
	}
}

// restart takes a writer turn, so that the log can begin again from its start.
// A reader that still needs the log is not waited for: who writes would wait too.
func (k *keeper) restart() {
	select {
	case w := <-k.store.writer:
		_, _, _ = checkpoint(k.conn, "RESTART")
		k.store.writer <- w
	case <-k.quit:
	}
}

// checkpoint gives the pages in the log and how many of them are moved.
func checkpoint(c *conn, mode string) (total, moved int64, err error) {
	rows, err := c.Query(background, "PRAGMA wal_checkpoint("+mode+")")
	if err != nil {
		return 0, 0, err
	}
	defer rows.Close()
	var busy int64
	if !rows.Next() {
		return 0, 0, rows.Err()
	}
	return total, moved, rows.Scan(&busy, &total, &moved)
}
