package journey

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/dinghai/dinghai/catalogue"
	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/engine"
	"github.com/dinghai/dinghai/engine/indicator"
)

// ever is a period no journey leaves.
var ever = indicator.Query{From: "1950-01-01", To: "2099-12-31"}

// figures compares indicators with what the journey says of them, over all its
// years.
func (r *Runner) figures(ctx context.Context, want map[string]string) error {
	var wrong []string
	for name, w := range want {
		q := ever
		q.To = r.Engine.Today().AddDays(400) // due dates may lie ahead
		if x := r.Engine.Catalogue().Indicators[name]; x != nil && x.Kind == "stock" {
			q.To = r.Engine.Today()
		}
		f, err := r.Engine.Figures().Value(ctx, r.Engine.Reader(), name, q)
		if err != nil {
			return err
		}
		got := fmt.Sprint(f.Num)
		if strings.Contains(w, "/") {
			got = fmt.Sprintf("%d/%d", f.Num, f.Den)
		}
		if got != w {
			wrong = append(wrong, fmt.Sprintf("figure %s: got %s, want %s", name, got, w))
		}
		r.Cover.note("figure", "seen", name)
	}
	if len(wrong) > 0 {
		slices.Sort(wrong)
		return fmt.Errorf("%s", strings.Join(wrong, "; "))
	}
	return nil
}

// Undo voids every record of the journey, last first, and demands that each
// base indicator is back at nothing. It returns how many rows there were.
func (r *Runner) Undo(ctx context.Context) (int, error) {
	before := 0
	bases := baseIndicators(r.Engine.Catalogue())
	for _, x := range bases {
		t, err := r.Engine.Reader().Sum(ctx, sliceOf(x))
		if err != nil {
			return 0, err
		}
		before += t.Rows
		if err := r.rowsAgree(ctx, sliceOf(x), t); err != nil {
			return 0, err
		}
	}
	for _, ref := range r.everything(ctx) {
		_, err := r.Engine.Do(ctx, domain.Command{Record: ref, Action: engine.ActVoid, Actor: domain.System("undo"), Reason: "撤回试验"})
		if err != nil && domain.ErrorCode(err) != domain.NotNow { // voided in the journey itself
			return before, fmt.Errorf("void %s: %w", ref, err)
		}
	}
	for _, x := range bases {
		t, err := r.Engine.Reader().Sum(ctx, sliceOf(x))
		if err != nil {
			return before, err
		}
		if t.Rows != 0 || t.Num != 0 || t.Den != 0 {
			return before, fmt.Errorf("after voiding everything %s still counts %d/%d in %d rows", x.Indicator, t.Num, t.Den, t.Rows)
		}
	}
	return before, nil
}

// rowsAgree: the rows shown are the number.
func (r *Runner) rowsAgree(ctx context.Context, s domain.Slice, t domain.Total) error {
	var rows int
	var num, den int64
	for after := ""; ; {
		page, next, err := r.Engine.Reader().Rows(ctx, s, after, 100)
		if err != nil {
			return err
		}
		for _, x := range page {
			rows, num, den = rows+1, num+x.Num, den+x.Den
		}
		if after = next; after == "" {
			break
		}
	}
	if rows != t.Rows || num != t.Num || den != t.Den {
		return fmt.Errorf("%s: the figure is %d/%d in %d rows, the rows shown are %d/%d in %d", s.Indicator, t.Num, t.Den, t.Rows, num, den, rows)
	}
	return nil
}

func sliceOf(x *catalogue.Indicator) domain.Slice {
	s := indicator.SliceOf(x, ever, nil)
	if s.Mode != domain.ModeStock {
		s.Mode = domain.ModeSum
	}
	return s
}

func baseIndicators(c *catalogue.Catalogue) []*catalogue.Indicator {
	return slices.DeleteFunc(c.IndicatorList(), func(x *catalogue.Indicator) bool { return x.Kind == "derived" || x.Kind == "catalogue" })
}

// everything lists all live records of the store.
func (r *Runner) everything(ctx context.Context) []domain.Ref {
	var out []domain.Ref
	for _, k := range r.Engine.Catalogue().Ordered() {
		for after := ""; ; {
			page, err := r.Engine.Reader().List(ctx, domain.ListQuery{Kind: k.Name, After: after, Limit: 500})
			if err != nil {
				return out
			}
			for _, x := range page.Rows {
				out = append(out, x.Ref)
			}
			if after = page.Next; after == "" {
				break
			}
		}
	}
	return out
}

// Unseen lists the base indicators no journey looked at.
func (c *Coverage) Unseen() []string {
	var out []string
	for _, x := range baseIndicators(c.cat) {
		if c.needsFigure(x.Indicator) {
			out = append(out, x.Indicator)
		}
	}
	return out
}

func (c *Coverage) needsFigure(name string) bool { return !c.seen["figure/seen/"+name] }
