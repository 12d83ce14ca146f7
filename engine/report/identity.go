package report

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
)

// Relation is a parsed identity: sums and products of figures, compared in a
// chain, or whole(rate, base). CEL is not used because officials write chains
// (a <= b <= c), which it does not know.
type Relation struct {
	names []string
	test  func(figures) bool
}

// figures gives the relation what it compares.
type figures interface {
	amount(id string) float64
	step(id string) float64
}

// Names lists the figures a relation speaks of, in order.
func (r *Relation) Names() []string { return r.names }

type term func(figures) float64

// ParseRelation reads an identity's expression.
func ParseRelation(expr string) (*Relation, error) {
	p := &relationParser{tokens: relationToken.FindAllString(expr, -1)}
	test, err := p.relation()
	if err == nil && p.peek() != "" {
		err = fmt.Errorf("unexpected %q", p.peek())
	}
	if err != nil {
		return nil, fmt.Errorf("identity %q: %w", expr, err)
	}
	return &Relation{names: p.names, test: test}, nil
}

var relationToken = regexp.MustCompile(`[a-z][a-z0-9_]*|\d+(?:\.\d+)?|[<>=]=|\S`)

type relationParser struct {
	tokens []string
	names  []string
}

func (p *relationParser) peek() string {
	if len(p.tokens) == 0 {
		return ""
	}
	return p.tokens[0]
}

func (p *relationParser) take() string {
	t := p.peek()
	if t != "" {
		p.tokens = p.tokens[1:]
	}
	return t
}

func (p *relationParser) want(t string) error {
	if got := p.take(); got != t {
		return fmt.Errorf("%q where %q belongs", got, t)
	}
	return nil
}

// relation = whole(…) | sum (op sum)+, every neighbouring pair holding.
func (p *relationParser) relation() (func(figures) bool, error) {
	if p.peek() == "whole" {
		return p.whole()
	}
	left, err := p.sum()
	if err != nil {
		return nil, err
	}
	var tests []func(figures) bool
	for compare[p.peek()] != nil {
		op := compare[p.take()]
		a := left
		b, err := p.sum()
		if err != nil {
			return nil, err
		}
		tests = append(tests, func(f figures) bool { return op(a(f), b(f)) })
		left = b
	}
	if len(tests) == 0 {
		return nil, fmt.Errorf("nothing is compared")
	}
	return func(f figures) bool {
		return !slices.ContainsFunc(tests, func(t func(figures) bool) bool { return !t(f) })
	}, nil
}

var compare = map[string]func(a, b float64) bool{
	"==": func(a, b float64) bool { return a-b <= scaled(a) && b-a <= scaled(a) },
	"<=": func(a, b float64) bool { return a <= b+scaled(b) },
	">=": func(a, b float64) bool { return a >= b-scaled(b) },
	"<":  func(a, b float64) bool { return a < b },
	">":  func(a, b float64) bool { return a > b },
}

func (p *relationParser) whole() (func(figures) bool, error) {
	p.take()
	var ids [2]string
	for i, sep := range []string{"(", ","} {
		if err := p.want(sep); err != nil {
			return nil, err
		}
		ids[i] = p.take()
		p.names = append(p.names, ids[i])
	}
	return func(f figures) bool {
		_, _, ok := whole(f.amount(ids[0]), f.step(ids[0]), int64(f.amount(ids[1])))
		return ok
	}, p.want(")")
}

func (p *relationParser) sum() (term, error) {
	return p.chain(p.product, map[string]func(a, b float64) float64{
		"+": func(a, b float64) float64 { return a + b },
		"-": func(a, b float64) float64 { return a - b },
	})
}

func (p *relationParser) product() (term, error) {
	return p.chain(p.atom, map[string]func(a, b float64) float64{
		"*": func(a, b float64) float64 { return a * b },
		"/": func(a, b float64) float64 { return a / b },
	})
}

func (p *relationParser) chain(next func() (term, error), ops map[string]func(a, b float64) float64) (term, error) {
	left, err := next()
	for err == nil && ops[p.peek()] != nil {
		op, a := ops[p.take()], left
		var b term
		if b, err = next(); err == nil {
			left = func(f figures) float64 { return op(a(f), b(f)) }
		}
	}
	return left, err
}

func (p *relationParser) atom() (term, error) {
	t := p.take()
	switch {
	case t == "(":
		inner, err := p.sum()
		if err != nil {
			return nil, err
		}
		return inner, p.want(")")
	case t != "" && t[0] >= '0' && t[0] <= '9':
		n, err := strconv.ParseFloat(t, 64)
		return func(figures) float64 { return n }, err
	case t != "" && t[0] >= 'a' && t[0] <= 'z':
		p.names = append(p.names, t)
		return func(f figures) float64 { return f.amount(t) }, nil
	}
	return nil, fmt.Errorf("%q is no figure", t)
}
