-- +goose Up
-- What was told to whom, by which channel, and what became of it; delivery,
-- not decision. No address is kept: a target names the sealed field that
-- holds it, and the channel gets it when it sends.
CREATE TABLE notice (
  id TEXT NOT NULL PRIMARY KEY, at BIGINT NOT NULL, person TEXT NOT NULL, channel TEXT NOT NULL, target TEXT NOT NULL,
  record TEXT NOT NULL, topic TEXT NOT NULL, zh TEXT NOT NULL, en TEXT NOT NULL, urgent INTEGER NOT NULL,
  state TEXT NOT NULL, tries INTEGER NOT NULL, next BIGINT NOT NULL, error TEXT NOT NULL, done BIGINT NOT NULL
);
CREATE INDEX notice_person ON notice (person, channel, state, at);
CREATE INDEX notice_next ON notice (state, next);
CREATE INDEX notice_at ON notice (at, id);

-- Numbers and addresses that do not answer, as keyed hashes.
CREATE TABLE dead_address (
  hash TEXT NOT NULL PRIMARY KEY, channel TEXT NOT NULL, shown TEXT NOT NULL, why TEXT NOT NULL, at BIGINT NOT NULL, record TEXT NOT NULL
);

-- Which channels a person wants for which topic.
CREATE TABLE preference (
  person TEXT NOT NULL, name TEXT NOT NULL, value TEXT NOT NULL,
  PRIMARY KEY (person, name)
);
