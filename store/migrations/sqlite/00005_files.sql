-- +goose Up
-- Files on their way in, until a record has them. Values that open them are
-- encrypted by the application.
CREATE TABLE upload (
  id TEXT NOT NULL PRIMARY KEY, person TEXT NOT NULL, at INTEGER NOT NULL, name TEXT NOT NULL, size INTEGER NOT NULL,
  sum TEXT NOT NULL, file TEXT NOT NULL, value TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX upload_person ON upload (person, at);
CREATE INDEX upload_at ON upload (at);
CREATE INDEX upload_file ON upload (file);
