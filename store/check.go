package store

import (
	"context"
	"fmt"
)

// CheckRollups makes the running totals again from the rows and reports up to
// max differences: rollup against contributions, tally against records.
func (r Reader) CheckRollups(ctx context.Context, max int) (found []string, err error) {
	err = r.View(ctx, func(q Querier) error {
		want := rollups{}
		if err := recount(ctx, q, want); err != nil {
			return err
		}
		if found, err = checkRollup(ctx, q, want, max); err != nil || len(found) >= max {
			return err
		}
		more, err := checkTally(ctx, q, max-len(found))
		found = append(found, more...)
		return err
	})
	return found, err
}

// recount adds the contributions in force up, level by level, as they begin and
// as they end.
func recount(ctx context.Context, q Querier, want rollups) error {
	for _, level := range levels {
		for _, day := range []string{"day", "until"} {
			sql := fmt.Sprintf("SELECT indicator, version, substr(area, 1, %d), substr(%s, 1, 7), home, sum(num), sum(den), count(*) FROM contribution WHERE pos_to = 0", level, day)
			if level > levels[0] {
				sql += fmt.Sprintf(" AND length(area) > %d", levels[0])
			}
			if day == "until" {
				sql += " AND until <> '' AND until < '9999-12-31'"
			}
			rows, err := q.Query(ctx, sql+" GROUP BY 1, 2, 3, 4, 5")
			if _, err = all(rows, err, func(rows Rows) (int, error) { return 0, addRecount(rows, want, level, day == "until") }); err != nil {
				return err
			}
		}
	}
	return nil
}

func addRecount(rows Rows, want rollups, level int, out bool) error {
	k := rollupKey{level: level}
	var num, den, cnt int64
	if err := rows.Scan(&k.indicator, &k.version, &k.area, &k.month, &k.home, &num, &den, &cnt); err != nil {
		return err
	}
	s := want.at(k)
	if out {
		s.numOut, s.denOut, s.cntOut = s.numOut+num, s.denOut+den, s.cntOut+cnt
	} else {
		s.num, s.den, s.cnt = s.num+num, s.den+den, s.cnt+cnt
	}
	return nil
}

func checkRollup(ctx context.Context, q Querier, want rollups, max int) (found []string, err error) {
	rows, err := q.Query(ctx, "SELECT "+RollupTable.List()+" FROM rollup")
	_, err = all(rows, err, func(rows Rows) (struct{}, error) {
		var k rollupKey
		var has, should rollupSums
		err := rows.Scan(&k.indicator, &k.version, &k.level, &k.area, &k.month, &k.home, &has.num, &has.den, &has.cnt, &has.numOut, &has.denOut, &has.cntOut)
		if w := want[k]; w != nil {
			should = *w
			delete(want, k)
		}
		if has != should && len(found) < max {
			found = append(found, fmt.Sprintf("rollup %+v: has %+v, rows give %+v", k, has, should))
		}
		return struct{}{}, err
	})
	for _, l := range want.sorted() {
		if len(found) < max {
			found = append(found, fmt.Sprintf("rollup %+v: missing, rows give %+v", l.rollupKey, *l.rollupSums))
		}
	}
	return found, err
}

func checkTally(ctx context.Context, q Querier, max int) ([]string, error) {
	var counted string
	longer := -1 // than the level above
	for _, level := range tallyLevels {
		counted += fmt.Sprintf("SELECT kind, voided, %d AS level, state, substr(area, 1, %d) AS area, home, count(*) AS n FROM record WHERE length(area) > %d GROUP BY 1, 2, 3, 4, 5, 6 UNION ALL ", level, level, longer)
		longer = level
	}
	sql := "SELECT kind, voided, level, state, area, home, sum(n) FROM (" + counted + "SELECT kind, voided, level, state, area, home, -cnt FROM tally) x" +
		" GROUP BY 1, 2, 3, 4, 5, 6 HAVING sum(n) <> 0 ORDER BY 1, 2, 3, 4, 5, 6 LIMIT ?"
	rows, err := q.Query(ctx, sql, max)
	return all(rows, err, func(rows Rows) (string, error) {
		var kind, state, area string
		var voided, level, home int
		var n int64
		err := rows.Scan(&kind, &voided, &level, &state, &area, &home, &n)
		return fmt.Sprintf("tally %s %s %s voided=%d level=%d home=%d: off by %d", kind, state, area, voided, level, home, n), err
	})
}
