package store

import (
	"context"

	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/store/codec"
)

// linkedTo lists the records that point to ref, newest first. home 0 = all
// homes, role "" = any, kind "" = any.
func linkedTo(ctx context.Context, q Querier, prefix string, home int, ref domain.Ref, role, kind string) ([]*domain.Record, error) {
	var b build
	// CROSS JOIN holds SQLite to this order: left to itself it reads all records
	// of the home and asks of each whether it has the link.
	b.add("SELECT l.role, r.doc FROM " + prefix + "link l CROSS JOIN " + prefix + "record r")
	b.add(" WHERE r.home = l.home AND r.id = l.record AND l.to_id = ? AND l.to_home = ?", ref.ID, ref.Home)
	if role != "" {
		b.add(" AND l.role = ?", role)
	}
	if home != 0 {
		b.add(" AND l.home = ?", home)
	}
	if kind != "" {
		b.add(" AND r.kind = ?", kind)
	}
	b.add(" ORDER BY r.id DESC, r.home, l.role")
	rows, err := b.run(ctx, q)
	found, err := all(rows, err, scanLinked)
	return pointing(found, ref), err
}

type linked struct {
	role string
	*domain.Record
}

func scanLinked(rows Rows) (linked, error) {
	l := linked{Record: new(domain.Record)}
	var doc string
	if err := rows.Scan(&l.role, &doc); err != nil {
		return l, err
	}
	return l, codec.Decode(doc, l.Record)
}

// pointing drops repeated records and links that were replaced. Rows of the
// link table are never taken back, so for the two roles that have one target
// at a time the record itself is asked.
func pointing(found []linked, ref domain.Ref) []*domain.Record {
	var list []*domain.Record
	for _, l := range found {
		if l.role == "of" && l.Of != ref || l.role == "parent" && l.Parent != ref {
			continue
		}
		if n := len(list); n > 0 && list[n-1].Ref == l.Ref {
			continue
		}
		list = append(list, l.Record)
	}
	return list
}
