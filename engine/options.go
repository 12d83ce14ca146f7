package engine

import (
	"context"
	"slices"
	"strings"

	"github.com/dinghai/dinghai/catalogue"
	"github.com/dinghai/dinghai/domain"
)

// Option is an action that starts from a record's state: whether this person
// may do it now, and if not, every reason with its article.
type Option struct {
	Action *catalogue.Action
	Why    []domain.Problem // empty = it can be done
}

// Options lists the actions a person could take on a record in its state, with
// what stands against each. Conditions that depend on what will be typed are
// left to Check.
func (e *Engine) Options(ctx context.Context, ref domain.Ref, a domain.Actor) ([]Option, error) {
	var out []Option
	err := e.store.Peek(ctx, func(tx domain.Tx) error {
		out = nil
		d := newOverlay(tx).branch()
		r, err := d.load(ref)
		if err != nil || r == nil || r.Voided {
			return err
		}
		k := e.cat.KindAt(r.Kind, r.Process)
		if k == nil {
			return nil
		}
		for _, act := range k.Actions {
			if act.Opens || len(act.Roles) == 0 || !k.StartsFrom(act, r.State) {
				continue
			}
			why, err := e.against(ctx, d, act, domain.Command{Record: ref, Action: act.Action, Actor: a})
			if err != nil {
				return err
			}
			out = append(out, Option{act, why})
		}
		return nil
	})
	return out, err
}

// against collects what stands against an action before anything is typed.
func (e *Engine) against(ctx context.Context, d *draft, act *catalogue.Action, cmd domain.Command) ([]domain.Problem, error) {
	s := &step{e: e, ctx: ctx, d: d, cmd: cmd, at: e.now().UTC()}
	s.today = dateOf(s.at)
	if err := s.find(); err != nil {
		return nil, err
	}
	if err := s.begin(); err != nil {
		return nil, err
	}
	if err := s.authorise(); err != nil {
		return problemsOf(err), nil
	}
	var bad []domain.Problem
	for _, g := range act.Guards {
		if strings.Contains(g.When, "input.") {
			continue
		}
		if ok, err := g.WhenX.Bool(s.vars); err == nil && !ok {
			bad = append(bad, domain.Problem{Rule: g.Guard, Reason: g.Text, Law: g.Law})
		}
	}
	return bad, nil
}

func problemsOf(err error) []domain.Problem {
	if e, ok := err.(*domain.Error); ok { //nolint:errorlint // the engine's own, unwrapped
		return e.Problems
	}
	return []domain.Problem{{Rule: "error", Reason: domain.Text{ZH: err.Error(), EN: err.Error()}}}
}

// Openings lists the actions by which a person may open records of a kind
// somewhere.
func (e *Engine) Openings(k *catalogue.Kind, a domain.Actor) []*catalogue.Action {
	var out []*catalogue.Action
	for _, act := range k.Actions {
		if !act.Opens {
			continue
		}
		for _, g := range a.Grants {
			if slices.Contains(act.Roles, g.Role) && (g.From == "" || g.From <= e.Today()) && (g.Until == "" || e.Today() <= g.Until) {
				out = append(out, act)
				break
			}
		}
	}
	return out
}
