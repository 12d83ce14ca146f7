package demo

import (
	"fmt"
	"math"

	"github.com/dinghai/dinghai/domain"
)

// plan turns stated numbers into whole records, and notes every reason why one
// cannot be had. Recipes ask; after the last one has, the plan is refused with
// all reasons or carried out.
type plan struct {
	by             map[string]*Target
	opening, until domain.Date
	scale          float64
	agreed         map[string]float64
	bad            []domain.Problem
}

func newPlan(t *Targets) *plan {
	p := &plan{by: map[string]*Target{}, opening: t.Opening, until: t.Until, scale: t.Scale, agreed: map[string]float64{}}
	for _, x := range t.Targets {
		if p.by[x.Recipe] != nil {
			p.refuse(x.Recipe, "目标重复", "stated twice")
		}
		p.by[x.Recipe] = x
	}
	return p
}

func (p *plan) refuse(recipe, zh, en string, args ...any) {
	p.bad = append(p.bad, domain.Problem{Field: recipe, Rule: "possible",
		Reason: domain.Text{ZH: fmt.Sprintf(zh, args...), EN: fmt.Sprintf(en, args...)}})
}

func (p *plan) problem() error {
	for name := range p.by {
		if _, ok := p.agreed[name]; !ok && len(p.bad) == 0 {
			p.refuse(name, "没有这个配方", "there is no such recipe")
		}
	}
	if len(p.bad) > 0 {
		return &domain.Error{Code: domain.Invalid, Problems: p.bad}
	}
	return nil
}

// target finds what the file says for a recipe.
func (p *plan) target(recipe string) *Target {
	t := p.by[recipe]
	if t == nil {
		p.refuse(recipe, "目标文件缺少这一项", "the targets file does not state it")
		t = &Target{Recipe: recipe, Step: 1}
		t.Period.From, t.Period.To = p.opening, p.until
	}
	return t
}

// scaled is a number of records at the plan's scale; what exists stays at least one.
func (p *plan) scaled(v float64) int {
	n := int(math.Round(v * p.scale))
	if v > 0 && n == 0 {
		return 1
	}
	return n
}

// count is a whole number of records.
func (p *plan) count(recipe string) int {
	t := p.target(recipe)
	if t.Value < 0 || t.Value != math.Trunc(t.Value) {
		p.refuse(recipe, "%v 不是非负整数", "%v is not a whole number of records", t.Value)
		return 0
	}
	n := p.scaled(t.Value)
	p.agreed[recipe] = float64(n)
	return n
}

// part is a count that belongs to a total.
func (p *plan) part(recipe string, total int) int {
	n := p.count(recipe)
	if n > total && p.scale != 1 { // rounding up what must stay at least one
		n = total
		p.agreed[recipe] = float64(n)
	}
	if n > total {
		p.refuse(recipe, "部分 %d 大于总数 %d", "a part of %d is more than the whole of %d", n, total)
		return total
	}
	return n
}

// whole is a count that must be the sum of its parts. At another scale it is
// what the parts come to.
func (p *plan) whole(recipe string, parts ...int) int {
	sum := 0
	for _, n := range parts {
		sum += n
	}
	if n := p.count(recipe); n != sum && p.scale == 1 {
		p.refuse(recipe, "合计 %d 与各部分之和 %d 不符", "stated as %d, but its parts come to %d", n, sum)
	}
	p.agreed[recipe] = float64(sum)
	return sum
}

// money is an amount in fen; files state yuan.
func (p *plan) money(recipe string) int64 {
	t := p.target(recipe)
	if t.Value < 0 {
		p.refuse(recipe, "金额 %v 为负", "an amount of %v is negative", t.Value)
		return 0
	}
	fen := int64(math.Round(t.Value * 100 * p.scale))
	p.agreed[recipe] = float64(fen) / 100
	return fen
}

// share is how many of a denominator make a stated percentage.
func (p *plan) share(recipe string, of int) int {
	t := p.target(recipe)
	if t.Value < 0 || t.Value > 100 {
		p.refuse(recipe, "%v%% 不在 0 到 100 之间", "%v %% is not between 0 and 100", t.Value)
		return 0
	}
	if of == 0 {
		p.refuse(recipe, "分母为零", "there is nothing to take a share of")
		return 0
	}
	return p.nearest(t, of, t.Value/100*float64(of), func(n int) float64 { return 100 * float64(n) / float64(of) })
}

// wholeOf is the denominator of which a given number makes the stated share.
func (p *plan) wholeOf(recipe string, n int) int {
	t := p.target(recipe)
	if t.Value <= 0 || t.Value > 100 {
		p.refuse(recipe, "%v%% 不在 0 到 100 之间", "%v %% is not between 0 and 100", t.Value)
		return n
	}
	return max(n, p.nearest(t, n, 100*float64(n)/t.Value, func(of int) float64 { return 100 * float64(n) / float64(of) }))
}

// of is the denominator a file gives itself.
func (p *plan) of(recipe string) int { return p.scaled(p.target(recipe).Of) }

// before is the number of last year from which this year's grew by the stated
// percentage.
func (p *plan) before(recipe string, now int) int {
	t := p.target(recipe)
	if t.Value <= -100 {
		p.refuse(recipe, "增长 %v%% 不可能", "a growth of %v %% is impossible", t.Value)
		return 0
	}
	return p.nearest(t, now, float64(now)/(1+t.Value/100), func(n int) float64 { return 100 * float64(now-n) / float64(n) })
}

// asPercentOf is the number of last year of which this year's is the stated
// percentage.
func (p *plan) asPercentOf(recipe string, now int) int {
	t := p.target(recipe)
	if t.Value <= 0 {
		p.refuse(recipe, "%v%% 不可能", "%v %% is impossible", t.Value)
		return 0
	}
	return p.nearest(t, now, 100*float64(now)/t.Value, func(n int) float64 { return 100 * float64(now) / float64(n) })
}

// moneyBefore is the amount of last year from which this year's grew.
func (p *plan) moneyBefore(recipe string, now int64) int64 {
	t := p.target(recipe)
	if t.Value <= -100 {
		p.refuse(recipe, "增长 %v%% 不可能", "a growth of %v %% is impossible", t.Value)
		return 0
	}
	last := int64(math.Round(float64(now) / (1 + t.Value/100)))
	p.agreed[recipe] = 100 * float64(now-last) / float64(last)
	return last
}

// moneyAsPercentOf is the amount of last year of which this year's is the
// stated percentage.
func (p *plan) moneyAsPercentOf(recipe string, now int64) int64 {
	t := p.target(recipe)
	if t.Value <= 0 {
		p.refuse(recipe, "%v%% 不可能", "%v %% is impossible", t.Value)
		return 0
	}
	last := int64(math.Round(100 * float64(now) / t.Value))
	p.agreed[recipe] = 100 * float64(now) / float64(last)
	return last
}

// nearest takes the whole number beside an exact one that prints as the
// target. If none does, the plan at scale one is refused and told the
// neighbours; at another scale the nearest will do.
func (p *plan) nearest(t *Target, of int, exact float64, value func(int) float64) int {
	lo := max(int(math.Floor(exact)), 0)
	best := lo
	if math.Abs(value(lo+1)-t.Value) < math.Abs(value(lo)-t.Value) {
		best = lo + 1
	}
	step := t.Step
	if step == 0 {
		step = 1
	}
	if p.scale == 1 && !prints(value(best), t.Value, step) {
		p.refuse(t.Recipe, "以 %d 为基数没有整数能得出 %v%%，最接近的是 %d（%.4f%%）和 %d（%.4f%%）",
			"no whole number beside %d gives %v %%; the nearest are %d (%.4f %%) and %d (%.4f %%)", of, t.Value, lo, value(lo), lo+1, value(lo+1))
	}
	p.agreed[t.Recipe] = value(best)
	return best
}

// prints says whether a value is written as the stated one at a step.
func prints(v, stated, step float64) bool {
	return math.Floor(v/step+0.5+1e-9) == math.Floor(stated/step+0.5+1e-9)
}
