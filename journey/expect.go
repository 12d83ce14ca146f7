package journey

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/dinghai/dinghai/catalogue"
	"github.com/dinghai/dinghai/domain"
)

// refused demands the error of a step, and the rule that gives it.
func (r *Runner) refused(ctx context.Context, s Step, cmd domain.Command) error {
	_, err := r.Engine.Do(ctx, cmd)
	if got := domain.ErrorCode(err); got != s.Refused {
		return fmt.Errorf("want refusal %s, got %q (%w)", s.Refused, got, orNone(err))
	}
	r.Cover.refused(r.kindOf(ctx, cmd), cmd.Action, err)
	if s.Rule == "" {
		return nil
	}
	var e *domain.Error
	if errors.As(err, &e) && slices.ContainsFunc(e.Problems, func(p domain.Problem) bool { return p.Rule == s.Rule || p.Field == s.Rule }) {
		return nil
	}
	return fmt.Errorf("refused, but not by %s: %w", s.Rule, err)
}

func orNone(err error) error {
	if err == nil {
		return errors.New("nothing refused it")
	}
	return err
}

func (r *Runner) kindOf(ctx context.Context, cmd domain.Command) string {
	if cmd.Kind != "" {
		return cmd.Kind
	}
	if rec, err := r.Engine.Reader().Record(ctx, cmd.Record); err == nil && rec != nil {
		return rec.Kind
	}
	return ""
}

// refusals asks, on every record as it now stands, for each action of its kind
// once as somebody without the role and once from a state it does not start
// from: both must be refused, before any input is looked at.
func (r *Runner) refusals(ctx context.Context) error {
	for _, ref := range r.all {
		rec, err := r.Engine.Reader().Record(ctx, ref)
		if err != nil || rec == nil || rec.Voided {
			return err
		}
		for _, act := range r.Engine.Catalogue().Kinds[rec.Kind].Actions {
			if err := r.refuseOne(ctx, rec, act); err != nil {
				return err
			}
		}
	}
	return nil
}

func (r *Runner) refuseOne(ctx context.Context, rec *domain.Record, act *catalogue.Action) error {
	cmd := domain.Command{Kind: rec.Kind, Action: act.Action, Record: rec.Ref}
	k := r.Engine.Catalogue().Kinds[rec.Kind]
	if r.Cover.needs(rec.Kind, act.Action, "role") {
		stranger := cmd
		stranger.Actor = domain.Actor{ID: "stranger"}
		if act.Opens {
			stranger.Record, stranger.Area, stranger.Home = domain.Ref{}, rec.Area, rec.Home
		}
		if err := r.mustRefuse(ctx, stranger, rec.Kind, domain.Forbidden); err != nil {
			return err
		}
	}
	if !r.Cover.needs(rec.Kind, act.Action, "state") || (!act.Opens && k.StartsFrom(act, rec.State)) {
		return nil
	}
	cmd.Actor = domain.System("journey")
	return r.mustRefuse(ctx, cmd, rec.Kind, domain.NotNow)
}

func (r *Runner) mustRefuse(ctx context.Context, cmd domain.Command, kind string, want domain.Code) error {
	_, err := r.Engine.Check(ctx, cmd)
	if got := domain.ErrorCode(err); got != want {
		return fmt.Errorf("%s.%s on %s: want %s, got %q (%w)", kind, cmd.Action, cmd.Record, want, got, orNone(err))
	}
	r.Cover.refused(kind, cmd.Action, err)
	return nil
}

// sweptCover notes what lapses did since the last look.
func (r *Runner) sweptCover(ctx context.Context) error {
	for _, ref := range r.all {
		rec, err := r.Engine.Reader().Record(ctx, ref)
		if err != nil {
			return err
		}
		evs, err := r.Engine.Reader().Events(ctx, ref)
		if err != nil {
			return err
		}
		r.Cover.did(domain.Receipt{Events: evs, Record: rec})
	}
	return nil
}

// expect compares a record with what the journey says of it.
func (r *Runner) expect(ctx context.Context, ref domain.Ref, want any) error {
	rec, err := r.Engine.Reader().Record(ctx, ref)
	if err != nil || want == nil {
		return err
	}
	if rec == nil {
		return fmt.Errorf("record %s is gone", ref)
	}
	t, err := then(want)
	if err != nil {
		return err
	}
	var wrong []string
	differ := func(what string, got, want any) {
		if fmt.Sprint(got) != fmt.Sprint(want) {
			wrong = append(wrong, fmt.Sprintf("%s: got %v, want %v", what, got, want))
		}
	}
	if t.State != "" {
		differ("state", rec.State, t.State)
	}
	if t.Area != "" {
		differ("area", rec.Area, t.Area)
	}
	if t.Number != nil {
		differ("number", rec.Number, *t.Number)
	}
	if t.Voided != nil {
		differ("voided", rec.Voided, *t.Voided)
	}
	for code, d := range t.Due {
		differ("due "+code, dueOf(rec, code), d)
	}
	for code, o := range t.Clocks {
		differ("clock "+code, outcomeOf(rec, code), o)
	}
	for f, v := range t.Fields {
		if s, ok := v.(string); ok && strings.HasPrefix(s, "$") {
			ref, err := r.ref(ctx, s)
			if err != nil {
				return err
			}
			v = ref.String()
		}
		differ("field "+f, orEmpty(rec.Fields[f]), v)
	}
	differMore(rec, t, r.Engine.Today(), differ)
	if len(wrong) > 0 {
		return errors.New(strings.Join(wrong, "; "))
	}
	return nil
}

func differMore(rec *domain.Record, t *Then, today domain.Date, differ func(string, any, any)) {
	if t.Flags != nil {
		var got []string
		for _, f := range rec.Flags {
			if rec.Flagged(f.Code, today) {
				got = append(got, f.Code)
			}
		}
		differ("flags", sorted(got), sorted(*t.Flags))
	}
	for _, p := range t.Papers {
		differ("paper "+p, slices.ContainsFunc(rec.Papers, func(x domain.Paper) bool { return x.Kind == p }), true)
	}
	for role, n := range t.Links {
		got := 0
		for _, l := range rec.Links {
			if l.Role == role {
				got++
			}
		}
		differ("links "+role, got, n)
	}
	if t.Tasks != nil {
		var got []string
		for _, x := range rec.Tasks {
			if x.Done == "" {
				got = append(got, x.Role)
			}
		}
		differ("tasks", sorted(got), sorted(*t.Tasks))
	}
}

func sorted(s []string) []string {
	c := slices.Clone(s)
	slices.Sort(c)
	return c
}

func orEmpty(v any) any {
	if v == nil {
		return ""
	}
	return v
}

func dueOf(r *domain.Record, code string) string {
	for i := len(r.Clocks) - 1; i >= 0; i-- {
		if r.Clocks[i].Code == code || r.Clocks[i].ID == code {
			if at := r.Clocks[i].DueAt; at != nil {
				return at.In(zone).Format("2006-01-02T15:04")
			}
			return string(r.Clocks[i].Due)
		}
	}
	return "none"
}

func outcomeOf(r *domain.Record, code string) string {
	for i := len(r.Clocks) - 1; i >= 0; i-- {
		c := r.Clocks[i]
		if c.Code != code && c.ID != code {
			continue
		}
		switch {
		case c.Outcome != "":
			return c.Outcome
		case c.Paused():
			return "paused"
		}
		return "running"
	}
	return "none"
}
