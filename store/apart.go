package store

import (
	"context"
	"slices"

	"github.com/dinghai/dinghai/domain"
)

// apart is what a viewer sees of a list, taken apart: everything in some areas,
// and few records besides that are his or her own. The areas are counted like
// anybody's, by the running totals where those know the filters; the own ones
// are reached from the person's tasks and links. Together, as one condition,
// both would be asked of every record of the kind.
type apart struct {
	areas []string        // none lies within another
	own   []domain.Clause // each with an assignee or a subject, and nothing else
	not   []domain.Ref
}

// takeApart takes a narrowed scope apart; nil where it has other clauses.
func takeApart(q *domain.ListQuery) *apart {
	if q.Scope == nil || q.Scope.All {
		return nil
	}
	p := &apart{not: q.Scope.Not}
	for _, c := range q.Scope.Any {
		switch personal := c.Assignee != "" != !c.Of.Zero(); {
		case c.Kinds != nil || c.Organ != "" || c.Assignee != "" && !c.Of.Zero() || personal && c.Area != "":
			return nil
		case personal:
			p.own = append(p.own, c)
		case domain.Within(q.Area, c.Area):
			p.areas = append(p.areas, q.Area)
		case domain.Within(c.Area, q.Area):
			p.areas = append(p.areas, c.Area)
		}
	}
	slices.SortFunc(p.areas, func(a, b string) int { return len(domain.TrimArea(a)) - len(domain.TrimArea(b)) })
	var outer []string
	for _, a := range p.areas {
		if !slices.ContainsFunc(outer, func(o string) bool { return domain.Within(a, o) }) {
			outer = append(outer, a)
		}
	}
	p.areas = outer
	return p
}

// count is the total of a list taken apart.
func (p *apart) count(ctx context.Context, r Reader, db Querier, q *domain.ListQuery) (n int, err error) {
	inside := *q
	inside.Scope = nil
	for _, inside.Area = range p.areas {
		var some, withdrawn int
		if some, err = r.count(ctx, db, &inside); err != nil {
			return 0, err
		}
		if withdrawn, err = r.countOf(ctx, db, p.few(r, &inside, recordsOf(p.not))); err != nil {
			return 0, err
		}
		n += some - withdrawn
	}
	more, err := r.countOf(ctx, db, p.ownOnly(r, q))
	return n + more, err
}

func (r Reader) countOf(ctx context.Context, db Querier, from *build) (n int, err error) {
	if from == nil {
		return 0, nil
	}
	rows, err := db.Query(ctx, "SELECT count(*)"+from.sql.String(), from.args...)
	_, err = one(rows, err, &n)
	return n, err
}

// ownOnly is the part of a query behind its columns for the own records that
// lie in none of the areas; nil if there can be none.
func (p *apart) ownOnly(r Reader, q *domain.ListQuery) *build {
	outside := *q
	outside.Scope = &domain.Scope{All: true, Not: p.not}
	b := p.few(r, &outside, p.mine())
	if b == nil {
		return nil
	}
	for _, a := range p.areas {
		b.add(" AND NOT (1 = 1")
		within(b, "r.area", a)
		b.add(")")
	}
	return b
}

// few lets a query begin at few records instead of at the list.
func (p *apart) few(r Reader, q *domain.ListQuery, source *build) *build {
	if source == nil {
		return nil
	}
	b := &build{}
	// CROSS JOIN holds SQLite to this order.
	b.add(" FROM ("+source.sql.String()+") x CROSS JOIN record r WHERE r.home = x.home AND r.id = x.record AND ", source.args...)
	r.where(b, q)
	return b
}

// mine selects the records of the person, each once; nil if there are none.
func (p *apart) mine() *build {
	b := &build{}
	for i, c := range p.own {
		if i > 0 {
			b.add(" UNION ")
		}
		if c.Assignee != "" {
			b.add("SELECT home, record FROM task WHERE assignee = ? AND assignee <> ''", c.Assignee)
		} else {
			b.add("SELECT home, record FROM link WHERE to_id = ? AND role = 'of' UNION SELECT home, id FROM record WHERE home = ? AND id = ?", c.Of.ID, c.Of.Home, c.Of.ID)
		}
	}
	return unlessEmpty(b)
}

func recordsOf(refs []domain.Ref) *build {
	b := &build{}
	for i, ref := range refs {
		if i > 0 {
			b.add(" UNION ")
		}
		b.add("SELECT home, id AS record FROM record WHERE home = ? AND id = ?", ref.Home, ref.ID)
	}
	return unlessEmpty(b)
}

func unlessEmpty(b *build) *build {
	if b.sql.Len() == 0 {
		return nil
	}
	return b
}
