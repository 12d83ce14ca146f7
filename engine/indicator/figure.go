package indicator

import (
	"context"
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/dinghai/dinghai/catalogue"
	"github.com/dinghai/dinghai/catalogue/expr"
	"github.com/dinghai/dinghai/domain"
)

// Query is what a figure is asked for: a period, an area or zone, and the log
// positions of a frozen report (nil = now).
type Query struct {
	From, To domain.Date
	Area     string
	Zone     string
	At       map[int]int64
}

// Figure is a computed value with the parts it rests on.
type Figure struct {
	Indicator string
	Version   int
	From, To  domain.Date
	Defined   bool    // false: nothing to divide by
	Value     float64 // as shown: scaled, rates in percent
	Num, Den  int64
	Rows      int
	Parts     map[string]Figure // inputs of a derived figure
}

// Value computes the figure of an indicator.
func (s *Set) Value(ctx context.Context, r domain.Reader, name string, q Query) (Figure, error) {
	x := s.cat.Indicators[name]
	if x == nil {
		return Figure{}, domain.Failf(domain.NotFound, "indicator", "exists", "没有指标「%s」", "there is no indicator %q", name)
	}
	return s.value(ctx, r, x, Resolve(q, x.Period), nil)
}

func (s *Set) value(ctx context.Context, r domain.Reader, x *catalogue.Indicator, q Query, keys []string) (Figure, error) {
	f := Figure{Indicator: x.Indicator, Version: x.Version, From: q.From, To: q.To}
	switch x.Kind {
	case "catalogue":
		f.Num = int64(len(s.Items(x, q.To)))
		f.Rows, f.Value, f.Defined = int(f.Num), float64(f.Num), true
		return f, nil
	case "derived":
		return s.derived(ctx, r, x, q, f)
	}
	t, err := r.Sum(ctx, SliceOf(x, q, keys))
	if err != nil {
		return f, err
	}
	f.Num, f.Den, f.Rows = t.Num, t.Den, t.Rows
	f.Value, f.Defined = shown(x, f)
	return f, nil
}

// SliceOf names the rows behind a base indicator.
func SliceOf(x *catalogue.Indicator, q Query, keys []string) domain.Slice {
	return domain.Slice{Indicator: x.Indicator, Version: x.Version, Mode: modeOf(x), From: q.From, To: q.To, Area: q.Area, Zone: q.Zone, At: q.At, Keys: keys}
}

func modeOf(x *catalogue.Indicator) domain.Mode {
	switch x.Kind {
	case "stock":
		return domain.ModeStock
	case "distinct":
		return domain.ModeDistinct
	case "first":
		return domain.ModeFirst
	case "latest":
		return domain.ModeLatest
	case "every":
		return domain.ModeEvery
	}
	return domain.ModeSum
}

// shown turns the parts into the printed value: a rate or mean where there is
// a denominator, else the sum.
func shown(x *catalogue.Indicator, f Figure) (float64, bool) {
	v := float64(f.Num)
	switch {
	case x.Kind == "due" || x.Kind == "duration" || x.Kind == "every" || x.Weight != "":
		if f.Den == 0 {
			return 0, false
		}
		v /= float64(f.Den)
	case x.Scale != 0:
		v *= x.Scale
	}
	if x.Percent {
		v *= 100
	}
	return v, true
}

// derived computes its inputs, each over its own period, and the expression
// over them. Numerator and denominator are those of a plain ratio of two.
func (s *Set) derived(ctx context.Context, r domain.Reader, x *catalogue.Indicator, q Query, f Figure) (Figure, error) {
	keys, err := s.Matched(ctx, r, x, q)
	if err != nil {
		return f, err
	}
	f.Parts = map[string]Figure{}
	vars := &expr.Vars{Inputs: map[string]any{}}
	for name, in := range x.Inputs {
		base := s.cat.Indicators[in.Of]
		p := Resolve(q, or(in.Period, base.Period))
		part, err := s.value(ctx, r, base, p, keys[name])
		if err != nil {
			return f, err
		}
		f.Parts[name] = part
		vars.Inputs[name] = input(part)
	}
	v, err := x.ExprX.Eval(vars)
	if err != nil {
		return f, domain.Wrap(domain.Internal, err)
	}
	f.Value, f.Defined = number(v)
	if x.Percent {
		f.Value *= 100
	}
	parts(&f, x)
	return f, nil
}

// input is what an expression sees of a part: its raw sum, or its ratio.
func input(p Figure) any {
	if p.Den != 0 {
		return p.Value
	}
	return float64(p.Num)
}

func number(v any) (float64, bool) {
	switch n := v.(type) {
	case float64:
		return n, !math.IsNaN(n) && !math.IsInf(n, 0)
	case int64:
		return float64(n), true
	case bool:
		if n {
			return 1, true
		}
		return 0, true
	}
	return 0, false
}

// parts names numerator and denominator of ratio(a, b), and the rows of a sum.
func parts(f *Figure, x *catalogue.Indicator) {
	e := strings.ReplaceAll(x.Expr, " ", "")
	if strings.HasPrefix(e, "ratio(") && strings.HasSuffix(e, ")") {
		ab := strings.SplitN(e[6:len(e)-1], ",", 2)
		if len(ab) == 2 {
			a, okA := f.Parts[ab[0]]
			b, okB := f.Parts[ab[1]]
			if okB {
				f.Den, f.Rows = b.Num, b.Rows
			}
			if okA {
				f.Num = a.Num
			} else if now, ok := f.Parts["now"]; ok {
				f.Num = now.Num
			}
			return
		}
	}
	for _, p := range f.Parts {
		f.Num += p.Num
		f.Rows += p.Rows
	}
}

// Matched finds, for each input that must be compared on the same things, its
// keys of the groups present in all of them: growth on the same markets. The
// group of a key is what stands before its last "/" (market/2023-05).
func (s *Set) Matched(ctx context.Context, r domain.Reader, x *catalogue.Indicator, q Query) (map[string][]string, error) {
	if x.Matched == "" {
		return nil, nil
	}
	names := strings.Split(x.Matched, ",")
	have := map[string][]string{}
	count := map[string]int{}
	for _, name := range names {
		in := x.Inputs[name]
		base := s.cat.Indicators[in.Of]
		keys, err := r.Keys(ctx, SliceOf(base, Resolve(q, or(in.Period, base.Period)), nil))
		if err != nil {
			return nil, err
		}
		have[name] = keys
		groups := map[string]bool{}
		for _, k := range keys {
			groups[groupOf(k)] = true
		}
		for g := range groups {
			count[g]++
		}
	}
	out := map[string][]string{}
	for _, name := range names {
		out[name] = []string{}
		for _, k := range have[name] {
			if count[groupOf(k)] == len(names) {
				out[name] = append(out[name], k)
			}
		}
	}
	return out, nil
}

func groupOf(key string) string {
	if i := strings.LastIndexByte(key, '/'); i >= 0 {
		return key[:i]
	}
	return key
}

// Items are the entries of the catalogue that an indicator of kind catalogue
// counts: those live on a day.
func (s *Set) Items(x *catalogue.Indicator, on domain.Date) []*catalogue.Trigger {
	var out []*catalogue.Trigger
	for _, t := range s.cat.TriggerList() {
		if t.Bell == (x.Catalogue == "bells") && t.Live != "" && t.Live <= on {
			out = append(out, t)
		}
	}
	return out
}

// Resolve applies a named period to the period asked for.
func Resolve(q Query, period string) Query {
	name, arg, _ := strings.Cut(period, ":")
	switch name {
	case "rolling":
		if n, err := strconv.Atoi(arg); err == nil {
			q.From = q.To.AddDays(1 - n)
		}
	case "previous_same":
		q.From, q.To = q.From.AddYears(-1), q.To.AddYears(-1)
	case "previous_year":
		y := q.From.Year() - 1
		q.From, q.To = domain.Date(fmt.Sprintf("%d-01-01", y)), domain.Date(fmt.Sprintf("%d-12-31", y))
	case "since":
		q.From = max(q.From, domain.Date(arg))
	case "before":
		q.To = min(q.To, domain.Date(arg).AddDays(-1))
	case "quarter_end":
		q.To = quarterEnd(q.To)
	case "month":
		q.From = q.To.MonthStart()
	case "last_month":
		q.To = q.To.MonthStart().AddDays(-1)
		q.From = q.To.MonthStart()
	case "quarter":
		q.From = quarterEnd(q.To.MonthStart().AddDays(-1)).AddDays(1) // the day after the last quarter that ended before this month
	case "year":
		q.From = domain.Date(fmt.Sprintf("%d-01-01", q.To.Year()))
	}
	return q
}

// YearBefore is the same period a year earlier; the end of a month stays one,
// so that February compares whole with February.
func YearBefore(q Query) Query {
	end := q.To == q.To.MonthEnd()
	q.From, q.To = q.From.AddYears(-1), q.To.AddYears(-1)
	if end {
		q.To = q.To.MonthEnd()
	}
	return q
}

// quarterEnd is the end of the last quarter completed on a day.
func quarterEnd(d domain.Date) domain.Date {
	end := d.MonthEnd()
	if end != d {
		end = d.MonthStart().AddDays(-1)
	}
	for end.Month()%3 != 0 {
		end = end.MonthStart().AddDays(-1)
	}
	return end
}

func or(a, b string) string {
	if a != "" {
		return a
	}
	return b
}
