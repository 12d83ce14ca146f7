package store

import (
	"context"
	"strconv"
	"strings"

	"github.com/dinghai/dinghai/domain"
)

// Rows lists the rows behind Sum in (day, record, home, n) order. next is the
// cursor of the following page, "" after the last.
func (r Reader) Rows(ctx context.Context, s domain.Slice, after string, limit int) (list []domain.SliceRow, next string, err error) {
	limit = limitOf(limit)
	var b build
	b.add("SELECT " + contributionColumns + ", coalesce(r.kind, ''), coalesce(r.state, ''), coalesce(r.number, ''), coalesce(r.title, '')," +
		" coalesce(r.of_home, 0), coalesce(r.of_id, '') FROM (")
	r.slice(&b, &s)
	if day, record, home, n, pos, ok := parseRowCursor(after); ok {
		b.add(" AND (c.day, c.record, c.home, c.n, c.pos_from) > (?, ?, ?, ?, ?)", day, record, home, n, pos)
	}
	b.add(" ORDER BY c.day, c.record, c.home, c.n, c.pos_from LIMIT ?", limit+1)
	b.add(") c LEFT JOIN record r ON r.home = c.home AND r.id = c.record ORDER BY c.day, c.record, c.home, c.n, c.pos_from")
	list, err = read(ctx, r, scanSliceRow, b.sql.String(), b.args...)
	if len(list) > limit {
		list = list[:limit]
		next = rowCursor(&list[limit-1].Contribution)
	}
	return list, next, err
}

// Keys lists the keys of the rows behind Sum, each once.
func (r Reader) Keys(ctx context.Context, s domain.Slice) ([]string, error) {
	var b build
	b.add("SELECT DISTINCT c.key FROM (")
	r.slice(&b, &s)
	b.add(") c ORDER BY c.key")
	return read(ctx, r, scanText, b.sql.String(), b.args...)
}

func scanText(rows Rows) (s string, err error) {
	err = rows.Scan(&s)
	return s, err
}

func rowCursor(c *domain.Contribution) string {
	return strings.Join([]string{string(c.Day), c.Record, strconv.Itoa(c.Home), strconv.Itoa(c.N), strconv.FormatInt(c.PosFrom, 10)}, "~")
}

func parseRowCursor(s string) (day, record string, home, n, pos int64, ok bool) {
	part := strings.Split(s, "~")
	if len(part) != 5 {
		return
	}
	var err [3]error
	home, err[0] = strconv.ParseInt(part[2], 10, 64)
	n, err[1] = strconv.ParseInt(part[3], 10, 64)
	pos, err[2] = strconv.ParseInt(part[4], 10, 64)
	return part[0], part[1], home, n, pos, err == [3]error{}
}

func scanSliceRow(rows Rows) (domain.SliceRow, error) {
	var s domain.SliceRow
	dest, done := contributionDest(&s.Contribution)
	dest = append(dest, &s.Kind, &s.State, &s.Number, &s.Title, &s.Of.Home, &s.Of.ID)
	err := rows.Scan(dest...)
	done()
	return s, err
}

// contributionDest is where the contributionColumns go; done sets what cannot
// be scanned into.
func contributionDest(c *domain.Contribution) (dest []any, done func()) {
	var day, until, zones string
	dest = []any{&c.Indicator, &c.Version, &day, &c.Home, &c.Record, &c.N, &c.PosFrom, &c.Key, &c.Area, &zones, &until, &c.Num, &c.Den, &c.PosTo}
	return dest, func() {
		c.Day, c.Until, c.Zones = domain.Date(day), domain.Date(until), zonesOf(zones)
	}
}

// likeText escapes what LIKE would read as a pattern; the escape is "!".
func likeText(s string) string {
	return strings.NewReplacer("!", "!!", "%", "!%", "_", "!_").Replace(s)
}

// LikeText is likeText for the engines.
func LikeText(s string) string { return likeText(s) }

// After is the first string behind all strings that begin with prefix.
func After(prefix string) string { return after(prefix) }

// KindName reports whether a name can be a kind's: field names joined by dots.
func KindName(name string) bool {
	for part := range strings.SplitSeq(name, ".") {
		if !FieldName(part) {
			return false
		}
	}
	return true
}
