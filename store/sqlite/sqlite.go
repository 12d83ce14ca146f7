// Package sqlite keeps a bureau in one SQLite file: one connection writes, a
// few read, and nothing is acknowledged before it is on the disk (WAL with
// synchronous=FULL, read back at start).
package sqlite

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"os"
	"strconv"
	"sync"

	"github.com/pressly/goose/v3"
	_ "modernc.org/sqlite" // the driver of migrations

	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/store"
	"github.com/dinghai/dinghai/store/migrations"
)

// Options say how to open a database.
type Options struct {
	Path     string
	ReadOnly bool // no writing, no migration; the file must exist
	Readers  int  // reading connections; 0 = 4
	CacheMB  int  // page cache of the writer; 0 = 32. A reader has a quarter
}

// Store is an open database.
type Store struct {
	store.Keep
	opt    Options
	writer chan *conn // holds the one writing connection while nobody writes
	pool   *pool
	rows   counters
	keeper *keeper
	lock   *os.File // lease
	mu     sync.Mutex
}

// counters are the last row numbers given to records, by table prefix; the
// holder of the writer uses them.
type counters map[string]int64

// Open opens or makes a database and brings its tables up to date.
func Open(ctx context.Context, opt Options) (*Store, error) {
	if opt.Readers == 0 {
		opt.Readers = 4
	}
	opt.Readers = max(opt.Readers, 2) // a comparison reads from two at a time
	if opt.CacheMB == 0 {
		opt.CacheMB = 32
	}
	if !opt.ReadOnly {
		if err := migrate(ctx, opt.Path); err != nil {
			return nil, err
		}
	}
	s := &Store{opt: opt, writer: make(chan *conn, 1), rows: counters{}}
	s.pool = newPool(opt.Readers, func() (*conn, error) { return dial(dsn(opt.Path, true), readPragmas(opt)...) })
	s.Keep = store.Keep{Reader: store.Reader{Viewer: s.pool, Dialect: dialect{}}, Transact: s.asConn}
	if opt.ReadOnly {
		return s, s.pool.try()
	}
	w, err := dial(dsn(opt.Path, false), writePragmas(opt)...)
	if err != nil {
		return nil, err
	}
	if err := durable(w); err != nil {
		w.Close()
		return nil, err
	}
	s.writer <- w
	s.keeper, err = startKeeper(s)
	return s, err
}

// dsn names the file. Slashes stay, everything else is escaped.
func dsn(path string, readOnly bool) string {
	u := "file:" + (&url.URL{Path: path}).EscapedPath() + "?_txlock=immediate"
	if readOnly {
		u += "&mode=ro"
	}
	return u
}

// busy_timeout comes first, so that setting the journal mode already waits.
func writePragmas(opt Options) []string {
	return []string{"busy_timeout(10000)", "journal_mode(WAL)", "synchronous(FULL)", "wal_autocheckpoint(0)",
		"temp_store(MEMORY)", "cache_size(" + strconv.Itoa(-1024*opt.CacheMB) + ")"}
}

func readPragmas(opt Options) []string {
	return []string{"busy_timeout(10000)", "query_only(1)", "temp_store(MEMORY)", "cache_size(" + strconv.Itoa(-256*opt.CacheMB) + ")"}
}

// durable reads the settings back and refuses less than what keeps an
// acknowledged write through a power loss.
func durable(c *conn) error {
	mode, err := c.pragma("journal_mode")
	if err != nil {
		return err
	}
	sync, err := c.pragma("synchronous")
	if err != nil {
		return err
	}
	if level, _ := strconv.Atoi(sync); mode != "wal" || level < 2 {
		return domain.Failf(domain.Refused, "", "durable", "数据库未处于持久模式：journal_mode=%s synchronous=%s", "the database is not durable: journal_mode=%s synchronous=%s", mode, sync)
	}
	return nil
}

// Settings reads the writer's settings back: for the status page and the test.
func (s *Store) Settings(ctx context.Context) (map[string]string, error) {
	c, err := s.take(ctx)
	if err != nil {
		return nil, err
	}
	defer func() { s.writer <- c }()
	settings := map[string]string{}
	for _, name := range []string{"journal_mode", "synchronous", "page_size", "cache_size", "wal_autocheckpoint", "busy_timeout"} {
		if settings[name], err = c.pragma(name); err != nil {
			return nil, err
		}
	}
	return settings, nil
}

// LimitPages bounds the size of the file, as a quota does.
func (s *Store) LimitPages(ctx context.Context, n int) error {
	c, err := s.take(ctx)
	if err != nil {
		return err
	}
	defer func() { s.writer <- c }()
	_, err = c.pragma("max_page_count(" + strconv.Itoa(n) + ")")
	return err
}

// migrate runs the migrations through database/sql, which goose needs.
func migrate(ctx context.Context, path string) error {
	db, err := sql.Open("sqlite", dsn(path, false)+"&_pragma=busy_timeout(10000)&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)")
	if err != nil {
		return failure(err)
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	if err := migrations.Up(ctx, db, goose.DialectSQLite3); err != nil {
		return failure(fmt.Errorf("sqlite: %s: %w", path, err))
	}
	return nil
}

// Close stops the background work and closes the file. Writes under way end first.
func (s *Store) Close() error {
	if s.keeper != nil {
		s.keeper.stop()
	}
	s.pool.close()
	var err error
	if !s.opt.ReadOnly {
		err = (<-s.writer).Close()
	}
	s.unlock()
	return err
}

// Lanes is 1: a SQLite file has one writer.
func (s *Store) Lanes() int { return 1 }

// GroupSize is where larger groups stop to gain and start to make people wait.
func (s *Store) GroupSize() int { return 256 }

// Reader gives read access outside any transaction.
func (s *Store) Reader() domain.Reader { return s.Keep.Reader }

// take waits for the writer.
func (s *Store) take(ctx context.Context) (*conn, error) {
	if s.opt.ReadOnly {
		return nil, domain.Fail(domain.Unavailable, "", "read_only", "数据库以只读方式打开", "the database is open for reading only")
	}
	select {
	case c := <-s.writer:
		return c, nil
	case <-ctx.Done():
		return nil, domain.Wrap(domain.Unavailable, ctx.Err())
	}
}

// transact runs fn in a transaction on the writer.
func (s *Store) transact(ctx context.Context, fn func(*conn) error) (err error) {
	c, err := s.take(ctx)
	if err != nil {
		return err
	}
	defer func() { s.writer <- c }()
	if err := c.exec("BEGIN IMMEDIATE"); err != nil {
		return err
	}
	committed := false
	defer func() {
		if !committed {
			clear(s.rows)
			_ = c.exec("ROLLBACK") // fails where SQLite rolled back already
		}
	}()
	if err := fn(c); err != nil {
		return err
	}
	if err := c.exec("COMMIT"); err != nil {
		return err
	}
	committed = true
	s.keeper.wrote()
	return nil
}

func (s *Store) asConn(ctx context.Context, fn func(store.Conn) error) error {
	return s.transact(ctx, func(c *conn) error { return fn(c) })
}

// Update runs fn in one durable transaction; home does not matter here.
func (s *Store) Update(ctx context.Context, _ int, fn func(domain.Tx) error) error {
	return s.transact(ctx, func(c *conn) error { return fn(s.tx(c, "")) })
}
