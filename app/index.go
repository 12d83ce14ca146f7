package app

import (
	"context"

	"github.com/dinghai/dinghai/catalogue"
	"github.com/dinghai/dinghai/domain"
)

// longList is how many records of a kind make its filters worth an index;
// shorter lists are read through in a few milliseconds.
const longList = 20_000

// index makes the filters of long lists fast. Filters compared as a whole have
// an index each; those that look inside a text read the list. It returns how
// many fields have one.
func (a *App) index(ctx context.Context) (int, error) {
	done := 0
	for _, k := range a.Catalogue.Ordered() {
		fields := indexed(k)
		if len(fields) == 0 {
			continue
		}
		n, err := a.Engine.Reader().Count(ctx, domain.ListQuery{Kind: k.Name})
		if err != nil {
			return done, err
		}
		if n < longList {
			continue
		}
		if err := a.Store.Filterable(ctx, k.Name, fields); err != nil {
			return done, err
		}
		done += len(fields)
	}
	return done, nil
}

func indexed(k *catalogue.Kind) (fields []string) {
	for _, f := range k.Fields {
		if f.Filter && !f.Sealed() && f.Type != "note" && f.Type != "text" && f.Type != "rows" && !domain.FileMedia(f.Type) {
			fields = append(fields, f.Field)
		}
	}
	return fields
}
