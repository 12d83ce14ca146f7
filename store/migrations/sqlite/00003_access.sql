-- +goose Up
-- How people prove who they are. None of it is a business fact; passwords,
-- passkeys and identities go into a backup, sessions and tickets do not.

-- token is the SHA-256 of what the cookie holds.
CREATE TABLE session (
  token TEXT PRIMARY KEY, person TEXT NOT NULL, method TEXT NOT NULL, strong INTEGER NOT NULL,
  made INTEGER NOT NULL, seen INTEGER NOT NULL, until INTEGER NOT NULL, agent TEXT NOT NULL, network TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX session_person ON session (person);
CREATE INDEX session_until ON session (until);

CREATE TABLE password (
  person TEXT PRIMARY KEY, hash TEXT NOT NULL, kind TEXT NOT NULL, made INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE passkey (
  id TEXT PRIMARY KEY, person TEXT NOT NULL, name TEXT NOT NULL, doc TEXT NOT NULL, made INTEGER NOT NULL, used INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX passkey_person ON passkey (person);

-- Who an outside identity provider says somebody is.
CREATE TABLE identity (
  provider TEXT NOT NULL, subject TEXT NOT NULL, person TEXT NOT NULL, made INTEGER NOT NULL,
  PRIMARY KEY (provider, subject)
) WITHOUT ROWID;
CREATE INDEX identity_person ON identity (person);

-- Links that work once: the first administrators, a first or a new password.
CREATE TABLE ticket (
  hash TEXT PRIMARY KEY, purpose TEXT NOT NULL, person TEXT NOT NULL, made_by TEXT NOT NULL, made INTEGER NOT NULL, until INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX ticket_person ON ticket (person, purpose);
