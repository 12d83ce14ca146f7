package store

import (
	"context"
	"sort"
	"strings"

	"github.com/dinghai/dinghai/domain"
)

const listColumns = "r.home, r.id, r.kind, r.class, r.state, r.number, r.title, r.code, r.area, r.organ, r.of_home, r.of_id, r.opened, r.closed, r.due, r.voided"

func scanListRow(rows Rows) (domain.ListRow, error) {
	var l domain.ListRow
	dest, done := listDest(&l)
	if err := rows.Scan(dest...); err != nil {
		return l, err
	}
	done()
	return l, nil
}

// listDest is where the listColumns go; done sets what cannot be scanned into.
func listDest(l *domain.ListRow) (dest []any, done func()) {
	var opened, closed, due string
	var voided int
	dest = []any{&l.Home, &l.ID, &l.Kind, &l.Class, &l.State, &l.Number, &l.Title, &l.Code, &l.Area, &l.Organ, &l.Of.Home, &l.Of.ID,
		&opened, &closed, &due, &voided}
	return dest, func() {
		l.Opened, l.Closed, l.Due, l.Voided = domain.Date(opened), domain.Date(closed), domain.Date(due), voided == 1
	}
}

// List gives one page of records, newest first, with the true total.
func (r Reader) List(ctx context.Context, q domain.ListQuery) (page domain.ListPage, err error) {
	limit := limitOf(q.Limit)
	q.Scope, q.Area = q.Scope.Narrow(q.Kind, q.Area)
	err = r.View(ctx, func(db Querier) error {
		if page.Total, err = r.count(ctx, db, &q); err != nil || page.Total == 0 {
			return err
		}
		b := &build{}
		if p := takeApart(&q); p != nil && len(p.areas) == 0 {
			own := p.ownOnly(r, &q) // there are some, the total says
			b.add("SELECT "+listColumns+own.sql.String(), own.args...)
		} else {
			b.add("SELECT " + listColumns + " FROM record r WHERE ")
			r.where(b, &q)
		}
		column, op, dir := order(&q)
		if at := strings.LastIndexByte(q.After, '~'); at >= 0 {
			b.add(" AND ("+column+", r.id) "+op+" (?, ?)", q.After[:at], q.After[at+1:])
		}
		b.add(" ORDER BY "+column+dir+", r.id"+dir+" LIMIT ?", limit+1)
		rows, err := b.run(ctx, db)
		page.Rows, err = all(rows, err, scanListRow)
		return err
	})
	if len(page.Rows) > limit {
		page.Rows = page.Rows[:limit]
		last := page.Rows[limit-1]
		page.Next = map[string]string{"due": string(last.Due), "number": last.Number, "": string(last.Opened)}[sortOf(&q)] + "~" + last.ID
	}
	return page, err
}

func sortOf(q *domain.ListQuery) string {
	if q.Sort == "due" || q.Sort == "number" {
		return q.Sort
	}
	return ""
}

// order is the column a list is sorted by, and the sign and direction that go
// on from a row.
func order(q *domain.ListQuery) (column, op, dir string) {
	switch sortOf(q) {
	case "due":
		return "r.due", ">", ""
	case "number":
		column = "r.number"
	default:
		column = "r.opened"
	}
	if q.Asc {
		return column, ">", ""
	}
	return column, "<", " DESC"
}

// Count is the total of List.
func (r Reader) Count(ctx context.Context, q domain.ListQuery) (n int, err error) {
	q.Scope, q.Area = q.Scope.Narrow(q.Kind, q.Area)
	err = r.View(ctx, func(db Querier) error {
		n, err = r.count(ctx, db, &q)
		return err
	})
	return n, err
}

func (r Reader) count(ctx context.Context, db Querier, q *domain.ListQuery) (n int, err error) {
	if p := takeApart(q); p != nil {
		return p.count(ctx, r, db, q)
	}
	var b build
	if tallied(q) {
		b.add("SELECT coalesce(sum(r.cnt), 0) FROM tally r WHERE r.level = ? AND ", levelOf(q.Area, tallyLevels))
	} else {
		b.add("SELECT count(*) FROM record r WHERE ")
	}
	r.where(&b, q)
	rows, err := b.run(ctx, db)
	_, err = one(rows, err, &n)
	return n, err
}

// tallied reports whether the running totals answer a query: they know kind,
// class, state and area down to the village.
func tallied(q *domain.ListQuery) bool {
	return q.Scope == nil && q.Of.Zero() && q.Text == "" && len(q.Fields) == 0 && len(q.Spans) == 0 && q.DueTo == "" && q.Sort != "due" && q.From == "" && q.To == "" && levelOf(q.Area, tallyLevels) > 0
}

// where adds the conditions of a list; r is the record, or the tally where it
// has all the columns asked for.
func (r Reader) where(b *build, q *domain.ListQuery) {
	b.add("1 = 1")
	if q.Kind != "" {
		b.add(" AND r.kind = ?", q.Kind)
	}
	if q.Class != "" {
		b.add(" AND r.class = ?", q.Class)
	}
	if len(q.States) > 0 {
		b.add(" AND r.state IN (" + marks(len(q.States)) + ")")
		for _, s := range q.States {
			b.args = append(b.args, s)
		}
	}
	within(b, "r.area", q.Area)
	seen(b, "r", "id", q.Scope)
	if !q.Voided {
		b.add(" AND r.voided = 0")
	}
	if !q.Of.Zero() {
		b.add(" AND r.of_id = ? AND r.id IN (SELECT record FROM link WHERE to_id = ? AND role = 'of')", q.Of.ID, q.Of.ID)
	}
	if q.From != "" {
		b.add(" AND r.opened >= ?", string(q.From))
	}
	if q.To != "" {
		b.add(" AND r.opened <= ?", string(q.To))
	}
	if q.Sort == "due" || q.DueTo != "" {
		b.add(" AND r.due <> ''")
	}
	if q.DueTo != "" {
		b.add(" AND r.due <= ?", string(q.DueTo))
	}
	r.whereFields(b, q)
	r.whereSpans(b, q)
	if q.Text != "" {
		cond, args := r.Match(q.Text)
		b.add(" AND ("+cond+")", args...)
	}
}

func (r Reader) whereFields(b *build, q *domain.ListQuery) {
	names := make([]string, 0, len(q.Fields))
	for name := range q.Fields {
		names = append(names, name)
	}
	sort.Strings(names) // the same query text every time
	for _, name := range names {
		if !FieldName(name) {
			b.add(" AND 1 = 0") // no record has a field of such a name
			continue
		}
		b.add(" AND "+r.Field(name)+" = ?", q.Fields[name])
	}
}

func (r Reader) whereSpans(b *build, q *domain.ListQuery) {
	for _, s := range q.Spans {
		if !FieldName(s.Field) {
			b.add(" AND 1 = 0")
			continue
		}
		if s.From != "" {
			b.add(" AND "+r.Field(s.Field)+" >= ?", string(s.From))
		}
		if s.To != "" {
			b.add(" AND "+r.Field(s.Field)+" <= ?", string(s.To))
		}
	}
}

// FieldName reports whether a name can be a field's: letters, digits, _.
func FieldName(name string) bool {
	for _, c := range name {
		if c != '_' && (c < '0' || c > '9') && (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') {
			return false
		}
	}
	return name != ""
}
