package sqlite_test

import (
	"database/sql"
	"path/filepath"
	"testing"

	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/store/sqlite"
	"github.com/dinghai/dinghai/store/storetest"
)

// earlier puts the tables back as they stood before migration 10.
const earlier = `
DROP INDEX record_key;
CREATE UNIQUE INDEX record_id ON record (home, id);
UPDATE record SET initials = 'yyzz' WHERE class = 'case';
DROP TABLE blind_hash;
ALTER TABLE blind RENAME TO b;
CREATE TABLE blind (home INTEGER NOT NULL, record TEXT NOT NULL, field TEXT NOT NULL, hash TEXT NOT NULL, PRIMARY KEY (home, record, field, hash)) WITHOUT ROWID;
INSERT INTO blind SELECT * FROM b;
DROP TABLE b;
CREATE INDEX blind_hash ON blind (hash, field);
ALTER TABLE receipt RENAME TO r;
CREATE TABLE receipt (home INTEGER NOT NULL, ikey TEXT NOT NULL, hash TEXT NOT NULL, record TEXT NOT NULL, pos INTEGER NOT NULL, PRIMARY KEY (home, ikey)) WITHOUT ROWID;
INSERT INTO receipt SELECT * FROM r;
DROP TABLE r;
DELETE FROM goose_db_version WHERE version_id = 10`

// TestUpgrade opens a database of an earlier release: all of it is found again.
func TestUpgrade(t *testing.T) {
	path := filepath.Join(t.TempDir(), "bureau.db")
	old, err := sqlite.Open(ctx, sqlite.Options{Path: path})
	check(t, err)
	c := storetest.NewCity(3)
	ws := c.Group(330902, 50)
	r := ws.Records[0].Record
	ws.Blind = []domain.BlindRow{{Home: r.Home, Record: r.ID, Field: "phone", Hash: "aa"}, {Home: r.Home, Record: r.ID, Field: "mail", Hash: "bb"}}
	check(t, old.Update(ctx, 0, func(tx domain.Tx) error { return tx.Write(ws) }))
	check(t, old.Close())
	db, err := sql.Open("sqlite", path)
	check(t, err)
	_, err = db.Exec(earlier)
	check(t, err)
	check(t, db.Close())

	s := open(t, path)
	found, err := s.Reader().ByBlind(ctx, "mail", "bb")
	check(t, err)
	if len(found) != 1 || found[0] != r.Ref {
		t.Errorf("by hash: %v, want %v", found, r.Ref)
	}
	if found, err = s.Reader().ByBlind(ctx, "phone", "bb"); err != nil || len(found) != 0 {
		t.Errorf("the hash of another field finds %v %v", found, err)
	}
	page, err := s.Reader().Search(ctx, domain.SearchQuery{Text: "yyzz"})
	check(t, err)
	if page.Total != 0 {
		t.Errorf("%d cases are still found by initials of their own", page.Total)
	}
	check(t, s.Update(ctx, 0, func(tx domain.Tx) error {
		row, err := tx.Receipt(ws.Receipts[7].Home, ws.Receipts[7].Key)
		if err == nil && (row == nil || row.Pos != ws.Receipts[7].Pos) {
			t.Errorf("receipt %+v, want %+v", row, ws.Receipts[7])
		}
		return err
	}))
}

// TestHashesAreForgotten looks into the text index itself: a hash that was
// replaced is not found there either.
func TestHashesAreForgotten(t *testing.T) {
	path := filepath.Join(t.TempDir(), "bureau.db")
	s, c := open(t, path), storetest.NewCity(3)
	r := c.Entity(330902)
	for i, hash := range []string{"aa", "bb"} {
		e := c.Event(r, "registered", domain.Changes{})
		ws := &domain.WriteSet{Events: []domain.Event{e}, Records: []domain.RecordRow{storetest.Row(r, i == 0)}, Heads: map[int]int64{r.Home: e.Pos},
			Blind: []domain.BlindRow{{Home: r.Home, Record: r.ID, Field: "phone", Hash: hash}}}
		check(t, s.Update(ctx, 0, func(tx domain.Tx) error { return tx.Write(ws) }))
	}
	db, err := sql.Open("sqlite", path)
	check(t, err)
	defer db.Close()
	for hash, want := range map[string]int{"aa": 0, "bb": 1} {
		var n int
		check(t, db.QueryRow("SELECT count(*) FROM blind_hash WHERE blind_hash MATCH ?", hash).Scan(&n))
		if n != want {
			t.Errorf("%s is found %d times, want %d", hash, n, want)
		}
	}
}
