// Package vault keeps the keys that personal data are encrypted with, one of
// 32 bytes for each person, in a file of its own. Destroying a key is what
// erases a person: the sealed values stay in events and backups as noise.
// Therefore the keys are never part of a database archive; their own backups
// should be short-lived.
package vault

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"time"

	"modernc.org/sqlite"
	lib "modernc.org/sqlite/lib"

	"github.com/dinghai/dinghai/domain"
)

// Key encrypts what is sealed about one person.
type Key [32]byte

// NewKey makes a random key.
func NewKey() (k Key) {
	_, _ = rand.Read(k[:]) // never fails
	return k
}

// Vault is an open key file.
type Vault struct {
	db       *sql.DB
	put, get *sql.Stmt // prepared once: both run for every person who files
}

const schema = `
CREATE TABLE IF NOT EXISTS key (id TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS destroyed (id TEXT PRIMARY KEY, at INTEGER NOT NULL) WITHOUT ROWID;`

// blindID is where the key of the blind index lies; no record has such an id.
const blindID = "blind index"

// Open opens or makes a key file that only its owner may read. Deleted keys are
// overwritten (secure_delete), and a write is on the disk when it returns.
func Open(ctx context.Context, path string) (*Vault, error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, domain.Wrap(domain.Unavailable, err)
	}
	defer f.Close()
	if info, err := f.Stat(); err != nil || info.Mode().Perm()&0o077 != 0 {
		return nil, domain.Failf(domain.Refused, "", "mode", "密钥文件 %s 只应由其所有者读写（0600）", "key file %s must be readable by its owner only (0600)", path)
	}
	db, err := sql.Open("sqlite", "file:"+(&url.URL{Path: path}).EscapedPath()+
		"?_txlock=immediate&_pragma=busy_timeout(10000)&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_pragma=secure_delete(1)")
	if err != nil {
		return nil, domain.Wrap(domain.Unavailable, err)
	}
	db.SetMaxOpenConns(1)
	v := &Vault{db: db}
	if err := v.prepare(ctx); err != nil {
		db.Close()
		return nil, err
	}
	return v, nil
}

// prepare makes the tables and the blind key, and reads the settings back.
func (v *Vault) prepare(ctx context.Context) error {
	if _, err := v.db.ExecContext(ctx, schema); err != nil {
		return failure(err)
	}
	var secure, sync int
	if err := v.db.QueryRowContext(ctx, "SELECT s.secure_delete, y.synchronous FROM pragma_secure_delete s, pragma_synchronous y").Scan(&secure, &sync); err != nil {
		return failure(err)
	}
	if secure != 1 || sync < 2 {
		return domain.Failf(domain.Refused, "", "durable", "密钥文件设置不足：secure_delete=%d synchronous=%d", "key file settings are too weak: secure_delete=%d synchronous=%d", secure, sync)
	}
	k := NewKey()
	if _, err := v.db.ExecContext(ctx, "INSERT INTO key (id, value) VALUES (?, ?) ON CONFLICT (id) DO NOTHING", blindID, k[:]); err != nil {
		return failure(err)
	}
	var err error
	if v.put, err = v.db.PrepareContext(ctx, "INSERT INTO key (id, value) SELECT ?1, ?2 WHERE NOT EXISTS (SELECT 1 FROM destroyed WHERE id = ?1)"+
		" ON CONFLICT (id) DO UPDATE SET value = excluded.value WHERE value = excluded.value"); err != nil {
		return failure(err)
	}
	v.get, err = v.db.PrepareContext(ctx, "SELECT (SELECT value FROM key WHERE id = ?1), EXISTS (SELECT 1 FROM destroyed WHERE id = ?1)")
	return failure(err)
}

// Close closes the file.
func (v *Vault) Close() error { return failure(v.db.Close()) }

// Add keeps keys, all or none, before the group that uses them commits. The
// same key again is fine; another one under a used id, or one for a person
// whose key was destroyed, is refused.
func (v *Vault) Add(ctx context.Context, keys map[string]Key) error {
	if len(keys) == 0 {
		return nil
	}
	tx, err := v.db.BeginTx(ctx, nil)
	if err != nil {
		return failure(err)
	}
	defer tx.Rollback() //nolint:errcheck // without effect after the commit
	put := tx.StmtContext(ctx, v.put)
	for id, k := range keys {
		if err := add(ctx, put, id, k); err != nil {
			return err
		}
	}
	return failure(tx.Commit())
}

func add(ctx context.Context, put *sql.Stmt, id string, k Key) error {
	r, err := put.ExecContext(ctx, id, k[:])
	if err != nil {
		return failure(err)
	}
	if n, _ := r.RowsAffected(); n != 1 || id == blindID {
		return domain.Failf(domain.Refused, "", "key", "%s 已有密钥或其密钥已销毁", "%s has another key or had one that was destroyed", id)
	}
	return nil
}

// Key finds a person's key; nil if there never was one. If it was destroyed the
// error has code Refused.
func (v *Vault) Key(ctx context.Context, id string) (*Key, error) {
	var value []byte
	var gone bool
	err := v.get.QueryRowContext(ctx, id).Scan(&value, &gone)
	switch {
	case err != nil:
		return nil, failure(err)
	case gone:
		return nil, domain.Failf(domain.Refused, "", "erased", "%s 的数据已清除", "the data of %s are erased", id)
	case value == nil:
		return nil, nil
	case len(value) != len(Key{}):
		return nil, domain.Failf(domain.Internal, "", "key", "%s 的密钥已损坏", "the key of %s is damaged", id)
	}
	return (*Key)(value), nil
}

// BlindKey is the key of the index that finds sealed values by equality.
func (v *Vault) BlindKey(ctx context.Context) (Key, error) {
	k, err := v.Key(ctx, blindID)
	if err == nil && k == nil {
		err = domain.Fail(domain.Internal, "", "key", "缺少盲索引密钥", "the key of the blind index is missing")
	}
	if err != nil {
		return Key{}, err
	}
	return *k, nil
}

// Destroy overwrites persons' keys and remembers that it did. Ids without a key
// are remembered as well, so that a list of erasures can be replayed after a
// restore. The log is emptied, since it may still hold the pages.
func (v *Vault) Destroy(ctx context.Context, ids ...string) error {
	tx, err := v.db.BeginTx(ctx, nil)
	if err != nil {
		return failure(err)
	}
	defer tx.Rollback() //nolint:errcheck // without effect after the commit
	for _, id := range ids {
		if id == blindID {
			return domain.Fail(domain.Refused, "", "key", "盲索引密钥不可销毁", "the key of the blind index cannot be destroyed")
		}
		if _, err := tx.ExecContext(ctx, "DELETE FROM key WHERE id = ?", id); err != nil {
			return failure(err)
		}
		if _, err := tx.ExecContext(ctx, "INSERT INTO destroyed (id, at) VALUES (?, ?) ON CONFLICT (id) DO NOTHING", id, time.Now().Unix()); err != nil {
			return failure(err)
		}
	}
	if err := tx.Commit(); err != nil {
		return failure(err)
	}
	_, err = v.db.ExecContext(ctx, "PRAGMA wal_checkpoint(TRUNCATE)")
	return failure(err)
}

// Destroyed lists the ids whose keys were destroyed.
func (v *Vault) Destroyed(ctx context.Context) (ids []string, err error) {
	rows, err := v.db.QueryContext(ctx, "SELECT id FROM destroyed ORDER BY at, id")
	if err != nil {
		return nil, failure(err)
	}
	defer rows.Close()
	for rows.Next() {
		var id string
		if err := rows.Scan(&id); err != nil {
			return nil, failure(err)
		}
		ids = append(ids, id)
	}
	return ids, failure(rows.Err())
}

// Backup writes a copy to a file that must not exist yet. To restore it, put it
// in place of the key file and replay the erasures made since.
func (v *Vault) Backup(ctx context.Context, path string) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600) // sets the mode before a key is in it
	if err != nil {
		return domain.Wrap(domain.Unavailable, err)
	}
	if err := f.Close(); err != nil {
		return domain.Wrap(domain.Unavailable, err)
	}
	if _, err := v.db.ExecContext(ctx, "VACUUM INTO ?", path); err != nil {
		os.Remove(path)
		return failure(err)
	}
	return syncFile(path)
}

// Merge adds what a backup of this key file has and this file lacks: keys, and
// erasures, which win over keys. A file with another blind key belongs to other
// records and is refused, unless this one is still empty and gives way.
func (v *Vault) Merge(ctx context.Context, path string) error {
	if _, err := v.db.ExecContext(ctx, "ATTACH ? AS old", "file:"+(&url.URL{Path: path}).EscapedPath()+"?mode=ro"); err != nil {
		return failure(err)
	}
	defer v.db.ExecContext(ctx, "DETACH old") //nolint:errcheck // the file is only read
	tx, err := v.db.BeginTx(ctx, nil)
	if err != nil {
		return failure(err)
	}
	defer tx.Rollback() //nolint:errcheck // without effect after the commit
	var same, used bool
	err = tx.QueryRowContext(ctx, "SELECT (SELECT value FROM key WHERE id = ?1) = (SELECT value FROM old.key WHERE id = ?1),"+
		" EXISTS (SELECT 1 FROM key WHERE id <> ?1) OR EXISTS (SELECT 1 FROM destroyed)", blindID).Scan(&same, &used)
	switch {
	case err != nil:
		return failure(err)
	case !same && used:
		return domain.Failf(domain.Refused, "", "key", "密钥文件 %s 属于另一套数据", "key file %s belongs to other records", path)
	}
	for _, sql := range []string{
		"INSERT INTO destroyed SELECT id, at FROM old.destroyed WHERE true ON CONFLICT (id) DO NOTHING",
		"INSERT INTO key SELECT id, value FROM old.key WHERE true ON CONFLICT (id) DO UPDATE SET value = excluded.value WHERE id = '" + blindID + "'",
		"DELETE FROM key WHERE id IN (SELECT id FROM destroyed)",
	} {
		if _, err := tx.ExecContext(ctx, sql); err != nil {
			return failure(err)
		}
	}
	if err := tx.Commit(); err != nil {
		return failure(err)
	}
	_, err = v.db.ExecContext(ctx, "PRAGMA wal_checkpoint(TRUNCATE)")
	return failure(err)
}

// syncFile makes a copy as durable as the original.
func syncFile(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return domain.Wrap(domain.Unavailable, err)
	}
	return unavailable(errors.Join(f.Sync(), f.Close()))
}

func unavailable(err error) error {
	if err == nil {
		return nil
	}
	return domain.Wrap(domain.Unavailable, err)
}

// failure marks what SQLite reports: with a file of our own, that is a disk
// that is full or gone.
func failure(err error) error {
	var known *domain.Error
	if err == nil || errors.As(err, &known) {
		return err
	}
	if e := (*sqlite.Error)(nil); errors.As(err, &e) && e.Code()&0xff == lib.SQLITE_FULL {
		return domain.Full(err)
	}
	return domain.Wrap(domain.Unavailable, fmt.Errorf("vault: %w", err))
}
