-- +goose Up
-- Keys that begin with what grows: see 00002. A new database has them already,
-- and nothing to sort.
ALTER TABLE record DROP CONSTRAINT record_pkey, ADD PRIMARY KEY (id, home);
ALTER TABLE clock DROP CONSTRAINT clock_pkey, ADD PRIMARY KEY (record, home, id);
ALTER TABLE task DROP CONSTRAINT task_pkey, ADD PRIMARY KEY (record, home, id);
ALTER TABLE contribution DROP CONSTRAINT contribution_pkey, ADD PRIMARY KEY (indicator, version, day, record, home, n, pos_from);
ALTER TABLE blind DROP CONSTRAINT blind_pkey, ADD PRIMARY KEY (record, home, field, hash);
ALTER TABLE receipt DROP CONSTRAINT receipt_pkey, ADD PRIMARY KEY (ikey, home);

-- Cases are found by the initials of their subjects.
UPDATE record SET initials = '' WHERE class <> 'subject' AND initials <> '';
