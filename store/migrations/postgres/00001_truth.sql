-- +goose Up
-- What is kept for ever: events and what a release pins. Everything in
-- 00002 can be made again from here.

-- Text is compared by bytes (COLLATE "C"), so that order and prefix ranges are
-- the same on both engines and do not depend on how the database was made.
CREATE TABLE event (
  home integer NOT NULL, pos bigint NOT NULL,
  id text COLLATE "C" NOT NULL, record text COLLATE "C" NOT NULL, kind text COLLATE "C" NOT NULL, type text COLLATE "C" NOT NULL, action text COLLATE "C" NOT NULL,
  on_date text COLLATE "C" NOT NULL, at bigint NOT NULL, -- unix nanoseconds
  actor text COLLATE "C" NOT NULL, role text COLLATE "C" NOT NULL, organ text COLLATE "C" NOT NULL,
  ikey text COLLATE "C" NOT NULL, hash text COLLATE "C" NOT NULL, batch text COLLATE "C" NOT NULL, cause text COLLATE "C" NOT NULL,
  late integer NOT NULL, opening integer NOT NULL, schema integer NOT NULL,
  reason text COLLATE "C" NOT NULL, approver text COLLATE "C" NOT NULL, changes json NOT NULL,
  PRIMARY KEY (home, pos)
);
CREATE INDEX event_record ON event (record, type, on_date);
CREATE INDEX event_late ON event (on_date, record) WHERE late <> 0;

CREATE TABLE outbox (
  home integer NOT NULL, pos bigint NOT NULL, n integer NOT NULL,
  state text COLLATE "C" NOT NULL, tries integer NOT NULL, next bigint NOT NULL, error text COLLATE "C" NOT NULL,
  event text COLLATE "C" NOT NULL, type text COLLATE "C" NOT NULL, record text COLLATE "C" NOT NULL, on_date text COLLATE "C" NOT NULL, doc json NOT NULL,
  PRIMARY KEY (home, pos, n)
);
CREATE INDEX outbox_open ON outbox (state, home, pos, n, next) WHERE state <> 'done';

-- Pinned catalogue content: a used version never changes.
CREATE TABLE definition (
  kind text COLLATE "C" NOT NULL, name text COLLATE "C" NOT NULL, version integer NOT NULL, hash text COLLATE "C" NOT NULL, content text COLLATE "C" NOT NULL,
  PRIMARY KEY (kind, name, version)
);
-- Published reports with the log positions they stand for.
CREATE TABLE frozen (
  home integer NOT NULL, id text COLLATE "C" NOT NULL, name text COLLATE "C" NOT NULL, at bigint NOT NULL, hash text COLLATE "C" NOT NULL, content text COLLATE "C" NOT NULL,
  PRIMARY KEY (home, id)
);
-- Who looked at what; append-only, its own stream.
CREATE TABLE access_log (
  n bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, at bigint NOT NULL,
  actor text COLLATE "C" NOT NULL, role text COLLATE "C" NOT NULL, action text COLLATE "C" NOT NULL, target text COLLATE "C" NOT NULL, detail text COLLATE "C" NOT NULL
);
-- Persons whose data were destroyed; replayed after a restore.
CREATE TABLE erased (
  home integer NOT NULL, record text COLLATE "C" NOT NULL, event text COLLATE "C" NOT NULL, on_date text COLLATE "C" NOT NULL,
  PRIMARY KEY (home, record)
);
CREATE TABLE meta (name text COLLATE "C" PRIMARY KEY, value text COLLATE "C" NOT NULL);
CREATE TABLE lease (name text COLLATE "C" PRIMARY KEY, owner text COLLATE "C" NOT NULL, expires bigint NOT NULL);
