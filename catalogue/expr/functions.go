package expr

import (
	"slices"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"

	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/kit/calendar"
)

// functions are the verbs of the catalogue. Those that take a record accept
// rec, sub and par alike.
func functions(cal *calendar.Calendar, attr func(list, code, name string) string) []cel.EnvOption {
	var opts []cel.EnvOption
	opts = append(opts, recordFunctions()...)
	opts = append(opts, dateFunctions(cal)...)
	return append(opts,
		fn("attr", S(3), cel.StringType, func(a []ref.Val) any { return attr(str(a[0]), str(a[1]), str(a[2])) }),
		fn("within", S(2), cel.BoolType, func(a []ref.Val) any { return domain.Within(str(a[0]), str(a[1])) }),
		fn("yuan", []*cel.Type{cel.IntType}, cel.IntType, func(a []ref.Val) any { return a[0].Value().(int64) * 100 }),
		fn("ratio", []*cel.Type{cel.DynType, cel.DynType}, cel.DynType, ratio),
	)
}

func recordFunctions() []cel.EnvOption {
	rec := []*cel.Type{cel.DynType}
	recS := []*cel.Type{cel.DynType, cel.StringType}
	one := func(name string, out *cel.Type, get func(*domain.Record) any, zero any) cel.EnvOption {
		return fn(name, rec, out, func(a []ref.Val) any {
			if r := record(a[0]); r != nil {
				return get(r)
			}
			return zero
		})
	}
	two := func(name string, out *cel.Type, get func(*domain.Record, string) any, zero any) cel.EnvOption {
		return fn(name, recS, out, func(a []ref.Val) any {
			if r := record(a[0]); r != nil {
				return get(r, str(a[1]))
			}
			return zero
		})
	}
	return []cel.EnvOption{
		one("id", cel.StringType, func(r *domain.Record) any { return r.Ref.String() }, ""),
		one("state", cel.StringType, func(r *domain.Record) any { return r.State }, ""),
		one("area", cel.StringType, func(r *domain.Record) any { return r.Area }, ""),
		one("organ_of", cel.StringType, func(r *domain.Record) any { return r.Organ }, ""),
		one("number", cel.StringType, func(r *domain.Record) any { return r.Number }, ""),
		one("opened", cel.StringType, func(r *domain.Record) any { return string(r.Opened) }, ""),
		one("closed", cel.StringType, func(r *domain.Record) any { return string(r.Closed) }, ""),
		one("subject", cel.StringType, func(r *domain.Record) any { return r.Of.String() }, ""),
		one("parent", cel.StringType, func(r *domain.Record) any { return r.Parent.String() }, ""),
		one("exists", cel.BoolType, func(*domain.Record) any { return true }, false),
		one("mirrored", cel.BoolType, func(r *domain.Record) any { return r.Mirror }, false),
		two("marked", cel.BoolType, func(r *domain.Record, e string) any { return r.Marked(e) != "" }, false),
		two("mark", cel.StringType, func(r *domain.Record, e string) any { return string(r.Marked(e)) }, ""),
		two("last", cel.StringType, func(r *domain.Record, e string) any { return string(r.LastMarked(e)) }, ""),
		two("times", cel.IntType, func(r *domain.Record, e string) any { return int64(r.Times(e)) }, int64(0)),
		two("running", cel.BoolType, func(r *domain.Record, c string) any { return r.OpenClock(c) != nil }, false),
		two("due", cel.StringType, func(r *domain.Record, c string) any { return clockDue(r, c) }, ""),
		two("outcome", cel.StringType, func(r *domain.Record, c string) any { return clockOutcome(r, c) }, ""),
		two("links", cel.ListType(cel.StringType), func(r *domain.Record, role string) any { return links(r, role) }, []string{}),
		two("parties", cel.ListType(cel.StringType), func(r *domain.Record, role string) any { return parties(r, role) }, []string{}),
		fn("linked", []*cel.Type{cel.DynType, cel.StringType, cel.ListType(cel.StringType)}, cel.IntType, linked),
		fn("flagged", recS, cel.BoolType, flagged),
		fn("cases", recS, cel.IntType, func(a []ref.Val) any { return cases(a, false) }),
		fn("open_cases", recS, cel.IntType, func(a []ref.Val) any { return cases(a, true) }),
		fn("fields", recS, cel.DynType, fields),
	}
}

func dateFunctions(cal *calendar.Calendar) []cel.EnvOption {
	dateInt := []*cel.Type{cel.StringType, cel.IntType}
	shift := func(name string, f func(domain.Date, int) domain.Date) cel.EnvOption {
		return fn(name, dateInt, cel.StringType, func(a []ref.Val) any {
			d := date(a[0])
			if !d.Valid() {
				return ""
			}
			return string(f(d, int(a[1].Value().(int64))))
		})
	}
	return []cel.EnvOption{
		shift("plus_days", domain.Date.AddDays),
		shift("plus_months", domain.Date.AddMonths),
		shift("plus_workdays", cal.AddWorkdays),
		fn("days", S(2), cel.IntType, func(a []ref.Val) any { return span(a, func(x, y domain.Date) int { return y.Sub(x) }) }),
		fn("workdays", S(2), cel.IntType, func(a []ref.Val) any { return span(a, cal.Workdays) }),
		fn("year", S(1), cel.IntType, func(a []ref.Val) any { return part(a, domain.Date.Year) }),
		fn("month", S(1), cel.StringType, func(a []ref.Val) any {
			if d := date(a[0]); d.Valid() {
				return d.MonthKey()
			}
			return ""
		}),
		fn("month_end", S(1), cel.StringType, func(a []ref.Val) any {
			if d := date(a[0]); d.Valid() {
				return string(d.MonthEnd())
			}
			return ""
		}),
		fn("workday", S(1), cel.BoolType, func(a []ref.Val) any { return date(a[0]).Valid() && cal.IsWorkday(date(a[0])) }),
		fn("workdays_of", S(2), cel.ListType(cel.StringType), func(a []ref.Val) any {
			return dates(date(a[0]), date(a[1]), cal.IsWorkday)
		}),
		fn("sundays_of", S(2), cel.ListType(cel.StringType), func(a []ref.Val) any {
			return dates(date(a[0]), date(a[1]), func(d domain.Date) bool { return d.Weekday() == 0 })
		}),
	}
}

// S is n text parameters.
func S(n int) []*cel.Type { return slices.Repeat([]*cel.Type{cel.StringType}, n) }

// fn declares a plain function. A Go error it returns becomes a CEL error.
func fn(name string, in []*cel.Type, out *cel.Type, f func([]ref.Val) any) cel.EnvOption {
	return cel.Function(name, cel.Overload(name+"_dh", in, out, cel.FunctionBinding(func(a ...ref.Val) ref.Val {
		v := f(a)
		if err, ok := v.(error); ok {
			return types.WrapErr(err)
		}
		return types.DefaultTypeAdapter.NativeToValue(v)
	})))
}

func str(v ref.Val) string       { s, _ := v.Value().(string); return s }
func date(v ref.Val) domain.Date { return domain.Date(str(v)) }

func facts(v ref.Val) *Facts {
	f, _ := v.Value().(*Facts)
	return f
}

func record(v ref.Val) *domain.Record {
	if f := facts(v); f != nil {
		return f.Rec
	}
	return nil
}

func clockDue(r *domain.Record, code string) string {
	for i := len(r.Clocks) - 1; i >= 0; i-- {
		if r.Clocks[i].Code == code {
			return string(r.Clocks[i].Due)
		}
	}
	return ""
}

func clockOutcome(r *domain.Record, code string) string {
	for i := len(r.Clocks) - 1; i >= 0; i-- {
		if r.Clocks[i].Code == code {
			return r.Clocks[i].Outcome
		}
	}
	return ""
}

func links(r *domain.Record, role string) []string {
	out := []string{}
	for _, l := range r.Links {
		if l.Role == role {
			out = append(out, l.To.String())
		}
	}
	return out
}

func parties(r *domain.Record, role string) []string {
	out := []string{}
	for _, p := range r.Parties {
		if p.Role == role {
			out = append(out, p.Who.String())
		}
	}
	return out
}

// linked counts links of a role whose record last reported one of the states.
func linked(a []ref.Val) any {
	r := record(a[0])
	if r == nil {
		return int64(0)
	}
	want, _ := native(a[2]).([]any)
	n := int64(0)
	for _, l := range r.Links {
		if l.Role == str(a[1]) && slices.Contains(want, any(l.State)) {
			n++
		}
	}
	return n
}

func flagged(a []ref.Val) any {
	f := facts(a[0])
	return f != nil && f.Rec != nil && f.Rec.Flagged(str(a[1]), f.On)
}

func cases(a []ref.Val, open bool) any {
	f := facts(a[0])
	if f == nil || f.Rec == nil || f.World == nil {
		return int64(0)
	}
	n, err := f.World.Cases(f.Rec.Ref, str(a[1]), open)
	if err != nil {
		return err
	}
	return int64(n)
}

// fields reads another record by reference: fields(rec, rec.unit).name.
func fields(a []ref.Val) any {
	f := facts(a[0])
	if f == nil || f.World == nil || str(a[1]) == "" {
		return map[string]any{}
	}
	m, err := f.World.Fields(str(a[1]))
	if err != nil {
		return err
	}
	return m
}

func span(a []ref.Val, f func(x, y domain.Date) int) any {
	x, y := date(a[0]), date(a[1])
	if !x.Valid() || !y.Valid() {
		return int64(0)
	}
	return int64(f(x, y))
}

func part(a []ref.Val, f func(domain.Date) int) any {
	if d := date(a[0]); d.Valid() {
		return int64(f(d))
	}
	return int64(0)
}

func dates(from, to domain.Date, keep func(domain.Date) bool) []string {
	out := []string{}
	if !from.Valid() || !to.Valid() {
		return out
	}
	for d := from; d <= to && len(out) < 400; d = d.AddDays(1) {
		if keep(d) {
			out = append(out, string(d))
		}
	}
	return out
}

// ratio is undefined (null) when the denominator is nothing.
func ratio(a []ref.Val) any {
	n, ok1 := float(a[0])
	d, ok2 := float(a[1])
	if !ok1 || !ok2 || d == 0 {
		return types.NullValue
	}
	return n / d
}

func float(v ref.Val) (float64, bool) {
	switch x := v.Value().(type) {
	case int64:
		return float64(x), true
	case float64:
		return x, true
	}
	return 0, false
}
