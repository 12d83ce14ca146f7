// Package demo makes a fictitious bureau: invented businesses and people on
// real islands, and a year of work on them that adds up to the figures of a
// targets file. It knows no indicator. It writes through the engine's door
// like anybody else, step by step and day by day, so that what a report later
// says about these records is found out, not copied. Equal files, seeds, clocks
// and id sources give equal records.
package demo

import (
	"context"
	"time"

	"github.com/dinghai/dinghai/catalogue"
	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/engine"
	"github.com/dinghai/dinghai/jobs"
)

// Clock is the time of the demo; the engine must be built on it.
type Clock interface{ Set(t time.Time) }

// Options say what to make, and where.
type Options struct {
	Engine   *engine.Engine
	Jobs     *jobs.Jobs
	Clock    Clock
	Targets  *Targets
	Seed     uint64  // 0 = the file's
	Scale    float64 // 0 = the file's; 0.02 makes a bureau a fiftieth as large
	Progress func(stage domain.Text, done, total int)
}

// Run makes the bureau in an empty store. Nothing is written when the targets
// cannot be met. Afterwards the clock stands where the file starts the demo.
func Run(ctx context.Context, o Options) error {
	o.Targets = o.Targets.with(o.Seed, o.Scale)
	if o.Progress == nil {
		o.Progress = func(domain.Text, int, int) {}
	}
	o.Progress(domain.Text{ZH: "核对目标、拟定计划", EN: "checking the targets"}, 0, 1)
	g, err := prepare(o.Engine.Catalogue(), o.Targets)
	if err != nil {
		return err
	}
	p := &player{eng: o.Engine, jobs: o.Jobs, clock: o.Clock, gen: g, tell: o.Progress}
	if err := p.open(ctx); err != nil {
		return err
	}
	if err := p.live(ctx); err != nil {
		return err
	}
	o.Clock.Set(o.Targets.Clock)
	return nil
}

// Expect tells, by recipe, the values the records of a targets file will have:
// the file's own, or the nearest that whole records can have at another scale.
func Expect(cat *catalogue.Catalogue, t *Targets, seed uint64, scale float64) (map[string]float64, error) {
	g, err := prepare(cat, t.with(seed, scale))
	if err != nil {
		return nil, err
	}
	return g.plan.agreed, nil
}

// prepare lets every recipe draw its dates, numbers and stories; a target that
// cannot be met shows here.
func prepare(cat *catalogue.Catalogue, t *Targets) (*gen, error) {
	n, err := loadNames()
	if err != nil {
		return nil, err
	}
	g := &gen{cat: cat, file: t, plan: newPlan(t), names: n, year: year{cat.Calendar}}
	if err := g.settle(); err != nil {
		return nil, err
	}
	for _, r := range recipes {
		g.rnd, g.who = stream(t.Seed, r.name), r.name
		r.cook(g)
		if len(g.pool()) == 0 {
			break // without a register there is nobody to tell stories about
		}
	}
	return g, g.plan.problem()
}
