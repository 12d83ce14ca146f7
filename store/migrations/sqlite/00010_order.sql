-- +goose Up
-- Keys that begin with what grows, and hashes in a text index: see 00002. A new
-- database has them already, and nothing to move.
ALTER TABLE clock RENAME TO clock_old;
CREATE TABLE clock (
  home INTEGER NOT NULL, record TEXT NOT NULL, id TEXT NOT NULL,
  kind TEXT NOT NULL, area TEXT NOT NULL, organ TEXT NOT NULL, code TEXT NOT NULL, due TEXT NOT NULL,
  running INTEGER NOT NULL, voided INTEGER NOT NULL, doc TEXT NOT NULL,
  PRIMARY KEY (record, home, id)
) WITHOUT ROWID;
INSERT INTO clock SELECT * FROM clock_old ORDER BY record, home, id;
DROP TABLE clock_old;
CREATE INDEX clock_due ON clock (due, home, record, id, code) WHERE running = 1 AND voided = 0;

ALTER TABLE task RENAME TO task_old;
CREATE TABLE task (
  home INTEGER NOT NULL, record TEXT NOT NULL, id TEXT NOT NULL,
  kind TEXT NOT NULL, area TEXT NOT NULL, organ TEXT NOT NULL, role TEXT NOT NULL, assignee TEXT NOT NULL, due TEXT NOT NULL,
  running INTEGER NOT NULL, voided INTEGER NOT NULL, doc TEXT NOT NULL,
  PRIMARY KEY (record, home, id)
) WITHOUT ROWID;
INSERT INTO task SELECT * FROM task_old ORDER BY record, home, id;
DROP TABLE task_old;
CREATE INDEX task_due ON task (due, record, id, role, area, assignee, kind) WHERE running = 1 AND voided = 0;
CREATE INDEX task_assignee ON task (assignee, record) WHERE assignee <> '';

ALTER TABLE contribution RENAME TO contribution_old;
CREATE TABLE contribution (
  indicator TEXT NOT NULL, version INTEGER NOT NULL, day TEXT NOT NULL, home INTEGER NOT NULL, record TEXT NOT NULL,
  n INTEGER NOT NULL, pos_from INTEGER NOT NULL,
  key TEXT NOT NULL, area TEXT NOT NULL, zones TEXT NOT NULL, until TEXT NOT NULL,
  num INTEGER NOT NULL, den INTEGER NOT NULL, pos_to INTEGER NOT NULL,
  PRIMARY KEY (indicator, version, day, record, home, n, pos_from)
) WITHOUT ROWID;
INSERT INTO contribution SELECT * FROM contribution_old ORDER BY indicator, version, day, record, home, n, pos_from;
DROP TABLE contribution_old;
CREATE INDEX contribution_until ON contribution (indicator, version, until) WHERE pos_to = 0 AND until <> '' AND until < '9999-12-31';

ALTER TABLE receipt RENAME TO receipt_old;
CREATE TABLE receipt (
  home INTEGER NOT NULL, ikey TEXT NOT NULL, hash TEXT NOT NULL, record TEXT NOT NULL, pos INTEGER NOT NULL,
  PRIMARY KEY (ikey, home)
) WITHOUT ROWID;
INSERT INTO receipt SELECT * FROM receipt_old ORDER BY ikey, home;
DROP TABLE receipt_old;

ALTER TABLE blind RENAME TO blind_old;
CREATE TABLE blind (
  home INTEGER NOT NULL, record TEXT NOT NULL, field TEXT NOT NULL, hash TEXT NOT NULL,
  PRIMARY KEY (record, home, field, hash)
) WITHOUT ROWID;
INSERT INTO blind SELECT * FROM blind_old ORDER BY record, home, field, hash;
DROP TABLE blind_old;

CREATE UNIQUE INDEX IF NOT EXISTS record_key ON record (id, home);
DROP INDEX IF EXISTS record_id;

CREATE VIRTUAL TABLE IF NOT EXISTS blind_hash USING fts5(hashes, content='', contentless_delete=1, detail=none, tokenize='ascii');
INSERT INTO blind_hash (rowid, hashes) SELECT r.n, group_concat(b.hash, ' ')
FROM blind b JOIN record r ON r.id = b.record AND r.home = b.home GROUP BY r.n ORDER BY r.n;

-- Cases are found by the initials of their subjects.
UPDATE record SET initials = '' WHERE class <> 'subject' AND initials <> '';
