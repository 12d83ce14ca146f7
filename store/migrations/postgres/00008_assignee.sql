-- +goose Up
-- The records a person has or had tasks on: his or her own, wherever they lie.
CREATE INDEX IF NOT EXISTS task_assignee ON task (assignee, record) WHERE assignee <> '';
