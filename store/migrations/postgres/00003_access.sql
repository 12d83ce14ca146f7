-- +goose Up
-- How people prove who they are. None of it is a business fact; passwords,
-- passkeys and identities go into a backup, sessions and tickets do not.

-- token is the SHA-256 of what the cookie holds.
CREATE TABLE session (
  token text COLLATE "C" PRIMARY KEY, person text COLLATE "C" NOT NULL, method text COLLATE "C" NOT NULL, strong integer NOT NULL,
  made bigint NOT NULL, seen bigint NOT NULL, until bigint NOT NULL, agent text COLLATE "C" NOT NULL, network text COLLATE "C" NOT NULL
);
CREATE INDEX session_person ON session (person);
CREATE INDEX session_until ON session (until);

CREATE TABLE password (
  person text COLLATE "C" PRIMARY KEY, hash text COLLATE "C" NOT NULL, kind text COLLATE "C" NOT NULL, made bigint NOT NULL
);

CREATE TABLE passkey (
  id text COLLATE "C" PRIMARY KEY, person text COLLATE "C" NOT NULL, name text COLLATE "C" NOT NULL, doc text COLLATE "C" NOT NULL, made bigint NOT NULL, used bigint NOT NULL
);
CREATE INDEX passkey_person ON passkey (person);

-- Who an outside identity provider says somebody is.
CREATE TABLE identity (
  provider text COLLATE "C" NOT NULL, subject text COLLATE "C" NOT NULL, person text COLLATE "C" NOT NULL, made bigint NOT NULL,
  PRIMARY KEY (provider, subject)
);
CREATE INDEX identity_person ON identity (person);

-- Links that work once: the first administrators, a first or a new password.
CREATE TABLE ticket (
  hash text COLLATE "C" PRIMARY KEY, purpose text COLLATE "C" NOT NULL, person text COLLATE "C" NOT NULL, made_by text COLLATE "C" NOT NULL, made bigint NOT NULL, until bigint NOT NULL
);
CREATE INDEX ticket_person ON ticket (person, purpose);
