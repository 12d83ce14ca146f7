package store

import (
	"context"
	"slices"

	"github.com/dinghai/dinghai/domain"
)

// Sum adds up the contribution rows of a slice. A sum or stock over an area
// reads the rollup for whole months and the rows only at the edges.
func (r Reader) Sum(ctx context.Context, s domain.Slice) (t domain.Total, err error) {
	err = r.View(ctx, func(db Querier) error {
		if rolled(&s) {
			t, err = sumRolled(ctx, db, &s)
		} else {
			t, err = r.sumRows(ctx, db, &s)
		}
		return err
	})
	return t, err
}

// rolled reports whether the rollup can answer.
func rolled(s *domain.Slice) bool {
	return (s.Mode == domain.ModeSum || s.Mode == domain.ModeStock) &&
		s.Zone == "" && s.At == nil && s.Keys == nil && levelOf(s.Area, levels) > 0
}

// edge is a range of days in an incomplete month.
type edge struct{ from, to domain.Date }

// span splits a period into whole months and edges. Months are written
// 2006-01; "" is open.
func span(from, to domain.Date) (first, last string, edges []edge) {
	if from != "" && to != "" && month(from) == month(to) && !whole(from, to) {
		return "9", "0", []edge{{from, to}} // no whole month
	}
	first, last = month(from), "9999-12"
	if from != "" && from != from.MonthStart() {
		edges = append(edges, edge{from, from.MonthEnd()})
		first = month(from.MonthEnd().AddDays(1))
	}
	if to != "" {
		last = month(to)
		if to != to.MonthEnd() {
			edges = append(edges, edge{to.MonthStart(), to})
			last = month(to.MonthStart().AddDays(-1))
		}
	}
	return first, last, edges
}

func whole(from, to domain.Date) bool { return from == from.MonthStart() && to == to.MonthEnd() }

func sumRolled(ctx context.Context, db Querier, s *domain.Slice) (t domain.Total, err error) {
	from := s.From
	if s.Mode == domain.ModeStock {
		from = ""
	}
	first, last, edges := span(from, s.To)
	var b build
	if s.Mode == domain.ModeStock {
		b.add("SELECT sum(num - num_out), sum(den - den_out), sum(cnt - cnt_out)")
	} else {
		b.add("SELECT sum(num), sum(den), sum(cnt)")
	}
	b.add(" FROM rollup r WHERE r.indicator = ? AND r.version = ? AND r.level = ?", s.Indicator, s.Version, levelOf(s.Area, levels))
	within(&b, "r.area", s.Area)
	b.add(" AND r.month >= ? AND r.month <= ?", first, last)
	if err := addTotal(ctx, db, &t, 1, &b); err != nil {
		return t, err
	}
	for _, e := range edges {
		if err := sumEdge(ctx, db, &t, s, "day", e, 1); err != nil {
			return t, err
		}
		if s.Mode == domain.ModeStock {
			if err := sumEdge(ctx, db, &t, s, "until", e, -1); err != nil {
				return t, err
			}
		}
	}
	return t, nil
}

// sumEdge adds the rows that begin (day) or end (until) within an edge.
func sumEdge(ctx context.Context, db Querier, t *domain.Total, s *domain.Slice, column string, e edge, sign int64) error {
	var b build
	b.add("SELECT sum(num), sum(den), count(*) FROM contribution c WHERE c.indicator = ? AND c.version = ? AND c.pos_to = 0", s.Indicator, s.Version)
	b.add(" AND c."+column+" >= ? AND c."+column+" <= ?", string(e.from), string(e.to))
	if column == "until" {
		b.add(" AND c.until <> '' AND c.until < '9999-12-31'") // names the index
	}
	within(&b, "c.area", s.Area)
	return addTotal(ctx, db, t, sign, &b)
}

func addTotal(ctx context.Context, db Querier, t *domain.Total, sign int64, b *build) error {
	var num, den, n *int64
	rows, err := b.run(ctx, db)
	if _, err = one(rows, err, &num, &den, &n); err != nil || num == nil {
		return err
	}
	t.Num += sign * *num
	t.Den += sign * *den
	t.Rows += int(sign * *n)
	return nil
}

// sumRows adds up without the rollup. Where all that is asked of a key is its
// group, the rows need not be ranked: Rows lists one a key all the same.
func (r Reader) sumRows(ctx context.Context, db Querier, s *domain.Slice) (t domain.Total, err error) {
	var b build
	switch s.Mode {
	case domain.ModeDistinct:
		b.add("SELECT count(DISTINCT c.key), 0, count(DISTINCT c.key) FROM contribution c WHERE ")
		r.rowsOf(&b, s, s.From, s.To, true)
	case domain.ModeEvery:
		b.add("SELECT coalesce(sum(CASE WHEN c.num = c.den THEN 1 ELSE 0 END), 0), count(*), count(*) FROM (" +
			"SELECT sum(c.num) AS num, sum(c.den) AS den FROM contribution c WHERE ")
		r.rowsOf(&b, s, s.From, s.To, true)
		b.add(" GROUP BY c.key) c")
	case domain.ModeFirst:
		b.add("SELECT count(*), 0, count(*) FROM (")
		r.slice(&b, s)
		b.add(") c")
	default:
		b.add("SELECT sum(c.num), sum(c.den), count(*) FROM (")
		r.slice(&b, s)
		b.add(") c")
	}
	return t, addTotal(ctx, db, &t, 1, &b)
}

// slice adds the query of the rows a total rests on, as Rows lists them: for
// the modes that count keys, one row a key.
func (r Reader) slice(b *build, s *domain.Slice) {
	const key = "PARTITION BY c.key"
	// Among rows of one day the record opened later is the later one: its id is
	// made of the time. Positions would not do: a correction renews them, and
	// they do not compare across homes.
	const place = "c.record, c.home, c.n"
	switch s.Mode {
	case domain.ModeDistinct:
		r.ranked(b, s, ", row_number() OVER ("+key+" ORDER BY c.day, "+place+") AS rn", s.From, s.To, true)
	case domain.ModeFirst:
		// The first row ever, wherever it was; only then period and area.
		r.ranked(b, s, ", row_number() OVER ("+key+" ORDER BY c.day, "+place+") AS rn", "", s.To, false)
		if s.From != "" {
			b.add(" AND c.day >= ?", string(s.From))
		}
		within(b, "c.area", s.Area)
		zone(b, s.Zone)
	case domain.ModeLatest:
		// A key that moved counts where its latest row is.
		r.ranked(b, s, ", row_number() OVER ("+key+" ORDER BY c.day DESC, c.record DESC, c.home, c.n DESC) AS rn", s.From, s.To, false)
		within(b, "c.area", s.Area)
		zone(b, s.Zone)
	case domain.ModeEvery:
		b.add("SELECT c.indicator, c.version, c.day, c.home, c.record, c.n, c.pos_from, c.key, c.area, c.zones, c.until, c.sum_num AS num, c.sum_den AS den, c.pos_to FROM (SELECT " +
			contributionColumns + ", sum(c.num) OVER (" + key + ") AS sum_num, sum(c.den) OVER (" + key + ") AS sum_den" +
			", row_number() OVER (" + key + " ORDER BY c.day DESC, " + place + ") AS rn FROM contribution c WHERE ")
		r.rowsOf(b, s, s.From, s.To, true)
		b.add(") c WHERE c.rn = 1")
	default:
		b.add("SELECT " + contributionColumns + " FROM contribution c WHERE ")
		r.rowsOf(b, s, s.From, s.To, true)
	}
}

// ranked adds the rows of a slice of which the window column rn picks one a key.
func (r Reader) ranked(b *build, s *domain.Slice, window string, from, to domain.Date, local bool) {
	b.add("SELECT " + contributionColumns + " FROM (SELECT " + contributionColumns + window + " FROM contribution c WHERE ")
	r.rowsOf(b, s, from, to, local)
	b.add(") c WHERE c.rn = 1")
}

// rowsOf adds the conditions on single rows; local = also area and zone.
func (r Reader) rowsOf(b *build, s *domain.Slice, from, to domain.Date, local bool) {
	b.add("c.indicator = ? AND c.version = ?", s.Indicator, s.Version)
	if s.Mode == domain.ModeStock {
		if to == "" {
			to = domain.Forever.AddDays(-1) // what has no end
		}
		b.add(" AND c.day <= ? AND (c.until = '' OR c.until > ?)", string(to), string(to))
	} else {
		if from != "" {
			b.add(" AND c.day >= ?", string(from))
		}
		if to != "" {
			b.add(" AND c.day <= ?", string(to))
		}
	}
	inForce(b, s.At)
	if s.Keys != nil {
		cond, arg := r.In("c.key", s.Keys)
		b.add(" AND "+cond, arg)
	}
	if local {
		within(b, "c.area", s.Area)
		zone(b, s.Zone)
	}
}

func zone(b *build, zone string) {
	if zone != "" {
		b.add(" AND c.zones LIKE ? ESCAPE '!'", "%,"+likeText(zone)+",%")
	}
}

// inForce picks the rows in force now, or at the positions of a frozen report;
// a home without a position had no events then.
func inForce(b *build, at map[int]int64) {
	if at == nil {
		b.add(" AND c.pos_to = 0")
		return
	}
	homes := make([]int, 0, len(at))
	for home := range at {
		homes = append(homes, home)
	}
	slices.Sort(homes)
	b.add(" AND (1 = 0")
	for _, home := range homes {
		b.add(" OR (c.home = ? AND c.pos_from <= ? AND (c.pos_to = 0 OR c.pos_to > ?))", home, at[home], at[home])
	}
	b.add(")")
}
