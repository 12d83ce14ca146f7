-- +goose Up
-- Projections. Keys begin with what grows (a record's id, a day), not with the
-- home: new rows of all homes then lie together at the end. A rebuild makes this file's tables a second time in the schema
-- "shadow" and then moves them, so no statement here may name a schema.

CREATE TABLE head (home integer PRIMARY KEY, pos bigint NOT NULL);

-- tokens are the words of text as made in Go, the same as on SQLite.
CREATE TABLE record (
  home integer NOT NULL, id text COLLATE "C" NOT NULL, kind text COLLATE "C" NOT NULL, class text COLLATE "C" NOT NULL, state text COLLATE "C" NOT NULL,
  area text COLLATE "C" NOT NULL, organ text COLLATE "C" NOT NULL, number text COLLATE "C" NOT NULL, code text COLLATE "C" NOT NULL, initials text COLLATE "C" NOT NULL,
  title text COLLATE "C" NOT NULL, text text COLLATE "C" NOT NULL, of_home integer NOT NULL, of_id text COLLATE "C" NOT NULL,
  opened text COLLATE "C" NOT NULL, closed text COLLATE "C" NOT NULL, due text COLLATE "C" NOT NULL, voided integer NOT NULL,
  seq integer NOT NULL, pos bigint NOT NULL, doc json NOT NULL, tokens text[] NOT NULL,
  PRIMARY KEY (id, home)
);
CREATE INDEX record_list ON record (kind, opened, id, state, area, voided);
CREATE INDEX record_state ON record (kind, state, opened, id, area, voided);
CREATE INDEX record_due ON record (kind, due, id) WHERE due <> '' AND voided = 0;
CREATE INDEX record_code ON record (code, id) WHERE code <> '' AND voided = 0;
CREATE INDEX record_number ON record (number, id) WHERE number <> '' AND voided = 0;
CREATE INDEX record_initials ON record (initials, id) WHERE initials <> '' AND voided = 0;
CREATE INDEX record_tokens ON record USING gin (tokens);

-- How many records a list has, by county (level 6), town (9) and village (12).
CREATE TABLE tally (
  kind text COLLATE "C" NOT NULL, voided integer NOT NULL, level integer NOT NULL, state text COLLATE "C" NOT NULL, area text COLLATE "C" NOT NULL, home integer NOT NULL,
  class text COLLATE "C" NOT NULL, cnt bigint NOT NULL,
  PRIMARY KEY (kind, voided, level, state, area, home)
);

CREATE TABLE clock (
  home integer NOT NULL, record text COLLATE "C" NOT NULL, id text COLLATE "C" NOT NULL,
  kind text COLLATE "C" NOT NULL, area text COLLATE "C" NOT NULL, organ text COLLATE "C" NOT NULL, code text COLLATE "C" NOT NULL, due text COLLATE "C" NOT NULL,
  running integer NOT NULL, voided integer NOT NULL, doc json NOT NULL,
  PRIMARY KEY (record, home, id)
);
CREATE INDEX clock_due ON clock (due, home, record, id, code) WHERE running = 1 AND voided = 0;

CREATE TABLE task (
  home integer NOT NULL, record text COLLATE "C" NOT NULL, id text COLLATE "C" NOT NULL,
  kind text COLLATE "C" NOT NULL, area text COLLATE "C" NOT NULL, organ text COLLATE "C" NOT NULL, role text COLLATE "C" NOT NULL, assignee text COLLATE "C" NOT NULL, due text COLLATE "C" NOT NULL,
  running integer NOT NULL, voided integer NOT NULL, doc json NOT NULL,
  PRIMARY KEY (record, home, id)
);
CREATE INDEX task_due ON task (due, record, id, role, area, assignee, kind) WHERE running = 1 AND voided = 0;
CREATE INDEX task_assignee ON task (assignee, record) WHERE assignee <> '';

CREATE TABLE link (
  to_id text COLLATE "C" NOT NULL, role text COLLATE "C" NOT NULL, home integer NOT NULL, record text COLLATE "C" NOT NULL, to_home integer NOT NULL,
  PRIMARY KEY (to_id, role, home, record)
);

-- The key is the order drill-down lists rows in.
CREATE TABLE contribution (
  indicator text COLLATE "C" NOT NULL, version integer NOT NULL, day text COLLATE "C" NOT NULL, home integer NOT NULL, record text COLLATE "C" NOT NULL,
  n integer NOT NULL, pos_from bigint NOT NULL,
  key text COLLATE "C" NOT NULL, area text COLLATE "C" NOT NULL, zones text COLLATE "C" NOT NULL, until text COLLATE "C" NOT NULL,
  num bigint NOT NULL, den bigint NOT NULL, pos_to bigint NOT NULL,
  PRIMARY KEY (indicator, version, day, record, home, n, pos_from)
);
CREATE INDEX contribution_until ON contribution (indicator, version, until) WHERE pos_to = 0 AND until <> '' AND until < '9999-12-31';

-- level 6 = county, 9 = town: a county query reads months, not villages.
CREATE TABLE rollup (
  indicator text COLLATE "C" NOT NULL, version integer NOT NULL, level integer NOT NULL, area text COLLATE "C" NOT NULL, month text COLLATE "C" NOT NULL, home integer NOT NULL,
  num bigint NOT NULL, den bigint NOT NULL, cnt bigint NOT NULL,
  num_out bigint NOT NULL, den_out bigint NOT NULL, cnt_out bigint NOT NULL,
  PRIMARY KEY (indicator, version, level, area, month, home)
);

CREATE TABLE claim (
  kind text COLLATE "C" NOT NULL, value text COLLATE "C" NOT NULL, home integer NOT NULL, owner text COLLATE "C" NOT NULL,
  PRIMARY KEY (kind, value)
);

CREATE TABLE blind (
  home integer NOT NULL, record text COLLATE "C" NOT NULL, field text COLLATE "C" NOT NULL, hash text COLLATE "C" NOT NULL,
  PRIMARY KEY (record, home, field, hash)
);
CREATE INDEX blind_hash ON blind (hash, field);

CREATE TABLE counter (
  home integer NOT NULL, organ text COLLATE "C" NOT NULL, kind text COLLATE "C" NOT NULL, year integer NOT NULL, n integer NOT NULL,
  PRIMARY KEY (home, organ, kind, year)
);

CREATE TABLE receipt (
  home integer NOT NULL, ikey text COLLATE "C" NOT NULL, hash text COLLATE "C" NOT NULL, record text COLLATE "C" NOT NULL, pos bigint NOT NULL,
  PRIMARY KEY (ikey, home)
);
