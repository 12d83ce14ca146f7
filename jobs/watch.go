package jobs

import (
	"context"
	"fmt"

	"github.com/dinghai/dinghai/catalogue"
	"github.com/dinghai/dinghai/catalogue/expr"
	"github.com/dinghai/dinghai/domain"
)

// What a fired item opens: a check, never a case or a score. The systems agree
// on this name; inputs the action does not take are left out.
const (
	checkKind   = "watch.check"
	checkAction = "fire"
)

// fires are the checks a batch of events opens, with the row each comes from.
type fires struct {
	cmds []domain.Command
	row  map[int]int
}

// fire evaluates the live items on an event that has been committed.
func (j *Jobs) fire(ctx context.Context, r domain.OutboxRow, row int, f *fires) error {
	rec, err := j.Engine.Reader().Record(ctx, domain.Ref{Home: r.Home, ID: r.Rec})
	if err != nil || rec == nil || rec.Voided {
		return err
	}
	for _, t := range j.Engine.Watching(r.Type) {
		if !t.Fires(rec.Kind, r.On) {
			continue
		}
		yes, err := j.Meets(ctx, t, rec, r.On)
		if err != nil {
			return fmt.Errorf("item %s: %w", t.Trigger, err)
		}
		if cmd, ok := j.check(t, rec, r.On, r.Event); yes && ok {
			f.row[len(f.cmds)] = row
			f.cmds = append(f.cmds, cmd)
		}
	}
	return nil
}

// Meets evaluates an item's condition on a record as of a day: for firing, and
// for replaying an item over the past before it goes live.
func (j *Jobs) Meets(ctx context.Context, t *catalogue.Trigger, rec *domain.Record, on domain.Date) (bool, error) {
	if t.Of != "" && t.Of != rec.Kind {
		return false, nil
	}
	sub, err := j.subject(ctx, rec)
	if err != nil {
		return false, err
	}
	return j.meets(ctx, t, rec, sub, on)
}

// meets is Meets with the subject as it stood.
func (j *Jobs) meets(ctx context.Context, t *catalogue.Trigger, rec, sub *domain.Record, on domain.Date) (bool, error) {
	ok, err := t.WhereX.Bool(&expr.Vars{Rec: expr.Of(rec, on, nil), Sub: expr.Of(sub, on, nil), On: on, Today: on})
	if err != nil || !ok || t.Count == nil {
		return ok, err
	}
	about := rec.Ref
	if t.Count.By == "subject" {
		about = rec.Of
	}
	if about.Zero() {
		return false, nil
	}
	n, err := j.Engine.Reader().CountEvents(ctx, t.Count.Of, about, on.AddDays(1-t.Count.In), on)
	return n >= t.Count.Least, err
}

func (j *Jobs) subject(ctx context.Context, rec *domain.Record) (*domain.Record, error) {
	if rec.Of.Zero() {
		return nil, nil
	}
	return j.Engine.Reader().Record(ctx, rec.Of)
}

// check is the command that opens the check; false when no system opens checks
// and the item only watches. One subject fires an item once within its dedupe
// window, which the key sees to: windows are counted from a fixed day, and a
// second fire is a Conflict or the same again.
func (j *Jobs) check(t *catalogue.Trigger, rec *domain.Record, on domain.Date, event string) (domain.Command, bool) {
	act := j.checkAction()
	if act == nil {
		return domain.Command{}, false
	}
	of := rec.Of
	if rec.Class == domain.Subject {
		of = rec.Ref
	}
	about := of
	if about.Zero() {
		about = rec.Ref
	}
	window := max(t.Dedupe, 1)
	all := map[string]any{"item": t.Trigger, "label": t.Label.ZH, "label_en": t.Label.EN, "mode": t.Mode, "days": int64(t.Days), "event": event,
		"evidence": rec.Ref.String(), "source": rec.Ref.String(), "number": rec.Number, "bell": t.Bell}
	in := map[string]any{}
	for _, f := range act.Form {
		if v, ok := all[f.Field]; ok {
			in[f.Field] = v
		}
	}
	return domain.Command{Kind: checkKind, Action: checkAction, Home: rec.Home, Area: rec.Area, Of: of, Parent: rec.Ref, Input: in, On: on,
		Actor: domain.System("watch"), Cause: event, Key: fmt.Sprintf("watch:%s:%s:%d", t.Trigger, about, on.Sub("2000-01-01")/window), Depth: 1}, true
}

func (j *Jobs) checkAction() *catalogue.Action {
	k := j.Engine.Catalogue().Kinds[checkKind]
	if k == nil {
		return nil
	}
	return k.ActionOf(checkAction)
}

// Watch fires the items that follow due dates: triggers the day after a date
// passed, bells some days before it.
func (j *Jobs) Watch(ctx context.Context) (int, error) {
	if j.checkAction() == nil {
		return 0, nil
	}
	today, fired := j.Engine.Today(), 0
	for _, t := range j.Engine.Catalogue().TriggerList() {
		if t.Clock == "" || t.Live == "" || today < t.Live {
			continue
		}
		for _, day := range daysOf(t, today) {
			n, err := j.watchDay(ctx, t, day)
			if fired += n; err != nil {
				return fired, fmt.Errorf("item %s: %w", t.Trigger, err)
			}
		}
	}
	return fired, nil
}

// daysOf are the due dates an item looks at today.
func daysOf(t *catalogue.Trigger, today domain.Date) []domain.Date {
	if !t.Bell {
		return []domain.Date{today.AddDays(-1)}
	}
	var days []domain.Date
	for _, n := range t.Before {
		days = append(days, today.AddDays(n))
	}
	return days
}

// watchDay fires an item on the running clocks due on one day.
func (j *Jobs) watchDay(ctx context.Context, t *catalogue.Trigger, due domain.Date) (n int, err error) {
	q := domain.ClockQuery{From: due, To: due, Code: t.Clock, Limit: watchPage}
	for {
		rows, _, err := j.Engine.Reader().Clocks(ctx, q)
		if err != nil {
			return n, err
		}
		for _, c := range rows {
			fired, err := j.watchClock(ctx, t, c)
			if err != nil {
				return n, err
			}
			if fired {
				n++
			}
		}
		if len(rows) < watchPage {
			return n, nil
		}
		q.After = rows[len(rows)-1].Cursor()
	}
}

const watchPage = 1000

func (j *Jobs) watchClock(ctx context.Context, t *catalogue.Trigger, c domain.ClockRow) (bool, error) {
	rec, err := j.Engine.Reader().Record(ctx, domain.Ref{Home: c.Home, ID: c.Record})
	if err != nil || rec == nil {
		return false, err
	}
	today := j.Engine.Today()
	if yes, err := j.Meets(ctx, t, rec, today); err != nil || !yes {
		return false, err
	}
	cmd, ok := j.check(t, rec, today, "due:"+c.Record+":"+c.ID)
	if !ok {
		return false, nil
	}
	if _, err = j.Engine.Do(ctx, cmd); domain.ErrorCode(err) == domain.Conflict {
		return false, nil // its window has a check already
	}
	return err == nil, err
}
