-- +goose Up
-- What is kept for ever: events and what a release pins. Everything in
-- 00002 can be made again from here.

-- seat is home * 2^40 + pos: the row id itself is the key, so that appending
-- an event touches one tree for the row and one for the index below.
CREATE TABLE event (
  seat INTEGER PRIMARY KEY,
  home INTEGER NOT NULL, pos INTEGER NOT NULL,
  id TEXT NOT NULL, record TEXT NOT NULL, kind TEXT NOT NULL, type TEXT NOT NULL, action TEXT NOT NULL,
  on_date TEXT NOT NULL, at INTEGER NOT NULL, -- unix nanoseconds
  actor TEXT NOT NULL, role TEXT NOT NULL, organ TEXT NOT NULL,
  ikey TEXT NOT NULL, hash TEXT NOT NULL, batch TEXT NOT NULL, cause TEXT NOT NULL,
  late INTEGER NOT NULL, opening INTEGER NOT NULL, schema INTEGER NOT NULL,
  reason TEXT NOT NULL, approver TEXT NOT NULL, changes TEXT NOT NULL
);
CREATE INDEX event_record ON event (record, type, on_date);
CREATE INDEX event_late ON event (on_date, record) WHERE late <> 0;

CREATE TABLE outbox (
  home INTEGER NOT NULL, pos INTEGER NOT NULL, n INTEGER NOT NULL,
  state TEXT NOT NULL, tries INTEGER NOT NULL, next INTEGER NOT NULL, error TEXT NOT NULL,
  event TEXT NOT NULL, type TEXT NOT NULL, record TEXT NOT NULL, on_date TEXT NOT NULL, doc TEXT NOT NULL,
  PRIMARY KEY (home, pos, n)
) WITHOUT ROWID;
CREATE INDEX outbox_open ON outbox (state, home, pos, n, next) WHERE state <> 'done';

-- Pinned catalogue content: a used version never changes.
CREATE TABLE definition (
  kind TEXT NOT NULL, name TEXT NOT NULL, version INTEGER NOT NULL, hash TEXT NOT NULL, content TEXT NOT NULL,
  PRIMARY KEY (kind, name, version)
);
-- Published reports with the log positions they stand for.
CREATE TABLE frozen (
  home INTEGER NOT NULL, id TEXT NOT NULL, name TEXT NOT NULL, at INTEGER NOT NULL, hash TEXT NOT NULL, content TEXT NOT NULL,
  PRIMARY KEY (home, id)
);
-- Who looked at what; append-only, its own stream.
CREATE TABLE access_log (
  n INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL,
  actor TEXT NOT NULL, role TEXT NOT NULL, action TEXT NOT NULL, target TEXT NOT NULL, detail TEXT NOT NULL
);
-- Persons whose data were destroyed; replayed after a restore.
CREATE TABLE erased (
  home INTEGER NOT NULL, record TEXT NOT NULL, event TEXT NOT NULL, on_date TEXT NOT NULL,
  PRIMARY KEY (home, record)
);
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE lease (name TEXT PRIMARY KEY, owner TEXT NOT NULL, expires INTEGER NOT NULL);
