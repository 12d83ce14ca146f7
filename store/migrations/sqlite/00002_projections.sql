-- +goose Up
-- Projections. Keys begin with what grows (a record's id, a day), not with the
-- home: new rows of all homes then lie together at the end. A rebuild makes this file's tables a second time with the
-- prefix shadow_ and then renames them, so every statement here must name its
-- table right after CREATE TABLE / INDEX … ON / VIRTUAL TABLE.

CREATE TABLE head (home INTEGER PRIMARY KEY, pos INTEGER NOT NULL);

-- n is the row number full text refers to; fts the entry it has there (0 = none).
CREATE TABLE record (
  n INTEGER PRIMARY KEY,
  home INTEGER NOT NULL, id TEXT NOT NULL, kind TEXT NOT NULL, class TEXT NOT NULL, state TEXT NOT NULL,
  area TEXT NOT NULL, organ TEXT NOT NULL, number TEXT NOT NULL, code TEXT NOT NULL, initials TEXT NOT NULL,
  title TEXT NOT NULL, text TEXT NOT NULL, of_home INTEGER NOT NULL, of_id TEXT NOT NULL,
  opened TEXT NOT NULL, closed TEXT NOT NULL, due TEXT NOT NULL, voided INTEGER NOT NULL,
  seq INTEGER NOT NULL, pos INTEGER NOT NULL, doc TEXT NOT NULL, fts INTEGER NOT NULL
);
CREATE UNIQUE INDEX record_key ON record (id, home);
CREATE INDEX record_list ON record (kind, opened, id, state, area, voided);
CREATE INDEX record_state ON record (kind, state, opened, id, area, voided);
CREATE INDEX record_due ON record (kind, due, id) WHERE due <> '' AND voided = 0;
CREATE INDEX record_code ON record (code, id) WHERE code <> '' AND voided = 0;
CREATE INDEX record_number ON record (number, id) WHERE number <> '' AND voided = 0;
CREATE INDEX record_initials ON record (initials, id) WHERE initials <> '' AND voided = 0;

-- Full text keeps only the index: the words are in record.text.
CREATE VIRTUAL TABLE search USING fts5(body, content='', contentless_delete=1, tokenize='unicode61 remove_diacritics 0');

-- How many records a list has, by county (level 6), town (9) and village (12).
CREATE TABLE tally (
  kind TEXT NOT NULL, voided INTEGER NOT NULL, level INTEGER NOT NULL, state TEXT NOT NULL, area TEXT NOT NULL, home INTEGER NOT NULL,
  class TEXT NOT NULL, cnt INTEGER NOT NULL,
  PRIMARY KEY (kind, voided, level, state, area, home)
) WITHOUT ROWID;

CREATE TABLE clock (
  home INTEGER NOT NULL, record TEXT NOT NULL, id TEXT NOT NULL,
  kind TEXT NOT NULL, area TEXT NOT NULL, organ TEXT NOT NULL, code TEXT NOT NULL, due TEXT NOT NULL,
  running INTEGER NOT NULL, voided INTEGER NOT NULL, doc TEXT NOT NULL,
  PRIMARY KEY (record, home, id)
) WITHOUT ROWID;
CREATE INDEX clock_due ON clock (due, home, record, id, code) WHERE running = 1 AND voided = 0;

CREATE TABLE task (
  home INTEGER NOT NULL, record TEXT NOT NULL, id TEXT NOT NULL,
  kind TEXT NOT NULL, area TEXT NOT NULL, organ TEXT NOT NULL, role TEXT NOT NULL, assignee TEXT NOT NULL, due TEXT NOT NULL,
  running INTEGER NOT NULL, voided INTEGER NOT NULL, doc TEXT NOT NULL,
  PRIMARY KEY (record, home, id)
) WITHOUT ROWID;
CREATE INDEX task_due ON task (due, record, id, role, area, assignee, kind) WHERE running = 1 AND voided = 0;
CREATE INDEX task_assignee ON task (assignee, record) WHERE assignee <> '';

CREATE TABLE link (
  to_id TEXT NOT NULL, role TEXT NOT NULL, home INTEGER NOT NULL, record TEXT NOT NULL, to_home INTEGER NOT NULL,
  PRIMARY KEY (to_id, role, home, record)
) WITHOUT ROWID;

-- The key is the order drill-down lists rows in.
CREATE TABLE contribution (
  indicator TEXT NOT NULL, version INTEGER NOT NULL, day TEXT NOT NULL, home INTEGER NOT NULL, record TEXT NOT NULL,
  n INTEGER NOT NULL, pos_from INTEGER NOT NULL,
  key TEXT NOT NULL, area TEXT NOT NULL, zones TEXT NOT NULL, until TEXT NOT NULL,
  num INTEGER NOT NULL, den INTEGER NOT NULL, pos_to INTEGER NOT NULL,
  PRIMARY KEY (indicator, version, day, record, home, n, pos_from)
) WITHOUT ROWID;
CREATE INDEX contribution_until ON contribution (indicator, version, until) WHERE pos_to = 0 AND until <> '' AND until < '9999-12-31';

-- level 6 = county, 9 = town: a county query reads months, not villages.
CREATE TABLE rollup (
  indicator TEXT NOT NULL, version INTEGER NOT NULL, level INTEGER NOT NULL, area TEXT NOT NULL, month TEXT NOT NULL, home INTEGER NOT NULL,
  num INTEGER NOT NULL, den INTEGER NOT NULL, cnt INTEGER NOT NULL,
  num_out INTEGER NOT NULL, den_out INTEGER NOT NULL, cnt_out INTEGER NOT NULL,
  PRIMARY KEY (indicator, version, level, area, month, home)
) WITHOUT ROWID;

CREATE TABLE claim (
  kind TEXT NOT NULL, value TEXT NOT NULL, home INTEGER NOT NULL, owner TEXT NOT NULL,
  PRIMARY KEY (kind, value)
) WITHOUT ROWID;

CREATE TABLE blind (
  home INTEGER NOT NULL, record TEXT NOT NULL, field TEXT NOT NULL, hash TEXT NOT NULL,
  PRIMARY KEY (record, home, field, hash)
) WITHOUT ROWID;
-- Hashes lie anywhere: each would renew a page of an ordinary index. A text
-- index gathers them; its rows are the records' row numbers.
CREATE VIRTUAL TABLE blind_hash USING fts5(hashes, content='', contentless_delete=1, detail=none, tokenize='ascii');

CREATE TABLE counter (
  home INTEGER NOT NULL, organ TEXT NOT NULL, kind TEXT NOT NULL, year INTEGER NOT NULL, n INTEGER NOT NULL,
  PRIMARY KEY (home, organ, kind, year)
) WITHOUT ROWID;

CREATE TABLE receipt (
  home INTEGER NOT NULL, ikey TEXT NOT NULL, hash TEXT NOT NULL, record TEXT NOT NULL, pos INTEGER NOT NULL,
  PRIMARY KEY (ikey, home)
) WITHOUT ROWID;
