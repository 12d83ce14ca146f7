-- +goose Up
-- A list of one state reads the records of that state alone, newest first.
CREATE INDEX IF NOT EXISTS record_state ON record (kind, state, opened, id, area, voided);
