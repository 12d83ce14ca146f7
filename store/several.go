package store

import (
	"context"

	"github.com/dinghai/dinghai/domain"
)

// Records finds several records at once, as a page of a list needs them; those
// that do not exist are left out.
func (r Reader) Records(ctx context.Context, refs []domain.Ref) (map[domain.Ref]*domain.Record, error) {
	found := make(map[domain.Ref]*domain.Record, len(refs))
	for home, ids := range byHome(refs) {
		cond, arg := r.In("id", ids)
		list, err := read(ctx, r, scanRecord, "SELECT doc FROM record WHERE home = ? AND "+cond, home, arg)
		if err != nil {
			return nil, err
		}
		for _, rec := range list {
			found[rec.Ref] = rec
		}
	}
	return found, nil
}

// Assignees tells who has the open tasks of several records, in the order the
// tasks were opened in.
func (r Reader) Assignees(ctx context.Context, refs []domain.Ref) (map[domain.Ref][]string, error) {
	found := map[domain.Ref][]string{}
	for home, ids := range byHome(refs) {
		cond, arg := r.In("record", ids)
		_, err := read(ctx, r, func(rows Rows) (string, error) {
			var record, who string
			err := rows.Scan(&record, &who)
			ref := domain.Ref{Home: home, ID: record}
			found[ref] = append(found[ref], who)
			return who, err
		}, "SELECT record, assignee FROM task WHERE home = ? AND "+cond+" AND running = 1 AND assignee <> '' ORDER BY record, length(id), id", home, arg)
		if err != nil {
			return nil, err
		}
	}
	return found, nil
}

func byHome(refs []domain.Ref) map[int][]string {
	homes := map[int][]string{}
	for _, ref := range refs {
		homes[ref.Home] = append(homes[ref.Home], ref.ID)
	}
	return homes
}
