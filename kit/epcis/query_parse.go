package epcis

import (
	"slices"
	"strconv"
	"strings"
)

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
