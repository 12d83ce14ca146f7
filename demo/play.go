package demo

import (
	"context"
	"fmt"
	"time"

	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/engine"
	"github.com/dinghai/dinghai/engine/clock"
	"github.com/dinghai/dinghai/jobs"
)

// Commands go to the engine in groups: large ones for the register, smaller
// ones on working days, so that the clock moves on between them.
const (
	loadGroup = 8192
	dayGroup  = 4096
)

// player carries a plan out.
type player struct {
	eng   *engine.Engine
	jobs  *jobs.Jobs
	clock Clock
	gen   *gen
	tell  func(domain.Text, int, int)

	today domain.Date
	now   time.Time
	ahead bool // some of what was decided may not be written yet
	days  map[domain.Date][]*story
}

// load is a run of opening balances that is made while it is written.
type load struct {
	what domain.Text
	n    int
	make func(i int) domain.Command
	then func(i int, r domain.Receipt)
}

// do decides commands without waiting for the disk: a demo that broke off is
// made anew.
func (p *player) do(ctx context.Context, cmds []domain.Command) []engine.Result {
	p.ahead = true
	return p.eng.DoAhead(ctx, cmds)
}

// settle waits until readers see everything.
func (p *player) settle(ctx context.Context) error {
	if !p.ahead {
		return nil
	}
	p.ahead = false
	return p.eng.Settle(ctx)
}

// begin sets the clock to the morning of a day.
func (p *player) begin(d domain.Date) {
	p.today, p.now = d, d.Time(clock.Zone).Add(8*time.Hour+30*time.Minute)
	p.clock.Set(p.now)
}

// tick lets some minutes pass.
func (p *player) tick() {
	p.now = p.now.Add(3 * time.Minute)
	p.clock.Set(p.now)
}

// open takes over the register and what was finished before.
func (p *player) open(ctx context.Context) error {
	p.begin(p.gen.file.Opening)
	for _, l := range p.gen.loads {
		if err := p.load(ctx, l); err != nil {
			return err
		}
	}
	wave := p.gen.olds
	for len(wave) > 0 {
		p.tell(domain.Text{ZH: "导入以往年度办件", EN: "taking over earlier years"}, len(p.gen.olds)-len(wave), len(p.gen.olds))
		next, err := p.wave(ctx, wave, true)
		if err != nil {
			return err
		}
		wave = next
	}
	p.gen.olds = nil
	return nil
}

// load writes a run, making the next group while the last is being written.
func (p *player) load(ctx context.Context, l load) error {
	groups := make(chan []domain.Command, 1)
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	go func() {
		defer close(groups)
		for i := 0; i < l.n; i += loadGroup {
			cmds := make([]domain.Command, min(loadGroup, l.n-i))
			for k := range cmds {
				cmds[k] = l.make(i + k)
				cmds[k].Opening = true
			}
			select {
			case groups <- cmds:
			case <-ctx.Done():
				return
			}
		}
	}()
	done := 0
	for cmds := range groups {
		p.tell(l.what, done, l.n)
		for i, r := range p.do(ctx, cmds) {
			if r.Err != nil {
				return failed(l.what.EN, cmds[i], r.Err)
			}
			l.then(done+i, r.Receipt)
		}
		done += len(cmds)
		p.tick()
	}
	p.tell(l.what, l.n, l.n)
	return ctx.Err()
}

func failed(who string, c domain.Command, err error) error {
	return fmt.Errorf("demo: %s: %s.%s on %s: %w", who, c.Kind, c.Action, c.On, err)
}

// live plays the stories, one day after the other.
func (p *player) live(ctx context.Context) error {
	p.gen.peek = func(ref domain.Ref) *domain.Record {
		if p.settle(ctx) != nil {
			return nil
		}
		r, _ := p.eng.Reader().Record(ctx, ref) // what is missing shows in the command
		return r
	}
	p.schedule()
	last := p.gen.file.Until
	days := p.gen.year.days(p.gen.file.Opening, last, false)
	for i, d := range days {
		p.tell(domain.Text{ZH: "逐日办理 " + string(d), EN: "day by day, " + string(d)}, i, len(days))
		if err := p.day(ctx, d); err != nil {
			return err
		}
	}
	p.tell(domain.Text{ZH: "完成", EN: "done"}, len(days), len(days))
	return p.settle(ctx)
}

// schedule sorts the stories by the day of their first act. Acts after the
// last day stay undone: their cases are open when the demo begins.
func (p *player) schedule() {
	p.days = map[domain.Date][]*story{}
	for _, s := range p.gen.stories {
		d := s.acts[0].entered()
		p.days[d] = append(p.days[d], s)
	}
	p.gen.stories = nil
}

// day does what falls on a day: first what ran out over night, then the acts,
// in waves because an act may wait for another of the same day.
func (p *player) day(ctx context.Context, d domain.Date) error {
	if d > p.gen.file.Opening {
		p.begin(d)
	}
	if err := p.sweep(ctx); err != nil {
		return err
	}
	wave := p.days[d]
	delete(p.days, d)
	busy := len(wave) > 0
	for len(wave) > 0 {
		next, err := p.wave(ctx, wave, false)
		if err != nil {
			return err
		}
		wave = next
	}
	if !busy {
		return nil
	}
	return p.drain(ctx)
}

func (p *player) drain(ctx context.Context) error {
	if err := p.settle(ctx); err != nil {
		return err
	}
	_, err := p.jobs.Drain(ctx)
	return err
}

func (p *player) sweep(ctx context.Context) error {
	if err := p.settle(ctx); err != nil {
		return err
	}
	n, err := p.jobs.Sweep(ctx)
	if err != nil || n == 0 {
		return err
	}
	return p.drain(ctx)
}

// wave does the next act of every story; it returns the stories whose act
// after that is due at once too.
func (p *player) wave(ctx context.Context, wave []*story, opening bool) ([]*story, error) {
	var again []*story
	for len(wave) > 0 {
		group := wave[:min(dayGroup, len(wave))]
		wave = wave[len(group):]
		if err := p.group(ctx, group, opening); err != nil {
			return nil, err
		}
		for _, s := range group {
			if s.next == len(s.acts) {
				continue
			}
			if d := s.acts[s.next].entered(); opening || d <= p.today {
				again = append(again, s)
			} else {
				p.days[d] = append(p.days[d], s)
			}
		}
		p.tick()
	}
	return again, nil
}

func (p *player) group(ctx context.Context, group []*story, opening bool) error {
	cmds := make([]domain.Command, len(group))
	for i, s := range group {
		a := s.acts[s.next]
		cmds[i] = a.do(s)
		cmds[i].On, cmds[i].Opening = a.on, opening
	}
	for i, r := range p.do(ctx, cmds) {
		if r.Err != nil {
			return failed(group[i].who, cmds[i], r.Err)
		}
		group[i].done(r.Receipt)
	}
	return nil
}
