package journey

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/engine"
	"github.com/dinghai/dinghai/engine/clock"
	"github.com/dinghai/dinghai/jobs"
)

// Clock is the time of a run; the engine must be built on its Now.
type Clock struct{ t time.Time }

// Now gives the set time.
func (c *Clock) Now() time.Time { return c.t }

// Set puts the clock to a local time.
func (c *Clock) Set(t time.Time) { c.t = t }

// Runner runs one journey on one engine.
type Runner struct {
	Engine *engine.Engine
	Jobs   *jobs.Jobs
	Clock  *Clock
	Cover  *Coverage

	names map[string]domain.Ref
	all   []domain.Ref
}

// Start reads the journey's time.
func Start(j *Journey) (time.Time, error) {
	return time.ParseInLocation("2006-01-02T15:04", j.Now, clock.Zone)
}

// Run performs a journey; the error names the step that did not go as written.
func (r *Runner) Run(ctx context.Context, j *Journey) error {
	r.names = map[string]domain.Ref{}
	t, err := Start(j)
	if err != nil {
		return fmt.Errorf("now: %w", err)
	}
	r.Clock.Set(t)
	for i, s := range slices.Concat(j.Given, j.Steps) {
		what := fmt.Sprintf("given %d (%s)", i+1, s.Do)
		if i >= len(j.Given) {
			what = fmt.Sprintf("step %d (%s%s%s)", i-len(j.Given)+1, s.Do, s.Pass, s.See)
		}
		if err := r.step(ctx, s); err != nil {
			return fmt.Errorf("%s: %w", what, err)
		}
		if err := r.figures(ctx, s.Figures); err != nil {
			return fmt.Errorf("%s: %w", what, err)
		}
	}
	return nil
}

func (r *Runner) step(ctx context.Context, s Step) error {
	switch {
	case s.Do == "" && s.Pass == "" && s.See == "":
		return nil // a look at figures only
	case s.Pass != "":
		return r.pass(ctx, s)
	case s.See != "":
		ref, err := r.ref(ctx, s.See)
		if err != nil {
			return err
		}
		return r.expect(ctx, ref, s.Then)
	}
	if err := r.advance(ctx, s); err != nil {
		return err
	}
	cmd, err := r.command(ctx, s)
	if err != nil {
		return err
	}
	if s.Refused != "" {
		return r.refused(ctx, s, cmd)
	}
	rec, err := r.Engine.Do(ctx, cmd)
	if err != nil {
		return err
	}
	r.Cover.did(rec)
	if _, err := r.Jobs.Drain(ctx); err != nil {
		return err
	}
	if s.As != "" {
		r.names[s.As] = rec.Record.Ref
	}
	for _, e := range rec.Events {
		r.know(domain.Ref{Home: e.Home, ID: e.Record})
	}
	if err := r.refusals(ctx); err != nil {
		return err
	}
	return r.expect(ctx, rec.Record.Ref, s.Then)
}

func (r *Runner) know(ref domain.Ref) {
	if !slices.Contains(r.all, ref) {
		r.all = append(r.all, ref)
	}
}

// pass lets days go by, one at a time, so that each lapse happens on its day.
func (r *Runner) pass(ctx context.Context, s Step) error {
	if err := r.goTo(ctx, domain.Date(s.Pass)); err != nil {
		return err
	}
	m, _ := s.Then.(map[string]any)
	for name, v := range m {
		ref, err := r.ref(ctx, name)
		if err != nil {
			return err
		}
		if err := r.expect(ctx, ref, v); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	return nil
}

func (r *Runner) goTo(ctx context.Context, to domain.Date) error {
	if !to.Valid() {
		return fmt.Errorf("%q is not a date", to)
	}
	for d := r.Engine.Today(); d < to; {
		d = d.AddDays(1)
		r.Clock.Set(d.Time(clock.Zone).Add(9 * time.Hour))
		n, err := r.Jobs.Sweep(ctx)
		if err != nil {
			return err
		}
		if n > 0 {
			if _, err := r.Jobs.Drain(ctx); err != nil {
				return err
			}
			if err := r.sweptCover(ctx); err != nil {
				return err
			}
		}
	}
	return nil
}

// advance moves the clock to the step's day; entries dated earlier than now
// stay late entries.
func (r *Runner) advance(ctx context.Context, s Step) error {
	if s.At != "" {
		t, err := time.ParseInLocation("2006-01-02T15:04", s.At, clock.Zone)
		if err != nil {
			return err
		}
		if err := r.goTo(ctx, domain.Date(s.At[:10])); err != nil {
			return err
		}
		r.Clock.Set(t)
		return nil
	}
	if s.On != "" && s.On > r.Engine.Today() && s.Refused == "" {
		return r.goTo(ctx, s.On)
	}
	return nil
}

func (r *Runner) command(ctx context.Context, s Step) (domain.Command, error) {
	cmd := domain.Command{On: s.On, Area: s.Area, Organ: s.Organ, Alias: s.Alias, Key: s.Key, Reason: s.Reason, Approver: s.Approver,
		Opening: s.Opening, Action: s.Do}
	var err error
	if cmd.Input, err = r.input(ctx, s.With); err != nil {
		return cmd, err
	}
	if s.Of != "" {
		if cmd.Of, err = r.ref(ctx, s.Of); err != nil {
			return cmd, err
		}
	}
	if s.To != "" {
		if cmd.Record, err = r.ref(ctx, s.To); err != nil {
			return cmd, err
		}
	}
	k, act := r.Engine.Catalogue().ActionNamed(s.Do)
	if k != nil && act != nil {
		cmd.Kind, cmd.Action = k.Name, act.Action
	} else if s.To == "" {
		return cmd, fmt.Errorf("no action %s in the catalogue", s.Do)
	}
	cmd.Actor = r.actor(s)
	if strings.HasPrefix(s.Actor, "$") { // a person of the journey acts
		ref, err := r.ref(ctx, s.Actor)
		cmd.Actor.ID = ref.String()
		return cmd, err
	}
	return cmd, nil
}

func (r *Runner) actor(s Step) domain.Actor {
	if s.Role == "system" {
		return domain.System("journey")
	}
	id := s.Actor
	if id == "" {
		id = "test-" + s.Role
	}
	a := domain.Actor{ID: id}
	if s.Role != "" {
		a.Grants = []domain.Grant{{Role: s.Role}}
	}
	return a
}

// input replaces $names by references, at any depth.
func (r *Runner) input(ctx context.Context, m map[string]any) (map[string]any, error) {
	if m == nil {
		return nil, nil
	}
	out := map[string]any{}
	for k, v := range m {
		x, err := r.deref(ctx, v)
		if err != nil {
			return nil, err
		}
		out[k] = x
	}
	return out, nil
}

func (r *Runner) deref(ctx context.Context, v any) (any, error) {
	switch x := v.(type) {
	case string:
		if strings.HasPrefix(x, "$") {
			ref, err := r.ref(ctx, x[1:])
			return ref.String(), err
		}
	case uint64:
		return int64(x), nil
	case []any:
		out := make([]any, len(x))
		for i, y := range x {
			z, err := r.deref(ctx, y)
			if err != nil {
				return nil, err
			}
			out[i] = z
		}
		return out, nil
	case map[string]any:
		return r.input(ctx, x)
	}
	return v, nil
}

// ref resolves a name, or name/role/… along links ("subject" and "parent" too).
func (r *Runner) ref(ctx context.Context, name string) (domain.Ref, error) {
	parts := strings.Split(strings.TrimPrefix(name, "$"), "/")
	ref, ok := r.names[parts[0]]
	if !ok {
		return ref, fmt.Errorf("no record is called %q", parts[0])
	}
	for _, p := range parts[1:] {
		rec, err := r.Engine.Reader().Record(ctx, ref)
		if err != nil {
			return ref, err
		}
		next := domain.Ref{}
		switch p {
		case "subject":
			next = rec.Of
		case "parent":
			next = rec.Parent
		default:
			if s, ok := rec.Fields[p].(string); ok {
				next, _ = domain.ParseRef(s)
			}
			for _, l := range rec.Links {
				if l.Role == p {
					next = l.To
				}
			}
		}
		if next.Zero() {
			return ref, fmt.Errorf("%s has no %s", parts[0], p)
		}
		ref = next
	}
	return ref, nil
}
