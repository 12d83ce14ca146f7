-- +goose Up
-- What people have under way; no business facts. Bodies of drafts are
-- encrypted by the application.
CREATE TABLE draft (
  person TEXT NOT NULL, name TEXT NOT NULL, at INTEGER NOT NULL, body TEXT NOT NULL,
  PRIMARY KEY (person, name)
) WITHOUT ROWID;
CREATE INDEX draft_at ON draft (at);

-- A person's own filters and columns of lists.
CREATE TABLE saved (
  person TEXT NOT NULL, page TEXT NOT NULL, name TEXT NOT NULL, query TEXT NOT NULL, at INTEGER NOT NULL,
  PRIMARY KEY (person, page, name)
) WITHOUT ROWID;
