package store

import (
	"context"
	"strings"

	"github.com/dinghai/dinghai/domain"
)

// Tasks lists open tasks, earliest due first, with the true total. The cursor
// is the last row's domain.TaskRow.Cursor.
func (r Reader) Tasks(ctx context.Context, q domain.TaskQuery) (list []domain.TaskRow, total int, err error) {
	var w build
	q.Scope, q.Area = q.Scope.Narrow(q.Kind, q.Area)
	taskWhere(&w, &q)
	err = r.View(ctx, func(db Querier) error {
		rows, err := db.Query(ctx, "SELECT count(*) FROM task t WHERE "+w.sql.String(), w.args...)
		if _, err = one(rows, err, &total); err != nil || total == 0 {
			return err
		}
		if part := strings.SplitN(q.After, "~", 3); len(part) == 3 {
			w.add(" AND (t.due, t.record, t.id) > (?, ?, ?)", part[0], part[1], part[2])
		}
		w.add(" ORDER BY t.due, t.record, t.id LIMIT ?", limitOf(q.Limit))
		rows, err = db.Query(ctx, "SELECT home, record, kind, area, organ, voided, doc FROM task t WHERE "+w.sql.String(), w.args...)
		list, err = all(rows, err, scanTask)
		return err
	})
	return list, total, err
}

func taskWhere(b *build, q *domain.TaskQuery) {
	b.add("t.running = 1 AND t.voided = 0")
	if len(q.Roles) > 0 {
		b.add(" AND t.role IN (" + marks(len(q.Roles)) + ")")
		for _, role := range q.Roles {
			b.args = append(b.args, role)
		}
	}
	mayTake(b, q.May)
	within(b, "t.area", q.Area)
	if q.Free {
		b.add(" AND t.assignee = ''")
	}
	if len(q.Assignees) > 0 {
		b.add(" AND t.assignee IN (" + marks(len(q.Assignees)) + ")")
		for _, a := range q.Assignees {
			b.args = append(b.args, a)
		}
	}
	seen(b, "t", "record", q.Scope)
	if q.Kind != "" {
		b.add(" AND t.kind = ?", q.Kind)
	}
	if q.DueTo != "" {
		b.add(" AND t.due <= ?", string(q.DueTo))
	}
}

// mayTake keeps the tasks one of the grants is for.
func mayTake(b *build, grants []domain.Grant) {
	if len(grants) == 0 {
		return
	}
	b.add(" AND (1 = 0")
	for _, g := range grants {
		b.add(" OR (t.role = ?", g.Role)
		within(b, "t.area", g.Area)
		b.add(")")
	}
	b.add(")")
}

// Clocks lists running clocks by due date with the true total. The cursor is
// the last row's domain.ClockRow.Cursor.
func (r Reader) Clocks(ctx context.Context, q domain.ClockQuery) (list []domain.ClockRow, total int, err error) {
	w := clockWhere(&q)
	err = r.View(ctx, func(db Querier) error {
		rows, err := db.Query(ctx, "SELECT count(*) FROM clock t WHERE "+w.sql.String(), w.args...)
		if _, err = one(rows, err, &total); err != nil || total == 0 {
			return err
		}
		if part := strings.SplitN(q.After, "~", 3); len(part) == 3 {
			w.add(" AND (t.due, t.record, t.id) > (?, ?, ?)", part[0], part[1], part[2])
		}
		w.add(" ORDER BY t.due, t.record, t.id LIMIT ?", limitOf(q.Limit))
		rows, err = db.Query(ctx, "SELECT home, record, kind, area, organ, voided, doc FROM clock t WHERE "+w.sql.String(), w.args...)
		list, err = all(rows, err, scanClock)
		return err
	})
	return list, total, err
}

// ClockDays counts running clocks by their due date.
func (r Reader) ClockDays(ctx context.Context, q domain.ClockQuery) ([]domain.DayCount, error) {
	w := clockWhere(&q)
	return read(ctx, r, func(rows Rows) (d domain.DayCount, err error) {
		var day string
		err = rows.Scan(&day, &d.Count)
		d.Day = domain.Date(day)
		return d, err
	}, "SELECT t.due, count(*) FROM clock t WHERE "+w.sql.String()+" GROUP BY t.due ORDER BY t.due", w.args...)
}

func clockWhere(q *domain.ClockQuery) *build {
	b := &build{}
	q.Scope, q.Area = q.Scope.Narrow(q.Kind, q.Area)
	b.add("t.running = 1 AND t.voided = 0 AND t.due <> ''")
	if q.From != "" {
		b.add(" AND t.due >= ?", string(q.From))
	}
	if q.To != "" {
		b.add(" AND t.due <= ?", string(q.To))
	}
	if q.Kind != "" {
		b.add(" AND t.kind = ?", q.Kind)
	}
	if q.Code != "" {
		b.add(" AND t.code = ?", q.Code)
	}
	within(b, "t.area", q.Area)
	seen(b, "t", "record", q.Scope)
	return b
}
