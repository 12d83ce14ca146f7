// Package jobs does what nobody clicks: it performs what clocks set off when
// they run out, and carries orders from one home to another. Everything it
// does goes through the engine's door, each thing under a key of its own, so
// that doing it twice does it once.
package jobs

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/engine"
	"github.com/dinghai/dinghai/kit/calendar"
)

// Outbox is where finished work is ticked off.
type Outbox interface {
	Outcome(ctx context.Context, list ...domain.Outcome) error
}

// Eraser destroys the key of a person.
type Eraser interface {
	Destroy(ctx context.Context, id string) error
}

// Notices turns what a matter tells into deliveries.
type Notices interface {
	Queue(ctx context.Context, r domain.OutboxRow) error
}

// Jobs performs them.
type Jobs struct {
	Engine  *engine.Engine
	Outbox  Outbox
	Eraser  Eraser
	Notices Notices // nil = telling is put off

	shipped []calendar.Year // as the program has them
	years   string          // which records of years were taken over
	retimed string          // for which of them deadlines were moved
}

const batch = 500

// Sweep performs the lapse actions of all clocks that ran out before today. It
// returns how many it performed.
func (j *Jobs) Sweep(ctx context.Context) (done int, err error) {
	codes := j.lapsing()
	for len(codes) > 0 {
		n, full, err := j.sweepCodes(ctx, strings.Join(codes, ","))
		switch done += n; {
		case err != nil || n == 0 && !full:
			return done, err
		case full: // what the rules refuse for one clock must not hold up the others
			n, err := j.sweepApart(ctx, codes)
			return done + n, err
		}
	}
	return done, nil
}

// sweepApart goes through the clocks one by one.
func (j *Jobs) sweepApart(ctx context.Context, codes []string) (done int, err error) {
	for _, code := range codes {
		for n := 1; n > 0; done += n {
			if n, _, err = j.sweepCodes(ctx, code); err != nil {
				return done + n, err
			}
		}
	}
	return done, nil
}

// lapsing lists the clocks whose end is an act in some kind. Asking for them
// keeps thousands of merely overdue clocks out of the way.
func (j *Jobs) lapsing() []string {
	set := map[string]bool{}
	for _, k := range j.Engine.Catalogue().Kinds {
		for _, u := range k.Clocks {
			if u.Lapse != "" {
				set[u.Clock] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(set))
}

// sweepCodes performs a batch of some clocks' lapses. A lapse the rules refuse
// (the record went on meanwhile) stays refused and does not count. full tells
// that there may be more than the batch held.
func (j *Jobs) sweepCodes(ctx context.Context, codes string) (moved int, full bool, err error) {
	rows, err := j.Engine.Reader().DueClocks(ctx, j.Engine.Today(), codes, sweepBatch)
	if err != nil {
		return 0, false, err
	}
	cmds := j.lapses(rows)
	for i, r := range j.Engine.DoAll(ctx, cmds) {
		if r.Err == nil && !r.Receipt.Again {
			moved++
		} else if domain.ErrorCode(r.Err) == domain.Internal {
			return moved, false, fmt.Errorf("lapse %s of %s: %w", cmds[i].Action, cmds[i].Record, r.Err)
		}
	}
	return moved, len(rows) == sweepBatch, nil
}

const sweepBatch = 5000

// lapses are the commands for clocks whose end is itself an act: dated the day
// after, or the day of the record's last step where that came later.
func (j *Jobs) lapses(rows []domain.ClockRow) []domain.Command {
	var cmds []domain.Command
	for _, c := range rows {
		k := j.Engine.Catalogue().Kinds[c.Kind]
		if k == nil || c.Paused() || c.Voided {
			continue
		}
		u := k.Uses(c.Code)
		if u == nil || u.Lapse == "" {
			continue
		}
		cmds = append(cmds, domain.Command{Record: domain.Ref{Home: c.Home, ID: c.Record}, Action: u.Lapse,
			On: c.Due.AddDays(1), NotBefore: true, Actor: domain.System("clock"), Key: fmt.Sprintf("lapse:%s:%s:%s", c.Record, c.ID, c.Due)})
	}
	return cmds
}

// Drain performs what waits in the outbox, in order, until nothing is due. It
// returns how many entries it finished.
func (j *Jobs) Drain(ctx context.Context) (int, error) {
	done := 0
	for {
		rows, err := j.Engine.Reader().Outbox(ctx, domain.OutPending, j.Engine.Now(), batch)
		if err != nil || len(rows) == 0 {
			return done, err
		}
		finished, err := j.perform(ctx, rows)
		done += finished
		if err != nil || finished == 0 {
			return done, err
		}
	}
}

const maxTries = 8

// perform does a batch and ticks it off in one transaction. Should the process
// die in between, the batch is done again under the same keys, which changes
// nothing.
func (j *Jobs) perform(ctx context.Context, rows []domain.OutboxRow) (finished int, err error) {
	fired := fires{row: map[int]int{}}
	errs := make([]error, len(rows))
	for i, r := range rows {
		switch r.Kind {
		case "erase":
			errs[i] = j.Eraser.Destroy(ctx, r.To.String())
		case "do":
			errs[i] = j.order(ctx, r)
		case "trigger":
			errs[i] = j.fire(ctx, r, i, &fired)
		case "notify", engine.OutAssigned:
			errs[i] = j.tell(ctx, r)
		default:
			errs[i] = domain.Failf(domain.Refused, "", "outbox", "无法处理的待办类型「%s」", "no consumer for outbox kind %q", r.Kind)
		}
	}
	for n, res := range j.Engine.DoAll(ctx, fired.cmds) {
		if i := fired.row[n]; res.Err != nil && domain.ErrorCode(res.Err) != domain.Conflict && errs[i] == nil {
			errs[i] = res.Err
		}
	}
	list := make([]domain.Outcome, len(rows))
	for i, r := range rows {
		list[i] = j.outcome(r, errs[i])
		if list[i].State != domain.OutPending {
			finished++
		}
	}
	return finished, j.Outbox.Outcome(ctx, list...)
}

// outcome: a refusal by the rules is final; anything else is tried again, later
// each time.
func (j *Jobs) outcome(r domain.OutboxRow, err error) domain.Outcome {
	o := domain.Outcome{Home: r.Home, Pos: r.Pos, N: r.N, State: domain.OutDone}
	if err == nil {
		return o
	}
	o.Error = err.Error()
	if errors.Is(err, errPutOff) {
		o.State = domain.OutDeferred
		return o
	}
	code := domain.ErrorCode(err)
	if (code != domain.Unavailable && code != domain.Internal) || r.Tries+1 >= maxTries {
		o.State = domain.OutFailed
		return o
	}
	o.State, o.Next = domain.OutPending, j.Engine.Now().Add(time.Duration(1<<r.Tries)*time.Second)
	return o
}

var errPutOff = errors.New("nobody tells here")

// tell hands over what people are to be told.
func (j *Jobs) tell(ctx context.Context, r domain.OutboxRow) error {
	if j.Notices == nil {
		return errPutOff
	}
	return j.Notices.Queue(ctx, r)
}

// order performs an action another home asked for, then tells the asking
// record what was opened.
func (j *Jobs) order(ctx context.Context, r domain.OutboxRow) error {
	d := r.Data
	cmd := domain.Command{Kind: text(d["kind"]), Action: text(d["action"]), Record: r.To, Home: number(d["home"]), Area: text(d["area"]),
		On: r.On, Actor: domain.System("outbox"), Cause: r.Event, Depth: number(d["depth"]),
		Key: fmt.Sprintf("out:%s:%d:%d", r.Event, r.N, r.To.Home)}
	cmd.Input, _ = d["input"].(map[string]any)
	cmd.Carry = texts(d["carry"])
	cmd.Of, _ = domain.ParseRef(text(d["of"]))
	cmd.Parent, _ = domain.ParseRef(text(d["parent"]))
	if !r.To.Zero() {
		cmd.Parent, cmd.NotBefore = domain.Ref{}, true // the other home may have gone on meanwhile
	}
	got, err := j.Engine.Do(ctx, cmd)
	if err != nil {
		return err
	}
	return j.answer(ctx, r, got.Record)
}

// answer links the record that asked to the one that was opened for it.
func (j *Jobs) answer(ctx context.Context, r domain.OutboxRow, rec *domain.Record) error {
	link, keep := text(r.Data["link"]), text(r.Data["keep"])
	if !r.To.Zero() || (link == "" && keep == "") {
		return nil
	}
	parent, err := domain.ParseRef(text(r.Data["parent"]))
	if err != nil {
		return err
	}
	_, err = j.Engine.Do(ctx, domain.Command{Record: parent, Action: engine.ActLink, Actor: domain.System("outbox"), Cause: r.Event,
		Input: map[string]any{"to": rec.Ref.String(), "role": link, "keep": keep, "kind": rec.Kind, "state": rec.State},
		Key:   fmt.Sprintf("answer:%s:%d", r.Event, r.N)})
	return err
}

func texts(v any) map[string]string {
	m, _ := v.(map[string]any)
	out := make(map[string]string, len(m))
	for k, x := range m {
		out[k] = text(x)
	}
	return out
}

func text(v any) string { s, _ := v.(string); return s }

func number(v any) int {
	switch n := v.(type) {
	case int64:
		return int(n)
	case float64:
		return int(n)
	case int:
		return n
	}
	return 0
}
