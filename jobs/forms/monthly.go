package forms

import (
	"context"
	"errors"
	"fmt"

	"github.com/dinghai/dinghai/domain"
)

// Monthly fills every form in use for the month before, unless somebody has.
// What goes wrong with one form holds up none of the others.
func (f Filler) Monthly(ctx context.Context) (done int, err error) {
	if f.Files == nil || f.Engine.Catalogue().Kinds[Workbook] == nil {
		return 0, nil
	}
	to := f.Engine.Today().MonthStart().AddDays(-1)
	for after := ""; ; {
		page, e := f.Engine.Reader().List(ctx, domain.ListQuery{Kind: Workbook, States: []string{"used"}, After: after, Limit: 100})
		if e != nil {
			return done, errors.Join(err, e)
		}
		for _, x := range page.Rows {
			n, e := f.one(ctx, x.Ref, to)
			if done += n; e != nil {
				err = errors.Join(err, fmt.Errorf("form %s: %w", x.Title, e))
			}
		}
		if after = page.Next; after == "" {
			return done, err
		}
	}
}

func (f Filler) one(ctx context.Context, ref domain.Ref, to domain.Date) (int, error) {
	rec, err := f.Engine.Reader().Record(ctx, ref)
	if err != nil || rec == nil || len(CellsOf(rec)) == 0 {
		return 0, err
	}
	page, err := f.Engine.Reader().List(ctx, domain.ListQuery{Kind: Filling, Of: ref, Spans: []domain.Span{{Field: "to", From: to, To: to}}, Limit: 1})
	if err != nil || page.Total > 0 {
		return 0, err
	}
	if _, err := f.Fill(ctx, rec, to, domain.System("forms"), "forms:"+ref.String()+":"+string(to)); err != nil {
		return 0, err
	}
	return 1, nil
}
