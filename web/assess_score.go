package web

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/dinghai/dinghai/catalogue/expr"
	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/engine/indicator"
	"github.com/dinghai/dinghai/engine/report"
)

// line is one line of an assessment sheet.
type line struct {
	tied
	Item, Source, Rule, Formula string
	Manual                      *float64
	Target, Weight              float64
}

// scored is a line with what it comes to.
type scored struct {
	line
	answered
	score   float64
	defined bool   // there is a value and the formula gives a number
	enough  bool   // the target itself gets full marks
	wrong   string // what is wrong with the formula
}

// linesOf reads the lines of a sheet.
func linesOf(rec *domain.Record) []line {
	list, _ := rec.Fields["lines"].([]any)
	out := make([]line, 0, len(list))
	for _, x := range list {
		row, _ := x.(map[string]any)
		l := line{tied: tied{Ask: report.Ask{ID: text(row["figure"]), Period: text(row["period"]), Area: text(row["area"]), Show: text(row["show"])}},
			Item: text(row["item"]), Source: text(row["source"]), Rule: text(row["rule"]), Formula: text(row["formula"])}
		l.Target, _ = number(row["target"])
		l.Weight, _ = number(row["weight"])
		if n, ok := number(row["manual"]); ok {
			l.Manual = &n
		}
		out = append(out, l)
	}
	return out
}

// row is the line as a field keeps it.
func (l line) row() map[string]any {
	out := map[string]any{"item": l.Item, "target": l.Target, "weight": l.Weight, "rule": l.Rule}
	for name, v := range map[string]string{"figure": l.ID, "period": l.Period, "area": l.Area, "show": l.Show, "source": l.Source, "formula": l.Formula} {
		if v != "" {
			out[name] = v
		}
	}
	if l.Manual != nil {
		out["manual"] = *l.Manual
	}
	return out
}

// formula is the expression that scores a line.
func (s *server) formula(l line) string {
	if l.Rule == "own" {
		return l.Formula
	}
	return s.cat.Attr("score_rule", l.Rule, "cel")
}

// scorer compiles the formula of a line; the error says what is wrong with it.
func (s *server) scorer(l line) (func(value float64) (float64, bool, error), error) {
	src := s.formula(l)
	if strings.TrimSpace(src) == "" {
		return nil, domain.Fail(domain.Invalid, "formula", "required", "请写计分公式，或选一种现成的计分办法", "write a formula, or choose one of the rules")
	}
	p := s.cat.Expr.Prepare(src, expr.Scope{Inputs: "target,value,weight"}, expr.Any)
	run := func(value float64) (float64, bool, error) {
		v, err := p.Eval(&expr.Vars{Inputs: map[string]any{"value": value, "target": l.Target, "weight": l.Weight}})
		if err != nil {
			return 0, false, err
		}
		n, ok := number(v)
		return n, ok && !math.IsNaN(n) && !math.IsInf(n, 0), nil
	}
	if err := p.Check(); err != nil {
		return nil, badFormula(err)
	}
	if v, err := p.Eval(&expr.Vars{Inputs: map[string]any{"value": l.Target, "target": l.Target, "weight": l.Weight}}); err != nil {
		return nil, badFormula(err)
	} else if _, ok := number(v); !ok && v != nil {
		return nil, badFormula(fmt.Errorf("gives %T", v))
	}
	return run, nil
}

func badFormula(err error) error {
	t := err.Error()
	return domain.Fail(domain.Invalid, "formula", "formula", "计分公式有误，请检查（可用 value、target、weight；整数常数写成 2.0）："+t,
		"the formula is wrong (it knows value, target and weight; whole constants are written 2.0): "+t)
}

// scores computes every line of a sheet up to a day.
func (s *server) scores(r *request, rec *domain.Record) ([]scored, indicator.Query, error) {
	q := indicator.Query{From: domain.Date(text(rec.Fields["from"])), To: domain.Date(text(rec.Fields["to"])), Area: rec.Area}
	q.To = max(q.From, min(q.To, s.through()))
	list := linesOf(rec)
	var asks []tied
	for _, l := range list {
		if l.ID != "" {
			asks = append(asks, l.tied)
		}
	}
	values, err := s.answers(r.Context(), r, q, asks)
	if err != nil {
		return nil, q, err
	}
	out := make([]scored, len(list))
	for i, l := range list {
		out[i] = s.scored(r, l, values)
	}
	return out, q, nil
}

func (s *server) scored(r *request, l line, values map[report.Ask]answered) scored {
	x := scored{line: l}
	if l.ID != "" {
		x.answered = values[l.Ask]
	} else if l.Manual != nil {
		x.answered = answered{known: true, value: *l.Manual, text: strconv.FormatFloat(*l.Manual, 'f', -1, 64)}
	}
	run, err := s.scorer(l)
	if err != nil {
		x.wrong = strings.Join(problemTexts(r, err), "")
		return x
	}
	if full, ok, err := run(l.Target); err == nil && ok {
		x.enough = full >= l.Weight-1e-9
	}
	if x.known {
		x.score, x.defined, err = run(x.value)
		if err != nil {
			x.wrong = strings.Join(problemTexts(r, badFormula(err)), "")
		}
	}
	return x
}

// missing is how many marks a line lacks.
func (x scored) missing() float64 { return math.Max(0, x.Weight-x.score) }
