-- +goose Up
-- Lists are counted for villages too. A database without records has nothing to
-- count yet.
INSERT INTO tally (kind, voided, level, state, area, home, class, cnt)
SELECT kind, voided, 12, state, substr(area, 1, 12), home, min(class), count(*)
FROM record WHERE length(area) > 9 GROUP BY kind, voided, state, substr(area, 1, 12), home;
