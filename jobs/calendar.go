package jobs

import (
	"context"
	"fmt"
	"slices"
	"strconv"

	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/engine"
	"github.com/dinghai/dinghai/engine/clock"
	"github.com/dinghai/dinghai/kit/calendar"
)

// CalendarKind are the records of a year's days off.
const CalendarKind = "organisation.calendar"

// YearOf reads a record of a year's days off.
func YearOf(rec *domain.Record) (calendar.Year, error) {
	n, err := strconv.Atoi(text(rec.Fields["cal_year"]))
	if err != nil {
		return calendar.Year{}, fmt.Errorf("calendar %s: %w", rec.Ref, err)
	}
	y := calendar.Year{Year: n, Source: text(rec.Fields["source"])}
	y.Final, _ = rec.Fields["final"].(bool)
	rows, _ := rec.Fields["days"].([]any)
	for _, r := range rows {
		row, _ := r.(map[string]any)
		d := calendar.Day{Date: calendar.Date(text(row["day"])), Kind: calendar.Holiday, Name: text(row["name"])}
		if text(row["what"]) == "work" {
			d.Kind = calendar.Makeup
		}
		y.Days = append(y.Days, d)
	}
	return y, nil
}

// Calendar takes over the years entered since the program was made: what came
// with it holds for all others. It tells whether anything changed since the
// last call. Years that contradict one another are refused whole.
func (j *Jobs) Calendar(ctx context.Context) (changed bool, err error) {
	if j.Engine.Catalogue().Kinds[CalendarKind] == nil {
		return false, nil
	}
	var years []calendar.Year
	stand := ""
	q := domain.ListQuery{Kind: CalendarKind, States: []string{"active"}, Limit: 200}
	page, err := j.Engine.Reader().List(ctx, q)
	if err != nil {
		return false, err
	}
	for _, row := range page.Rows {
		rec, err := j.Engine.Reader().Record(ctx, row.Ref)
		if err != nil || rec == nil {
			return false, err
		}
		y, err := YearOf(rec)
		if err != nil {
			return false, err
		}
		years = append(years, y)
		stand += fmt.Sprintf("%s@%d ", rec.Ref, rec.Seq)
	}
	if stand == j.years {
		return false, nil
	}
	if j.shipped == nil {
		j.shipped = j.Engine.Catalogue().Calendar.Years()
	}
	cal, err := calendar.New(append(slices.Clone(j.shipped), years...)...)
	if err != nil {
		return false, err
	}
	j.Engine.Catalogue().Calendar.Take(cal)
	j.years = stand
	return true, nil
}

// Moved is an open clock with the date another calendar gives it.
type Moved struct {
	domain.ClockRow
	To domain.Date
}

// Moves goes through the open clocks and tells of each that a calendar gives
// another due date than it has. It returns how many clocks it looked at.
func Moves(ctx context.Context, eng *engine.Engine, cal *calendar.Calendar, fn func(Moved) error) (int, error) {
	book := clock.Book{Rules: eng.Catalogue().Clocks, Calendar: cal}
	q := domain.ClockQuery{Limit: 1000}
	seen := 0
	for {
		list, _, err := eng.Reader().Clocks(ctx, q)
		if err != nil {
			return seen, err
		}
		seen += len(list)
		for _, c := range list {
			n := c.Clock
			if err := book.Reckon(&n, eng.Today()); err != nil || n.Due == c.Due {
				continue // a clock whose rule is gone keeps its date
			}
			if err := fn(Moved{c, n.Due}); err != nil {
				return seen, err
			}
		}
		if len(list) < q.Limit {
			return seen, nil
		}
		q.After = list[len(list)-1].Cursor()
	}
}

// Retime moves the open clocks that a changed calendar gives another date, by
// an event on each record that keeps the old one. It returns how many records
// it moved; while nothing was taken over since, there is nothing to do.
func (j *Jobs) Retime(ctx context.Context) (int, error) {
	if j.retimed == j.years {
		return 0, nil
	}
	var cmds []domain.Command
	told := map[domain.Ref]bool{}
	_, err := Moves(ctx, j.Engine, j.Engine.Catalogue().Calendar, func(m Moved) error {
		ref := domain.Ref{Home: m.Home, ID: m.Record}
		if !told[ref] {
			told[ref] = true
			cmds = append(cmds, domain.Command{Record: ref, Action: engine.ActRetime, Actor: domain.System("calendar"), NotBefore: true,
				Reason: j.years, Key: "retime:" + ref.ID + ":" + j.years})
		}
		return nil
	})
	if err != nil {
		return 0, err
	}
	n := 0
	for i, r := range j.Engine.DoAll(ctx, cmds) {
		if r.Err != nil && domain.ErrorCode(r.Err) == domain.Internal {
			return n, fmt.Errorf("retime %s: %w", cmds[i].Record, r.Err)
		}
		n++
	}
	j.retimed = j.years
	return n, nil
}
