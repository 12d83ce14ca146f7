package epcis

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Query is a SimpleEventQuery of EPCIS 2.0: conditions that all must hold, and
// how many events are wanted in which order.
type Query struct {
	conditions []func(*Event) bool
	orderBy    Name
	ascending  bool
	limit      int // eventCountLimit, 0 for none
	most       int // maxEventCount, 0 for none

	// PerPage is how many events a page should have, 0 when the query does not say.
	PerPage int
}

// ErrTooLarge says that more events match than maxEventCount allows.
var ErrTooLarge = errors.New("epcis: more events than maxEventCount")

// Match tells whether an event meets all conditions.
func (q *Query) Match(e *Event) bool {
	for _, c := range q.conditions {
		if !c(e) {
			return false
		}
	}
	return true
}

// Filter returns the events that match, in the order and number that the query
// wants.
func (q *Query) Filter(events []Event) ([]*Event, error) {
	var out []*Event
	for i := range events {
		if q.Match(&events[i]) {
			out = append(out, &events[i])
		}
	}
	if q.most > 0 && len(out) > q.most {
		return nil, ErrTooLarge
	}
	if q.orderBy.Local != "" {
		slices.SortStableFunc(out, func(a, b *Event) int {
			c := compareValues(a.orderValue(q.orderBy), b.orderValue(q.orderBy))
			if !q.ascending {
				return -c
			}
			return c
		})
	}
	if q.limit > 0 && len(out) > q.limit {
		out = out[:q.limit]
	}
	return out, nil
}

func (e *Event) orderValue(n Name) string {
	switch n {
	case Name{Local: "eventTime"}:
		return e.Time.UTC().Format(time.RFC3339Nano)
	case Name{Local: "recordTime"}:
		return e.RecordTime.UTC().Format(time.RFC3339Nano)
	}
	for _, x := range e.Extensions {
		if x.Name == n {
			return x.Text
		}
	}
	return ""
}

// compareValues compares numbers as numbers, times as times, else text.
func compareValues(a, b string) int {
	x, errX := strconv.ParseFloat(a, 64)
	y, errY := strconv.ParseFloat(b, 64)
	if errX == nil && errY == nil {
		switch {
		case x < y:
			return -1
		case x > y:
			return 1
		}
		return 0
	}
	s, errS := parseTime(a)
	t, errT := parseTime(b)
	if errS == nil && errT == nil {
		return s.Compare(t)
	}
	return strings.Compare(a, b)
}

// ParseQuery makes a query of parameters by name. Prefixes abbreviate namespaces
// in the names of extensions: "EQ_example:lot"; the form "EQ_https://…#lot" needs
// none. All faults are told at once.
func ParseQuery(params map[string][]string, prefixes []Prefix) (*Query, error) {
	p := &queryParser{Query: new(Query), spaces: map[string]string{}}
	for prefix, space := range builtin {
		p.spaces[prefix] = space
	}
	for _, x := range prefixes {
		p.spaces[x.Prefix] = x.Space
	}
	for _, name := range sortedKeys(params) {
		p.param(name, params[name])
	}
	if p.limit > 0 && p.most > 0 {
		p.add("/eventCountLimit", 0, "excludes maxEventCount")
	}
	if err := p.err(); err != nil {
		return nil, err
	}
	return p.Query, nil
}

type queryParser struct {
	*Query
	faults
	spaces map[string]string
}

func (p *queryParser) where(c func(*Event) bool) { p.conditions = append(p.conditions, c) }

func (p *queryParser) bad(name, format string, args ...any) { p.add("/"+name, 0, format, args...) }

// param reads one parameter: first what is no condition, then fixed names, then
// those made of operator and field.
func (p *queryParser) param(name string, values []string) {
	if len(values) == 0 {
		p.bad(name, "has no value")
		return
	}
	if p.paging(name, values) || p.fixed(name, values) {
		return
	}
	op, field, ok := strings.Cut(name, "_")
	if !ok || !slices.Contains([]string{"EQ", "GT", "GE", "LT", "LE", "EXISTS", "HASATTR", "EQATTR"}, op) {
		p.bad(name, "unknown parameter")
		return
	}
	if !p.sensorField(op, field, values) && !p.extensionField(op, field, values) {
		p.bad(name, "unknown parameter")
	}
}

func (p *queryParser) paging(name string, values []string) bool {
	switch name {
	case "orderBy":
		p.order(values[0])
	case "orderDirection":
		if values[0] != "ASC" && values[0] != "DESC" {
			p.bad(name, "%q is neither ASC nor DESC", values[0])
		}
		p.ascending = values[0] == "ASC"
	case "eventCountLimit":
		p.limit = p.count(name, values[0])
	case "maxEventCount":
		p.most = p.count(name, values[0])
	case "perPage":
		p.PerPage = p.count(name, values[0])
	case "nextPageToken":
	default:
		return false
	}
	return true
}

func (p *queryParser) order(field string) {
	if field == "eventTime" || field == "recordTime" {
		p.orderBy = Name{Local: field}
		return
	}
	n, ok := p.name(field)
	if !ok {
		p.bad("orderBy", "%q is neither eventTime, recordTime nor an extension", field)
	}
	p.orderBy = n
}

func (p *queryParser) count(name, s string) int {
	n, err := strconv.Atoi(s)
	if err != nil || n < 1 {
		p.bad(name, "%q is no positive number", s)
	}
	return n
}

// name resolves the name of an extension.
func (p *queryParser) name(s string) (Name, bool) {
	if i := strings.LastIndexByte(s, '#'); i > 0 && i < len(s)-1 {
		return Name{s[:i], s[i+1:]}, true
	}
	prefix, local, ok := strings.Cut(s, ":")
	space := p.spaces[prefix]
	return Name{space, local}, ok && space != "" && local != ""
}

// fixed reads the parameters whose names are fixed.
func (p *queryParser) fixed(name string, values []string) bool {
	if get, ok := textFields[name]; ok {
		wanted := make([]string, len(values))
		for i, v := range values {
			wanted[i] = p.term(name, v, get.vocabulary)
		}
		p.where(func(e *Event) bool { return overlap(get.of(e), wanted) })
		return true
	}
	if get, ok := timeFields[strings.TrimPrefix(strings.TrimPrefix(name, "GE_"), "LT_")]; ok && len(name) > 3 && name[2] == '_' {
		limit, err := parseTime(values[0])
		if err != nil {
			p.bad(name, "%q is no date and time with offset", values[0])
		}
		before := strings.HasPrefix(name, "LT_")
		p.where(func(e *Event) bool {
			t := get(e)
			return !t.IsZero() && t.Before(limit) == before
		})
		return true
	}
	if get, ok := matchFields[strings.TrimPrefix(name, "MATCH_")]; ok && strings.HasPrefix(name, "MATCH_") {
		patterns := values
		p.where(func(e *Event) bool {
			return slices.ContainsFunc(get(e), func(id string) bool {
				return slices.ContainsFunc(patterns, func(pattern string) bool { return matchEPC(pattern, id) })
			})
		})
		return true
	}
	return p.special(name, values)
}

// special reads what fits no table.
func (p *queryParser) special(name string, values []string) bool {
	switch name {
	case "EQ_eventType", "eventType":
		for _, v := range values {
			if _, ok := members[EventType(v)]; !ok {
				p.bad(name, "no event type %q", v)
			}
		}
		p.where(func(e *Event) bool { return slices.Contains(values, string(e.Type)) })
	case "EXISTS_errorDeclaration":
		p.where(func(e *Event) bool { return e.Error != nil })
	case "WD_readPoint":
		p.where(func(e *Event) bool { return e.ReadPoint != nil && within(e.ReadPoint.ID, values) })
	case "WD_bizLocation":
		p.where(func(e *Event) bool { return e.BizLocation != nil && within(e.BizLocation.ID, values) })
	default:
		if op, ok := strings.CutSuffix(name, "_quantity"); ok && compares[op] != nil {
			p.quantity(name, op, values)
			return true
		}
		return p.typedField(name, values)
	}
	return true
}

func (p *queryParser) quantity(name, op string, values []string) {
	limit, err := strconv.ParseFloat(values[0], 64)
	if err != nil {
		p.bad(name, "%q is no number", values[0])
	}
	p.where(func(e *Event) bool {
		for _, list := range [][]Quantity{e.Quantities, e.ChildQuantities, e.InputQuantities, e.OutputQuantities} {
			for _, q := range list {
				if q.Quantity != nil && compares[op](int(sign(*q.Quantity-limit))) {
					return true
				}
			}
		}
		return false
	})
}

func sign(f float64) float64 {
	switch {
	case f < 0:
		return -1
	case f > 0:
		return 1
	}
	return 0
}

// typedField reads EQ_bizTransaction_po and the like.
func (p *queryParser) typedField(name string, values []string) bool {
	for kind, f := range typedFields {
		typ, ok := strings.CutPrefix(name, "EQ_"+kind+"_")
		if !ok {
			continue
		}
		typ = p.term(name, typ, f.vocabulary)
		wanted := normalized(values)
		p.where(func(e *Event) bool {
			return slices.ContainsFunc(f.of(e), func(t Typed) bool {
				return t.Type == typ && slices.Contains(wanted, normal(t.ID))
			})
		})
		return true
	}
	return false
}

func (p *queryParser) term(name, s string, v *vocabulary) string {
	if v == nil {
		return normal(s)
	}
	if v == &actions {
		if !slices.Contains(v.terms, s) {
			p.bad(name, "%q is none of ADD, OBSERVE, DELETE", s)
		}
		return s
	}
	full, ok := v.expand(s)
	if !ok {
		p.bad(name, "%q is not in the Core Business Vocabulary", s)
	}
	return full
}

// String tells how many conditions the query has.
func (q *Query) String() string {
	return fmt.Sprintf("SimpleEventQuery with %d conditions", len(q.conditions))
}
